"""Smaller pictures with fewer channels, each picture by itself."""

import numpy as np

from .segmentation import check_images

CHANNELS = 6  # at most, of a picture with many


def shrink(images, side):
    """Bring the shorter side of pictures to at most `side` pixels, by averaging over areas.

    Parameters
    ----------
    images : ndarray of shape (samples, height, width, channels)
    side : int
        Smaller pictures stay as they are.

    Returns
    -------
    ndarray of float, shape (samples, height, width, channels)

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.shrinking import shrink
    >>> stripes = np.array([[[0.0], [4.0], [0.0], [8.0]]] * 4)[None]
    >>> shrink(stripes, 2)[0, :, :, 0].tolist()
    [[2.0, 4.0], [2.0, 4.0]]
    """
    n, height, width, channels = images.shape
    factor = side / min(height, width)
    if factor >= 1:
        return images.astype(float)
    small = max(1, round(height * factor)), max(1, round(width * factor))
    down, across = _areas(height, small[0]), _areas(width, small[1])
    out = np.empty((n, *small, channels))
    strip = max(1, 2**22 // (width * channels))  # rows at a time, so that memory stays small
    for i, image in enumerate(images):
        rows = np.zeros((small[0], width * channels))
        for start in range(0, height, strip):
            part = image[start : start + strip].astype(float)
            rows += down[:, start : start + strip] @ part.reshape(len(part), -1)
        out[i] = np.matmul(across, rows.reshape(small[0], width, channels))
    return out


def few_channels(images):
    """As many as six channels: of more, the slowest cosines along the channels.

    Cosines are the same for every picture, unlike principal components, and the first of
    them is the mean of all channels. Up to six channels nothing is lost; they become mean
    brightness and contrasts between channels.

    Parameters
    ----------
    images : ndarray of shape (samples, height, width, channels)

    Returns
    -------
    ndarray of shape (samples, height, width, min(channels, 6))

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.shrinking import few_channels
    >>> few_channels(np.ones((1, 2, 2, 200))).shape
    (1, 2, 2, 6)
    """
    return images @ cosines(images.shape[3], CHANNELS).T


def cosines(length, most):
    """The first cosines over `length` places, orthonormal, shape (at most `most`, length)."""
    place = (np.arange(length) + 0.5) * np.pi / length
    waves = np.cos(np.arange(min(length, most))[:, None] * place)
    return waves / np.linalg.norm(waves, axis=1, keepdims=True)


def in_parts(function, images, pixels=2**16):
    """Apply `function` to some pictures at a time, so that memory does not grow with them.

    Parameters
    ----------
    function : callable
        From pictures, checked by `check_images`, to a table with a row for each.
    images : array-like of shape (samples, height, width, channels)
    pixels : int
        About so many numbers are given at a time.

    Returns
    -------
    ndarray of shape (samples, columns)
    """
    images = check_images(images)
    step = max(1, int(pixels // images[0].size))
    parts = [function(images[i : i + step]) for i in range(0, len(images), step)]
    return np.concatenate(parts)


def _areas(length, small):
    """Matrix that averages `length` pixels over `small` stretches of equal length."""
    edges = np.linspace(0, length, small + 1)
    left = np.maximum(edges[:-1, None], np.arange(length))
    right = np.minimum(edges[1:, None], np.arange(1, length + 1))
    share = np.maximum(right - left, 0)
    return share / share.sum(1, keepdims=True)
