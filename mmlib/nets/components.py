"""Spectra as a net should meet them: a few whitened principal components.

A convolutional net on some hundred spectra spends its samples on finding what principal
components find without any label. See `mmlib.nets.encoders.SpectrumCNN` for one that looks at
bands in their order, where there are thousands.
"""

import torch
from torch import nn

from ..features.whitened import whitening
from .encoders import TableEncoder, plain_sizes
from .loop import to_device


class SpectrumComponents(nn.Module):
    """Whitened components of spectra and a linear layer, (batch, bands) -> (batch, width).

    Each spectrum is centered and divided by its own spread (standard normal variate); what that
    takes away, its level and spread, is kept as two columns more. The components are found in
    the training spectra (`learn`), without labels; then only the linear layer is trained.

    Parameters
    ----------
    bands : int, or (int,)
    width : int
        Length of the vector that comes out.
    n_components : int
        At most; a quarter of the training spectra, and the bands, are limits, too.

    References
    ----------
    Standard normal variate: Barnes et al. (1989), doi:10.1366/0003702894202201.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.components import SpectrumComponents
    >>> encoder = SpectrumComponents(bands=211, width=8)
    >>> x = torch.rand(100, 211)
    >>> encoder.learn(x, (torch.tensor(0.0), torch.tensor(1.0)))
    >>> encoder(x).shape, encoder.columns(x).shape
    (torch.Size([100, 8]), torch.Size([100, 22]))
    """

    def __init__(self, bands, width=64, n_components=20):
        super().__init__()
        (bands,) = plain_sizes(self, bands, "bands")
        self.width = width
        # Rows that are not used stay zero: shapes are known before anything is learned.
        self.register_buffer("center", torch.zeros(bands))
        self.register_buffer("scale", torch.ones(bands))
        self.register_buffer("patterns", torch.zeros(n_components, bands))
        self.register_buffer("origin", torch.zeros(bands))
        self.register_buffer("level", torch.tensor([[0.0, 0.0], [1.0, 1.0]]))
        self.layer = TableEncoder(n_components + 2, width)

    @torch.no_grad()
    def learn(self, x, scaling):
        """Find the components of the training spectra.

        Parameters
        ----------
        x : tensor of shape (n, bands)
            As measured.
        scaling : (center, scale), tensors
            What the encoder will be given is (x - center) / scale.
        """
        for buffer, value in zip((self.center, self.scale), scaling, strict=True):
            buffer.copy_(value)
        shape, level = _pretreated(x.to(self.center.dtype))
        origin, patterns = whitening(shape.cpu().numpy(), len(self.patterns))
        device = self.origin.device
        self.patterns[: len(patterns)] = to_device(patterns, device)
        self.origin.copy_(to_device(origin, device))
        spread = level.std(0)
        self.level.copy_(torch.stack([level.mean(0), torch.where(spread > 0, spread, 1)]))

    def columns(self, x):
        """What the linear layer is given, (batch, n_components + 2), the same after training."""
        shape, level = _pretreated(x * self.scale + self.center)
        components = (shape - self.origin) @ self.patterns.T
        return torch.cat([components, (level - self.level[0]) / self.level[1]], dim=1)

    def tokens(self, x):
        """A single token, (batch, 1, width)."""
        return self(x)[:, None]

    def forward(self, x):
        return self.layer(self.columns(x))


def _pretreated(x):
    """Standard normal variate of spectra (n, bands), and their level and spread (n, 2)."""
    mean, spread = x.mean(1), x.std(1, correction=0)
    floor = torch.where(spread > 0, spread, 1)  # a flat spectrum has no shape
    return (x - mean[:, None]) / floor[:, None], torch.stack([mean, spread], dim=1)
