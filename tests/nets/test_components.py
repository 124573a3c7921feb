"""Spectra as whitened components: what is found without labels, and what is kept beside."""

import numpy as np
import torch
from sklearn.decomposition import PCA

import mmlib
from mmlib.nets.components import SpectrumComponents
from mmlib.nets.loop import own_randomness


def learned(spectra, center=0.0, scale=1.0, **options):
    with own_randomness(0):
        encoder = SpectrumComponents(spectra.shape[1], **options)
        as_tensors = (torch.tensor(center), torch.tensor(scale))
        encoder.learn(torch.from_numpy(spectra), as_tensors)
    given = torch.from_numpy((spectra - center) / scale)
    return encoder, encoder.columns(given).numpy()


def test_columns_are_whitened_components_of_pretreated_spectra_as_measured():
    spectra = 3 + np.random.default_rng(0).normal(size=(100, 60)).cumsum(1)
    _, columns = learned(spectra, center=2.0, scale=5.0, n_components=4)
    snv = (spectra - spectra.mean(1, keepdims=True)) / spectra.std(1, keepdims=True)
    expected = PCA(4, whiten=True, svd_solver="full").fit_transform(snv)
    np.testing.assert_allclose(np.abs(columns[:, :4]), np.abs(expected), rtol=1e-6, atol=1e-9)
    for column, measured in ((4, spectra.mean(1)), (5, spectra.std(1))):
        assert np.corrcoef(columns[:, column], measured)[0, 1] > 0.999999


def test_few_or_flat_spectra_give_fewer_components_and_finite_numbers():
    few = np.random.default_rng(0).normal(size=(12, 60))
    few[3] = 7.0
    encoder, columns = learned(few)
    assert (encoder.patterns.abs().sum(1) > 0).sum() == 3 and np.isfinite(columns).all()
    _, columns = learned(np.ones((10, 60)))
    assert np.isfinite(columns).all()


def test_brightness_alone_is_seen_too():
    """What pretreatment takes away may be the signal."""
    rng = np.random.default_rng(0)
    y = np.arange(120) % 2
    shape = np.sin(np.arange(80) / 9) + 0.05 * rng.normal(size=(120, 80))
    X = {"nir": shape * (1 + 0.5 * y + 0.05 * rng.normal(size=120))[:, None]}
    model = mmlib.FusionClassifier(encoders={"nir": "components"}, random_state=0).fit(X, y)
    assert type(model.net_.encoders["nir"]) is SpectrumComponents
    assert model.score(X, y) > 0.95
