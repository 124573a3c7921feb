"""Folds that keep groups whole and classes in balance."""

import numpy as np
from sklearn import model_selection as ms

from ..data import DataError

TRIES = 100


def group_folds(data, n_folds=5, n_repeats=1, seed=0):
    """Folds for cross-validation: groups stay whole, classes are spread evenly.

    Parameters
    ----------
    data : MultimodalData
    n_folds : int
        Parts; each is the test part once in every repeat.
    n_repeats : int
        How often to divide the data anew.
    seed : int
        The same seed gives the same folds.

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
    >>> from mmlib.evaluation import group_folds
    >>> data = mmlib.make_leaves(n_plants=10, leaves_per_plant=3)
    >>> [len(test) for train, test in group_folds(data, n_folds=2)]
    [15, 15]
    """
    if n_folds < 2 or n_repeats < 1:
        raise DataError(
            f"n_folds is {n_folds} and n_repeats {n_repeats}: at least 2 and 1 are needed."
        )
    y = data.y if data.task == "classification" else np.zeros(len(data), int)
    _check_enough(data, y, n_folds)
    folds = []
    for repeat in range(n_repeats):
        rng = np.random.default_rng([seed, repeat])
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
    >>> from mmlib.evaluation.folds import most_folds
    >>> most_folds(mmlib.make_leaves(n_plants=15), at_most=5)
    3
    """
    groups = np.arange(len(data)) if data.groups is None else data.groups
    if data.labels is None:
        return min(at_most, len(set(groups)))
    return min(at_most, *(len(set(groups[data.y == label])) for label in np.unique(data.y)))


def _divide(data, y, n_folds, state):
    options = {"n_splits": n_folds, "shuffle": True, "random_state": state}
    if data.task == "regression":
        splitter = ms.KFold(**options) if data.groups is None else ms.GroupKFold(**options)
    elif data.groups is None:
        splitter = ms.StratifiedKFold(**options)
    else:
        splitter = ms.StratifiedGroupKFold(**options)
    return list(splitter.split(y, y, data.groups))


def _check_enough(data, y, n_folds):
    what = "sample(s)" if data.groups is None else "group(s)"
    groups = np.arange(len(y)) if data.groups is None else data.groups
    count = {label: len(np.unique(groups[y == label])) for label in np.unique(y)}
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
