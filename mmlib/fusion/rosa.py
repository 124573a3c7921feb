"""ROSA: all blocks compete for every component, and the one that explains most wins it."""

import numpy as np
from scipy.linalg import eigh

from .block_scores import CommonScores


class ROSA(CommonScores):
    """Response oriented sequential alternation, as scores for a linear model.

    Each block proposes one PLS score, made uncorrelated with the scores that have won so far.
    The proposal that leaves least of the target unexplained wins. Neither the order of the
    blocks nor how they are scaled against each other has an effect.

    Parameters
    ----------
    n_components : int, optional
        Scores at most. None: chosen from 1 to 20 by errors on samples held out.

    Attributes
    ----------
    sources_, settings_, errors_, means_, weights_, loadings_, explained_, choice_
        See `mmlib.fusion.block_scores.BlockScores`; `sources_` names the winners.

    Raises
    ------
    DataError
        When a block is no table of numbers, or nothing in the blocks varies with the target.

    Notes
    -----
    On a single block this is PLS. With several target columns, as for classes, a block proposes
    the first score of PLS2; the paper has canonical PLS there.

    References
    ----------
    Liland, Naes & Indahl (2016), ROSA - a fast extension of partial least squares regression for
    multiblock data analysis, doi:10.1002/cem.2824.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.rosa import ROSA
    >>> X = {"near": np.array([[-1.0], [-1], [1], [1]]), "far": np.array([[-9.0], [9], [-9], [9]])}
    >>> ROSA(2).fit(X, [-3.0, -1.0, 1.0, 3.0]).sources_.tolist()
    ['near', 'far']
    """

    def _solve(self, blocks, Y, setting):
        sizes = np.cumsum([0, *(x.shape[1] for x in blocks)])
        weights, T, sources = np.zeros((sizes[-1], 0)), np.zeros((len(Y), 0)), []
        left, floors = Y, [1e-8 * np.abs(x.T @ Y).max(initial=0.0) for x in blocks]
        while len(sources) < setting[0]:
            best = 0.0
            for k, x in enumerate(blocks):
                shared = x.T @ left
                if np.abs(shared).max(initial=0.0) <= floors[k]:
                    continue
                weight = shared @ eigh(shared.T @ shared)[1][:, -1]
                weight /= np.linalg.norm(weight)
                score = x @ weight
                along = T.T @ score
                score = score - T @ along
                size = np.linalg.norm(score)
                if size <= 1e-8 * np.linalg.norm(x):
                    continue
                won = np.sum((score @ left / size) ** 2)
                if won > best * (1 + 1e-9):  # the earlier block where two are equal
                    best, winner = won, (k, weight, along, score, size)
            if not best:
                break
            k, weight, along, score, size = winner
            new = -weights @ along
            new[sizes[k] : sizes[k + 1]] += weight
            weights = np.column_stack([weights, new / size])
            T = np.column_stack([T, score / size])
            left = left - np.outer(T[:, -1], T[:, -1] @ left)
            sources.append(k)
        return weights, sources
