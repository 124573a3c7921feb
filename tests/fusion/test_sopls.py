"""SO-PLS against its definition, step by step, and against what must come out in special cases."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.cross_decomposition import PLSRegression
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import mmlib
from mmlib import DataError
from mmlib.fusion.block_scores import explained_variance, held_out_error, scores_fusion
from mmlib.fusion.sopls import SOPLS


@pytest.fixture
def study():
    """Two blocks that share a direction, and a quantity that needs both."""
    rng = np.random.default_rng(3)
    shared = rng.normal(size=(60, 1))
    first = shared @ rng.normal(size=(1, 8)) + rng.normal(size=(60, 8))
    second = shared @ rng.normal(size=(1, 5)) + rng.normal(size=(60, 5))
    y = first[:, 0] - second[:, 1] + shared[:, 0] + 0.3 * rng.normal(size=60)
    return {"first": first, "second": second}, y


def predict(scores, X, y, new=None):
    return make_pipeline(scores, LinearRegression()).fit(X, y).predict(X if new is None else new)


def by_definition(X, y, counts, new):
    """Naes et al. (2011): PLS, take its scores out of the next block and of y, PLS again."""
    T, S, left, said = None, None, y - y.mean(), np.full(len(next(iter(new.values()))), y.mean())
    for name, count in counts.items():
        mean = X[name].mean(0)
        block, fresh = X[name] - mean, new[name] - mean
        if T is not None:
            along = np.linalg.lstsq(T, block)[0]
            block, fresh = block - T @ along, fresh - S @ along
        pls = PLSRegression(count, scale=False).fit(block, left)
        said = said + pls.predict(fresh).ravel()
        left = left - pls.predict(block).ravel()
        t, s = pls.transform(block), pls.transform(fresh)
        T, S = (t, s) if T is None else (np.hstack([T, t]), np.hstack([S, s]))
    return said


def test_it_is_the_published_procedure_on_new_samples_too(study):
    X, y = study
    X = X | {"third": np.random.default_rng(0).normal(size=(60, 4)) + X["first"][:, :4]}
    counts = {"first": 3, "second": 2, "third": 2}
    old = {name: x[:45] for name, x in X.items()}
    new = {name: x[45:] for name, x in X.items()}
    got = predict(SOPLS(counts), old, y[:45], new)
    np.testing.assert_allclose(got, by_definition(old, y[:45], counts, new), atol=1e-8)


@pytest.mark.parametrize("counts", [{"first": 3, "second": 0}, {"second": 0, "first": 3}])
def test_one_block_is_pls(study, counts):
    X, y = study
    X = {name: X[name] for name in counts}
    expected = PLSRegression(3, scale=False).fit(X["first"], y).predict(X["first"]).ravel()
    np.testing.assert_allclose(predict(SOPLS(counts), X, y), expected, atol=1e-8)


def test_with_all_scores_it_is_least_squares_in_any_order_and_scale(study):
    X, y = study
    table = np.hstack(list(X.values()))
    expected = LinearRegression().fit(table, y).predict(table)
    turned = {"second": 50 * X["second"], "first": X["first"]}
    for blocks in (X, turned):
        scores = SOPLS({"first": 8, "second": 5})
        np.testing.assert_allclose(predict(scores, blocks, y), expected, atol=1e-7)


def test_the_scale_of_a_block_has_no_effect_and_the_order_has(study):
    X, y = study
    counts = {"first": 2, "second": 1}
    usual = predict(SOPLS(counts), X, y)
    scaled = {"first": X["first"] / 1000, "second": X["second"]}
    np.testing.assert_allclose(predict(SOPLS(counts), scaled, y), usual, atol=1e-8)
    turned = {name: X[name] for name in ("second", "first")}
    assert np.abs(predict(SOPLS(counts), turned, y) - usual).max() > 0.05


def test_scores_do_not_correlate_and_explained_variance_adds_up(study):
    X, y = study
    scores = SOPLS({"first": 3, "second": 2}).fit(X, y)
    T = scores.transform(X)
    np.testing.assert_allclose(T.T @ T / len(T), np.eye(5), atol=1e-8)
    table = explained_variance(scores)
    assert table.index.tolist() == [(k + 1, "first" if k < 3 else "second") for k in range(5)]
    assert table["target"].sum() == pytest.approx(LinearRegression().fit(T, y).score(T, y))
    full = explained_variance(SOPLS({"first": 8, "second": 5}).fit(X, y))
    assert full[["first", "second"]].sum().tolist() == pytest.approx([1, 1])


def test_a_second_block_that_repeats_the_first_gives_no_score(study):
    X, y = study
    twice = {"first": X["first"], "again": X["first"] @ np.diag(np.arange(1.0, 9))}
    scores = SOPLS({"first": 8, "again": 3}).fit(twice, y)
    assert set(scores.sources_) == {"first"}
    # Together they span eight directions, and no combination has more scores than that.
    assert max(sum(n) for n in held_out_error(SOPLS().fit(twice, y)).index) == 8


def test_the_mage_plot_is_cross_validation_of_every_combination(study, monkeypatch):
    """Refitting each combination in each fold gives the errors that one walk gives."""
    from mmlib.data.splits import assign_folds

    X, y = study
    monkeypatch.setattr("mmlib.fusion.sopls.MOST", 3)
    groups = np.arange(60) // 3
    found = held_out_error(SOPLS().fit(X, y, groups))
    assert len(found) == 4 * 4 - 1
    for setting in [(1, 0), (0, 2), (2, 1), (3, 3)]:
        scores = SOPLS(dict(zip(X, setting, strict=True)))
        errors = []
        for repeat in range(3):
            fold = assign_folds(np.zeros(60, int), groups, 5, repeat)
            for k in range(5):
                old = {name: x[fold != k] for name, x in X.items()}
                new = {name: x[fold == k] for name, x in X.items()}
                errors.extend((predict(scores, old, y[fold != k], new) - y[fold == k]) ** 2)
        assert found[setting] == pytest.approx(np.mean(errors) / y.var(), rel=1e-6)


def test_the_best_combination_is_taken_and_said(study):
    X, y = study
    scores = SOPLS().fit(X, y)
    best = held_out_error(scores).idxmin()
    taken = tuple(int((scores.sources_ == name).sum()) for name in X)
    assert taken == best
    assert scores.choice_.startswith(f"scores: {taken[0]} of first, {taken[1]} of second; the best")


def test_a_block_of_noise_is_mostly_left_out():
    taken = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        X = {"signal": rng.normal(size=(80, 4)), "noise": rng.normal(size=(80, 30))}
        scores = SOPLS().fit(X, X["signal"] @ [1.0, 1, 0, 0] + 0.5 * rng.normal(size=80))
        taken.append((scores.sources_ == "noise").sum())
    assert np.median(taken) == 0


def test_classes_cloning_and_saving(tmp_path):
    leaves = mmlib.make_leaves(30)
    model = clone(scores_fusion(SOPLS(), leaves)).fit(
        leaves.X, leaves.y, blocks__groups=leaves.groups, scores__groups=leaves.groups
    )
    assert model.score(leaves.X, leaves.y) > 0.7
    assert "groups held out" in model["scores"].choice_
    again = mmlib.load(mmlib.save(model, tmp_path / "model", leaves))
    np.testing.assert_array_equal(again.predict_proba(leaves.X), model.predict_proba(leaves.X))
    np.testing.assert_array_equal(held_out_error(again), held_out_error(model))


def test_order_is_that_of_modalities():
    leaves = mmlib.make_leaves(10, target="chlorophyll")
    blocks = {"spectrum": StandardScaler()}
    for order in (["spectrum", "image"], ["image", "spectrum"]):
        model = scores_fusion(SOPLS({"spectrum": 1, "image": 1}), leaves, blocks, modalities=order)
        assert model.fit(leaves.X, leaves.y)["scores"].sources_.tolist() == order


@pytest.mark.parametrize(
    ("counts", "said"),
    [(3, "as a mapping"), ({"first": 1}, "first, second"), ({"first": 0, "second": 0}, "no score")],
)
def test_numbers_that_do_not_fit_the_blocks_are_refused(study, counts, said):
    X, y = study
    with pytest.raises(DataError, match=said):
        SOPLS(counts).fit(X, y)


def test_faults_of_blocks_are_said(study):
    X, y = study
    with pytest.raises(DataError, match="'second' has shape"):
        SOPLS().fit(X | {"second": np.zeros((60, 3, 3))}, y)
    with pytest.raises(DataError, match="no number"):
        SOPLS().fit(X | {"second": np.full((60, 2), np.nan)}, y)
    with pytest.raises(DataError, match="nothing in the blocks"):
        SOPLS().fit({name: np.ones((60, 2)) for name in X}, y)
    with pytest.raises(DataError, match="6 columns; in training it had 5"):
        SOPLS({"first": 1, "second": 1}).fit(X, y).transform(X | {"second": np.ones((60, 6))})
    with pytest.raises(DataError, match="were told"):
        held_out_error(SOPLS({"first": 1, "second": 1}).fit(X, y))
    with pytest.raises(DataError, match="modalities names 'third'"):
        scores_fusion(SOPLS(), blocks={"first": StandardScaler()}, modalities=["third"])
