"""Which modality, which block of bands: answers of any fused model to changed questions.

Everything here asks a model and looks at its answers; it never looks inside.
"""

from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_predict

from ..base import DataError, fit_options
from ..fusion.early import early_fusion


def permutation_partners(n, groups=None, random_state=0):
    """For each of `n` samples another one, drawn from another group.

    Leaves of one plant resemble each other, so an exchange within a plant would hide
    how much a model relies on what is exchanged.

    Parameters
    ----------
    n : int
    groups : array-like of shape (n,), optional
        Without groups every sample is its own.
    random_state : int

    Returns
    -------
    ndarray of int, shape (n,)
        Each sample gives its values exactly once, except where one group holds more than
        half of the samples.

    Raises
    ------
    DataError
        With fewer than two groups.

    Examples
    --------
    >>> from mmlib.explain import permutation_partners
    >>> other = permutation_partners(6, groups=[0, 0, 1, 1, 2, 2], random_state=1)
    >>> bool(((other // 2) != [0, 0, 1, 1, 2, 2]).all())
    True
    """
    groups = np.arange(n) if groups is None else np.asarray(groups)
    names, code = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        raise DataError("Values can only be exchanged between groups: there is a single one.")
    rng = np.random.default_rng(random_state)
    # In an order where groups are whole and shuffled, a step as long as the largest group
    # leads to another group.
    row = rng.permutation(n)
    row = row[np.argsort(rng.permutation(len(names))[code[row]], kind="stable")]
    largest = np.bincount(code).max()
    step = largest if 2 * largest >= n else int(rng.integers(largest, n - largest + 1))
    other = np.empty(n, int)
    other[row] = np.roll(row, step)
    alike = np.flatnonzero(code[other] == code)
    for i in alike:  # only where a group is more than half of the samples
        other[i] = rng.choice(np.flatnonzero(code != code[i]))
    return other


def exchange(X, what, other):
    """A copy of the mapping `X` in which part of a modality comes from other samples.

    Parameters
    ----------
    X : mapping of str to array, samples first
    what : str, or (str, index)
        A modality, or a modality and which of its columns: ``("spectrum", slice(0, 31))``.
    other : ndarray of int
        The sample that each one gets its values from, such as `permutation_partners` gives.

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    DataError
        When there is no such modality.
    """
    name, index = (what, slice(None)) if isinstance(what, str) else what
    if name not in X:
        raise DataError(f"There is no modality {name!r} to exchange: X has {', '.join(X)}.")
    changed = np.array(X[name])
    changed[:, index] = changed[other][:, index]
    return {key: changed if key == name else value for key, value in X.items()}


def permutation_drops(model, data, parts=None, n_repeats=10, random_state=0):
    """How many points of accuracy go when parts of the input are exchanged.

    Permutation importance (Breiman 2001, doi:10.1023/A:1010933404324) by block instead of
    by column, between groups. Give samples the model was not trained on.

    Parameters
    ----------
    model : fitted classifier
        Takes the whole mapping.
    data : MultimodalData
        Test samples.
    parts : mapping of str to (str or (str, index)), optional
        Name of the part -> what is exchanged, as in `exchange`; each modality as a whole
        where nothing is said.
    n_repeats, random_state : int

    Returns
    -------
    pandas.DataFrame
        A row for each part: "all", then each class that occurs, in percentage points.

    Raises
    ------
    DataError
        When the target is a quantity.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.explain import permutation_drops
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = mmlib.fusion.early_fusion(leaves).fit(leaves.X, leaves.y)
    >>> drops = permutation_drops(model, leaves, n_repeats=2)
    >>> bool(drops.loc["image", "all"] > 0)
    True
    """

    if data.task != "classification":
        raise DataError("permutation_drops counts right answers: it needs classes.")
    names = {label: data.target_names[k] for k, label in enumerate(data.labels)}
    present = [label for label in data.labels if (data.y == label).any()]
    right = model.predict(data.X) == data.y
    seeds = range(random_state, random_state + n_repeats)
    partners = [permutation_partners(len(data), data.groups, seed) for seed in seeds]
    rows, parts = {}, parts or {name: name for name in data.X}
    for part, what in parts.items():
        exchanged = (exchange(data.X, what, other) for other in partners)
        still = np.mean([model.predict(X) == data.y for X in exchanged], axis=0)
        lost = 100 * (right - still)
        rows[part] = {"all": lost.mean()} | {
            names[label]: lost[data.y == label].mean() for label in present
        }
    return pd.DataFrame(rows).T


def worth_of_modalities(data, n_folds=4, random_state=0):
    """How often each set of modalities is right by itself, each with a model of its own.

    Early fusion of the set, trained anew on folds that keep groups whole. This asks what
    the *data* hold; `permutation_drops` asks what *one model* uses.

    Parameters
    ----------
    data : MultimodalData
        With labels.
    n_folds, random_state : int

    Returns
    -------
    dict of frozenset of str to float
        Percent right on samples not trained on. The empty set guesses the commonest class.

    Raises
    ------
    DataError
        When the target is a quantity.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.explain import worth_of_modalities
    >>> len(worth_of_modalities(mmlib.make_leaves(n_plants=30)))
    4
    """

    if data.task != "classification":
        raise DataError("The worth of modalities is counted in right answers: it needs classes.")
    grouped = data.groups is not None
    folds = (StratifiedGroupKFold if grouped else StratifiedKFold)(
        n_folds, shuffle=True, random_state=random_state
    )
    worth = {frozenset(): 100 * float(np.unique(data.y, return_counts=True)[1].max() / len(data))}
    for size in range(1, len(data.X) + 1):
        for team in combinations(data.X, size):
            model = early_fusion(data, modalities=team, random_state=random_state)
            options = fit_options(model, data.groups)
            said = cross_val_predict(
                model, data.X, data.y, groups=data.groups, cv=folds, params=options
            )
            worth[frozenset(team)] = 100 * float((said == data.y).mean())
    return worth


def shapley(worth):
    """Exact Shapley values: a fair share of the worth of all players together.

    Shapley (1953), A value for n-person games, doi:10.1515/9781400881970-018.

    Parameters
    ----------
    worth : mapping of frozenset to float
        What each set of players is worth, the empty set included.

    Returns
    -------
    dict of str to float
        The shares add up to the worth of all minus the worth of none.

    Raises
    ------
    DataError
        When the worth of some set is missing.

    Examples
    --------
    >>> from mmlib.explain import shapley
    >>> none, both = frozenset(), frozenset("ab")
    >>> shapley({none: 0.5, frozenset("a"): 0.75, frozenset("b"): 0.5, both: 1.0})
    {'a': 0.375, 'b': 0.125}
    """
    players = sorted(max(worth, key=len, default=()))
    n, shares = len(players), dict.fromkeys(players, 0.0)
    for size in range(n + 1):
        for team in combinations(players, size):
            if frozenset(team) not in worth:
                raise DataError(f"The worth of {{{', '.join(team)}}} is missing.")
    for player in players:
        rest = [p for p in players if p != player]
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for team in combinations(rest, size):
                gain = worth[frozenset({*team, player})] - worth[frozenset(team)]
                shares[player] += weight * gain
    return shares


def interaction(worth, a, b):
    """What two players are worth together beyond the sum of what each adds to nothing.

    Above zero they need each other; below zero one stands in for the other.

    Examples
    --------
    >>> from mmlib.explain import interaction
    >>> none, both = frozenset(), frozenset("ab")
    >>> interaction({none: 0, frozenset("a"): 1, frozenset("b"): 1, both: 1}, "a", "b")
    -1
    """
    both, none = frozenset({a, b}), frozenset()
    return worth[both] - worth[frozenset({a})] - worth[frozenset({b})] + worth[none]
