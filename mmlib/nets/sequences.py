"""Encoders of sequences: words of a text, or moments of a sound.

Sequences differ in length, while an array has one shape. So they are filled up at the end with
zeros: a word code of 0 is no word, a frame in which all columns are 0 is no frame. Both encoders
here see to it that filling changes nothing: a sample gets the same vector however many zeros
follow. They take what they are given as it is (``as_given``), since standardizing would turn
zeros into something else; frames must have been brought to about mean 0 and spread 1 before.
"""

import torch
from torch import nn

from ..base import DataError
from .encoders import plain_sizes


class WordLSTM(nn.Module):
    """Word codes to vectors, read in order by an LSTM: (batch, words) -> (batch, width).

    The vector is what the LSTM holds in mind after the last word of the text, not after the zeros
    behind it. What it knows of a word does not depend on words that come later.

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

    References
    ----------
    Hochreiter & Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735.

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
        plain_sizes(self, shape, "words")
        self.width, self.words = width, words
        self.vectors = nn.Embedding(words + 1, embedding, padding_idx=0)
        self.layers = nn.LSTM(embedding, width, batch_first=True)

    def tokens(self, x):
        """What the LSTM holds in mind after each word, (batch, words, width); 0 behind the last."""
        codes = self._codes(x)
        return self.layers(self.vectors(codes))[0] * (codes > 0)[:, :, None]

    def forward(self, x):
        codes = self._codes(x)
        read = self.layers(self.vectors(codes))[0]
        last = (codes > 0).sum(1).clamp(min=1) - 1
        return read[torch.arange(len(read), device=read.device), last]

    def _codes(self, x):
        codes = x.long()
        if codes.numel() and (codes.min() < 0 or codes.max() > self.words):
            raise DataError(
                f"A word code is {int(codes.min())} or {int(codes.max())}, but this encoder knows "
                f"0 to {self.words}: set its option `words` to the largest code."
            )
        return codes


class FramesCNN(nn.Module):
    """Three convolutions along time, then mean and maximum: (batch, frames, columns) -> (batch,
    width).

    Parameters
    ----------
    shape : (int, int)
        Frames, of the longest sample, and columns of a frame.
    width : int
        Length of the vector and of each token.
    channels : int
        Of the first two layers.
    stride : int
        Frames that the first layer steps over at once, to save time.

    Raises
    ------
    DataError
        For samples of another number of axes.

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

    def __init__(self, shape, width=64, channels=32, stride=2):
        super().__init__()
        _, columns = plain_sizes(self, shape, "frames", "columns")
        self.width = width
        sizes = [(columns, channels, stride), (channels, channels, 2), (channels, width, 1)]
        self.layers = nn.ModuleList(
            nn.Conv1d(into, out, 5, step, padding=2) for into, out, step in sizes
        )
        self.pooled = nn.Linear(2 * width, width)

    def tokens(self, x):
        """One token for each stretch of time, (batch, stretches, width); 0 behind the end."""
        return self._read(x)[0].transpose(1, 2)

    def forward(self, x):
        x, inside = self._read(x)
        mean = x.sum(2) / inside.sum(2).clamp(min=1)
        return self.pooled(torch.cat([mean, x.amax(2)], dim=1))  # ReLU: nothing is below 0

    def _read(self, x):
        """(batch, width, stretches), and which stretches lie within the sample."""
        inside = (x != 0).any(2)[:, None]
        # A frame of silence within a sample belongs to it: what counts is the last frame.
        inside = inside.flip(2).cummax(2).values.flip(2)
        x = x.transpose(1, 2)
        for layer in self.layers:
            step = layer.stride[0]
            inside = inside[:, :, ::step]
            x = torch.relu(layer(x)) * inside
        return x, inside
