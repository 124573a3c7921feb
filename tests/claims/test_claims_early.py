"""What notebook 04 says of a block that knows nothing, checked again over five samples."""

import numpy as np
import pytest
from sklearn.covariance import OAS
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.preprocessing import StandardScaler

import mmlib
from mmlib.features import default_block
from mmlib.fusion.early import early_fusion

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
