"""ComDim against its definition, and against principal components on one block."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

import mmlib
from mmlib import DataError
from mmlib.fusion.block_scores import held_out_error, scores_fusion
from mmlib.fusion.comdim import ComDim, saliences


@pytest.fixture
def study():
    """A direction in both blocks, and one in each alone."""
    rng = np.random.default_rng(2)
    both, one, other = rng.normal(size=(3, 80, 1))
    X = {
        "a": np.hstack([2 * both, 1.2 * one, 0.1 * rng.normal(size=(80, 4))]),
        "b": np.hstack([2 * both, other, 0.1 * rng.normal(size=(80, 3))]),
    }
    return X, both.ravel() + other.ravel()


def by_definition(X, n_components):
    """Qannari et al. (2000): the first eigenvector of the weighted sum of the blocks' W."""
    blocks = [x - x.mean(0) for x in X.values()]
    blocks = [x / np.linalg.norm(x) for x in blocks]
    scores, weights = [], []
    for _ in range(n_components):
        salience = np.ones(len(blocks))
        for _ in range(3000):
            W = sum(s * x @ x.T for s, x in zip(salience, blocks, strict=True))
            q = np.linalg.eigh(W)[1][:, -1]
            salience = np.array([q @ x @ x.T @ q for x in blocks])
        scores.append(q)
        weights.append(salience)
        blocks = [x - np.outer(q, q @ x) for x in blocks]
    return np.array(scores).T, np.array(weights)


def test_dimensions_and_saliences_are_those_of_the_definition(study):
    X, y = study
    q, weights = by_definition({n: x[:, :4] for n, x in X.items()}, 3)
    scores = ComDim(3).fit({n: x[:, :4] for n, x in X.items()}, y)
    T = scores.transform({n: x[:, :4] for n, x in X.items()}) / np.sqrt(len(y))
    np.testing.assert_allclose(np.abs(T), np.abs(q), atol=1e-6)
    np.testing.assert_allclose(saliences(scores), weights, atol=1e-6)


def test_what_is_common_and_what_is_distinct_is_seen(study):
    X, y = study
    table = saliences(ComDim(3).fit(X, y))
    assert (table.loc[1] > 0.6).all()
    for row in (2, 3):
        assert table.loc[row].max() > 0.15 and table.loc[row].min() < 0.02
    assert table.loc[2].idxmax() != table.loc[3].idxmax()
    assert (table.sum() <= 1 + 1e-9).all()


def test_one_block_is_principal_component_analysis(study):
    X, y = study
    T = ComDim(3).fit({"a": X["a"][:60]}, y[:60]).transform({"a": X["a"][60:]})
    pca = PCA(3).fit(X["a"][:60])
    expected = pca.transform(X["a"][60:]) / pca.transform(X["a"][:60]).std(0)
    np.testing.assert_allclose(np.abs(T), np.abs(expected), atol=1e-6)


def test_the_target_has_no_part_in_a_dimension_and_scale_none_either(study):
    X, y = study
    scores = ComDim(3).fit(X, y)
    other = ComDim(3).fit({"a": 9 * X["a"], "b": X["b"]}, y[::-1])
    np.testing.assert_allclose(saliences(other), saliences(scores), atol=1e-9)


def test_many_columns_and_few_samples_give_the_same_as_the_definition():
    rng = np.random.default_rng(1)
    X = {"a": rng.normal(size=(12, 40)), "b": rng.normal(size=(12, 3))}
    _, weights = by_definition(X, 1)
    np.testing.assert_allclose(saliences(ComDim(1).fit(X, X["b"][:, 0])), weights, atol=1e-6)


def test_the_number_is_chosen_on_samples_held_out(study):
    X, y = study
    scores = ComDim().fit(X, y)
    assert held_out_error(scores).idxmin() == len(saliences(scores)) >= 3


def test_classes_and_saving(tmp_path):
    leaves = mmlib.make_leaves(30)
    model = scores_fusion(ComDim(), leaves).fit(leaves.X, leaves.y)
    assert model.score(leaves.X, leaves.y) > 0.6
    again = mmlib.load(mmlib.save(model, tmp_path / "model", leaves))
    np.testing.assert_array_equal(again.predict_proba(leaves.X), model.predict_proba(leaves.X))


def test_blocks_in_which_nothing_varies_are_refused():
    with pytest.raises(DataError, match="nothing in the blocks varies"):
        ComDim(2).fit({"a": np.ones((9, 2))}, np.arange(9.0))
