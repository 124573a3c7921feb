"""A picture's own pixels, few of them: where something is, before anybody asks what."""

from sklearn.base import BaseEstimator, TransformerMixin

from .shrinking import few_channels, in_parts, shrink


class Thumbnail(TransformerMixin, BaseEstimator):
    """A small picture as one row of numbers, each picture by itself.

    Parameters
    ----------
    side : int
        Of the shorter side, in pixels.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.thumbnail import Thumbnail
    >>> Thumbnail().fit_transform(np.zeros((4, 48, 48, 3), np.uint8)).shape
    (4, 768)
    """

    def __init__(self, side=16):
        self.side = side

    def fit(self, X, y=None):
        """Learn nothing."""
        return self

    def transform(self, X):
        """Pixels, shape (samples, height * width * channels) of the small picture."""

        def small(images):
            return few_channels(shrink(images, self.side)).reshape(len(images), -1)

        return in_parts(small, X)

    def __sklearn_is_fitted__(self):
        return True
