"""Exercises of notebook 12: what each one asks and which mistakes it knows."""

import numpy as np

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


EXERCISES = [
    Exercise(
        "12.1",
        "You try nine models and report the best, with its interval, on the same folds. Is the "
        "interval too high, too low, or right?",
        answer="too high",
        choices=("too high", "too low", "right"),
        mistakes=[
            (
                "too low",
                "the best of nine was also the luckiest of nine: luck lifts it.",
            ),
            (
                "right",
                "the interval of a model chosen beforehand is right; this one was chosen by "
                "looking.",
            ),
        ],
        hint="suppose all nine were equally good: where would the best of them lie?",
        more="the best of nine equal models lies above their common truth, and its interval "
        "moves along.",
        why="choosing by the score lifts it; judge the chosen one on samples that took no part.",
        right=["too high"],
        wrong=["too low", "right"],
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
        "The ceilings of joint and spectrum are equal. With 10 leaves a class, early fusion is ... "
        "the spectrum alone?",
        answer="level with",
        choices=("better than", "level with", "worse than"),
        synonyms={"equal": "level with", "as good as": "level with"},
        mistakes=[
            (
                "better than",
                "the picture brings no news, and early fusion must first find that out, from two "
                "plants of each condition.",
            ),
            (
                "worse than",
                "33 more columns cost something, but redness is easy to see in a picture.",
            ),
        ],
        hint="the picture brings no news; does what it shows cost more than it helps?",
        more="equal ceilings: nothing to gain. The picture shows what the spectrum shows, so "
        "it costs little.",
        why="where there is nothing to gain, the second look neither helped nor harmed.",
        right=["level with"],
        wrong=["better than", "worse than"],
    ),
    Exercise(
        "12.4",
        "80 apples, 4 varieties, 20 trees, a spectrum and a photograph of each. Which do you "
        "report as your method?",
        answer="early, beside both single models",
        choices=(
            "attention, tuned until it wins",
            "early, beside both single models",
            "the best of nine on the same folds",
        ),
        mistakes=[
            (
                "attention, tuned until it wins",
                "tuning until it wins is choosing on the test samples.",
            ),
            (
                "the best of nine on the same folds",
                "the best of nine is chosen by luck as well; its score is too high.",
            ),
        ],
        hint="few samples: which rung was rarely beaten, and needs no choice?",
        more="which of the three was fixed before anybody looked at a score?",
        why="it was rarely beaten here, costs nothing, and the single models show what the "
        "camera is worth.",
        right=["early, beside both single models"],
        wrong=["attention, tuned until it wins", "the best of nine on the same folds"],
    ),
]
check, hint = bind(EXERCISES)
