"""Exercises of notebook 22: series of days, their order, their clocks and their padding."""

import numpy as np

from ..exercise import Exercise, bind


def _centered(x):
    return np.asarray(x, float) - np.mean(x)


def _lagged(water, width, lag):
    water, width = _centered(water), _centered(width)
    n = len(water)
    return np.mean(water[max(0, -lag) : n - max(0, lag)] * width[max(0, lag) : n - max(0, -lag)])


def _lagged_loop(water, width, lag):
    water, width = _centered(water), _centered(width)
    days = [t for t in range(len(water)) if 0 <= t + lag < len(water)]
    return sum(water[t] * width[t + lag] for t in days) / len(days)


def _raw(water, width, lag):
    n = len(water)
    return np.mean(water[max(0, -lag) : n - max(0, lag)] * width[max(0, lag) : n - max(0, -lag)])


def _backward(water, width, lag):
    return _lagged(water, width, -lag)


def _round(water, width, lag):
    return np.mean(_centered(water) * np.roll(_centered(width), -lag))


def _same_day(water, width, lag):
    return _lagged(water, width, 0)


def _sum(water, width, lag):
    return _lagged(water, width, lag) * (len(water) - abs(lag))


def _over_all_days(water, width, lag):
    return _sum(water, width, lag) / len(water)


def _forward_only(water, width, lag):
    lag = abs(lag)
    return _lagged(water, width, lag)


def _level_of_the_overlap(water, width, lag):
    n = len(water)
    a = np.asarray(water, float)[max(0, -lag) : n - max(0, lag)]
    b = np.asarray(width, float)[max(0, lag) : n - max(0, -lag)]
    return np.mean((a - a.mean()) * (b - b.mean()))


_WRONG_LAGS = [
    (_raw, "take off the mean of each series first; otherwise the level of a leaf counts, not "
     "what happens in it."),
    (_backward, "the direction is turned around: the width comes `lag` days after the water."),
    (_round, "`np.roll` brings the last days to the front, and multiplies days that do not lie "
     "`lag` days apart. Leave out days that have no partner."),
    (_same_day, "that is the product of the same day, whatever the lag."),
    (_sum, "take the mean over the pairs of days, not the sum: long lags have fewer pairs."),
    (_over_all_days, "divide by the number of pairs; it is smaller than the number of days."),
    (_forward_only, "a lag below zero means that the width comes before the water."),
    (_level_of_the_overlap, "take off the mean over all days, before some are left out."),
]  # fmt: skip


def _judge_lagged(function):
    rng = np.random.default_rng(0)
    cases = [(rng.normal(size=10) + 3, rng.normal(size=10) - 2, lag) for lag in (0, 1, -1, 3, -2)]
    got = [function(water.copy(), width.copy(), lag) for water, width, lag in cases]
    try:
        got = np.array([float(np.squeeze(value)) for value in got])
    except (TypeError, ValueError):
        return "one number is wanted: the mean product at this lag."
    if np.allclose(got, [_lagged(*case) for case in cases], atol=1e-8):
        return True
    for wrong, said in _WRONG_LAGS:
        if np.allclose(got, [wrong(*case) for case in cases], atol=1e-8):
            return said
    return "multiply water[t] with width[t + lag] for each day t where both are there."


def _last(outputs, n_days):
    return outputs[np.arange(len(outputs)), np.asarray(n_days) - 1]


def _last_loop(outputs, n_days):
    return np.array([rows[n - 1] for rows, n in zip(outputs, n_days, strict=True)])


def _very_last(outputs, n_days):
    return outputs[:, -1]


def _one_too_far(outputs, n_days):
    return outputs[np.arange(len(outputs)), np.minimum(n_days, outputs.shape[1] - 1)]


def _averaged(outputs, n_days):
    return outputs.mean(1)


def _grid(outputs, n_days):
    return outputs[:, np.asarray(n_days) - 1]


_WRONG_LAST = [
    (_very_last, "that is the last row of the array, which is padding for the shorter series."),
    (_one_too_far, "that is one row too far: after 3 days the last one has the number 2."),
    (_averaged, "that is a mean over all rows, padding included."),
    (_grid, "this takes all those rows of *each* sample. Give a row number for every sample: "
     "`np.arange(len(outputs))`."),
]  # fmt: skip


def _judge_last(function):
    rng = np.random.default_rng(1)
    outputs, n_days = rng.normal(size=(5, 7, 3)), np.array([7, 2, 5, 1, 3])
    got = function(outputs.copy(), n_days.copy())
    try:
        got = np.asarray(got, float)
    except (TypeError, ValueError):
        return "an array is wanted: one row of numbers for each sample."
    for right in (_last, *(wrong for wrong, _ in _WRONG_LAST)):
        value = right(outputs, n_days)
        if got.shape == value.shape and np.allclose(got, value):
            return True if right is _last else dict(_WRONG_LAST)[right]
    if got.shape != (5, 3):
        return f"the result has shape {got.shape}; for 5 samples and 3 numbers it must be (5, 3)."
    return "row n_days - 1 of each sample is wanted."


_KNOWN = np.array([0.30, 0.10, -0.22, -0.24, 0.06])


def _match(known, new):
    return int(np.argmax([np.corrcoef(np.roll(known, k), new)[0, 1] for k in range(5)]))


def _match_by_products(known, new):
    return int(np.argmax([np.roll(known, k) @ new for k in range(len(known))]))


def _match_by_distance(known, new):
    return int(np.argmin([np.sum((np.roll(known, k) - new) ** 2) for k in range(len(known))]))


def _highest(known, new):
    return int(np.argmax(new))


def _other_way(known, new):
    return -_match(known, new) % 5


def _difference_of_tops(known, new):
    return int(np.argmax(new) - np.argmax(known)) % 5


_CLOCKS = [(_KNOWN, 0), (_KNOWN, 1), (_KNOWN, 2), (_KNOWN, 3), (np.roll(_KNOWN, 1), 2)]
_NOISY = np.array([0.06, 0.30, 0.35, -0.22, -0.24])  # late by 1, though the highest value is at 2


def _clock_cases():
    cases = [(known, np.roll(known, k) + 0.001) for known, k in _CLOCKS]
    return [*cases, (_KNOWN, _NOISY)]


_WRONG_CLOCKS = [
    (_highest, "the highest value of `new` alone: by chance it may stand beside the true one. "
     "Compare all five values with those of `known`."),
    (_difference_of_tops, "this looks at the two highest values only. By chance one of them may "
     "stand beside the true one; compare all five values."),
    (_other_way, "the other way round: `np.roll(known, k)` shall look like `new`."),
]  # fmt: skip


def _judge_clock(function):
    cases = _clock_cases()
    got = [function(known.copy(), new.copy()) for known, new in cases]
    try:
        got = [int(np.squeeze(value)) % 5 for value in got]
    except (TypeError, ValueError):
        return "one whole number is wanted, the shift in days from 0 to 4."
    if got == [_match(*case) for case in cases]:
        return True
    for wrong, said in _WRONG_CLOCKS:
        if got == [wrong(*case) for case in cases]:
            return said
    return "try the shifts 0 to 4 with `np.roll(known, k)`, and keep the one most like `new`."


EXERCISES = [
    Exercise(
        "22.1",
        "How many leaves does a model get right from the means over the ten days?",
        answer="half",
        choices=("half", "three quarters", "nine tenths"),
        mistakes=[
            ("three quarters", "does a mean change when the days are put in another order? And in "
             "what do the two classes differ?"),
            ("nine tenths", "that is the ceiling of one who sees the days in order. A mean of days "
             "is the same in any order."),
        ],
        hint="shuffle the days in your mind: what happens to the mean, and what to the class?",
        more="the means are the same in both classes, so what is left but to guess?",
        why="every leaf dries and rolls up twice in ten days. Only the order differs, and a mean "
        "has none.",
        right=["half", "Half"],
        wrong=["three quarters", "nine tenths"],
    ),
    Exercise(
        "22.2",
        "Write the mean product of the water and the width some days later.",
        kind="function",
        test=_judge_lagged,
        hint="first take the mean off each series. For the lag 1, multiply water[:-1] with "
        "width[1:].",
        more="for a lag below zero cut the other ends: water[-lag:] goes with width[:lag].",
        why="if the width follows the water by a day, both are low together at this lag.",
        right=[_lagged, _lagged_loop, lambda a, b, lag: np.array([_lagged(a, b, lag)])],
        wrong=[wrong for wrong, _ in _WRONG_LAGS] + [lambda a, b, lag: 0.1, lambda a, b, lag: "no"],
    ),
    Exercise(
        "22.3",
        "How does an LSTM compare with lagged products and logistic regression?",
        answer="not better",
        choices=("ten points better", "not better", "no better than a coin"),
        mistakes=[
            ("ten points better", "look at the ceiling: there are not ten points left to gain."),
            ("no better than a coin", "it reads both instruments day by day and in order: it can "
             "see whatever the lagged products see."),
        ],
        hint="what must a network compute to tell the two classes apart? And how far is the "
        "ceiling?",
        more="look at the two intervals: does one lie above the other?",
        why="the order of two events is all there is to see, and the products show it already.",
        right=["not better", "Not better"],
        wrong=["ten points better", "no better than a coin"],
    ),
    Exercise(
        "22.4",
        "Take the output after the last measured day of each leaf.",
        kind="function",
        test=_judge_last,
        hint="which row of the array is the last one that was measured, if 3 days were measured?",
        more="numpy takes two lists of numbers: `outputs[rows, days]` is one day of each row.",
        why="what comes after the last measured day is about nothing.",
        right=[_last, _last_loop],
        wrong=[wrong for wrong, _ in _WRONG_LAST]
        + [lambda outputs, n_days: outputs, lambda outputs, n_days: outputs[:, 0],
           lambda outputs, n_days: "last"],
    ),
    Exercise(
        "22.5",
        "By how many days is the clock of the camera behind?",
        kind="function",
        test=_judge_clock,
        hint="a clock that is wrong moves all five values of `new` along. What must `known` be "
        "moved by to look like it?",
        more="`np.corrcoef(np.roll(known, k), new)[0, 1]` says how alike they are.",
        why="all five values together are far surer than the highest one.",
        right=[_match, _match_by_products, _match_by_distance],
        wrong=[wrong for wrong, _ in _WRONG_CLOCKS] + [lambda known, new: 2, lambda a, b: "late"],
    ),
    Exercise(
        "22.6",
        "What shape have 8 films of 25 frames of 64 x 64 pixels, with three colors, depth, and "
        "two numbers of motion?",
        answer=(8, 25, 64, 64, 6),
        mistakes=[
            ((8, 25, 64, 64, 3), "depth and motion are measured at every pixel, too: they are "
             "further channels."),
            ((8, 25, 64, 64, 4), "motion has two numbers at every pixel, how far to the right and "
             "how far down."),
            ((8, 25, 64, 64, 5), "three colors, one depth, two numbers of motion: count again."),
            ((8, 64, 64, 6), "where is the time? A film has an axis more than a picture."),
            ((8, 64, 64, 150), "frames as channels have no order: give time its own axis."),
            ((200, 64, 64, 6), "so one folds frames into rows for an encoder of pictures. Films "
             "have an axis for time."),
            ((25, 8, 64, 64, 6), "samples come first."),
        ],
        hint="samples first, then time, then what one frame is, with channels last.",
        more="one frame has 64 rows, 64 columns, and 3 + 1 + 2 channels.",
        why="samples, time, height, width, channels.",
        right=[(8, 25, 64, 64, 6), [8, 25, 64, 64, 6], np.array([8, 25, 64, 64, 6])],
        wrong=[(8, 25, 64, 64, 3), (8, 25, 64, 64, 4), (8, 64, 64, 6), (200, 64, 64, 6),
               (25, 8, 64, 64, 6), (8, 64, 64, 150), (8, 25, 64, 64, 5)],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
