"""Exercises of notebook 10: sums, products, their number, and weights that nobody trained."""

import numpy as np

from ..exercise import Exercise, bind


def _all_products(answer):
    """Hold a function to the table of products, worked out cell by cell."""
    rng = np.random.default_rng(10)
    for n, a, b in ((4, 2, 3), (3, 3, 1)):
        x, y = rng.normal(size=(n, a)), rng.normal(size=(n, b))
        given = np.asarray(answer(x.copy(), y.copy()), float)
        with_one = [np.hstack([np.ones((n, 1)), z]) for z in (x, y)]
        table = np.array([np.outer(*rows) for rows in zip(*with_one, strict=True)])
        if given.shape == (n, 1 + a, 1 + b) and np.allclose(given, table):
            return "the numbers are right; bring each sample's table to one row, with reshape."
        if given.shape in {(n, a * b), (n, a, b)}:
            return "put a 1 in front of both vectors first, or no number is left alone."
        if given.shape == (n, a + b):
            return "that puts them side by side; each number must meet each number."
        if given.shape in {(n, (1 + a) * b), (n, a * (1 + b))}:
            return "one of the two vectors still lacks its 1."
        if given.shape != (n, (1 + a) * (1 + b)):
            return f"shape {(n, (1 + a) * (1 + b))} is wanted here, and yours is {given.shape}."
        flat = table.reshape(n, -1)
        if np.allclose(given, flat):
            continue
        if np.allclose(given, table.transpose(0, 2, 1).reshape(n, -1)):
            return "rows and columns are exchanged: the first vector runs over the rows."
        if np.allclose(np.sort(given, 1), np.sort(flat, 1)):
            return "the products are right, in another order: put the 1 first in both vectors."
        return "the shape is right, the numbers are not: is the 1 the number one, and in front?"
    return True


def _with_einsum(x, y):
    one = np.ones((len(x), 1))
    table = np.einsum("ni,nj->nij", np.hstack([one, x]), np.hstack([one, y]))
    return table.reshape(len(x), -1)


def _with_loops(x, y):
    return [[p * q for p in (1, *a) for q in (1, *b)] for a, b in zip(x, y, strict=True)]


def _without_ones(x, y):
    return np.einsum("ni,nj->nij", x, y).reshape(len(x), -1)


def _turned(x, y):
    return _with_einsum(y, x)


def _ones_behind(x, y):
    one = np.ones((len(x), 1))
    return np.einsum("ni,nj->nij", np.hstack([x, one]), np.hstack([y, one])).reshape(len(x), -1)


def _as_table(x, y):
    return _with_einsum(x, y).reshape(len(x), 1 + x.shape[1], -1)


EXERCISES = [
    Exercise(
        "10.1",
        "Which share of the leaves will early fusion judge rightly as paired or mixed up?",
        answer=0.5,
        share=True,
        tolerance=0.08,
        mistakes=[
            (lambda a: not 0 <= a <= 1, "a share lies between 0 and 1."),
            (0.2, "there are two answers here, in order or mixed up, not five conditions."),
            (lambda a: a > 0.58, "that would need a column, or a weighted sum of columns, that "
             "differs between paired and mixed-up leaves. Which one?"),
            (lambda a: a < 0.42, "with two classes of equal size, less than half would be "
             "knowledge as well, only turned round."),
        ],
        hint="is there anything unusual about a spectrum from a mixed-up tray? About a photograph?",
        more="a model that adds up finds the same evidence in both kinds of trays. How often "
        "does a coin hit?",
        why="each file alone is ordinary, and a sum of ordinary things shows nothing.",
        right=[0.5, 0.48, 0.55, 50, "50 %"],
        wrong=[0.85, 0.7, 0.2, 0.3, 1.5],
    ),
    Exercise(
        "10.2",
        "Write the table of all products, with a 1 in front of both vectors.",
        kind="function",
        test=_all_products,
        hint="hstack a column of ones in front of both, multiply with einsum, then reshape.",
        more='np.einsum("ni,nj->nij", a, b) has all products; reshape(len(a), -1) makes one '
        'row of each.',
        why="one row for each sample: the 1, each number alone, every product.",
        right=[_with_einsum, _with_loops],
        wrong=[
            _without_ones,
            lambda x, y: np.einsum("ni,nj->nij", x, y),
            _turned,
            _ones_behind,
            _as_table,
            lambda x, y: np.hstack([x, y]),
            lambda x, y: _without_ones(np.hstack([np.ones((len(x), 1)), x]), y),
            lambda x, y: _with_einsum(x, y) + 1,
            lambda x, y: x,
        ],
    ),
    Exercise(
        "10.3",
        "Three modalities of ten numbers: how many numbers has the table?",
        answer=1331,
        mistakes=[
            (1000, "those are the products of three; the 1s are missing."),
            (30, "that is side by side; every number is multiplied with every number."),
            (33, "that is side by side, with the 1s; multiply the lengths instead of adding."),
            (121, "that is the table of two modalities; there are three."),
            (1030, "each number alone and every product of three; products of two are missing."),
            (1330, "nearly: the constant, 1 times 1 times 1, is in the table too."),
            (lambda a: True, "each vector gets a 1 in front; then multiply the three lengths."),
        ],
        hint="how long is each vector once the 1 is in front?",
        more="with its 1, each vector has eleven numbers. Multiply the three lengths.",
        why="each vector has one more number with its 1, and the lengths multiply.",
        right=[1331, 11**3],
        wrong=[1000, 30, 33, 121, 1030, 1330, 500],
    ),
    Exercise(
        "10.4",
        "Will the tensor name the conditions better than early fusion?",
        answer="about the same",
        choices=("better", "worse", "about the same"),
        mistakes=[
            ("better", "look at early fusion again: how far is it from the joint ceiling? What "
             "could products still add?"),
            ("worse", "the 1s keep each number alone in reach, and a low rank has few weights to "
             "go astray."),
        ],
        hint="compare the score of early fusion in notebook 04 with the joint ceiling.",
        more="where early fusion is already near the best possible, how far ahead can "
        "anything be?",
        why="early fusion is already near the joint ceiling; the next cells say how it can be.",
        right=["about the same"],
        wrong=["better", "worse"],
    ),
    Exercise(
        "10.5",
        "Chlorophyll of a leaf is concentration times area: what do you try first?",
        answer="a linear model of the logarithm",
        choices=("a tensor", "a linear model of the logarithm", "late fusion"),
        mistakes=[
            ("a tensor", "it could learn the product, but all three numbers are positive: is there "
             "a scale on which nothing has to be multiplied?"),
            ("late fusion", "neither instrument alone can say milligrams, so their two opinions "
             "are both poor."),
        ],
        hint="what becomes of a product of positive numbers under a logarithm?",
        more="log(a times b) is log(a) plus log(b): which model adds?",
        why="the logarithm of a product is the sum of the logarithms, and sums are cheap.",
        right=["a linear model of the logarithm"],
        wrong=["a tensor", "late fusion"],
    ),
    Exercise(
        "10.6",
        "The factors stand in a plain list, the score is high: what do you ask for?",
        answer="that every weight moved in training",
        choices=(
            "the score on more plants",
            "the scores of five random starts",
            "that every weight moved in training",
        ),
        mistakes=[
            ("the score on more plants", "on new plants the forgotten model was nearly as good "
             "as the other. A score does not show this mistake."),
            ("the scores of five random starts", "each start leaves the factors as chance made "
             "them, and the rest learns to live with them: all five scores can be high."),
        ],
        hint="the score did not tell the two models apart. What did?",
        more="weights that training never touches keep their start values. Which demand "
        "would show that?",
        why="count or watch the weights; the score can look fine, and storing loses the factors.",
        right=["that every weight moved in training"],
        wrong=["the score on more plants", "the scores of five random starts"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
