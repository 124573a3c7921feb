"""Damage is of the kind and size asked for, and leaves its input alone."""

import numpy as np
import pytest
from scipy.ndimage import convolve1d

import mmlib
from mmlib.base import DataError
from mmlib.data.corruptions import (
    baseline_drift,
    damaged_copies,
    default_corruptions,
    occlusion,
    picture_blur,
    picture_noise,
    spectrum_noise,
    wavelength_shift,
)
from mmlib.fusion.missing import absent, set_aside, take_away

AXIS = np.arange(400, 2501, 10.0)


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(n_plants=20, seed=3)


def names_of(data):
    return list(default_corruptions(data))


@pytest.mark.parametrize("kind", names_of(mmlib.make_leaves(5)))
def test_damage_leaves_its_input_and_the_other_modality_alone(leaves, kind):
    corruption = default_corruptions(leaves)[kind]
    before = leaves.fingerprint()
    worst = max(corruption.severities)
    damaged = corruption.damage(leaves.X, worst, seed=1)
    other = ({"spectrum", "image"} - {corruption.modality}).pop()
    name = corruption.modality
    assert leaves.fingerprint() == before
    assert np.array_equal(damaged[other], leaves.X[other])
    assert damaged[name].dtype == leaves.X[name].dtype
    assert damaged[name].shape == leaves.X[name].shape
    assert not np.array_equal(damaged[name], leaves.X[name])
    again = corruption.damage(leaves.X, worst, seed=1)
    assert np.array_equal(damaged[name], again[name])
    assert np.allclose(corruption.damage(leaves.X, 0)[name], leaves.X[name], atol=1e-7)


@pytest.mark.parametrize("kind", names_of(mmlib.make_leaves(5)))
def test_damage_grows_with_severity(leaves, kind):
    corruption = default_corruptions(leaves)[kind]
    clean = leaves.X[corruption.modality].astype(float)
    moved = [
        np.abs(corruption.damage(leaves.X, s)[corruption.modality] - clean).mean()
        for s in corruption.severities
    ]
    assert (np.diff(moved) > 0).all()


def test_noise_has_the_spread_it_was_asked_for_and_other_seeds_other_noise():
    X = {"spectrum": np.full((50, 400), 0.5), "image": np.full((50, 20, 20, 3), 128, np.uint8)}
    bands, pixels = spectrum_noise(X, 0.02)["spectrum"], picture_noise(X, 10)["image"]
    assert bands.std() == pytest.approx(0.02, rel=0.02)
    assert pixels.std() == pytest.approx(10, rel=0.02)
    correlation = np.corrcoef(bands[:, :-1].ravel(), bands[:, 1:].ravel())[0, 1]
    assert abs(correlation) < 0.03
    assert not np.array_equal(bands, spectrum_noise(X, 0.02, seed=1)["spectrum"])


def test_drift_is_a_parabola_of_the_given_size():
    drift = baseline_drift({"spectrum": np.zeros((4000, 61))}, 0.05)["spectrum"]
    assert np.sqrt((drift**2).mean()) == pytest.approx(0.05, rel=0.03)
    assert np.abs(np.diff(drift, 3, axis=1)).max() < 1e-12


def test_shift_moves_a_line_by_so_many_nanometers():
    line = 3 * AXIS + 2
    shifted = wavelength_shift({"spectrum": line[None]}, 7, axis=AXIS)["spectrum"][0]
    assert np.allclose(shifted[1:], line[1:] - 3 * 7)
    curve = np.sin(AXIS / 100)
    shifted = wavelength_shift({"spectrum": curve[None]}, 20, axis=AXIS)["spectrum"][0]
    assert np.allclose(shifted[2:], curve[:-2])
    assert np.allclose(shifted[:2], curve[0])
    uneven = np.array([1.0, 2.0, 4.0, 8.0, 9.0])
    shifted = wavelength_shift({"s": uneven[None] ** 2}, 0.7, modality="s", axis=uneven)["s"][0]
    assert np.allclose(shifted, np.interp(uneven - 0.7, uneven, uneven**2))


def test_blur_is_two_passes_of_a_gaussian_and_keeps_colors_apart():
    picture = np.random.default_rng(0).integers(60, 200, (2, 21, 21, 3), dtype=np.uint8)
    steps = np.arange(-6, 7)
    kernel = np.exp(-(steps**2) / (2 * 1.5**2))
    kernel /= kernel.sum()
    by_hand = picture.astype(float)
    for axis in (1, 2):
        by_hand = convolve1d(by_hand, kernel, axis=axis, mode="reflect")
    blurred = picture_blur({"image": picture}, 1.5)["image"]
    assert np.abs(blurred - by_hand).max() <= 0.51  # rounded to whole gray levels
    red = np.zeros((1, 9, 9, 3), np.uint8)
    red[..., 0] = np.random.default_rng(1).integers(0, 255, (9, 9))
    assert picture_blur({"image": red}, 2)["image"][..., 1:].max() == 0


def test_occlusion_covers_the_share_with_one_patch_inside_the_picture():
    X = {"image": np.zeros((300, 20, 20, 3), np.uint8)}
    for share in (0.04, 0.25, 1.0):
        covered = occlusion(X, share)["image"][..., 0] == 128
        assert np.allclose(covered.mean((1, 2)), share)
        rows, columns = covered.any(2).sum(1), covered.any(1).sum(1)
        assert np.allclose(rows * columns, share * 400)  # one rectangle
    tops = occlusion(X, 0.25)["image"][..., 0].argmax(1).max(1)
    assert tops.min() == 0 and tops.max() == 10  # every place is reached


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda X: spectrum_noise(X, -1), "zero or more"),
        (lambda X: spectrum_noise(X, 1, modality="scent"), "no modality 'scent'"),
        (lambda X: spectrum_noise(X, 1, modality="image"), "has shape"),
        (lambda X: picture_blur(X, 1, modality="spectrum"), "has shape"),
        (lambda X: occlusion(X, 2), "from 0 to 1"),
        (lambda X: wavelength_shift(X, 1), "needs the axis"),
        (lambda X: wavelength_shift(X, 1, axis=AXIS[::-1]), "needs the axis"),
        (lambda X: spectrum_noise(X, float("nan")), "zero or more"),
        (lambda X: take_away(X, "image"), "whole numbers"),
        (lambda X: take_away(X, "scent"), "no modality"),
    ],
)
def test_bad_calls_say_what_is_wrong(leaves, call, said):
    with pytest.raises(DataError, match=said):
        call(leaves.X)


def test_two_spectra_get_corruptions_of_their_own(leaves):
    X = {"leaf": leaves.X["spectrum"], "soil": leaves.X["spectrum"][:, :60]}
    both = mmlib.MultimodalData(X, leaves.y, axes={"leaf": AXIS})
    found = default_corruptions(both)
    assert {c.modality for c in found.values()} == {"leaf", "soil"}
    assert [c.modality for c in found.values() if c.function is wavelength_shift] == ["leaf"]


def test_copies_keep_labels_and_groups_and_have_one_damage_each(leaves):
    found = default_corruptions(leaves)
    before = leaves.fingerprint()
    more = damaged_copies(leaves, found, copies=2, seed=5)
    n = len(leaves)
    assert leaves.fingerprint() == before
    assert np.array_equal(more.y, np.tile(leaves.y, 2))
    assert np.array_equal(more.groups, np.tile(leaves.groups, 2))
    assert len(set(more.ids)) == 2 * n and more.ids[n] == f"{leaves.ids[0]}-copy2"
    changed = {
        name: (more.X[name] != np.concatenate([x, x])).reshape(2 * n, -1).any(1)
        for name, x in leaves.X.items()
    }
    assert not (changed["spectrum"] & changed["image"]).any()
    assert (changed["spectrum"] | changed["image"]).mean() > 0.95
    assert more.fingerprint() == damaged_copies(leaves, found, 2, 5).fingerprint()
    for bad in ({"found": {}}, {"found": found, "copies": 0}):
        with pytest.raises(DataError, match="at least one"):
            damaged_copies(leaves, **bad)


def test_no_row_at_all_may_be_taken_away_and_a_sound_picture_stays():
    X = {"size": np.ones((2, 1)), "image": np.ones((2, 4, 4, 3), np.uint8)}
    assert not np.isnan(take_away(X, "size", rows=[])["size"]).any()
    odd = {"size": np.array([True, False]), "image": np.array([False, False])}
    left = set_aside(X, odd)
    assert absent(left, "size").tolist() == [True, False] and left["image"].dtype == np.uint8
    assert left[:1]["image"].shape == (1, 4, 4, 3)


def test_counts_stay_counts_and_never_wrap_around():
    X = {"spectrum": np.full((20, 100), 2, np.uint16)}
    noisy = spectrum_noise(X, 3)["spectrum"]
    assert noisy.dtype == np.uint16 and noisy.max() < 20 and noisy.min() == 0
