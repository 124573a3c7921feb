"""The simulated leaves: optics against PROSPECT, ceilings against an independent estimate."""

import numpy as np
import pytest
from scipy.special import exp1
from scipy.stats import norm

import mmlib
from mmlib.data.leaves import factors as f
from mmlib.data.leaves.ceilings import ceilings_at
from mmlib.data.leaves.factors import CONDITIONS, draw_factors
from mmlib.data.leaves.optics import (
    WAVELENGTHS,
    absorption,
    leaf_reflectance,
    refractive_index,
    transmissivity,
)
from mmlib.data.leaves.picture import VISIBLE, color

ALL_ON = {"water": 1.0, "lesions": 1.0, "redness": 1.0, "synergy": 1.0}


def test_reflectance_agrees_with_prospect_d_within_0_03():
    prosail = pytest.importorskip("prosail", reason='needs pip install "mmlib[check]"')
    rng = np.random.default_rng(3)
    n = 60
    chlorophyll, carotenoids = rng.uniform(8, 90, n), rng.uniform(3, 16, n)
    anthocyanins, water = rng.uniform(0.5, 15, n), rng.uniform(0.004, 0.022, n)
    dry_matter, layers = rng.uniform(0.003, 0.010, n), rng.uniform(1.2, 2.2, n)
    ours = leaf_reflectance(chlorophyll, carotenoids, anthocyanins, water, dry_matter, layers)
    theirs = np.array(
        [
            prosail.run_prospect(
                layers[i], chlorophyll[i], carotenoids[i], 0.0, water[i], dry_matter[i],
                ant=anthocyanins[i], prospect_version="D",
            )[1][::10]
            for i in range(n)
        ]
    )  # fmt: skip
    per_leaf = np.sqrt(((ours - theirs) ** 2).mean(1))
    assert per_leaf.max() < 0.03


def test_color_of_known_surfaces():
    """A gray card is gray, a green surface green; the luminance follows the reflectance."""
    gray = color(np.full((1, len(VISIBLE)), 0.4))
    np.testing.assert_allclose(gray, 0.4, atol=0.01)
    green = color(np.where((VISIBLE > 500) & (VISIBLE < 580), 0.6, 0.05)[None])[0]
    assert green[1] > 2 * green[0] and green[1] > 2 * green[2]


def test_color_agrees_with_measured_observer_curves():
    with np.printoptions():  # it changes how numpy prints for everybody
        colour = pytest.importorskip("colour", reason='needs pip install "mmlib[check]"')
    reflectance = leaf_reflectance(40, 8, 3, 0.012, 0.006, 1.6, VISIBLE)[0]
    observer = colour.MSDS_CMFS["CIE 1931 2 Degree Standard Observer"][VISIBLE]
    weight = observer * colour.SDS_ILLUMINANTS["D65"][VISIBLE][:, None]
    xyz = reflectance @ weight / weight[:, 1].sum()
    expected = colour.XYZ_to_sRGB(xyz, apply_cctf_encoding=False)
    np.testing.assert_allclose(color(reflectance[None])[0], expected, atol=0.02)


def test_transmissivity_at_right_angles_is_fresnels():
    n = np.array([1.3, 1.5])
    np.testing.assert_allclose(transmissivity(n, 0.01), 4 * n / (n + 1) ** 2, rtol=1e-6)


def test_stokes_pile_of_two_plates_is_two_plates_added_by_hand():
    band = np.array([1450.0])
    water = 2 * 0.1 / absorption("water", band)[0]  # so that each of two plates has depth 0.1
    two = leaf_reflectance(0, 0, 0, water, 0, layers=2.0, wavelengths=band)[0, 0]
    index, through = refractive_index(band), 0.9 * np.exp(-0.1) + 0.01 * exp1(0.1)
    t12, t40 = transmissivity(index)[0], transmissivity(index, 40.0)[0]
    t21 = t12 / index[0] ** 2
    bounce = 1 - ((1 - t21) * through) ** 2
    r = (1 - t12) + t12 * t21 * through**2 * (1 - t21) / bounce
    t = t12 * t21 * through / bounce
    r_first = (1 - t40) + t40 * t21 * through**2 * (1 - t21) / bounce
    t_first = t40 * t21 * through / bounce
    assert two == pytest.approx(r_first + t_first * r * t / (1 - r * r))


def _posteriors(condition, leaf):
    """Log likelihood of every condition by spectrum, image and both, written out in full."""

    def gaussian(name, values, k):
        typical, spread, shift = getattr(f, name)
        x = np.log(values)
        return np.array(
            [norm.logpdf(x, np.log(typical) + shift * (j == k), spread) for j in range(5)]
        ).T

    water = gaussian("WATER", leaf["water"], 1)
    lesions = gaussian("LESIONS", leaf["lesions"], 2)
    red = gaussian("ANTHOCYANINS", leaf["anthocyanins"], 3)
    spread, shift = f.CHLOROPHYLL
    moved = shift * (np.arange(5) == 4)
    expected = f.healthy_log_chlorophyll(leaf["maturity"])[:, None] + moved
    chlorophyll = np.log(leaf["chlorophyll"])[:, None]
    with_age = norm.logpdf(chlorophyll, expected, spread)
    camera = norm.logpdf(
        np.log(leaf["camera_chlorophyll"])[:, None], expected, np.hypot(spread, f.CAMERA_BLUR)
    )
    ages = (np.arange(400) + 0.5) / 400  # average over the unknown maturity
    curve = f.healthy_log_chlorophyll(ages)
    no_age = np.log(
        np.stack([norm.pdf(chlorophyll, curve + m, spread).mean(1) for m in moved], axis=1)
    )
    spectrum, image = water + red + no_age, lesions + red + camera
    return {
        "spectrum": spectrum,
        "image": image,
        "late": spectrum + image,
        "joint": water + lesions + red + with_age,
    }


@pytest.mark.parametrize("knobs", [{}, {"synergy": 0.0}, {"redness": 0.5, "water": 1.5}])
def test_ceilings_agree_with_a_monte_carlo_estimate(knobs, monkeypatch):
    n = 20_000
    rng = np.random.default_rng(11)
    condition = rng.integers(5, size=n)
    settings = ALL_ON | knobs
    leaf = draw_factors(condition, settings, rng)
    for name, knob in zip(["WATER", "LESIONS", "ANTHOCYANINS"], f.KNOBS[:3], strict=True):
        typical, spread, shift = getattr(f, name)
        monkeypatch.setattr(f, name, (typical, spread, shift * settings[knob]))
    spread, shift = f.CHLOROPHYLL
    monkeypatch.setattr(f, "CHLOROPHYLL", (spread, shift * settings["synergy"]))
    posteriors = _posteriors(condition, leaf)
    monkeypatch.undo()
    stated = ceilings_at(**settings)
    for key, posterior in posteriors.items():
        share = (posterior.argmax(1) == condition).mean()
        error = np.sqrt(share * (1 - share) / n)
        assert abs(share - stated[key]) < 4 * error, key


def test_ceilings_state_their_error_and_order():
    limit = mmlib.ceilings(mmlib.load_leaves())
    assert all(error < 0.002 for _, error in limit.values())
    assert limit["joint"][0] - limit["late"][0] > 0.06
    assert limit["late"][0] - max(limit["spectrum"][0], limit["image"][0]) > 0.1


def test_without_synergy_late_fusion_loses_less_than_a_point():
    limit = ceilings_at(synergy=0.0)
    assert 0 <= limit["joint"] - limit["late"] < 0.01


def test_with_all_knobs_off_nothing_can_be_told():
    assert all(v == pytest.approx(0.2, abs=1e-4) for v in ceilings_at(0, 0, 0, 0).values())


def test_measured_data_have_no_ceiling():
    data = mmlib.MultimodalData({"size": np.arange(4.0)}, y=[0, 1, 0, 1])
    with pytest.raises(mmlib.DataError, match="measured, not simulated"):
        mmlib.ceilings(data)


def test_same_seed_same_leaves_other_seed_other_leaves():
    one, two, other = (mmlib.make_leaves(10, 2, seed=s) for s in (4, 4, 5))
    np.testing.assert_array_equal(one.X["image"], two.X["image"])
    np.testing.assert_array_equal(one.X["spectrum"], two.X["spectrum"])
    assert (one.X["image"] != other.X["image"]).mean() > 0.5


def test_bundled_sample_is_what_the_generator_makes():
    stored, made = mmlib.load_leaves(), mmlib.make_leaves(seed=0)
    np.testing.assert_array_equal(stored.y, made.y)
    np.testing.assert_array_equal(stored.groups, made.groups)
    np.testing.assert_array_equal(stored.ids, made.ids)
    np.testing.assert_allclose(stored.X["spectrum"], made.X["spectrum"], atol=2e-4)
    # other processors may round a pixel the other way
    off = np.abs(stored.X["image"].astype(int) - made.X["image"])
    assert off.max() <= 1 and (off > 0).mean() < 0.01


def test_altered_sample_is_refused_in_one_sentence(monkeypatch, tmp_path):
    import mmlib.data.leaves as leaves

    copy = tmp_path / "sample.npz"
    copy.write_bytes(leaves.SAMPLE.read_bytes()[:-100])
    monkeypatch.setattr(leaves, "SAMPLE", copy)
    with pytest.raises(mmlib.DataError, match="altered or cut short"):
        mmlib.load_leaves()


def test_lesions_show_in_the_picture_only_and_water_in_the_spectrum_only():
    """The same random numbers with one knob turned: only one modality may change."""
    plain = mmlib.make_leaves(20, 2, seed=1)
    sick = mmlib.make_leaves(20, 2, lesions=2.0, seed=1)
    dry = mmlib.make_leaves(20, 2, water=2.0, seed=1)
    np.testing.assert_array_equal(sick.X["spectrum"], plain.X["spectrum"])
    np.testing.assert_array_equal(dry.X["image"], plain.X["image"])
    blight = plain.y == CONDITIONS.index("blight")
    drought = plain.y == CONDITIONS.index("drought")
    assert (sick.X["image"][blight] != plain.X["image"][blight]).any(axis=(1, 2, 3)).all()
    np.testing.assert_array_equal(sick.X["image"][~blight], plain.X["image"][~blight])
    swir = WAVELENGTHS == 1650
    assert (dry.X["spectrum"][drought][:, swir] > plain.X["spectrum"][drought][:, swir]).all()


def test_leaf_and_lesion_areas_in_the_picture_are_the_stated_ones():
    """Count pixels of a noise-free drawing: area in cm2, lesion share, scale bar."""
    from mmlib.data.leaves.picture import FIELD, SIZE, draw_looks, draw_pictures

    rng = np.random.default_rng(0)
    n = 40
    looks = draw_looks(np.arange(n), n, rng)
    looks["tray"] = np.zeros((n, 3))
    looks["light_slope"] = np.zeros((n, 2))
    leaf = draw_factors(np.zeros(n, int), ALL_ON, rng)
    leaf["lesions"] = np.full(n, 0.1)
    picture = draw_pictures(leaf, looks, rng)[:, :43].astype(int)  # without the scale bar
    pixel = FIELD / SIZE / looks["zoom"]
    area = (picture.max(3) > 50).sum((1, 2)) * pixel**2
    np.testing.assert_allclose(area, looks["area"], rtol=0.15)
    brown = (picture[..., 0] > picture[..., 1]) & (picture.max(3) > 50)
    share = brown.sum((1, 2)) * pixel**2 / looks["area"]
    assert abs(np.median(share) - 0.1) < 0.03


@pytest.mark.parametrize("bad", [{"n_plants": 4}, {"water": -1}, {"target": "age"}])
def test_bad_settings_are_refused(bad):
    with pytest.raises(mmlib.DataError):
        mmlib.make_leaves(**({"n_plants": 5} | bad))


def test_info_follows_the_samples():
    data = mmlib.make_leaves(10, 2)
    part = data.take([3, 1])
    np.testing.assert_array_equal(part.info["area"], data.info["area"][[3, 1]])
    regression = mmlib.make_leaves(10, 2, target="chlorophyll")
    assert regression.task == "regression"
    np.testing.assert_allclose(regression.y, data.info["chlorophyll"] * data.info["area"] / 1000)
