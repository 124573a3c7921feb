"""The floors of the chlorophyll error, held to sums over leaves and to models told the truth."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

import mmlib
from mmlib.data.leaves.factors import draw_factors
from mmlib.data.leaves.floors import expected_chlorophyll, floors
from mmlib.data.leaves.picture import draw_looks

KNOBS = dict.fromkeys(("water", "lesions", "redness", "synergy"), 1.0)


@pytest.fixture(scope="module")
def truth():
    rng = np.random.default_rng(7)
    factors = draw_factors(rng.integers(5, size=40_000), KNOBS, rng)
    return factors, draw_looks(np.arange(40_000), 40_000, rng)["area"] / 1000


@pytest.fixture(scope="module")
def found():
    return floors(mmlib.make_leaves(n_plants=5, target="chlorophyll"))


def rmse(truth, predicted):
    return np.sqrt(np.mean((truth - predicted) ** 2))


def test_what_the_picture_expects_is_right_on_average_whatever_it_expects(truth):
    factors, _ = truth
    expected = expected_chlorophyll(factors, KNOBS)
    order = np.argsort(expected)
    for rows in np.array_split(order, 8):
        assert factors["chlorophyll"][rows].mean() == pytest.approx(expected[rows].mean(), rel=0.02)


def test_the_floors_are_reached_by_whoever_knows_the_factors(truth, found):
    factors, area = truth
    c, r = factors["chlorophyll"], expected_chlorophyll(factors, KNOBS)
    mass = c * area
    assert rmse(mass, c * area.mean()) == pytest.approx(found["spectrum"][0], rel=0.02)
    assert rmse(mass, r * area) == pytest.approx(found["image"][0], rel=0.03)
    best_sum = (c * area.mean()) + r * (area - area.mean())
    assert rmse(mass, best_sum) == pytest.approx(found["late"][0], rel=0.03)


def test_a_strong_model_told_the_factors_of_the_picture_gets_near_but_not_below(truth, found):
    factors, area = truth
    X = np.column_stack(
        [factors[k] for k in ("maturity", "lesions", "anthocyanins", "camera_chlorophyll")] + [area]
    )
    mass, half = factors["chlorophyll"] * area, len(area) // 2
    model = HistGradientBoostingRegressor(random_state=0).fit(X[:half], mass[:half])
    reached = rmse(mass[half:], model.predict(X[half:]))
    assert 0.985 * found["image"][0] < reached < 1.1 * found["image"][0]


def test_no_sum_of_bent_opinions_gets_below_the_late_floor(truth, found):
    """Alternate between the two, each fitted to what the other leaves over."""
    factors, area = truth
    c = factors["chlorophyll"]
    picture = np.column_stack([expected_chlorophyll(factors, KNOBS), area])
    mass, half = c * area, len(c) // 2
    parts = [np.zeros(len(c)), np.zeros(len(c))]
    for _ in range(4):
        for k, X in enumerate((c[:, None], picture)):
            model = HistGradientBoostingRegressor(max_iter=60, random_state=0)
            model.fit(X[:half], (mass - parts[1 - k])[:half])
            parts[k] = model.predict(X)
    reached = rmse(mass[half:], (parts[0] + parts[1])[half:])
    assert 0.985 * found["late"][0] < reached < 1.6 * found["late"][0]


def test_floors_follow_the_knobs_and_their_errors_are_small(found):
    weak = floors(mmlib.make_leaves(n_plants=5, target="chlorophyll", synergy=0))
    assert weak["image"][0] < 0.9 * found["image"][0]  # nothing lowers chlorophyll unseen
    assert all(error < 0.01 * max(value, 0.01) for value, error in found.values())
    assert found["joint"] == (0.0, 0.0)


def test_measured_data_and_classes_have_no_floor():
    with pytest.raises(mmlib.DataError, match="chlorophyll"):
        floors(mmlib.make_leaves(n_plants=5))
