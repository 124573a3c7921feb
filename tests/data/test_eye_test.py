import numpy as np
import pytest

from mmlib import DataError
from mmlib.data.eye_test import KINDS, make_eye_test, make_shifted_disks


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_the_same_with_the_same_seed_and_both_classes_come(kind):
    one, other = make_eye_test(kind, 40, seed=3), make_eye_test(kind, 40, seed=3)
    np.testing.assert_array_equal(one.X["image"], other.X["image"])
    assert set(one.y) == {0, 1}
    assert (make_eye_test(kind, 40, seed=4).X["image"] != one.X["image"]).any()


@pytest.mark.parametrize("kind", ["shape", "count", "hole", "distance", "position", "edge"])
def test_brightness_does_not_give_the_class_away(kind):
    data = make_eye_test(kind, 600, noise=0)
    bright = data.X["image"].mean((1, 2, 3))
    gap = bright[data.y == 1].mean() - bright[data.y == 0].mean()
    assert abs(gap) < 0.35 * bright.std()


def test_an_unknown_kind_is_refused():
    with pytest.raises(DataError, match="no kind 'taste'"):
        make_eye_test("taste")


def test_place_and_shift_reach_their_ceiling_when_read_without_error():
    data = make_shifted_disks(4000, seed=1)
    assert 0.9 < data.meta["ceiling"] < 0.94
    peak = data.X["spectrum"][:, 60:140].argmax(1)
    shift = (peak > 40).astype(int)
    assert (shift == data.y % 2).mean() > 0.9
