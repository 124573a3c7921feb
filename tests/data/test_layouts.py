"""Arrays in a layout that would be misread are refused where the data set is made."""

import numpy as np
import pytest

from mmlib import DataError, MultimodalData

Y = list("ababab")


def numbers(*shape):
    return np.random.default_rng(0).random((6, *shape))


FAULTS = {
    "channels first": ({"image": numbers(3, 32, 40)}, "move the channels last"),
    "one channel first": ({"image": numbers(1, 32, 32)}, "move the channels last"),
    "four channels first": ({"photo": numbers(4, 16, 16)}, "move the channels last"),
    "gray without a channel": ({"image": numbers(32, 32)}, "give gray ones a channel"),
    "gray bytes": ({"x": (255 * numbers(32, 32)).astype(np.uint8)}, "give gray ones a channel"),
    "a spectrum in a row": ({"spectrum": numbers(1, 200)}, "take the axis of length one out"),
    "a spectrum in a column": ({"spectrum": numbers(200, 1)}, "take the axis of length one out"),
    "no modality": ({"image": None}, "'image' is None: leave a modality out"),
    "a sample without": (
        {"image": [np.zeros((4, 4, 3)), None, *[np.zeros((4, 4, 3))] * 4]},
        r"no value \(None\) for 1 sample\(s\), the first in row 1",
    ),
}
FINE = {
    "channels last": numbers(32, 40, 3), "many channels": numbers(3, 4, 200),
    "a small patch": numbers(3, 3, 144), "tall": numbers(64, 8, 3), "steps": numbers(12, 40),
    "one pixel": numbers(1, 1, 12), "a strip": numbers(4, 64, 3), "a spectrum": numbers(200),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_layout_is_refused_with_the_remedy(name):
    X, said = FAULTS[name]
    with pytest.raises(DataError, match=said):
        MultimodalData(X, Y)


@pytest.mark.parametrize("name", FINE)
def test_a_sound_layout_is_kept(name):
    data = MultimodalData({"x": FINE[name]}, Y)
    np.testing.assert_array_equal(data.X["x"], FINE[name])
