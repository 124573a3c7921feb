"""Cubes: references, objects, mean spectra and texture are what they are said to be."""

import numpy as np
import pytest
from skimage.feature import local_binary_pattern

from mmlib.base import DataError
from mmlib.features.cube_measures import (
    MEASURES,
    band_table,
    find_plants,
    mean_spectra,
    to_reflectance,
)

RNG = np.random.default_rng(0)


def test_reflectance_comes_back_whatever_lamp_and_detector():
    true = RNG.uniform(0, 1, (3, 4, 5, 6))
    dark, light = RNG.uniform(50, 200, (3, 5, 6)), RNG.uniform(300, 3000, (3, 5, 6))
    raw = dark[:, None] + true * light[:, None]
    assert to_reflectance(raw, dark + light, dark) == pytest.approx(true, abs=1e-5)
    assert to_reflectance(raw, dark + light, dark, tile=0.5) == pytest.approx(true / 2, abs=1e-5)


def test_one_reference_for_all_samples_is_enough_and_counts_are_not_changed():
    raw = RNG.integers(100, 4000, (2, 3, 4, 5)).astype(np.uint16)
    before, white, dark = raw.copy(), np.full((4, 5), 4095), np.full((4, 5), 90)
    one = to_reflectance(raw, white, dark)
    assert np.array_equal(one, to_reflectance(raw, white[None], dark[None]))
    assert np.array_equal(raw, before)
    assert one.min() == pytest.approx((raw.min() - 90.0) / 4005)


def test_counts_below_dark_are_negative_not_wrapped_around():
    raw, white = np.full((1, 1, 1, 1), 80, np.uint16), np.full((1, 1), 1090, np.uint16)
    dark = np.full((1, 1), 90, np.uint16)
    assert to_reflectance(raw, white, dark).ravel() == pytest.approx([-0.01])


def test_exchanged_references_are_refused():
    with pytest.raises(DataError, match="not brighter than the dark one in 6 places"):
        to_reflectance(np.ones((1, 2, 2, 3)), np.full((2, 3), 90), np.full((2, 3), 900))


def scene(spots=()):
    """A leaf of 6 x 8 pixels on a tray; spots have no chlorophyll."""
    cube = np.full((1, 12, 14, 3), 0.3)
    cube[0, 3:9, 3:11] = [0.05, 0.5, 0.4]
    for y, x in spots:
        cube[0, y, x] = [0.2, 0.22, 0.3]
    return cube


AXIS = [670, 800, 1450]


def test_a_leaf_is_found_with_the_dead_spots_inside_it():
    mask = find_plants(scene(spots=[(5, 5), (6, 8)]), AXIS)
    assert mask.sum() == 48 and mask[0, 3:9, 3:11].all()


def test_of_several_pieces_the_largest_is_the_object():
    cube = scene()
    cube[0, 0, 0] = [0.05, 0.5, 0.4]
    assert find_plants(cube, AXIS).sum() == 48


def test_a_camera_without_red_and_a_picture_without_plant_are_said():
    with pytest.raises(DataError, match="1000 to 1700 nm: use mmlib"):
        find_plants(scene(), [1000, 1200, 1700])
    with pytest.raises(DataError, match="row 0 shows no plant"):
        find_plants(np.full((1, 6, 6, 2), 0.3), [670, 800])


@pytest.mark.parametrize("margin", [0, 1, 2])
def test_a_cube_of_one_material_gives_its_spectrum(margin):
    spectrum = RNG.uniform(0, 1, 9)
    cube = np.broadcast_to(spectrum, (1, 8, 8, 9))
    mask = np.ones((1, 8, 8), bool)
    assert mean_spectra(cube, mask, margin)[0] == pytest.approx(spectrum)
    table = band_table(cube, mask, margin)[0]
    assert table[:, 0] == pytest.approx(spectrum) and table[:, 1] == pytest.approx(0)


def test_rim_and_background_do_not_count():
    cube = scene()
    mask = find_plants(cube, AXIS)
    noisy = cube.copy()
    noisy[0, ~mask[0]] = 7.0
    noisy[0, 3, 3:11] = 7.0  # a row of the rim
    assert mean_spectra(noisy, mask)[0] == pytest.approx([0.05, 0.5, 0.4])
    inner = band_table(noisy, mask)[0]
    assert inner[:, 0] == pytest.approx([0.05, 0.5, 0.4])
    glcm = [MEASURES.index(name) for name in ("contrast", "homogeneity")]
    assert inner[:, glcm] == pytest.approx(np.array([[0, 1]] * 3))


def test_an_object_too_thin_for_a_margin_is_kept_whole():
    mask = np.zeros((1, 5, 5), bool)
    mask[0, 2] = True
    assert mean_spectra(np.ones((1, 5, 5, 2)), mask)[0] == pytest.approx([1, 1])


def textures(picture):
    mask = np.ones((1, *picture.shape), bool)
    return dict(zip(MEASURES, band_table(picture[None, ..., None], mask, 0)[0, 0], strict=True))


def test_co_occurrence_of_a_chessboard_by_hand():
    """Level 4 and 12 of 16 about the mean: side by side always 8 apart, on diagonals never."""
    board = np.where(np.add.outer(np.arange(8), np.arange(8)) % 2, 0.25, 0.75)
    straight, diagonal = 2 * 8 * 7, 2 * 7 * 7  # pairs
    found = textures(board)
    assert found["contrast"] == pytest.approx(64 * straight / (straight + diagonal))
    near = (straight / (1 + 64) + diagonal) / (straight + diagonal)
    assert found["homogeneity"] == pytest.approx(near)


def test_patterns_are_those_of_scikit_image_and_add_up_to_one():
    picture = RNG.uniform(0.2, 0.6, (12, 12))
    found = textures(picture)
    shares = [found[f"pattern {k}"] for k in range(10)]
    scaled = np.round(picture / picture.mean() * 1000).astype(int)
    code = local_binary_pattern(scaled, 8, 1, "uniform").astype(int).ravel()
    assert shares == pytest.approx(np.bincount(code, minlength=10) / 144)
    assert sum(shares) == pytest.approx(1)


def test_a_brighter_lamp_changes_the_mean_only():
    picture = RNG.uniform(0.2, 0.6, (10, 10))
    one, other = textures(picture), textures(1.5 * picture)
    assert other.pop("mean") == pytest.approx(1.5 * one.pop("mean"))
    assert list(other.values()) == pytest.approx(list(one.values()))


def test_samples_do_not_influence_each_other():
    cubes = RNG.uniform(0.1, 0.9, (3, 9, 9, 4))
    masks = np.ones((3, 9, 9), bool)
    assert np.array_equal(band_table(cubes, masks)[1:2], band_table(cubes[1:2], masks[1:2]))
