"""Pooling that knows where: moments of a grid in place of its plain average."""

import torch
from torch import nn


class MomentPool(nn.Module):
    """From a grid of vectors to its moments, (batch, channels, height, width) -> (batch, width).

    For each channel six numbers: its mean over the grid, and its means weighted by x, y,
    x^2, y^2 and x y, which say where it is and how far it is spread, and along which slant.
    A plain average cannot tell a blob on the left from a blob on the right.

    Parameters
    ----------
    channels : int
    grid : (int, int)
        Height and width.

    Attributes
    ----------
    width : int
        6 channels. Each number is standardized over the training batches.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.moments import MomentPool
    >>> pool = MomentPool(channels=1, grid=(4, 4)).eval()
    >>> left = torch.zeros(1, 1, 4, 4)
    >>> left[..., 0] = 1
    >>> both = pool(torch.cat([left, left.flip(3)]))[:, :2]  # mean, and mean weighted by x
    >>> bool(both[0, 0] == both[1, 0]), bool(both[0, 1] < 0 < both[1, 1])
    (True, True)
    """

    def __init__(self, channels, grid):
        super().__init__()
        y, x = (torch.linspace(-1, 1, side) for side in grid)
        y, x = torch.meshgrid(y, x, indexing="ij")
        weights = torch.stack([torch.ones_like(x), x, y, x * x - 1 / 3, y * y - 1 / 3, x * y])
        self.register_buffer("weights", weights.flatten(1).T / x.numel())  # (places, 6)
        self.grid, self.width = tuple(grid), 6 * channels
        self.norm = nn.BatchNorm1d(self.width)

    def forward(self, x):
        moments = x.flatten(2) @ self.weights  # (batch, channels, 6)
        # All means first, then all means weighted by x, and so on.
        return self.norm(moments.transpose(1, 2).flatten(1))
