"""Exercises of notebook 01: what each one asks and which mistakes it knows."""

import numpy as np
from sklearn.base import is_regressor
from sklearn.cross_decomposition import PLSRegression
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from ...data.mapping import Select
from ...features.images import ColorTexture
from ..exercise import Exercise, bind

THREE = np.array([0.1, 0.2, 0.6])
ENOUGH = 0.35  # accuracy; chance is 0.20


def _picks(model, modality):
    """Whether any part of a model, however deep it is nested, selects this modality."""
    parts = model.get_params(deep=True).values()
    return any(getattr(part, "modality", None) == modality for part in parts)


def _beats_chance(model):
    import mmlib

    last = model.steps[-1][1] if hasattr(model, "steps") else model
    if not hasattr(last, "predict"):
        return "nothing in it answers yet: put a classifier behind the last step."
    if is_regressor(last):
        return (
            f"{type(last).__name__} predicts quantities, and conditions are wanted: take a "
            "classifier, such as LinearDiscriminantAnalysis() or PLSDA()."
        )
    leaves = mmlib.make_leaves(n_plants=60, leaves_per_plant=4, seed=11)
    leaves.X["image"] = np.zeros_like(leaves.X["image"])  # the spectrum alone has to do it
    table = mmlib.compare({"yours": model}, leaves, n_folds=3, n_repeats=1).table
    mean = table.loc["yours", "mean"]
    return True if mean > ENOUGH else f"its accuracy by plant is {mean:.2f}; chance is 0.20."


def _is_snv(answer):
    corrected = np.asarray(answer, float)
    if corrected.size != 3:
        return "three bands come in, so three numbers should come out."
    wanted = (THREE - THREE.mean()) / THREE.std()
    if np.allclose(corrected.ravel(), wanted, rtol=0, atol=0.01):  # one row of a table is fine
        return True
    if np.allclose(corrected.ravel(), -wanted, rtol=0, atol=0.01):
        return "the signs are turned: take the mean from each band, not each band from the mean."
    return "the result should have mean 0 and standard deviation 1: does yours?"


def _colors(X):
    return (
        np.percentile(X["image"], [5, 25, 50, 75, 95], axis=(1, 2)).swapaxes(0, 1).reshape(-1, 15)
    )


EXERCISES = [
    Exercise(
        "01.1",
        "What is the SNV of a spectrum with the bands 0.1, 0.2 and 0.6?",
        kind="array",
        test=_is_snv,
        tolerance=0.01,
        mistakes=[
            (THREE - THREE.mean(), "the mean is out, but the values are not divided yet."),
            (
                (THREE - THREE.mean()) / THREE.std(ddof=1),
                "that divides by the root of n - 1; here the bands are all there is, so use n.",
            ),
            (THREE / THREE.std(), "divide, but take the mean out first."),
            (
                (THREE - THREE.mean()) / THREE.var(),
                "that divides by the variance; the standard deviation is its root.",
            ),
            (
                (THREE - THREE.min()) / np.ptp(THREE),
                "that maps the bands to 0 and 1 by their smallest and largest value.",
            ),
        ],
        hint="first take the mean of the three bands away, then divide by what numpy calls std.",
        more="the mean is 0.3; the standard deviation is the root of the mean squared "
        "distance from it.",
        why="the result has mean 0 and standard deviation 1, whatever gain and offset were.",
        right=[
            [-0.926, -0.463, 1.389],
            [[-0.926, -0.463, 1.389]],
            (THREE * 3 + 1 - 1.9) / (3 * THREE.std()),
        ],
        wrong=[
            THREE - 0.3,
            [0.926, 0.463, -1.389],
            (THREE - 0.3) / THREE.std(ddof=1),
            (THREE - 0.3) / THREE.var(),
            THREE / THREE.std(),
            THREE / THREE.sum(),
            [0, 0.2, 1],
            [0.3, 0.2],
        ],
    ),
    Exercise(
        "01.2",
        "Which of these steps must be fitted inside the fold?",
        answer="MSC",
        choices=("SNV", "MSC", "Savitzky-Golay"),
        synonyms={
            "multiplicative scatter correction": "MSC",
            "standard normal variate": "SNV",
            "derivative": "Savitzky-Golay",
        },
        mistakes=[
            ("SNV", "SNV takes mean and spread of the same spectrum: it learns nothing."),
            ("Savitzky-Golay", "its weights follow from window and order: it never sees data."),
        ],
        hint="which step gives another result for leaf A when other leaves were there before?",
        more="which of them needs a reference spectrum that comes from other leaves?",
        why="its reference is the mean of what it was fitted on, so that must be training leaves.",
        right=["MSC", "msc"],
        wrong=["SNV", "Savitzky-Golay"],
    ),
    Exercise(
        "01.3",
        "An offset of 0.05 and a slope of 0.0002 per band: what does the first derivative gain?",
        answer=0.0002,
        mistakes=[
            (0, "the offset is gone, but a straight line has a slope, and it stays."),
            (0.05, "an offset is the same in all bands: what is its slope?"),
            (0.0502, "an offset is the same in all bands: it has no slope to add."),
            (0.042, "that is the rise over the whole spectrum; a slope is the rise per band."),
            (0.00002, "that is per nanometer; a band is 10 nm wide, and the question is per band."),
        ],
        tolerance=1e-5,
        hint="what is the slope of a constant, and what is the slope of a straight line?",
        more="the derivative of a sum is the sum of the derivatives, one of the offset and "
        "one of the line.",
        why="an offset has no slope and vanishes; the slope of the line remains, as an offset.",
        right=[0.0002, 2e-4],
        wrong=[0, 0.05, 0.0502, 0.042, 0.00002],
    ),
    Exercise(
        "01.4",
        "Write a pipeline on the spectrum that beats chance on plants held out.",
        kind="estimator",
        test=_beats_chance,
        mistakes=[
            (
                lambda model: _picks(model, "image"),
                'it reads the picture; this notebook asks for Select("spectrum").',
            ),
            (
                lambda model: not _picks(model, "spectrum"),
                'X holds both modalities: the first step has to be Select("spectrum").',
            ),
        ],
        hint="pick a modality, correct the spectra, scale them, classify: one step after another.",
        more='make_pipeline(mmlib.Select("spectrum"), snv, ...) lacks only a classifier at '
        "its end.",
        why="everything that learns is inside the pipeline, so every fold fits it anew.",
        right=[
            make_pipeline(Select("spectrum"), LinearDiscriminantAnalysis()),
            make_pipeline(
                make_pipeline(Select("spectrum"), StandardScaler()), LinearDiscriminantAnalysis()
            ),
        ],
        wrong=[
            make_pipeline(Select("spectrum"), DummyClassifier()),
            make_pipeline(Select("spectrum"), PLSRegression(10)),
            make_pipeline(Select("spectrum"), PCA(10)),
            make_pipeline(StandardScaler(), LinearDiscriminantAnalysis()),
            make_pipeline(Select("image"), DummyClassifier()),
            make_pipeline(Select("image"), ColorTexture(), LinearDiscriminantAnalysis()),
            make_pipeline(FunctionTransformer(_colors), LinearDiscriminantAnalysis()),
            LinearDiscriminantAnalysis(),
        ],
    ),
    Exercise(
        "01.5",
        "Which two conditions will no model on the spectrum ever tell apart?",
        answer="healthy and blight",
        choices=("healthy and drought", "healthy and blight", "healthy and nitrogen deficiency"),
        mistakes=[
            ("healthy and drought", "look at the row of drought: most of it is on the diagonal."),
            (
                "healthy and nitrogen deficiency",
                "they are mixed, but not fully: very low chlorophyll gives nitrogen away.",
            ),
        ],
        hint="what does the spectrometer look at, and which condition is somewhere else?",
        more="the spectrometer looks at healthy tissue between the lesions. What does it see "
        "of a lesion?",
        why="the spectrometer's spot is on healthy tissue, so both give the very same spectra.",
        right=["healthy and blight"],
        wrong=["healthy and drought", "healthy and nitrogen deficiency"],
    ),
]
check, hint = bind(EXERCISES)
