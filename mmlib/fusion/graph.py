"""Graph fusion: samples are linked with their neighbors, and each hears what they measure.

The modalities meet twice: in the distances that choose the neighbors, and in the net. A
graph convolution mixes every sample with its neighbors (`mmlib.fusion.neighbors`) before
a layer of weights. `GraphClassifier` is *inductive*: a new sample is linked with training
samples only, so a prediction does not depend on who else is predicted. The way that lets
unlabeled samples into the graph has a name of its own, `fit_transductive`.
"""

import numpy as np
import torch
from sklearn.pipeline import Pipeline
from torch import nn

from ..base import DataError
from ..data.mapping import Samples
from ..features.block_selection import BlockSelection
from ..features.blocks import feature_blocks
from ..nets.encoders import TableEncoder
from ..nets.estimators import NeuralFusion
from ..nets.fusion_net import FusionNet
from ..nets.inputs import read_inputs
from ..nets.loop import pick_device, pick_precision, to_device
from ..nets.targets import PredictsClasses, PredictsQuantities
from .graph_layers import LinkNeighbors, to_links
from .neighbors import attach, block_scale, join_links, link, normalize


class _OneBatch:
    """All nodes at once, as the training loop wants its batches: losses on some rows only."""

    def __init__(self, net, X, links, rows, y=None):
        self.net, self.X, self.links, self.rows, self.y = net, X, links, rows, y

    def __len__(self):
        return 1

    def __iter__(self):
        self.net.fuse.place(self.links, self.rows)
        yield self.X if self.y is None else (self.X, self.y)


class _GraphFusion(NeuralFusion):
    """A net that is given a graph: the training samples, and new ones attached to them."""

    def __init__(
        self,
        modalities=None,
        n_neighbors=10,
        graph="together",
        own=True,
        siblings=False,
        width=32,
        dropout=0.4,
        epochs=100,
        lr=2e-2,
        weight_decay=1e-2,
        label_smoothing=0.1,
        validation=0.15,
        patience=30,
        device="auto",
        random_state=None,
        verbose=0,
    ):
        self.modalities = modalities
        self.n_neighbors = n_neighbors
        self.graph = graph
        self.own = own
        self.siblings = siblings
        self.width = width
        self.dropout = dropout
        self.epochs = epochs
        self.lr = lr
        self.weight_decay = weight_decay
        self.label_smoothing = label_smoothing
        self.validation = validation
        self.patience = patience
        self.device = device
        self.random_state = random_state
        self.verbose = verbose

    def fit_transductive(self, X, y, unlabeled, groups=None):
        """Train on labeled samples in a graph that holds unlabeled samples as well.

        What is then said of an unlabeled sample, in `transduction_`, depends on all the
        others: report such a score as transductive.

        Parameters
        ----------
        X, y, groups
            The labeled samples, as for ``fit``.
        unlabeled : mapping of str to array, samples first
            Their groups are not known, so they may be linked with others of their group.
        """
        self._unlabeled = unlabeled
        try:
            self.fit(X, y, groups)
        finally:
            del self._unlabeled
        joined = np.arange(len(y), self.links_[0].shape[0])
        batch = self._batch(pick_device(self.device), joined)
        self.transduction_ = self._say(self._outputs(batch))
        return self

    def build_net(self):
        """A fresh, untrained `FusionNet` for the shapes seen in `fit`."""
        encoders = {name: TableEncoder(shape, self.width) for name, shape in self.shapes_.items()}
        widths = dict.fromkeys(encoders, self.width)
        fuse = LinkNeighbors(widths, self.width, self.dropout, self.own, self.graph == "nodes")
        head = nn.Sequential(nn.Dropout(self.dropout), nn.Linear(fuse.width, self.n_outputs_))
        return FusionNet(encoders, fuse, head)

    def _measure(self, X, valid, groups):
        """Scale the tables and link the training samples; unlabeled ones join if there are any."""
        for name, shape in self.shapes_.items():
            if len(shape) != 1:
                raise DataError(
                    f"The samples of {name!r} have shape {shape}, but a graph needs tables: put "
                    "mmlib.features.blocks.feature_blocks before it in a pipeline."
                )
        self.__dict__.pop("transduction_", None)  # of an earlier fit
        inside = ~valid  # the samples of the graph
        if hasattr(self, "_unlabeled"):
            joining = read_inputs(self._unlabeled, self.shapes_, shapes=self.shapes_)
            X = Samples({name: np.concatenate([x, joining[name]]) for name, x in X.items()})
            inside = np.ones(len(X), bool)
        X = X[inside]
        self.scaling_ = {name: (x.mean(0, dtype=float), block_scale(x)) for name, x in X.items()}
        self.references_ = self._scaled(X)
        mates = self._mates(groups, inside)
        self.links_ = link(self.references_, self._n_nearest(), self.graph, mates)

    def _start_from(self, train):
        """Nothing: there are tables only."""

    def _n_nearest(self):
        others = len(Samples(self.references_)) - 1
        return min(self.n_neighbors, max(others, 1))

    def _mates(self, groups, inside):
        """Group of each sample in the graph; those that join without one are on their own."""
        if groups is None or self.siblings:
            return None
        codes = np.unique(groups, return_inverse=True)[1]
        joining = np.arange(len(inside) - len(codes)) + len(codes)
        return np.concatenate([codes, joining])[inside]

    def _batches(self, X, device, target=None, rows=slice(None), training=False):
        """The whole graph as one batch, and attached to it the rows that are not in it."""
        y = None if target is None else to_device(target[rows], device)
        if target is not None and hasattr(self, "_unlabeled"):
            return self._batch(device, np.flatnonzero(rows), y)
        if training:
            return self._batch(device, np.arange(len(y)), y)
        return self._batch(device, None, y, X[rows])

    def _batch(self, device, rows, y=None, new=None):
        """References and, attached to them, new samples; `rows` are wanted, or the new ones."""
        parts, X = self.links_, self.references_
        if new is not None:
            new = self._scaled(new)
            parts = attach(parts, X, new, self._n_nearest(), self.graph)
            X = {name: np.concatenate([x, new[name]]) for name, x in X.items()}
            rows = np.arange(self.links_[0].shape[0], parts[0].shape[0])
        matrix = normalize(join_links(parts, self.graph))
        links = to_links(matrix, device, pick_precision(device))
        X = {name: to_device(x, device) for name, x in X.items()}
        return _OneBatch(self.net_, X, links, torch.from_numpy(rows).to(device), y)

    def _scaled(self, X):
        scaling = self.scaling_
        return {name: (x - scaling[name][0]) / scaling[name][1] for name, x in X.items()}


class GraphClassifier(PredictsClasses, _GraphFusion):
    """Graph fusion that predicts a class.

    Takes tables (`mmlib.features.blocks.feature_blocks`), and learns on the graph of the training
    samples. A new sample receives from its nearest ones there, and sends to nobody.

    Parameters
    ----------
    modalities : str or sequence of str, optional
        Which modalities of `X` to use; all of them where nothing is said.
    n_neighbors : int
        At most: where the graph has no more samples, all are neighbors.
    graph : {"together", "union", "sum", "nodes"}
        What makes two samples neighbors: see `mmlib.fusion.neighbors.neighbor_graph`.
    own : bool
        Pass a sample's own vector on as well. Without it, all goes through the graph.
    siblings : bool
        Whether samples of one group may be neighbors in training. New samples have no
        siblings there, so a net that got used to them is in for a disappointment.
    width : int
        Length of the vectors.
    dropout : float
    epochs : int
        At most. All samples are one batch, so an epoch is one step.
    lr, weight_decay : float
        Highest learning rate of a one-cycle schedule, and decay, of AdamW.
    label_smoothing : float
        Classification only.
    validation : float
        Share of the training samples that early stopping looks at; they are attached to
        the graph as new samples are. Where that would be under ten samples, none are.
    patience : int
        Epochs without a better validation loss before stopping. The best weights are kept.
    device : str
        "auto", "cpu", "cuda" or "mps".
    random_state : int, RandomState or None
    verbose : int

    Attributes
    ----------
    net_ : FusionNet
    references_ : dict of str to array
        The samples of the graph, scaled: new ones are attached to them.
    links_ : list of sparse arrays
        How they are linked: one array for each table, or one for all.
    scaling_ : dict of str to (center, scale)
        One scale for a whole table.
    transduction_ : ndarray
        Predictions for the unlabeled samples, after `fit_transductive` only.
    history_ : list of dict

    Raises
    ------
    DataError
        When a modality is missing, is no table, has another width than in training or
        holds NaN, or when there is a single sample.

    Notes
    -----
    The own vector beside the neighbors': Hamilton, Ying & Leskovec (2017), Inductive
    representation learning on large graphs, doi:10.48550/arXiv.1706.02216. Finding
    neighbors compares all pairs of samples: time grows with their square.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.graph import GraphClassifier
    >>> rng = np.random.default_rng(0)
    >>> y = np.repeat(["raw", "ripe"], 30)
    >>> X = {"scent": rng.normal(size=(60, 5)) + 2 * (y == "ripe")[:, None]}
    >>> model = GraphClassifier(n_neighbors=5, random_state=0).fit(X, y)
    >>> model.score(X, y) > 0.9
    True
    """


class GraphRegressor(PredictsQuantities, _GraphFusion):
    """Graph fusion that predicts a quantity, or several.

    Parameters, attributes and errors are those of `GraphClassifier`, but for those of classes.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.graph import GraphRegressor
    >>> X = {"scent": np.random.default_rng(0).normal(size=(80, 5))}
    >>> y = 5 + X["scent"].sum(1)
    >>> GraphRegressor(random_state=0).fit(X, y).predict(X).shape
    (80,)
    """


def graph_fusion(data, n_components=None, random_state=0, **options):
    """Graph fusion on the default features of some data.

    Parameters
    ----------
    data : MultimodalData
        Shapes and task are looked at; nothing is fitted.
    n_components : int, optional
        Principal components of a spectrum, see `mmlib.features.default_block`.
    random_state : int
    **options
        Of `GraphClassifier` or `GraphRegressor`.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Steps "blocks", "selection" (see `mmlib.features.block_selection`) and "model". Give groups
        to ``fit`` by `mmlib.base.fit_options`; `mmlib.compare` does so by itself.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.graph import graph_fusion
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = graph_fusion(leaves, epochs=5).fit(leaves.X, leaves.y)
    >>> model.predict_proba(leaves.X).shape
    (100, 5)
    """
    kind = GraphClassifier if data.task == "classification" else GraphRegressor
    model = kind(random_state=random_state, **options)
    blocks = feature_blocks(data, n_components=n_components, random_state=random_state)
    # In a graph of its own a table of zeros would link anybody.
    selection = BlockSelection(model.modalities) if model.graph == "together" else "passthrough"
    return Pipeline([("blocks", blocks), ("selection", selection), ("model", model)])
