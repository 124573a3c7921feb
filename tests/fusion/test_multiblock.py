import numpy as np
import pytest
from sklearn.base import clone
from sklearn.preprocessing import StandardScaler

import mmlib
from mmlib import DataError
from mmlib.fusion.early import BlockScale, early_fusion
from mmlib.fusion.multiblock import block_importance, multiblock_pls


def nipals(blocks, y, n_components):
    """Multi-block PLS for one quantity, step by step, deflating by the super score.

    Westerhuis, Kourti & MacGregor (1998), section 2.3: block weights, block scores, then a
    PLS between the block scores and y. Returns super scores and squared super weights.
    """
    blocks = [block - block.mean(0) for block in blocks]
    u = y - y.mean()
    scores, shares = [], []
    for _ in range(n_components):
        weights = [block.T @ u for block in blocks]
        weights = [w / np.linalg.norm(w) for w in weights]
        tops = np.column_stack([block @ w for block, w in zip(blocks, weights, strict=True)])
        super_weights = tops.T @ u
        super_weights /= np.linalg.norm(super_weights)
        score = tops @ super_weights
        blocks = [b - np.outer(score, score @ b) / (score @ score) for b in blocks]
        u = u - score * (score @ u) / (score @ score)
        scores.append(score)
        shares.append(super_weights**2)
    return np.array(scores).T, np.array(shares)


@pytest.fixture(scope="module")
def measured():
    rng = np.random.default_rng(0)
    X = {"a": rng.normal(size=(40, 7)), "b": rng.normal(size=(40, 3))}
    y = X["a"][:, 0] + 0.5 * X["b"][:, 1] + 0.1 * rng.normal(size=40)
    return mmlib.MultimodalData(X, y)


def test_it_is_multi_block_pls(measured):
    blocks = {name: StandardScaler() for name in ("a", "b")}
    model = multiblock_pls(measured, blocks, n_components=3).fit(measured.X, measured.y)
    tables = [
        BlockScale().fit_transform(StandardScaler().fit_transform(measured.X[name]))
        for name in ("a", "b")
    ]
    scores, shares = nipals(tables, measured.y, 3)
    found = model[-1].transform(np.hstack(tables))
    np.testing.assert_allclose(np.abs(found), np.abs(scores), atol=1e-8)
    np.testing.assert_allclose(block_importance(model), shares, atol=1e-8)


def test_a_block_of_noise_gets_little_weight_in_the_first_component(measured):
    rng = np.random.default_rng(1)
    X = {"signal": measured.y[:, None] + 0.1 * rng.normal(size=(40, 5)),
         "noise": rng.normal(size=(40, 5))}  # fmt: skip
    data = mmlib.MultimodalData(X, measured.y)
    model = multiblock_pls(data, n_components=2).fit(data.X, data.y)
    assert block_importance(model).loc[1, "noise"] < 0.2


def test_classes_and_cloning():
    leaves = mmlib.make_leaves(20)
    model = clone(multiblock_pls(leaves, n_components=4)).fit(leaves.X, leaves.y)
    assert model.predict_proba(leaves.X).shape == (100, 5)
    table = block_importance(model)
    assert table.shape == (4, 2) and list(table.columns) == ["spectrum", "image"]


def test_another_model_has_no_block_importance():
    leaves = mmlib.make_leaves(20)
    with pytest.raises(DataError, match="multiblock_pls"):
        block_importance(early_fusion(leaves).fit(leaves.X, leaves.y))


@pytest.mark.filterwarnings("ignore:y residual is constant")
def test_components_that_pls_could_not_find_have_no_share():
    y = np.tile([0, 1], 15)
    X = {"answer": y[:, None] - 0.5, "other": np.random.default_rng(0).normal(size=(30, 3))}
    inner = np.c_[np.ones(30), X["answer"]]
    X["other"] -= inner @ np.linalg.lstsq(inner, X["other"], rcond=None)[0]
    blocks = {name: [] for name in X}
    for task in ("classification", "regression"):
        model = multiblock_pls(blocks=blocks, n_components=3, task=task).fit(X, y)
        shares = block_importance(model)
        assert shares.to_numpy().round(6).tolist() == [[1, 0]]
