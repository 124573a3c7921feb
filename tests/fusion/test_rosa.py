"""ROSA against its definition, and against PLS where the two must agree."""

import numpy as np
import pytest
from sklearn.cross_decomposition import PLSRegression
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline

import mmlib
from mmlib import DataError
from mmlib.fusion.block_scores import explained_variance, held_out_error, scores_fusion
from mmlib.fusion.rosa import ROSA


@pytest.fixture
def study():
    rng = np.random.default_rng(5)
    X = {name: rng.normal(size=(50, k)) for name, k in {"a": 6, "b": 9, "c": 4}.items()}
    return X, X["a"][:, 0] + 2 * X["b"][:, 3] + X["c"][:, 1] + 0.5 * rng.normal(size=50)


def predict(scores, X, y, new):
    return make_pipeline(scores, LinearRegression()).fit(X, y).predict(new)


def race(X, y, n_components):
    """Liland, Naes & Indahl (2016): who leaves the smallest residual; by least squares anew."""
    chosen, T, left = [], np.zeros((len(y), 0)), y - y.mean()
    for _ in range(n_components):
        offers = {}
        for name, x in X.items():
            x = x - x.mean(0)
            offer = np.column_stack([T, x @ (x.T @ left)])
            fit = offer @ np.linalg.lstsq(offer, y - y.mean())[0]
            offers[name] = np.sum((y - y.mean() - fit) ** 2), offer
        winner = min(offers, key=lambda name: offers[name][0])
        T = offers[winner][1]
        left = y - y.mean() - T @ np.linalg.lstsq(T, y - y.mean())[0]
        chosen.append(winner)
    return chosen, left


def test_the_block_that_leaves_the_smallest_residual_wins_each_time(study):
    X, y = study
    chosen, left = race(X, y, 7)
    scores = ROSA(7).fit(X, y)
    assert scores.sources_.tolist() == chosen and set(chosen) == {"a", "b", "c"}
    np.testing.assert_allclose(y - predict(ROSA(7), X, y, X), left, atol=1e-8)


@pytest.mark.parametrize("targets", [1, 3])
def test_one_block_is_pls(study, targets):
    X, y = study
    y = y if targets == 1 else np.stack([y, X["b"][:, 0] + y, X["b"][:, 1]], 1)
    pls = PLSRegression(4, scale=False, tol=1e-12, max_iter=5000).fit(
        X["b"][:40], (y[:40] - y[:40].mean(0)) / y[:40].std(0)
    )
    T = ROSA(4).fit({"b": X["b"][:40]}, y[:40]).transform({"b": X["b"][40:]})
    expected = pls.transform(X["b"][40:]) / pls.x_scores_.std(0)
    np.testing.assert_allclose(np.abs(T), np.abs(expected), atol=1e-5)


def test_scores_are_orthonormal_and_rebuilt_from_new_samples(study):
    X, y = study
    scores = ROSA(8).fit(X, y)
    T = scores.transform(X)
    np.testing.assert_allclose(T.T @ T / len(T), np.eye(8), atol=1e-8)
    some = {name: x[:5] for name, x in X.items()}
    np.testing.assert_allclose(scores.transform(some), T[:5], atol=1e-12)
    shares = explained_variance(scores)
    assert shares["target"].sum() == pytest.approx(1 - race(X, y, 8)[1].var() / y.var())


def test_neither_order_nor_scale_of_the_blocks_has_an_effect(study):
    X, y = study
    usual = predict(ROSA(6), X, y, X)
    turned = {"c": 1000 * X["c"], "a": X["a"], "b": X["b"] / 7}
    np.testing.assert_allclose(predict(ROSA(6), turned, y, turned), usual, atol=1e-8)


def test_errors_on_samples_held_out_choose_the_number(study):
    X, y = study
    scores = ROSA().fit(X, y)
    assert len(scores.sources_) == held_out_error(scores).idxmin()
    rng = np.random.default_rng(0)
    exact = {"a": X["a"], "b": rng.normal(size=(50, 3))}
    assert len(ROSA(30).fit(exact, exact["a"][:, 0]).sources_) <= 9  # nothing is left to explain


def test_classes_and_saving(tmp_path):
    leaves = mmlib.make_leaves(30)
    model = scores_fusion(ROSA(), leaves).fit(leaves.X, leaves.y)
    assert model.score(leaves.X, leaves.y) > 0.7
    again = mmlib.load(mmlib.save(model, tmp_path / "model", leaves))
    np.testing.assert_array_equal(again.predict_proba(leaves.X), model.predict_proba(leaves.X))


@pytest.mark.parametrize("count", [0, 2.5, "all"])
def test_a_number_that_is_none_is_refused(study, count):
    with pytest.raises(DataError, match="give a number from 1"):
        ROSA(count).fit(*study)
