"""ComDim: the directions that blocks have in common, found without looking at the target."""

import numpy as np
import pandas as pd
from scipy.linalg import eigh
from sklearn.utils.validation import check_is_fitted

from .block_scores import CommonScores


class ComDim(CommonScores):
    """Common dimensions (common components and specific weights analysis), as scores.

    Every block is first brought to the same total variance. Each common dimension is the first
    principal component of the blocks side by side, each with a weight of its own, its
    *salience*: how much the block varies along the dimension. Score and saliences are computed
    in turn until they agree, the dimension is taken out of every block, and the next one is
    found. A dimension with large saliences in several blocks is common to them, one with a
    single large salience belongs to that block.

    Parameters
    ----------
    n_components : int, optional
        Dimensions at most. None: chosen from 1 to 15 by errors on samples held out.

    Attributes
    ----------
    settings_, errors_, means_, weights_, loadings_, explained_, choice_
        See `mmlib.fusion.block_scores.BlockScores`. What is explained of a block is its
        salience: both are shares of the block's total variance.

    Raises
    ------
    DataError
        When a block is no table of numbers, or nothing in the blocks varies.

    Notes
    -----
    On a single block this is principal component analysis. The target only decides how many
    dimensions are kept.

    References
    ----------
    Qannari, Wakeling, Courcoux & MacFie (2000), Defining the underlying sensory dimensions,
    doi:10.1016/S0950-3293(99)00069-5; Hanafi, Mazerolles, Dufour & Qannari (2006), Common
    components and specific weight analysis, doi:10.1002/cem.988.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.comdim import ComDim, saliences
    >>> rng = np.random.default_rng(0)
    >>> both = rng.normal(size=(50, 1))
    >>> X = {"a": np.hstack([3 * both, rng.normal(size=(50, 1))]), "b": both}
    >>> saliences(ComDim(2).fit(X, both.ravel())).round(1).loc[1].tolist()
    [0.9, 1.0]
    """

    most = 15

    def _solve(self, blocks, Y, setting):
        norms = [np.linalg.norm(x) or 1.0 for x in blocks]
        scale = np.repeat(norms, [x.shape[1] for x in blocks])
        block = np.repeat(np.arange(len(blocks)), [x.shape[1] for x in blocks])
        table = np.hstack(blocks) / scale
        left, T = table, np.zeros((len(table), 0))
        weights = np.zeros((table.shape[1], 0))
        while weights.shape[1] < setting[0] and np.linalg.norm(left) > 1e-7:
            weight = _common(left, block)
            along = T.T @ (table @ weight)
            score = left @ weight  # of length 1, and uncorrelated with the ones before
            weights = np.column_stack([weights, weight - weights @ along])
            T = np.column_stack([T, score])
            left = left - np.outer(score, score @ left)
        return weights / scale[:, None], [-1] * weights.shape[1]


def saliences(model):
    """How much each block varies along each common dimension of a fitted ComDim.

    Parameters
    ----------
    model : ComDim, or a Pipeline of `mmlib.fusion.block_scores.scores_fusion`; fitted

    Returns
    -------
    pandas.DataFrame
        One row for each dimension, one column for each block: shares of the block's variance.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.comdim import ComDim, saliences
    >>> X = {"a": np.eye(4), "b": np.arange(4.0)[:, None]}
    >>> saliences(ComDim(1).fit(X, np.arange(4.0))).round(2).to_numpy().tolist()
    [[0.33, 1.0]]
    """
    scores = model["scores"] if hasattr(model, "steps") else model
    check_is_fitted(scores)
    index = pd.Index(range(1, scores.explained_.shape[1] + 1), name="dimension")
    return pd.DataFrame(scores.explained_[:-1].T, index, list(scores.means_))


def _common(left, block):
    """Weights of the columns whose sum, of length 1, is the next common dimension."""
    salience = np.ones(block[-1] + 1)
    for _ in range(500):
        root = np.sqrt(salience)[block]
        weighted = left * root
        wide = weighted.shape[1] > len(weighted)
        square = weighted @ weighted.T if wide else weighted.T @ weighted
        last = len(square) - 1
        vectors = eigh(square, subset_by_index=[last, last])[1]
        axis = weighted.T @ vectors[:, 0] if wide else vectors[:, 0]
        axis /= np.linalg.norm(axis)
        axis *= np.sign(axis[np.abs(axis).argmax()])
        score = weighted @ axis
        size = np.linalg.norm(score)
        before, shares = salience, (score / size @ left) ** 2
        salience = np.bincount(block, shares, len(salience))
        if np.abs(salience - before).max() < 1e-10:
            break
    return root * axis / size
