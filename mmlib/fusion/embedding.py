"""Contrastive pretraining: learn from pairs that nobody has labeled.

`ContrastiveEmbedding` brings all modalities to places on one sphere, partners close to
each other. It is fitted like a principal component analysis, without labels, and gives
tables for any classifier, vectors for `mmlib.evaluation.retrieval`, and encoders for
`FusionClassifier(encoders=...)`.
"""

import copy

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.base import TransformerMixin
from sklearn.utils.validation import check_is_fitted
from torch import nn

from ..base import DataError, all_or_nothing
from ..data.mapping import Samples, check_samples
from ..nets.estimators import NeuralFusion
from ..nets.fusion_net import FusionNet, small_head
from ..nets.loop import pick_device, to_device
from .contrastive import InfoNCE, projection


class ContrastiveEmbedding(TransformerMixin, NeuralFusion):
    """Encoders for all modalities, trained without labels to find their partners.

    Parameters
    ----------
    modalities : sequence of str, optional
        Which of `X` to use, two at least; all of them where nothing is said.
    dim : int
        Numbers for each modality. Few leave room only for what the modalities share.
    encoders : mapping of str to str, callable or Module, optional
        As for `mmlib.FusionClassifier`, with options likewise.
    width : int
        Length of an encoder's vector, before it is projected to `dim`.
    temperature : float
        Where the temperature of the loss starts; it is learned, see `InfoNCE`.
    epochs, batch_size : int
        A sample is told apart from the others of its batch, at most 1/8 of all samples.
    lr, weight_decay : float
        Of AdamW, with a one-cycle schedule.
    validation : float
        Share of the samples set aside for early stopping. Where that would be under ten,
        none are.
    patience : int
    augment : callable, optional
        From a training batch to a changed one, such as `mmlib.nets.augment.light`.
    device : str
        "auto", "cpu", "cuda" or "mps".
    random_state : int, RandomState or None
    verbose : int
        Above 0, a progress bar; on a terminal there is always one.

    Attributes
    ----------
    net_ : FusionNet
    encoders_ : dict of str to Module
        Encoder of each modality, (batch, ...) -> (batch, width), before the projection, which
        throws away more: pass them to ``FusionClassifier(encoders=...)``, which trains
        copies further.
    temperature_ : float
        As learned.
    history_ : list of dict
        Losses of each epoch. They depend on the size of the batch; log(size) is guessing.

    Raises
    ------
    DataError
        For fewer than two modalities, and as `mmlib.FusionClassifier` does.

    Notes
    -----
    What only one modality knows is of no help in finding partners, and may get lost: keep
    the features beside the embedding. Pairs of one group (plant, day) share more than their
    content; judge on new groups.

    References
    ----------
    Radford et al. (2021), CLIP, arXiv:2103.00020; for fewer labels: Chen et al. (2020),
    SimCLR, arXiv:2002.05709.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.embedding import ContrastiveEmbedding
    >>> shared, noise, more = np.random.default_rng(0).normal(size=(3, 200, 1))
    >>> X = {"spectrum": np.hstack([shared, noise]), "size": np.hstack([more, shared])}
    >>> placed = ContrastiveEmbedding(dim=4, epochs=5, random_state=0).fit_transform(X)
    >>> {name: table.shape for name, table in placed.items()}
    {'size': (200, 4), 'spectrum': (200, 4)}
    """

    def __init__(
        self,
        modalities=None,
        dim=8,
        encoders=None,
        width=64,
        temperature=0.1,
        epochs=30,
        batch_size=128,
        lr=1e-2,
        weight_decay=1e-2,
        validation=0.0,
        patience=15,
        augment=None,
        device="auto",
        random_state=None,
        verbose=0,
        **options,
    ):
        self.modalities = modalities
        self.dim = dim
        self.encoders = encoders
        self.width = width
        self.temperature = temperature
        self.epochs = epochs
        self.batch_size = batch_size
        self.lr = lr
        self.weight_decay = weight_decay
        self.validation = validation
        self.patience = patience
        self.augment = augment
        self.device = device
        self.random_state = random_state
        self.verbose = verbose
        self._take(options)

    def fit(self, X, y=None, groups=None):
        """Train on pairs; `y` is ignored, `groups` stay whole when some are set aside."""
        X, _, groups = check_samples(X, groups=groups, modalities=self.modalities)
        if len(list(X)) < 2:
            raise DataError("A contrastive embedding needs two modalities at least.")
        nothing = np.zeros(len(X), np.int64)
        with all_or_nothing(self):
            self._fit(X, nothing, nothing, 1, groups)
            self.temperature_ = self._pairs.loss.temperature
            del self._pairs
        return self

    def transform(self, X):
        """Places on the sphere: each modality that `X` has -> (samples, dim), rows of length 1."""
        check_is_fitted(self, "net_")
        known = [name for name in self.shapes_ if name in X]
        if not known:
            raise DataError(f"X has none of the modalities {', '.join(self.shapes_)}.")
        net, parts = to_device(self.net_, pick_device(self.device)).eval(), []
        with torch.inference_mode():
            for batch in self.batches(X, modalities=known):
                encoded = {name: net.encoders[name](x) for name, x in batch.items()}
                parts.append({k: v.cpu().numpy() for k, v in net.fuse.place(encoded).items()})
        return Samples({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})

    @property
    def encoders_(self):
        """Copies of the encoders, without the projections behind them."""
        check_is_fitted(self, "net_")
        return {name: copy.deepcopy(e).cpu() for name, e in self.net_.encoders.items()}

    def build_net(self):
        """A fresh, untrained `FusionNet` that gives the places side by side."""
        encoders = self._build_encoders()
        fuse = Places({name: encoder.width for name, encoder in encoders.items()}, self.dim)
        small_head(fuse.width, self.width, 1)  # not used, but drawn: a seed keeps its meaning
        return FusionNet(encoders, fuse, nn.Identity())

    def _criterion(self):
        self._pairs = _Pairs(InfoNCE(self.temperature), self.dim)
        return self._pairs


class Places(nn.Module):
    """A `fuse`: each vector is projected to a place on the unit sphere, side by side.

    Parameters
    ----------
    widths : mapping of str to int
    dim : int

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.embedding import Places
    >>> fuse = Places({"spectrum": 16, "image": 32}, dim=4)
    >>> fuse({"spectrum": torch.rand(5, 16), "image": torch.rand(5, 32)}).shape
    torch.Size([5, 8])
    """

    def __init__(self, widths, dim=8):
        super().__init__()
        self.layers = nn.ModuleDict({k: projection(widths[k], dim) for k in sorted(widths)})
        self.width = dim * len(widths)

    def place(self, encoded):
        """Modality -> (batch, dim), rows of length 1."""
        return {k: F.normalize(self.layers[k](encoded[k]), dim=1) for k in sorted(encoded)}

    def forward(self, encoded):
        return torch.cat(list(self.place(encoded).values()), dim=1)


class _Pairs(nn.Module):
    """InfoNCE of places that lie side by side, as a criterion of the training loop."""

    def __init__(self, loss, dim):
        super().__init__()
        self.loss, self.dim = loss, dim

    def forward(self, places, _target):
        return self.loss(*places.split(self.dim, dim=1))
