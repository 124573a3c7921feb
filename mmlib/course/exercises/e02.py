"""Exercises of notebook 02: features, convolution, number of labels, an eye chart."""

import numpy as np

from ...data.eye_test import KINDS
from ..exercise import Exercise, bind
from ..spellings import numbers

PIXEL = "a pixel means nothing without its place in the leaf"


def _slides(answer):
    given = (numbers(answer) or None) if isinstance(answer, str) else answer
    try:
        given = np.asarray(given, float).ravel().tolist()  # `convolve` gives a row of a table
    except (TypeError, ValueError):
        given = [np.nan]
    if np.isnan(given).any():
        return "give the numbers in a list, such as [5, 7]."
    if len(given) != 2:
        return "three weights on four numbers fit in two places only."
    if given == [-3, -3]:
        return (
            "so it is in mathematics, where the weights are turned around first; a network "
            "leaves them as they are: minus the left number, plus the right one."
        )
    return given == [3, 3] or "at each place: minus the left number, plus the right one."


EXERCISES = [
    Exercise(
        "02.1",
        "Why does the SVM on pixels do so much worse?",
        answer=PIXEL,
        choices=("too few pixels", PIXEL, "SVMs cannot handle colors"),
        mistakes=[
            ("too few pixels", "the features were computed from the very same pixels."),
            ("SVMs cannot handle colors", "to an SVM a color is a number like any other."),
        ],
        hint="think of the leaf that was moved by three pixels.",
        more="what does the pixel in row 24, column 16 show in one picture, and what in the "
        "next?",
        why="the same pixel shows leaf in one picture and tray in the next.",
        right=[PIXEL],
        wrong=["too few pixels", "SVMs cannot handle colors"],
    ),
    Exercise(
        "02.2",
        "The row 1, 1, 4, 4 under the weights -1, 0, 1?",
        kind="any",
        test=_slides,
        hint="put the weights under the first three numbers, multiply, add; then move on by one.",
        more="the first place covers 1, 1 and 4: minus the first, plus the third. The second "
        "covers 1, 4 and 4.",
        why="4 - 1 at both places: the edge is seen wherever it is under the weights.",
        right=[[3, 3], (3.0, 3.0), np.array([[3, 3]]), "3, 3", "[3 3]"],
        wrong=[[-3, -3], [0, 3, 0], [0, 3, 3, 0], [1, 4], "three", 3],
    ),
    Exercise(
        "02.3",
        "48 x 48 pixels, a 5 x 5 filter, steps of 2, inside: how many rows?",
        answer=22,
        mistakes=[
            (44, "that would be steps of 1; now it moves by 2."),
            (24, "the filter of 5 must fit inside, so some places at the rim are lost."),
            (21, "nearly: count the first place as well."),
            (21.5, "nearly: half a step does not fit, and the first place counts as well."),
            (lambda a: True, "first place at row 0, last where row + 4 is still inside; steps "
             "of 2."),
        ],
        hint="the first place starts at row 0; the last one must start at row 43 or before.",
        more="the first rows of the places are 0, 2, 4 and so on, up to 42. Count them.",
        why="places 0, 2, ..., 42: the whole part of (48 - 5) / 2, plus one.",
        right=[22, 22.0],
        wrong=[44, 24, 21, 21.5, 48],
    ),
    Exercise(
        "02.4",
        "60 labeled photographs, and you know what decides: what do you try first?",
        answer="features",
        choices=("features", "network from scratch", "bigger network"),
        mistakes=[
            ("network from scratch", "look at the last figure: how did it do with 30 and with 80 "
             "labels?"),
            ("bigger network", "more weights need more labels, not fewer."),
        ],
        hint="find 60 labels on the last figure.",
        more="60 labels lie between 30 and 80 on the figure. Which curve is the highest "
        "there?",
        why="with few labels, what you know beats what a network could still learn.",
        right=["features"],
        wrong=["network from scratch", "bigger network"],
    ),
    Exercise(
        "02.5",
        "Which of the ten differences is invisible to the 33 features?",
        answer="position",
        choices=KINDS,
        mistakes=[
            ("hue", "color is the first thing that the features measure."),
            ("grain", "how fine a pattern is belongs to the measures of texture."),
            ("size", "how much of the picture the object fills is one of the features."),
            (lambda a: True, "it is hard for them, but they see some of it; think of what we "
             "wanted the features to survive."),
        ],
        hint="we wanted numbers that survive a move, a turn and another lamp.",
        more="which difference stays when the object is the same and only lies somewhere "
        "else?",
        why="the features describe the object wherever it lies, so they cannot say where it lies.",
        right=["position"],
        wrong=["shape", "hue", "grain", "size", "distance"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
