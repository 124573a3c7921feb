"""Tests that count groups: is anything told, ordered or doubled more than chance would have it?"""

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from ..base import DataError
from ..data.dataset import MultimodalData
from ..data.mapping import Select
from ..data.splits import most_folds
from .compare import compare

ALARM = 0.01  # share of clean data sets that raise any alarm, at most
PERMUTATIONS = 9_999
PARTS = 10  # principal components


def told_by(table, values, units, alarm, random_state=0):
    """Whether a table tells codes of samples of other groups.

    Parameters
    ----------
    table : ndarray of shape (samples, columns)
    values, units : ndarray of int, shape (samples,)
        0, 1, ...: what is to be told, and groups.
    alarm : float
        Share of false alarms.
    random_state : int
        Of the folds.

    Returns
    -------
    (float, float) or None
        Balanced accuracy, and that of guessing; None where it cannot be told.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.evaluation.shortcut_tests import told_by
    >>> day = np.arange(40) % 2
    >>> noise = np.random.default_rng(0).normal(size=(40, 3))
    >>> told_by(noise + 5 * day[:, None], day, np.arange(40), 0.01)
    (1.0, 0.5)
    >>> told_by(noise, day, np.arange(40), 0.01)
    """
    table, values, units = _measured(table, values, units)
    if not len(table) or values.max() < 1:
        return None
    data = _data(table, values, units, "classification")
    if most_folds(data, 5) < 3:
        return None
    model = _steps(table, LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto"))
    result = _compare(model, data, random_state)
    if result is None:
        return None
    chance = 1 / (values.max() + 1)
    found = result.judge(result.left_out("x", "balanced accuracy") - chance, ["x"], least=1.0)
    if not (found.mean > 0 and found.p / 2 < alarm):
        return None
    return float(found.mean + chance), float(chance)


def trend_p(table, label, units, random_state=0):
    """p that a table does not tell the order of the samples within one label.

    Parameters
    ----------
    table, label, units, random_state
        As for `told_by`.

    Returns
    -------
    float
        One-sided, by groups.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.evaluation.shortcut_tests import trend_p
    >>> order, label = np.arange(60), np.arange(60) // 30
    >>> noise = np.random.default_rng(0).normal(size=(60, 3))
    >>> trend_p(noise + 0.1 * order[:, None], label, order) < 0.001
    True
    """
    table, label, units = _measured(table, label, units)
    table = within(table, label)  # what differs between labels is no drift
    order = within(np.arange(len(table), dtype=float)[:, None], label)[:, 0]
    if not order.any() or units.max() < 3:
        return 1.0
    data = _data(table, order, units, "regression")
    model = _steps(table, RidgeCV(np.logspace(-3, 3, 7) * len(table)))
    result = _compare(model, data, random_state)
    if result is None:
        return 1.0
    found = result.judge(result.left_out("x", "R2"), ["x"], least=0.0)
    return float(found.p / 2 if found.mean > 0 else 1.0)


def within(table, label):
    """A table less the mean of each label: nothing in it tells the labels apart on average.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.evaluation.shortcut_tests import within
    >>> within(np.array([[1.0], [3.0], [8.0]]), np.array([0, 0, 1])).ravel().tolist()
    [-1.0, 1.0, 0.0]
    """
    table = np.array(table, float)
    measured = np.isfinite(table).all(1)
    for k in np.unique(label[measured]):
        known = measured & (label == k)
        table[known] -= table[known].mean(0)
    return table


def going_together_p(values, label, units):
    """p that two codes have nothing to do with each other, and how often one tells the other.

    Parameters
    ----------
    values, label, units : ndarray of int, shape (samples,)

    Returns
    -------
    p : float
        By dealing labels anew to groups.
    told : list of (int, int)
        First of values that tell labels, then of labels that tell values: groups of which the
        most frequent one is right, and groups of which guessing is.
    n : int
        Groups; one of several labels or values counts as several.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.evaluation.shortcut_tests import going_together_p
    >>> day = np.arange(20) // 10
    >>> going_together_p(day, day, np.arange(20))[1:]
    ([(20, 10), (20, 10)], 20)
    """
    rows = np.unique(np.stack([units, values, label], 1), axis=0)
    values, label = rows[:, 1], rows[:, 2]
    of_value, of_label = np.eye(values.max() + 1)[values], np.eye(label.max() + 1)[label]

    def told(tables):
        return tables.max(-1).sum(-1), tables.max(-2).sum(-1)

    found = told(of_value.T @ of_label)
    rng, least = np.random.default_rng(0), 0
    for _ in range(PERMUTATIONS // 99):
        dealt = of_label[rng.permuted(np.tile(np.arange(len(label)), (99, 1)), axis=1)]
        least += int((sum(told(of_value.T @ dealt)) >= sum(found)).sum())
    p = (least + 1) / (99 * (PERMUTATIONS // 99) + 1)
    guessed = of_label.sum(0).max(), of_value.sum(0).max()
    return p, [(int(a), int(b)) for a, b in zip(found, guessed, strict=True)], len(rows)


def blocks_p(label, units):
    """p that labels follow each other by chance, group by group in the order of the samples.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.evaluation.shortcut_tests import blocks_p
    >>> blocks_p(np.arange(40) // 20, np.arange(40)) < 0.001 < blocks_p(
    ...     np.arange(40) % 2, np.arange(40)
    ... )
    True
    """
    first = np.sort(np.unique(np.stack([units, label], 1), axis=0, return_index=True)[1])
    label = label[first]
    changes = (label[1:] != label[:-1]).sum()
    rng = np.random.default_rng(0)
    dealt = rng.permuted(np.tile(label, (PERMUTATIONS, 1)), axis=1)
    return float(((dealt[:, 1:] != dealt[:, :-1]).sum(1) <= changes).sum() + 1) / (len(dealt) + 1)


def near_twins(table, units, alarm):
    """Pairs of samples from different groups that are nearer than chance brings any.

    Distances r of nearest neighbors in d dimensions have the distribution
    ``1 - exp(-c r**d)``; d and c follow from the distances themselves, from the
    ratio of the second nearest to the nearest (Facco and others 2017), which few twins
    cannot spoil.

    Parameters
    ----------
    table, units, alarm
        As for `told_by`.

    Returns
    -------
    list of (int, int)
        The nearest pair first.

    References
    ----------
    Facco, d'Errico, Rodriguez & Laio (2017), doi:10.1038/s41598-017-11873-y.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.evaluation.shortcut_tests import near_twins
    >>> table = np.random.default_rng(0).normal(size=(60, 5))
    >>> table[7] = table[3] + 1e-4
    >>> near_twins(table, np.arange(60), 0.001)
    [(3, 7)]
    """
    rows = np.flatnonzero(np.isfinite(table).all(1))
    table, units = table[rows], units[rows]
    if len(rows) < 10:
        return []
    points = PCA(min(PARTS, *table.shape), random_state=0).fit_transform(table)
    apart = cdist(points, points)
    apart[units[:, None] == units] = np.inf
    nearest, second = np.sort(apart, axis=1)[:, :2].T
    known = np.isfinite(second) & (second > 0)
    if known.sum() < 10:
        return []
    ratio = np.log(np.median(second[known] / np.maximum(nearest[known], 1e-300)))
    dimensions = np.log(2) / max(ratio, np.log(2) / points.shape[1])
    usual = np.median(nearest[known])
    share = (alarm / (known.sum() * np.log(2))) ** (1 / dimensions)
    pairs = np.argwhere(np.triu(apart < min(share, 0.3) * usual, 1))
    nearest_first = sorted(pairs.tolist(), key=lambda pair: apart[tuple(pair)])
    return [(int(rows[a]), int(rows[b])) for a, b in nearest_first]


def _measured(table, *codes):
    """Without the samples that lack a value; what is left of each code as 0, 1, ..."""
    rows = np.isfinite(table).all(1)
    return table[rows], *(np.unique(code[rows], return_inverse=True)[1] for code in codes)


def _data(table, values, units, task):
    groups = None if units.max() + 1 == len(units) else units
    return MultimodalData({"table": table}, values, groups=groups, task=task)


def _steps(table, last):
    """Principal components before a linear model; columns that do not vary stay zero."""
    parts = min(PARTS, table.shape[1], len(table) // 4)
    compress = PCA(parts, random_state=0) if parts < table.shape[1] else FunctionTransformer()
    return make_pipeline(Select("table"), StandardScaler(), compress, last)


def _compare(model, data, random_state):
    """None where groups are so uneven that some training part is too small for the model."""
    folds = {"n_folds": most_folds(data, 5), "n_repeats": 2, "random_state": random_state}
    try:
        return compare({"x": model}, data, **folds, progress=False)
    except (DataError, RuntimeError):
        return None
