"""Which model to keep, and whether any is worth keeping."""

from typing import NamedTuple

import numpy as np

from .wording import IN_POINTS, LOWER_IS_BETTER, NOISE, enough_decimals

BASELINE, FUSED = "best single", "best early"  # chosen inside each fold, see `with_baseline`
TIE = 0.005  # half a point; of an error, as a share of the lowest


class Choice(NamedTuple):
    """The model to keep.

    Attributes
    ----------
    name : str
    best : str
        The one with the best score, which may be another.
    given_up : float
        By how much that one's score is better: points of the score, or its unit.
    answer : str
        All of it in a sentence.
    """

    name: str
    best: str
    given_up: float
    answer: str


def best_model(result, tie=TIE):
    """The model with the best score; among those that are as good as level, the simplest.

    Parameters
    ----------
    result : Comparison
        Models from the simplest to the most elaborate, as `mmlib.fusion.ladder` gives them.
    tie : float
        Scores that differ by less are near enough; relative for errors such as RMSE.

    Returns
    -------
    Choice

    Notes
    -----
    Choosing the simplest within one standard error, as is often done, would give away what a second
    instrument is worth: where fusion was truly 8 points better, in studies of 40 samples, it
    kept a single modality in two of three.

    Examples
    --------
    >>> import mmlib
    >>> from sklearn.dummy import DummyClassifier
    >>> from mmlib.evaluation.choice import best_model
    >>> leaves = mmlib.make_leaves(20)
    >>> models = {"guess": DummyClassifier(), "guess again": DummyClassifier()}
    >>> best_model(mmlib.compare(models, leaves, n_folds=2, n_repeats=2)).answer
    "'guess' has the best accuracy."
    """
    mean = result.table["mean"].drop([BASELINE, FUSED], errors="ignore")
    lower = result.metric in LOWER_IS_BETTER
    at, kept = best_and_kept(mean.to_numpy(), result.metric, tie)
    best, name = mean.index[at], mean.index[kept]
    given_up = float(abs(mean[name] - mean[best]))
    answer = f"{name!r} has the best {result.metric}."
    if name != best:
        scale = 100 if result.metric in IN_POINTS else 1
        if given_up <= NOISE * abs(mean[best]):
            answer = f"{name!r} has the best {result.metric}, and is the simplest of those that do."
        else:
            less = scale * given_up
            shown = f"{less:.{enough_decimals(less, less, less, 1)}f}"
            unit = "" if scale == 1 else " points"
            way = "lower" if lower else "higher"
            answer = (
                f"{name!r} is the simplest of those that are near the best: the {result.metric} of "
                f"{best!r} is {way} by {shown}{unit}, which is given up."
            )
    return Choice(name, best, given_up, answer)


def best_and_kept(scores, metric, tie=TIE):
    """Where the best score is, and the first that is as good as level."""
    best = int(scores.argmin() if metric in LOWER_IS_BETTER else scores.argmax())
    near = tie if metric in IN_POINTS else tie * scores[best]
    return best, int(np.flatnonzero(abs(scores - scores[best]) <= near + 1e-12)[0])


def better_than_guessing(result):
    """The models that are shown to beat guessing, corrected for how many were tried.

    Guessing is to name the most frequent class, or the mean of a quantity.

    Parameters
    ----------
    result : Comparison

    Returns
    -------
    list of str or None
        None where nothing can be told, with fewer than six groups.

    Examples
    --------
    >>> import mmlib
    >>> from sklearn.dummy import DummyClassifier
    >>> leaves = mmlib.make_leaves(20)
    >>> guess = mmlib.compare({"guess": DummyClassifier()}, leaves, n_folds=2, n_repeats=2)
    >>> better_than_guessing(guess)
    []
    """
    tests = {}
    for name in result.models:
        if result.data.labels is None:
            values = result.left_out(name, "R2")
        else:
            values = result.left_out(name, result.metric) - result.chance
        tests[name] = result.judge(values, [name])
    if all(np.isnan(found.p) for found in tests.values()):
        return None
    found, left = [], len(tests)
    for name in sorted(tests, key=lambda name: tests[name].p):  # Holm
        if not tests[name].p * left < 0.05:
            break
        left -= 1
        if tests[name].mean > 0:
            found.append(name)
    return found
