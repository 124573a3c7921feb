"""Between what a picture stores and the amount of light: the curve of sRGB (IEC 61966-2-1)."""

import numpy as np


def to_linear(stored):
    """Amounts of light from 0 to 1, of stored values from 0 to 1.

    Parameters
    ----------
    stored : array-like of any shape

    Returns
    -------
    ndarray of the same shape

    Examples
    --------
    >>> to_linear([0, 0.5, 1]).round(3).tolist()
    [0.0, 0.214, 1.0]
    """
    stored = np.asarray(stored, float)
    return np.where(stored <= 0.04045, stored / 12.92, ((stored + 0.055) / 1.055) ** 2.4)


def to_stored(light):
    """Stored values from 0 to 1, of amounts of light from 0 to 1; what is below 0 is black.

    Parameters
    ----------
    light : array-like of any shape

    Returns
    -------
    ndarray of the same shape

    Examples
    --------
    >>> to_stored(to_linear([0, 0.5, 1])).round(3).tolist()
    [0.0, 0.5, 1.0]
    """
    light = np.clip(light, 0, None)
    return np.where(light < 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
