"""Tokens: a modality becomes a row of small tables, one for each stretch or place.

What attention needs (`mmlib.fusion.attention`): something to choose from. Here the tokens
are cut from the data as they are, so that a weight belongs to known wavelengths or pixels;
those of a convolutional encoder overlap widely.
"""

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from ..base import DataError, is_spectrum
from ..data.mapping import Select
from .blocks import Blocks
from .spectra import spectrum_steps


def windows(spectra, n=15):
    """Cut spectra into windows of equal length that together hold every band.

    Parameters
    ----------
    spectra : array-like of shape (samples, bands)
    n : int
        Number of windows. Where the bands cannot be shared out evenly, neighbors overlap.

    Returns
    -------
    ndarray of shape (samples, n, bands of a window)

    Raises
    ------
    DataError
        For more windows than bands.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.tokens import windows
    >>> windows(np.array([[1, 2, 3, 4, 5]]), n=2).tolist()
    [[[1, 2, 3], [3, 4, 5]]]
    """
    spectra = np.asarray(spectra)
    bands = spectra.shape[1]
    if not 1 <= n <= bands:
        raise DataError(f"{bands} bands cannot be cut into {n} windows: choose 1 to {bands}.")
    length = -(-bands // n)
    starts = np.linspace(0, bands - length, n).round().astype(int)
    return spectra[:, starts[:, None] + np.arange(length)]


def patches(pictures, size=8):
    """Cut pictures into squares, each described by its mean, spread, darkest and brightest.

    Parameters
    ----------
    pictures : array-like of shape (samples, height, width, channels)
    size : int
        Side of a square in pixels; must divide height and width.

    Returns
    -------
    ndarray of shape (samples, squares, 4 * channels)
        Squares row by row from the upper left; mean, standard deviation, minimum and
        maximum of every channel, in the unit of the pixels.

    Raises
    ------
    DataError
        When `size` does not divide height and width.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.tokens import patches
    >>> patches(np.zeros((2, 48, 48, 3), np.uint8)).shape
    (2, 36, 12)
    """
    pictures = np.asarray(pictures)
    n, height, width, channels = pictures.shape
    if size < 1 or height % size or width % size:
        raise DataError(
            f"Pictures of {height} x {width} pixels cannot be cut into squares of {size}: "
            "choose a size that divides both."
        )
    squares = pictures.reshape(n, height // size, size, width // size, size, channels)
    squares = squares.transpose(0, 1, 3, 2, 4, 5).reshape(n, -1, size * size, channels)
    describe = [squares.mean(2), squares.std(2), squares.min(2), squares.max(2)]
    return np.concatenate(describe, axis=2)


def token_blocks(data, n_windows=15, size=8):
    """`Blocks` that cut each modality into tokens: (samples, tokens, columns).

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.features.tokens import token_blocks
    >>> leaves = mmlib.make_leaves(n_plants=10)
    >>> tokens = token_blocks(leaves).fit_transform(leaves.X)
    >>> tokens["spectrum"].shape, tokens["image"].shape
    ((50, 15, 15), (50, 36, 12))
    """

    blocks = {}
    for name in data.modalities:
        shape = data.X[name].shape[1:]
        if len(shape) == 3:
            steps = [FunctionTransformer(patches, kw_args={"size": size})]
        else:
            spectrum = is_spectrum(shape)
            cut = {"n": n_windows if spectrum else 1}
            steps = spectrum_steps(derivative=0) if spectrum else []
            steps = [*steps, FunctionTransformer(windows, kw_args=cut)]
        blocks[name] = make_pipeline(Select(name), *steps)
    return Blocks(blocks)
