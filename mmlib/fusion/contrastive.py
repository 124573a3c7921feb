"""Contrastive fusion: the two vectors of one sample shall find each other.

Among all samples of a batch, the picture must pick out its own spectrum, and the
spectrum its own picture. That is an ordinary classification, with the partner as the
right class, and its loss needs no labels. `info_nce` is this loss, `InfoNCE` the same
with a temperature that is learned, and `Contrastive` the plain net of notebook 06 with
this loss added. Training without any labels is in `mmlib.fusion.embedding`.
"""

import itertools
import math

import torch
import torch.nn.functional as F
from torch import nn

from ..base import DataError
from ..nets.loop import to_device


def info_nce(a, b, temperature=0.1, same=None):
    """How badly the rows of `a` and of `b` find their partners in each other.

    Parameters
    ----------
    a, b : tensor of shape (batch, width)
        Row i of one belongs to row i of the other. They are brought to length 1 here.
    temperature : float or tensor
        What the cosines are divided by. Low: only the closest strangers count.
    same : tensor of bool, shape (batch, batch), optional
        Which rows of `a` and of `b` belong together, at least one in each row and column,
        where that is more than the partner alone: with ``same[i, j] = (y[i] == y[j])`` it
        is the supervised contrastive loss across modalities.

    Returns
    -------
    tensor, a single number
        The mean of both directions; log(batch) for vectors that say nothing.

    Raises
    ------
    DataError
        When `a` and `b` differ in shape, or somebody has no partner.

    References
    ----------
    van den Oord, Li & Vinyals (2018), arXiv:1807.03748; symmetric: Radford et al. (2021),
    CLIP, arXiv:2103.00020; with labels: Khosla et al. (2020), arXiv:2004.11362.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.contrastive import info_nce
    >>> pictures, spectra = torch.eye(2), torch.eye(2)
    >>> f"{info_nce(pictures, spectra, temperature=1.0):.3f}"  # log(1 + 1/e)
    '0.313'
    >>> f"{info_nce(pictures, spectra.flip(0), temperature=1.0):.3f}"  # log(1 + e)
    '1.313'
    """
    if a.ndim != 2 or a.shape != b.shape:
        raise DataError(
            f"The two embeddings have shapes {tuple(a.shape)} and {tuple(b.shape)}: both must be "
            "(batch, width), the same for both."
        )
    if same is not None and not (
        same.shape == (len(a), len(a)) and same.any(0).all() and same.any(1).all()
    ):
        raise DataError(
            f"`same` must have shape ({len(a)}, {len(a)}) with a partner in each row and column."
        )
    similarity = F.normalize(a, dim=1) @ F.normalize(b, dim=1).T / temperature
    if same is None:
        partner = torch.arange(len(a), device=a.device)
        rows = columns = partner
    else:
        rows = same.to(a.dtype) / same.sum(1, keepdim=True)
        columns = same.T.to(a.dtype) / same.T.sum(1, keepdim=True)
    return (F.cross_entropy(similarity, rows) + F.cross_entropy(similarity.T, columns)) / 2


class InfoNCE(nn.Module):
    """`info_nce` of two or more modalities, with a learned temperature.

    Parameters
    ----------
    temperature : float
        Where it starts.
    bounds : (float, float)
        It never leaves these. Without a lower one, a net that finds every training partner
        would lower it for ever.
    learn : bool
        Keep it as it is where False.

    Raises
    ------
    DataError
        When it starts outside its bounds.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.contrastive import InfoNCE
    >>> loss = InfoNCE(temperature=1.0)
    >>> f"{loss(torch.eye(2), torch.eye(2), torch.eye(2)).item():.3f}"  # mean over three pairs
    '0.313'
    """

    def __init__(self, temperature=0.1, bounds=(0.01, 1.0), learn=True):
        super().__init__()
        low, high = bounds
        if not 0 < low <= temperature <= high:
            raise DataError(
                f"The temperature {temperature} must lie between its bounds {low} and {high}, "
                "which are above 0."
            )
        self.bounds = bounds
        # Its logarithm is learned: steps are then shares of it, and it stays above 0.
        self.log_temperature = nn.Parameter(torch.tensor(math.log(temperature)), learn)

    @property
    def temperature(self):
        """The temperature as it is now, a number."""
        held = self.log_temperature.detach().clamp(*map(math.log, self.bounds))
        return held.exp().item()  # a step may just have left the bounds

    def forward(self, *embeddings, same=None):
        """Mean over all pairs of modalities; 0 for a single one."""
        with torch.no_grad():  # the number itself is held, so that it can come back any time
            self.log_temperature.clamp_(*map(math.log, self.bounds))
        pairs = list(itertools.combinations(embeddings, 2))
        if not pairs:
            return 0.0 * self.log_temperature
        temperature = self.log_temperature.exp()
        return sum(info_nce(a, b, temperature, same) for a, b in pairs) / len(pairs)


def projection(width, dim):
    """A bend and a layer: where a vector is compared, (batch, width) -> (batch, dim).

    What is thrown away for the comparison is thrown away here; the vector itself may keep it
    (Chen et al., 2020, SimCLR, arXiv:2002.05709).
    """
    return nn.Sequential(nn.ReLU(), nn.Linear(width, dim))


class Contrastive(nn.Module):
    """A `fuse`: concatenation, and a loss that lets the vectors of a sample find each other.

    Each vector is projected to a space that all modalities share; `InfoNCE` of the
    projections is added to the training loss. The head decides from the vectors.

    Parameters
    ----------
    widths : mapping of str to int
        Modality -> length of its vector. With a single one there is nothing to compare.
    dim : int
        Width of the shared space.
    weight : float
        Of the contrastive loss, beside that of the labels, which has 1. At 0 nothing pulls
        partners together.
    temperature : float
        Where it starts; it is learned.
    supervised : bool
        Take all samples of one class for partners of each other. Ignored for quantities.
    give : {"vectors", "projections"}
        What the head gets.

    Raises
    ------
    DataError
        For another `give`, or a shared space without width.

    References
    ----------
    Radford et al. (2021), CLIP, arXiv:2103.00020; with labels: Khosla et al. (2020),
    arXiv:2004.11362.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.contrastive import Contrastive
    >>> fuse = Contrastive({"spectrum": 16, "image": 32}, dim=8)
    >>> encoded = {"spectrum": torch.rand(5, 16), "image": torch.rand(5, 32)}
    >>> fuse(encoded).shape, fuse.loss(encoded, None).shape
    (torch.Size([5, 48]), torch.Size([]))
    """

    def __init__(
        self, widths, dim=32, weight=1.0, temperature=0.1, supervised=False, give="vectors"
    ):
        super().__init__()
        if give not in ("vectors", "projections"):
            raise DataError(f"give is {give!r}: it must be 'vectors' or 'projections'.")
        if dim < 1:
            raise DataError(f"dim is {dim}: the shared space needs a width of 1 or more.")
        self.weight, self.supervised, self.give = weight, supervised, give
        self.projections = nn.ModuleDict()
        if len(widths) > 1 or give == "projections":
            self.projections.update({k: projection(widths[k], dim) for k in sorted(widths)})
        self.contrast = InfoNCE(temperature)
        self.width = sum(widths.values()) if give == "vectors" else dim * len(widths)

    def embed(self, encoded):
        """Modality -> its place in the shared space, (batch, dim), rows of length 1."""
        return {k: F.normalize(self.projections[k](encoded[k]), dim=1) for k in sorted(encoded)}

    def forward(self, encoded):
        met = encoded if self.give == "vectors" else self.embed(encoded)
        return torch.cat([met[name] for name in sorted(met)], dim=1)

    def loss(self, encoded, y):
        """`weight` times the contrastive loss of a batch; `y` matters where `supervised`."""
        if len(encoded) < 2:
            return 0.0 * self.contrast.log_temperature
        by_class = self.supervised and not y.is_floating_point()
        same = y[:, None] == y if by_class else None
        return self.weight * self.contrast(*self.embed(encoded).values(), same=same)


def shared_places(model, X):
    """Where a fitted `FusionClassifier` with the fuse `Contrastive` puts samples.

    Parameters
    ----------
    model : FusionClassifier or FusionRegressor
    X : mapping of str to array-like

    Returns
    -------
    dict of str to ndarray of shape (samples, dim)
        Modality -> places in the shared space, rows of length 1.

    Raises
    ------
    DataError
        When the model has no shared space.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.contrastive import Contrastive, shared_places
    >>> leaves = mmlib.make_leaves(n_plants=10)
    >>> model = mmlib.FusionClassifier(fuse=Contrastive, epochs=1).fit(leaves.X, leaves.y)
    >>> shared_places(model, leaves.X)["image"].shape
    (50, 32)
    """
    if not hasattr(model.net_.fuse, "embed"):
        raise DataError("This model has no shared space: train it with fuse=Contrastive.")
    net, parts = to_device(model.net_, "cpu").eval(), []
    with torch.inference_mode():
        for batch in model.batches(X, "cpu"):
            parts.append(net.fuse.embed(net.encode(batch)))
    return {name: torch.cat([part[name] for part in parts]).numpy() for name in parts[0]}
