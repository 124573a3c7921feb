"""Planted lesions: what the classes differ in, and X-rays against Beer and Lambert."""

import sys

import numpy as np
import pytest
from scipy.stats import norm

import mmlib
from mmlib.data.heads import head_ceilings, make_heads, search_area
from mmlib.data.heads.lesions import APART, NOISE, SPOTS, spot, spot_places
from mmlib.data.heads.templates import make_templates, templates, to_hounsfield
from mmlib.data.heads.xray import WATER, absorbance, attenuation


@pytest.mark.parametrize("mm", [0.5, 2.0])
def test_a_ball_of_water_has_the_absorbance_of_its_chords(mm):
    """Closed form: 2 sqrt(r^2 - d^2) mm of water at a distance d from the middle."""
    r, n = 30.0, int(80 / mm)
    at = mm * (np.arange(n) - (n - 1) / 2)
    x, y, z = np.meshgrid(at, at, at, indexing="ij", sparse=True)
    ball = np.where(x**2 + y**2 + z**2 <= r**2, 0, -1000)
    away = np.hypot(*np.meshgrid(at, at))
    chord = 2 * np.sqrt(np.clip(r**2 - away**2, 0, None))
    seen = absorbance(ball, mm)
    assert np.abs(seen - WATER * chord)[away < 0.9 * r].max() <= WATER * 1.01 * mm
    assert seen.sum() * mm**2 == pytest.approx(WATER * 4 / 3 * np.pi * r**3, rel=0.01 * mm)


def test_shares_that_pass_multiply_along_a_ray():
    layers = np.array([-1000.0, 0, 500, 1000, -2000])
    passing = np.prod(np.exp(-attenuation(layers) * 3))
    assert np.exp(-absorbance(layers, 3)) == pytest.approx(passing)
    assert attenuation(-2000) == 0
    block = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_allclose(absorbance(block, 1, axis=0), attenuation(block).sum(0))


def test_the_same_seed_gives_the_same_patients_however_far_the_mri_is_off():
    near, far = make_heads(6, seed=5), make_heads(6, off=9, seed=5)
    np.testing.assert_array_equal(near.y, far.y)
    for name in ("ct", "xray"):
        np.testing.assert_array_equal(near.X[name], far.X[name])
    np.testing.assert_allclose(np.linalg.norm(far.info["shift"], axis=1), 9)
    assert (near.X["mri"] != far.X["mri"]).any() and not near.info["shift"].any()


def test_spots_are_at_one_place_or_far_apart_and_the_shift_says_where_the_mri_is():
    data = make_heads(300, off=6, seed=6)
    gap = 3 * np.linalg.norm(data.info["ct spot"] - data.info["mri spot"], axis=1)
    assert (gap[data.y == 0] == 0).all() and (gap[data.y == 1] >= APART).all()

    def mean_at(name, places):
        rows, columns = places.round().astype(int).T
        x = data.X[name][..., 0]
        return x[np.arange(len(x)), rows, columns].mean() - np.median(x[:, search_area()])

    assert mean_at("ct", data.info["ct spot"]) > 0.8 * SPOTS["ct"]
    # What stood at p is seen where p is looked up from: at p less the shift.
    there = data.info["mri spot"] - data.info["shift"] / 3
    assert mean_at("mri", there) < 0.7 * SPOTS["mri"]
    assert mean_at("mri", data.info["mri spot"] + data.info["shift"] / 3) > 0.4 * SPOTS["mri"]


def test_neither_place_alone_tells_the_class():
    places, chances = spot_places()
    assert chances.sum() == pytest.approx(1)
    np.testing.assert_array_equal(chances, chances.T)  # so both places are drawn alike
    gaps = 3 * np.linalg.norm(places[:, None] - places[None], axis=2)
    assert (chances[gaps < APART] == 0).all() and (chances[gaps >= APART] > 0).all()


def test_slices_of_a_patient_share_head_and_class():
    data = make_heads(10, slices=3, seed=7)
    assert (np.bincount(data.groups) == 3).all()
    assert all(len(set(data.y[data.groups == g])) == 1 for g in range(10))
    x = data.X["xray"].reshape(30, -1)  # hardly any texture: the pose is what is shared
    apart = np.linalg.norm(x[:, None] - x[None], axis=2) + 1e9 * np.eye(30)
    assert (data.groups[apart.argmin(1)] == data.groups).mean() > 0.9


def test_ceilings_agree_with_the_closed_form_where_the_place_is_known(monkeypatch):
    """One place only: the spot of the X-ray is there or not, a matched filter decides."""
    module = sys.modules["mmlib.data.heads.head_ceilings"]
    monkeypatch.setattr(module, "spot_places", lambda: (np.array([[24, 24]]), np.ones((1, 1))))
    known = np.linalg.norm(spot([24, 24])) * SPOTS["xray"] / NOISE["xray"]
    assert head_ceilings(4000)["xray"] == pytest.approx(norm.cdf(known / 2), abs=0.01)


def test_ceilings_grow_with_what_is_known():
    best = head_ceilings(400)
    assert best["ct"] == best["mri"] == 0.5 < best["xray"] < best["ct + xray"] <= best["all"]
    assert best["ct + mri"] > 0.99
    assert best["mri + xray"] < best["ct + xray"]


def test_hounsfield_units_are_rising_and_meet():
    units = to_hounsfield(np.arange(0, 3795))
    assert (np.diff(units) > 0).all() and np.diff(units).max() <= 1.01
    assert units[0] == -1000


def test_the_stored_pictures_are_those_of_the_average_head():
    pytest.importorskip("nilearn", reason='needs pip install "mmlib[medical]"')
    try:
        head = mmlib.load_ct_mri()
    except mmlib.DataError as error:
        pytest.skip(str(error))
    stored = templates()
    for name, picture in make_templates(head).items():
        np.testing.assert_allclose(stored[name], picture.astype(float), rtol=2e-3, atol=1e-3)


@pytest.mark.parametrize(("n", "slices", "off"), [(1, 1, 0), (10, 0, 0), (10, 1, -1), (10, 1, 99)])
def test_impossible_wishes_are_refused(n, slices, off):
    with pytest.raises(mmlib.DataError, match="make_heads was asked for"):
        make_heads(n, slices, off)
