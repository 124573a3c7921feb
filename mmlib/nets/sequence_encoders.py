"""Encoders of series: a row of numbers for each day, frame or word, to one vector.

They have the two ways to be asked of all encoders (`mmlib.nets.encoders`); the tokens are the
steps. A sample is (steps, columns). Where samples differ in length, the shorter ones are padded
(`mmlib.features.lagged.pad`), and the last column says which steps were measured. What stands
in a step that was not measured reaches no output: a padded series gives the same vector as
before.
"""

import torch
from torch import nn

from ..base import DataError
from .encoders import plain_sizes


class _SequenceEncoder(nn.Module):
    """What all share: the shape, the mark of measured steps, and pooling over them."""

    def __init__(self, shape, width, padded):
        super().__init__()
        self.width, self.padded = width, padded
        _, columns = plain_sizes(self, shape, "steps", "columns")
        self.inputs = columns - bool(padded)
        if self.inputs < 1:
            raise DataError(
                f"{type(self).__name__} was given one column, and padded=True takes that as the "
                "mark of measured steps: add what was measured, or say padded=False."
            )

    def _read(self, x):
        """The series with zeros where nothing was measured, and where something was.

        Returns
        -------
        x : (batch, steps, columns)
        there : (batch, steps, 1), 1 or 0
        """
        if not self.padded:
            return x, torch.ones_like(x[:, :, :1])
        there = x[:, :, -1:] >= 0
        if (there[:, 1:] & ~there[:, :-1]).any() or not there[:, 0].all():
            raise DataError(
                "A series must begin with its measured steps, and padding comes after them: "
                "make such series with mmlib.features.lagged.pad."
            )
        # Not by a product: a padding of infinity times zero is no number.
        return torch.where(there, x[:, :, :-1], torch.zeros_like(x[:, :, :-1])), there.to(x.dtype)


class RecurrentEncoder(_SequenceEncoder):
    """A recurrent layer reads the steps in order, (batch, steps, columns) -> (batch, width).

    After each step it has a vector that depends on this step and all before it. The vector of
    the sample is the one after the last *measured* step.

    Parameters
    ----------
    shape : (int, int)
        Steps, and columns of a step.
    width : int
        Length of the vector and of each token.
    cell : {"lstm", "gru"}
        A GRU has fewer weights and no second memory.
    padded : bool
        Whether the last column says which steps were measured: 0 or above is measured.

    Raises
    ------
    DataError
        For an unknown cell, or when padding comes before a measured step.

    References
    ----------
    Hochreiter & Schmidhuber (1997), Long short-term memory, doi:10.1162/neco.1997.9.8.1735;
    Cho et al. (2014), gated recurrent units, arXiv:1406.1078.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.sequence_encoders import RecurrentEncoder
    >>> encoder = RecurrentEncoder((10, 2), width=8)
    >>> x = torch.rand(5, 10, 2)
    >>> encoder(x).shape, encoder.tokens(x).shape
    (torch.Size([5, 8]), torch.Size([5, 10, 8]))
    """

    def __init__(self, shape, width=64, cell="lstm", padded=False):
        super().__init__(shape, width, padded)
        cells = {"lstm": nn.LSTM, "gru": nn.GRU}
        if cell not in cells:
            raise DataError(f"cell is {cell!r}: it must be 'lstm' or 'gru'.")
        self.layer = cells[cell](self.inputs, width, batch_first=True)

    def tokens(self, x):
        """What is remembered after each step, (batch, steps, width); 0 in padding."""
        x, there = self._read(x)
        return self.layer(x)[0] * there

    def forward(self, x):
        _, there = self._read(x)
        last = there.sum(1).long() - 1  # (batch, 1)
        return torch.take_along_dim(self.tokens(x), last[:, :, None], dim=1)[:, 0]


class TemporalCNN(_SequenceEncoder):
    """Two convolutions along the steps, then mean and maximum, (batch, steps, columns) -> vector.

    It sees patterns of a few neighboring steps, wherever in the series they are.

    Parameters
    ----------
    shape : (int, int)
        Steps, and columns of a step.
    width : int
        Length of the vector and of each token.
    kernel : int
        Steps that a convolution looks at; an odd number.
    padded : bool
        As for `RecurrentEncoder`.

    Raises
    ------
    DataError
        For an even kernel, or when padding comes before a measured step.

    References
    ----------
    Bai, Kolter & Koltun (2018), convolutional and recurrent networks for sequences,
    arXiv:1803.01271.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.sequence_encoders import TemporalCNN
    >>> TemporalCNN((10, 2), width=8)(torch.rand(5, 10, 2)).shape
    torch.Size([5, 8])
    """

    def __init__(self, shape, width=64, kernel=3, padded=False):
        super().__init__(shape, width, padded)
        if kernel < 1 or kernel % 2 == 0:
            raise DataError(f"kernel is {kernel}: it must be an odd number, such as 3.")
        sizes = (self.inputs, width), (width, width)
        self.layers = nn.ModuleList(
            nn.Conv1d(into, out, kernel, padding=kernel // 2) for into, out in sizes
        )
        self.join = nn.Linear(2 * width, width)

    def tokens(self, x):
        """What is seen around each step, (batch, steps, width); 0 in padding."""
        x, there = self._read(x)
        for layer in self.layers:
            x = layer(x.transpose(1, 2)).transpose(1, 2).relu() * there
        return x

    def forward(self, x):
        return self.join(_mean_and_most(self.tokens(x), self._read(x)[1]))


class TemporalMean(_SequenceEncoder):
    """Each step by itself, then mean and maximum over the steps: their order is lost.

    The bag of days: what it cannot tell, no model tells that forgets the order.

    Parameters
    ----------
    shape : (int, int)
        Steps, and columns of a step.
    width : int
        Length of the vector and of each token.
    padded : bool
        As for `RecurrentEncoder`.

    References
    ----------
    Zaheer et al. (2017), Deep sets, arXiv:1703.06114.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.sequence_encoders import TemporalMean
    >>> encoder, x = TemporalMean((10, 2), width=8), torch.rand(5, 10, 2)
    >>> torch.allclose(encoder(x), encoder(x.flip(1)), atol=1e-6)
    True
    """

    def __init__(self, shape, width=64, padded=False):
        super().__init__(shape, width, padded)
        self.layers = nn.Sequential(
            nn.Linear(self.inputs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU()
        )
        self.join = nn.Linear(2 * width, width)

    def tokens(self, x):
        """What each step says, (batch, steps, width); 0 in padding."""
        x, there = self._read(x)
        return self.layers(x) * there

    def forward(self, x):
        return self.join(_mean_and_most(self.tokens(x), self._read(x)[1]))


def _mean_and_most(tokens, there):
    """Mean and maximum over the measured steps; tokens are 0 or above, and 0 in padding."""
    return torch.cat([tokens.sum(1) / there.sum(1), tokens.amax(1)], dim=1)
