"""SO-PLS: one block after the other, each asked only for what the ones before did not tell."""

import numpy as np

from ..base import DataError
from ..features.component_errors import pls_rotations
from .block_scores import BlockScores, deflate

MOST, IN_ALL = 12, 20  # scores to choose from: of one block, of all


class SOPLS(BlockScores):
    """Sequential and orthogonalized partial least squares, as scores for a linear model.

    PLS on the first block gives scores. What varies with them is taken out of the second block
    and out of the target, PLS on what is left gives further scores, and so on. So the order of
    the blocks is part of the model: what two blocks share is counted for the earlier one. How
    the blocks are scaled against each other has no effect.

    Parameters
    ----------
    n_components : mapping of str to int, optional
        Scores at most of each block; 0 leaves a block out. None: all combinations, of up to 12
        scores of a block and 20 in all, are tried on samples held out, and the best is taken
        (the points of the Mage plot).

    Attributes
    ----------
    settings_, errors_, means_, weights_, sources_, loadings_, explained_, choice_
        See `mmlib.fusion.block_scores.BlockScores`. A row of `settings_` has a number for each
        block, in their order.

    Raises
    ------
    DataError
        When a block is no table of numbers, `n_components` does not fit the blocks, or nothing
        in them varies with the target.

    Notes
    -----
    On a single block this is PLS. For classes each becomes a column of zeros and ones.

    References
    ----------
    Naes, Tomic, Mevik & Martens (2011), Path modelling by sequential PLS regression,
    doi:10.1002/cem.1357; Biancolillo, Mage & Naes (2015), Combining SO-PLS and linear
    discriminant analysis for multi-block classification, doi:10.1016/j.chemolab.2014.12.001.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.sopls import SOPLS
    >>> rng = np.random.default_rng(0)
    >>> first, new = rng.normal(size=(40, 3)), rng.normal(size=(40, 3))
    >>> X = {"first": first, "second": np.hstack([first, new])}  # the second repeats the first
    >>> SOPLS().fit(X, first[:, 0] + new[:, 0]).choice_
    'scores: 3 of first, 3 of second; the best of 21 settings on samples held out'
    """

    def __init__(self, n_components=None):
        self.n_components = n_components

    def _wanted(self, names):
        if self.n_components is None:
            return None
        if not hasattr(self.n_components, "keys") or set(self.n_components) != set(names):
            raise DataError(
                f"n_components is {self.n_components!r}: give a number for each of the blocks "
                f"{', '.join(names)}, as a mapping."
            )
        return tuple(int(self.n_components[name]) for name in names)

    def _walk(self, train, Y, test):
        return _walk(train, Y, test, [_rounding(x, Y) for x in train])

    def _solve(self, blocks, Y, setting):
        sizes = np.cumsum([0, *(x.shape[1] for x in blocks)])
        weights, sources = np.zeros((sizes[-1], 0)), []
        T = np.zeros((len(Y), 0))
        for k, (x, wanted) in enumerate(zip(blocks, setting, strict=True)):
            left, along = deflate(T, x)
            own = pls_rotations(left, Y, wanted, _rounding(x, Y))
            # Scores of what is left, as sums over the columns of all blocks so far.
            new = np.zeros((sizes[-1], own.shape[1]))
            new[sizes[k] : sizes[k + 1]] = own
            new -= weights @ (along @ own)
            weights, T = np.hstack([weights, new]), np.hstack([T, left @ own])
            sources += [k] * own.shape[1]
        return weights, sources


def _rounding(X, Y):
    """Covariance below which nothing is left of a block: seen before anything is taken out."""
    return 1e-8 * np.abs(X.T @ (Y - Y.mean(0))).max(initial=0.0)


def _walk(train, Y, test, floors, before=(), T=None, S=None):
    """Scores for every number of each block before the last, and for the last one all of them."""
    mean = train[0].mean(0)
    x, new = train[0] - mean, test[0] - mean
    T = np.zeros((len(x), 0)) if T is None else T
    S = np.zeros((len(new), 0)) if S is None else S
    left, along = deflate(T, x)
    room = min(MOST, IN_ALL - sum(before), len(x) - 2 - sum(before))
    own = pls_rotations(left, Y, room, floors[0])
    A, B = np.hstack([T, left @ own]), np.hstack([S, (new - S @ along) @ own])
    used, found = sum(before), own.shape[1]
    if len(train) == 1:
        yield before, A, B, range(max(used, 1), used + found + 1)
        return
    for n in range(found + 1):
        yield from _walk(
            train[1:], Y, test[1:], floors[1:], (*before, n), A[:, : used + n], B[:, : used + n]
        )
