"""Exercises of notebook 02: a feature, convolution, number of labels, an eye chart."""

import numpy as np

from ...data.eye_test import KINDS
from ..answers import describe, plain
from ..exercise import Exercise, bind
from ..spellings import numbers

PIXEL = "a pixel means nothing without its place in the leaf"
MORE = "the features hold more information"
WEAK = "an SVM is a weaker model than a forest"


def _pictures():
    """Picture, mask and true share: leaves with spots on trays and in lights of several kinds."""
    mask = np.zeros((20, 24), bool)
    mask[3:17, 6:19] = mask[8:12, 19:22] = True
    for tray, light, rows in ((60, 1.0, 2), (190, 1.0, 5), (190, 0.5, 4), (60, 0.5, 0)):
        picture = np.empty((20, 24, 3))
        picture[:] = tray
        picture[mask] = (120, 190, 80)
        picture[3:17, 6:19] *= np.linspace(0.95, 1.05, 13)[:, None]  # uneven light
        spots = np.zeros_like(mask)
        spots[4 : 4 + rows, 7:18] = spots[15, 7 : 7 + 2 * rows] = True
        picture[spots] *= 0.45
        picture[15, 7 : 7 + 2 * rows] *= 1.6  # pale spots, 0.72 of the leaf
        picture[13, 7:18] *= 1.25  # a bright vein
        yield (light * picture).round().astype(np.uint8), mask, spots.sum() / mask.sum()


def _counts_dark(answer):
    """Hold a feature to the mask, the light and the median; a share may be given in percent."""
    cases = list(_pictures())
    said = [plain(answer(picture.copy(), mask)) for picture, mask, _ in cases]
    for one in said:
        if one is None or one.size != 1 or one.dtype.kind not in "iuf":
            return f"one number is wanted for a picture, and this is {describe(one)}."
    said = np.concatenate([one.ravel() for one in said])
    true = np.array([share for *_, share in cases])
    size = cases[0][1].sum()

    def is_said(wanted):
        return bool(np.allclose(said, wanted, rtol=0.003, atol=0.002))  # one pixel is 0.005

    if is_said(true) or is_said(100 * true):
        return True
    if is_said(1 - true):
        return "that is the share of the pixels that are not dark."
    if is_said(true * size):
        return "that is the number of dark pixels: divide it by the pixels of the leaf."
    if is_said(true * size / cases[0][1].size):
        return "divide by the pixels of the leaf, not by those of the whole picture."
    if is_said([_dark(picture, mask, np.mean) for picture, mask, _ in cases]):
        return "large spots pull the mean of the leaf down, but hardly the median: take that."
    if np.allclose([answer(picture.astype(float), mask) for picture, mask, _ in cases], true):
        return (
            "the picture holds bytes, whose sum starts again at 0 beyond 255: take "
            "picture.mean(axis=2)."
        )
    near = np.isclose(said, true, atol=0.002)
    if near[1] and not near[0]:
        return "on a dark tray it counts pixels of the tray: take those inside the mask only."
    if near[0] and not near[2]:
        return "in half the light the same leaf gets another number: compare with its own median."
    return f"a leaf that is dark on {true[1]:.3f} of its pixels gets {said[1]:.3f}."


def _dark(picture, mask, usual=np.median, share=0.8):
    brightness = picture.mean(axis=2)[mask]
    return (brightness < share * usual(brightness)).mean()


def _by_loop(picture, mask):
    leaf = [sum(map(int, picture[i, j])) for i, j in np.argwhere(mask)]
    usual = sorted(leaf)[len(leaf) // 2]
    return 100 * sum(one < 0.8 * usual for one in leaf) / len(leaf)


def _of_bytes(picture, mask):
    leaf = (picture[..., 0] + picture[..., 1] + picture[..., 2])[mask]
    return (leaf < 0.8 * np.median(leaf)).mean()


def _whole_picture(picture, mask):
    brightness = picture.mean(axis=2)
    return (brightness < 0.8 * np.median(brightness[mask])).sum() / mask.sum()


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
        "Write the feature: the share of a leaf's pixels that are dark.",
        kind="function",
        test=_counts_dark,
        hint="picture.mean(axis=2) has one brightness for each pixel; [mask] keeps those of the "
        "leaf.",
        more="compare the brightness of the leaf's pixels with 0.8 * np.median of them: the mean "
        "of True and False is a share.",
        why="it needs no scale and no lamp: each leaf is compared with itself.",
        right=[
            _dark,
            _by_loop,
            lambda picture, mask: np.array([_dark(picture, mask)]),
            lambda picture, mask: np.float32(100 * _dark(picture, mask)).round(1),
        ],
        wrong=[
            _of_bytes,
            _whole_picture,
            lambda picture, mask: 1 - _dark(picture, mask),
            lambda picture, mask: _dark(picture, mask) * mask.sum(),
            lambda picture, mask: _dark(picture, mask) * mask.mean(),
            lambda picture, mask: _dark(picture, mask, np.mean),
            lambda picture, mask: _dark(picture, mask, np.max),
            lambda picture, mask: _dark(picture, mask, share=0.5),
            lambda picture, mask: _dark(picture, np.ones_like(mask)),
            lambda picture, mask: _dark(picture, ~mask),
            lambda picture, mask: (picture.mean(axis=2)[mask] < 100).mean(),
            lambda picture, mask: (picture[mask] < 0.8 * np.median(picture[mask])).mean(),
            lambda picture, mask: picture.mean(axis=2)[mask] < 0.8,
            lambda picture, mask: (picture.mean(axis=2)[mask] < 0.8).mean(),
            0.2,
        ],
    ),
    Exercise(
        "02.2",
        "What is the most likely reason that the SVM on pixels does so much worse?",
        answer=PIXEL,
        choices=(MORE, PIXEL, WEAK),
        mistakes=[
            (MORE, "the features were computed from the very same pixels, so they cannot."),
            (WEAK, "on the spectra of notebook 01 both came out alike."),
        ],
        hint="think of the leaf that was moved by three pixels.",
        more="what does the pixel in row 24, column 16 show in one picture, and what in the "
        "next?",
        why="the same pixel shows leaf in one picture and tray in the next.",
        right=[PIXEL],
        wrong=[MORE, WEAK],
    ),
    Exercise(
        "02.3",
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
        "02.4",
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
        "02.5",
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
        "02.6",
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
        hint="we wanted numbers that survive a move and another lamp, and, if possible, a turn.",
        more="which difference stays when the object is the same and only lies somewhere "
        "else?",
        why="the features describe the object wherever it lies, so they cannot say where it lies.",
        right=["position"],
        wrong=["shape", "hue", "grain", "size", "distance"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
