"""Scores of all samples, and the same with each group left out of the scoring.

How much a score changes when a plant, a batch or a day is left out says how sure it is
(`mmlib.evaluation.intervals.interval_by_groups`). Nothing is fitted again, and each score is
computed from sums over groups, so that thousands of groups take no longer than a few.
"""

import numpy as np

from .metrics import BINS, check_proba, parts_by_confidence


def classification_left_out(y, predicted, proba, labels, group):
    """The scores of `classification_scores`, first of all samples, then without each group.

    Parameters
    ----------
    y, predicted : array-like of shape (samples,)
        True and predicted labels.
    proba : array-like of shape (samples, classes) or None
        Columns in the order of `labels`.
    labels : array-like of shape (classes,)
        All labels, sorted.
    group : array-like of int, shape (samples,)
        0, 1, ..., each at least once, and at least two of them.

    Returns
    -------
    dict of str to ndarray of shape (1 + groups,)
        NaN for log loss and calibration error where there are no probabilities.

    Examples
    --------
    >>> found = classification_left_out([0, 0, 1, 1], [0, 1, 1, 1], None, [0, 1], [0, 0, 1, 1])
    >>> found["accuracy"].tolist()
    [0.75, 1.0, 0.5]
    """
    labels, group = np.asarray(labels), np.asarray(group)
    true, said = np.searchsorted(labels, y), np.searchsorted(labels, predicted)
    counts = np.zeros((group.max() + 1, len(labels), len(labels)))
    np.add.at(counts, (group, true, said), 1)
    counts = _without(counts)
    hits = np.einsum("gcc->gc", counts)
    rows, columns = counts.sum(2), counts.sum(1)
    present = rows > 0
    n = rows.sum(1)
    recall = np.divide(hits, rows, out=np.zeros_like(hits), where=present)
    f1 = np.divide(2 * hits, rows + columns, out=np.zeros_like(hits), where=present)
    found = {
        "accuracy": hits.sum(1) / n,
        "balanced accuracy": recall.sum(1) / present.sum(1),
        "macro F1": f1.sum(1) / present.sum(1),
        "log loss": np.full(len(n), np.nan),
        "calibration error": np.full(len(n), np.nan),
    }
    if proba is not None:
        proba, labels = check_proba(np.asarray(y), proba, labels)
        tiny = np.finfo(float).eps
        cost = -np.log(np.clip(proba[np.arange(len(proba)), true], tiny, 1 - tiny))
        found["log loss"] = _without(np.bincount(group, cost)) / n
        part, right, confidence = parts_by_confidence(np.asarray(y), proba, labels, BINS)
        gaps = np.zeros((group.max() + 1, part.max() + 1))
        np.add.at(gaps, (group, part), right - confidence)
        found["calibration error"] = np.abs(_without(gaps)).sum(1) / n
    return found


def regression_left_out(y, predicted, group):
    """The scores of `regression_scores`, first of all samples, then without each group.

    Parameters
    ----------
    y, predicted : array-like of shape (samples,)
    group : array-like of int, shape (samples,)
        0, 1, ..., each at least once, and at least two of them.

    Returns
    -------
    dict of str to ndarray of shape (1 + groups,)

    Examples
    --------
    >>> regression_left_out([1.0, 2.0, 3.0], [2.0, 3.0, 3.0], [0, 1, 2])["MAE"].round(2).tolist()
    [0.67, 0.5, 0.5, 1.0]
    """
    y, group = np.asarray(y, float), np.asarray(group)
    error = np.asarray(predicted, float) - y
    y = y - y.mean()  # sums of squares of large numbers would cancel
    n, square, size, bias, first, second = (
        _without(np.bincount(group, x))
        for x in (np.ones_like(y), error**2, np.abs(error), error, y, y**2)
    )
    spread = np.maximum(second - first**2 / n, 0)
    rmse = np.sqrt(square / n)
    with np.errstate(divide="ignore", invalid="ignore"):
        varies = np.where(spread > 0, 1.0, np.nan)
        return {
            "RMSE": rmse,
            "R2": (1 - square / spread) * varies,
            "MAE": size / n,
            "bias": bias / n,
            "RPD": np.sqrt(spread / (n - 1)) / rmse * varies,
        }


def _without(sums):
    """The sum over all groups, then the sums without each: shape (1 + groups, ...)."""
    total = sums.sum(0, keepdims=True)
    return np.concatenate([total, total - sums])
