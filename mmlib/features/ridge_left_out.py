"""What ridge regression says of rows that are left out, and how wrong that is.

Nothing is fitted anew: what a row, or its whole group, contributed is taken out by a formula.
"""

import numpy as np

MEAN = 1e5  # added to a kernel, so that the mean is hardly shrunk
SHARPNESS = (1, 2, 4, 8, 16, 32)  # what scores of classes are multiplied with


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
    >>> from mmlib.features.ridge_left_out import held_out
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
    for rows in _of_one_size(groups):
        size = rows.shape[1]
        inside = np.eye(size) - 1 / n
        inside = inside - np.einsum("gid,gjd->gij", scaled[rows], U[rows], optimize=True)
        out[rows] = np.linalg.solve(inside, residual[rows])
    return target - out


def left_out(K, penalty, target, groups=None):
    """As `held_out`, from a centered kernel: with G the inverse, residuals are G y over G_ii.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.ridge_left_out import left_out
    >>> target = np.array([[0.0], [0], [0], [3]])
    >>> left_out(np.zeros((4, 4)), 1.0, target).round(3).ravel().tolist()
    [1.0, 1.0, 1.0, 0.0]
    """
    G = np.linalg.inv(K + len(K) * penalty * np.eye(len(K)) + MEAN)
    out = G @ (target - target.mean(0))
    if groups is None:
        return target - out / np.diag(G)[:, None]
    for rows in _of_one_size(groups):
        out[rows] = np.linalg.solve(G[rows[:, :, None], rows[:, None]], out[rows])
    return target - out


def _of_one_size(groups):
    """Rows of groups, for each size of group an array of shape (groups, size)."""
    order = np.argsort(groups, kind="stable")
    sizes = np.bincount(groups)
    ends = np.cumsum(sizes)
    for size in np.unique(sizes[sizes > 0]):
        yield order[(ends[sizes == size] - size)[:, None] + np.arange(size)]


def center_kernel(K):
    """Products of all pairs of rows, as if their mean had been taken away.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.ridge_left_out import center_kernel
    >>> center_kernel(np.array([[1.0, 3], [3, 9]])).tolist()  # rows 1 and 3
    [[1.0, -1.0], [-1.0, 1.0]]
    """
    K = K - K.mean(0)
    return K - K.mean(1)[:, None]


def some_rows(n, groups, most):
    """Some of the rows, at most so many, from all groups as evenly as they allow; always the same.

    Few whole groups would tell less: the samples of a group are much alike.

    Parameters
    ----------
    n : int
        Rows.
    groups : ndarray of int, shape (n,), or None
    most : int

    Returns
    -------
    ndarray of int, sorted

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.ridge_left_out import some_rows
    >>> groups = np.repeat([0, 1, 2], [8, 1, 3])
    >>> groups[some_rows(12, groups, 5)].tolist()
    [0, 0, 1, 2, 2]
    """
    order = np.random.default_rng(0).permutation(n)
    if groups is not None and n > most:
        by_group = order[np.argsort(groups[order], kind="stable")]
        sizes = np.bincount(groups)
        turn = np.empty(n, int)  # of each row within its group
        turn[by_group] = np.arange(n) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        order = order[np.argsort(turn[order], kind="stable")]
    return np.sort(order[:most])


def squared_errors(said, target):
    """Squared error of each row, for quantities."""
    return ((said - target) ** 2).mean(1)


def log_losses(said, target, sharpness=SHARPNESS):
    """How surprised one is by the class of each row, who sharpens scores as much as is best.

    Squared errors of scores would punish a straight boundary for not bending where it is
    sure. Scores are only sharpened, never turned: whoever is left out lowers the mean of the
    others, so that turned scores would give the answer away.

    Parameters
    ----------
    said : ndarray of shape (samples, classes)
        Scores of rows left out.
    target : ndarray of shape (samples, classes)
        Columns of zeros and ones.
    sharpness : sequence of float
        To choose from.

    Returns
    -------
    ndarray of shape (samples,)
        Negative logarithm of the true class's probability, in nats, and a hundredth more.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.ridge_left_out import log_losses
    >>> truth = np.eye(2)[[0, 1]]
    >>> log_losses(truth, truth).round(2).tolist(), log_losses(1 - truth, truth).round(2).tolist()
    ([0.01, 0.01], [1.32, 1.32])
    """
    said = said - said.max(1, keepdims=True)
    own = (said * target).sum(1)
    losses = [np.log(np.exp(s * said).sum(1)) - s * own for s in sharpness]
    return min(losses, key=np.mean) + 0.01


def standard_error(gain, groups=None):
    """Of the mean of what each row gains; the rows of a group count as one.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.ridge_left_out import standard_error
    >>> gain = np.array([1.0, 1.0, 2.0, 2.0, 3.0, 3.0])
    >>> round(standard_error(gain, ["a", "a", "b", "b", "c", "c"]), 2)
    0.58
    """
    if groups is not None:
        groups = np.unique(groups, return_inverse=True)[1]
        gain = np.bincount(groups, gain) / np.bincount(groups)
    return float(gain.std(ddof=1) / np.sqrt(len(gain)))
