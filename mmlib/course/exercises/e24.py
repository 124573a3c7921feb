"""Exercises of notebook 24: cameras made of bands, and what may be said of their ranking."""

import numpy as np
import pandas as pd

from ..exercise import Exercise, bind

_WAVELENGTHS = np.linspace(400, 700, 7)
_SPECTRA = np.random.default_rng(0).random((4, 7))
_BANDS = [(440, 560), (400, 500), (600, 600)]


def _band(spectra, wavelengths, low, high):
    inside = (wavelengths >= low) & (wavelengths <= high)
    return spectra[:, inside].mean(axis=1)


def _kept(spectra, wavelengths, low, high):
    return _band(spectra, wavelengths, low, high)[:, None]


def _summed(spectra, wavelengths, low, high):
    return spectra[:, (wavelengths >= low) & (wavelengths <= high)].sum(axis=1)


def _over_pixels(spectra, wavelengths, low, high):
    return spectra[:, (wavelengths >= low) & (wavelengths <= high)].mean(axis=0)


def _center(spectra, wavelengths, low, high):
    return spectra[:, np.argmin(np.abs(wavelengths - (low + high) / 2))]


def _everything(spectra, wavelengths, low, high):
    return spectra.mean(axis=1)


def _all_in_one(spectra, wavelengths, low, high):
    return spectra[:, (wavelengths >= low) & (wavelengths <= high)].mean()


_WRONG_BANDS = [
    (_summed, "that is a sum: a broad band would look brighter than a narrow one. Take the mean."),
    (_over_pixels, "that is a mean over the pixels. Each pixel must keep a value of its own: "
     "average along the wavelengths, axis=1."),
    (_center, "that is a single wavelength. A broad filter lets through all of its range."),
    (_everything, "that is the mean of all wavelengths; choose those from `low` to `high`."),
    (_all_in_one, "that is one number for all pixels; give the mean an axis."),
]  # fmt: skip


def _judge_band(function):
    got = [function(_SPECTRA.copy(), _WAVELENGTHS.copy(), *band) for band in _BANDS]
    right = [_band(_SPECTRA, _WAVELENGTHS, *band) for band in _BANDS]
    try:
        got = [np.asarray(value, float) for value in got]
    except (TypeError, ValueError):
        return "an array is wanted: one number for each pixel."
    if all(v.size == r.size and np.allclose(v.ravel(), r) for v, r in zip(got, right, strict=True)):
        return True
    for wrong, said in _WRONG_BANDS:
        made = [wrong(_SPECTRA, _WAVELENGTHS, *band) for band in _BANDS]
        if all(np.shape(v) == np.shape(m) and np.allclose(v, m)
               for v, m in zip(got, made, strict=True)):  # fmt: skip
            return said
    return "choose the columns whose wavelength lies between `low` and `high`, and average them."


_GAINS = pd.Series({"road": -0.05, "tree": 0.01, "healthy grass": 0.14, "water": 0.13})


def _judge_cover(answer):
    name, gains = answer
    if name not in gains.index:
        return f"that is no land cover of the table; it has {', '.join(gains.index[:3])}, ..."
    if name == gains.idxmax():
        return True
    if name == gains.idxmin():
        return "that is where infrared helps least; you want the largest gain."
    if name == gains.abs().idxmax():
        return "that is the largest change, but downward."
    return "another one gains more: `gains.idxmax()` names it."


_PRICES = {"3 bands": 1, "4 bands": 4, "7 bands": 9, "144 bands": 60, "3 bands + heights": 26}
_MEANS = pd.Series(
    {"3 bands": 0.7, "4 bands": 0.75, "7 bands": 0.82, "144 bands": 0.85, "3 bands + heights": 0.81}
)


def _cheapest(means, prices, wanted):
    good = [name for name in means.index if means[name] >= wanted]
    return min(good, key=lambda name: prices[name])


def _best(means, prices, wanted):
    return means.idxmax()


def _any_good(means, prices, wanted):
    return means.index[(means >= wanted)][-1]


def _cheapest_of_all(means, prices, wanted):
    return min(means.index, key=lambda name: prices[name])


def _dearest(means, prices, wanted):
    return max([name for name in means.index if means[name] >= wanted], key=lambda n: prices[n])


def _most_for_the_money(means, prices, wanted):
    return max(means.index, key=lambda name: means[name] / prices[name])


_WRONG_CHOICES = [
    (_cheapest_of_all, "that is the cheapest of all, good enough or not."),
    (_best, "that is the most accurate one. You need one that is good enough, and cheap."),
    (_most_for_the_money, "points for the money are no aim of yours: first it must be good "
     "enough."),
    (_dearest, "that is the dearest of those that are good enough."),
    (_any_good, "good enough, but another one is, too, and cheaper."),
]  # fmt: skip


def _judge_choice(function):
    shuffled = _MEANS.iloc[[4, 2, 0, 3, 1]]
    cases = [(_MEANS, w) for w in (0.8, 0.74, 0.84)] + [(shuffled, 0.8)]
    got = [function(means.copy(), dict(_PRICES), wanted) for means, wanted in cases]
    if got == [_cheapest(means, _PRICES, wanted) for means, wanted in cases]:
        return True
    for wrong, said in _WRONG_CHOICES:
        if got == [wrong(means, _PRICES, wanted) for means, wanted in cases]:
            return said
    if not all(isinstance(name, str) and name in _PRICES for name in got):
        return "the name of one camera is wanted, such as '7 bands'."
    return "keep the cameras with `means >= wanted`, and of these take the one of the least price."


EXERCISES = [
    Exercise(
        "24.1",
        "Write what a camera with one broad band would have measured.",
        kind="function",
        test=_judge_band,
        hint="which wavelengths lie in the band? A comparison of arrays gives a mask.",
        more="`spectra[:, mask]` has only those columns; average each row.",
        why="a broad filter lets all of its range pass, and one number comes out.",
        right=[_band, _kept],
        wrong=[wrong for wrong, _ in _WRONG_BANDS] + [lambda s, w, a, b: 0.3, lambda *a: "blue"],
    ),
    Exercise(
        "24.2",
        "Which comes first on a random split: 3 bands with heights, or 144 bands without?",
        answer="they are about level",
        choices=("3 bands with heights, by far", "they are about level", "144 bands, by far"),
        mistakes=[
            ("144 bands, by far", "on a random split a neighbor of the pixel, with nearly the "
             "same heights around it, is in the training half. Which of the two does that help?"),
            ("3 bands with heights, by far", "the heights gain much by a random split, but 144 "
             "bands recognize a neighbor, too."),
        ],
        hint="at random a test pixel has neighbors in the training part, and both rivals recognize "
        "them: by nearly the same heights, or by nearly the same spectrum.",
        more="so both rise, the heights more. By region 144 bands are a bit ahead.",
        why="at random both recognize a neighbor, the heights better, and so they catch up.",
        right=["they are about level"],
        wrong=["144 bands, by far", "3 bands with heights, by far"],
    ),
    Exercise(
        "24.3",
        "Which land cover gains most by the infrared band?",
        kind="any",
        test=_judge_cover,
        hint="`gains` is a pandas Series: which method gives the index of its largest value?",
        more="gains.idxmax() names it.",
        why="green plants send back most of the infrared, and plastic that is only painted green "
        "does not.",
        right=[("healthy grass", _GAINS)],
        wrong=[("road", _GAINS), ("water", _GAINS), ("moon", _GAINS)],
    ),
    Exercise(
        "24.4",
        "What may a report say of 144 bands against 3 bands with heights?",
        answer="neither was shown",
        choices=(
            "144 bands are better",
            "3 bands with heights are better",
            "neither was shown",
        ),
        mistakes=[
            ("144 bands are better", "by region they are ahead on average, but look where the "
             "interval ends."),
            ("3 bands with heights are better", "at random they are a trifle ahead, but that asks "
             "for places that are known, and the interval holds zero there, too."),
        ],
        hint="look for zero in the two intervals.",
        more="an interval that holds zero does not show which of the two is better.",
        why="both intervals hold zero, and only the one by region is about new land.",
        right=["neither was shown", "Neither was shown"],
        wrong=["144 bands are better", "3 bands with heights are better"],
    ),
    Exercise(
        "24.5",
        "Choose the cheapest camera that reaches the accuracy you want.",
        kind="function",
        test=_judge_choice,
        hint="first keep those that are good enough, then look at prices only.",
        more="`min(names, key=prices.get)` gives the name with the least price.",
        why="what is good enough is a question to the user of the map, not to the statistics.",
        right=[_cheapest],
        wrong=[wrong for wrong, _ in _WRONG_CHOICES] + [lambda m, p, w: 3, lambda m, p, w: "x"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
