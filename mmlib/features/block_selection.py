"""Blocks that a net is better off without, found on groups that are left out.

A model that weighs its blocks passes over one that tells nothing new. A net does not: whatever
varies in a block helps it to learn the training samples by heart.
"""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.metrics.pairwise import euclidean_distances
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from ..data.mapping import Samples, check_samples
from .block_ridge import PENALTIES
from .block_weights import BENDS, GAIN
from .held_out import target_columns
from .remembered import remembered
from .ridge_left_out import (
    center_kernel,
    left_out,
    log_losses,
    some_rows,
    squared_errors,
    standard_error,
)

FEW = 20  # groups, below which a standard error of theirs says little


class BlockSelection(TransformerMixin, BaseEstimator):
    """Set blocks to zero that are shown to do harm, each column counting alike.

    Begins with all blocks, and leaves out the one without which kernel ridge regression does best
    on groups left out, as long as that gains more than one standard error. The kernel is straight
    or a Gaussian of all columns together, whichever does better; so what blocks tell only
    together is seen.

    Parameters
    ----------
    blocks : str or sequence of str, optional
        Among which to choose; all of them where nothing is said. Others pass as they are.
    rows : int
        So many samples are looked at, at most.

    Attributes
    ----------
    left_out_ : list of str
        Blocks that are set to zero. None are where a block is no table or has gaps, where there
        are no labels, or fewer than 20 groups (or samples, where there are no groups).
    kept_ : str
        The names of the others, or "all".

    References
    ----------
    One standard error: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression
    Trees, doi:10.1201/9781315139470, section 3.4.3.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.block_selection import BlockSelection
    >>> rng = np.random.default_rng(0)
    >>> y = np.arange(80) % 2
    >>> X = {"spectrum": y[:, None] + rng.normal(size=(80, 3)), "noise": rng.normal(size=(80, 60))}
    >>> selection = BlockSelection().fit(X, y)
    >>> selection.left_out_, float(abs(selection.transform(X)["noise"]).max())
    (['noise'], 0.0)
    """

    def __init__(self, blocks=None, rows=300):
        self.blocks = blocks
        self.rows = rows

    def fit(self, X, y=None, groups=None):
        """Choose among the blocks of a mapping of tables, shape (samples, columns).

        Raises
        ------
        DataError
            When a block is missing, or numbers of rows differ.
        """
        tables, y, groups = check_samples(X, y, groups, self.blocks)
        names = kept = sorted(tables)
        if y is not None and all(map(_is_whole, tables.values())):
            target, codes = target_columns(y)
            units = np.arange(len(target)) if groups is None else np.unique(groups)
            if len(names) > 1 and len(units) >= FEW and (target != target[0]).any():
                misfits = squared_errors if codes is None else log_losses
                kept = _useful(dict(tables), target, groups, self.rows, misfits)
        self.left_out_ = [name for name in names if name not in kept]
        self.kept_ = " and ".join(kept) if self.left_out_ else "all"
        return self

    def transform(self, X):
        """The blocks, those of `left_out_` as zeros of the same shape."""
        check_is_fitted(self)
        return Samples(
            {
                name: np.zeros(np.shape(x)) if name in self.left_out_ else x
                for name, x in dict(X).items()
            }
        )


def _is_whole(x):
    """Whether it is a table of numbers without gaps; of others the model itself will speak."""
    return x.ndim == 2 and x.shape[1] and x.dtype.kind in "fiub" and np.isfinite(x).all()


@remembered(most=6)  # training parts: all nets of a comparison ask the same
def _useful(tables, target, groups, rows, misfits):
    """Names of the blocks that are kept."""
    if groups is not None:
        groups = np.unique(groups, return_inverse=True)[1]
    some = some_rows(len(target), groups, rows)
    target, groups = target[some], None if groups is None else groups[some]
    target = target[:, target.any(0)]  # a class may be missing among them
    if groups is not None:
        groups = np.unique(groups, return_inverse=True)[1]
    tables = {name: StandardScaler().fit_transform(x[some]) for name, x in tables.items()}
    products = {name: x @ x.T for name, x in tables.items()}
    distances = {name: euclidean_distances(x, squared=True) for name, x in tables.items()}

    def losses(names):
        """Of each row, with the kernel and the penalty that are best."""
        columns = sum(tables[name].shape[1] for name in names)
        product = sum(products[name] for name in names) / columns
        distance = sum(distances[name] for name in names) / columns
        kernels = [product if bend is None else np.exp(-bend * distance) for bend in BENDS]
        tried = [
            misfits(left_out(center_kernel(kernel), penalty, target, groups), target)
            for kernel in kernels
            for penalty in PENALTIES[::2]
        ]
        return min(tried, key=np.mean)

    kept = sorted(tables)
    now = losses(kept)
    while len(kept) > 1:
        smaller = [[name for name in kept if name != without] for without in kept]
        others = [losses(names) for names in smaller]
        best = int(np.argmin([each.mean() for each in others]))
        gain = now - others[best]
        if not gain.mean() > max(GAIN * now.mean(), standard_error(gain, groups)):
            break
        kept, now = smaller[best], others[best]
    return kept
