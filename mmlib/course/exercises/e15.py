"""Exercises of notebook 15: products, flattering scores, spreads, promises."""

import numpy as np

from ..exercise import Exercise, bind


def _multiply(answer):
    """Hold a rule for two opinions to leaves whose factors are known."""
    rng = np.random.default_rng(15)
    c, area = rng.uniform(0.01, 0.08, 6), rng.uniform(6, 18, 6)
    mean_c, mean_area = 0.05, 9.0  # not those of the notebook
    by_spectrum, by_picture, typical = c * mean_area, mean_c * area, mean_c * mean_area
    truth = c * area
    given = np.asarray(answer(by_spectrum.copy(), by_picture.copy(), typical), float)
    if given.shape != truth.shape:
        return f"one mass for each leaf is wanted, shape {truth.shape}, not {given.shape}."
    if np.allclose(given, truth):
        return True
    known = {
        "that is the average: it pulls a dark, large leaf toward the typical one.": (
            (by_spectrum + by_picture) / 2
        ),
        "that is the average on logarithms, which takes a root nobody asked for.": (
            np.sqrt(by_spectrum * by_picture)
        ),
        "both typical values are still in it: what is left over when the factors are taken out?": (
            by_spectrum * by_picture
        ),
        "that is the typical mass of the notebook's leaves: divide by the one handed in.": (
            by_spectrum * by_picture / 0.36
        ),
        "the typical mass must leave the product, and you multiplied by it again.": (
            by_spectrum * by_picture * typical
        ),
        "that is a sum: right for usual leaves, wrong where both are unusual.": (
            by_spectrum + by_picture - typical
        ),
        "divide by the typical mass once: each opinion holds one typical factor.": (
            by_spectrum * by_picture / typical**2
        ),
        "that is the logarithm of the mass: take exp of it.": np.log(
            by_spectrum * by_picture / typical
        ),
    }
    for hint, value in known.items():
        if np.allclose(given, value):
            return hint
    return "write both opinions as products: c times mean area, mean c times area. What is wanted?"


EXERCISES = [
    Exercise(
        "15.1",
        "Which fits the mass of all four leaves exactly?",
        answer="weighted sum of logarithms",
        choices=("average of the two columns", "weighted sum", "weighted sum of logarithms"),
        mistakes=[
            (
                "average of the two columns",
                "an average is a sum, too, with one half as the weight of each column.",
            ),
            (
                "weighted sum",
                "8 cm² more must add one amount to every leaf then, pale or dark. Does it?",
            ),
        ],
        hint="what do 8 cm² more add to a pale leaf, and what to a dark one?",
        more="mass is concentration times area. What turns a product into a sum?",
        why="the logarithm of a product is the sum of the logarithms, so weights of 1 are exact.",
        right=["weighted sum of logarithms", "Weighted sum of logarithms"],
        wrong=["average of the two columns", "weighted sum"],
    ),
    Exercise(
        "15.2",
        "Does averaging logarithms bring late fusion down to the sum on logarithms?",
        answer=False,
        mistakes=[(True, "adding logarithms multiplies; what does *averaging* two of them do?")],
        hint="half of log a plus half of log b is the logarithm of what?",
        more="the mean of two logarithms is the logarithm of the *root* of the product. Is "
        "the root the product?",
        why="the average of two logarithms is the logarithm of a root, and pulls toward the usual.",
        right=[False],
        wrong=[True, np.True_],
    ),
    Exercise(
        "15.3",
        "Which rule joins an opinion for each factor into the mass?",
        test=_multiply,
        kind="function",
        hint="write each opinion as its own factor times a typical one, then multiply them.",
        more="the product of both opinions holds the typical mass once too often.",
        why="each opinion holds one typical factor, and the typical mass is both of them.",
        right=[
            lambda a, b, typical: a * b / typical,
            lambda a, b, typical: np.exp(np.log(a) + np.log(b) - np.log(typical)),
        ],
        wrong=[
            lambda a, b, typical: (a + b) / 2,
            lambda a, b, typical: np.sqrt(a * b),
            lambda a, b, typical: a * b,
            lambda a, b, typical: a * b / 0.36,
            lambda a, b, typical: a * b * typical,
            lambda a, b, typical: a + b - typical,
            lambda a, b, typical: a * b / typical**2,
            lambda a, b, typical: np.log(a) + np.log(b) - np.log(typical),
            lambda a, b, typical: a,
            lambda a, b, typical: float(np.mean(a * b)),
        ],
    ),
    Exercise(
        "15.4",
        "How large is the RPD where R2 is 0.96?",
        answer=5.0,
        tolerance=0.05,
        mistakes=[
            (25.0, "that is the ratio of the variances; RPD is one of standard deviations."),
            (0.2, "that is RMSEP over the spread; RPD is the spread over RMSEP."),
            (0.04, "that is the share of the variance left over; what is RMSEP in spreads?"),
            (lambda a: 0.97 < a < 0.99, "that is the root of R2, a correlation."),
            (lambda a: True, "1 - R2 is the mean squared error over the variance. Take its root."),
        ],
        hint="1 - R2 is the squared RMSEP over the variance of the true values.",
        more="one over the root of 0.04.",
        why="RPD is 1 over the root of 1 - R2: it says nothing that R2 does not say.",
        right=[5, 1 / np.sqrt(1 - 0.96)],
        wrong=[25, 0.2, 0.04, 0.98, 1.04],
    ),
    Exercise(
        "15.5",
        "How many new leaves lie within 1.645 announced spreads?",
        answer="nearly all",
        choices=("about 90 %", "nearly all", "under 80 %"),
        mistakes=[
            ("about 90 %", "that would be so if the errors in training were those of later use."),
            (
                "under 80 %",
                "nets are often too sure; but what did dropout do to the errors in training?",
            ),
        ],
        hint="half of the numbers are set to zero in training, none of them afterwards.",
        more="without dropout the errors are smaller than those for which the spread was "
        "announced.",
        why="the spread is honest about errors made with dropout on, and those were larger.",
        right=["nearly all"],
        wrong=["about 90 %", "under 80 %"],
    ),
    Exercise(
        "15.6",
        "How many plants does a promise of 99 % need at least?",
        answer=99,
        mistakes=[
            (100, "one less will do: the new plant is the hundredth."),
            (
                19,
                "so many are needed for 95 %: the largest of 19 is exceeded once in twenty times.",
            ),
            (9, "so many are needed for 90 %: the largest of 9 is exceeded once in ten times."),
            (
                lambda a: a < 99,
                "a new plant exceeds the largest of them more often than once in a hundred times.",
            ),
            (lambda a: a > 100, "fewer will do: when is a new plant the worst of all?"),
        ],
        hint="even the largest error of n plants is exceeded by a new one in 1 of n + 1 cases.",
        more="1 of n + 1 must be 1 of 100.",
        why="a new plant is the worst of 100 in one case of 100. With fewer, no finite interval "
        "can keep that promise.",
        right=[99, 99.0],
        wrong=[100, 19, 9, 50, 1000],
    ),
    Exercise(
        "15.7",
        "What do you do with the intervals when you move to the field?",
        answer="calibrate on some field plants",
        choices=(
            "keep the intervals",
            "make them 1.5 times as wide",
            "calibrate on some field plants",
        ),
        mistakes=[
            (
                "keep the intervals",
                "the promise is for leaves like those of the calibration. Are field leaves?",
            ),
            (
                "make them 1.5 times as wide",
                "who says that 1.5 times is enough? Nothing measured does.",
            ),
        ],
        hint="what did severe blight do to the intervals, and how could you have noticed?",
        more="an interval is measured on samples of a kind. Which kind do you need now?",
        why="the model may stay; its errors must be measured where it is used, on whole plants.",
        right=["calibrate on some field plants"],
        wrong=["keep the intervals", "make them 1.5 times as wide"],
    ),
]

check, hint = bind(EXERCISES)
