"""What every net is as an estimator: what it is given, and how it is copied."""

import copy

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from mmlib.base import DataError
from mmlib.nets.estimators import NeuralFusion
from mmlib.nets.targets import PredictsQuantities


class Plain(PredictsQuantities, NeuralFusion):
    """Nothing of its own: the shared parts alone make a net."""


@pytest.fixture(scope="module")
def fitted():
    rng = np.random.default_rng(0)
    X = {"size": 5 + 2 * rng.normal(size=(600, 3)), "weight": rng.normal(size=(600, 1))}
    options = {"width": 4, "epochs": 2, "random_state": 0, "device": "cpu"}
    return X, Plain(**options).fit(X, X["size"][:, 0])


def test_batches_are_what_the_net_is_given_row_by_row(fitted):
    X, model = fitted
    batches = list(model.batches(X))
    assert [len(batch["size"]) for batch in batches] == [256, 256, 88]
    center, scale = model.scaling_["size"]
    seen = np.concatenate([batch["size"].numpy() for batch in batches])
    np.testing.assert_allclose(seen, (X["size"] - center) / scale)
    said = np.concatenate([model.net_(batch).detach().numpy() for batch in batches])[:, 0]
    center, scale = model.target_scaling_
    np.testing.assert_allclose(center + scale * said, model.predict(X))


def test_batches_of_some_modalities_need_no_other(fitted):
    X, model = fitted
    (batch,) = model.batches({"weight": X["weight"][:5]}, modalities=["weight"])
    assert list(batch) == ["weight"] and batch["weight"].shape == (5, 1)
    with pytest.raises(DataError, match="'weight' holds texts, and a net takes numbers"):
        model.batches({"weight": np.array(["light", "heavy"], object)}, modalities=["weight"])
    with pytest.raises(DataError, match="no modality 'size'"):
        model.batches({"weight": X["weight"][:5]})
    with pytest.raises(NotFittedError):
        Plain().batches(X)


def test_a_copy_is_the_net_of_the_fit_and_not_of_what_was_set_since(fitted):
    X, model = fitted
    expected = model.predict(X)
    changed = copy.deepcopy(model).set_params(width=9, auxiliary=0.5)
    again = copy.deepcopy(changed)
    assert again.width == 9 and again.net_.auxiliary_weight == 0
    np.testing.assert_array_equal(again.predict(X), expected)


def test_only_concatenation_has_a_name_here():
    with pytest.raises(DataError, match="fuse is 'gate': it must be a class or 'concatenate'"):
        Plain(fuse="gate").fit({"size": np.ones((8, 2))}, np.arange(8))
