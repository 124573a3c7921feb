"""Attention: one modality decides how much of what it takes from the other.

Attention is an average whose weights are computed from the sample itself. Four ways:

- `Gate` weighs whole modalities: one weight for each, as many as there are vectors;
- `CoAttention` weighs the tokens of a modality, asked by a summary of the others;
- `CrossAttention` lets every token of one modality ask all tokens of another;
- `FusionTransformer` lets all tokens ask all tokens.

The last three need tokens (stretches of a spectrum, places in a picture). Over a single
token a softmax is 1 whatever is asked: no weight is left to be learned.
`attention_maps` returns the weights. Weights run over the tokens of one sample, never
over the batch.
"""

import math

import torch
from torch import nn

from ..data import DataError
from ..loop import pick_device


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
        self.width = width = _common(widths, width)
        self.project = _projections(widths, width)
        self.score = nn.Linear(sum(widths.values()), len(widths))

    def maps(self, encoded):
        """Modality -> its weight for each sample, (batch,)."""
        scores = self.score(torch.cat([encoded[name] for name in self.project], dim=1))
        weights = scores.softmax(dim=1)
        return dict(zip(self.project, weights.unbind(1), strict=True))

    def forward(self, encoded):
        weights = self.maps(encoded)
        return sum(weights[name][:, None] * f(encoded[name]) for name, f in self.project.items())


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
        width = _common(widths, width)
        self.width = len(widths) * width
        self.project = _projections(widths, width)
        self.look = nn.ModuleDict({name: nn.Linear(width, width) for name in sorted(widths)})
        self.ask = nn.ModuleDict({name: nn.Linear(width, width, False) for name in sorted(widths)})
        self.score = nn.ModuleDict({name: nn.Linear(width, 1, False) for name in sorted(widths)})

    def maps(self, encoded):
        """Modality -> weights of its tokens, (batch, tokens)."""
        return self._attend(encoded)[1]

    def forward(self, encoded):
        return torch.cat(self._attend(encoded)[0], dim=1)

    def _attend(self, encoded):
        tokens = {name: project(encoded[name]) for name, project in self.project.items()}
        means = {name: x.mean(1) for name, x in tokens.items()}
        vectors, maps = [], {}
        for name, x in tokens.items():
            others = [mean for other, mean in means.items() if other != name] or [means[name]]
            question = self.ask[name](sum(others) / len(others))
            scores = self.score[name](torch.tanh(self.look[name](x) + question[:, None]))
            maps[name] = scores[..., 0].softmax(dim=1)
            vectors.append((maps[name][..., None] * x).sum(1))
        return vectors, maps


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
        width = _common(widths, width, heads)
        self.width = len(widths) * width
        self.project = _projections(widths, width)
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
    >>> from mmlib.fusion.attention import FusionTransformer
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
        self.width = width = _common(widths, width, heads)
        self.project = _projections(widths, width)
        self.place = _projections(dict.fromkeys(widths, width), width)
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
    >>> from mmlib.fusion.attention import waves
    >>> waves(2, 4).round(decimals=2)
    tensor([[0.0000, 0.0000, 1.0000, 1.0000],
            [0.8400, 0.0100, 0.5400, 1.0000]])
    """
    half = (width + 1) // 2
    speed = torch.exp(-math.log(1e4) * torch.arange(half) / half)
    angle = torch.arange(n)[:, None] * speed
    return torch.cat([angle.sin(), angle.cos()], dim=1)[:, :width]


def attention_maps(model, X):
    """The attention weights of a fitted model for some samples.

    Parameters
    ----------
    model : FusionClassifier, FusionRegressor, or a pipeline that ends in one
        Fitted, with a `fuse` of this file.
    X : mapping of str to array, samples first

    Returns
    -------
    dict of (str, str) to ndarray of shape (samples, heads, tokens, tokens)
        (who asks, who is asked) -> weights; those of one question add up to 1 (in a
        `FusionTransformer`: over all that are asked). For `CoAttention` modality -> (samples,
        tokens), for `Gate` modality -> (samples,).

    Raises
    ------
    DataError
        When the model has no attention.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.attention import Gate, attention_maps
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = mmlib.fusion.on_features(leaves, fuse=Gate, epochs=2).fit(leaves.X, leaves.y)
    >>> attention_maps(model, leaves.X)["image"].shape
    (100,)
    """
    if hasattr(model, "steps"):
        X, model = model[:-1].transform(X), model[-1]
    net = getattr(model, "net_", None)
    if not hasattr(getattr(net, "fuse", None), "maps"):
        raise DataError(
            f"{type(model).__name__} has no attention to show: fit a net whose fuse is Gate, "
            "CoAttention, CrossAttention or FusionTransformer."
        )
    device = pick_device(model.device)
    net.to(device).eval()
    with torch.inference_mode():
        parts = [net.fuse.maps(net.encode(x)) for x in model._batches(model._read(X), device)]
    return {key: torch.cat([part[key] for part in parts]).cpu().numpy() for key in parts[0]}


def _projections(widths, width):
    """One linear layer for each modality, in sorted order of the names."""
    return nn.ModuleDict({name: nn.Linear(widths[name], width) for name in sorted(widths)})


def _common(widths, width, heads=1):
    """The length of all tokens, as asked for or chosen."""
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
