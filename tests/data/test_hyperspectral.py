"""Simulated cubes agree with the simulated spectra and photographs, and with their ceilings."""

import numpy as np
import pytest
from scipy.stats import norm

from mmlib.base import DataError
from mmlib.data.leaves import factors as f
from mmlib.data.leaves import hyperspectral as h
from mmlib.data.leaves.ceilings import ceilings_at
from mmlib.data.leaves.hyperspectral import CAMERA, cube_ceilings, make_cubes
from mmlib.data.leaves.optics import leaf_reflectance
from mmlib.data.leaves.picture import color, leaf_color
from mmlib.features.cube_measures import find_plants, mean_spectra, to_reflectance


@pytest.fixture(scope="module")
def leaves():
    return make_cubes(n_plants=10, leaves_per_plant=2, lesions=0, seed=3)


@pytest.fixture(scope="module")
def seen(leaves):
    cubes = to_reflectance(leaves.X["cube"], leaves.X["white"], leaves.X["dark"])
    return cubes, find_plants(cubes, CAMERA)


def still(monkeypatch):
    """Cubes without what spectrometer, light and chance add, and without spots."""
    draw = h._draw_tissue

    def plain(*args):
        tissue = draw(*args)
        return tissue | {
            "gain": np.ones_like(tissue["gain"]),
            "added": np.zeros_like(tissue["added"]),
            "layers": np.full_like(tissue["layers"], 1.6),
            "dry_matter": np.full_like(tissue["dry_matter"], 0.006),
        }

    monkeypatch.setattr(h, "_draw_tissue", plain)
    monkeypatch.setattr(h, "draw_factors", without_spots(h.draw_factors))
    return make_cubes(n_plants=10, leaves_per_plant=1, uneven=0, seed=4)


def without_spots(draw):
    def drawn(*args):
        factors = draw(*args)
        return factors | {"lesions": np.zeros_like(factors["lesions"])}

    return drawn


def test_mean_spectrum_is_that_of_the_plate_model(monkeypatch):
    leaves = still(monkeypatch)
    cubes = to_reflectance(leaves.X["cube"], leaves.X["white"], leaves.X["dark"])
    info = leaves.info
    expected = leaf_reflectance(
        info["chlorophyll"], 0.2 * info["chlorophyll"], info["anthocyanins"], info["water"],
        0.006, 1.6, CAMERA,
    )  # fmt: skip
    found = mean_spectra(cubes, find_plants(cubes, CAMERA))
    # Brightness is balanced over the whole leaf, the rim included; so up to one factor.
    ratio = found[:, 8:65] / expected[:, 8:65]
    assert np.abs(ratio / ratio.mean(1, keepdims=True) - 1).max() < 0.25  # dark bands are noisy
    assert np.abs(found - expected).mean() < 0.015


def test_colors_are_those_of_the_photographs_pigments(monkeypatch):
    leaves = still(monkeypatch)
    cubes = to_reflectance(leaves.X["cube"], leaves.X["white"], leaves.X["dark"])
    visible = CAMERA <= 700
    mean = mean_spectra(cubes, find_plants(cubes, CAMERA))[:, visible]
    ours = color(mean, CAMERA[visible])
    # leaf_color halves the distance from a usual chlorophyll; undo that to compare.
    chlorophyll = leaves.info["chlorophyll"] ** 2 / 33.5
    theirs = leaf_color(chlorophyll, leaves.info["anthocyanins"])
    assert np.abs(ours - theirs).max() < 0.06
    for k in range(2):  # blue hardly varies
        assert np.corrcoef(ours[:, k], theirs[:, k])[0, 1] > 0.9


def test_same_seed_same_cubes_and_other_seed_others():
    one, same, other = (make_cubes(5, 1, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.X["cube"], same.X["cube"])
    assert not np.array_equal(one.X["cube"], other.X["cube"])


def test_leaves_of_a_plant_share_condition_and_id(leaves):
    assert leaves.groups.tolist() == np.repeat(np.arange(10), 2).tolist()
    assert all(len(set(leaves.y[leaves.groups == plant])) == 1 for plant in range(10))
    assert leaves.ids[3] == "plant001-leaf1"
    assert set(leaves.y) == set(range(5))


def test_the_white_bar_reflects_nearly_all(leaves, seen):
    cubes, masks = seen
    assert (
        cubes[:, 32:38, 2:8].max() < 1.4 and np.median(cubes.max((1, 2))) > 0.55
    )  # it lies across two rows
    assert not masks[:, 36:, :5].any()


def test_lesions_are_seen_by_their_dark_infrared():
    """Spots make the infrared picture uneven, and the true map empty."""
    few, many = (make_cubes(20, 1, lesions=knob, seed=5) for knob in (0.0, 1.0))
    ill = many.y == 2
    spread = []
    for leaves in (few, many):
        cubes = to_reflectance(leaves.X["cube"], leaves.X["white"], leaves.X["dark"])
        masks = find_plants(cubes, CAMERA)
        band = cubes[..., 14]
        spread.append(
            np.array([b[m].std() / b[m].mean() for b, m in zip(band, masks, strict=True)])
        )
    assert (spread[1] - spread[0])[ill].min() > 0
    assert np.abs(spread[1] - spread[0])[~ill].max() < 1e-9


def test_chlorophyll_map_averages_to_the_leafs_content(leaves):
    truth = leaves.info["chlorophyll_map"]
    for k in range(len(leaves)):
        on = truth[k] > 0.5 * leaves.info["chlorophyll"][k]
        logs = np.log(truth[k][on])
        assert logs.mean() == pytest.approx(np.log(leaves.info["chlorophyll"][k]), abs=0.1)


def test_ceilings_are_ordered_and_meet_where_they_must():
    limits = cube_ceilings()
    assert limits["joint"] == ceilings_at()["joint"] > max(limits["mean spectrum"], 0.8)
    assert limits["mean spectrum"] > ceilings_at()["spectrum"]
    without_spots = cube_ceilings(lesions=0)["mean spectrum"]
    assert without_spots == pytest.approx(ceilings_at(lesions=0)["spectrum"], abs=1e-6)
    nothing_to_see = cube_ceilings(lesions=0, synergy=0)
    assert nothing_to_see["mean spectrum"] == pytest.approx(nothing_to_see["joint"], abs=1e-6)
    assert cube_ceilings(water=0)["visible pictures"] == pytest.approx(
        ceilings_at(water=0)["joint"], abs=1e-6
    )


def test_ceiling_of_the_mean_spectrum_by_drawing_leaves():
    """Bayes' rule on drawn factors, without any formula of the integration."""
    rng = np.random.default_rng(0)
    condition = np.repeat(np.arange(5), 4_000)
    knobs = dict.fromkeys(f.KNOBS, 1.0)
    drawn = f.draw_factors(condition, knobs, rng)
    scores = [np.zeros(len(condition))]
    for name, (typical, spread, shift) in {
        "water": f.WATER, "lesions": f.LESIONS, "anthocyanins": f.ANTHOCYANINS,
    }.items():  # fmt: skip
        x = np.log(drawn[name] / typical)
        scores.append(norm.logpdf(x, shift, spread) - norm.logpdf(x, 0, spread))
    grid = f.healthy_log_chlorophyll((np.arange(400) + 0.5) / 400)
    c = np.log(drawn["chlorophyll"])[:, None] - grid
    spread, shift = f.CHLOROPHYLL
    scores.append(np.log(norm.pdf(c, shift, spread).mean(1) / norm.pdf(c, 0, spread).mean(1)))
    share = (np.array(scores).argmax(0) == condition).mean()
    assert share == pytest.approx(cube_ceilings()["mean spectrum"], abs=0.012)


@pytest.mark.parametrize(
    "settings, said",
    [
        ({"n_plants": 4}, "at least 5 plants"),
        ({"n_plants": 5, "water": -1}, "water is -1"),
        ({"n_plants": 5, "uneven": 4}, "uneven is 4"),
    ],
)
def test_settings_out_of_range_are_said(settings, said):
    with pytest.raises(DataError, match=said):
        make_cubes(leaves_per_plant=1, **settings)
