"""What notebook 04 says of drowned bands, of PLS and of noise, checked again over five samples."""

import numpy as np
import pytest
from sklearn.covariance import OAS
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

import mmlib
from mmlib.features import default_block, flatten, spectrum_steps, with_features
from mmlib.fusion.early import early_fusion
from mmlib.fusion.multiblock import multiblock_pls

SEEDS = range(301, 306)


def with_noise(leaves, seed):
    """Spectra, and a hundred columns that know nothing."""
    noise = np.random.default_rng(seed).normal(size=(len(leaves), 100))
    return mmlib.MultimodalData(
        {"spectrum": leaves.X["spectrum"], "noise": noise}, leaves.y, leaves.groups
    )


@pytest.fixture(scope="module")
def losses():
    """Model -> how much accuracy a hundred columns of noise cost, with 200 leaves to learn from."""
    new = with_noise(mmlib.make_leaves(200, seed=1000), 0)
    spectrum = {"spectrum": default_block((211,), 15)}
    both = spectrum | {"noise": StandardScaler()}
    heads = {
        "LDA": LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=OAS()),
        "ridge": None,
    }
    found = {name: [] for name in heads}
    for seed in SEEDS:
        leaves = with_noise(mmlib.make_leaves(40, seed=seed), seed)
        for name, head in heads.items():
            groups = {} if head else {"model__groups": leaves.groups}
            alone, beside = (
                early_fusion(blocks=blocks, classifier=head)
                .fit(leaves.X, leaves.y, **groups)
                .score(new.X, new.y)
                for blocks in (spectrum, both)
            )
            found[name].append(alone - beside)
    return {name: np.mean(lost) for name, lost in found.items()}


def test_noise_costs_a_shrunken_discriminant_analysis_accuracy(losses):
    assert losses["LDA"] > 0.02


def test_ridge_regression_on_blocks_leaves_noise_out(losses):
    assert losses["ridge"] < 0.01


def test_noise_moves_the_scores_most_beside_as_many_columns_as_leaves():
    little = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.02)
    blocks = {"spectrum": default_block((211,), 15), "noise": StandardScaler()}
    new, rng = mmlib.make_leaves(200, seed=1000), np.random.default_rng(0)
    new_noise = rng.normal(size=(len(new), 800))
    for seed in SEEDS:
        leaves, sway, right = mmlib.make_leaves(30, seed=seed), {}, {}
        noise = rng.normal(size=(len(leaves), 800))
        for columns in (25, 100, 800):
            leaves.X["noise"], new.X["noise"] = noise[:, :columns], new_noise[:, :columns]
            model = early_fusion(blocks=blocks, classifier=little).fit(leaves.X, leaves.y)
            table, weights = model[0].transform(new.X), model[-1].coef_
            weights = weights - weights.mean(axis=0)
            by_spectrum, by_noise = (
                np.sqrt((table[:, part] @ weights[:, part].T).var(axis=0).sum())
                for part in (slice(15), slice(15, None))
            )
            sway[columns] = by_noise / by_spectrum
            right[columns] = model.score(new.X, new.y)
        assert sway[100] > 1.4 * max(sway[25], sway[800])
        assert right[100] < min(right[25], right[800])


def with_pixels(raw):
    """Bands, features and pixels of leaves."""
    leaves = with_features(raw)
    leaves.X["pixels"] = flatten(raw.X["image"]).astype(np.float32)
    return leaves


@pytest.fixture(scope="module")
def right():
    """Model -> accuracy on 1,000 new leaves, for each sample of 1,200."""
    bands, scaled = {"spectrum": spectrum_steps(derivative=0)}, StandardScaler()
    pair, drowned = bands | {"image": scaled}, bands | {"pixels": scaled}
    vote = KNeighborsClassifier(15)
    models = {"bands": early_fusion(blocks=bands, classifier=vote)}
    for name, blocks in {"pixels": drowned, "features": pair}.items():
        for scale in (False, True):
            model = early_fusion(blocks=blocks, classifier=vote, block_scale=scale)
            models[name, scale] = model
    shrunk = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=OAS())
    both = {"spectrum": default_block((211,), 15), "image": StandardScaler()}
    models |= {"LDA": early_fusion(blocks=both, classifier=shrunk)}
    models |= {"PLS": multiblock_pls(blocks=pair)}
    new = with_pixels(mmlib.make_leaves(200, seed=1000))
    found = {name: [] for name in models}
    for seed in SEEDS:
        leaves = with_pixels(mmlib.make_leaves(seed=seed))
        for name, model in models.items():
            groups = {"model__groups": leaves.groups} if name == "PLS" else {}
            found[name].append(model.fit(leaves.X, leaves.y, **groups).score(new.X, new.y))
    return {name: np.array(scores) for name, scores in found.items()}


def test_pixels_drown_the_bands_and_block_scaling_makes_it_less_bad(right):
    assert (right["bands"] - right["pixels", False] > 0.04).all()
    assert (right["pixels", True] - right["pixels", False] > 0.03).all()
    assert right["pixels", True].mean() < right["bands"].mean() + 0.03


def test_block_scaling_makes_features_of_more_use(right):
    assert (right["features", True] - right["features", False] > 0.03).all()


def test_pls_that_chooses_its_number_is_level_with_discriminant_analysis(right):
    assert abs((right["PLS"] - right["LDA"]).mean()) < 0.01
