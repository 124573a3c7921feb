"""Bring gray levels of pictures to a common scale: a window, min-max, or z-scores.

All but the window take their numbers from each picture itself, so nothing is learned from other
samples. They are for (n, height, width, ...) with samples first.
"""

import numpy as np


def window(pictures, low, high):
    """Cut off what lies outside a range, as one cuts a spectrum to the bands that matter.

    Parameters
    ----------
    pictures : array-like
    low, high : float
        For soft tissue in a CT about -45 and 100 Hounsfield units.

    Returns
    -------
    ndarray
        From 0 at `low` to 1 at `high`.

    Examples
    --------
    >>> from mmlib.features.gray_levels import window
    >>> window([-1000, -50, 0, 1500], low=-50, high=150).tolist()
    [0.0, 0.0, 0.25, 1.0]
    """
    return np.clip((np.asarray(pictures, float) - low) / (high - low), 0, 1)


def min_max(pictures):
    """Each picture from its darkest pixel, 0, to its brightest, 1.

    Parameters
    ----------
    pictures : array-like of shape (n, ...)

    Returns
    -------
    ndarray of the same shape
        A picture that has the same value everywhere becomes 0.

    Examples
    --------
    >>> from mmlib.features.gray_levels import min_max
    >>> min_max([[2, 4, 6], [5, 5, 5]]).tolist()
    [[0.0, 0.5, 1.0], [0.0, 0.0, 0.0]]
    """
    x = np.asarray(pictures, float)
    axes = tuple(range(1, x.ndim))
    low, high = (f(x, axis=axes, keepdims=True) for f in (np.min, np.max))
    return (x - low) / np.where(high > low, high - low, 1)


def z_score(pictures):
    """Each picture less its mean, over its standard deviation: what SNV is to a spectrum.

    Parameters
    ----------
    pictures : array-like of shape (n, ...)

    Returns
    -------
    ndarray of the same shape
        A picture that has the same value everywhere becomes 0.

    Examples
    --------
    >>> from mmlib.features.gray_levels import z_score
    >>> z_score([[1, 3], [10, 30]]).tolist()
    [[-1.0, 1.0], [-1.0, 1.0]]
    """
    x = np.asarray(pictures, float)
    axes = tuple(range(1, x.ndim))
    spread = x.std(axis=axes, keepdims=True)
    flat = spread <= 1e-9 * np.abs(x).max(axis=axes, keepdims=True)
    return (x - x.mean(axis=axes, keepdims=True)) * ~flat / np.where(flat, 1, spread)
