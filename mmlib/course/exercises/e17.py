"""Exercises of notebook 17: references, samples that are none, wavelengths chosen in time."""

import numpy as np
from sklearn.base import clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ..exercise import Exercise, bind

_RNG = np.random.default_rng(17)
TRUE = _RNG.uniform(0.05, 0.9, (4, 3, 5))  # rows, columns, bands
DARK = _RNG.uniform(80, 120, (3, 5))
LIGHT = _RNG.uniform(500, 3000, (3, 5))
RAW = DARK + TRUE * LIGHT


def _right_reflectance(raw, white, dark):
    return (raw - dark) / (white - dark)


def _judge_reflectance(function):
    got = np.asarray(function(RAW.copy(), DARK + LIGHT, DARK.copy()), float)
    if got.shape != RAW.shape:
        return f"the result has shape {got.shape}; it should be that of raw, {RAW.shape}."
    if np.allclose(got, TRUE, atol=1e-4):
        return True
    white = DARK + LIGHT
    known = [
        (RAW / white, "the closed shutter does not count zero: subtract `dark`, above and below."),
        ((RAW - DARK) / white, "the white tile's counts hold the dark counts, too."),
        (RAW / LIGHT, "the counts of the leaf hold the dark counts, too."),
        ((DARK - RAW) / LIGHT, "the sign is turned: a brighter pixel must give more."),
        (LIGHT / (RAW - DARK), "that is upside down: what the leaf sent back comes on top."),
        (RAW - DARK, "that is light, not a share of light: divide by what white sent back."),
        (-np.log10(TRUE), "that is the absorbance; here the share itself is wanted."),
        (100 * TRUE, "that is in percent; give shares between 0 and 1."),
        ((RAW - white) / (DARK - white), "white must become 1 and dark 0; yours is the reverse."),
    ]
    for wrong, said in known:
        if np.allclose(got, wrong):
            return said
    return "a pixel as bright as the tile must become 1, one as dark as the shutter 0."


WEIGHTS = np.array([[0.8, 0.0], [0.6, 0.6], [0.0, 0.8]])  # columns of length 1
SHARES = np.array([3.0, 1.0])


def _right_vip(weights, explained):
    return np.sqrt(len(weights) * (weights**2 @ explained) / explained.sum())


def _judge_vip(function):
    got = np.asarray(function(WEIGHTS.copy(), SHARES.copy()), float).ravel()
    if got.shape != (3,):
        return f"three columns of X should get three scores; yours has shape {got.shape}."
    if np.allclose(got, _right_vip(WEIGHTS, SHARES), atol=1e-3):
        other = np.array([[0.6, 1.0], [0.8, 0.0]])
        again = np.asarray(function(other.copy(), SHARES[::-1].copy()), float).ravel()
        if again.shape == (2,) and np.allclose(again, _right_vip(other, SHARES[::-1]), atol=1e-3):
            return True
        return "right for this table, but not for another: use len(weights) and `explained`."
    known = [
        (_right_vip(WEIGHTS, SHARES) ** 2, "that is its square: the root is missing."),
        (_right_vip(WEIGHTS, SHARES) / np.sqrt(3), "the number of columns is missing."),
        (_right_vip(WEIGHTS, np.ones(2)), "every latent variable counts alike in yours; weigh "
         "each with the variance it explains."),
        (np.sqrt(3 * np.abs(WEIGHTS) @ SHARES / 4), "square the weights before you add them."),
        (np.sqrt(3 * WEIGHTS**2 @ SHARES), "divide by the sum of `explained`, so that the mean "
         "of the squares is 1."),
    ]  # fmt: skip
    for wrong, said in known:
        if np.allclose(got, wrong):
            return said
    return "the mean of the squares must be 1: number of columns, times a weighted mean of squares."


def _judge_honest(model):
    """Chance on labels that mean nothing, and good where one column of many tells."""
    if not hasattr(model, "predict"):
        return "it chooses, but nothing decides: put a model such as LDA behind it."
    rng = np.random.default_rng(5)
    many, labels = rng.normal(size=(40, 800)), np.arange(40) % 2
    try:
        nonsense = cross_val_score(clone(model), many, labels, cv=4).mean()
    except TypeError:
        return "`clone` cannot copy it: build it with make_pipeline from steps that are not fitted."
    many[:, 7] += 4 * labels
    told = cross_val_score(clone(model), many, labels, cv=4).mean()
    if told < 0.85:
        return "where a single column tells the classes apart your model misses it: is it chosen?"
    if abs(nonsense - 0.5) > 0.25:
        return (
            "on labels that mean nothing it does not score one half: does a step know the labels?"
        )
    fitted = clone(model).fit(many, labels)
    last = getattr(fitted, "steps", [("", fitted)])[-1][1]
    if getattr(last, "n_features_in_", 0) > 20:
        return "your last step still gets hundreds of columns: the step that chooses is missing."
    return True


_CHOOSE = SelectKBest(f_classif, k=1)

EXERCISES = [
    Exercise(
        "17.1",
        "Write how counts become reflectance.",
        kind="function",
        test=_judge_reflectance,
        hint="what must a pixel become that is as bright as the tile, and one as dark as the "
        "closed shutter?",
        more="two differences, one over the other; the one below does not depend on the leaf.",
        why="dark counts are taken off both, then the leaf's light is divided by the tile's. The "
        "references have no rows, so numpy uses them for every row.",
        right=[
            _right_reflectance,
            lambda raw, white, dark: (raw - dark[None]) / (white - dark)[None],
            lambda raw, white, dark: ((raw - dark) / (white - dark)).clip(0, 1),
        ],
        wrong=[
            lambda raw, white, dark: raw / white,
            lambda raw, white, dark: (raw - dark) / white,
            lambda raw, white, dark: raw / (white - dark),
            lambda raw, white, dark: (dark - raw) / (white - dark),
            lambda raw, white, dark: (white - dark) / (raw - dark),
            lambda raw, white, dark: raw - dark,
            lambda raw, white, dark: -np.log10((raw - dark) / (white - dark)),
            lambda raw, white, dark: 100 * (raw - dark) / (white - dark),
            lambda raw, white, dark: (raw - white) / (dark - white),
            lambda raw, white, dark: ((raw - dark) / (white - dark)).mean(0),
        ],
    ),
    Exercise(
        "17.2",
        "What can no model read from the mean spectrum of a leaf?",
        answer="form",
        choices=("water", "red pigment", "form"),
        mistakes=[
            ("water", "water absorbs near 1450 and 1940 nm at every pixel, so the mean shows it."),
            ("red pigment", "it absorbs near 550 nm at every pixel, so the mean shows it."),
        ],
        hint="imagine the pixels of the leaf dealt out anew, in any order. What is lost?",
        more="two of the three are substances: each pixel that holds them is darker somewhere.",
        why="a mean stays the same when pixels change their places, and form is nothing but "
        "places.",
        right=["form", "Form"],
        wrong=["water", "red pigment"],
    ),
    Exercise(
        "17.3",
        "12 plants, 5 leaves of each, 400 pixels of each leaf: how many independent samples?",
        answer=12,
        mistakes=[
            (24000, "pixels of one leaf share its contents, its wax and its illness."),
            (60, "the leaves of a plant were treated together, and share its wax: the treatment "
             "was given to how many?"),
            (2000, "that is the number of pixels of one plant."),
            (400, "that is the number of pixels of one leaf."),
        ],
        hint="how often was the condition decided anew?",
        more="somebody watered a plant, or did not. Count these decisions.",
        why="the plant was watered, or not; all else is measuring the same plant again.",
        right=[12, 12.0],
        wrong=[24000, 60, 2000, 400],
    ),
    Exercise(
        "17.4",
        "Write VIP from the weights and the variances explained.",
        kind="function",
        test=_judge_vip,
        hint="for each column: the squared weights, averaged over the latent variables with the "
        "weights `explained`; `weights**2 @ explained` adds them up.",
        more="divide that sum by explained.sum(), multiply by len(weights), take np.sqrt.",
        why="root of: number of columns, times the weighted mean of the squared weights.",
        right=[
            _right_vip,
            lambda w, e: np.sqrt(w.shape[0] * np.average(w**2, axis=1, weights=e)),
        ],
        wrong=[
            lambda w, e: _right_vip(w, e) ** 2,
            lambda w, e: _right_vip(w, e) / np.sqrt(len(w)),
            lambda w, e: _right_vip(w, np.ones(len(e))),
            lambda w, e: np.sqrt(len(w) * np.abs(w) @ e / e.sum()),
            lambda w, e: np.sqrt(len(w) * w**2 @ e),
            lambda w, e: np.sqrt(3 * w**2 @ e / e.sum()),
            lambda w, e: w @ e,
        ],
    ),
    Exercise(
        "17.5",
        "Build the model that chooses the index inside each fold.",
        kind="estimator",
        test=_judge_honest,
        hint="make_pipeline(what chooses, what decides): cross_val_score then fits both anew in "
        "each fold.",
        more="SelectKBest(f_classif, k=1) comes first, LinearDiscriminantAnalysis() last.",
        why="whatever looks at labels is now fitted on training leaves only, in each fold anew.",
        right=[
            make_pipeline(_CHOOSE, LinearDiscriminantAnalysis()),
            make_pipeline(StandardScaler(), SelectKBest(k=3), LinearDiscriminantAnalysis()),
        ],
        wrong=[
            LinearDiscriminantAnalysis(),
            _CHOOSE,
            make_pipeline(StandardScaler(), LinearDiscriminantAnalysis()),
        ],
    ),
    Exercise(
        "17.6",
        "The form of a leaf alone is near chance. What does it do to the score of the mean "
        "spectrum?",
        answer="raise it",
        choices=("raise it", "leave it as it is", "lower it"),
        synonyms={"raises": "raise it", "helps": "raise it", "lowers": "lower it"},
        mistakes=[
            ("leave it as it is", "alone it is near chance, since young and old leaves are ill "
             "alike. But ask what the spectrum would need to know about a leaf with little "
             "chlorophyll."),
            ("lower it", "seven columns of noise could cost a little. But are they noise for "
             "somebody who knows the chlorophyll?"),
        ],
        hint="a leaf has little chlorophyll because it is young, or because it lacks nitrogen.",
        more="the spectrum sees how much chlorophyll there is. Who sees whether the leaf is young?",
        why="form tells the age, and the age tells how much chlorophyll a sound leaf should have.",
        right=["raise it", "raise", "Raises it"],
        wrong=["leave it as it is", "lower it", "perhaps"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
