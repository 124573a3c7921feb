"""Encoders of sequences: days of a plant, moments of a sound, words of a text, to one vector.

They have the two ways to be asked of all encoders (`mmlib.nets.encoders`); the tokens are the
steps. A sample is (steps, columns), or a row of word codes. Where samples differ in length, the
shorter ones are padded, and what stands in the padding reaches no output: a padded sample gets
the same vector as before. There are two ways to say where a sample ends:

- Its last column is 0 or above where something was measured (`mmlib.features.lagged.pad`). It is
  read after standardizing, too.
- Everything behind its end is zero: word codes, and frames of a sound. Standardizing would turn
  zeros into something else, so such samples are taken as they are (``as_given``); frames must have
  been brought to about mean 0 and spread 1 before.
"""

import torch
from torch import nn

from ..base import DataError
from .encoders import plain_sizes


class _SequenceEncoder(nn.Module):
    """What all share: the shape, which steps were measured, and pooling over them."""

    called = "steps", "columns"

    def __init__(self, shape, width, padded):
        super().__init__()
        self.width, self.padded = width, padded
        _, columns = plain_sizes(self, shape, *self.called)
        self.inputs = columns - (padded is True)
        if self.inputs < 1:
            raise DataError(
                f"{type(self).__name__} was given one column, and padded=True takes that as the "
                "mark of measured steps: add what was measured, or say padded=False."
            )

    def _read(self, x):
        """The series, zero where nothing was measured; where something was, (batch, steps, 1)."""
        if not self.padded:
            return x, torch.ones_like(x[:, :, :1])
        if self.padded == "zeros":
            there = (x != 0).any(2, keepdim=True).to(x.dtype)
            # A step of silence within a sample belongs to it: what counts is the last one.
            return x, there.flip(1).cummax(1).values.flip(1)
        there = x[:, :, -1:] >= 0
        if (there[:, 1:] & ~there[:, :-1]).any() or not there[:, 0].all():
            raise DataError(
                "A series must begin with its measured steps, and padding comes after them: "
                "make such series with mmlib.features.lagged.pad."
            )
        # Not by a product: a padding of infinity times zero is no number.
        return torch.where(there, x[:, :, :-1], torch.zeros_like(x[:, :, :-1])), there.to(x.dtype)

    def tokens(self, x):
        """What is seen or remembered at each step, (batch, steps, width); 0 in padding."""
        return self._see(x)[0]

    def forward(self, x):
        """Mean and maximum over the measured steps, brought together; tokens are 0 or above."""
        x, there = self._see(x)
        mean = x.sum(1) / there.sum(1).clamp(min=1)
        return self.join(torch.cat([mean, x.amax(1)], dim=1))


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
    padded : bool or "zeros"
        Whether the last column says which steps were measured: 0 or above is measured. "zeros":
        whether everything behind the end is zero.

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
    >>> from mmlib.nets.sequences import RecurrentEncoder
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

    def _see(self, x):
        x, there = self._read(x)
        return self.layer(x)[0] * there, there

    def forward(self, x):
        x, there = self._see(x)
        last = there.sum(1).long().clamp(min=1) - 1  # (batch, 1)
        return torch.take_along_dim(x, last[:, :, None], dim=1)[:, 0]


class WordLSTM(nn.Module):
    """Word codes to vectors, which a `RecurrentEncoder` reads: (batch, words) -> (batch, width).

    What it knows of a word does not depend on words that come later, nor on zeros behind the last.

    Parameters
    ----------
    shape : int, or (int,)
        Words of the longest text, see `mmlib.features.codes.WordCodes`.
    width : int
        Length of the vector that comes out.
    words : int
        Codes run from 0 to `words`, 0 being no word.
    embedding : int
        Length of each word's vector.

    Raises
    ------
    DataError
        For samples of more than one axis; when reading a code below 0 or above `words`.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.sequences import WordLSTM
    >>> encoder = WordLSTM(shape=4, width=8, words=20)
    >>> short, long = torch.tensor([[7, 2]]), torch.tensor([[7, 2, 0, 0]])
    >>> torch.allclose(encoder(short), encoder(long), atol=1e-6)
    True
    """

    as_given = True

    def __init__(self, shape, width=64, words=1000, embedding=16):
        super().__init__()
        (length,) = plain_sizes(self, shape, "words")
        self.width, self.words = width, words
        self.vectors = nn.Embedding(words + 1, embedding, padding_idx=0)
        self.reader = RecurrentEncoder((length, embedding), width, padded="zeros")

    def tokens(self, x):
        """What the LSTM holds in mind after each word, (batch, words, width); 0 behind the last."""
        return self.reader.tokens(self._vectors(x))

    def forward(self, x):
        return self.reader(self._vectors(x))

    def _vectors(self, x):
        codes = x.long()
        if codes.numel() and (codes.min() < 0 or codes.max() > self.words):
            raise DataError(
                f"A word code is {int(codes.min())} or {int(codes.max())}, but this encoder knows "
                f"0 to {self.words}: set its option `words` to the largest code."
            )
        return self.vectors(codes)  # zeros for no word


class TemporalCNN(_SequenceEncoder):
    """Convolutions along the steps, then mean and maximum, (batch, steps, columns) -> vector.

    It sees patterns of a few neighboring steps, wherever in the series they are.

    Parameters
    ----------
    shape, width, padded
        As for `RecurrentEncoder`.
    kernel : int
        Steps that a convolution looks at; an odd number.
    channels : sequence of int, optional
        Of the layers before the last; one, of `width`, where nothing is said.
    strides : sequence of int, optional
        Steps that each layer takes at once, to save time; 1 where nothing is said.

    Raises
    ------
    DataError
        For an even kernel, strides that are not one for each layer, or when padding comes before
        a measured step.

    References
    ----------
    Bai, Kolter & Koltun (2018), convolutional and recurrent networks for sequences,
    arXiv:1803.01271.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.sequences import TemporalCNN
    >>> TemporalCNN((10, 2), width=8)(torch.rand(5, 10, 2)).shape
    torch.Size([5, 8])
    """

    def __init__(self, shape, width=64, kernel=3, padded=False, channels=None, strides=None):
        super().__init__(shape, width, padded)
        if kernel < 1 or kernel % 2 == 0:
            raise DataError(f"kernel is {kernel}: it must be an odd number, such as 3.")
        sizes = [self.inputs, *([width] if channels is None else channels), width]
        strides = [1] * (len(sizes) - 1) if strides is None else strides
        if len(strides) != len(sizes) - 1:
            raise DataError(f"There are {len(strides)} strides for {len(sizes) - 1} layers.")
        self.layers = nn.ModuleList(
            nn.Conv1d(into, out, kernel, step, padding=kernel // 2)
            for into, out, step in zip(sizes, sizes[1:], strides, strict=False)
        )
        self.join = nn.Linear(2 * width, width)

    def _see(self, x):
        x, there = self._read(x)
        for layer in self.layers:
            there = there[:, :: layer.stride[0]]
            x = layer(x.transpose(1, 2)).transpose(1, 2).relu() * there
        return x, there


class FramesCNN(TemporalCNN):
    """Three convolutions along time, then mean and maximum, for frames that end with zeros.

    Parameters
    ----------
    shape, width
        As for `RecurrentEncoder`.
    channels : int
        Of the first two layers.
    stride : int
        Frames that the first layer takes at once, to save time; the second takes two.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.sequences import FramesCNN
    >>> encoder = FramesCNN(shape=(40, 13), width=8)
    >>> x = torch.rand(2, 30, 13)
    >>> filled = torch.cat([x, torch.zeros(2, 10, 13)], dim=1)
    >>> bool(torch.allclose(encoder(x), encoder(filled), atol=1e-5))
    True
    """

    as_given = True
    called = "frames", "columns"

    def __init__(self, shape, width=64, channels=32, stride=2):
        super().__init__(shape, width, 5, "zeros", [channels] * 2, [stride, 2, 1])


class TemporalMean(_SequenceEncoder):
    """Each step by itself, then mean and maximum over the steps: their order is lost.

    The bag of days: what it cannot tell, no model tells that forgets the order.

    Parameters
    ----------
    shape, width, padded
        As for `RecurrentEncoder`.

    References
    ----------
    Zaheer et al. (2017), Deep sets, arXiv:1703.06114.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.sequences import TemporalMean
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

    def _see(self, x):
        x, there = self._read(x)
        return self.layers(x) * there, there
