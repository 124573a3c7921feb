"""Dividing samples so that groups stay whole: once, for early stopping, and into folds.

scikit-learn's splitters keep groups whole as well, but refuse, warn or lose a class where
one has few groups. These do what can be done with few, and balance classes besides.
"""

import numpy as np
from sklearn import model_selection as ms

from ..base import DataError
from .mapping import same_rows


def split_groups(groups, classes, test_size, rng):
    """Put whole groups to the test, with every class on both sides if it can be.

    Parameters
    ----------
    groups, classes : array-like of shape (samples,)
    test_size : float
        Share of the samples that is wanted, of each class.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of bool, shape (samples,)
        True for test samples.

    Raises
    ------
    DataError
        When there is one group only, or every group holds a whole class.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.data.splits import split_groups
    >>> groups, classes = [1, 1, 2, 2, 3, 3, 4, 4], [0, 0, 0, 0, 1, 1, 1, 1]
    >>> int(split_groups(groups, classes, 0.5, np.random.default_rng(0)).sum())
    4
    """
    names, group = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        raise DataError(
            f"All samples are in one group ({names[0]}): a split by group needs at least two."
        )
    labels, label = np.unique(classes, return_inverse=True)
    count = np.zeros((len(names), len(labels)), int)  # samples per group and class
    np.add.at(count, (group, label), 1)
    left = count.sum(0)  # samples of each class still in training
    wanted = test_size * left
    in_test = np.zeros(len(names), bool)

    def can_move(g):
        return not in_test[g] and ((left - count[g] > 0) | (count[g] == 0)).all()

    def move(g):
        nonlocal left
        in_test[g] = True
        left = left - count[g]

    for k in np.argsort((count > 0).sum(0), kind="stable"):  # classes with few groups first
        candidates = rng.permutation(np.flatnonzero(count[:, k]))
        if not count[in_test][:, k].any():
            # One that is much larger than what is wanted only where there is no other.
            excess = np.maximum(count[candidates, k] - 2 * wanted[k], 0)
            sized = candidates[np.argsort(excess, kind="stable")]
            first = next((g for g in sized if can_move(g)), None)
            if first is not None:
                move(first)
        for g in candidates:
            have = count[in_test][:, k].sum()
            if can_move(g) and have + count[g, k] / 2 <= wanted[k]:
                move(g)
    if not in_test.any():
        raise DataError(
            "No group can be put to the test without taking a whole class out of training: "
            "measure more groups of each class."
        )
    return in_test[group]


def hold_out(strata, groups, share, rng):
    """Choose the training samples that early stopping looks at, and the net does not.

    Parameters
    ----------
    strata : ndarray of int, shape (samples,)
        Classes, or one number for all where there are none.
    groups : array-like of shape (samples,), optional
        Stay whole.
    share : float
        How many of the samples.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of bool, shape (samples,)
        True for those held out. No sample is, where they would be under ten, or would take
        a whole class out of training.

    Raises
    ------
    DataError
        When `groups` and `strata` differ in length.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.data.splits import hold_out
    >>> int(hold_out(np.repeat([0, 1], 50), None, 0.2, np.random.default_rng(0)).sum())
    20
    """
    if groups is not None:
        groups = np.asarray(groups)
        same_rows({}, y=strata, groups=groups)
    held = np.zeros(len(strata), bool)
    if not share or share * len(strata) < 10:
        return held
    if groups is not None:
        try:
            return split_groups(groups, strata, share, rng)
        except DataError:  # a single group, or one for each class
            return held
    for label in np.unique(strata):
        rows = rng.permutation(np.flatnonzero(strata == label))
        held[rows[: min(round(share * len(rows)), len(rows) - 1)]] = True
    return held


def assign_folds(classes, groups=None, n_folds=5, random_state=0):
    """Deal groups to folds like cards, class by class; a class may have too few for all.

    scikit-learn's splitters warn or refuse where a class has fewer samples than folds.

    Parameters
    ----------
    classes : ndarray of int, shape (samples,)
    groups : ndarray of shape (samples,), optional
        Without it each sample is a group.
    n_folds : int
        Fewer come out where there are fewer groups.
    random_state : int

    Returns
    -------
    ndarray of int, shape (samples,)
        The fold that each sample is held out in.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.data.splits import assign_folds
    >>> classes, plants = np.array([0, 0, 0, 0, 1, 1]), np.array([5, 5, 6, 6, 7, 8])
    >>> fold = assign_folds(classes, plants, n_folds=2)
    >>> bool(fold[0] == fold[1] != fold[2] == fold[3]), bool(fold[4] != fold[5])
    (True, True)
    """
    groups = np.arange(len(classes)) if groups is None else groups
    names, first, group = np.unique(groups, return_index=True, return_inverse=True)
    shuffled = np.random.default_rng(random_state).permutation(len(names))
    order = shuffled[np.argsort(classes[first[shuffled]], kind="stable")]
    fold = np.empty(len(names), int)
    fold[order] = np.arange(len(names)) % n_folds
    return fold[group]


TRIES = 100


def group_folds(data, n_folds=5, n_repeats=1, random_state=0):
    """Folds for cross-validation: groups stay whole, classes are spread evenly.

    Parameters
    ----------
    data : MultimodalData
    n_folds : int
        Parts; each is the test part once in every repeat.
    n_repeats : int
        How often to divide the data anew.
    random_state : int
        The same number gives the same folds.

    Returns
    -------
    list of (train, test)
        Arrays of row numbers, ``n_folds * n_repeats`` pairs, one repeat after another.
        Every class is in every training part.

    Raises
    ------
    DataError
        When a class, or a regression data set, has fewer groups (samples, where there
        are no groups) than `n_folds`, or no division keeps every class in training.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.data.splits import group_folds
    >>> data = mmlib.make_leaves(n_plants=10, leaves_per_plant=3)
    >>> [len(test) for train, test in group_folds(data, n_folds=2)]
    [15, 15]
    """
    if n_folds < 2 or n_repeats < 1:
        raise DataError(
            f"n_folds is {n_folds} and n_repeats {n_repeats}: at least 2 and 1 are needed."
        )
    y = _classes(data)
    _check_enough(data, n_folds)
    folds = []
    for repeat in range(n_repeats):
        rng = np.random.default_rng([random_state, repeat])
        for _ in range(TRIES):
            parts = _divide(data, y, n_folds, int(rng.integers(2**31)))
            lost = np.concatenate([np.setdiff1d(y, y[train]) for train, _ in parts])
            if not len(lost) and all(len(test) for _, test in parts):
                break
        else:
            name = f"class {_names(data)[lost[0]]!r}" if len(lost) else "some group"
            raise DataError(
                f"None of {TRIES} divisions into {n_folds} folds has {name} in every training "
                "part: use fewer folds, cut large groups, or leave the class out."
            )
        folds += parts
    return folds


def most_folds(data, at_most):
    """As many folds as the rarest class has groups (samples, where there are none).

    Parameters
    ----------
    data : MultimodalData
    at_most : int

    Returns
    -------
    int

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.data.splits import most_folds
    >>> most_folds(mmlib.make_leaves(n_plants=15), at_most=5)
    3
    """
    return min(at_most, *_groups_of_each(data).values())


def _classes(data):
    return data.y if data.task == "classification" else np.zeros(len(data), int)


def _groups_of_each(data):
    """Class -> how many groups it has, or samples where there are none."""
    y, groups = _classes(data), np.arange(len(data)) if data.groups is None else data.groups
    return {label: len(np.unique(groups[y == label])) for label in np.unique(y)}


def _divide(data, y, n_folds, state):
    options = {"n_splits": n_folds, "shuffle": True, "random_state": state}
    if data.task == "regression":
        splitter = ms.KFold(**options) if data.groups is None else ms.GroupKFold(**options)
    elif data.groups is None:
        splitter = ms.StratifiedKFold(**options)
    else:
        splitter = ms.StratifiedGroupKFold(**options)
    return list(splitter.split(y, y, data.groups))


def _check_enough(data, n_folds):
    what = "sample(s)" if data.groups is None else "group(s)"
    count = _groups_of_each(data)
    if data.task == "classification" and len(count) < 2:
        raise DataError(f"{data.name!r} holds one class only: there is nothing to tell apart.")
    fewest = min(count, key=count.get)
    if count[fewest] >= n_folds:
        return
    who = f"Class {_names(data)[fewest]!r}" if data.task == "classification" else repr(data.name)
    remedy = (
        f"use n_folds={count[fewest]} at most"
        if count[fewest] > 1
        else "no number of folds can both train and test on it: measure more or leave it out"
    )
    raise DataError(f"{who} has {count[fewest]} {what} for {n_folds} folds; {remedy}.")


def _names(data):
    return dict(zip(data.labels, data.target_names, strict=True))
