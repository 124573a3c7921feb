"""Pictures of another camera, or in another light, brought to known colors by a card.

A gray card gives a factor for each channel (white balance). A card with many patches gives a
matrix of three by three, which also undoes that the channels of two cameras see parts of each
other's light. Both hold for amounts of light, not for the stored values, whose curve is undone
first.
"""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..base import DataError
from ..data.srgb import to_linear, to_stored

FULL = 250  # stored values above are cut off, and tell nothing


class ColorCard(TransformerMixin, BaseEstimator):
    """Correct the colors of pictures by a card that was photographed with them.

    Parameters
    ----------
    how : {"gain", "matrix"}, optional
        A factor for each channel, or a matrix of three by three. Where nothing is said, a matrix
        from six patches upward.

    Attributes
    ----------
    matrix_ : ndarray of shape (3, 3)
        Amounts of light wanted = amounts of light seen @ `matrix_`.
    used_ : ndarray of bool, shape (patches,)
        Patches that were not cut off at white.

    Raises
    ------
    DataError
        For colors of another shape, or when too few patches can be used.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.color_card import ColorCard
    >>> card = ColorCard().fit([[120, 128, 100]], known=[[128, 128, 128]])  # one gray patch
    >>> picture = np.full((1, 2, 2, 3), [120, 128, 100], np.uint8)
    >>> card.transform(picture)[0, 0, 0].tolist()
    [128, 128, 128]
    """

    def __init__(self, how=None):
        self.how = how

    def fit(self, X, y=None, *, known):
        """Learn from the patches of a card.

        Parameters
        ----------
        X : array-like of shape (patches, 3)
            Stored values, 0 to 255, of each patch in the new pictures: the mean over its pixels.
        y : ignored
        known : array-like of shape (patches, 3)
            What they shall be: the values of the card's maker, or those in pictures of the first
            camera.

        Returns
        -------
        self
        """
        X, known = np.atleast_2d(np.asarray(X, float)), np.atleast_2d(np.asarray(known, float))
        if X.shape != known.shape or X.shape[-1] != 3:
            raise DataError(
                f"The card has shape {X.shape} in the picture and {known.shape} as known: a row of "
                "red, green and blue for each patch is needed, in the same order."
            )
        if not ((X >= 0) & (X <= 255) & (known >= 0) & (known <= 255)).all():
            raise DataError("Colors of a card must be stored values from 0 to 255.")
        if self.how not in (None, "gain", "matrix"):
            raise DataError(f"how is {self.how!r}: it must be 'gain' or 'matrix'.")
        self.used_ = (X.max(1) < FULL) & (X.min(1) > 0) & (known.max(1) < FULL)
        n = int(self.used_.sum())
        how = self.how or ("matrix" if n >= 6 else "gain")
        if n < (3 if how == "matrix" else 1):
            raise DataError(
                f"{n} of {len(X)} patches can be used, since the others are cut off at black or "
                f"white: a {how} needs at least {3 if how == 'matrix' else 1}; expose the "
                "picture less."
            )
        seen, wanted = to_linear(X[self.used_] / 255), to_linear(known[self.used_] / 255)
        if how == "gain":
            self.matrix_ = np.diag((seen * wanted).sum(0) / (seen**2).sum(0))
        else:
            if np.linalg.matrix_rank(seen, tol=1e-3) < 3:
                raise DataError(
                    "The patches are all of one hue, so they cannot tell a matrix: take "
                    "how='gain', or a card with colors."
                )
            self.matrix_ = np.linalg.lstsq(seen, wanted)[0]
        return self

    def transform(self, X):
        """Pictures with corrected colors.

        Parameters
        ----------
        X : ndarray of uint8, shape (samples, height, width, 3)

        Returns
        -------
        ndarray of uint8, same shape
        """
        check_is_fitted(self)
        X = np.asarray(X)
        if X.dtype != np.uint8 or X.shape[-1:] != (3,):
            raise DataError(
                f"The pictures have shape {X.shape} and type {X.dtype}: bytes in three channels "
                "are needed."
            )
        found = np.empty_like(X)
        lut = to_linear(np.arange(256) / 255)
        for k in range(0, len(X), 100):
            light = np.clip(lut[X[k : k + 100]] @ self.matrix_, 0, 1)
            found[k : k + 100] = np.rint(255 * to_stored(light))
        return found
