"""Patches of pictures, compared with a fixed set of small patterns.

Edges, bars, spots and ripples of every direction lie over each place of a picture, and how
strongly they show is averaged over the whole picture and over its quarters. Nothing is
learned, so the columns of a picture depend on this picture alone.
"""

from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.base import BaseEstimator, TransformerMixin

from .shrinking import few_channels, in_parts, shrink


class PatchFeatures(TransformerMixin, BaseEstimator):
    """Mean strength of fixed patterns in parts of a picture.

    Patterns are made once from a fixed seed and whitened for pictures whose neighboring
    pixels are alike, as those of all photographs are. Each is a filter; what it answers beyond
    a threshold, in units of the spread of its answers in this picture, is averaged for both
    signs over parts of the picture, together with its spread; then the root is taken. Only
    differences between pixels count, so neither black nor white need be known.

    Parameters
    ----------
    n_filters : int
        Half of them look at brightness, half at colors.
    size : int
        Side of a pattern in pixels.
    threshold : float
        In standard deviations of the answers.
    side : int
        To which the shorter side of a larger picture is brought.
    scales : sequence of float
        What the picture is divided by: 2 makes patterns twice as large.
    grids : sequence of int
        2 is a grid of 2 by 2 parts.

    References
    ----------
    Coates & Ng (2012), Learning feature representations with k-means,
    doi:10.1007/978-3-642-35289-8_30: patches, whitening, threshold, pooling; patterns are not
    learned here.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.patch_features import PatchFeatures
    >>> images = np.random.default_rng(0).integers(0, 255, (4, 32, 32, 3), dtype=np.uint8)
    >>> PatchFeatures().fit_transform(images).shape
    (4, 768)
    """

    def __init__(self, n_filters=32, size=6, threshold=1.0, side=48, scales=(1, 2), grids=(1, 2)):
        self.n_filters = n_filters
        self.size = size
        self.threshold = threshold
        self.side = side
        self.scales = scales
        self.grids = grids

    def fit(self, X, y=None):
        """Learn nothing."""
        return self

    def transform(self, X):
        """Columns, shape (samples, scales * filters * 2 * (parts + 1))."""
        return in_parts(self._columns, X)

    def __sklearn_is_fitted__(self):
        return True

    def _columns(self, images):
        images = few_channels(shrink(images, self.side))
        images = images - images.mean((1, 2), keepdims=True)
        shorter = min(images.shape[1:3])
        columns = []
        for scale in self.scales:
            side = max(self.size + 2, round(shorter / scale))
            answers, shape = self._answers(shrink(images, side))
            limit = self.threshold * answers.std(1, keepdims=True)
            parts = np.concatenate([_parts(*shape, grid) for grid in self.grids])
            for sign in (1, -1):
                beyond = np.maximum(sign * answers - limit, 0)
                mean = beyond.mean(1)
                square = np.einsum("npf,npf->nf", beyond, beyond) / beyond.shape[1]
                spread = np.sqrt(np.maximum(square - mean**2, 0))
                columns += [(parts @ beyond).reshape(len(images), -1), spread]
        return np.sqrt(np.concatenate(columns, axis=1))

    def _answers(self, images):
        """Of each filter at each place, (samples, places, filters), and rows and columns."""
        size = min(self.size, *images.shape[1:3])
        windows = sliding_window_view(images, (size, size), (1, 2))
        n, height, width = windows.shape[:3]
        filters = make_filters(self.n_filters, size, images.shape[3])
        windows = windows.reshape(n * height * width, -1)  # channel, row, column
        return (windows @ filters.T).reshape(n, height * width, -1), (height, width)


@cache
def make_filters(n, size, channels):
    """Whitened patterns, always the same: (n, channels * size * size), each of length 1.

    Channels are those of `few_channels`: brightness first.

    Examples
    --------
    >>> from mmlib.features.patch_features import make_filters
    >>> make_filters(32, 6, 3).shape
    (32, 108)
    """
    rng = np.random.default_rng(0)
    down, right = np.mgrid[:size, :size] - (size - 1) / 2
    kind, turn, width, wave = rng.uniform(size=(4, n, 1, 1))
    at = rng.uniform(-size / 2, size / 2, (2, n, 1, 1))
    along = right * np.cos(2 * np.pi * turn) + down * np.sin(2 * np.pi * turn) - at[0]
    width, wave = 1 + width * (size / 2 - 1), 0.5 + 1.7 * wave
    patterns = np.select(
        [kind < 0.25, kind < 0.5, kind < 0.75],
        [np.tanh(1.5 * along), np.exp(-2 * (along / width) ** 2), np.sin(along * wave)],
        np.exp(-((right - at[0]) ** 2 + (down - at[1]) ** 2) / width**2),
    ).reshape(n, -1)
    place = np.stack([down.ravel(), right.ravel()], 1)
    apart = np.linalg.norm(place[:, None] - place, axis=2)
    spread, waves = np.linalg.eigh(np.exp(-apart / size))  # alike where near
    inverse = waves / (spread + 3 * spread.mean()) @ waves.T  # whitened twice: pattern, picture
    patterns = (patterns - patterns.mean(1, keepdims=True)) @ inverse
    patterns -= patterns.mean(1, keepdims=True)
    color = rng.normal(size=(n, channels))
    color[: n // 2] = np.eye(channels)[0]
    filters = (color[:, :, None] * patterns[:, None]).reshape(n, -1)
    return filters / np.linalg.norm(filters, axis=1, keepdims=True)


def _parts(height, width, grid):
    """Matrix that averages places over the parts of a grid; neighbors overlap if they must."""

    def edges(length):
        place, part = np.arange(length), np.arange(grid)[:, None]
        inside = (place + 1 > part * length / grid) & (place < (part + 1) * length / grid)
        return inside / inside.sum(1, keepdims=True)

    return np.einsum("ai,bj->abij", edges(height), edges(width)).reshape(grid**2, -1)
