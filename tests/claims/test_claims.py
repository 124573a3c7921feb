"""What the notebooks say in words, checked again over several simulated samples."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline

import mmlib
from mmlib import Select
from mmlib.course.figures.n00 import three_quarters
from mmlib.course.figures.n02 import FILTERS
from mmlib.course.pixels import convolve, max_pool
from mmlib.data.leaves.factors import KNOBS, draw_factors
from mmlib.features import spectrum_baselines, with_features
from mmlib.fusion.early import early_fusion

SEEDS = range(101, 106)


def forest():
    return RandomForestClassifier(200, min_samples_leaf=3, random_state=0)


@pytest.fixture(scope="module")
def accuracies():
    """Model -> accuracy for each seed: trained on 1,200 leaves, scored on 2,000 new ones."""
    new = mmlib.make_leaves(400, seed=1000)
    measured = with_features(new)
    found = {"spectrum": [], "image": [], "early": []}
    for seed in SEEDS:
        raw = mmlib.make_leaves(seed=seed)
        leaves = with_features(raw)
        models = {
            "spectrum": spectrum_baselines()["random forest"],
            "image": make_pipeline(Select("image"), forest()),
        }
        for name, model in models.items():
            score = model.fit(leaves.X, leaves.y).score(measured.X, measured.y)
            found[name].append(score)
        found["early"].append(early_fusion(raw).fit(raw.X, raw.y).score(new.X, new.y))
    return {name: np.array(scores) for name, scores in found.items()}


@pytest.fixture(scope="module")
def limits():
    return {key: value for key, (value, _) in mmlib.ceilings(mmlib.load_leaves()).items()}


@pytest.mark.parametrize("modality", ["spectrum", "image"])
def test_a_single_modality_comes_within_three_points_of_its_ceiling(modality, accuracies, limits):
    assert limits[modality] - accuracies[modality].mean() < 0.03


def test_early_fusion_comes_within_five_points_of_the_joint_ceiling(accuracies, limits):
    assert limits["joint"] - accuracies["early"].mean() < 0.05


def test_early_fusion_comes_further_than_the_product_of_two_perfect_observers(accuracies, limits):
    assert accuracies["early"].min() > limits["late"] > limits["spectrum"] + 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_three_quarters_of_the_expected_chlorophyll_part_healthy_from_short_of_nitrogen(seed):
    condition = np.repeat([0, 4], 240)
    leaf = draw_factors(condition, dict.fromkeys(KNOBS, 1.0), np.random.default_rng(seed))
    short = leaf["chlorophyll"] < three_quarters(leaf["maturity"])
    assert (short == (condition == 4)).mean() > 0.93
    cuts = leaf["chlorophyll"] < np.linspace(5, 100, 200)[:, None]
    assert (cuts == (condition == 4)).mean(axis=1).max() < 0.75  # chlorophyll alone


@pytest.mark.parametrize("seed", SEEDS)
def test_after_pooling_less_changes_when_a_leaf_moves_by_a_pixel(seed):
    changed = []
    for picture in mmlib.make_leaves(5, 2, seed=seed).X["image"].mean(axis=3):
        pair = [
            abs(convolve(one, FILTERS["left-right edges"]))
            for one in (picture, np.roll(picture, 1, axis=1))
        ]
        pooled = [[max_pool(one, size) for one in pair] for size in (1, 4)]
        changed.append([abs(one - other).sum() / one.sum() for one, other in pooled])
    before, after = np.transpose(changed)
    assert (after < before).all() and after.mean() < before.mean() / 2


def test_no_model_is_above_its_ceiling(accuracies, limits):
    noise = 2 * np.sqrt(0.25 / 2000)  # two standard errors of a share among the new leaves
    assert accuracies["spectrum"].mean() < limits["spectrum"] + noise
    assert accuracies["image"].mean() < limits["image"] + noise
    assert accuracies["early"].mean() < limits["joint"] + noise


def test_early_fusion_beats_both_modalities_when_synergy_is_on(accuracies):
    best = np.maximum(accuracies["spectrum"], accuracies["image"])
    assert (accuracies["early"] - best > 0.15).all()


def test_with_nothing_that_only_the_picture_knows_fusion_gains_nothing():
    gains = []
    for seed in SEEDS:
        new = with_features(mmlib.make_leaves(200, lesions=0, synergy=0, seed=seed + 500))
        leaves = with_features(mmlib.make_leaves(lesions=0, synergy=0, seed=seed))
        alone = spectrum_baselines()["LDA on PCA"].fit(leaves.X, leaves.y)
        both = early_fusion(leaves).fit(leaves.X, leaves.y)
        gains.append(both.score(new.X, new.y) - alone.score(new.X, new.y))
    assert abs(np.mean(gains)) < 0.04


def test_shuffled_pairs_bring_fusion_down_to_the_spectrum(accuracies):
    """A picture of some other leaf is noise: what remains is what the spectrum knows."""
    leaves = with_features(mmlib.make_leaves(seed=SEEDS[0]))
    new = with_features(mmlib.make_leaves(400, seed=1000))
    rng = np.random.default_rng(0)
    for data in (leaves, new):
        data.X["image"] = rng.permutation(data.X["image"])
    score = early_fusion(leaves).fit(leaves.X, leaves.y).score(new.X, new.y)
    assert score < accuracies["spectrum"][0] + 0.02


def test_noise_labels_score_chance():
    leaves = with_features(mmlib.make_leaves(seed=SEEDS[0]))
    of_plant = np.random.default_rng(1).permutation(240) % 5
    leaves.y = of_plant[leaves.groups]
    result = mmlib.compare({"early": early_fusion(leaves)}, leaves, n_repeats=2)
    assert result.table.loc["early", "low"] < 0.2 < result.table.loc["early", "high"]
