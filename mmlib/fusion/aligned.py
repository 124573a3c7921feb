"""Aligned fusion: the decision is made on what the modalities agree about."""

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from ..features.blocks import feature_blocks
from .alignment import RegularizedCCA
from .early import default_model


def aligned_fusion(data, n_components=2, shrinkage=0.01, average=False, classifier=None):
    """Align the modalities, and decide on the aligned scores alone.

    Parameters
    ----------
    data : MultimodalData
        Only shapes and the task are looked at; nothing is fitted.
    n_components, shrinkage
        Of `RegularizedCCA`.
    average : bool
        Average the scores of the modalities, instead of putting them side by side.
    classifier : estimator, optional
        What decides in the end; that of `mmlib.fusion.early_fusion` where nothing is said.

    Returns
    -------
    sklearn.pipeline.Pipeline
        It takes the whole mapping `X`.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.aligned import aligned_fusion
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = aligned_fusion(leaves).fit(leaves.X, leaves.y)
    >>> model[:-1].transform(leaves.X).shape  # two scores of each instrument
    (100, 4)
    """
    return make_pipeline(
        feature_blocks(data),
        RegularizedCCA(n_components, shrinkage),
        FunctionTransformer(_average if average else _side_by_side),
        default_model(data.task) if classifier is None else classifier,
    )


def _side_by_side(scores):
    return np.hstack([scores[name] for name in sorted(scores)])


def _average(scores):
    return np.mean([scores[name] for name in sorted(scores)], axis=0)
