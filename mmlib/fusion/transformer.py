"""A small transformer: all tokens of all modalities ask all, and one collects the answers."""

import math

import torch
from torch import nn

from .attention import common_width, projections


class FusionTransformer(nn.Module):
    """All tokens of all modalities in one small transformer; a class token collects.

    Each token is told which modality and which place it comes from: waves of its number,
    through a linear layer of that modality, are added to it.

    Parameters
    ----------
    widths : mapping of str to int
        Modality -> length of each of its tokens.
    heads, layers : int
        Of the transformer.
    width : int, optional
        Common length to which the tokens are brought first, a multiple of `heads`: that of
        the longest, rounded up.
    dropout : float

    Raises
    ------
    DataError
        When `heads` does not divide `width`.

    References
    ----------
    Vaswani et al. (2017), arXiv:1706.03762; the class token: Devlin et al. (2019),
    doi:10.18653/v1/N19-1423.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.transformer import FusionTransformer
    >>> fuse = FusionTransformer({"spectrum": 8, "image": 4}, heads=2, width=16)
    >>> tokens = {"spectrum": torch.rand(5, 18, 8), "image": torch.rand(5, 36, 4)}
    >>> fuse(tokens).shape
    torch.Size([5, 16])
    >>> fuse.maps(tokens)["class", "image"].shape
    torch.Size([5, 2, 1, 36])
    """

    uses_tokens = True

    def __init__(self, widths, heads=4, layers=1, width=None, dropout=0.1):
        super().__init__()
        self.width = width = common_width(widths, width, heads)
        self.project = projections(widths, width)
        self.place = projections(dict.fromkeys(widths, width), width)
        self.start = nn.Parameter(0.02 * torch.randn(1, 1, width))
        # Normalizing inside the branches leaves the sums as they are: amounts survive.
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width, heads, 2 * width, dropout, batch_first=True, norm_first=True
            )
            for _ in range(layers)
        )

    def maps(self, encoded):
        """(who asks, who is asked) -> weights of the last layer, (batch, heads, tokens, tokens).

        The class token is a modality "class" with one token.
        """
        x, names, counts = self._line_up(encoded)
        for layer in self.layers:
            asked = layer.norm1(x)
            weights = layer.self_attn(asked, asked, asked, average_attn_weights=False)[1]
            x = layer(x)
        return {
            (a, b): block
            for a, rows in zip(names, weights.split(counts, dim=2), strict=True)
            for b, block in zip(names, rows.split(counts, dim=3), strict=True)
        }

    def forward(self, encoded):
        x = self._line_up(encoded)[0]
        for layer in self.layers:
            x = layer(x)
        return x[:, 0]

    def _line_up(self, encoded):
        """All tokens in a row, the class token first; names and numbers of tokens."""
        x = {}
        for name, project in self.project.items():
            tokens = project(encoded[name])
            x[name] = tokens + self.place[name](waves(tokens.shape[1], self.width).to(tokens))
        first = self.start.expand(len(tokens), -1, -1)  # one for each sample
        counts = [1, *(tokens.shape[1] for tokens in x.values())]
        return torch.cat([first, *x.values()], dim=1), ["class", *x], counts


def waves(n, width):
    """Sine and cosine of n places in `width` / 2 wavelengths, (n, width).

    Examples
    --------
    >>> from mmlib.fusion.transformer import waves
    >>> waves(2, 4).round(decimals=2)
    tensor([[0.0000, 0.0000, 1.0000, 1.0000],
            [0.8400, 0.0100, 0.5400, 1.0000]])
    """
    half = (width + 1) // 2
    speed = torch.exp(-math.log(1e4) * torch.arange(half) / half)
    angle = torch.arange(n)[:, None] * speed
    return torch.cat([angle.sin(), angle.cos()], dim=1)[:, :width]
