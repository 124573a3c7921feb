"""How many scores each block should have: all combinations, judged on samples held out."""

import numpy as np

from ..base import DataError
from ..data.splits import assign_folds
from ..features.component_errors import condense, squared_errors, wrong_classes
from ..features.held_out import best_setting, target_columns


def choose(walk, tables, y, groups=None, random_state=0):
    """The numbers of scores with the smallest error on samples held out.

    Parameters
    ----------
    walk : function
        (training tables, Y, test tables) -> iterable of (numbers of scores of earlier blocks,
        training scores, test scores, how many of these to try).
    tables : list of ndarray of shape (samples, columns)
    y, groups : array-like of shape (samples,)
    random_state : int
        Of the five folds, which are dealt three times where there are fewer than 300 samples.

    Returns
    -------
    settings : ndarray of int, shape (settings, numbers)
        The fewest scores in all first.
    errors : ndarray of shape (settings,)
        Mean squared error over the variance, or share of wrong answers.
    best : int
        The first of the settings that are best.

    Raises
    ------
    DataError
        Where nothing can be held out, or nothing varies with the target.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.rosa import ROSA
    >>> from mmlib.fusion.score_choice import choose
    >>> x = np.random.default_rng(0).normal(size=(40, 2)) * [9, 1]
    >>> settings, errors, best = choose(ROSA()._walk, [x], x[:, 1])
    >>> settings[best].tolist()
    [2]
    """
    Y, classes = target_columns(y)
    tables = [condense(x) for x in tables]
    judge = squared_errors if classes is None else wrong_classes
    strata = np.zeros(len(Y), int) if classes is None else classes
    found, held = {}, 0
    for repeat in range(1 if len(Y) >= 300 else 3):
        fold = assign_folds(strata, groups, 5, random_state + repeat)
        for k in np.unique(fold):
            train, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
            if len(train) < 3:
                raise DataError(
                    "The number of scores cannot be chosen: there are too few groups to hold one "
                    "out; give n_components."
                )
            held += 1
            parts = [x[train] for x in tables], Y[train], [x[test] for x in tables]
            for before, T, S, counts in walk(*parts):
                errors = judge(T, Y[train], S, Y[test], counts)
                for count, row in zip(counts, errors, strict=True):
                    times, sums = found.setdefault((*before, count - sum(before)), [0, 0.0])
                    sums = sums + np.bincount(test, row, len(Y))
                    found[(*before, count - sum(before))] = [times + 1, sums]
    # A setting that was not possible in every fold was judged on some samples only.
    found = {s: sums for s, (times, sums) in found.items() if times == held and sum(s)}
    if not found:
        raise DataError("No score can be found: nothing in the blocks varies with the target.")
    order = sorted(found, key=lambda s: (sum(s), [-n for n in s]))
    errors = np.array([found[s] for s in order]) / (held / len(np.unique(fold)))
    return np.array(order), errors.mean(1), best_setting(errors, groups, slack=0)
