"""What a model is worth when only a few samples have labels, and the others none."""

import numpy as np
from sklearn.base import clone

from ..base import DataError
from .intervals import interval
from .wording import enough_decimals


def few_labels(y, per_class, groups=None, random_state=0):
    """Rows that an expert is asked to label: as many of each class, each of another group.

    Parameters
    ----------
    y : array-like of shape (samples,)
        The classes. Whoever chooses at random cannot know them, but could go on asking
        until each class has its share.
    per_class : int
    groups : array-like of shape (samples,), optional
        One sample of a group (plant, patient) at most is chosen.
    random_state : int

    Returns
    -------
    ndarray of int, shape (classes * per_class,)

    Raises
    ------
    DataError
        When a class has too few groups.

    Examples
    --------
    >>> from mmlib.evaluation.few_labels import few_labels
    >>> rows = few_labels(["raw", "raw", "ripe", "ripe"], per_class=1, groups=[1, 1, 2, 2])
    >>> len(rows)
    2
    """
    y = np.asarray(y)
    groups = np.arange(len(y)) if groups is None else np.asarray(groups)
    rng, rows = np.random.default_rng(random_state), []
    for label in np.unique(y):
        mine = rng.permutation(np.flatnonzero(y == label))
        mine = mine[~np.isin(groups[mine], groups[np.concatenate([[], *rows]).astype(int)])]
        first = np.sort(np.unique(groups[mine], return_index=True)[1])  # one row of each group
        if len(first) < per_class:
            raise DataError(
                f"Class {label} has samples of {len(first)} groups only, not {per_class}."
            )
        rows.append(mine[first[:per_class]])
    return np.concatenate(rows)


def score_few_labels(model, known, new, per_class, groups=None, draws=6):
    """Share of right answers after training on a few labeled samples.

    The draws depend on nothing but `known` and `groups`, so that several models get the
    same samples.

    Parameters
    ----------
    model : estimator
        A clone of it is fitted each time.
    known, new : (mapping, array-like)
        Modalities and classes: of the samples to draw from, and of those to judge on.
    per_class : sequence of int
        Labels of each class.
    groups : array-like of shape (samples,), optional
        As for `few_labels`.
    draws : int

    Returns
    -------
    ndarray of shape (len(per_class), draws)

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.early import early_fusion
    >>> from mmlib.evaluation.few_labels import score_few_labels
    >>> from sklearn.preprocessing import StandardScaler
    >>> data = {"size": np.arange(20.0)[:, None]}, np.repeat(["small", "large"], 10)
    >>> model = early_fusion(blocks={"size": StandardScaler()})
    >>> score_few_labels(model, data, data, [2, 4], draws=3).shape
    (2, 3)
    """
    (X, y), (X_new, y_new) = known, new
    y, shares = np.asarray(y), np.empty((len(per_class), draws))
    for k, draw in np.ndindex(shares.shape):
        rows = few_labels(y, per_class[k], groups, random_state=draw)
        part = {name: np.asarray(table)[rows] for name, table in X.items()}
        shares[k, draw] = clone(model).fit(part, y[rows]).score(X_new, y_new)
    return shares


def gain_sentence(shares, a, b):
    """How many points model `a` is ahead of `b`, with the 95 % interval over the draws.

    Parameters
    ----------
    shares : mapping of str to array-like of shape (draws,)
        Model -> shares of right answers, the same samples drawn for each.
    a, b : str

    Examples
    --------
    >>> from mmlib.evaluation.few_labels import gain_sentence
    >>> gain_sentence({"net": [0.5, 0.6, 0.7], "early": [0.6, 0.7, 0.9]}, "early", "net")
    'early minus net: 13.3 points (95 % interval -1.0 to 27.7)'
    """
    points = 100 * (np.asarray(shares[a]) - np.asarray(shares[b]))
    mean, low, high = interval(points, n_train=1, n_test=0)  # draws share next to nothing
    shown = enough_decimals(mean, low, high, 1)
    mean, low, high = (f"{x:z.{shown}f}" for x in (mean, low, high))
    return f"{a} minus {b}: {mean} points (95 % interval {low} to {high})"


def label_few(data, groups_per_class, random_state=0):
    """Draw the groups whose labels shall be known: as many of each class.

    Parameters
    ----------
    data : MultimodalData
        With groups, each of one class.
    groups_per_class : int
    random_state : int

    Returns
    -------
    ndarray of bool, shape (samples,)

    Raises
    ------
    DataError
        When there are no groups, or a class has fewer.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.evaluation.few_labels import label_few
    >>> leaves = mmlib.make_leaves(n_plants=20, leaves_per_plant=3)
    >>> int(label_few(leaves, 2).sum())  # 5 classes, 2 plants each, 3 leaves each
    30
    """
    if data.groups is None:
        raise DataError("The data has no groups, so none can be drawn.")
    rng, chosen = np.random.default_rng(random_state), []
    for label, name in zip(data.labels, data.target_names, strict=True):
        pool = np.unique(data.groups[data.y == label])
        if len(pool) < groups_per_class:
            raise DataError(
                f"Class {name!r} has {len(pool)} group(s), but {groups_per_class} are wanted: "
                "take fewer."
            )
        chosen.append(rng.choice(pool, groups_per_class, replace=False))
    return np.isin(data.groups, np.concatenate(chosen))
