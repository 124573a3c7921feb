"""Computing once what does not change gives the same net as computing it in every epoch."""

import numpy as np

from mmlib import FusionClassifier


def spectra(n=60):
    rng = np.random.default_rng(0)
    y = np.arange(n) % 2
    X = {"nir": rng.normal(size=(n, 60)).cumsum(1), "size": rng.normal(size=(n, 2))}
    X["nir"][:, 30:] += y[:, None]
    return X, y


def leave(X):
    return X


def test_training_on_columns_is_training_on_what_they_come_from():
    X, y = spectra()
    once = FusionClassifier(epochs=3, random_state=0).fit(X, y)
    every = FusionClassifier(epochs=3, random_state=0, augment=leave).fit(X, y)
    np.testing.assert_allclose(once.predict_proba(X), every.predict_proba(X), atol=1e-9)
    for one, other in zip(once.history_, every.history_, strict=True):
        np.testing.assert_allclose(list(one.values()), list(other.values()), atol=1e-9)


def test_an_augmented_spectrum_is_looked_at_after_it_was_changed():
    X, y = spectra()
    seen = []

    def watch(batch):
        seen.append({name: tuple(x.shape[1:]) for name, x in batch.items()})
        return batch

    FusionClassifier(epochs=1, random_state=0, augment=watch).fit(X, y)
    assert seen and all(shapes == {"nir": (60,), "size": (2,)} for shapes in seen)
