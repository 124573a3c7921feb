"""A residual network for small pictures: each block adds to what it was given."""

import torch
from torch import nn

from ..base import DataError
from .encoders import conv_block, plain_sizes


class ResidualBlock(nn.Module):
    """Two convolutions whose result is *added* to their input, (batch, channels, h, w) as given.

    A plain layer must learn to pass on what it was given. This one passes it on anyway, and
    learns what to add; so many can stand in a row without the gradient fading on its way back.

    Parameters
    ----------
    channels : int

    References
    ----------
    He et al. (2016), doi:10.1109/CVPR.2016.90.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.residual import ResidualBlock
    >>> block, x = ResidualBlock(4).eval(), torch.rand(2, 4, 6, 6)
    >>> block(x).shape == x.shape
    True
    """

    def __init__(self, channels):
        super().__init__()
        second = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        nn.init.kaiming_normal_(second.weight, nonlinearity="relu")
        self.added = nn.Sequential(
            conv_block(2, channels, channels, 3, 1), second, nn.BatchNorm2d(channels)
        )

    def forward(self, x):
        return torch.relu(x + self.added(x))


class ResidualCNN(nn.Module):
    """A convolution, a residual block, then the largest value of each channel.

    The largest value over the picture finds a single spot, which a mean would dilute. It forgets
    where the spot was.

    Parameters
    ----------
    shape : (int, int, int)
        Height and width in pixels, at least 8, and channels.
    width : int
        Channels: the length of the vector and of each token.

    Raises
    ------
    DataError
        For pictures under 8 pixels, or samples that are no pictures.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.residual import ResidualCNN
    >>> encoder = ResidualCNN(shape=(48, 48, 3), width=12)
    >>> x = torch.rand(5, 3, 48, 48)
    >>> encoder(x).shape, encoder.tokens(x).shape
    (torch.Size([5, 12]), torch.Size([5, 576, 12]))
    """

    def __init__(self, shape, width=12):
        super().__init__()
        *size, channels = plain_sizes(self, shape, "height", "width", "channels")
        if min(size) < 8:
            raise DataError(
                f"ResidualCNN needs pictures of at least 8 x 8 pixels and was given {size[0]} x "
                f"{size[1]}: describe such small patches by a table of columns."
            )
        self.width = width
        first = conv_block(2, channels, width, 3, 1)
        self.layers = nn.Sequential(first, nn.MaxPool2d(2), ResidualBlock(width))

    def tokens(self, x):
        """One token for each place of a grid of half the size, (batch, places, width)."""
        return self.layers(x).flatten(2).transpose(1, 2)

    def forward(self, x):
        return self.tokens(x).amax(1)
