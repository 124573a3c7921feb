"""Tokens: a modality becomes a row of small tables, one for each stretch or place.

What attention needs (`mmlib.fusion.attention`): something to choose from. Here the tokens
are cut from the data as they are, so that a weight belongs to known wavelengths or pixels;
those of a convolutional encoder overlap widely.
"""

import math
from functools import partial

import numpy as np
import torch
from torch import nn

from ..base import DataError
from ..data.dataset import Select
from .blocks import Blocks


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
    >>> from mmlib.fusion.tokens import windows
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
    ndarray of shape (samples, squares, 4 * channels), float32
        Squares row by row from the upper left; mean, standard deviation, minimum and
        maximum of every channel, in the unit of the pixels.

    Raises
    ------
    DataError
        When `size` does not divide height and width.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.tokens import patches
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
    return np.concatenate(describe, axis=2).astype(np.float32)


class TokenEncoder(nn.Module):
    """One linear layer from each token's columns to a vector.

    Parameters
    ----------
    shape : (int, int)
        Tokens of a sample, and columns of a token.
    width : int
        Length of each token's vector.
    own : bool
        Whether each place has weights of its own: for windows of a spectrum, where the
        place is the chemistry. Otherwise the weights are shared, for squares of a picture,
        and each place adds numbers of its own, so that a token knows where it is.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.tokens import TokenEncoder
    >>> encoder = TokenEncoder((36, 12), width=32)
    >>> x = torch.rand(5, 36, 12)
    >>> encoder(x).shape, encoder.tokens(x).shape
    (torch.Size([5, 32]), torch.Size([5, 36, 32]))
    """

    def __init__(self, shape, width=64, own=False):
        super().__init__()
        n, columns = shape
        self.width = width
        self.weight = nn.Parameter(
            torch.randn(n if own else 1, columns, width) / math.sqrt(columns)
        )
        self.place = nn.Parameter(torch.zeros(n, width))

    def tokens(self, x):
        """(batch, tokens, columns) -> (batch, tokens, width)."""
        weight = self.weight.expand(len(self.place), -1, -1)
        return torch.einsum("btc,tcw->btw", x, weight) + self.place

    def forward(self, x):
        return self.tokens(x).mean(1)


def on_tokens(data, n_windows=15, size=8, width=32, random_state=0, **options):
    """A net that is given windows of the spectra and squares of the pictures.

    Parameters
    ----------
    data : MultimodalData
        Shapes and task are looked at; nothing is fitted.
    n_windows, size : int
        See `windows` and `patches`. Spectra are pretreated first (standard normal variate);
        a table of less than 50 columns is a single token.
    width : int
        Length of each token, and of the head's hidden layer.
    random_state : int
    **options
        Of `mmlib.FusionClassifier`, or of `mmlib.FusionRegressor` for a quantity, such as
        ``fuse=CoAttention``.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Steps "blocks" and "model".

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.attention import CoAttention
    >>> from mmlib.fusion.tokens import on_tokens
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = on_tokens(leaves, fuse=CoAttention, epochs=2).fit(leaves.X, leaves.y)
    >>> model.predict_proba(leaves.X).shape
    (100, 5)
    """
    from sklearn.pipeline import Pipeline

    from ..training import FusionClassifier, FusionRegressor

    used = options.get("modalities") or data.modalities
    encoders = {}
    for name in [used] if isinstance(used, str) else used:
        encoders[name] = partial(TokenEncoder, own=data.X[name].ndim == 2)
    options = {"encoders": encoders, "width": width, "random_state": random_state} | options
    estimator = FusionClassifier if data.task == "classification" else FusionRegressor
    return Pipeline(
        [("blocks", token_blocks(data, n_windows, size)), ("model", estimator(**options))]
    )


def token_blocks(data, n_windows=15, size=8):
    """`Blocks` that cut each modality into tokens: (samples, tokens, columns).

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.tokens import token_blocks
    >>> leaves = mmlib.make_leaves(n_plants=10)
    >>> tokens = token_blocks(leaves).fit_transform(leaves.X)
    >>> tokens["spectrum"].shape, tokens["image"].shape
    ((50, 15, 15), (50, 36, 12))
    """
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    from ..features.spectra import spectrum_steps

    blocks = {}
    for name in data.modalities:
        shape = data.X[name].shape[1:]
        if len(shape) == 3:
            steps = [FunctionTransformer(patches, kw_args={"size": size})]
        else:
            spectrum = shape[0] >= 50
            cut = {"n": n_windows if spectrum else 1}
            steps = spectrum_steps(derivative=0) if spectrum else []
            steps = [*steps, FunctionTransformer(windows, kw_args=cut)]
        blocks[name] = make_pipeline(Select(name), *steps)
    return Blocks(blocks)
