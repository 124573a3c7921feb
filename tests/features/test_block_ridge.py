import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import Ridge

from mmlib import DataError
from mmlib.features import BlockRidgeClassifier, BlockRidgeRegressor


def wide(n=90, classes=3, seed=0):
    rng = np.random.default_rng(seed)
    code = np.arange(n) % classes
    blocks = {
        "wide": rng.normal(size=(n, 400)),
        "narrow": rng.normal(size=(n, 3)) + 2.5 * np.eye(3)[code],
    }
    return blocks, np.array(["a", "b", "c"])[code]


def test_it_finds_the_block_that_knows_among_wide_noise():
    blocks, y = wide()
    new, truth = wide(seed=1)
    model = BlockRidgeClassifier().fit(blocks, y)
    assert model.weights_["narrow"] >= 0.5
    assert model.score(new, truth) > 0.9
    assert BlockRidgeClassifier(blocks=["wide"]).fit(blocks, y).score(new, truth) < 0.5


def test_probabilities_sum_to_one_and_are_honest():
    blocks, y = wide(300)
    new, truth = wide(300, seed=1)
    proba = BlockRidgeClassifier().fit(blocks, y).predict_proba(new)
    np.testing.assert_allclose(proba.sum(1), 1)
    assert (
        abs(proba.max(1).mean() - (np.array(list("abc"))[proba.argmax(1)] == truth).mean()) < 0.06
    )


def test_labels_of_noise_give_no_confidence():
    rng = np.random.default_rng(0)
    blocks = {"noise": rng.normal(size=(60, 500))}
    model = BlockRidgeClassifier().fit(blocks, rng.integers(0, 2, 60))
    new = {"noise": rng.normal(size=(200, 500))}
    assert model.predict_proba(new).max() < 0.8


def test_a_class_between_two_others_is_seen():
    code = np.arange(120) % 3
    x = code[:, None] + 0.1 * np.random.default_rng(0).normal(size=(120, 1))
    assert BlockRidgeClassifier().fit(x, code).score(x, code) > 0.95


def test_a_boundary_bends_where_it_must():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 2))
    y = (np.hypot(*x.T) > 1.2).astype(int)
    model = BlockRidgeClassifier().fit({"plane": x}, y)
    assert model.bends_["plane"] is not None
    new = rng.normal(size=(300, 2))
    assert model.score({"plane": new}, np.hypot(*new.T) > 1.2) > 0.93


def test_groups_are_left_out_as_a_whole():
    """Samples of a plant are alike: only whole plants left out show that nothing is known."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(20), 6)
    x = rng.normal(size=(20, 200))[groups] + 0.05 * rng.normal(size=(120, 200))
    y = rng.integers(0, 2, 20)[groups]
    assert BlockRidgeClassifier().fit(x, y).loss_ < 0.2
    assert BlockRidgeClassifier().fit(x, y, groups=groups).loss_ > 0.6


def test_a_quantity_with_a_given_weight_is_ridge_regression():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(50, 4)), rng.normal(size=50)
    model = BlockRidgeRegressor(weights=None, penalties=[0.1]).fit(x, y)
    scaled = (x - x.mean(0)) / np.sqrt(x.var(0).sum())
    expected = Ridge(50 * 0.1).fit(scaled, y).predict(scaled)
    np.testing.assert_allclose(model.predict(x), expected)


def test_units_of_a_block_and_of_a_quantity_do_not_matter():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(50, 80)), rng.normal(size=50)
    one = BlockRidgeRegressor().fit(x, y).predict(x)
    other = BlockRidgeRegressor().fit(1000 * x + 3, 5 * y).predict(1000 * x + 3)
    np.testing.assert_allclose(other, 5 * one, rtol=1e-6, atol=1e-6)


def test_blocks_in_which_nothing_varies_do_no_harm():
    y = np.arange(20) % 2
    blocks = {"flat": np.ones((20, 5)), "knows": y[:, None] + 0.0}
    assert BlockRidgeClassifier().fit(blocks, y).score(blocks, y) == 1


def test_it_can_be_cloned_and_refuses_what_it_cannot_fit():
    model = clone(BlockRidgeClassifier(blocks=["a"]))
    with pytest.raises(DataError, match="no block 'a'"):
        model.fit({"b": np.zeros((4, 1))}, [0, 1, 0, 1])
    with pytest.raises(DataError, match="one class only"):
        model.fit({"a": np.zeros((4, 1))}, [1, 1, 1, 1])
