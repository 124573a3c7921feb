"""Exercises of notebook 12: what each one asks and which mistakes it knows."""

import numpy as np
import pandas as pd

from ..exercise import Exercise, bind
from ..spellings import numbers


def _writes_interval(interval):
    """Mean and 95 % t-interval of the gains 4, 2, 3, 5, 1 points."""
    ends = np.ravel(numbers(interval) if isinstance(interval, str) else interval)
    if ends.size != 2 or ends.dtype.kind not in "iuf":
        return "two numbers are wanted: [low, high]."
    low, high = ends
    if np.allclose((low, high), (1.04, 4.96), atol=0.05):
        return True
    if high < 3 < low:
        return "the low end comes first."
    if np.allclose((low, high), (3, 1.96), atol=0.03):
        return "those are the mean and the half width: the ends are mean minus and plus that half."
    if np.allclose((low, high), (1.61, 4.39), atol=0.03):
        return "1.96 is for many values; with five, Student's t asks for 2.78."
    if np.allclose((low, high), (1.24, 4.76), atol=0.03):
        return "five values need ddof=1: a spread measured around their own mean is too small."
    if np.isclose(high - low, 2 * 2.78 * 1.58 / 5, atol=0.03):
        return "divide by the root of five, not by five."
    if high - low > 6:
        return "divide by the root of the number of seeds: it is the mean that is uncertain."
    return "mean plus and minus 2.78 times the standard deviation over the root of five."


def _table(best, **behind):
    """Scores of five seeds: models that are behind the best one by these points."""
    best = np.asarray(best, float)
    return pd.DataFrame({k: best - np.asarray(v, float) / 100 for k, v in behind.items()})


HARD = [0.80, 0.70, 0.75, 0.85, 0.65]  # some seeds are harder for all models
TABLES = {  # the right answer -> scores
    "early": _table(HARD, single=[6, 5, 7, 6, 5], early=[0, 0, 1, 0, 1], deep=[0, 0, 0, 0, 0]),
    "deep": _table(HARD, single=[6, 5, 7, 6, 5], early=[2, 3, 2, 3, 2], deep=[0, 0, 0, 0, 0]),
    "wide": _table(
        HARD, single=[6, 5, 7, 6, 5], wide=[8, -2, 7, 0, 2], deep=[0, 0, 0, 0, 0],
    ),
    "single": _table(HARD, single=[1, 0, 1, 0, 1], early=[0, 1, 0, 1, 0], deep=[2, 2, 3, 2, 2]),
    "late": _table(HARD, single=[9, 8, 9, 8, 9], late=[2, 1, 2, 1, 2.2], deep=[0, 0, 0, 0, 0]),
}  # fmt: skip


def _behind(scores, model):
    return scores[scores.mean().idxmax()] - scores[model]


def _first(enough):
    """A rule that takes the first model for which `enough` of what it is behind holds."""

    def rule(scores, margin=0.01):
        return next(name for name in scores if enough(_behind(scores, name), margin))

    return rule


def _half(behind, **options):
    return 2.78 * behind.std(**options) / np.sqrt(len(behind))


_simplest = _first(lambda b, margin: b.mean() - _half(b) <= margin)


def _most_accurate(scores, margin=0.01):
    return scores.mean().idxmax()


def _unpaired(scores, margin=0.01):
    top = scores[_most_accurate(scores)]
    low = top.mean() - _half(top)
    return next(k for k in scores if scores[k].mean() + _half(scores[k]) >= low - margin)


WRONG_RULES = [
    (_most_accurate, "that is the best model. Which model before it is good enough?"),
    (_first(lambda b, margin: b.mean() <= margin), "that compares means. A mean may be above the "
     "margin by chance: take the low end of the interval of the difference."),
    (_first(lambda b, margin: b.mean() + _half(b) <= margin), "that is the high end of the "
     "interval: it asks for proof that a model is *not* worse. Take the low end."),
    (_first(lambda b, margin: b.mean() - _half(b) <= 0), "you left out the margin of one point."),
    (_first(lambda b, margin: b.mean() - _half(b) * np.sqrt(5) <= margin), "divide the standard "
     "deviation by the root of five: it is the mean that counts."),
    (_unpaired, "those are the intervals of two scores. Take the difference of each seed first: "
     "some seeds are harder for all models."),
    (lambda s, margin=0.01: list(s)[-1], "that is the last column."),
    (lambda s, margin=0.01: next(iter(s)), "that is the first model, whether it is good enough or "
     "not."),
]  # fmt: skip


def _judge_rule(answer):
    """Hold a rule to five tables; name the mistake that gives the same answers."""
    given = {right: answer(scores.copy()) for right, scores in TABLES.items()}
    if not all(isinstance(name, str) for name in given.values()):
        return "the name of a model is wanted, one of the columns of `scores`."
    if all(name == right for right, name in given.items()):
        return True
    for rule, said in WRONG_RULES:
        if all(name == rule(TABLES[right]) for right, name in given.items()):
            return said
    return (
        "go through the columns from left to right. Take the differences to the best model, seed "
        "by seed, and return the first name whose interval begins at the margin or below."
    )


EXERCISES = [
    Exercise(
        "12.1",
        "You try nine models and report the best, with its interval, on the same folds. Where "
        "does the interval lie?",
        answer="too high",
        choices=("too high", "too low", "in the right place"),
        synonyms={"right": "in the right place"},
        mistakes=[
            (
                "too low",
                "the best of nine owes a part of its score to luck, and luck lifts it.",
            ),
            (
                "in the right place",
                "the interval of a model chosen beforehand is right; this one was chosen by "
                "looking.",
            ),
        ],
        hint="suppose all nine were equally good: where would the best of them lie?",
        more="the best of nine equal models lies above their common truth, and its interval "
        "moves along.",
        why="choosing by the score lifts it; judge the chosen one on samples that took no part.",
        right=["too high"],
        wrong=["too low", "in the right place", "right"],
    ),
    Exercise(
        "12.2",
        "Five seeds gave gains of 4, 2, 3, 5 and 1 points. Low and high end of the interval?",
        kind="any",
        test=_writes_interval,
        hint="you need the mean, the standard deviation (ddof=1), the root of 5, and 2.78.",
        more="the mean is 3; the half width is 2.78 times the standard deviation over the "
        "root of 5.",
        why="it does not reach zero: with five seeds a gain of three points can be shown.",
        right=[(1.04, 4.96), [1.037, 4.963], (1, 5)],
        wrong=[
            (1.61, 4.39),
            (1.24, 4.76),
            (2.12, 3.88),
            (-1.4, 7.4),
            (4.96, 1.04),
            (2, 4),
            3,
            (3, 1.96),
            (5, 4),
        ],
    ),
    Exercise(
        "12.3",
        "The ceilings of joint and spectrum are equal. With 10 leaves of a condition and five "
        "seeds, what is shown of early fusion, beside the spectrum alone?",
        answer="cannot be told apart",
        choices=("better", "worse", "cannot be told apart"),
        synonyms=dict.fromkeys(
            ("level with", "not told apart", "not shown", "neither"), "cannot be told apart"
        ),
        mistakes=[
            (
                "better",
                "to show that, all five draws would have to agree, and each has two plants of a "
                "condition.",
            ),
            (
                "worse",
                "33 more columns may cost something, but is it enough to be shown with two "
                "plants of each condition?",
            ),
        ],
        hint="how much do two plants of each condition differ from two other ones?",
        more="there is something for it and something against it, both small; and the interval "
        "is wide.",
        why="with two plants of each condition the seeds differ more than the two models do.",
        right=["cannot be told apart", "level with"],
        wrong=["better", "worse"],
    ),
    Exercise(
        "12.4",
        "Which is the simplest model that is good enough?",
        kind="function",
        test=_judge_rule,
        hint="`scores[scores.mean().idxmax()]` are the scores of the best model. Subtract those of "
        "another model: five differences, as in exercise 12.2.",
        more="`for name in scores:` goes through the columns. Return the first name for which "
        "mean - 2.78 * standard deviation / root of 5 is not above the margin.",
        why="where it is not shown that the best model is more than a point better, the simpler "
        "one will do.",
        right=[_simplest],
        wrong=[
            *[rule for rule, _ in WRONG_RULES],
            lambda scores, margin=0.01: 3,
            lambda scores, margin=0.01: "none",
        ],
    ),
    Exercise(
        "12.5",
        "80 apples from 20 trees, nine models on the same folds; tensor wins, a point ahead of "
        "early fusion. What do you report as your method?",
        answer="early, beside both single models",
        choices=(
            "tensor, with its score",
            "tensor, with its interval",
            "early, beside both single models",
        ),
        mistakes=[
            (
                "tensor, with its score",
                "this score was the reason to choose it, so a part of it is luck.",
            ),
            (
                "tensor, with its interval",
                "the interval moves along with the score: it does not know that the model was "
                "chosen by looking.",
            ),
        ],
        hint="the tensor net was named after the scores were seen. Which model could you name "
        "before?",
        more="one point between two models, with 20 trees: is that shown? And which of the two is "
        "the simpler one?",
        why="it could be named beforehand, a point is not shown with 20 trees, and the single "
        "models say what the camera is worth.",
        right=["early, beside both single models"],
        wrong=["tensor, with its score", "tensor, with its interval"],
    ),
]
check, hint = bind(EXERCISES)
