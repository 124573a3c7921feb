"""Encoders: torch modules that turn one modality into a vector, or into tokens.

Every encoder has a ``width`` and two ways to be asked:

- ``encoder(x)``: one vector for each sample, (batch, width);
- ``encoder.tokens(x)``: what the vector was pooled from, (batch, tokens, width),
  one token for each stretch of the spectrum or place in the picture.

They are small and step over their input early (strides), so that they train on a
laptop without a graphics card. Batch normalization is used, not layer or group
normalization, because those divide out how much of something is in a sample
(lesion cover, water content), which is what measurements are about. When
predicting, it uses stored constants: no sample depends on its neighbors.
"""

import math

import numpy as np
import torch
from torch import nn

from ..base import DataError, is_spectrum


class TableEncoder(nn.Module):
    """One linear layer for a table of features, (batch, columns) -> (batch, width).

    No more than that: the columns were made by somebody who knew what to look for, and
    more layers only learn the training samples by heart. What bends is the head.

    Parameters
    ----------
    columns : int, or (int,)
    width : int
        Length of the vector that comes out.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.encoders import TableEncoder
    >>> TableEncoder(columns=4, width=8)(torch.rand(2, 4)).shape
    torch.Size([2, 8])
    """

    def __init__(self, columns, width=64):
        super().__init__()
        self.width = width
        (columns,) = plain_sizes(self, columns, "columns")
        self.layer = nn.Linear(columns, width)

    def tokens(self, x):
        """A table is a single token, (batch, 1, width)."""
        return self(x)[:, None]

    def forward(self, x):
        return self.layer(x)


class SpectrumCNN(nn.Module):
    """Three strided convolutions along the bands, (batch, bands) -> (batch, width).

    The vector is not an average over the bands: a peak's place is its chemistry,
    so every stretch of the spectrum keeps weights of its own.

    Parameters
    ----------
    bands : int, or (int,)
        At least 8; meant for 50 to 2500.
    width : int
        Length of the vector and of each token.

    Raises
    ------
    DataError
        For fewer than 8 bands, or samples of more than one axis.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.encoders import SpectrumCNN
    >>> encoder = SpectrumCNN(bands=211, width=32)
    >>> x = torch.rand(5, 211)
    >>> encoder(x).shape, encoder.tokens(x).shape
    (torch.Size([5, 32]), torch.Size([5, 18, 32]))
    """

    def __init__(self, bands, width=64):
        super().__init__()
        (bands,) = plain_sizes(self, bands, "bands")
        if bands < 8:
            raise DataError(
                f"SpectrumCNN needs at least 8 bands and was given {bands}: "
                "use TableEncoder for short tables."
            )
        self.width = width
        first = min(16, max(1, bands // 64))  # long spectra are stepped over at once
        self.layers = nn.Sequential(
            conv_block(1, 1, 16, max(7, 2 * first + 1), first),
            conv_block(1, 16, 32, 5, 2),
            conv_block(1, 32, 32, 3, 2),
        )
        length = (bands - 1) // first + 1
        self.stretches = (length + 3) // 4
        # One matrix for each stretch: (stretch, channel, width).
        self.weight = nn.Parameter(torch.randn(self.stretches, 32, width) / math.sqrt(32))
        self.bias = nn.Parameter(torch.zeros(self.stretches, width))

    def tokens(self, x):
        """One token for each stretch of the spectrum, (batch, stretches, width)."""
        x = self.layers(x[:, None])  # (batch, channels, stretches)
        return torch.einsum("bct,tcw->btw", x, self.weight) + self.bias

    def forward(self, x):
        return self.tokens(x).sum(1) / math.sqrt(self.stretches)


class ImageCNN(nn.Module):
    """Strided convolutions over a picture, (batch, channels, height, width) -> (batch, width).

    The picture is halved until a grid of about 6 x 6 places is left; the vector is
    the average over the grid. So it counts small spots wherever they are.

    Parameters
    ----------
    shape : (int, int, int)
        Height and width in pixels, meant for 16 to 224, and colors: 1, 3, 4 or more.
    width : int
        Length of the vector and of each token.

    Raises
    ------
    DataError
        For pictures under 8 pixels, or samples that are no pictures.

    Notes
    -----
    `start_from` sets the first layer to the main patterns found in the pictures to
    train on, each divided by its usual strength ("whitening"). Small networks then
    find faint small spots far more reliably than from random weights. It needs no
    labels. After Coates & Ng (2012), doi:10.1007/978-3-642-35289-8_30.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.encoders import ImageCNN
    >>> encoder = ImageCNN(shape=(48, 48, 3), width=32)
    >>> x = torch.rand(5, 3, 48, 48)
    >>> encoder(x).shape, encoder.tokens(x).shape
    (torch.Size([5, 32]), torch.Size([5, 36, 32]))
    """

    def __init__(self, shape, width=64):
        super().__init__()
        *size, channels = plain_sizes(self, shape, "height", "width", "colors")
        if min(size) < 8:
            raise DataError(
                f"ImageCNN needs pictures of at least 8 x 8 pixels and was given "
                f"{size[0]} x {size[1]}: describe such small patches by a table of columns."
            )
        self.width = width
        halvings = max(1, round(math.log2(min(size) / 6)))
        # Most of the arithmetic of a picture is in its first layers, so the first one steps by 4.
        strides = [4, 1] + [2] * (halvings - 2) if halvings > 2 else [2] * halvings
        strides += [1] * max(1, 4 - len(strides))
        n_layers = len(strides)
        wide = [channels, 24, 32, *[48] * (n_layers - 3), width]
        kernels = [5] + [3] * (n_layers - 2) + [1]
        self.layers = nn.Sequential(
            *(conv_block(2, wide[i], wide[i + 1], kernels[i], strides[i]) for i in range(n_layers))
        )

    @torch.no_grad()
    def start_from(self, x, patches_per_picture=64):
        """Set the first layer by `x`, standardized pictures (n, channels, height, width)."""
        conv = self.layers[0][0]
        k = conv.kernel_size[0]
        patches = x.unfold(2, k, 1).unfold(3, k, 1)  # a view: (n, channels, rows, columns, k, k)
        n_rows, n_columns = patches.shape[2:4]
        places = torch.randint(n_rows * n_columns, (patches_per_picture,), device=x.device)
        patches = patches[:, :, places // n_columns, places % n_columns]
        patches = patches.transpose(1, 2).flatten(2).flatten(0, 1)
        patches = patches - patches.mean(0)
        covariance = (patches.T @ patches / len(patches)).cpu()  # not every card has eigh
        strength, pattern = torch.linalg.eigh(covariance)
        half = min(conv.out_channels // 2, len(strength))
        strength, pattern = strength.flip(0)[:half], pattern.flip(1)[:, :half]
        filters = (pattern / (strength + 0.01).sqrt()).T.reshape(half, *conv.weight.shape[1:])
        conv.weight[:half] = filters  # and the opposite ones, since ReLU keeps one sign
        conv.weight[half : 2 * half] = -filters

    def tokens(self, x):
        """One token for each place of the grid, row by row, (batch, places, width)."""
        return self.layers(x).flatten(2).transpose(1, 2)

    def forward(self, x):
        return self.tokens(x).mean(1)


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
    >>> from mmlib.nets.encoders import TokenEncoder
    >>> encoder = TokenEncoder((36, 12), width=32)
    >>> x = torch.rand(5, 36, 12)
    >>> encoder(x).shape, encoder.tokens(x).shape
    (torch.Size([5, 32]), torch.Size([5, 36, 32]))
    """

    def __init__(self, shape, width=64, own=False):
        super().__init__()
        n, columns = plain_sizes(self, shape, "tokens", "columns")
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


def default_encoder(shape, width=64):
    """Choose an encoder by the shape of one sample.

    Parameters
    ----------
    shape : tuple of int
        ``(columns,)`` or ``(height, width, channels)``, as in ``X``.
    width : int
        Length of the vector that comes out.

    Returns
    -------
    torch.nn.Module
        `ImageCNN` for a picture, `SpectrumCNN` from 50 columns on, else `TableEncoder`.

    Raises
    ------
    DataError
        For any other shape.

    Examples
    --------
    >>> from mmlib.nets.encoders import default_encoder
    >>> type(default_encoder((211,))).__name__, type(default_encoder((48, 48, 3))).__name__
    ('SpectrumCNN', 'ImageCNN')
    """
    if len(shape) not in (1, 3):
        raise DataError(
            f"There is no default encoder for samples of shape {tuple(shape)}: a spectrum or table "
            "has one axis, a picture three (height, width, channels); give your own in `encoders`."
        )
    plain = len(shape) == 1 and not is_spectrum(tuple(shape))
    return TableEncoder(shape, width) if plain else cnn(shape, width)


def cnn(shape, width=64):
    """`ImageCNN` for a picture, `SpectrumCNN` for a sample of one axis."""
    return ImageCNN(shape, width) if len(shape) == 3 else SpectrumCNN(shape, width)


def conv_block(axes, into, out, kernel, stride):
    """Convolution along one axis or two, batch normalization, ReLU."""
    conv, norm = (nn.Conv1d, nn.BatchNorm1d) if axes == 1 else (nn.Conv2d, nn.BatchNorm2d)
    conv = conv(into, out, kernel, stride, kernel // 2, bias=False)
    # He et al. (2015), doi:10.1109/ICCV.2015.123: keeps the signal's size through ReLU layers.
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    return nn.Sequential(conv, norm(out), nn.ReLU())


def plain_sizes(encoder, shape, *names):
    """The shape of a sample as plain numbers, one for each name."""
    sizes = tuple(int(size) for size in np.atleast_1d(shape))
    if len(sizes) != len(names):
        raise DataError(
            f"{type(encoder).__name__} takes samples of {' x '.join(names)} and was given the "
            f"shape {sizes}: choose another encoder."
        )
    return sizes
