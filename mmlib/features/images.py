"""Pictures: from pixels to a table of named features.

A picture of 48 x 48 pixels in three colors is a vector of 6,912 numbers that
says little as it stands: turn the leaf, and every number changes. The features
here are a few dozen numbers with names (`mmlib.features.measures`), taken where
the object is (`mmlib.features.segmentation`).
"""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..base import DataError
from ..data.mapping import Samples, Select
from .measures import color_features, shape_features, texture_features
from .segmentation import check_images, find_object


class ColorTexture(TransformerMixin, BaseEstimator):
    """Pictures to a table of named features: color, texture and shape of the object.

    Bytes are read as 0 to 255. Any other pictures are brought to 0 to 1 by the range
    of each channel in the training part.

    Parameters
    ----------
    color, texture, shape : bool
        Which groups of features to compute: `color_features`, `texture_features`,
        `shape_features`.

    Attributes
    ----------
    low_, high_ : ndarray of shape (channels,)
        Black and white.

    Raises
    ------
    DataError
        For pictures of the wrong shape or type, with pixels that are not finite, or
        unlike those it was fitted on.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.images import ColorTexture
    >>> images = np.random.default_rng(0).integers(0, 255, (4, 16, 16, 3), dtype=np.uint8)
    >>> features = ColorTexture(color=False, texture=False)
    >>> features.fit_transform(images).shape
    (4, 7)
    >>> features.get_feature_names_out()[1]
    'width over length'
    """

    def __init__(self, color=True, texture=True, shape=True):
        self.color = color
        self.texture = texture
        self.shape = shape

    def fit(self, X, y=None):
        """Learn the range of the channels of X, (samples, height, width, channels)."""
        X = check_images(X)
        if not (self.color or self.texture or self.shape):
            raise DataError("ColorTexture was told to leave out color, texture and shape.")
        channels = X.shape[3]
        self.bytes_ = X.dtype == np.uint8
        self.low_ = np.zeros(channels) if self.bytes_ else X.min((0, 1, 2)).astype(float)
        self.high_ = np.full(channels, 255.0) if self.bytes_ else X.max((0, 1, 2)).astype(float)
        self.names_ = list(self._columns(np.zeros((1, 5, 5, channels))))
        return self

    def transform(self, X):
        """Features, shape (samples, features)."""
        check_is_fitted(self)
        X = check_images(X)
        if X.shape[3] != len(self.low_) or (X.dtype == np.uint8) != self.bytes_:
            raise DataError(
                f"These pictures have {X.shape[3]} channel(s) of {X.dtype}, but the features were "
                f"fitted on {len(self.low_)} of {'uint8' if self.bytes_ else 'other numbers'}."
            )
        # Single precision only where memory counts: it differs between processors.
        precision = np.float32 if X[0].size > 2**18 else float
        span = np.where(self.high_ > self.low_, self.high_ - self.low_, 1)
        parts = []
        for start in range(0, len(X), 200):  # so that memory does not grow with the samples
            part = (X[start : start + 200] - self.low_) / span
            columns = self._columns(np.clip(part, 0, 1).astype(precision))
            parts.append(np.column_stack(list(columns.values())))
        return np.concatenate(parts).astype(float)

    def _columns(self, images):
        mask = find_object(images)
        columns = {}
        if self.color:
            columns |= color_features(images, mask)
        if self.texture:
            columns |= texture_features(images, mask)
        if self.shape:
            columns |= shape_features(mask)
        return columns

    def get_feature_names_out(self, input_features=None):
        """Names of the features, in the order of the columns."""
        check_is_fitted(self)
        return np.array(self.names_, dtype=object)


def with_features(data, modality="image"):
    """The same samples, with features of color, texture and shape in place of the pictures.

    For bytes nothing in these features is fitted, so they may be computed once, before any
    split.

    Parameters
    ----------
    data : MultimodalData
    modality : str
        Which entry of ``data.X`` holds the pictures.

    Returns
    -------
    MultimodalData
        The pictures have become a table of 33 columns (for three channels).

    Raises
    ------
    DataError
        When there is no such modality, or it holds no pictures of bytes.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.features import with_features
    >>> with_features(mmlib.make_leaves(n_plants=5))
    <simulated leaves: 25 samples, spectrum (211,), image (33,), 5 classes, 5 groups>
    """

    pictures = Select(modality).transform(data.X)
    if pictures.dtype != np.uint8:
        raise DataError(
            f"The pictures in {modality!r} hold {pictures.dtype}, not bytes: their range must be "
            "learned inside the fold, so put ColorTexture into the pipeline."
        )
    features = ColorTexture().fit_transform(pictures)
    part = data.take(np.arange(len(data)))
    part.X = Samples(dict(data.X) | {modality: features})
    return part


def flatten(images):
    """Each picture as one long row: (samples, height, width, channels) to (samples, pixels).

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.images import flatten
    >>> flatten(np.zeros((2, 48, 48, 3))).shape
    (2, 6912)
    """
    images = np.asarray(images)
    return images.reshape(len(images), -1).astype(float)
