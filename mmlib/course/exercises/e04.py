"""Exercises of notebook 04: what each one asks and which mistakes it knows."""

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_selection import SelectKBest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ...features.spectra import spectrum_steps
from ...features.wavelengths import BandSelector
from ..exercise import Exercise, bind
from ..spellings import numbers

_TABLE = pd.DataFrame({"spectrum": [0.6, 0.2, 0.7], "image": [0.4, 0.8, 0.3]}, index=[1, 2, 3])


def _leans_most(answer):
    number, shares = answer
    image = shares["image"]
    if isinstance(number, set | list | tuple | np.ndarray) and np.size(list(number)) == 1:
        (number,) = number
    if isinstance(number, str) and number not in shares.columns and len(numbers(number)) == 1:
        (number,) = numbers(number)
    if isinstance(number, set | list | tuple | dict | np.ndarray):
        return "one number is wanted, and these are several."
    if isinstance(number, pd.Series | pd.DataFrame):
        return "one number is wanted, not a column: `idxmax` gives the label of its largest value."
    if number == image.idxmax():
        return True
    if number == image.to_numpy().argmax():
        return (
            "look up what that row holds. Latent variables are counted from 1, positions "
            "(`argmax`) from 0: take the label of the row."
        )
    if number == shares["spectrum"].idxmax():
        return "that one leans most on the spectrum."
    if number in shares.columns:
        return "the question is for the number of a row, not the name of a column."
    if number == image.max():
        return "that is the largest share itself: in which row does it stand?"
    return "look down the column 'image' for its largest number."


def _six_bands(answer):
    """Hold a block to six bands by VIP, after SNV and scaling, on made-up spectra."""
    rng = np.random.default_rng(4)
    y, axis = np.arange(60) % 3, np.linspace(0, 3, 60)
    X = 0.4 + 0.1 * np.sin(axis + 0.3 * y[:, None]) + 0.01 * rng.normal(size=(60, 60))
    block = make_pipeline(*answer) if isinstance(answer, list | tuple) else answer
    if isinstance(block, type) or not hasattr(block, "fit"):
        return "a pipeline is wanted: make_pipeline(..., BandSelector(6)), and no fitted table."
    chooser = block.steps[-1][1] if hasattr(block, "steps") else block
    if hasattr(chooser, "predict"):
        return "the block ends with the choice of bands; early_fusion adds the classifier itself."
    if isinstance(chooser, SelectKBest):
        return "that takes the best bands one by one; BandSelector looks at VIP."
    if not isinstance(chooser, BandSelector) or chooser.score != "vip":
        return "the last step should be BandSelector(6), whose score is VIP."
    block = clone(block)
    few = np.asarray(block.fit(X, y).transform(X))
    if few.shape[1] != 6:
        return f"it keeps {few.shape[1]} bands; six are wanted."
    if not np.allclose(few, block.transform(1.5 * X + 0.1), atol=1e-6):
        return "a gain or an offset of a spectrum still shows: SNV is missing."
    if abs(few.std(axis=0) - 1).max() > 0.05:
        return "the bands have unequal spreads: scale them, as spectrum_steps does."
    return True


def _block(*last, derivative=0):
    return make_pipeline(*spectrum_steps(derivative), *last)


EXERCISES = [
    Exercise(
        "04.1",
        "Which leaf is nearest to the dry one when units decide?",
        answer="wet",
        choices=("also_dry", "wet"),
        synonyms={"also dry": "also_dry"},
        mistakes=[
            (
                "also_dry",
                "that is what a chemist would say. The distance adds squares: 0.01 squared "
                "beside 5 squared.",
            )
        ],
        hint="how large is the difference in each column, and which one rules the sum?",
        more="the squared distances are 0.01² + 5² and 0.2² + 4². Which is smaller?",
        why="4 against 5 square millimeters decides; 0.01 or 0.2 of reflectance hardly counts.",
        right=["wet"],
        wrong=["also_dry", "both"],
    ),
    Exercise(
        "04.2",
        "Does block scaling change the answers of LDA?",
        answer=False,
        mistakes=[
            (
                True,
                "LDA divides by the spread it finds within the classes; a factor in a column "
                "cancels.",
            )
        ],
        hint="multiply a column by 1000: what happens to the class means, and to the spread?",
        more="a column that is 1000 times as large has class means 1000 times as far apart, "
        "and 1000 times the spread.",
        why="means and spread grow alike, so nothing changes; shrinkage would break that.",
        right=[False],
        wrong=[True, "yes"],
    ),
    Exercise(
        "04.3",
        "Which latent variable leans most on the picture?",
        kind="any",
        test=_leans_most,
        hint="pandas has `idxmax`.",
        more='shares["image"] is the column of the picture; its method `idxmax` gives the row.',
        why="most of its weight lies on the features; other latent variables lean the other way.",
        right=[
            (2, _TABLE),
            ("2", _TABLE),
            ({2}, _TABLE),
            ([2], _TABLE),
            (np.array([2]), _TABLE),
            ("number 2", _TABLE),
        ],
        wrong=[
            ([1, 2], _TABLE),
            (1, _TABLE),
            (3, _TABLE),
            ("image", _TABLE),
            (0.8, _TABLE),
            (7, _TABLE),
            (_TABLE["image"], _TABLE),
        ],
    ),
    Exercise(
        "04.4",
        "Write a block of six bands, chosen by VIP after SNV and scaling.",
        kind="any",
        test=_six_bands,
        hint="the loop above builds such blocks; change the chooser.",
        more="spectrum_steps(derivative=0) is a list: put a star before it in make_pipeline, "
        "and the chooser behind it.",
        why="as a step it is fitted in each fold, on the training part alone.",
        right=[
            _block(BandSelector(6)),
            [*spectrum_steps(0), BandSelector(6)],
            _block(BandSelector(6), derivative=1),
            make_pipeline(make_pipeline(*spectrum_steps(0)), BandSelector(6, apart=5)),
        ],
        wrong=[
            _block(BandSelector(12)),
            _block(SelectKBest(k=6)),
            _block(BandSelector(6, score="selectivity ratio")),
            make_pipeline(StandardScaler(), BandSelector(6)),
            make_pipeline(*spectrum_steps(0)[:-1], BandSelector(6)),
            _block(BandSelector(6), LinearDiscriminantAnalysis()),
            BandSelector,
            np.zeros((60, 6)),
        ],
    ),
    Exercise(
        "04.5",
        "Beside how many columns of noise is LDA, shrunk by 2 %, at its worst with 150 leaves?",
        answer=100,
        choices=(25, 100, 800),
        mistakes=[
            (25, "25 columns cost something, but 150 leaves are still many beside them."),
            (800, "that would be so if nothing held 800 tiny columns down; see the figure below."),
        ],
        hint="compare the number of columns with the number of leaves.",
        more="each training part has about 150 leaves. Which number of columns comes nearest?",
        why="near as many columns as leaves, chance moves the answers of a linear model most.",
        right=[100],
        wrong=[25, 800],
    ),
    Exercise(
        "04.6",
        "60 oils, 1,800 bands and 12 laboratory values: what first?",
        answer="components and values, block-scaled, LDA",
        choices=(
            "bands and values as they are, random forest",
            "components and values, block-scaled, LDA",
            "a network on both",
        ),
        mistakes=[
            (
                "bands and values as they are, random forest",
                "the forest draws columns at random: 1,800 bands leave the 12 values few turns.",
            ),
            (
                "a network on both",
                "60 samples cannot feed it; see what the cheap model gets first.",
            ),
        ],
        hint="few samples, one block 150 times as wide as the other.",
        more="which of the three gives the 12 values as much weight as the 1,800 bands, with "
        "few columns?",
        why="few columns, equal weight, a model that few samples can feed, and a bar to beat.",
        right=["components and values, block-scaled, LDA"],
        wrong=["a network on both", "bands and values as they are, random forest"],
    ),
]
check, hint = bind(EXERCISES)
