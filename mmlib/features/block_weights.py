"""Which blocks count how much, and how much is shrunk: chosen on rows that are left out."""

import numpy as np
from sklearn.metrics.pairwise import rbf_kernel

from .ridge_left_out import (
    center_kernel,
    held_out,
    left_out,
    some_rows,
    squared_errors,
    standard_error,
)

LEVELS = (1, 1 / 4, 1 / 16, 0)  # weights of a block to choose from
BENDS = (None, 0.5, 3.0)  # a straight block, or a Gaussian kernel: smaller is smoother
NARROW = 100  # columns, up to which a block may bend
GAIN = 0.01  # of the loss: what a change must bring
TIE = 0.002  # of the loss: the strongest penalty within it is taken


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
    some = some_rows(len(target), groups, rows)
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
            tried = [misfits(left_out(K, penalties[k], target, groups), target) for k in nearby]
            best = int(np.argmin([each.mean() for each in tried]))
            seen[parts] = tried[best], nearby[best]
        return seen[parts][0]

    def better(choice, others):
        """The best of some choices if it gains enough, else the one that there was."""
        others = [other for other in others if parts_of(other)]
        means = np.array([losses(other).mean() for other in others])
        best = others[int(np.flatnonzero(means <= means.min() * (1 + TIE))[0])]
        gain = losses(choice) - losses(best)
        if gain.mean() > max(GAIN * losses(choice).mean(), standard_error(gain, groups)):
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


def _may(table, bends):
    return bends if table.shape[1] <= NARROW else bends[:1]


def _kernel(x, bend):
    return center_kernel(x @ x.T if bend is None else rbf_kernel(x, gamma=bend))


def _real(squares, vectors):
    """Directions that are more than rounding."""
    keep = squares > max(squares[-1], 1e-12) * 1e-10
    return squares[keep], vectors[:, keep]
