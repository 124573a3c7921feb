"""Leaves day by day: ceilings against sums written out, and what each instrument sees."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from mmlib.base import DataError
from mmlib.data.leaves import days as d
from mmlib.data.leaves.days import day_ceilings, event, make_days
from mmlib.features.measures import shape_features
from mmlib.features.segmentation import find_object


@pytest.fixture(scope="module")
def leaves():
    return make_days(n_plants=60, leaves_per_plant=2, seed=3)


def written_out(n, n_days, start, rng):
    """Accuracy of deciding by densities of scipy's, summed over all phases."""
    day, order, phase = np.arange(n_days), rng.integers(2, size=n), rng.uniform(0, start, n)
    water = rng.normal(np.log(d.WATER[0]), d.WATER[1], n)[:, None]
    water = water - d.DRIED * event(phase[:, None], day)
    water += d.WATER_NOISE * rng.normal(size=water.shape)
    at = phase + np.where(order == 1, -1, 1)
    rolled = -d.ROLLED * event(at[:, None], day) + d.WIDTH_NOISE * rng.normal(size=(n, n_days))
    covariance = d.WATER_NOISE**2 * np.eye(n_days) + d.WATER[1] ** 2
    p = np.zeros((4, n, 2))  # spectrum, image, late, joint
    for a in np.linspace(0, start, 60, endpoint=False) + start / 120:
        mean = np.log(d.WATER[0]) - d.DRIED * event(a, day)
        dry = multivariate_normal.pdf(water, mean, covariance)
        for k, shift in enumerate((1, -1)):
            mean = -d.ROLLED * event(a + shift, day)
            roll = multivariate_normal.pdf(rolled, mean, d.WIDTH_NOISE**2 * np.eye(n_days))
            p[0, :, k] += dry
            p[1, :, k] += roll
            p[3, :, k] += dry * roll
    p[2] = p[0] * p[1]
    return (p.argmax(2) == order).mean(1)


@pytest.mark.parametrize("settings", [(10, 5), (10, 2), (7, 5)])
def test_ceilings_agree_with_densities_written_out(settings):
    n = 6000
    found = written_out(n, *settings, np.random.default_rng(4))
    stated = day_ceilings(*settings)
    for share, (value, error) in zip(found, stated.values(), strict=True):
        if settings[1] == 5 and value == 0.5:
            continue  # a tie, decided by the last digit
        spread = np.sqrt(value * (1 - value) / n) + error
        assert abs(share - value) < 4 * spread


def test_alone_neither_knows_anything_where_records_begin_on_any_day():
    limit = day_ceilings()
    for name in ("spectrum", "image", "late"):
        assert limit[name][0] == pytest.approx(0.5, abs=1e-9)
    assert 0.89 < limit["joint"][0] < 0.91 and limit["joint"][1] < 0.002


def test_records_that_begin_soon_after_watering_tell_the_class_by_the_camera_alone():
    image = [day_ceilings(start=start)["image"][0] for start in (4, 3, 2, 1)]
    assert (np.diff(image) > 0.03).all() and image[0] > 0.55
    assert day_ceilings(start=2)["spectrum"][0] == 0.5


def test_the_events_come_in_the_order_of_the_class(leaves):
    """Averages over leaves, shifted so that all dry on the same day."""
    for label, shift in enumerate((1, -1)):
        mine = leaves.y == label
        phase = leaves.info["phase"][mine]
        for name, depth, at in (("water", d.DRIED, phase), ("rolled", d.ROLLED, phase + shift)):
            value = np.log(leaves.info[name][mine])
            value = value - value.mean(1, keepdims=True)
            expected = -depth * event(at[:, None], np.arange(10))
            expected -= expected.mean(1, keepdims=True)
            slope = (value * expected).sum() / (expected**2).sum()
            assert abs(slope - 1) < 0.25, (label, name)


def test_the_spectrum_shows_water_and_the_picture_how_far_it_is_rolled(leaves):
    wavelengths = list(leaves.axes["spectrum"])
    spectra = leaves.X["spectrum"].astype(float)
    wet = np.log(spectra[..., wavelengths.index(1650)] / spectra[..., wavelengths.index(1450)])
    mask = find_object(leaves.X["image"].reshape(-1, 48, 48, 3))
    width = np.log(shape_features(mask)["width over length"]).reshape(len(leaves), 10)
    for seen, true in ((wet, "water"), (width, "rolled")):
        true = np.log(leaves.info[true])
        seen, true = (x - x.mean(1, keepdims=True) for x in (seen, true))
        assert np.corrcoef(seen.ravel(), true.ravel())[0, 1] > 0.95


def test_a_rolled_leaf_is_as_long_as_before(leaves):
    mask = find_object(leaves.X["image"].reshape(-1, 48, 48, 3))
    shape = shape_features(mask)
    length = np.log(shape["area"] / shape["width over length"]).reshape(len(leaves), 10)
    rolled = np.log(leaves.info["rolled"])
    length, rolled = (x - x.mean(1, keepdims=True) for x in (length, rolled))
    slope = (length * rolled).sum() / (rolled**2).sum()
    assert abs(slope) < 0.15


def test_a_clock_that_is_behind_calls_a_later_day_day_zero():
    right, wrong = (make_days(n_plants=40, clock=k, seed=8) for k in (0, 2))
    np.testing.assert_array_equal(right.info["water"], wrong.info["water"])
    np.testing.assert_array_equal(right.X["spectrum"], wrong.X["spectrum"])
    day, order = np.arange(10), np.where(right.y == 1, -1, 1)
    for data, late in ((right, 0), (wrong, 2)):
        expected = -d.ROLLED * event((data.info["phase"] + order)[:, None], day + late)
        noise = np.log(data.info["rolled"]) - expected
        assert abs(noise.std() / d.WIDTH_NOISE - 1) < 0.06


def test_leaves_of_a_plant_share_class_and_phase_and_plants_are_balanced(leaves):
    for plant in np.unique(leaves.groups):
        mine = leaves.groups == plant
        assert np.ptp(leaves.y[mine]) == 0 and np.ptp(leaves.info["phase"][mine]) == 0
    assert leaves.y.mean() == 0.5
    assert len(set(leaves.ids)) == len(leaves)


def test_same_seed_same_leaves_other_seed_other_leaves():
    one, two, other = (make_days(4, n_days=3, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(one.X["image"], two.X["image"])
    assert (one.X["spectrum"] != other.X["spectrum"]).mean() > 0.5


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"n_plants": 1}, "at least 2 plants"),
        ({"n_days": 2}, "n_days is 2"),
        ({"start": 0}, "start is 0"),
        ({"start": 6}, "start is 6"),
        ({"clock": 0.5}, "a whole number"),
    ],
)
def test_bad_settings_are_refused(bad, said):
    with pytest.raises(DataError, match=said):
        make_days(**bad)
