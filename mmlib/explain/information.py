"""What two sources say about a label: the same, each its own, or something only together.

Bits of information are split into redundant, unique and synergistic ones after Bertschinger
et al. (2014), doi:10.3390/e16042161. The split is by definition, not by nature: others have
defined it otherwise (Williams & Beer 2010, arXiv:1004.2515), and all agree only on the sums.
"""

import numpy as np
from scipy.special import rel_entr
from scipy.stats.contingency import crosstab
from sklearn.model_selection import GroupKFold, cross_val_predict

from ..base import DataError, fit_options
from ..data.validation import guess_task
from ..fusion.early import early_fusion


def information(table):
    """Mutual information (bits) of rows and columns of a table of probabilities.

    Examples
    --------
    >>> from mmlib.explain.information import information
    >>> information([[0.5, 0.0], [0.0, 0.5]])
    1.0
    """
    table = np.asarray(table, float)
    apart = np.outer(table.sum(1), table.sum(0))
    return float(rel_entr(table, apart).sum() / np.log(2))


def decompose(table, names=("a", "b"), rounds=2000):
    """Split what two sources say about a label into four parts.

    Unique information is what a source must say about the label however the two sources hang
    together, as long as each one's own relation to the label stays what it is. So among
    all tables with these relations the one is sought in which both together say least.

    Parameters
    ----------
    table : array-like of shape (levels of a, levels of b, labels)
        Counts, or probabilities.
    names : sequence of two str
        What the sources are called in the result.
    rounds : int
        At most; the search ends when nothing moves any more.

    Returns
    -------
    dict of str to float
        "redundant", "only a", "only b", "synergy", in bits, with the names of the sources in
        place of a and b. They add up to what both together say about the label.

    Raises
    ------
    DataError
        When the table has other axes, is empty or has entries below zero.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.explain.information import decompose
    >>> odd = np.zeros((2, 2, 2))  # the label is 1 where exactly one source is 1
    >>> for a, b in np.ndindex(2, 2):
    ...     odd[a, b, a ^ b] = 1
    >>> {part: abs(round(bits, 3)) for part, bits in decompose(odd).items()}
    {'redundant': 0.0, 'only a': 0.0, 'only b': 0.0, 'synergy': 1.0}
    """
    p = np.asarray(table, float)
    if p.ndim != 3 or (p < 0).any() or not p.sum() > 0:
        raise DataError(
            f"decompose needs counts on three axes (a, b, label); this table has shape {p.shape}."
        )
    p = p[:, :, p.sum((0, 1)) > 0] / p.sum()
    n_labels = p.shape[2]
    label = p.sum((0, 1))
    a_given, b_given = p.sum(1) / label, p.sum(0) / label  # (levels, labels)
    q = a_given[:, None] * b_given[None]  # each label's sources independent: a start
    scales = np.ones_like(q)
    for _round in range(rounds):
        before = q
        # Nearest to the mixture among the tables with the wanted margins, label by label: its
        # rows and columns are scaled, beginning with the scales that the round before has found.
        mixture = (q @ label)[:, :, None]
        q = mixture * scales
        for _scaling in range(1000):
            q = q * _ratio(a_given, q.sum(1))[:, None]
            q = q * _ratio(b_given, q.sum(0))[None]
            if np.abs(q.sum(1) - a_given).max() < 1e-9:
                break
        scales = _ratio(q, mixture)
        if np.abs(q - before).max() < 1e-10:
            break
    least = information((q * label).reshape(-1, n_labels))
    from_a, from_b = information(p.sum(1)), information(p.sum(0))
    both = information(p.reshape(-1, n_labels))
    return {
        "redundant": from_a + from_b - least,
        f"only {names[0]}": least - from_b,
        f"only {names[1]}": least - from_a,
        "synergy": both - least,
    }


def _ratio(wanted, have):
    return np.divide(wanted, have, out=np.zeros_like(wanted), where=have > 0)


def count(a, b, y):
    """How often each combination of three codes occurs, shape (levels a, levels b, labels).

    Examples
    --------
    >>> from mmlib.explain.information import count
    >>> count([0, 0, 1], [1, 1, 0], [0, 1, 1])[0, 1].tolist()
    [1, 1]
    """
    return crosstab(a, b, y).count


def read_out(data, modality, target, n_folds=4):
    """What a modality says about a target: each sample read by a model of other groups.

    Parameters
    ----------
    data : MultimodalData
        With groups.
    modality : str
        The only one that the model sees.
    target : array-like of shape (samples,)
        A quantity (floats with decimals) or classes, such as an entry of ``data.info``.
    n_folds : int

    Returns
    -------
    ndarray of shape (samples,)

    Raises
    ------
    DataError
        When there is no such modality.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.explain.information import read_out
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> read = read_out(leaves, "spectrum", leaves.info["water"])
    >>> bool(np.corrcoef(read, leaves.info["water"])[0, 1] > 0.9)
    True
    """

    if modality not in data.X:
        raise DataError(f"There is no modality {modality!r} to read: X has {', '.join(data.X)}.")
    target = np.asarray(target)
    model = early_fusion(data, task=guess_task(target), modalities=[modality])
    options = fit_options(model, data.groups)
    folds = GroupKFold(n_folds)
    return cross_val_predict(model, data.X, target, groups=data.groups, cv=folds, params=options)


def levels(values, n=4):
    """Codes 0 to n - 1 of a quantity, equally many samples in each.

    Examples
    --------
    >>> from mmlib.explain.information import levels
    >>> levels([0.1, 5.0, 0.3, 9.0], n=2).tolist()
    [0, 1, 0, 1]
    """
    cuts = np.quantile(values, np.linspace(0, 1, n + 1)[1:-1])
    return np.searchsorted(cuts, values, side="right")
