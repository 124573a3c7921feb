"""A gate: how much of each modality, decided anew for each sample.

Also what it shares with `mmlib.fusion.attention`: bringing everything to one length.
"""

import torch
from torch import nn

from ..base import DataError


class Gate(nn.Module):
    """A weighted average of the modalities, with weights of its own for each sample.

    The weights are not negative and add up to 1.

    Parameters
    ----------
    widths : mapping of str to int
        Modality -> length of its vector.
    width : int, optional
        Common length to which the vectors are brought first: that of the longest.

    References
    ----------
    Arevalo et al. (2020), gated multimodal units, doi:10.1007/s00521-019-04559-1.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.gate import Gate
    >>> gate = Gate({"spectrum": 8, "image": 4})
    >>> vectors = {"spectrum": torch.rand(5, 8), "image": torch.rand(5, 4)}
    >>> gate(vectors).shape
    torch.Size([5, 8])
    >>> weights = gate.maps(vectors)
    >>> torch.allclose(weights["spectrum"] + weights["image"], torch.ones(5))
    True
    """

    def __init__(self, widths, width=None):
        super().__init__()
        self.width = width = common_width(widths, width)
        self.project = projections(widths, width)
        self.score = nn.Linear(sum(widths.values()), len(widths))

    def maps(self, encoded):
        """Modality -> its weight for each sample, (batch,)."""
        scores = self.score(torch.cat([encoded[name] for name in self.project], dim=1))
        weights = scores.softmax(dim=1)
        return dict(zip(self.project, weights.unbind(1), strict=True))

    def pool(self, encoded, weights):
        """The average with given weights, (batch, width)."""
        return sum(weights[name][:, None] * f(encoded[name]) for name, f in self.project.items())

    def forward(self, encoded):
        return self.pool(encoded, self.maps(encoded))


def projections(widths, width):
    """One linear layer for each modality, in sorted order of the names."""
    return nn.ModuleDict({name: nn.Linear(widths[name], width) for name in sorted(widths)})


def common_width(widths, width, heads=1):
    """The length of all tokens: as asked for, or that of the longest for that many heads."""
    if heads < 1:
        raise DataError(f"heads is {heads}: attention needs at least one.")
    if width is None:
        return -(-max(widths.values()) // heads) * heads
    if width < 1 or width % heads:
        raise DataError(
            f"Tokens of width {width} cannot be shared by {heads} heads: choose a multiple of "
            f"{heads}."
        )
    return width
