"""Damage in physical units, the study of it, and what is put in place of something absent."""

import numpy as np
import pandas as pd
import pytest
from scipy.ndimage import convolve1d
from sklearn.base import clone
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import mmlib
from mmlib.base import DataError
from mmlib.data.corruptions import (
    Corruption,
    baseline_drift,
    damaged_copies,
    default_corruptions,
    occlusion,
    picture_blur,
    picture_noise,
    spectrum_noise,
    wavelength_shift,
)
from mmlib.evaluation.robustness import break_even, right_answers, turning_points, with_intervals
from mmlib.fusion.missing import Fill, WithSpares, absent, set_aside, take_away

AXIS = np.arange(400, 2501, 10.0)


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(n_plants=20, seed=3)


@pytest.fixture(scope="module")
def tables():
    """Two tables of which the second follows from the first, and labels."""
    rng = np.random.default_rng(0)
    first = rng.normal(5, 1, size=(200, 3))
    second = first @ rng.normal(size=(3, 2)) + 10
    return {"first": first, "second": second}, (first[:, 0] > 5).astype(int)


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


def test_interval_is_that_of_plants_not_of_leaves():
    rng = np.random.default_rng(1)
    of_plant = rng.random(400)
    values = pd.DataFrame({"a": np.repeat(of_plant, 5)}, index=np.repeat(np.arange(400), 5))
    mean, low, high = with_intervals(values, n_draws=4000).loc["a"]
    error = of_plant.std(ddof=1) / np.sqrt(400)
    assert mean == pytest.approx(of_plant.mean())
    assert high - low == pytest.approx(2 * 1.96 * error, rel=0.06)
    leafwise = values.set_index(np.arange(2000))
    narrow = with_intervals(leafwise).loc["a"]
    assert (high - low) / (narrow["high"] - narrow["low"]) == pytest.approx(5**0.5, rel=0.1)


def test_interval_holds_the_truth_about_as_often_as_it_says():
    rng, held = np.random.default_rng(2), 0
    for seed in range(200):
        of_plant = rng.random(60)
        leaf = rng.random((60, 5)) < of_plant[:, None]
        values = pd.DataFrame({"a": leaf.ravel()}, index=np.repeat(np.arange(60), 5))
        _, low, high = with_intervals(values, n_draws=300, random_state=seed).loc["a"]
        held += low <= 0.5 <= high
    assert 0.89 <= held / 200 <= 0.99


def test_intervals_need_two_groups():
    with pytest.raises(DataError, match="two groups"):
        with_intervals(pd.DataFrame({"a": [1, 0]}, index=[3, 3]))


def test_study_asks_the_same_model_about_every_copy(leaves):
    class Echo:
        """Right where the first band is below 0.5."""

        def predict(self, X):
            return np.where(X["spectrum"][:, 0] < 0.5, leaves.y, -1)

    def add(X, severity, seed, modality, axis):
        return {**X, modality: X[modality] + severity}

    found = {"up": Corruption(add, "spectrum", "reflectance", (0, 1))}
    asked = []

    def halve(image):
        asked.append(len(image))
        return image / 2

    right = right_answers({"echo": Echo()}, leaves, found, see={"image": halve})
    assert asked == [len(leaves)]  # the undamaged modality is looked at once
    assert right.mean().tolist() == [1.0, 0.0]
    assert right.index.tolist() == leaves.groups.tolist()
    assert right.columns.tolist() == [("up", 0, "echo"), ("up", 1, "echo")]


def test_study_refuses_a_quantity():
    with pytest.raises(DataError, match="regression"):
        right_answers({}, mmlib.make_leaves(5, target="chlorophyll"), {})


def test_break_even_is_where_the_curve_crosses():
    assert break_even([0, 2, 6], [0.9, 0.8, 0.4], 0.6) == pytest.approx(4)
    assert break_even([0, 2, 6], [0.9, 0.8, 0.7], 0.6) == float("inf")
    assert break_even([0, 2, 6], [0.5, 0.8, 0.7], 0.6) == 0
    assert break_even([0, 1, 2, 3], [0.9, 0.5, 0.9, 0.1], 0.7) == pytest.approx(0.5)


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


def test_absent_is_all_or_nothing(tables):
    X, _ = tables
    lost = take_away(X, "second", rows=np.arange(200) < 3)
    assert absent(lost, "second").sum() == 3
    assert not np.isnan(X["second"]).any()
    lost["second"][7, 0] = np.nan
    with pytest.raises(DataError, match="row 7"):
        absent(lost, "second")


def test_mean_is_that_of_scikit_learn_and_of_the_training_part(tables):
    X, _ = tables
    rows = np.arange(0, 200, 3)
    lost = take_away(X, "second", rows)
    filled = Fill("mean").fit(lost).transform(lost)
    theirs = SimpleImputer().fit(lost["second"]).transform(lost["second"])
    assert np.allclose(filled["second"], theirs)
    other = {name: x + 100 for name, x in X.items()}
    elsewhere = Fill("mean").fit(X).transform(take_away(other, "second"))
    assert np.allclose(elsewhere["second"], X["second"].mean(0))
    zeros = Fill("zero").fit(X).transform(take_away(X, "second"))
    assert (zeros["second"] == 0).all()


def test_prediction_is_that_of_a_ridge_and_finds_what_follows(tables):
    X, _ = tables
    rows = np.arange(0, 200, 4)
    lost = take_away(X, "second", rows)
    filled = Fill("predict").fit(lost).transform(lost)
    assert np.allclose(filled["second"], X["second"], atol=0.01)
    kept = np.setdiff1d(np.arange(200), rows)
    ridge = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 5, 15)))
    ridge.fit(X["first"][kept], X["second"][kept])
    assert np.allclose(filled["second"][rows], ridge.predict(X["first"][rows]))
    assert np.array_equal(filled["first"], X["first"])


def test_a_sample_that_lacks_everything_gets_the_means(tables):
    X, _ = tables
    fill = Fill("predict").fit(take_away(X, "second", rows=np.arange(0, 90)))
    nothing = take_away(take_away(X, "first", rows=[3]), "second", rows=[3, 4])
    filled = fill.transform(nothing)
    for name in X:
        assert np.array_equal(filled[name][3], fill.means_[name])
    assert not np.allclose(filled["second"][4], fill.means_["second"])


def test_filling_does_not_depend_on_the_other_samples_nor_on_the_order(tables):
    X, _ = tables
    for how in ("mean", "predict"):
        fill = Fill(how).fit(X)
        lost = take_away(X, "second", rows=[0, 1])
        alone = fill.transform({name: x[:1] for name, x in lost.items()})
        together = fill.transform(lost)
        assert np.allclose(alone["second"], together["second"][:1])
        turned = Fill(how).fit(dict(reversed(X.items()))).transform(dict(reversed(lost.items())))
        assert np.allclose(turned["second"], together["second"])


def test_a_modality_that_is_not_even_named_is_filled(tables):
    X, _ = tables
    filled = Fill("predict").fit(X).transform({"first": X["first"]})
    assert np.allclose(filled["second"], X["second"], atol=0.01)


def test_where_all_is_absent_the_mean_goes_in(tables):
    X, _ = tables
    lost = take_away(take_away(X, "second", [0]), "first", [0])
    filled = Fill("predict").fit(X).transform(lost)
    assert np.allclose(filled["first"][0], X["first"].mean(0), atol=0.01)
    assert np.allclose(filled["second"][0], X["second"].mean(0), atol=0.01)


def test_fill_refuses_what_it_cannot_learn(tables):
    X, _ = tables
    with pytest.raises(DataError, match="how is"):
        Fill("guess").fit(X)
    with pytest.raises(DataError, match="No training sample"):
        Fill().fit(take_away(X, "second"))


def single(name):
    return make_pipeline(mmlib.Select(name), StandardScaler(), LogisticRegression())


def pair():
    fused = mmlib.fusion.early_fusion(
        blocks={"first": StandardScaler(), "second": StandardScaler()},
        classifier=LogisticRegression(),
    )
    return WithSpares(fused, {name: single(name) for name in ("first", "second")})


def test_spares_decide_where_something_is_absent_and_the_fused_model_elsewhere(tables):
    X, y = tables
    lost = take_away(take_away(X, "second", [0, 1]), "first", [2])
    model = pair().fit(X, y)
    proba = model.predict_proba(lost)
    first = clone(single("first")).fit(X, y).predict_proba(X)
    second = clone(single("second")).fit(X, y).predict_proba(X)
    fused = clone(model.fused).fit(X, y).predict_proba(X)
    assert np.allclose(proba[:2], first[:2])
    assert np.allclose(proba[2], second[2])
    assert np.allclose(proba[3:], fused[3:])


def test_each_model_is_trained_on_all_samples_that_it_can_use(tables):
    X, y = tables
    gone = np.arange(200) < 150
    model = pair().fit(take_away(X, "second", gone), y)
    rest = {name: x[~gone] for name, x in X.items()}
    assert np.allclose(
        model.predict_proba(X), clone(model.fused).fit(rest, y[~gone]).predict_proba(X)
    )
    spare = model.spares_["first"].predict_proba(X)
    assert np.allclose(spare, clone(single("first")).fit(X, y).predict_proba(X))


def test_a_class_that_no_complete_sample_has_stays_a_class(tables):
    X, y = tables
    y = np.where(np.arange(200) < 10, 2, y)
    model = pair().fit(take_away(X, "second", np.arange(200) < 10), y)
    proba = model.predict_proba(X)
    assert proba.shape == (200, 3) and np.allclose(proba.sum(1), 1)


def test_spares_need_a_label_for_each_sample(tables):
    X, y = tables
    with pytest.raises(DataError, match="rows but y has"):
        pair().fit(X, y[:-1])


def test_spares_say_what_they_lack(tables):
    X, y = tables
    model = pair().fit(X, y)
    with pytest.raises(DataError, match="Row 4"):
        model.predict(take_away(take_away(X, "first", [4]), "second", [4]))
    with pytest.raises(DataError, match="nothing to fuse"):
        pair().fit(take_away(X, "first"), y)
    with pytest.raises(DataError, match="spare for 'third'"):
        WithSpares(single("first"), {"third": single("first")}).fit(X, y)


def test_a_modality_that_is_not_even_named_is_absent(tables):
    X, y = tables
    model = pair().fit(X, y)
    without = model.predict_proba({"first": X["first"]})
    assert np.allclose(without, model.predict_proba(take_away(X, "second")))


def test_spares_and_fill_live_in_scikit_learn(leaves, tables):
    from mmlib.data.mapping import Samples

    X, y = tables
    X = Samples(**X)
    model = clone(pair()).set_params(fused__model__C=0.5)
    assert cross_val_score(model, X, y, cv=3).min() > 0.8
    filled = make_pipeline(Fill("predict"), pair())
    assert cross_val_score(filled, take_away(X, "second", np.arange(0, 200, 5)), y).min() > 0.8


def test_a_modality_is_set_aside_only_where_another_can_step_in(tables):
    X, _ = tables
    odd = {"first": np.arange(200) < 3, "second": np.arange(200) < 1}
    aside = set_aside(X, odd)
    assert np.flatnonzero(absent(aside, "first")).tolist() == [1, 2]
    assert not absent(aside, "second").any() and not np.isnan(X["first"]).any()
    with pytest.raises(KeyError):
        set_aside(X, {"first": odd["first"]})


def test_turning_point_is_held_against_the_best_undamaged_modality():
    found = {"noise": Corruption(spectrum_noise, "b", "V", (0, 2))}
    means = {"early": (0.9, 0.5), "a only": (0.6, 0.6), "c only": (0.7, 0.7), "b only": (0.8, 0.1)}
    table = pd.Series({("noise", 2 * k, m): v[k] for m, v in means.items() for k in (0, 1)})
    point = turning_points(table.to_frame("mean"), found).loc["noise"]
    assert point["turns at"] == pytest.approx(1.0) and point["unit"] == "V"
    table = table.drop(index=["a only", "c only"], level=2)
    with pytest.raises(DataError, match="leaves alone"):
        turning_points(table.to_frame("mean"), found)


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
