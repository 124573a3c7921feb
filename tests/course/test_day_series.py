"""One number a day: what it follows, what it ignores, and how a clock is found."""

import numpy as np
import pytest

from mmlib.course.day_series import by_shift, clock_shift, day_series, leaf_width, water_index
from mmlib.data.leaves.days import make_days


@pytest.fixture(scope="module")
def leaves():
    return make_days(n_plants=30, n_days=10, seed=5)


def test_series_keep_samples_and_follow_the_truth(leaves):
    series = day_series(leaves)
    np.testing.assert_array_equal(series.y, leaves.y)
    np.testing.assert_array_equal(series.groups, leaves.groups)
    np.testing.assert_array_equal(series.ids, leaves.ids)
    for name, true in (("water", "water"), ("width", "rolled")):
        seen, true = series.X[name], np.log(leaves.info[true])
        assert seen.shape == true.shape
        seen, true = (x - x.mean(1, keepdims=True) for x in (seen, true))
        assert np.corrcoef(seen.ravel(), true.ravel())[0, 1] > 0.95


def test_the_gain_of_the_spectrometer_does_not_count(leaves):
    spectra, axis = leaves.X["spectrum"].astype(float), leaves.axes["spectrum"]
    np.testing.assert_allclose(water_index(1.3 * spectra, axis), water_index(spectra, axis))


def test_pictures_are_measured_one_by_one(leaves):
    pictures = leaves.X["image"][:3, :2]
    alone = [[leaf_width(picture) for picture in film] for film in pictures]
    np.testing.assert_allclose(leaf_width(pictures), np.array(alone))


def test_by_shift_is_the_product_with_the_width_moved_on(leaves):
    series = day_series(leaves)
    water, width = (series.X[name] for name in ("water", "width"))
    found = by_shift(series)
    water, width = (x - x.mean(1, keepdims=True) for x in (water, width))
    for k in range(5):
        moved = np.concatenate([width[:, 10 - k :], width[:, : 10 - k]], axis=1)
        assert found[k] == pytest.approx(np.mean(water * moved))


@pytest.mark.parametrize("late", range(5))
def test_a_shift_is_found_in_spite_of_noise(late):
    known = np.array([0.30, 0.10, -0.22, -0.24, 0.06])
    noise = 0.06 * np.random.default_rng(late).normal(size=5)
    assert clock_shift(known, 0.5 * np.roll(known, late) + noise) == late
