"""Whitened components have one strength, are few where samples are few, and take any unit."""

import numpy as np

from mmlib.features.whitened import WhitenedComponents


def spectra(n, bands=80, seed=0):
    return np.random.default_rng(seed).normal(size=(n, bands)).cumsum(1)


def test_columns_are_uncorrelated_and_of_one_strength_in_training():
    made = WhitenedComponents(10).fit_transform(spectra(100))
    assert made.shape == (100, 12)
    np.testing.assert_allclose(np.cov(made[:, :10].T), np.eye(10), atol=1e-9)
    np.testing.assert_allclose(made[:, 10:].std(0), 1)


def test_level_and_spread_are_kept_beside_the_shape():
    X = spectra(40)
    model = WhitenedComponents(5).fit(X)
    shape, level = np.split(model.transform(X), [5], axis=1)
    moved, other = np.split(model.transform(3 * X + 1), [5], axis=1)
    np.testing.assert_allclose(moved, shape, atol=1e-9)
    assert abs(other - level).min(0).max() > 0


def test_a_quarter_of_the_samples_and_what_is_more_than_rounding_are_limits():
    assert WhitenedComponents(20).fit(spectra(16)).patterns_.shape == (4, 80)
    few = spectra(100, seed=1)[:, :1] * np.arange(80) + np.sin(np.arange(80))
    assert len(WhitenedComponents(20).fit(few).patterns_) < 5
    flat = np.ones((12, 80))
    assert np.isfinite(WhitenedComponents().fit_transform(flat)).all()
