"""A stored fit is held against itself before it goes into a table: it may have been edited."""

import numpy as np

from ..base import DataError
from .metrics import classification_scores, regression_scores

SECONDS = {"fit (s)", "predict (s)"}


def checked_fit(found, path, data, test):
    """The outcome of an earlier fit, where its scores are those of its predictions.

    Parameters
    ----------
    found : list
        Predictions, probabilities or None, scores, seconds and choices, as they were stored; older
        ones are without choices.
    path : pathlib.Path
        Where they were found.
    data : MultimodalData
    test : array of int
        The samples that were predicted.

    Returns
    -------
    predicted : ndarray of shape (samples,)
    probabilities : ndarray of shape (samples, classes) or None
    scores, seconds : dict of str to float
    choices : dict of str to str or float

    Raises
    ------
    DataError
        When the file contradicts itself, or is not what a fit leaves.

    Examples
    --------
    See ``tests/evaluation/test_kept_fits.py``.
    """
    try:
        predicted, proba, scores, seconds = found[:4]
        choices = dict(found[4]) if len(found) > 4 else {}
        predicted = np.array(predicted, data.y.dtype)
        proba = None if proba is None else np.array(proba, float)
        seconds = {name: float(value) for name, value in seconds.items()}
        expected = _scores(predicted, proba, data, test)
        scores = {name: float(value) for name, value in scores.items()}
    except (ValueError, TypeError, AttributeError, IndexError, KeyError):
        raise _refusal(path, "does not hold what a fit leaves") from None
    if not all(isinstance(x, (str, int, float)) for item in choices.items() for x in item):
        raise _refusal(path, "does not hold the choices of a fit")
    if scores.keys() != expected.keys() or seconds.keys() != SECONDS:
        raise _refusal(path, "does not hold the scores that a fit leaves")
    for name, value in expected.items():
        if not np.isclose(scores[name], value, rtol=1e-9, atol=1e-12, equal_nan=True):
            said = f"gives {scores[name]:.4g} as {name}, but its predictions {value:.4g}"
            raise _refusal(path, said)
    return predicted, proba, scores, seconds, choices


def _scores(predicted, proba, data, test):
    """The scores of such predictions; a `ValueError` where they are none of these samples."""
    y = data.y[test]
    if predicted.shape != y.shape or (data.labels is None and proba is not None):
        raise ValueError
    if data.labels is None:
        return regression_scores(y, predicted)
    if not np.isin(predicted, data.labels).all():
        raise ValueError
    if proba is not None and proba.shape != (len(y), len(data.labels)):
        raise ValueError
    return classification_scores(y, predicted, proba, data.labels)


def _refusal(path, what):
    return DataError(
        f"The stored fit {path} {what}: it was edited or damaged. Delete that file, and run this "
        "again, which makes it anew."
    )
