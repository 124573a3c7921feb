"""A picture encoder that is taught to measure before it sees a label.

A net that is only told classes learns the training pictures by heart. One that predicts what a
ruler and a color chart measure on many changed copies has to look. Afterwards it is frozen: only
a linear layer behind it is trained on labels.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from ..base import DataError
from ..features.images import ColorTexture
from ..features.whitened import whitening
from .copies import changed_copies
from .encoders import TableEncoder, conv_block, plain_sizes
from .loop import to_device
from .moments import MomentPool
from .teaching import teach

SIDE = 48  # longer pictures are brought to it first


class TaughtImage(nn.Module):
    """Learns to measure, then is frozen, (batch, channels, height, width) -> (batch, width).

    Parameters
    ----------
    shape : (int, int, int)
        Height and width in pixels, 16 at least, and colors. Where the longer side has more than
        64 pixels, the picture is brought to 48 first.
    width : int
        Length of the vector that comes out.
    targets : transformer, optional
        Pictures (n, height, width, channels) to columns: what it learns to predict;
        `mmlib.features.ColorTexture` where nothing is said. Beside it a coarse map of where the
        object is.
    n_pictures : int
        About how many it is taught on: the training pictures and up to 19 changed copies of each.
    epochs : int
        How often it sees each of them.
    n_moments : int
        The linear layer is given 64 taught columns, which the measures are predicted from, and so
        many principal components of the moments behind them: what was seen though nobody asked.

    Raises
    ------
    DataError
        For pictures under 16 pixels, or samples that are no pictures.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.loop import own_randomness
    >>> from mmlib.nets.taught import TaughtImage
    >>> x = torch.randint(0, 256, (40, 48, 48, 3), dtype=torch.uint8)
    >>> with own_randomness(0):  # and double precision
    ...     encoder = TaughtImage((48, 48, 3), width=8, n_pictures=40, epochs=1)
    ...     _ = encoder.learn(x, (torch.full((3,), 128.0), torch.full((3,), 60.0)))
    >>> encoder(torch.randn(5, 3, 48, 48).double()).shape
    torch.Size([5, 8])
    """

    taught = 64

    def __init__(self, shape, width=64, targets=None, n_pictures=6000, epochs=7, n_moments=10):
        super().__init__()
        *size, channels = plain_sizes(self, shape, "height", "width", "colors")
        if min(size) < 16:
            raise DataError(
                f"TaughtImage needs pictures of at least 16 x 16 pixels and was given "
                f"{size[0]} x {size[1]}: use 'cnn', or describe them by a table of columns."
            )
        self.width, self.targets = width, targets
        self.n_pictures, self.epochs = n_pictures, epochs
        self.size = _smaller(size)
        strides = (2, 2, 2 if min(self.size) > 33 else 1, 1)  # a grid of 4 to 9 places a side
        wide = [channels, 24, 32, 48, self.taught]
        self.trunk = nn.Sequential(
            *(conv_block(2, *wide[i : i + 2], 3, stride) for i, stride in enumerate(strides))
        )
        grid = [math.ceil(side / math.prod(strides)) for side in self.size]
        self.pool = MomentPool(self.taught, grid)
        self.measure = nn.Sequential(
            nn.Linear(self.pool.width, 128), nn.ReLU(), nn.Linear(128, self.taught)
        )
        for parameter in self.parameters():
            parameter.requires_grad_(False)
        # Of the taught vector and of the components of the moments: what makes them columns.
        self.register_buffer("origin", torch.zeros(self.pool.width))
        self.register_buffer("patterns", torch.zeros(n_moments, self.pool.width))
        self.register_buffer("range", torch.tensor([[0.0], [1.0]]).repeat(1, self.taught))
        self.layer = TableEncoder(self.taught + n_moments, width)

    def learn(self, x, scaling):
        """Learn to measure the training pictures, then what the linear layer is given.

        Parameters
        ----------
        x : tensor of shape (n, height, width, channels)
            Bytes, or any other numbers.
        scaling : (center, scale), tensors
            What the encoder will be given is (x - center) / scale, with the channels first.

        Returns
        -------
        tensor of shape (taught, measures)
            From taught columns to the measures as they are predicted, but for constants.
        """
        small = torch.cat([self._smaller(part) for part in x.split(64)])  # for memory's sake
        low, span, images = _in_levels(small)
        rng = np.random.default_rng(int(torch.randint(2**31, (1,))))
        n_copies = min(19, max(0, round(self.n_pictures / len(images)) - 1))
        pool = changed_copies(images, n_copies, rng)

        def standard(rows):
            """Some pictures of the pool as the encoder will be given them."""
            raw = to_device(pool[rows] * span + low, self.origin.device)
            return ((raw - scaling[0]) / scaling[1]).permute(0, 3, 1, 2)

        targets = ColorTexture() if self.targets is None else self.targets
        say = teach(self, pool, standard, targets, self.epochs)
        originals = np.arange(len(images))  # which come first in the pool
        self._fix(standard(originals[i : i + 256]) for i in range(0, len(images), 256))
        return (say.weight * self.range[1]).T

    @torch.no_grad()
    def _fix(self, batches):
        """Standardize the columns by the training pictures."""
        moments = torch.cat([self.pool(self.trunk(x)) for x in batches])
        taught = self.measure(moments)
        spread = taught.std(0)
        self.range.copy_(torch.stack([taught.mean(0), torch.where(spread > 1e-9, spread, 1)]))
        origin, patterns = whitening(moments.cpu().numpy(), len(self.patterns))
        device = self.origin.device
        self.patterns[: len(patterns)] = to_device(patterns, device)
        self.origin.copy_(to_device(origin, device))

    def _smaller(self, x):
        """Pictures, channels last, brought to the size that is looked at."""
        if tuple(x.shape[1:3]) == tuple(self.size):
            return x
        small = F.adaptive_avg_pool2d(x.permute(0, 3, 1, 2).to(self.origin.dtype), self.size)
        return (small if x.is_floating_point() else small.round().to(x.dtype)).permute(0, 2, 3, 1)

    def columns(self, x):
        """What the linear layer is given, the same for good: taught columns, then components."""
        if tuple(x.shape[2:]) != tuple(self.size):
            x = F.adaptive_avg_pool2d(x, self.size)
        moments = self.pool(self.trunk(x))
        taught = (self.measure(moments) - self.range[0]) / self.range[1]
        return torch.cat([taught, (moments - self.origin) @ self.patterns.T], dim=1)

    def train(self, mode=True):
        """What was taught stays as it is, running means included."""
        super().train(mode)
        for part in (self.trunk, self.pool, self.measure):
            part.eval()
        return self

    def tokens(self, x):
        """A single token, (batch, 1, width): for places of a picture see `ImageCNN`."""
        return self(x)[:, None]

    def forward(self, x):
        return self.layer(self.columns(x))


def _smaller(size):
    """Height and width that are looked at, in pixels."""
    if max(size) <= 64:
        return tuple(size)
    return tuple(max(16, round(side * SIDE / max(size))) for side in size)


def _in_levels(x):
    """(low, span, levels): pictures as whole numbers, x = low + span * levels; bytes stay."""
    x = x.cpu().numpy()
    if x.dtype == np.uint8:
        return 0.0, 1.0, x
    low, high = x.min((0, 1, 2)), x.max((0, 1, 2))
    span = np.where(high > low, high - low, 1) / 65_000
    # Not the nearest level: halfway between two, where values like to lie, rounding would decide.
    return low, span, np.floor((x - low) / span + 0.381966).astype(np.uint16)
