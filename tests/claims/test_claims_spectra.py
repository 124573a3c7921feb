"""What notebooks 01 and 04 say of components and wavelengths, checked over five samples."""

import numpy as np
import pytest
from chemotools.scatter import StandardNormalVariate
from sklearn.covariance import OAS
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_selection import SelectKBest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import mmlib
from mmlib.course.figures.n01 import plot_preprocessed
from mmlib.features import default_block, spectrum_steps, with_features
from mmlib.features.baselines import spectrum_baselines
from mmlib.features.wavelengths import BandSelector
from mmlib.fusion.early import early_fusion

SEEDS = range(401, 406)
WATER = [(1350, 1560), (1830, 2110)]


@pytest.fixture(scope="module")
def samples():
    return [mmlib.make_leaves(seed=seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def new():
    return mmlib.make_leaves(200, seed=1401)


def _on(steps, samples, new):
    """Share right on new leaves, for each sample."""
    model = make_pipeline(mmlib.Select("spectrum"), *steps, LinearDiscriminantAnalysis())
    return np.array([model.fit(one.X, one.y).score(new.X, new.y) for one in samples])


def _components(first, last):
    return [PCA(20), FunctionTransformer(lambda scores: scores[:, first - 1 : last])]


@pytest.fixture(scope="module")
def by_components(samples, new):
    parts = ((1, 2), (3, 4), (1, 10), (1, 20))
    return {part: _on(_components(*part), samples, new) for part in parts}


def test_components_with_little_variance_tell_as_much_as_those_with_most(samples, by_components):
    for one in samples:
        share = PCA(4).fit(one.X["spectrum"]).explained_variance_ratio_
        assert share[2:].sum() < share[:2].sum() / 3
    assert (by_components[3, 4] - by_components[1, 2]).mean() > -0.02
    assert (by_components[1, 20] - by_components[1, 2]).min() > 0.05
    assert (by_components[1, 20] - by_components[3, 4]).min() > 0.05


def test_from_ten_components_on_the_number_matters_little(by_components):
    assert abs(by_components[1, 20] - by_components[1, 10]).max() < 0.06


def test_the_first_component_is_brightness_and_the_fourth_red_pigment(samples):
    for one in samples:
        pca = PCA(4).fit(one.X["spectrum"].astype(float))
        first, fourth = pca.components_[[0, 3]]
        assert (first > 0).all() or (first < 0).all()
        assert one.axes["spectrum"][abs(first).argmax()] > 1000
        assert 520 <= one.axes["spectrum"][abs(fourth).argmax()] <= 560
        scores = pca.transform(one.X["spectrum"])
        means = np.array([scores[one.y == label].mean(0) for label in one.labels])
        between = means.var(0) / scores.var(0)
        assert between.argmax() == 3 and pca.explained_variance_ratio_[3] < 0.03


def test_in_a_single_band_snv_or_a_derivative_parts_thirsty_from_healthy_leaves_further(samples):
    for one in samples:
        raw, *corrected = (
            float(plot_preprocessed(one, "healthy", "drought", **how)[1].split(" lie ")[1][:3])
            for how in ({}, {"snv": True}, {"derivative": 2}, {"derivative": 1, "snv": True})
        )
        assert min(corrected) > raw + 0.1
        assert max(corrected) < min(corrected) + 0.6  # who wins is a matter of a few tenths


def test_neither_preprocessing_nor_absorbance_helps_a_model_of_all_bands(samples, new):
    raw = _on([PCA(20)], samples, new)
    absorbance = FunctionTransformer(lambda R: np.log10(1 / np.clip(R, 0.001, 1)))
    assert (_on([absorbance, PCA(20)], samples, new) - raw).mean() < 0.01
    usual = spectrum_baselines()["LDA on PCA"]
    prepared = [usual.fit(one.X, one.y).score(new.X, new.y) for one in samples]
    assert (prepared - raw).mean() < 0.01


@pytest.fixture(scope="module")
def by_bands(samples, new):
    """Choice of bands -> share right beside the features of the picture, for each sample."""
    lda = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=OAS())
    blocks = {"components": default_block((211,), 15)}
    every_third = FunctionTransformer(lambda table: table[:, ::3])
    choosers = {
        "one by one": SelectKBest(k=12),
        "every third": make_pipeline(every_third, SelectKBest(k=12)),
        "VIP": BandSelector(12),
    }
    for name, chooser in choosers.items():
        blocks[name] = make_pipeline(*spectrum_steps(derivative=0), chooser)
    blocks["sensor"] = [BandSelector(12), StandardNormalVariate(), StandardScaler()]
    tables, asked = [with_features(one) for one in samples], with_features(new)
    found = {}
    for name, block in blocks.items():
        pair = {"spectrum": block, "image": StandardScaler()}
        model = early_fusion(blocks=pair, classifier=lda)
        found[name] = np.array([model.fit(one.X, one.y).score(asked.X, asked.y) for one in tables])
    return found


def test_bands_chosen_by_vip_come_close_to_components_and_single_best_bands_do_not(by_bands):
    assert (by_bands["components"] - by_bands["VIP"]).max() < 0.06
    assert (by_bands["VIP"] - by_bands["one by one"]).min() > 0.01


def test_best_bands_that_are_no_neighbors_are_better_and_still_behind_vip(by_bands):
    assert (by_bands["every third"] - by_bands["one by one"]).min() > 0
    assert (by_bands["VIP"] - by_bands["every third"]).min() > 0.01


def test_twelve_raw_bands_with_snv_of_their_own_come_close_to_components(by_bands):
    assert (by_bands["components"] - by_bands["sensor"]).max() < 0.06


def test_the_best_bands_one_by_one_all_see_water_and_those_by_vip_do_not(samples):
    for one in samples:
        axis = one.axes["spectrum"]
        table = make_pipeline(*spectrum_steps(derivative=0)).fit_transform(one.X["spectrum"])
        single = axis[SelectKBest(k=12).fit(table, one.y).get_support()]
        assert all(any(low <= w <= high for low, high in WATER) for w in single)
        spread = axis[BandSelector(12).fit(table, one.y).bands_]
        assert spread.min() < 800 and np.diff(spread).min() > 2 * np.diff(axis).max()
