"""Areas in true units, by the scale bar."""

import numpy as np
import pytest

import mmlib
from mmlib.features.scale_bar import object_area, scale_bar


def scene(length, bright=230, tray=90, leaf=(10, 12)):
    """A tray with a leaf of so many pixels, and a bar whose last pixel is covered in part."""
    image = np.full((48, 48, 3), tray, float) ** 2.2
    whole, part = divmod(length, 1)
    image[44:46, 2 : 2 + int(whole)] = bright**2.2
    image[44:46, 2 + int(whole)] += part * (bright**2.2 - tray**2.2)
    image[15 : 15 + leaf[0], 20 : 20 + leaf[1]] = np.array([30, 160, 30]) ** 2.2
    return np.round(image ** (1 / 2.2)).astype(np.uint8)


@pytest.mark.parametrize("length", [8.0, 9.3, 10.5, 11.8])
@pytest.mark.parametrize("tray", [40, 150])
def test_a_bar_is_measured_to_a_tenth_of_a_pixel(length, tray):
    assert scale_bar(scene(length, tray=tray)[None]) == pytest.approx(length, abs=0.1)


def test_area_is_in_units_of_the_bar():
    images = np.stack([scene(10.0), scene(10.0, leaf=(6, 12))])
    np.testing.assert_allclose(object_area(images, bar=2), [4.8, 2.88], rtol=0.02)
    np.testing.assert_allclose(object_area(images, bar=1), [1.2, 0.72], rtol=0.02)


def test_without_a_bar_there_is_no_area():
    images = np.stack([scene(10.0), scene(10.0, bright=90)])
    assert np.isnan(scale_bar(images)).tolist() == [False, True]
    assert np.isnan(object_area(images)).tolist() == [False, True]


def test_it_does_not_depend_on_the_other_pictures():
    images = mmlib.make_leaves(n_plants=6).X["image"]
    np.testing.assert_allclose(object_area(images[4:5]), object_area(images)[4:5])


@pytest.mark.parametrize("seed", [1, 2])
def test_areas_of_leaves_are_read_well_but_for_some_that_look_like_their_tray(seed):
    leaves = mmlib.make_leaves(60, seed=seed)
    off = np.abs(np.log(object_area(leaves.X["image"]) / leaves.info["area"]))
    assert np.nanmedian(off) < 0.03
    assert np.mean(off < 0.15) > 0.93
    pixels = mmlib.features.find_object(leaves.X["image"]).sum((1, 2))
    blind = np.abs(np.log(pixels / np.median(pixels) * 13 / leaves.info["area"]))
    assert np.nanmedian(off) < np.median(blind) / 2
