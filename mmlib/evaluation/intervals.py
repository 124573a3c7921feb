"""How sure one can be of scores from cross-validation.

Two things make a score uncertain: few test samples, which come in groups, and few samples to
train on, which all folds share. The everyday t interval knows neither. `interval_by_groups`
allows for both, and is what a `Comparison` uses; `interval` and `p_value` do what can be done
where nothing is left but one score for each fold.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import stdtr, stdtrit

FEWEST = 6  # groups: with five that all say the same, a test by signs has p = 1/16
TRAINING, FEW = 1.5, 5.0  # weights of the two terms, see `interval_by_groups`
SPREAD = 200.0  # weight of a third, for the logarithm of a spread
OF_SPREADS = 0.1  # share of it that a difference of two errors takes
DIFFERENT = 0.2  # smallest error of a group's difference of two shares, or one sample
UNKNOWN = 0.36  # unsteadiness where nothing was repeated: that of a rather unsteady model


class Interval(NamedTuple):
    """A mean and the ends of its interval."""

    mean: float
    low: float
    high: float


class Judged(NamedTuple):
    """A score or a difference, its interval, the two-sided p that it is zero, its error."""

    mean: float
    low: float
    high: float
    p: float
    error: float
    freedom: float


def interval_by_groups(mean, without, sizes, unsteady=UNKNOWN, level=0.95, least=0.0, spread=0.0):
    """Interval and p of a score, or of a difference of two, from predictions out of fold.

    The variance is that of a jackknife over groups: each group's samples are left out of
    the *scoring* once. For a mean over groups of equal size that is the variance of the
    group means over their number. It holds nothing of the luck in training, so it is taken times
    ``1 + 1.5 unsteady + 5 / groups``. The form follows from what is known of cross-validation (the
    luck in training matters less and less as predictions get steady), the two numbers
    are those with which simulated studies err as often as they may; see "How often the judging
    errs" in the book. Student's t has as many degrees of freedom as there are groups, less one;
    fewer where sizes differ.

    Parameters
    ----------
    mean : float or array of shape (...)
        The score of all samples, averaged over repeats.
    without : array of shape (..., groups)
        The same with each group left out of the scoring.
    sizes : array of shape (groups,)
        Samples in each group; without groups each sample is one.
    unsteady : float or array of shape (...)
        See `unsteadiness`.
    level : float
        Share of such intervals that are to hold the true value.
    least : float
        Smallest error of a single group's score: predictions that are all right do not make an
        accuracy certain.
    spread : float
        1 where the scores are logarithms of a spread, such as an RMSE. From few groups a
        regression is learned well or badly as a whole, more than its repeats show, so
        ``200 / groups ** 2`` is added to the factor; a tenth of that, 0.1, for a difference
        of two errors, which share most of it.

    Returns
    -------
    Judged
        ``mean, low, high, p, error, freedom``. With fewer than six groups nothing can be told:
        ends and p are NaN.

    References
    ----------
    Jackknife and t by groups: Bell & McCaffrey (2002), Survey Methodology 28(2), 169-181. On the
    luck in training: Nadeau & Bengio (2003), doi:10.1023/A:1024068626366; Bates, Hastie &
    Tibshirani (2024), doi:10.1080/01621459.2023.2197686.

    Examples
    --------
    Eight groups of equal size, and the mean of their scores:

    >>> import numpy as np
    >>> scores = np.array([0.7, 0.9, 0.8, 0.6, 0.8, 0.9, 0.7, 0.6])
    >>> without = (scores.sum() - scores) / 7
    >>> found = interval_by_groups(scores.mean(), without, np.ones(8), unsteady=0.1)
    >>> print(f"{found.mean:.2f} ({found.low:.2f} to {found.high:.2f})")
    0.75 (0.62 to 0.88)
    """
    mean, without = np.asarray(mean, float), np.asarray(without, float)
    groups = without.shape[-1]
    apart = np.square(without - without.mean(-1, keepdims=True)).sum(-1)
    variance = np.maximum((groups - 1) / groups * apart, (least / groups) ** 2)
    error = np.sqrt(variance * widening(unsteady, groups, spread))
    weight = np.square(np.asarray(sizes, float))
    freedom = weight.sum() ** 2 / np.square(weight).sum() - 1
    if groups < FEWEST:
        error = np.full_like(error, np.nan)
    reach = stdtrit(max(freedom, 1), (1 + level) / 2) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * stdtr(max(freedom, 1), -np.abs(mean / error))
    p = np.maximum(np.where((error == 0) & (mean == 0), 1.0, p), 2.0 ** (1 - groups))
    found = mean, mean - reach, mean + reach, p, error
    return Judged(*(x if x.ndim else float(x) for x in found), float(freedom))


def widening(unsteady, groups, spread=0.0):
    """What the variance over groups is taken times, see `interval_by_groups`.

    Examples
    --------
    >>> round(float(widening(0.2, 50)), 9)
    1.4
    """
    return 1 + TRAINING * np.asarray(unsteady) + FEW / groups + spread * SPREAD / groups**2


def smallest_error(difference, of_shares, per_group=5.0):
    """How much the difference of two models may vary from group to group, at least.

    However alike all groups are, one of them might have been level. And where two models
    nearly always agree, the next group may be the one in which they do not: in a fifth of its
    samples, or in one where it has fewer than five.

    Parameters
    ----------
    difference : float or array
        Of two scores.
    of_shares : bool
        Whether the scores are shares of samples, so that a group's difference is at most one.
    per_group : float
        Samples in a group, on average.

    Returns
    -------
    float or array
        What `interval_by_groups` takes as `least`.

    Examples
    --------
    >>> float(smallest_error(-0.02, of_shares=True)), float(smallest_error(0.4, of_shares=False))
    (0.2, 0.4)
    """
    return np.maximum(np.abs(difference), max(DIFFERENT, 1 / per_group) if of_shares else 0.0)


def unsteadiness(losses, n_train, n_test, counts=False):
    """How much what a model says of a sample depends on which others it was trained on.

    Parameters
    ----------
    losses : sequence of array of shape (..., repeats, samples)
        For each of the models that are judged, what each prediction costs: 0 or 1, or squared
        error.
    n_train, n_test : float
        Samples trained on and tested on in a fold, on average.
    counts : bool
        Whether the losses are 0 and 1. How many of these change goes with the size of a change
        of the model, but a squared error changes with its square.

    Returns
    -------
    float or array of shape (...)
        Zero where all repeats agree. Where there was one only, a large value is assumed.

    Examples
    --------
    >>> wrong = [[0, 1, 0, 0, 1, 0], [0, 1, 1, 0, 1, 0]]
    >>> round(unsteadiness([wrong], n_train=80, n_test=20, counts=True), 2)
    0.47
    >>> unsteadiness([[[0, 1, 0, 0]]], 80, 20)  # one repeat
    0.36
    """
    within = total = 0.0
    for loss in losses:
        loss = np.asarray(loss, float)
        if loss.shape[-2] < 2:
            return UNKNOWN
        within = within + loss.var(-2, ddof=1).mean(-1)
        total = total + loss.var((-2, -1))
    share = np.divide(within, total, out=np.zeros_like(within + total), where=total > 0)
    found = np.square(share) * n_train / n_test if counts else share * n_train / n_test
    return found if np.ndim(found) else float(found)


def interval(values, n_train, n_test, level=0.95):
    """Mean of scores from repeated cross-validation, with its corrected t interval.

    The variance of the mean is taken as ``(1 / folds + n_test / n_train)`` times that
    of the scores. The second term stands for the training samples that folds share:
    repeating the cross-validation more often does not make it go away. It knows nothing of
    groups: with few of them it is too short, see `interval_by_groups`.

    Parameters
    ----------
    values : array-like of shape (folds,)
        One score, or difference of two scores, for each fold of each repeat.
    n_train, n_test : float or array-like of shape (folds,)
        Samples trained on and tested on in a fold.
    level : float
        Share of such intervals that are to hold the true mean.

    Returns
    -------
    Interval
        ``mean, low, high``; the ends are NaN for fewer than two values.

    References
    ----------
    Nadeau & Bengio (2003), doi:10.1023/A:1024068626366; for repeated cross-validation
    Bouckaert & Frank (2004), doi:10.1007/978-3-540-24775-3_3.

    Examples
    --------
    >>> mean, low, high = interval([0.8, 0.9, 0.7, 0.8], n_train=75, n_test=25)
    >>> print(f"{mean:.2f} ({low:.2f} to {high:.2f})")
    0.80 (0.60 to 1.00)
    """

    mean, error, freedom = _mean_and_error(values, n_train, n_test)
    reach = stdtrit(freedom, (1 + level) / 2) * error if freedom > 0 else np.nan
    return Interval(mean, float(mean - reach), float(mean + reach))


def p_value(differences, n_train, n_test):
    """Two-sided p of the corrected resampled t-test that the true mean is zero.

    Parameters
    ----------
    differences : array-like of shape (folds,)
        Score of one model minus score of another, on the same folds.
    n_train, n_test : float or array-like of shape (folds,)
        Samples trained on and tested on in a fold.

    Returns
    -------
    float
        1 when all differences are zero; NaN for fewer than two differences.

    References
    ----------
    As for `interval`.

    Examples
    --------
    >>> round(p_value([0.1, 0.0, 0.1, 0.2], n_train=75, n_test=25), 3)
    0.207
    """

    mean, error, freedom = _mean_and_error(differences, n_train, n_test)
    if freedom < 1:
        return np.nan
    if error == 0:
        return float(mean == 0)
    return float(2 * stdtr(freedom, -abs(mean / error)))


def _mean_and_error(values, n_train, n_test):
    values = np.asarray(values, float)
    folds = len(values)
    overlap = np.mean(np.divide(n_test, n_train))
    variance = values.var(ddof=1) if folds > 1 else np.nan
    return float(values.mean()), np.sqrt((1 / folds + overlap) * variance), folds - 1
