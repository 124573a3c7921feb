"""Exercises of notebook 18: what a block adds, and what the order of blocks decides."""

import re

import numpy as np
import pandas as pd

from ..exercise import Exercise, bind

FIRST = np.array([-1.0, 0.0, 1.0])
SECOND = np.array([-1.0, -1.0, 2.0])
Y = np.array([-2.0, -1.0, 3.0])
_MAGE = pd.Series(
    [0.4, 0.6, 0.2, 0.3, 0.5, 0.25],
    pd.MultiIndex.from_tuples(
        [(1, 0), (0, 1), (2, 1), (3, 0), (1, 2), (4, 2)], names=["spectrum", "picture"]
    ),
    name="error on samples held out",
)


def _share(x, y):
    return (x @ y) ** 2 / ((x @ x) * (y @ y))


def _new(first, second):
    return second - first * (first @ second) / (first @ first)


def _added(first, second, y):
    return _share(_new(first, second), y)


def _by_difference(first, second, y):
    both = np.column_stack([first, second])
    left = y - both @ np.linalg.lstsq(both, y)[0]
    return 1 - left @ left / (y @ y) - _share(first, y)


def _alone(first, second, y):
    return _share(second, y)


def _both(first, second, y):
    return _share(first, y) + _added(first, second, y)


def _plain_second(first, second, y):
    left = y - first * (first @ y) / (first @ first)
    return (second @ left) ** 2 / ((second @ second) * (y @ y))


def _of_what_is_left(first, second, y):
    return _share(_new(first, second), _new(first, y))


def _sum_of_both(first, second, y):
    return _share(first, y) + _share(second, y)


def _difference_alone(first, second, y):
    return _share(second, y) - _share(first, y)


def _not_squared(first, second, y):
    return _added(first, second, y) ** 0.5


def _turned(first, second, y):
    return _added(second, first, y)


def _percent(first, second, y):
    return 100 * _added(first, second, y)


_WRONG = [
    (_alone, "that is what `second` explains alone. First take out of it what `first` tells."),
    (_both, "that is what both explain together; take off what `first` explains."),
    (_plain_second, "you took `first` out of y, but not out of `second`. What they share still "
     "stands in `second` and takes up room."),
    (_of_what_is_left, "that is the share of what `first` has left over; divide by the whole of "
     "y instead."),
    (_sum_of_both, "what both share is counted twice in this sum."),
    (_difference_alone, "what both share must not be taken off once more: `second` may add "
     "something even where it explains less than `first`."),
    (_not_squared, "that is a correlation; the share of the variance is its square."),
    (_turned, "you took `second` out of `first`; it is the other way round."),
    (_percent, "give the share as a number between 0 and 1."),
]  # fmt: skip


def _judge_added(function):
    rng = np.random.default_rng(0)
    cases = [(FIRST, SECOND, Y), (FIRST, SECOND, FIRST)]
    for shared in (0.3, 0.9):
        x = rng.normal(size=(3, 40))
        x[1] += shared * x[0]
        x[2] += x[0] - 0.7 * x[1]
        cases.append(tuple(x - x.mean(1, keepdims=True)))
    got = [function(*(part.copy() for part in case)) for case in cases]
    try:
        got = np.array([float(np.squeeze(value)) for value in got])
    except (TypeError, ValueError):
        return "one number is wanted: the share that `second` adds."
    right = np.array([_added(*case) for case in cases])
    if np.allclose(got, right, atol=1e-6):
        return True
    for wrong, said in _WRONG:
        if np.allclose(got, [wrong(*case) for case in cases], atol=1e-6):
            return said
    return (
        "take out of `second` what goes along with `first`, as `rest` did above, and ask what "
        "share of y the rest explains."
    )


def _best_pair(answer):
    pair, errors = answer
    try:
        pair = tuple(int(n) for n in (re.findall(r"\d+", pair) if type(pair) is str else pair))
    except (TypeError, ValueError):
        return "two numbers are wanted: how many of the spectrum, how many of the picture."
    if len(pair) != 2:
        return "two numbers are wanted: how many of the spectrum, how many of the picture."
    if pair not in errors.index:
        return "there is no such combination in `errors`; its index has them all."
    if np.isclose(errors[pair], errors.min()):
        return True
    if pair[::-1] in errors.index and np.isclose(errors[pair[::-1]], errors.min()):
        return "the right numbers in the wrong order: the spectrum comes first."
    if pair == errors.idxmax():
        return "that is the largest error; the smallest is wanted."
    if pair == errors.index[-1]:
        return "that has the most latent variables; look for the smallest error."
    return "another combination has a smaller error: pandas has `idxmin`."


EXERCISES = [
    Exercise(
        "18.1",
        "You own the spectrometer: do you buy the color sensor or the ruler?",
        answer="ruler",
        choices=("color sensor", "ruler"),
        mistakes=[
            ("color sensor", "alone it tells more. But you own a spectrometer, and it sees the "
             "leaf's color, too."),
        ],
        hint="you do not buy a second instrument to use it alone. What does the spectrum not know?",
        more="the color of the leaf already stands in the spectrum. What about the area?",
        why="the spectrum knows the color already; of the size it knows nothing.",
        right=["ruler", "Ruler"],
        wrong=["color sensor", "both"],
    ),
    Exercise(
        "18.2",
        "Write the share of y that a second column explains after a first one.",
        kind="function",
        test=_judge_added,
        hint="`rest` above is what is new in the second column. `explained` gives the share of a "
        "single column.",
        more="added = explained(first, y) + explained(rest, y) is the total; you need one "
        "part of it.",
        why="the new part of the second column does not go along with the first, so what it "
        "explains simply adds up.",
        right=[_added, _by_difference, lambda f, s, y: np.array([_added(f, s, y)])],
        wrong=[wrong for wrong, _ in _WRONG] + [lambda f, s, y: 0.1, lambda f, s, y: "much"],
    ),
    Exercise(
        "18.3",
        "Which numbers of latent variables has the lowest point of the Mage plot?",
        kind="any",
        test=_best_pair,
        hint="`errors` is a pandas Series: which method gives the index of its least value?",
        more="`errors.idxmin()` gives a pair, the spectrum first.",
        why="all combinations are tried together, on plants held out inside the training part.",
        right=[((2, 1), _MAGE), ([2, 1], _MAGE), (np.array([2, 1]), _MAGE)],
        wrong=[
            ((1, 2), _MAGE), ((0, 1), _MAGE), ((4, 2), _MAGE), ((3, 0), _MAGE), ((9, 9), _MAGE),
            (3, _MAGE), ((2, 1, 0), _MAGE),
        ],
    ),
    Exercise(
        "18.4",
        "The picture comes first: how much does the spectrum then add?",
        answer="less than 30 %",
        choices=("less than 30 %", "about half", "about 85 %"),
        mistakes=[
            ("about 85 %", "that is what it explains when it comes first. Now much of it has been "
             "explained by the picture already."),
            ("about half", "both together explain about as much as before. Take off what the "
             "picture explains alone."),
        ],
        hint="the total hardly depends on the order. What does the picture explain alone?",
        more="take the share of the picture from the total of about 90 %.",
        why="what both know is counted for whoever comes first.",
        right=["less than 30 %", "Less than 30%"],
        wrong=["about half", "about 85 %"],
    ),
    Exercise(
        "18.5",
        "How much of the target will 200 columns of pure noise explain in training?",
        answer="most of what is left",
        choices=("nothing", "a tenth of what is left", "most of what is left"),
        mistakes=[
            ("nothing", "that would be so in new leaves. In training PLS looks for a weighted sum "
             "of 200 columns that goes along with what is left of 120 leaves."),
            ("a tenth of what is left", "one column of noise explains little of 120 leaves, about "
             "a hundredth. But these are 200, and PLS weights them to fit."),
        ],
        hint="there are more columns of noise than leaves.",
        more="200 free weights can fit 120 numbers nearly exactly.",
        why="with more columns than leaves, there is always a sum of columns that fits.",
        right=["most of what is left"],
        wrong=["nothing", "a tenth of what is left"],
    ),
    Exercise(
        "18.6",
        "The camera adds 0.3 % to the spectrum: which sentence do the numbers support?",
        answer="beside the spectrum it is hardly needed",
        choices=(
            "the camera knows little of the target",
            "beside the spectrum it is hardly needed",
            "the spectrum causes what the camera sees",
        ),
        mistakes=[
            ("the camera knows little of the target", "it came second, so what both know was "
             "counted for the spectrum. Alone it may explain nearly everything."),
            ("the spectrum causes what the camera sees", "an order of blocks is a choice of the "
             "analyst and says nothing of causes."),
        ],
        hint="what would have been reported if the camera had come first?",
        more="what a block knows and what it *adds* are two questions. Which of them do "
        "0.3 % answer?",
        why="what a block adds is a statement about the block and those before it. For what it "
        "knows, look at it alone.",
        right=["beside the spectrum it is hardly needed"],
        wrong=["the camera knows little of the target", "the spectrum causes what the camera sees"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
