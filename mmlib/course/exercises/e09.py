"""Exercises of notebook 09: neighbors, homophily, and graphs that cheat."""

import numpy as np

from ..exercise import Exercise, bind


def _share(answer):
    """Hold a count of links within a class to tables whose share is known."""
    rng = np.random.default_rng(9)
    for n, kinds in ((6, 2), (15, 3), (12, 2)):
        upper = np.triu(rng.random((n, n)) < 0.4, 1)
        table, labels = (upper + upper.T).astype(float), rng.integers(0, kinds, n)
        links = [(i, j) for i in range(n) for j in range(n) if table[i, j]]
        wanted = np.mean([labels[i] == labels[j] for i, j in links])
        given = np.asarray(answer(table.copy(), labels.copy()), float)
        if given.shape != ():
            return f"one number is wanted, and this has shape {given.shape}."
        if np.isclose(given, wanted):
            continue
        same = labels[:, None] == labels
        if np.isclose(given, 100 * wanted):
            return "that is in percent; a share between 0 and 1 is wanted."
        if np.isclose(given, 1 - wanted):
            return "that is the share of links between *different* conditions."
        if np.isclose(given, (table[same] > 0).mean()):
            return "that is the share of equal pairs that are linked: divide by the links instead."
        if np.isclose(given, (table * same).mean()):
            return "divide by the number of links, not by the number of all pairs."
        if np.isclose(given, wanted / 2) or np.isclose(given, 2 * wanted):
            return "each link stands in the table twice: count both numbers in the same way."
        if np.isclose(given, wanted * len(links)) or np.isclose(given, wanted * len(links) / 2):
            return "that is how many links join equal labels; divide by how many links there are."
        if np.isclose(given, same.mean()):
            return "that is the share of all pairs, linked or not; look at the linked ones only."
        if np.isclose(given, np.mean((table == 1) == same)):
            return "a pair that is not linked must not count, whatever its labels are."
        return "sum `table` where both labels are equal, and divide by the sum of `table`."
    return True


def _by_sum(table, labels):
    return table[labels[:, None] == labels].sum() / table.sum()


def _by_list(table, labels):
    i, j = np.nonzero(table)
    return float((labels[i] == labels[j]).mean())


def _alike(table, labels):
    return labels[:, None] == labels


EXERCISES = [
    Exercise(
        "09.1",
        "What is the mean of leaf 1 and its neighbors?",
        answer=110 / 3,
        tolerance=0.4,
        mistakes=[
            (45, "that is the mean of leaves 1 and 2, or of all four; leaf 1 hears 0, 1 and 2."),
            (160 / 3, "that is leaf 2; the leaves are counted from 0."),
            (40, "that is the mean of the two neighbors; leaf 1 has a say as well."),
            (25, "that is leaf 0 again; leaf 1 has two neighbors."),
            (110, "that is the sum; now divide by how many they are."),
            (lambda a: True, "three leaves take part: 0, 1 and 2. Add their numbers, then divide."),
        ],
        hint="which leaves are linked with leaf 1? Leaf 1 itself takes part as well.",
        more="three leaves take part: 0, 1 and 2. Add their values and divide by three.",
        why="leaves 0, 1 and 2 take part: (20 + 30 + 60) / 3.",
        right=[110 / 3, 36.67, 36.7],
        wrong=[45, 53.3, 40, 25, 110, 50],
    ),
    Exercise(
        "09.2",
        "Write the share of links that join two leaves of the same condition.",
        kind="function",
        test=_share,
        hint="`table[labels[:, None] == labels]` are the entries of all pairs with equal labels.",
        more="sum these entries, and divide by the sum of the whole table.",
        why="only links count. Each stands in the table twice, so the share stays right.",
        right=[_by_sum, _by_list],
        wrong=[
            lambda t, y: 100 * _by_sum(t, y),
            lambda t, y: 1 - _by_sum(t, y),
            lambda t, y: t[_alike(t, y)].mean(),
            lambda t, y: (t * _alike(t, y)).mean(),
            lambda t, y: t[_alike(t, y)].sum(),
            lambda t, y: _by_sum(t, y) / 2,
            lambda t, y: _alike(t, y).mean(),
            lambda t, y: ((t == 1) == _alike(t, y)).mean(),
            lambda t, y: t[_alike(t, y)],
            lambda t, y: 0.5,
        ],
    ),
    Exercise(
        "09.3",
        "Neighbors by both modalities at once: is homophily lower, the same or higher?",
        answer="higher",
        choices=("lower", "the same", "higher"),
        mistakes=[
            ("lower", "it is harder to be near in both, so such neighbors are alike in more ways."),
            ("the same", "that would be so if both modalities knew the same things."),
        ],
        hint="the spectrum cannot tell blight from healthy. Can two leaves with similar pictures "
        "differ in blight?",
        more="two leaves that are alike for both instruments can differ only in what neither sees.",
        why="leaves that are alike in both are alike in everything that either instrument sees.",
        right=["higher"],
        wrong=["lower", "the same"],
    ),
    Exercise(
        "09.4",
        "An instrument that judges one leaf at a time quotes a transductive score: is that fine?",
        answer="not what users get",
        choices=("fine", "not what users get", "a lower bound"),
        mistakes=[
            ("fine", "in the field each leaf comes alone: no other unlabeled leaves help it."),
            (
                "a lower bound",
                "in the test other leaves helped, so a single leaf may do worse, not better.",
            ),
        ],
        hint="which samples were in the graph when the score was measured?",
        more="in use, each leaf comes alone: are the other test leaves there to be its neighbors?",
        why="the score used leaves that arrive together; in the field they come one by one.",
        right=["not what users get"],
        wrong=["fine", "a lower bound"],
    ),
    Exercise(
        "09.5",
        "What did the model on the sorted table measure?",
        answer="the sort order",
        choices=("the leaves", "the sort order", "the plants"),
        mistakes=[
            ("the leaves", "the same leaves in another order gave another score."),
            ("the plants", "test plants were not in training; look at what changed between runs."),
        ],
        hint="only one thing was changed between the three runs.",
        more="leaves, plants and features were the same in all three runs. What was not?",
        why="neighboring rows had one condition because somebody had sorted them; no leaf changed.",
        right=["the sort order"],
        wrong=["the leaves", "the plants"],
    ),
]

check, hint = bind(EXERCISES)
