"""Attention: an average over tokens, with weights computed from the sample itself.

- `Gate` weighs whole modalities, decided anew for each sample;
- `CoAttention` weighs the tokens of a modality, asked by a summary of the others;
- `CrossAttention` lets every token of one modality ask all tokens of another.

In the `FusionTransformer` of `mmlib.fusion.transformer` all tokens ask all. Tokens are
stretches of a spectrum or places in a picture (`mmlib.features.tokens`). Over a single token
a softmax is 1 whatever is asked: nothing is left to choose. Weights run over the tokens of
one sample, never over the batch.
"""

import torch
from torch import nn

from ..base import DataError

__all__ = ["CoAttention", "CrossAttention", "Gate"]


class CoAttention(nn.Module):
    """Each modality's tokens are averaged, weighted by what the other modalities show.

    The question put to the tokens of one modality is the mean token of all others. The
    averages are concatenated. A modality on its own asks itself.

    Parameters
    ----------
    widths : mapping of str to int
        Modality -> length of each of its tokens.
    width : int, optional
        Common length to which the tokens are brought first: that of the longest.

    References
    ----------
    Lu et al. (2016), hierarchical question-image co-attention, arXiv:1606.00061; the score
    is that of Bahdanau et al. (2015), arXiv:1409.0473.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.attention import CoAttention
    >>> fuse = CoAttention({"spectrum": 8, "image": 4}, width=16)
    >>> tokens = {"spectrum": torch.rand(5, 18, 8), "image": torch.rand(5, 36, 4)}
    >>> fuse(tokens).shape, fuse.maps(tokens)["image"].shape
    (torch.Size([5, 32]), torch.Size([5, 36]))
    """

    uses_tokens = True

    def __init__(self, widths, width=None):
        super().__init__()
        width = common_width(widths, width)
        self.width = len(widths) * width
        self.project = projections(widths, width)
        self.look = nn.ModuleDict({name: nn.Linear(width, width) for name in sorted(widths)})
        self.ask = nn.ModuleDict({name: nn.Linear(width, width, False) for name in sorted(widths)})
        self.score = nn.ModuleDict({name: nn.Linear(width, 1, False) for name in sorted(widths)})

    def maps(self, encoded):
        """Modality -> weights of its tokens, (batch, tokens)."""
        return self._weigh(self._lengthen(encoded))

    def pool(self, encoded, maps):
        """The averages with given weights, side by side, (batch, width)."""
        return self._average(self._lengthen(encoded), maps)

    def forward(self, encoded):
        tokens = self._lengthen(encoded)
        return self._average(tokens, self._weigh(tokens))

    def _lengthen(self, encoded):
        return {name: project(encoded[name]) for name, project in self.project.items()}

    def _weigh(self, tokens):
        means, maps = {name: x.mean(1) for name, x in tokens.items()}, {}
        for name, x in tokens.items():
            others = [mean for other, mean in means.items() if other != name] or [means[name]]
            question = self.ask[name](sum(others) / len(others))
            scores = self.score[name](torch.tanh(self.look[name](x) + question[:, None]))
            maps[name] = scores[..., 0].softmax(dim=1)
        return maps

    @staticmethod
    def _average(tokens, maps):
        return torch.cat([(maps[name][..., None] * x).sum(1) for name, x in tokens.items()], 1)


class CrossAttention(nn.Module):
    """Every token of one modality takes what it asks for from the tokens of another.

    For each ordered pair of modalities there is one `torch.nn.MultiheadAttention`. What a
    token receives is added to it; each modality's tokens are then averaged and the
    averages concatenated. A modality on its own asks itself.

    Parameters
    ----------
    widths : mapping of str to int
        Modality -> length of each of its tokens.
    heads : int
        Questions that each token may ask at the same time.
    width : int, optional
        Common length to which the tokens are brought first, a multiple of `heads`: that of
        the longest, rounded up.

    Raises
    ------
    DataError
        When `heads` does not divide `width`.

    References
    ----------
    Vaswani et al. (2017), Attention is all you need, arXiv:1706.03762; between modalities:
    Tsai et al. (2019), doi:10.18653/v1/P19-1656.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.attention import CrossAttention
    >>> fuse = CrossAttention({"spectrum": 8, "image": 4}, heads=2, width=16)
    >>> tokens = {"spectrum": torch.rand(5, 18, 8), "image": torch.rand(5, 36, 4)}
    >>> fuse(tokens).shape
    torch.Size([5, 32])
    >>> fuse.maps(tokens)["spectrum", "image"].shape  # asks, is asked
    torch.Size([5, 2, 18, 36])
    """

    uses_tokens = True

    def __init__(self, widths, heads=4, width=None):
        super().__init__()
        width = common_width(widths, width, heads)
        self.width = len(widths) * width
        self.project = projections(widths, width)
        names = sorted(widths)
        self.partners = {a: [b for b in names if b != a] or [a] for a in names}
        self.attend = nn.ModuleDict(
            {
                a: nn.ModuleDict(
                    {b: nn.MultiheadAttention(width, heads, batch_first=True) for b in partners}
                )
                for a, partners in self.partners.items()
            }
        )

    def maps(self, encoded):
        """(who asks, who is asked) -> weights, (batch, heads, tokens, tokens)."""
        x = {name: project(encoded[name]) for name, project in self.project.items()}
        return {
            (a, b): self.attend[a][b](x[a], x[b], x[b], average_attn_weights=False)[1]
            for a, partners in self.partners.items()
            for b in partners
        }

    def forward(self, encoded):
        x = {name: project(encoded[name]) for name, project in self.project.items()}
        vectors = []
        for a, partners in self.partners.items():
            received = [
                self.attend[a][b](x[a], x[b], x[b], need_weights=False)[0] for b in partners
            ]
            vectors.append((x[a] + sum(received)).mean(1))
        return torch.cat(vectors, dim=1)


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
    >>> from mmlib.fusion.attention import Gate
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
