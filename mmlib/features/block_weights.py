"""Which blocks count how much, and how much is shrunk: chosen on rows that are left out."""

import numpy as np
from sklearn.base import BaseEstimator

from ..base import varies

CHANGES = (0, 1 / 4, 4)  # of a block's weight
GAIN = 0.01  # of the loss: what a change must bring
TIE = 0.002  # of the loss: the strongest penalty within it is taken


class Blocked(BaseEstimator):
    """Center each block and divide it by one number, so that its total variance is 1."""

    def fit(self, tables, y=None):
        """Measure tables, a mapping of str to ndarray of shape (samples, columns)."""
        self.center_ = {name: x.mean(0) for name, x in tables.items()}
        spread = {name: np.sqrt(x.var(0).sum()) for name, x in tables.items()}
        self.scale_ = {n: float(spread[n]) if varies(x).any() else 1.0 for n, x in tables.items()}
        return self

    def transform(self, tables, names=None):
        """The blocks, or those that are named."""
        names = self.center_ if names is None else names
        return {name: (tables[name] - self.center_[name]) / self.scale_[name] for name in names}


def held_out(U, shrink, target, groups=None):
    """What ridge regression says of each row while the row, or its whole group, is left out.

    With the fitted values H y, a row's residual while it is left out is its residual divided
    by 1 - H_ii; for a group the division is by the matrix 1 - H of its rows.

    Parameters
    ----------
    U : ndarray of shape (samples, directions)
        Left singular vectors of the centered table.
    shrink : ndarray of shape (directions,)
        What is left of each direction: s**2 / (s**2 + penalty).
    target : ndarray of shape (samples, targets)
    groups : ndarray of int, shape (samples,), optional
        Counted from 0.

    Returns
    -------
    ndarray of shape (samples, targets)

    References
    ----------
    Golub, Heath & Wahba (1979), doi:10.1080/00401706.1979.10489751.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.block_weights import held_out
    >>> held_out(np.zeros((4, 1)), np.zeros(1), np.array([[0.0], [0], [0], [3]])).ravel().tolist()
    [1.0, 1.0, 1.0, 0.0]
    """
    n = len(target)
    scaled = U * shrink
    residual = target - target.mean(0) - scaled @ (U.T @ (target - target.mean(0)))
    if groups is None:
        left = np.maximum(1 - 1 / n - (scaled * U).sum(1), 1e-9)
        return target - residual / left[:, None]
    out = np.empty_like(residual)
    order = np.argsort(groups, kind="stable")
    sizes = np.bincount(groups)
    ends = np.cumsum(sizes)
    for size in np.unique(sizes[sizes > 0]):  # all groups of one size at a time
        starts = ends[sizes == size] - size
        rows = order[starts[:, None] + np.arange(size)]  # (groups, size)
        inside = np.eye(size) - 1 / n
        inside = inside - np.einsum("gid,gjd->gij", scaled[rows], U[rows], optimize=True)
        out[rows] = np.linalg.solve(inside, residual[rows])
    return target - out


def choose_penalty(Z, target, groups, penalties):
    """Fit with the strongest penalty that is as good as the best on rows left out.

    Parameters
    ----------
    Z : ndarray of shape (samples, columns)
        Centered.
    target, groups
        See `held_out`.
    penalties : sequence of float
        For the mean over the samples, from the largest to the smallest.

    Returns
    -------
    penalty, loss : float
    coef : ndarray of shape (columns, targets)
    said : ndarray of shape (samples, targets)
        Of rows left out.
    """
    n, columns = Z.shape
    if columns < n:
        squares, V = np.linalg.eigh(Z.T @ Z)
        squares, V = _real(squares, V, n)
        U = Z @ V / np.sqrt(squares)
    else:
        squares, U = _real(*np.linalg.eigh(Z @ Z.T), n)
    fits = [held_out(U, squares / (squares + n * p), target, groups) for p in penalties]
    losses = np.array([((fit - target) ** 2).mean() for fit in fits])
    best = int(np.flatnonzero(losses <= losses.min() * (1 + TIE))[0])
    a = U @ ((U.T @ (target - target.mean(0))) / (squares + n * penalties[best])[:, None])
    return float(penalties[best]), float(losses[best]), Z.T @ a, fits[best]


def choose_weights(tables, target, groups, penalties, rows):
    """Weights of blocks: start alike, then drop, lessen or raise one as long as it gains.

    Parameters
    ----------
    tables : dict of str to ndarray of shape (samples, columns)
        Centered, each with a total variance of 1.
    target, groups, penalties
        See `choose_penalty`.
    rows : int
        At most so many are looked at.

    Returns
    -------
    dict of str to float
    """
    weights = dict.fromkeys(tables, 1.0)
    if len(tables) == 1:
        return weights
    some = _some_rows(len(target), groups, rows)
    target, groups = target[some], None if groups is None else groups[some]
    if groups is not None:
        groups = np.unique(groups, return_inverse=True)[1]
        groups = None if groups.max() == 0 else groups
    kernels = {name: x[some] @ x[some].T for name, x in tables.items()}
    penalties = np.array(penalties)[::2]
    seen = {}

    def loss(weights):
        key = tuple(weights.values())
        if key not in seen:
            total = sum(key)
            K = sum(w / total * kernels[name] for name, w in weights.items() if w)
            n = len(K)
            K = K - K.mean(0) - K.mean(1)[:, None] + K.mean()
            squares, U = _real(*np.linalg.eigh(K), n)
            fits = (held_out(U, squares / (squares + n * p), target, groups) for p in penalties)
            seen[key] = min(((fit - target) ** 2).mean() for fit in fits)
        return seen[key]

    while True:
        tried = [
            weights | {name: weights[name] * change}
            for change in CHANGES
            for name in tables
            if weights[name] and (change or sum(w > 0 for w in weights.values()) > 1)
        ]
        tried = [t for t in tried if max(t.values()) <= 16 * min(w for w in t.values() if w)]
        losses = np.array([loss(t) for t in tried])
        if not len(tried) or losses.min() > loss(weights) * (1 - GAIN):
            return weights
        weights = tried[int(np.flatnonzero(losses <= losses.min() * (1 + TIE))[0])]


def _some_rows(n, groups, most):
    """Rows of some samples, or of some whole groups; always the same."""
    if n <= most:
        return np.arange(n)
    rng = np.random.default_rng(0)
    if groups is None:
        return np.sort(rng.permutation(n)[:most])
    order = rng.permutation(groups.max() + 1)
    taken = max(2, int(np.searchsorted(np.bincount(groups)[order].cumsum(), most)))
    return np.flatnonzero(np.isin(groups, order[:taken]))


def _real(squares, vectors, n):
    """Directions that are more than rounding."""
    keep = squares > max(squares[-1], 1e-12) * 1e-10
    return squares[keep], vectors[:, keep]
