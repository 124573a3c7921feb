"""What notebook 06 says in words, checked again over several simulated samples.

The net and the loop are the notebook's own: its functions are read from the lesson.
"""

import ast
from pathlib import Path

import numpy as np
import pytest
import torch

import mmlib
from mmlib.base import fit_options
from mmlib.features import with_features
from mmlib.features.blocks import feature_blocks
from mmlib.fusion import early_fusion, ladder, on_features

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "06_intermediate.py"
SEEDS = range(101, 106)
CURES = {
    "dropout": ({"dropout": 0.5}, {}),
    "weight decay": ({}, {"decay": 1.0}),
    "narrow": ({"width": 16}, {}),
    "linear encoders": ({"bend": torch.nn.Identity}, {}),
    "together": ({"width": 64, "dropout": 0.5, "bend": torch.nn.Identity}, {"decay": 1.0}),
}


@pytest.fixture(scope="module")
def lesson():
    """Functions and classes of the notebook, in a namespace of their own."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    tree = ast.parse(LESSON.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if isinstance(node, kinds)]
    names = {}
    exec(compile(tree, str(LESSON), "exec"), names)
    return names


@pytest.fixture(scope="module")
def new():
    return with_features(mmlib.make_leaves(300, seed=1000))


@pytest.fixture(scope="module")
def samples():
    return {seed: with_features(mmlib.make_leaves(seed=seed)) for seed in SEEDS}


@pytest.fixture(scope="module")
def few(lesson, samples, new):
    """Name -> (training curve, loss on new leaves, share right there) for each sample."""
    found = {name: [] for name in ("as it was", "early stopping", *CURES, "early")}
    for leaves in samples.values():
        few, watched = leaves.split(test_size=0.5, seed=0)[0].split(test_size=0.5, seed=0)
        lesson["blocks"] = feature_blocks(leaves, n_components=15).fit(few.X)
        train, valid, fresh = (lesson["tensors"](part) for part in (few, watched, new))

        def run(options=(), fits=(), sets=(train, valid, fresh)):
            torch.manual_seed(0)
            net = lesson["TwoBranches"](**({"width": 128} | dict(options)))
            curve = lesson["learn"](net, *sets[:2], **dict(fits))
            right = (net(sets[2][0]).argmax(1) == sets[2][1]).double().mean().item()
            return curve, lesson["loss_on"](net, sets[2]), right

        wide = run()
        found["as it was"].append(wide)
        found["early stopping"].append(run(fits={"epochs": wide[0][:, 1].argmin() + 1}))
        for name, settings in CURES.items():
            found[name].append(run(*settings))
        early = early_fusion(leaves).fit(few.X, few.y, model__groups=few.groups)
        found["early"].append((None, None, early.score(new.X, new.y)))
    return found


def losses(runs):
    return np.array([loss for _, loss, _ in runs])


def shares(runs):
    return np.array([right for _, _, right in runs])


def test_a_wide_net_learns_by_heart_and_its_validation_loss_falls_then_rises(few):
    for curve, _, _ in few["as it was"]:
        assert curve[-1, 0] < 0.02
        assert curve[:, 1].argmin() < 15
        assert curve[0, 1] > curve[:, 1].min() + 0.05
        assert curve[-1, 1] > curve[:, 1].min() + 0.2


@pytest.mark.parametrize(
    "cure", ["early stopping", "dropout", "weight decay", "narrow", "together"]
)
def test_each_cure_lowers_the_loss_on_new_leaves(cure, few):
    assert (losses(few["as it was"]) - losses(few[cure])).mean() > 0.1


def test_linear_encoders_alone_cure_nothing(few):
    assert (losses(few["linear encoders"]) - losses(few["as it was"])).mean() > -0.05


def test_overfitting_spoils_the_confidence_far_more_than_the_answers(few):
    best = losses(few["together"]).mean() / losses(few["as it was"]).mean()
    gain = (shares(few["together"]) - shares(few["as it was"])).mean()
    assert best < 0.65 and -0.01 < gain < 0.05


def test_with_few_leaves_no_net_repays_its_trouble_beside_early_fusion(few):
    nets = [shares(runs).mean() for name, runs in few.items() if name != "early"]
    assert shares(few["early"]).mean() > max(nets) + 0.01


@pytest.fixture(scope="module")
def many(samples, new):
    """Name -> (share right with both, share right without a picture) for each sample."""
    found = {}
    for seed, leaves in samples.items():
        part, _ = leaves.split(seed=0)
        average = np.repeat(part.X["image"].mean(0, keepdims=True), len(new), axis=0)
        lost = {"spectrum": new.X["spectrum"], "image": average}
        models = {
            "spectrum only": ladder(leaves)["spectrum only"],
            "early": early_fusion(leaves),
            "plain": on_features(leaves, random_state=seed),
            "auxiliary": on_features(leaves, auxiliary=0.5, random_state=seed),
            "drilled": on_features(leaves, modality_dropout=0.3, random_state=seed),
        }
        for name, model in models.items():
            model.fit(part.X, part.y, model__groups=part.groups)
            scores = model.score(new.X, new.y), model.score(lost, new.y)
            found.setdefault(name, []).append(scores)
    return {name: np.mean(scores, axis=0) for name, scores in found.items()}


def test_with_enough_leaves_the_net_comes_within_a_few_points_of_early_fusion(many):
    assert 0.02 < many["early"][0] - many["plain"][0] < 0.06
    assert many["plain"][0] - many["spectrum only"][0] > 0.2


def test_auxiliary_losses_change_nothing_on_these_leaves(many):
    assert abs(many["auxiliary"][0] - many["plain"][0]) < 0.02


def test_modality_dropout_costs_points_with_both_and_pays_without_a_picture(many):
    assert many["plain"][0] - many["drilled"][0] > 0.02
    assert many["drilled"][1] - many["plain"][1] > 0.05


def test_without_a_picture_the_plain_net_falls_below_the_spectrum_and_the_drilled_one_is_closer(
    many,
):
    spectrum = many["spectrum only"][0]
    assert many["plain"][1] < spectrum - 0.04
    assert -0.06 < many["drilled"][1] - spectrum < 0.02


def test_with_one_picture_in_ten_missing_a_fallback_is_best(many):
    plain, drilled = (many[name] @ [0.9, 0.1] for name in ("plain", "drilled"))
    fallback = 0.9 * many["plain"][0] + 0.1 * many["spectrum only"][0]
    assert fallback > plain + 0.005 and plain > drilled


def test_no_net_is_above_the_joint_ceiling(many):
    limit = mmlib.ceilings(mmlib.load_leaves())["joint"][0]
    assert max(both for both, _ in many.values()) < limit + 0.015


def test_with_raw_pixels_a_net_knows_its_leaves_but_not_new_ones(many):
    raw, _ = mmlib.make_leaves(seed=SEEDS[0]).split(seed=0)
    other = mmlib.make_leaves(150, seed=1001)
    seer = mmlib.FusionClassifier(epochs=20, random_state=0)
    seer = seer.fit(raw.X, raw.y, groups=raw.groups)
    assert seer.score(raw.X, raw.y) > 0.8
    assert seer.score(other.X, other.y) < many["plain"][0] - 0.07


def test_ripe_when_both_are_high_or_both_low_takes_a_bend():
    for seed in range(5):
        first, second = np.random.default_rng(seed).normal(size=(2, 800, 1))
        fruit = mmlib.MultimodalData(
            {"first": first, "second": second}, (first * second > 0).ravel().astype(int)
        )
        part, rest = fruit.split(seed=seed)
        assert early_fusion(fruit).fit(part.X, part.y).score(rest.X, rest.y) < 0.65
        net = on_features(fruit, random_state=seed).fit(part.X, part.y)
        assert net.score(rest.X, rest.y) > 0.9


def test_the_sliders_draw_the_same_thing_for_the_same_values(lesson):
    leaves = with_features(mmlib.make_leaves(n_plants=12))
    lesson["blocks"] = feature_blocks(leaves, n_components=15).fit(leaves.X)
    lesson |= {"few": leaves, "valid": lesson["tensors"](leaves)}
    said = [lesson["draw"](width=4, leaves=n)[1] for n in (60, 30, 60)]
    assert said[0] == said[2] != said[1]
    assert said[1].startswith("30 leaves: training loss")


def test_a_modality_that_knows_nothing_costs_a_net_much_and_with_the_safeguard_nothing():
    """Other leaves than the lesson's, and a net that multiplies besides."""
    scores = []
    for seed in SEEDS:
        leaves = with_features(mmlib.make_leaves(60, seed=seed))
        fresh = with_features(mmlib.make_leaves(100, seed=seed + 500))
        rng, tables = np.random.default_rng(seed), []
        for part in (leaves, fresh):
            plants = np.unique(part.groups, return_inverse=True)[1]
            tables.append({**part.X, "weather": rng.normal(size=(plants.max() + 1, 45))[plants]})
        data = mmlib.MultimodalData(tables[0], leaves.y, leaves.groups)
        for fuse in ("concatenate", "tensor"):
            options = {"fuse": fuse, "epochs": 20, "random_state": 0}
            guarded = on_features(data, **options)
            bare = on_features(data, **options).set_params(selection="passthrough")
            spared = on_features(data, modalities=["spectrum", "image"], **options)
            rows = []
            for model in (guarded, bare, spared):
                model.fit(data.X, data.y, **fit_options(model, data.groups))
                rows.append(model.score(tables[1], fresh.y))
            scores.append(rows)
    guarded, bare, spared = np.array(scores).T
    assert (guarded - bare).mean() > 0.05 and (guarded > bare).mean() > 0.8
    assert (spared - guarded).mean() < 0.01
