"""Exercises of notebook 19: another day, another instrument."""

import numpy as np

from ...data.srgb import to_linear, to_stored
from ..exercise import Exercise, bind


def _line(predicted, measured, new):
    slope, bias = np.polyfit(predicted, measured, 1)
    return slope * new + bias


def _by_hand(predicted, measured, new):
    off = predicted - predicted.mean()
    slope = (off @ (measured - measured.mean())) / (off @ off)
    return measured.mean() + slope * (new - predicted.mean())


def _bias_only(predicted, measured, new):
    return new + (measured - predicted).mean()


def _wrong_sign(predicted, measured, new):
    return new + (predicted - measured).mean()


def _turned(predicted, measured, new):
    slope, bias = np.polyfit(measured, predicted, 1)
    return slope * new + bias


def _solved_for(predicted, measured, new):
    slope, bias = np.polyfit(measured, predicted, 1)
    return (new - bias) / slope


def _slope_only(predicted, measured, new):
    return new * (predicted @ measured) / (predicted @ predicted)


def _of_new(predicted, measured, new):
    return _line(predicted, measured, predicted)


_LINES = [
    (_bias_only, "that takes off the bias; the answers are still too close together. Fit a slope, "
     "too."),
    (_wrong_sign, "that adds the bias once more, and it leaves the slope as it is."),
    (_turned, "you told the predicted values from the measured ones; it is the other way round."),
    (_solved_for, "you fitted the predicted values to the measured ones and solved for the latter. "
     "Where points scatter about the line that is another line, and a worse one for predicting."),
    (_slope_only, "your line goes through zero: a bias is part of the correction."),
    (_of_new, "apply the line to `new`, not to the answers that it was fitted to."),
]  # fmt: skip


def _judge_line(function):
    rng = np.random.default_rng(0)
    measured = rng.uniform(10, 80, 12)
    predicted = 0.8 * measured + 15 + rng.normal(0, 6, 12)
    new = np.array([20.0, 35, 50, 65, 80])
    cases = [(np.array([31.0, 46, 61]), np.array([20.0, 40, 60]), np.array([46.0, 76])),
             (predicted, measured, new)]  # fmt: skip
    got = [function(*(part.copy() for part in case)) for case in cases]
    try:
        got = [np.asarray(value, float).ravel() for value in got]
    except (TypeError, ValueError):
        return "an array of corrected answers is wanted, one for each of `new`."
    for wrong, said in [(_line, True), *_LINES]:
        right = [wrong(*case) for case in cases]
        if all(g.shape == r.shape and np.allclose(g, r) for g, r in zip(got, right, strict=True)):
            return said
    return "an array is wanted, one corrected answer for each of `new`: slope * new + bias."


def _factors(seen, known):
    return to_linear(known / 255) / to_linear(seen / 255)


def _of_stored(seen, known):
    return known / seen


def _upside_down(seen, known):
    return to_linear(seen / 255) / to_linear(known / 255)


def _difference(seen, known):
    return to_linear(known / 255) - to_linear(seen / 255)


def _curve_of_ratio(seen, known):
    return to_linear(known / seen)


def _not_scaled(seen, known):
    return to_linear(known) / to_linear(seen)


def _other_way(seen, known):
    return to_stored(known / 255) / to_stored(seen / 255)


_GRAYS = [
    (_of_stored, "that is the factor of stored values. They are not amounts of light: undo the "
     "curve first."),
    (_upside_down, "that turns the right picture into the wrong one: divide what it should be by "
     "what was seen."),
    (_difference, "twice the lamp is twice the light, so a factor is wanted, not a difference."),
    (_curve_of_ratio, "undo the curve of each value, then divide; not of the ratio."),
    (_not_scaled, "`to_linear` takes values from 0 to 1: divide by 255 first."),
    (_other_way, "you applied the curve once more, where it must be undone."),
]  # fmt: skip


def _judge_factors(function):
    cases = [
        (np.array([120.0, 160, 200]), np.array([160.0, 160, 160])),
        (np.array([90.0, 100, 80]), np.array([120.0, 118, 121])),
    ]
    got = [function(seen.copy(), known.copy()) for seen, known in cases]
    try:
        got = np.array([np.asarray(value, float).ravel() for value in got])
    except (TypeError, ValueError):
        return "three numbers are wanted, one for each channel."
    if got.shape != (2, 3):
        return "three numbers are wanted, one for each channel."
    if np.allclose(got, [_factors(*case) for case in cases], rtol=1e-4):
        return True
    for wrong, said in _GRAYS:
        if np.allclose(got, [wrong(*case) for case in cases], rtol=1e-4):
            return said
    return "bring both to amounts of light with `to_linear`, values from 0 to 1, then divide."


EXERCISES = [
    Exercise(
        "19.1",
        "Correct new answers by slope and bias.",
        kind="function",
        test=_judge_line,
        hint="`np.polyfit(x, y, 1)` gives the slope and the intercept of y over x. Which of the "
        "two arrays do you know for new leaves?",
        more="fit the line on the standards, with the predicted values as x and the measured ones "
        "as y; then use it on the new predictions.",
        why="for a new leaf you know the predicted value, so the line runs from predicted to "
        "measured.",
        right=[_line, _by_hand],
        wrong=[wrong for wrong, _ in _LINES] + [lambda p, m, n: 1.0, lambda p, m, n: "much"],
    ),
    Exercise(
        "19.2",
        "Which single modality loses more in most other laboratories?",
        answer="spectrum",
        choices=("spectrum", "picture", "both the same"),
        mistakes=[
            ("picture", "the light of the other room changes all colors, but much of what the "
             "picture tells is shape and pattern, which stay."),
            ("both the same", "one of them stands on small differences between neighboring bands. "
             "What does a shift of wavelengths do to these?"),
        ],
        hint="which of the two stands on small differences of large numbers?",
        more="run on to the table of five laboratories: by how many points does each of them fall?",
        why="a spectrum tells by small differences on steep slopes, and a shift of wavelengths "
        "changes just these; shapes and spots look the same in another light.",
        right=["spectrum", "Spectrum"],
        wrong=["picture", "both the same"],
    ),
    Exercise(
        "19.3",
        "Which distance sees the other spectrometer?",
        answer="Q residuals",
        choices=("Hotelling's T2", "Q residuals", "neither"),
        mistakes=[
            ("Hotelling's T2", "that would be leaves with an unusual mixture of what is known, "
             "very dark ones say. These are ordinary leaves."),
            ("neither", "a shifted spectrum is no sum of the components of unshifted ones: "
             "something is left over."),
        ],
        hint="are these unusual leaves, or is there something in the spectra that no leaf has?",
        more="T2 stays within what leaves can be. The other distance is what the components leave "
        "over.",
        why="the components know what leaves do, not what the other spectrometer does; that is "
        "left over.",
        right=["Q residuals", "q residuals"],
        wrong=["Hotelling's T2", "neither"],
    ),
    Exercise(
        "19.4",
        "How good is direct standardization from eight standards, beside the mean difference?",
        answer="worse than",
        choices=("better than", "as good as", "worse than"),
        mistakes=[
            ("better than", "it is perfect on its standards, because it has 44,521 numbers to fit "
             "them with. What happens to a spectrum that is no mixture of the eight?"),
            ("as good as", "count the numbers that each of the two learns from eight leaves."),
        ],
        hint="how many numbers does each way learn, and from how many leaves?",
        more="run the next cell, and compare its error with that of the mean difference.",
        why="with eight standards DS turns every spectrum into a mixture of eight spectra, and "
        "deletes the rest.",
        right=["worse than"],
        wrong=["better than", "as good as"],
    ),
    Exercise(
        "19.5",
        "What is wrong with the report, first of all?",
        answer="the standards are the test",
        choices=(
            "eight leaves are too few to judge",
            "the standards are the test",
            "DS needs labels",
        ),
        mistakes=[
            ("eight leaves are too few to judge", "with eighty it would be as wrong: DS is perfect "
             "on any leaves that it was fitted to, while there are fewer than bands."),
            ("DS needs labels", "it needs two spectra of each standard, and no label."),
        ],
        hint="what was the error of DS on its own standards, further up?",
        more="ask which leaves the error was measured on, and which leaves the transfer was fitted "
        "to.",
        why="a transfer is fitted like a model, so what it was fitted to cannot judge it.",
        right=["the standards are the test"],
        wrong=["eight leaves are too few to judge", "DS needs labels"],
    ),
    Exercise(
        "19.6",
        "By which factors must the light of the channels be multiplied?",
        kind="function",
        test=_judge_factors,
        hint="`to_linear` gives amounts of light, of stored values from 0 to 1. What times the "
        "light seen gives the light wanted?",
        more="divide the wanted light of the gray patch by the light seen, channel by channel, "
        "both made linear before.",
        why="lamps and channels multiply light, and only after that does the camera apply its "
        "curve.",
        right=[_factors, lambda s, k: list(_factors(s, k))],
        wrong=[wrong for wrong, _ in _GRAYS] + [lambda s, k: 1.0, lambda s, k: "warmer"],
    ),
    Exercise(
        "19.7",
        "How many of the sprayed leaves does the discriminant model take for healthy ones?",
        answer="nearly all",
        choices=("none", "about half", "nearly all"),
        mistakes=[
            ("none", "it cannot say \"neither\": it must choose between healthy and drought, and "
             "the leaves are full of water."),
            ("about half", "it does not guess. What told it healthy leaves from dry ones, and did "
             "the spray change that?"),
        ],
        hint="by what does the model tell the two classes it knows? Has the spray changed it?",
        more="sprayed leaves are full of water. Which of its two classes is full of water?",
        why="it looks at what told its two classes apart, which is water, and at nothing else.",
        right=["nearly all"],
        wrong=["none", "about half"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
