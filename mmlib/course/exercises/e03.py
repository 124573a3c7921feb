"""Exercises of notebook 03: groups, metrics, intervals, leaks and how to repair them."""

import numpy as np
from sklearn.feature_selection import SelectKBest
from sklearn.model_selection import (
    GroupKFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    cross_val_score,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from ..exercise import Exercise, bind


def _counts_torn(answer):
    """Hold a count of groups on both sides to three splits."""
    groups = np.array(["p", "p", "q", "r", "q", "r", "r"])
    splits = {(0, 1): (2, 3, 4, 5, 6), (0, 2, 3): (1, 4, 5, 6), (0, 2): (1, 3, 5, 6)}
    for train, test in splits.items():
        rows, others = np.array(train), np.array(test)
        want = len(set(groups[rows]) & set(groups[others]))
        given = answer(groups.copy(), rows, others)
        if isinstance(given, set | list | tuple | np.ndarray) and np.ndim(list(given)) == 1:
            return "those are the groups, or their members; how many groups are there?"
        given = float(given)
        if given == want:
            continue
        if given == len(set(train) & set(test)):
            return "you compared row numbers; look up the group of each row: groups[train]."
        if given == sum(group in groups[rows] for group in groups[others]):
            return "those are the samples; a group counts once, however many samples it has."
        if given == len(set(groups)):
            return "those are all groups; count only the groups with samples on both sides."
        return (
            f"for the groups {', '.join(groups)}, train = {list(train)} and test = {list(test)} "
            f"it should give {want}, and yours gives {given:g}."
        )
    return True


def _torn(groups, train, test):
    return len(set(groups[train]) & set(groups[test]))


def _score(answer, n_groups, per_group, columns, signal=0.0, alike=0.0):
    """What a function that cross-validates finds in made-up samples, mean of three draws."""
    found = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        groups = np.repeat(np.arange(n_groups), per_group)
        y = (rng.permutation(n_groups) % 4)[groups]
        X = (
            rng.normal(size=(len(y), columns))
            + alike * rng.normal(size=(n_groups, columns))[groups]
        )
        X[:, :4] += signal * np.eye(4)[y]
        found.append(float(np.mean(answer(X, y, groups))))
    return np.mean(found)


def _repaired(answer):
    """Hold a cross-validation to noise, to noise in groups, and to samples with a signal."""
    try:
        siblings = _score(answer, 40, 4, columns=20, alike=3.0)
        chosen = _score(answer, 80, 1, columns=2000)
        learned = _score(answer, 120, 1, columns=40, signal=4.0)
    except TypeError as error:
        return f"it should take X, y and groups and return one number; Python says: {error}."
    if not 0 <= min(siblings, chosen, learned) <= max(siblings, chosen, learned) <= 1:
        return "an accuracy is a share between 0 and 1."
    both = siblings > 0.45 and chosen > 0.45
    if both:
        return (
            "both leaks are still there: columns are chosen with test samples, and samples of a "
            "group stand on both sides."
        )
    if chosen > 0.45:
        return "on noise it finds too much: the columns are still chosen with the test samples."
    if siblings > 0.45:
        return "where samples come in groups it finds too much: some of a group are in training."
    if learned < 0.6:
        return f"where there is something to learn, it finds {learned:.2f} only; chance is 0.25."
    return True


def _cross_validate(X, y, groups, inside=True, whole=True):
    best, votes = SelectKBest(k=20), KNeighborsClassifier(5)
    model = make_pipeline(best, votes) if inside else votes
    X = X if inside else best.fit_transform(X, y)
    folds = StratifiedGroupKFold(5) if whole else StratifiedKFold(5, shuffle=True, random_state=0)
    return cross_val_score(model, X, y, groups=groups if whole else None, cv=folds).mean()


def _by_hand(X, y, groups):
    right = []
    for train, test in GroupKFold(5).split(X, y, groups):
        best = SelectKBest(k=20).fit(X[train], y[train])
        model = KNeighborsClassifier(5).fit(best.transform(X[train]), y[train])
        right.append(model.score(best.transform(X[test]), y[test]))
    return right  # a list of five is as good as its mean


EXERCISES = [
    Exercise(
        "03.1",
        "What is the group, if the model shall judge oils of new producers?",
        answer="producer",
        choices=("measurement", "bottle", "producer"),
        mistakes=[
            ("measurement", "then other measurements of the same bottle are in training."),
            ("bottle", "then other bottles of the same producer are in training, and in use the "
             "producer is new."),
        ],
        hint="ask what will be new when the model is used.",
        more="name what the model will never have seen before when it is used: a reading, a "
        "bottle or its maker.",
        why="in use the producer is new, so whole producers must be held out.",
        right=["producer"],
        wrong=["measurement", "bottle"],
    ),
    Exercise(
        "03.2",
        "Write the function that counts the groups with samples on both sides.",
        kind="function",
        test=_counts_torn,
        hint="groups[train] gives the group of each training sample.",
        more="`set` keeps each name once, and `&` between two sets keeps what is in both.",
        why="this number is 0 for an honest split, whoever made it.",
        right=[
            _torn,
            lambda g, a, b: np.isin(np.unique(g[a]), g[b]).sum(),
            lambda g, a, b: len(np.intersect1d(g[a], g[b])),
        ],
        wrong=[
            lambda g, a, b: len(set(a) & set(b)),
            lambda g, a, b: np.isin(g[b], g[a]).sum(),
            lambda g, a, b: set(g[a]) & set(g[b]),
            lambda g, a, b: len(set(g[a]) | set(g[b])),
            lambda g, a, b: 0,
        ],
    ),
    Exercise(
        "03.3",
        "What is the balanced accuracy of 6 of 8 ripe and 2 of 2 rotten?",
        answer=0.875,
        share=True,
        tolerance=0.006,
        mistakes=[
            (0.8, "that is the plain accuracy, 8 of 10; average over the two classes instead."),
            (1.75, "you added the two shares; now take their mean."),
            (0.75, "that is the share of the ripe ones only."),
            (lambda a: not 0 <= a <= 1, "a share lies between 0 and 1."),
            (lambda a: True, "take the share of right answers in each class, then their mean."),
        ],
        hint="first the share of right answers among the ripe, then among the rotten.",
        more="6 of 8 is 0.75 and 2 of 2 is 1. Take the mean.",
        why="the mean of 6/8 and 2/2; every class counts the same, however rare.",
        right=[0.875, 7 / 8, 87.5, "87.5 %", "0,875"],
        wrong=[0.8, 0.75, 1.75, 80, 0.5],
    ),
    Exercise(
        "03.4",
        "A gain of 3 points, interval -1 to 7: which sentence is fair?",
        answer="cannot be told from these data",
        choices=("fusion is better", "fusion is useless", "cannot be told from these data"),
        mistakes=[
            ("fusion is better", "the interval holds zero and losses as well."),
            ("fusion is useless", "the interval also holds a gain of 7 points: absence of proof "
             "is not proof of absence."),
        ],
        hint="read out what the interval contains: a loss, nothing, a gain?",
        more="a gain of 7 and a loss of 1 are both possible. Does that prove one of them?",
        why="the interval holds a small loss and a useful gain; more samples would decide.",
        right=["cannot be told from these data"],
        wrong=["fusion is better", "fusion is useless"],
    ),
    Exercise(
        "03.5",
        "A forest on noise labels, scored on its training samples: which share is right?",
        answer=0.97,
        share=True,
        tolerance=0.0301,  # from 0.94 to 1: no share is above 1
        mistakes=[
            (lambda a: abs(a - 0.25) < 0.1, "that is the score on new samples; these samples it "
             "has seen."),
            (lambda a: not 0 <= a <= 1, "a share lies between 0 and 1."),
            (lambda a: True, "each tree grows until it knows its samples by heart."),
        ],
        hint="a tree grows until every leaf holds samples of one class only.",
        more="when each tree knows its samples by heart, how many of their labels does it "
        "repeat rightly?",
        why="trees grow until they know their training samples by heart, labels of any kind.",
        right=[1.0, 1, 0.95, 0.94, 100, "100 %"],
        wrong=[0.25, 0.5, 25, 0.8, 1.05, 1.01],
    ),
    Exercise(
        "03.6",
        "Which of the four lines leaks?",
        answer=2,
        mistakes=[
            (1, "SNV treats each spectrum by itself; nothing passes between samples."),
            (3, "the split itself is fine; look at what was done with the labels before it."),
            (4, "fitting on train and scoring on test is right."),
            (lambda a: True, "answer with 1, 2, 3 or 4."),
        ],
        hint="which line uses the labels of samples that will be tested later?",
        more="y is the array of labels: in which lines does it stand before the split in "
        "line 3?",
        why="it chooses columns with the labels of all samples, those of the test part too.",
        right=[2],
        wrong=[1, 3, 4, 0],
    ),
    Exercise(
        "03.7",
        "Repair both leaks of the function.",
        kind="function",
        test=_repaired,
        hint="what learns from labels must be a step of the pipeline, and the folds need groups.",
        more="make_pipeline(SelectKBest(k=20), KNeighborsClassifier(5)) is the model; give "
        "cross_val_score groups=groups and cv=StratifiedGroupKFold(5).",
        why="on noise it finds chance, with or without groups, and it still sees a real signal.",
        right=[_cross_validate, _by_hand],
        wrong=[
            lambda X, y, g: _cross_validate(X, y, g, inside=False, whole=False),
            lambda X, y, g: _cross_validate(X, y, g, inside=False),
            lambda X, y, g: _cross_validate(X, y, g, whole=False),
            lambda X, y, g: 0.25,
            lambda X, y: 0.25,
            lambda X, y, g: 100 * _cross_validate(X, y, g),
        ],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
