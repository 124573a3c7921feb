"""Another spectrometer, another camera: what they do, and that nothing else changes."""

import numpy as np
import pytest

import mmlib
from mmlib.base import DataError
from mmlib.data.leaves.setups import CARD, Setup
from mmlib.data.srgb import to_linear, to_stored

LEAVES = mmlib.make_leaves(n_plants=10)


def test_the_curve_of_srgb_is_undone():
    values = np.linspace(0, 1, 300)
    np.testing.assert_allclose(to_stored(to_linear(values)), values, atol=1e-4)
    assert to_stored([-0.1]) == 0


def test_no_difference_changes_nothing_but_noise():
    same = Setup(3, spectrometer=0, camera=0)
    again = same.measure(LEAVES)
    shape = LEAVES.X["spectrum"] / LEAVES.X["spectrum"].mean(1, keepdims=True)
    seen = again.X["spectrum"] / again.X["spectrum"].mean(1, keepdims=True)
    assert np.abs(seen - shape).mean() < 0.01
    gray = np.abs(again.X["image"].astype(int) - LEAVES.X["image"])
    assert gray.mean() < 2 and gray.max() < 10
    np.testing.assert_allclose(same.photograph(), 255 * to_stored(CARD))


def test_samples_labels_and_what_was_given_stay():
    kept = {name: x.copy() for name, x in LEAVES.X.items()}
    again = Setup(1).measure(LEAVES)
    assert (again.ids == LEAVES.ids).all() and (again.y == LEAVES.y).all()
    for name, x in LEAVES.X.items():
        np.testing.assert_array_equal(x, kept[name])
        assert again.X[name].shape == x.shape and again.X[name].dtype == x.dtype
        assert not np.array_equal(again.X[name], x)
    assert mmlib.ceilings(again) == mmlib.ceilings(LEAVES)


def test_the_same_numbers_give_the_same_measurement():
    a, b = (Setup(2).measure(LEAVES, random_state=5) for _ in range(2))
    other = Setup(2).measure(LEAVES, random_state=6)
    np.testing.assert_array_equal(a.X["spectrum"], b.X["spectrum"])
    np.testing.assert_array_equal(a.X["image"], b.X["image"])
    assert not np.array_equal(a.X["spectrum"], other.X["spectrum"])


def test_a_line_moves_by_the_shift_and_grows_broader():
    away, line = Setup(4), np.zeros((1, 211))
    line[0, 100:111] = 0.8  # 1400 to 1500 nm
    axis = LEAVES.axes["spectrum"]
    seen = away.spectra(line) - away.stray
    seen = np.where(seen > 0.02, seen, 0) / away.gain
    middle = (seen @ axis)[0] / seen.sum()
    assert middle == pytest.approx(1450 + away.shift, abs=1.0)
    assert (seen > 0.02).sum() > 11


def test_strength_scales_the_same_difference():
    weak, strong = Setup(5, 0.5, 0.5), Setup(5)
    assert weak.shift == pytest.approx(strong.shift / 2)
    np.testing.assert_allclose(np.log(weak.gain), np.log(strong.gain) / 2)
    assert np.abs(weak.colors - np.eye(3)).sum() < np.abs(strong.colors - np.eye(3)).sum()


def test_what_cannot_be_is_refused():
    with pytest.raises(DataError, match="camera is -1"):
        Setup(camera=-1)
    with pytest.raises(DataError, match="211 bands"):
        Setup().spectra(np.ones((2, 5)))
