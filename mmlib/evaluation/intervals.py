"""How sure one can be of scores from cross-validation.

Folds share most of their training samples, so their scores are not independent and
the everyday t interval is too short. `interval` and `p_value` correct for that.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import stdtr, stdtrit


class Interval(NamedTuple):
    """A mean and the ends of its interval."""

    mean: float
    low: float
    high: float


def interval(values, n_train, n_test, level=0.95):
    """Mean of scores from repeated cross-validation, with its corrected t interval.

    The variance of the mean is taken as ``(1 / folds + n_test / n_train)`` times that
    of the scores. The second term stands for the training samples that folds share:
    repeating the cross-validation more often does not make it go away.

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
