"""Exercises of notebook 05: rules that combine opinions, calibration, and their limits."""

import numpy as np

from ..exercise import Exercise, bind


def _multiplies(rule):
    """True for the product rule, or what is wrong with it."""

    a = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])
    b = np.array([[0.1, 0.3, 0.6], [0.4, 0.4, 0.2]])
    prior = np.array([0.2, 0.2, 0.6])
    try:
        got = np.asarray(rule(a.copy(), b.copy(), prior.copy()), float)
    except ValueError as error:
        if "broadcast" not in str(error):
            raise
        return (
            "shapes do not fit: `prior` has one number per class and stays as it is; the sums of "
            "the leaves must be a column, with keepdims=True."
        )
    if got.shape == a.shape[::-1]:
        return "the axes are exchanged: leaves must be rows."
    if got.shape != a.shape:
        return f"the result has shape {got.shape}; it should have that of a, {a.shape}."
    raw = a * b / prior
    want = raw / raw.sum(axis=1, keepdims=True)
    if np.allclose(got, want):
        return True
    known = [
        ((a + b) / 2, "that is the mean; multiply instead."),
        (raw, "now divide each row by its own sum, so that it adds up to 1."),
        (raw / raw.sum(), "you divided by the sum of everything; each leaf needs its own sum."),
        (a * b, "the prior is in both opinions: divide by it once, then by the row's sum."),
        (_rows(a * b), "the prior is in both opinions: one copy must be divided out."),
        (_rows(a * b * prior), "divide by the prior, do not multiply: it is there once too often."),
        (_rows(raw / prior), "divide by the prior once, not twice."),
        (_rows(a * b) / prior, "take the prior out first, and make the rows add up to 1 last."),
    ]
    for wrong, hint in known:
        if np.allclose(got, wrong):
            return hint
    if not np.allclose(got.sum(1), 1):
        return "each row should add up to 1: divide it by its own sum, with keepdims=True."
    return "multiply the opinions, divide by the prior, then make each row add up to 1."


def _rows(table):
    return table / table.sum(axis=1, keepdims=True)


def _right(a, b, prior):
    return _rows(a * b / prior)


def _mean(a, b, prior):
    return (a + b) / 2


def _no_prior(a, b, prior):
    return _rows(a * b)


def _not_divided(a, b, prior):
    return a * b / prior


def _one_sum(a, b, prior):
    return a * b / prior / (a * b / prior).sum()


def _wrong_axis(a, b, prior):
    return a * b / prior / (a * b / prior).sum(axis=0)


def _no_column(a, b, prior):
    joint = a * b / prior
    return joint / joint.sum(axis=1)


def _prior_last(a, b, prior):
    return _rows(a * b) / prior


def _exchanged(a, b, prior):
    return _right(a, b, prior).T


def _times_prior(a, b, prior):
    return _rows(a * b * prior)


EXERCISES = [
    Exercise(
        "05.1",
        "Two independent reports of 30 % where 10 % was expected: what should you believe?",
        answer="more than 30 %",
        choices=("less than 30 %", "30 %", "more than 30 %"),
        mistakes=[
            ("30 %", "that is the mean. But each report is news against the 10 % known before, "
             "and there are two of them."),
            ("less than 30 %", "that is what 0.3 x 0.3 suggests. But compare with 10 %, not with "
             "50 %: both reports speak for illness."),
        ],
        hint="what was believed before anybody looked, and which way did each report move it?",
        more="each report alone moves 10 % up to 30 %. What does a second, independent one "
        "do?",
        why="both reports raise the suspicion above the 10 % known before, each by itself.",
        right=["more than 30 %"],
        wrong=["30 %", "less than 30 %"],
    ),
    Exercise(
        "05.2",
        "Write the product rule with the prior.",
        kind="function",
        test=_multiplies,
        hint="three steps: multiply, take the prior out, make each row add up to 1.",
        more="joint = a * b / prior; then joint.sum(axis=1, keepdims=True) is the column of "
        "sums.",
        why="the evidence of both is multiplied, and the prior, which both contain, counts once.",
        right=[_right],
        wrong=[
            _mean, _no_prior, _not_divided, _one_sum, _wrong_axis, _times_prior, _no_column,
            _prior_last, _exchanged,
        ],
    ),
    Exercise(
        "05.3",
        "How many more points does one expert alone score after a temperature?",
        answer=0,
        tolerance=0.5,
        mistakes=[
            (lambda n: n > 0, "a temperature changes how sure the expert is, but does it ever "
             "change which class it puts first?"),
            (lambda n: n < 0, "it says less, but it still puts the same class first."),
        ],
        hint="raise 0.7, 0.2 and 0.1 to the same power: which is the largest now?",
        more="if the order of the classes stays, the first choice stays: how many answers "
        "change?",
        why="a power keeps the order, so the first choice stays; only how sure it is changes.",
        right=[0, 0.0],
        wrong=[5, 1, -2],
    ),
    Exercise(
        "05.4",
        "Protein needs the variety to be read: early or late?",
        answer="early",
        choices=("early", "late"),
        synonyms={
            "low-level": "early", "mid-level": "early", "high-level": "late",
            "decision-level": "late",
        },
        mistakes=[
            ("late", "each expert would report on protein only: the one without the variety, the "
             "other without the spectrum. The variety is never passed on."),
        ],
        hint="could either laboratory write a useful report about protein by itself?",
        more="the variety changes how a spectrum has to be read, so a model must get both at "
        "the same time.",
        why="the value is in the pair, so the modalities must meet before anything is decided.",
        right=["early"],
        wrong=["late", "both"],
    ),
    Exercise(
        "05.5",
        "On which leaves should the weights of a fusion be learned?",
        answer="held-out leaves",
        choices=("training leaves", "held-out leaves", "test leaves"),
        mistakes=[
            ("training leaves", "there the expert with the best memory looks best."),
            ("test leaves", "then the score on them is no longer fair: you chose by it."),
        ],
        hint="where does an expert's report look as it will on new plants, at no cost to the test?",
        more="the expert must not know them, and the final score must not depend on them.",
        why="only there do reports look as on new plants, and the test part stays untouched.",
        right=["held-out leaves"],
        wrong=["training leaves", "test leaves"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
