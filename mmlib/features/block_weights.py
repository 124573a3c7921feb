"""Which blocks count how much, and how much is shrunk: chosen on rows that are left out."""

import numpy as np
from sklearn.metrics.pairwise import rbf_kernel

LEVELS = (1, 1 / 4, 1 / 16, 0)  # weights of a block to choose from
BENDS = (None, 0.5, 3.0)  # a straight block, or a Gaussian kernel: smaller is smoother
NARROW = 100  # columns, up to which a block may bend
MEAN = 1e5  # added to a kernel, so that the mean is hardly shrunk
SHARPNESS = (1, 2, 4, 8, 16, 32)  # what scores of classes are multiplied with
GAIN = 0.01  # of the loss: what a change must bring
TIE = 0.002  # of the loss: the strongest penalty within it is taken


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
    for rows in _of_one_size(groups):
        size = rows.shape[1]
        inside = np.eye(size) - 1 / n
        inside = inside - np.einsum("gid,gjd->gij", scaled[rows], U[rows], optimize=True)
        out[rows] = np.linalg.solve(inside, residual[rows])
    return target - out


def squared_errors(said, target):
    """Squared error of each row, for quantities."""
    return ((said - target) ** 2).mean(1)


def log_losses(said, target):
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

    Returns
    -------
    ndarray of shape (samples,)
        Negative logarithm of the true class's probability, in nats, and a hundredth more.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.block_weights import log_losses
    >>> truth = np.eye(2)[[0, 1]]
    >>> log_losses(truth, truth).round(2).tolist(), log_losses(1 - truth, truth).round(2).tolist()
    ([0.01, 0.01], [1.32, 1.32])
    """
    said = said - said.max(1, keepdims=True)
    own = (said * target).sum(1)
    losses = [np.log(np.exp(s * said).sum(1)) - s * own for s in SHARPNESS]
    return min(losses, key=np.mean) + 0.01


def choose_penalty(Z, target, groups, penalties, misfits=squared_errors):
    """Fit with the strongest penalty that is as good as the best on rows left out.

    Parameters
    ----------
    Z : ndarray of shape (samples, columns)
        Centered.
    target, groups
        See `held_out`.
    penalties : sequence of float
        For the mean over the samples, from the largest to the smallest.
    misfits : callable
        `squared_errors` or `log_losses`.

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
        squares, V = _real(squares, V)
        U = Z @ V / np.sqrt(squares)
    else:
        squares, U = _real(*np.linalg.eigh(Z @ Z.T))
    fits = [held_out(U, squares / (squares + n * p), target, groups) for p in penalties]
    losses = np.array([misfits(fit, target).mean() for fit in fits])
    best = int(np.flatnonzero(losses <= losses.min() * (1 + TIE))[0])
    a = U @ ((U.T @ (target - target.mean(0))) / (squares + n * penalties[best])[:, None])
    return float(penalties[best]), float(losses[best]), Z.T @ a, fits[best]


def choose_weights(tables, target, groups, penalties, rows, misfits=squared_errors, bends=BENDS):
    """Weight and kernel of each block, changed one after the other as long as it gains.

    Begins with the narrow blocks alike, where there are any, and changes to all blocks, to a
    single one, to another weight or another kernel only for a gain of more than one standard
    error: what twenty samples say by chance shall not choose.

    Parameters
    ----------
    tables : dict of str to ndarray of shape (samples, columns)
        Centered, each with a total variance of 1.
    target, groups, penalties, misfits
        See `choose_penalty`.
    rows : int
        At most so many are looked at.
    bends : sequence of float or None
        Kernels to choose from: None is the straight one, a number the gamma of a Gaussian.

    Returns
    -------
    dict of str to (weight, bend)

    References
    ----------
    One standard error: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression
    Trees, doi:10.1201/9781315139470, section 3.4.3.
    """
    some = _some_rows(len(target), groups, rows)
    target, groups = target[some], None if groups is None else groups[some]
    target = target[:, target.any(0)]  # a class may be missing among them
    if groups is not None:
        groups = np.unique(groups, return_inverse=True)[1]
        groups = None if groups.max() == 0 else groups
    names = sorted(tables)  # so that their order does not matter
    kernels = {(n, b): _kernel(tables[n][some], b) for n in names for b in _may(tables[n], bends)}
    penalties = np.array(penalties)[::2]
    seen, nearby = {}, range(len(penalties))

    def parts_of(choice):
        return tuple((n, *choice[n]) for n in names if choice[n][0])

    def losses(choice):
        """Of each row, with the penalty that is best for the choice."""
        parts = parts_of(choice)
        if parts not in seen:
            K = sum(weight * kernels[name, bend] for name, weight, bend in parts)
            K = K / sum(weight for _, weight, _ in parts)
            tried = [misfits(_left_out(K, penalties[k], target, groups), target) for k in nearby]
            best = int(np.argmin([each.mean() for each in tried]))
            seen[parts] = tried[best], nearby[best]
        return seen[parts][0]

    def better(choice, others):
        """The best of some choices if it gains enough, else the one that there was."""
        others = [other for other in others if parts_of(other)]
        means = np.array([losses(other).mean() for other in others])
        best = others[int(np.flatnonzero(means <= means.min() * (1 + TIE))[0])]
        gain = losses(choice) - losses(best)
        if gain.mean() > max(GAIN * losses(choice).mean(), _standard_error(gain, groups)):
            return best
        return choice

    straight = bends[0]
    narrow = [name for name in names if tables[name].shape[1] <= NARROW]
    sets = [narrow or names, names, *([name] for name in names)]
    choice, *others = [{n: (int(n in some), straight) for n in names} for some in sets]
    choice = better(choice, others)
    best = seen[parts_of(choice)][1]
    nearby = range(max(0, best - 1), min(len(penalties), best + 2))
    for _ in range(3):
        before = choice
        for name in names:
            weight, bend = choice[name]
            options = [(level, bend) for level in LEVELS]
            options += [(weight or 1, b) for b in _may(tables[name], bends)]
            choice = better(choice, [choice | {name: option} for option in options])
        if choice == before:
            break
    return choice


def _standard_error(gain, groups):
    """Of the mean of what each row gains; the rows of a group count as one."""
    if groups is not None:
        gain = np.bincount(groups, gain) / np.bincount(groups)
    return gain.std(ddof=1) / np.sqrt(len(gain))


def _left_out(K, penalty, target, groups):
    """As `held_out`, from a kernel: with G the inverse, residuals are G y over G_ii."""
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


def _may(table, bends):
    return bends if table.shape[1] <= NARROW else bends[:1]


def _kernel(x, bend):
    """Products of all pairs of rows, centered."""
    K = x @ x.T if bend is None else rbf_kernel(x, gamma=bend)
    K = K - K.mean(0)
    return K - K.mean(1)[:, None]


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


def _real(squares, vectors):
    """Directions that are more than rounding."""
    keep = squares > max(squares[-1], 1e-12) * 1e-10
    return squares[keep], vectors[:, keep]
