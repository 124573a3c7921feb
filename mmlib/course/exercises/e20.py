"""Exercises of notebook 20: what counting words cannot see, and what word vectors are made of."""

import numpy as np

from ..exercise import Exercise, bind

TABLE = np.array([[8.0, 1.0, 0.0], [2.0, 4.0, 0.0], [1.0, 1.0, 3.0], [0.0, 2.0, 2.0]])


def _expected(table):
    return table.sum(1, keepdims=True) * table.sum(0) / table.sum()


def _ratio(table):
    return np.divide(table, _expected(table))


def _ppmi(table):
    ratio = _ratio(table)
    return np.log(np.maximum(ratio, 1))


def _by_log(table):
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(_ratio(table)), 0)


def _pmi(table):
    with np.errstate(divide="ignore"):
        return np.log(_ratio(table))


def _ratio_cut(table):
    return np.maximum(_ratio(table), 0)


def _shares_only(table):
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(table / table.sum()), 0)


def _minus(table):
    return np.maximum(table - _expected(table), 0)


def _rows_only(table):
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(table / table.sum(1, keepdims=True)), 0)


def _turned(table):
    with np.errstate(divide="ignore"):
        return np.maximum(-_pmi(table), 0)


def _to_base(base):
    return lambda table: _ppmi(table) / np.log(base)


def _judge_ppmi(function):
    with np.errstate(divide="ignore"):  # the logarithm of zero is part of the task
        got = np.asarray(function(TABLE.copy()), float)
    if got.shape != TABLE.shape:
        return f"the result has shape {got.shape}; it should have that of the table, {TABLE.shape}."
    if np.allclose(got, _ppmi(TABLE), atol=1e-3):
        return True
    known = [
        (_pmi(TABLE), "now cut at zero: pairs that are rarer than expected become 0."),
        (_ratio(TABLE), "that is the ratio itself; take its logarithm, then cut at zero."),
        (np.maximum(_ratio(TABLE), 1), "you cut the ratio at 1; its logarithm is still missing."),
        (_minus(TABLE), "you took the difference to what is expected; take the log of the ratio."),
        (_rows_only(TABLE), "you divided by the row's total only; a frequent column must be "
         "divided out as well."),
        (_shares_only(TABLE), "that is the share of all pairs; divide by what is expected."),
        (_turned(TABLE), "the ratio is upside down: observed over expected."),
        (_expected(TABLE), "that is the expected count; compare the observed one with it."),
    ]  # fmt: skip
    for wrong, said in known:
        if np.allclose(got, wrong):
            return said
    if any(np.allclose(got, _ppmi(TABLE) / np.log(base), atol=1e-3) for base in (2, 10)):
        return "take the natural logarithm, np.log, so that we mean the same numbers."
    if np.isnan(got).any():
        return "some results are not a number: is a zero divided by a zero, or cut too late?"
    return "expected = row total times column total over the grand total; then np.log, then cut."


COUNTS = np.array([0.0, 1.0, 5.0, 10.0, 80.0])


def _weight(n, top):
    return np.minimum(n / top, 1) ** 0.75


def _judge_weight(function):
    got = np.asarray(function(COUNTS.copy(), 10.0), float)
    if got.shape != COUNTS.shape:
        return f"five counts should give five weights; yours has shape {got.shape}."
    if np.allclose(got, _weight(COUNTS, 10.0)):
        if np.allclose(np.asarray(function(COUNTS.copy(), 40.0), float), _weight(COUNTS, 40.0)):
            return True
        return "right for a top of 10, but not for another: use `top`."
    if np.allclose(got, (COUNTS / 10) ** 0.75):
        return "frequent pairs get more than 1: they should all count alike from `top` on."
    if np.allclose(got, np.minimum(COUNTS / 10, 1)):
        return "the power 0.75 is missing."
    if np.allclose(got, np.maximum(COUNTS / 10, 1) ** 0.75):
        return "np.maximum keeps the larger one; the weight must not go above 1."
    if np.allclose(got, np.minimum(COUNTS, 10) ** 0.75):
        return "divide by `top` first, so that the largest weight is 1."
    if np.allclose(got, np.minimum(COUNTS**0.75 / 10, 1)):
        return "the power belongs to the whole ratio, n / top."
    return "a pair never seen gets 0, one seen `top` times or more gets 1; between, (n/top)**0.75."


EXERCISES = [
    Exercise(
        "20.1",
        "How alike are the notes 'smoky' and 'ashy' to a model that counts words?",
        answer=0,
        mistakes=[
            (lambda n: n >= 0.99, "that would be the same note. Their rows in the table have "
             "their 1 in different columns."),
            (lambda n: 0 < n < 0.99, "you know that these words are related. Multiply the two "
             "rows of the table column by column: where do both have a count?"),
            (lambda n: n < 0, "counts are never negative, so neither is their product."),
        ],
        hint="write down both rows, multiply them column by column, and add up.",
        more="no word stands in both notes, so each product is zero.",
        why="no column has a count in both rows. To this model all pairs of words are equally "
        "unlike.",
        right=[0, 0.0],
        wrong=[1, 0.5, -1],
    ),
    Exercise(
        "20.2",
        "Write positive pointwise mutual information.",
        kind="function",
        test=_judge_ppmi,
        hint="how often would the pair be seen if words and neighbors were drawn independently? "
        "It is the expected count of a chi-squared test.",
        more="expected = row sums times column sums over the total; then np.log(observed / "
        "expected), at least 0.",
        why="the log of observed over expected, with everything below chance set to zero.",
        right=[_ppmi, _by_log],
        wrong=[
            _pmi, _ratio_cut, _shares_only, _minus, _rows_only, _turned, _expected, _to_base(2),
            _to_base(10),
        ],
    ),
    Exercise(
        "20.3",
        "How far apart are the mean vectors of 'bitter, not sweet' and 'sweet, not bitter'?",
        answer=0,
        tolerance=1e-9,
        mistakes=[
            (lambda n: n != 0, "the two notes mean the opposite. But which words does each have, "
             "and what does a mean know of their order?"),
        ],
        hint="list the words of each note, then take the mean of three vectors.",
        more="the words are the same in both notes; a mean does not know their order.",
        why="both notes have the same three words, and a mean forgets the order.",
        right=[0, 0.0],
        wrong=[1, 0.3],
    ),
    Exercise(
        "20.4",
        "Write the weight that GloVe gives to a pair of words.",
        kind="function",
        test=_judge_weight,
        hint="np.minimum keeps the smaller of two numbers.",
        more="the share of `top` to the power of 3/4, and at most 1.",
        why="pairs never seen count nothing, rare ones little, and from `top` on all count alike.",
        right=[_weight, lambda n, top: np.where(n < top, (n / top) ** 0.75, 1.0)],
        wrong=[
            lambda n, top: (n / top) ** 0.75,
            lambda n, top: np.minimum(n / top, 1),
            lambda n, top: np.maximum(n / top, 1) ** 0.75,
            lambda n, top: np.minimum(n, top) ** 0.75,
            lambda n, top: np.minimum(n**0.75 / top, 1),
            lambda n, top: np.minimum(n / 10, 1) ** 0.75,
        ],
    ),
    Exercise(
        "20.5",
        "From how many labeled tasters on is counting words no worse than the best vectors?",
        answer="300",
        choices=("30", "300", "never"),
        mistakes=[
            ("30", "with 120 notes many words of a new note were never seen with a label. Vectors "
             "know what they are like."),
            ("never", "vectors of 25 numbers must also throw something away. With many labels "
             "each word can get a coefficient of its own."),
        ],
        hint="what does a vector add for a word that has been seen with a label many times?",
        more="find the first number on the axis at which the curve of counts reaches the "
        "best curve.",
        why="vectors pass on to its relatives what is learned from one word, which matters while "
        "most words are new.",
        right=["300"],
        wrong=["30", "never"],
    ),
    Exercise(
        "20.6",
        "May word vectors be learned from the notes of test tasters, without their labels?",
        answer="if the notes are at hand before the model is made",
        choices=(
            "never",
            "always, for no label is used",
            "if the notes are at hand before the model is made",
        ),
        mistakes=[
            ("never", "think of a panel whose notes are all written already, and only some are "
             "labeled. What forbids you to read them?"),
            ("always, for no label is used", "think of a taster who comes next year: the model "
             "cannot have read a note that nobody has written."),
        ],
        hint="would the model, when it is used, have read the note that it is asked about?",
        more="it depends on what will be at hand when the model is used.",
        why="the test must be like the use. Say in the paper which of the two it was.",
        right=["if the notes are at hand before the model is made"],
        wrong=["never", "always, for no label is used"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
