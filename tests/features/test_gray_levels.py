"""Gray levels: what gain and offset, a flat picture, and a single bright pixel do."""

import numpy as np
import pytest
from chemotools.scatter import StandardNormalVariate

from mmlib.features.gray_levels import min_max, window, z_score


@pytest.fixture
def pictures():
    return np.random.default_rng(23).normal(size=(5, 8, 8, 1))


@pytest.mark.parametrize("scale", [min_max, z_score])
def test_gain_and_offset_of_a_picture_are_removed_and_others_do_not_matter(scale, pictures):
    gains = np.arange(1, 6).reshape(5, 1, 1, 1)
    np.testing.assert_allclose(scale(pictures * gains + 7), scale(pictures))
    np.testing.assert_array_equal(scale(pictures[:1]), scale(pictures)[:1])


def test_a_z_score_is_what_snv_is_to_a_spectrum():
    spectra = np.random.default_rng(23).normal(size=(4, 30)) * 3 + 5
    np.testing.assert_allclose(z_score(spectra), StandardNormalVariate().fit_transform(spectra))


@pytest.mark.parametrize("scale", [min_max, z_score])
def test_a_flat_picture_becomes_zero(scale):
    assert (scale(np.full((1, 4, 4), 0.1)) == 0).all()


def test_one_bright_pixel_sets_the_scale_unless_a_window_cuts_it_off(pictures):
    clip = pictures.copy()
    clip[0, 0, 0] = 1000
    rest = (slice(None), slice(1, None))
    assert np.ptp(min_max(clip)[0, 1:]) < 0.01 < np.ptp(min_max(pictures)[0, 1:])
    cut = [window(x, -2, 2) for x in (clip, pictures)]
    np.testing.assert_array_equal(cut[0][rest], cut[1][rest])
    assert cut[0].min() >= 0 and cut[0].max() == 1
