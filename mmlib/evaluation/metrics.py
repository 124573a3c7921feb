"""How good predictions are, and how far stated probabilities can be believed.

Most scores are scikit-learn's; added here are `reliability` and `calibration_error`
for the probabilities of the predicted class.
"""

import numpy as np
import pandas as pd
from sklearn import metrics as sk

from ..base import DataError

BINS = 10


def classification_scores(y, predicted, proba=None, labels=None):
    """Five scores of one set of predictions.

    Parameters
    ----------
    y, predicted : array-like of shape (samples,)
        True and predicted labels.
    proba : array-like of shape (samples, classes), optional
        Probabilities, columns in the order of `labels`. Without them log loss and
        calibration error are NaN.
    labels : array-like of shape (classes,), optional
        All labels, in any order; 0, 1, ... when not given.

    Returns
    -------
    dict of str to float
        "accuracy", "balanced accuracy", "macro F1", "log loss" (in nats) and
        "calibration error". A class that does not occur in `y` is left out of the two
        class averages.

    Raises
    ------
    DataError
        When `proba` does not fit `y`.

    Examples
    --------
    >>> classification_scores([0, 0, 0, 1], [0, 0, 0, 0])["balanced accuracy"]
    0.5
    """
    y, predicted = np.asarray(y), np.asarray(predicted)
    over_present = {"labels": np.unique(y), "average": "macro", "zero_division": 0}
    scores = {
        "accuracy": float(sk.accuracy_score(y, predicted)),
        "balanced accuracy": float(sk.recall_score(y, predicted, **over_present)),
        "macro F1": float(sk.f1_score(y, predicted, **over_present)),
        "log loss": np.nan,
        "calibration error": np.nan,
    }
    if proba is not None:
        proba, labels = check_proba(y, proba, labels)
        scores["log loss"] = float(sk.log_loss(y, proba, labels=labels))
        scores["calibration error"] = calibration_error(y, proba, labels)
    return scores


def regression_scores(y, predicted):
    """RMSE, R2, MAE, bias and RPD of one set of predictions.

    Parameters
    ----------
    y, predicted : array-like of shape (samples,)
        Measured and predicted quantity, in the same unit.

    Returns
    -------
    dict of str to float
        "RMSE", "MAE" and "bias" (mean of predicted minus measured) in the unit of
        `y`; "R2" and "RPD" (spread of the measured values over the RMSE) without unit, NaN
        where the measured values do not differ, such as in a single sample.

    Examples
    --------
    >>> regression_scores([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    {'RMSE': 1.0, 'R2': -0.5, 'MAE': 1.0, 'bias': 1.0, 'RPD': 1.0}
    """
    y, predicted = np.asarray(y, float), np.asarray(predicted, float)
    rmse = float(sk.root_mean_squared_error(y, predicted))
    differ = np.ptp(y) > 0
    with np.errstate(divide="ignore"):
        rpd = np.divide(np.std(y, ddof=1), rmse) if differ else np.nan
    return {
        "RMSE": rmse,
        "R2": float(sk.r2_score(y, predicted)) if differ else np.nan,
        "MAE": float(sk.mean_absolute_error(y, predicted)),
        "bias": float(np.mean(predicted - y)),
        "RPD": float(rpd),
    }


def reliability(y, proba, labels=None, bins=BINS):
    """Stated confidence against the share that was right, for a reliability diagram.

    The confidence is the probability of the predicted (most probable) class. The
    samples are cut into `bins` of nearly equal size along it; equal confidences stay
    together, so there can be fewer bins.

    Parameters
    ----------
    y : array-like of shape (samples,)
        True labels.
    proba : array-like of shape (samples, classes)
        Probabilities, columns in the order of `labels`.
    labels : array-like of shape (classes,), optional
        All labels, in any order; 0, 1, ... when not given.
    bins : int

    Returns
    -------
    pandas.DataFrame
        One row a bin: "confidence" and "accuracy" (means of its samples), "samples".

    Raises
    ------
    DataError
        When `proba` does not fit `y`.

    Examples
    --------
    >>> reliability([0, 1, 0, 0], [[0.6, 0.4], [0.6, 0.4], [0.9, 0.1], [0.9, 0.1]], bins=2)
       confidence  accuracy  samples
    0         0.6       0.5        2
    1         0.9       1.0        2
    """
    y = np.asarray(y)
    proba, labels = check_proba(y, proba, labels)
    part, right, confidence = parts_by_confidence(y, proba, labels, bins)
    table = pd.DataFrame({"confidence": confidence, "accuracy": right})
    parts = table.groupby(part)
    return parts.mean().assign(samples=parts.size()).reset_index(drop=True)


def parts_by_confidence(y, proba, labels, bins):
    """Of each sample: its part along the confidence, whether it is right (0 or 1), how sure."""
    confidence = proba.max(1).round(12)  # the last digits must not part what is equal
    edges = np.quantile(confidence, np.linspace(0, 1, bins + 1))[1:-1]
    right = (labels[proba.argmax(1)] == y).astype(float)
    return np.searchsorted(edges, confidence), right, confidence


def calibration_error(y, proba, labels=None, bins=BINS):
    """Expected calibration error: mean gap between stated confidence and share right.

    Of the predicted class only, over `bins` of nearly equal size (see `reliability`),
    each weighted by its samples. Chance alone makes it larger where samples are few.

    Parameters
    ----------
    y, proba, labels, bins
        As for `reliability`.

    Returns
    -------
    float
        Between 0 (confidences can be believed) and 1.

    Raises
    ------
    DataError
        When `proba` does not fit `y`.

    References
    ----------
    Guo, Pleiss, Sun & Weinberger (2017), doi:10.48550/arXiv.1706.04599; bins of equal
    size after Nixon et al. (2019), doi:10.48550/arXiv.1904.01685.

    Examples
    --------
    >>> proba = [[0.6, 0.4], [0.6, 0.4], [0.9, 0.1], [0.9, 0.1]]
    >>> round(calibration_error([0, 1, 0, 0], proba, bins=2), 3)  # gaps 0.1 and 0.1
    0.1
    """
    table = reliability(y, proba, labels, bins)
    gap = (table["accuracy"] - table["confidence"]).abs()
    return float(np.average(gap, weights=table["samples"]))


def check_proba(y, proba, labels):
    """Probabilities and labels in the order of the labels, or a `DataError`."""
    proba = np.asarray(proba, float)
    if proba.ndim != 2 or len(proba) != len(y):
        raise DataError(
            f"The probabilities have shape {proba.shape}, but y has {len(y)} samples: "
            "give one row for each sample and one column for each class."
        )
    labels = np.arange(proba.shape[1]) if labels is None else np.asarray(labels)
    unknown = np.setdiff1d(y, labels)
    if len(labels) != proba.shape[1] or len(unknown):
        what = f"y holds {unknown[0]!s}" if len(unknown) else f"there are {len(labels)} labels"
        raise DataError(
            f"The probabilities have {proba.shape[1]} columns, but {what}: give `labels`, "
            "the label of each column."
        )
    off = ~(np.isfinite(proba).all(1) & (proba >= -1e-9).all(1) & (abs(proba.sum(1) - 1) < 1e-4))
    if off.any():
        row = int(np.flatnonzero(off)[0])
        raise DataError(
            f"Row {row} holds no probabilities (sum {proba[row].sum():g}, smallest "
            f"{proba[row].min():g}): they must be at least 0 and add up to 1."
        )
    proba = proba / proba.sum(1, keepdims=True)
    order = np.argsort(labels, kind="stable")  # scikit-learn's log loss wants the columns sorted
    return (proba, labels) if (np.diff(order) == 1).all() else (proba[:, order], labels[order])
