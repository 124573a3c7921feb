"""Multi-block PLS: early fusion as chemometrics has known it since the eighties.

PLS on blocks of equal weight, side by side, *is* multi-block PLS: its scores are the
"super scores" (Westerhuis et al. 1998, the variant that deflates by them). So nothing is
computed here that `mmlib.features.PLSDA` and `BlockScale` do not compute; what is added
is the table that a chemist asks for: how much of each component comes from which block.
"""

import numpy as np
import pandas as pd

from ..base import DataError
from ..features.decomposition import PLS, PLSDA
from .early import early_fusion


def multiblock_pls(data=None, blocks=None, n_components=None, task=None, random_state=0):
    """PLS, or PLS-DA, on block-scaled modalities.

    Parameters
    ----------
    data, blocks, task, random_state
        As for `mmlib.fusion.early_fusion`.
    n_components : int, optional
        Latent variables at most; chosen by samples held out where nothing is said, see `PLS`.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Called MB-PLS in chemometrics, and "low-" or "mid-level data fusion with PLS"
        depending on what the blocks hold.

    References
    ----------
    Westerhuis, Kourti & MacGregor (1998),
    doi:10.1002/(SICI)1099-128X(199809/10)12:5<301::AID-CEM515>3.0.CO;2-S.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.multiblock import multiblock_pls
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> multiblock_pls(leaves).fit(leaves.X, leaves.y).predict(leaves.X).shape
    (100,)
    """

    task = task or ("classification" if data is None else data.task)
    pls = PLSDA(n_components) if task == "classification" else PLS(n_components)
    return early_fusion(data, blocks, classifier=pls, task=task, random_state=random_state)


def block_importance(model):
    """Share of each block in each latent variable of a fitted `multiblock_pls`.

    The squared super weight: the part of the squared PLS weights that lies in the block.

    Parameters
    ----------
    model : Pipeline
        From `multiblock_pls`, fitted.

    Returns
    -------
    pandas.DataFrame
        One row for each latent variable, one column for each block; rows add up to 1.

    Raises
    ------
    DataError
        When the model does not end in PLS.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.multiblock import block_importance, multiblock_pls
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = multiblock_pls(leaves, n_components=2).fit(leaves.X, leaves.y)
    >>> block_importance(model).sum(axis=1).round(6).tolist()
    [1.0, 1.0]
    """
    pls = getattr(model[-1], "pls_", model[-1])
    weights = getattr(pls, "x_weights_", None)
    if weights is None:
        raise DataError("block_importance needs a fitted model of multiblock_pls.")
    names = [name for name, _ in model["blocks"].transformer_list]
    # The last step of each block is its BlockScale, which knows its number of columns.
    sizes = [block[-1].n_features_in_ for _, block in model["blocks"].transformer_list]
    weights = weights[:, weights.any(0)]  # PLS stops where nothing of y is left: then all 0
    parts = np.split(weights**2, np.cumsum(sizes)[:-1])
    shares = np.array([part.sum(0) for part in parts]).T
    shares /= shares.sum(1, keepdims=True)
    index = pd.Index(range(1, len(shares) + 1), name="latent variable")
    return pd.DataFrame(shares, index=index, columns=names)
