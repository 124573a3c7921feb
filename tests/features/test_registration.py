"""Registration finds planted motions, in mm, in pictures and volumes, and says what it refuses."""

import sys

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from mmlib import DataError
from mmlib.features.registration import METRICS, left_over, move, planted, register


@pytest.fixture
def sitk():
    return pytest.importorskip("SimpleITK", reason='needs pip install "mmlib[medical]"')


def scene(shape, seed):
    """Smooth blobs, large and small, that fade toward the edge."""
    rng = np.random.default_rng(seed)
    x = sum(gaussian_filter(rng.normal(size=shape), s) * s**1.5 for s in (2, 4))
    edge = np.ones(shape)
    edge[tuple(slice(6, n - 6) for n in shape)] = 0
    return x * (1 - gaussian_filter(edge, 3))


def inside(shape, spacing):
    grid = np.stack(np.meshgrid(*[np.arange(8, n - 8, 4) for n in shape], indexing="ij"), -1)
    return spacing * grid.reshape(-1, len(shape))


@pytest.mark.parametrize("seed", range(231, 236))
@pytest.mark.parametrize("metric", METRICS)
def test_a_planted_motion_of_the_same_picture_is_undone_by_every_metric(sitk, metric, seed):
    shape, mm = (64, 52), 0.5
    picture, rng = scene(shape, seed), np.random.default_rng(seed)
    middle = mm * (np.array(shape) - 1) / 2
    true = planted(rng.uniform(-2, 2, 2), rng.uniform(-6, 6, 1), middle)
    found = register(picture, move(picture, true, mm), mm, metric)
    before = left_over(true, planted([0, 0]), inside(shape, mm))
    assert left_over(true, found, inside(shape, mm)) < min(0.25 * before, 0.3)


@pytest.mark.parametrize("seed", range(231, 234))
def test_only_mutual_information_undoes_it_where_gray_levels_mean_something_else(sitk, seed):
    """The other instrument shows middle levels bright, low and high ones dark."""
    shape = (64, 52)
    picture, rng = scene(shape, seed), np.random.default_rng(seed)
    other = np.exp(-((picture / picture.std()) ** 2))
    true = planted(rng.uniform(2, 4, 2) * rng.choice([-1, 1], 2))
    moved = move(other, true, outside=1)
    errors = {
        metric: left_over(true, register(picture, moved, 1, metric, rotate=False), inside(shape, 1))
        for metric in METRICS
    }
    assert errors["mutual information"] < 0.7
    assert min(errors["correlation"], errors["mean squares"]) > 2 * errors["mutual information"]


def test_a_volume_is_turned_back_too(sitk):
    shape, mm = (40, 44, 36), 2.0
    volume = scene(shape, 231)
    true = planted([3, -4, 2], [4, -3, 5], mm * (np.array(shape) - 1) / 2)
    found = register(volume, move(volume, true, mm), mm)
    assert left_over(true, planted([0, 0, 0]), inside(shape, mm)) > 4
    assert left_over(true, found, inside(shape, mm)) < 1
    np.testing.assert_allclose(found.matrix @ found.matrix.T, np.eye(3), atol=1e-6)


def test_registering_again_gives_the_same_motion(sitk):
    picture = scene((48, 48), 231)
    moved = move(picture, planted([2, 1]))
    one, two = (register(picture, moved) for _ in range(2))
    # Its threads add in another order each time, which the last digits tell.
    np.testing.assert_allclose(one.matrix, two.matrix, rtol=0, atol=1e-9)
    np.testing.assert_allclose(one.shift, two.shift, rtol=0, atol=1e-9)


def test_moving_and_left_over_agree_with_a_calculation_by_hand():
    picture = np.zeros((9, 9))
    picture[6, 2] = 1
    there = move(picture, planted([4.0, -2.0]), spacing=2)
    assert there[4, 3] == 1  # looked up two rows down and one column to the left
    turned = move(picture, planted([0, 0], [90], [4, 4]))
    assert turned[2, 2] == pytest.approx(1)
    back = planted([0, 0], [-90], [4, 4])
    points = np.array([[0.0, 0], [4, 4], [8, 1]])
    assert left_over(planted([0, 0], [90], [4, 4]), back, points) == pytest.approx(0, abs=1e-12)
    still = planted([0, 0])
    away = [np.sqrt(32), 0, 5]
    assert left_over(planted([0, 0], [90], [4, 4]), still, points) == pytest.approx(
        np.mean(np.array(away) * np.sqrt(2))
    )


def test_rotations_of_a_volume_turn_the_other_two_axes():
    for axis in range(3):
        angles = np.zeros(3)
        angles[axis] = 90
        matrix = planted([0, 0, 0], angles).matrix
        assert matrix[axis, axis] == 1
        assert np.linalg.det(matrix) == pytest.approx(1)
        assert abs(matrix[(axis + 1) % 3, (axis + 2) % 3]) == pytest.approx(1)


def test_motions_that_cannot_be_are_refused():
    with pytest.raises(DataError, match="a picture has one angle"):
        planted([1, 2], [3, 4])
    with pytest.raises(DataError, match="4 axes"):
        planted([1, 2, 3, 4])


def _with_nan():
    x = scene((20, 20), 0)
    x[3, 3] = np.nan
    return x


@pytest.mark.parametrize(
    ("fixed", "moving", "options", "said"),
    [
        (scene((20, 20), 0), scene((20, 24), 0), {}, r"\(20, 20\) and \(20, 24\).*one grid"),
        (np.ones(50), np.ones(50), {}, "Two pictures or volumes"),
        (scene((20, 20), 0)[:5], scene((20, 20), 0)[:5], {}, "10 pixels or more"),
        (scene((20, 20), 0), _with_nan(), {}, "moving picture holds NaN"),
        (np.full((20, 20), 7), scene((20, 20), 0), {}, "fixed picture has the same value"),
        (scene((20, 20), 0), scene((20, 20), 0), {"metric": "luck"}, "no metric 'luck'"),
        (scene((20, 20), 0), scene((20, 20), 0), {"spacing": 0}, "spacing is 0"),
    ],
)
def test_what_cannot_be_registered_is_refused_in_a_sentence(sitk, fixed, moving, options, said):
    with pytest.raises(DataError, match=said):
        register(fixed, moving, **options)


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "SimpleITK", None)
    with pytest.raises(DataError, match=r'^Registration.*pip install "mmlib\[medical\]"\.$'):
        register(np.eye(20), np.eye(20))
