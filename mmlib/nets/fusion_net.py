"""Intermediate fusion: each modality becomes a vector, and the vectors meet.

`FusionNet` is the picture *encoders -> fuse -> head* as a torch module. What the
notebooks change from rung to rung is `fuse`, any module with

- ``fuse.width``: the length of the vector it returns;
- ``fuse(encoded)``: a dict *modality -> (batch, width)*, in sorted order of the
  names, to one (batch, fuse.width);
- optionally ``fuse.uses_tokens = True``: it is given (batch, tokens, width) instead;
- optionally ``fuse.loss(encoded, y)``: something to add to the training loss.

With one encoder it is the plain network on that modality. Training is not here:
see `mmlib.nets.loop`.
"""

import torch
from torch import nn

from ..base import DataError


class Concatenate(nn.Module):
    """Put the vectors side by side, in sorted order of the modality names.

    Parameters
    ----------
    widths : mapping of str to int
        Modality -> length of its vector.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.fusion_net import Concatenate
    >>> fuse = Concatenate({"spectrum": 1, "image": 2})
    >>> fuse({"spectrum": torch.tensor([[9.0]]), "image": torch.tensor([[1.0, 2.0]])})
    tensor([[1., 2., 9.]])
    """

    def __init__(self, widths):
        super().__init__()
        self.width = sum(widths.values())

    def forward(self, encoded):
        return torch.cat([encoded[name] for name in sorted(encoded)], dim=1)


class FusionNet(nn.Module):
    """Encoders, a place where their outputs meet, and a head that decides.

    Parameters
    ----------
    encoders : mapping of str to Module
        Modality -> module from (batch, ...) to (batch, width), with ``tokens`` too if
        `fuse` uses tokens. The order of the mapping does not matter.
    fuse : Module
        See the top of this file.
    head : Module
        From (batch, fuse.width) to (batch, outputs).
    auxiliary : mapping of str to Module, optional
        Heads that decide from one modality alone. They only take part in training,
        where they keep a strong modality from silencing a weak one.
    modality_dropout : float
        Chance, in training, that a sample's modality is set to zero; each sample
        keeps at least one.
    auxiliary_weight : float
        Of the loss of each auxiliary head, beside the loss of `head`.
    mixup : float
        Above 0, each training batch is mixed with itself in another order, after the encoders:
        a share of one sample's vectors and the rest of another's, and their losses likewise. The
        share is drawn for each batch from Beta(mixup, mixup).

    Raises
    ------
    DataError
        When a batch lacks a modality, or a name cannot name a module.

    References
    ----------
    Ngiam et al. (2011), Multimodal deep learning, ICML. Modality dropout: Neverova et
    al. (2016), ModDrop, doi:10.1109/TPAMI.2015.2461544. Mixing: Zhang et al. (2018), mixup,
    arXiv:1710.09412; Verma et al. (2019), Manifold mixup, arXiv:1806.05236.

    Examples
    --------
    >>> import torch
    >>> from torch import nn
    >>> from mmlib.nets.fusion_net import Concatenate, FusionNet
    >>> encoders = {"spectrum": nn.Linear(50, 4), "size": nn.Linear(2, 4)}
    >>> net = FusionNet(encoders, Concatenate({"spectrum": 4, "size": 4}), nn.Linear(8, 3))
    >>> net({"spectrum": torch.rand(5, 50), "size": torch.rand(5, 2)}).shape
    torch.Size([5, 3])
    """

    def __init__(
        self,
        encoders,
        fuse,
        head,
        auxiliary=None,
        modality_dropout=0.0,
        auxiliary_weight=0.0,
        mixup=0.0,
    ):
        super().__init__()
        self.modalities = sorted(encoders)
        self.encoders = by_name(encoders)
        self.fuse = fuse
        self.head = head
        self.auxiliary = nn.ModuleDict(auxiliary or {})
        self.modality_dropout = modality_dropout
        self.auxiliary_weight = auxiliary_weight
        self.mixup = mixup

    def encode(self, X):
        """Modality -> vectors (batch, width), or tokens (batch, tokens, width)."""
        missing = [name for name in self.modalities if name not in X]
        if missing:
            raise DataError(
                f"The batch has no modality {missing[0]!r}: it has {', '.join(X) or 'none'}."
            )
        if getattr(self.fuse, "uses_tokens", False):
            return {name: self.encoders[name].tokens(X[name]) for name in self.modalities}
        return {name: self.encoders[name](X[name]) for name in self.modalities}

    def decide(self, encoded):
        """From what `encode` returned to the outputs, (batch, outputs)."""
        if self.training and self.modality_dropout and len(encoded) > 1:
            encoded = drop_modalities(encoded, self.modality_dropout)
        return self.head(self.fuse(encoded))

    def decide_alone(self, encoded):
        """What each auxiliary head says from its modality alone: modality -> (batch, outputs)."""
        vectors = {k: v.mean(1) if v.ndim == 3 else v for k, v in encoded.items()}
        return {name: head(vectors[name]) for name, head in self.auxiliary.items()}

    def forward(self, X):
        return self.decide(self.encode(X))


def small_head(inputs, width, outputs, dropout=0.0):
    """From the fused vector to the outputs, with one bend in between."""
    return nn.Sequential(
        nn.Dropout(dropout),
        nn.Linear(inputs, width),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(width, outputs),
    )


def by_name(modules):
    """A `ModuleDict` in sorted order, or a `DataError` where a name cannot name a module."""
    try:
        return nn.ModuleDict({name: modules[name] for name in sorted(modules)})
    except KeyError as fault:
        raise DataError(
            f"A modality has a name that a torch module cannot have ({fault.args[0]}): "
            "rename it, without a dot."
        ) from None


def mix(encoded, spread):
    """(mixed, share, other): `share` of each sample's vectors, the rest of those of `other`."""
    n = len(next(iter(encoded.values())))
    share = torch.distributions.Beta(spread, spread).sample().item()
    other = torch.randperm(n)
    mixed = {name: share * x + (1 - share) * x[other.to(x.device)] for name, x in encoded.items()}
    return mixed, share, other


def drop_modalities(encoded, chance):
    """Set each sample's modalities to zero with this `chance`, but never all of them."""
    first = next(iter(encoded.values()))
    keep = torch.rand(len(first), len(encoded), device=first.device) >= chance
    keep |= ~keep.any(dim=1, keepdim=True)  # where all were dropped, all are kept
    return {
        name: x * keep[:, i].reshape(-1, *[1] * (x.ndim - 1))
        for i, (name, x) in enumerate(encoded.items())
    }
