"""Exercises of notebook 23: X-rays add up, what makes pictures alike, and where they must meet."""

import numpy as np

from ..exercise import Exercise, bind

CT = np.array([[[-1000.0, 0, 1000], [0, 0, 0]], [[40, 500, 0], [-1000, -1000, -1000]]])


def _xray(ct, mm):
    return (0.02 * (1 + ct / 1000)).sum(axis=-1) * mm


_XRAY_MISTAKES = [
    (lambda ct, mm: np.exp(-_xray(ct, mm)), "that is the share of the rays that arrives; the "
     "absorbance is what stands in the exponent, without the minus."),
    (lambda ct, mm: -_xray(ct, mm), "the absorbance of tissue is positive."),
    (lambda ct, mm: _xray(ct, 1), "the voxels are `mm` millimeters long: a longer way takes away "
     "more."),
    (lambda ct, mm: _xray(ct, mm) / ct.shape[-1], "a mean forgets how long the way is; absorbances "
     "add up."),
    (lambda ct, mm: (0.02 * (1 + ct / 1000)).sum(axis=0) * mm, "the rays run along the last axis, "
     "not the first."),
    (lambda ct, mm: (0.02 * ct / 1000).sum(axis=-1) * mm, "water, 0 Hounsfield units, takes away "
     "0.02 per mm, not nothing."),
    (lambda ct, mm: _xray(ct, mm) / np.log(10), "take the natural logarithm, not the decimal one: "
     "then nothing needs to be divided."),
    (lambda ct, mm: (0.02 * (1 + ct / 1000)).sum() * mm, "you added up all rays; each pixel of the "
     "picture is a ray of its own: sum along one axis."),
]  # fmt: skip


def _judge_xray(function):
    return _compare(function, _xray, [(CT, 3.0), (CT[:1], 2.0)], _XRAY_MISTAKES, "sum what each "
                    "voxel takes away along the last axis, and mind its length.")  # fmt: skip


TABLES = [np.array([[4.0, 0, 1], [0, 3, 0], [1, 1, 2]]), np.array([[2.0, 2], [1, 1]])]


def _mi(table):
    share = table / table.sum()
    seen = share > 0
    expected = share.sum(1, keepdims=True) * share.sum(0)
    return (share[seen] * np.log(share[seen] / expected[seen])).sum()


def _mi_by_entropies(table):
    share = table / table.sum()

    def entropy(p):
        return -(p[p > 0] * np.log(p[p > 0])).sum()

    return entropy(share.sum(0)) + entropy(share.sum(1)) - entropy(share)


def _mi_nan_sum(table):
    share = table / table.sum()
    with np.errstate(all="ignore"):
        return np.nansum(share * np.log(share / (share.sum(1, keepdims=True) * share.sum(0))))


def _mi_with_zeros(table):
    share = table / table.sum()
    with np.errstate(all="ignore"):
        return (share * np.log(share / (share.sum(1, keepdims=True) * share.sum(0)))).sum()


def _mi_of_counts(table):
    return _mi(table) * table.sum()


def _mi_unweighted(table):
    share = table / table.sum()
    seen = share > 0
    return np.log(share[seen] / (share.sum(1, keepdims=True) * share.sum(0))[seen]).sum()


def _mi_positive(table):
    share = table / table.sum()
    ratio = share / (share.sum(1, keepdims=True) * share.sum(0))
    return (share * np.log(np.maximum(ratio, 1))).sum()


def _entropy_of_pairs(table):
    share = table[table > 0] / table.sum()
    return -(share * np.log(share)).sum()


_MI_MISTAKES = [
    (_mi_with_zeros, "the result is not a number: zero times the logarithm of zero. Leave pairs "
     "out that do not occur."),
    (_mi_of_counts, "divide the counts by their sum first: p is a share."),
    (_mi_unweighted, "each logarithm is weighted by the share of its pair."),
    (lambda t: -_mi(t), "the sign is the other way round: observed over expected."),
    (lambda t: _mi(t) / np.log(2), "that is in bits; take the natural logarithm, so that we mean "
     "the same numbers."),
    (_mi_positive, "that cuts off pairs that are rarer than expected; they belong to the sum, with "
     "their minus."),
    (_entropy_of_pairs, "you left out what is expected by chance: the product of both totals."),
]  # fmt: skip


def _judge_mi(function):
    return _compare(function, _mi, [(table,) for table in TABLES], _MI_MISTAKES, "shares first; "
                    "expected is row total times column total of the shares.")  # fmt: skip


_RNG = np.random.default_rng(23)
POINTS = [(_RNG.uniform(0, 48, (6, 2)), _RNG.uniform(0, 48, (6, 2)), mm) for mm in (3.0, 0.5)]


def _error(true, found, mm):
    return mm * np.linalg.norm(true - found, axis=1).mean()


def _by_hypot(true, found, mm):
    away = (np.asarray(found) - true) * mm
    return np.mean(np.hypot(away[:, 0], away[:, 1]))


_ERROR_MISTAKES = [
    (lambda t, f, mm: _error(t, f, 1), "that is in pixels; a pixel is `mm` millimeters."),
    (lambda t, f, mm: _error(t, f, 1 / mm), "multiply by the millimeters of a pixel instead of "
     "dividing by them."),
    (lambda t, f, mm: mm * np.linalg.norm((t - f).mean(axis=0)), "you took the mean first: errors "
     "to the left and to the right then cancel. First the distance of each point."),
    (lambda t, f, mm: mm * np.abs(t - f).mean(), "rows and columns were averaged; a distance needs "
     "both of them: the root of the sum of squares."),
    (lambda t, f, mm: mm * np.abs(t - f).sum(axis=1).mean(), "that is the way along the streets; "
     "the distance is the root of the sum of squares."),
    (lambda t, f, mm: mm * ((t - f) ** 2).sum(axis=1).mean(), "the square root is missing."),
    (lambda t, f, mm: mm * np.linalg.norm(t - f), "that is one number for all points together; "
     "take the length of each row (`axis=1`), then the mean."),
    (lambda t, f, mm: mm * np.linalg.norm(t - f, axis=1), "one number is wanted: take the mean."),
    (lambda t, f, mm: mm * np.sqrt(((t - f) ** 2).sum(axis=1).mean()), "that is the root mean "
     "square; take the mean of the distances."),
]  # fmt: skip


def _judge_error(function):
    return _compare(function, _error, POINTS, _ERROR_MISTAKES, "the distance of each pair of "
                    "points, their mean, then millimeters.")  # fmt: skip


def _compare(function, right, cases, mistakes, else_said):
    def run(f):
        return [np.asarray(f(*(np.copy(part) for part in case)), float) for case in cases]

    def same(one, two):
        return all(
            a.shape == b.shape and np.allclose(a, b, equal_nan=True)
            for a, b in zip(one, two, strict=True)
        )

    with np.errstate(all="ignore"):  # a logarithm of zero is a known mistake
        got, wanted = run(function), run(right)
        if same(got, wanted):
            return True
        for wrong, said in mistakes:
            if same(got, run(wrong)):
                return said
    if got[0].shape != wanted[0].shape:
        return f"the result has shape {got[0].shape}; it should have {wanted[0].shape}."
    return else_said


EXERCISES = [
    Exercise(
        "23.1",
        "Write the absorbance of a CT along its last axis.",
        kind="function",
        test=_judge_xray,
        hint="`added` above is what each layer adds. Which axis is summed, and how long is a "
        "voxel?",
        more="sum the attenuations along the last axis and multiply by the length of a voxel; no "
        "logarithm is needed after that.",
        why="shares multiply, so their logarithms add up, as in a cuvette.",
        right=[_xray, lambda ct, mm: np.sum(0.02 * mm + 0.02 * mm * ct / 1000, axis=-1)],
        wrong=[wrong for wrong, _ in _XRAY_MISTAKES] + [lambda ct, mm: 0.1],
    ),
    Exercise(
        "23.2",
        "How much of the range is left for the brain after min-max of a whole CT slice?",
        answer="less than a tenth",
        choices=("all of it", "a third", "less than a tenth"),
        mistakes=[
            ("all of it", "min-max sets the scale by the darkest and the brightest pixel. Which "
             "are those in a head?"),
            ("a third", "air is at -1000, and here bone reaches about 500: compare 50 with that "
             "range."),
        ],
        hint="the darkest pixel is air, the brightest is bone.",
        more="how many gray values lie between the darkest and the brightest brain, and how many "
        "between air and bone?",
        why="two pixels set the scale, air and bone, and neither is of interest.",
        right=["less than a tenth"],
        wrong=["all of it", "a third"],
    ),
    Exercise(
        "23.3",
        "Write the mutual information of a table of counts.",
        kind="function",
        test=_judge_mi,
        hint="divide by the sum first. `share.sum(axis=1, keepdims=True) * share.sum(axis=0)` is "
        "what is expected.",
        more="sum share * log(share / expected) over the cells where share is above zero.",
        why="it is zero where the table is what chance would give, and large where one gray level "
        "tells the other.",
        right=[_mi, _mi_by_entropies, _mi_nan_sum],
        wrong=[wrong for wrong, _ in _MI_MISTAKES] + [lambda t: 0.5],
    ),
    Exercise(
        "23.4",
        "Which measure would you take to lay an MRI on a CT?",
        answer="mutual information",
        choices=("mutual information", "correlation", "mean squares"),
        mistakes=[
            ("correlation", "it supposes that what is bright in one is bright (or always dark) in "
             "the other. Bone is white in the CT and absent from the MRI."),
            ("mean squares", "it supposes that both have the same gray levels. That is so for two "
             "CTs, not here."),
        ],
        hint="in which map is the point close to the cross?",
        more="the cross is the true shift; only one of the three measures is most alike near it.",
        why="it only supposes that one gray level says something about the other.",
        right=["mutual information", "Mutual information"],
        wrong=["correlation", "mean squares"],
    ),
    Exercise(
        "23.5",
        "Write the mean error of a registration in mm.",
        kind="function",
        test=_judge_error,
        hint="the length of a row is `np.linalg.norm(..., axis=1)`.",
        more="subtract the two sets of points, take the length of each row, then the mean.",
        why="each point has its own distance, and their mean says how far off the object is.",
        right=[_error, _by_hypot],
        wrong=[wrong for wrong, _ in _ERROR_MISTAKES] + [lambda t, f, mm: 2.0],
    ),
    Exercise(
        "23.6",
        "The MRI lies 6 mm off: is the cascade that reads all better than the X-ray alone?",
        answer="worse",
        choices=("still better", "about the same", "worse"),
        mistakes=[
            ("about the same", "that would be so if the model knew that the MRI tells nothing any "
             "more. It goes on trusting it."),
            ("still better", "the spot is about 4 mm wide. What does the model read in the MRI, "
             "6 mm beside it, and what has it learned that this means?"),
        ],
        hint="what does the MRI show beside a lesion? And in which class did it show that in "
        "training?",
        more="find 6 mm on the axis of the figure above, and compare the two lines there.",
        why="beside the lesion the MRI looks like 'two', and the model has learned to trust it.",
        right=["worse"],
        wrong=["still better", "about the same"],
    ),
    Exercise(
        "23.7",
        "One net for each modality, each pooled to a vector, the vectors concatenated: how often "
        "is it right?",
        answer="about 50 %",
        choices=("about 50 %", "about 75 %", "above 90 %"),
        mistakes=[
            ("above 90 %", "both vectors say that there is a spot. What is left of where it was "
             "after the largest value was taken over the whole picture?"),
            ("about 75 %", "that would be a compromise. But look at what each vector can say: "
             "there is a spot, in both classes."),
        ],
        hint="write down what a pooled vector can still say of a picture. Then compare both "
        "classes.",
        more="both classes have one spot in the CT and one in the MRI. Only whether they lie at "
        "one place differs.",
        why="each vector says 'a spot', in both classes. Pooling forgot where before they met.",
        right=["about 50 %"],
        wrong=["about 75 %", "above 90 %"],
    ),
    Exercise(
        "23.8",
        "Eight slices of each patient: what must a split keep together?",
        answer="patient",
        choices=("slice", "patient", "class"),
        mistakes=[
            ("slice", "then slices of one patient stand on both sides, and the model only has to "
             "recognize the head."),
            ("class", "each class must be on both sides; otherwise there is nothing to learn."),
        ],
        hint="whom will the model see for the first time when it is used?",
        more="two slices of one person are nearly copies. Which split keeps copies together?",
        why="the model will be used on new patients, so new patients must be the test.",
        right=["patient", "Patient"],
        wrong=["slice", "class"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
