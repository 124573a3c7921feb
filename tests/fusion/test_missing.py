"""Absent modalities are filled in, or another model steps in."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import mmlib
from mmlib.base import DataError
from mmlib.fusion.missing import Fill, WithSpares, absent, set_aside, take_away


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(n_plants=20, seed=3)


@pytest.fixture(scope="module")
def tables():
    """Two tables of which the second follows from the first, and labels."""
    rng = np.random.default_rng(0)
    first = rng.normal(5, 1, size=(200, 3))
    second = first @ rng.normal(size=(3, 2)) + 10
    return {"first": first, "second": second}, (first[:, 0] > 5).astype(int)


def test_absent_is_all_or_nothing(tables):
    X, _ = tables
    lost = take_away(X, "second", rows=np.arange(200) < 3)
    assert absent(lost, "second").sum() == 3
    assert not np.isnan(X["second"]).any()
    lost["second"][7, 0] = np.nan
    with pytest.raises(DataError, match="row 7"):
        absent(lost, "second")


def test_mean_is_that_of_scikit_learn_and_of_the_training_part(tables):
    X, _ = tables
    rows = np.arange(0, 200, 3)
    lost = take_away(X, "second", rows)
    filled = Fill("mean").fit(lost).transform(lost)
    theirs = SimpleImputer().fit(lost["second"]).transform(lost["second"])
    assert np.allclose(filled["second"], theirs)
    other = {name: x + 100 for name, x in X.items()}
    elsewhere = Fill("mean").fit(X).transform(take_away(other, "second"))
    assert np.allclose(elsewhere["second"], X["second"].mean(0))
    zeros = Fill("zero").fit(X).transform(take_away(X, "second"))
    assert (zeros["second"] == 0).all()


def test_prediction_is_that_of_a_ridge_and_finds_what_follows(tables):
    X, _ = tables
    rows = np.arange(0, 200, 4)
    lost = take_away(X, "second", rows)
    filled = Fill("predict").fit(lost).transform(lost)
    assert np.allclose(filled["second"], X["second"], atol=0.01)
    kept = np.setdiff1d(np.arange(200), rows)
    ridge = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 5, 15)))
    ridge.fit(X["first"][kept], X["second"][kept])
    assert np.allclose(filled["second"][rows], ridge.predict(X["first"][rows]))
    assert np.array_equal(filled["first"], X["first"])


def test_a_sample_that_lacks_everything_gets_the_means(tables):
    X, _ = tables
    fill = Fill("predict").fit(take_away(X, "second", rows=np.arange(0, 90)))
    nothing = take_away(take_away(X, "first", rows=[3]), "second", rows=[3, 4])
    filled = fill.transform(nothing)
    for name in X:
        assert np.array_equal(filled[name][3], fill.means_[name])
    assert not np.allclose(filled["second"][4], fill.means_["second"])


def test_filling_does_not_depend_on_the_other_samples_nor_on_the_order(tables):
    X, _ = tables
    for how in ("mean", "predict"):
        fill = Fill(how).fit(X)
        lost = take_away(X, "second", rows=[0, 1])
        alone = fill.transform({name: x[:1] for name, x in lost.items()})
        together = fill.transform(lost)
        assert np.allclose(alone["second"], together["second"][:1])
        turned = Fill(how).fit(dict(reversed(X.items()))).transform(dict(reversed(lost.items())))
        assert np.allclose(turned["second"], together["second"])


def test_a_modality_that_is_not_even_named_is_filled(tables):
    X, _ = tables
    filled = Fill("predict").fit(X).transform({"first": X["first"]})
    assert np.allclose(filled["second"], X["second"], atol=0.01)


def test_where_all_is_absent_the_mean_goes_in(tables):
    X, _ = tables
    lost = take_away(take_away(X, "second", [0]), "first", [0])
    filled = Fill("predict").fit(X).transform(lost)
    assert np.allclose(filled["first"][0], X["first"].mean(0), atol=0.01)
    assert np.allclose(filled["second"][0], X["second"].mean(0), atol=0.01)


def test_fill_refuses_what_it_cannot_learn(tables):
    X, _ = tables
    with pytest.raises(DataError, match="how is"):
        Fill("guess").fit(X)
    with pytest.raises(DataError, match="No training sample"):
        Fill().fit(take_away(X, "second"))


def single(name):
    return make_pipeline(mmlib.Select(name), StandardScaler(), LogisticRegression())


def pair():
    fused = mmlib.fusion.early_fusion(
        blocks={"first": StandardScaler(), "second": StandardScaler()},
        classifier=LogisticRegression(),
    )
    return WithSpares(fused, {name: single(name) for name in ("first", "second")})


def test_spares_decide_where_something_is_absent_and_the_fused_model_elsewhere(tables):
    X, y = tables
    lost = take_away(take_away(X, "second", [0, 1]), "first", [2])
    model = pair().fit(X, y)
    proba = model.predict_proba(lost)
    first = clone(single("first")).fit(X, y).predict_proba(X)
    second = clone(single("second")).fit(X, y).predict_proba(X)
    fused = clone(model.fused).fit(X, y).predict_proba(X)
    assert np.allclose(proba[:2], first[:2])
    assert np.allclose(proba[2], second[2])
    assert np.allclose(proba[3:], fused[3:])


def test_each_model_is_trained_on_all_samples_that_it_can_use(tables):
    X, y = tables
    gone = np.arange(200) < 150
    model = pair().fit(take_away(X, "second", gone), y)
    rest = {name: x[~gone] for name, x in X.items()}
    assert np.allclose(
        model.predict_proba(X), clone(model.fused).fit(rest, y[~gone]).predict_proba(X)
    )
    spare = model.spares_["first"].predict_proba(X)
    assert np.allclose(spare, clone(single("first")).fit(X, y).predict_proba(X))


def test_a_class_that_no_complete_sample_has_stays_a_class(tables):
    X, y = tables
    y = np.where(np.arange(200) < 10, 2, y)
    model = pair().fit(take_away(X, "second", np.arange(200) < 10), y)
    proba = model.predict_proba(X)
    assert proba.shape == (200, 3) and np.allclose(proba.sum(1), 1)


def test_spares_need_a_label_for_each_sample(tables):
    X, y = tables
    with pytest.raises(DataError, match="rows but y has"):
        pair().fit(X, y[:-1])


def test_spares_say_what_they_lack(tables):
    X, y = tables
    model = pair().fit(X, y)
    with pytest.raises(DataError, match="Row 4"):
        model.predict(take_away(take_away(X, "first", [4]), "second", [4]))
    with pytest.raises(DataError, match="nothing to fuse"):
        pair().fit(take_away(X, "first"), y)
    with pytest.raises(DataError, match="spare for 'third'"):
        WithSpares(single("first"), {"third": single("first")}).fit(X, y)


def test_a_modality_that_is_not_even_named_is_absent(tables):
    X, y = tables
    model = pair().fit(X, y)
    without = model.predict_proba({"first": X["first"]})
    assert np.allclose(without, model.predict_proba(take_away(X, "second")))


def test_spares_and_fill_live_in_scikit_learn(leaves, tables):
    from mmlib.data.mapping import Samples

    X, y = tables
    X = Samples(**X)
    model = clone(pair()).set_params(fused__model__C=0.5)
    assert cross_val_score(model, X, y, cv=3).min() > 0.8
    filled = make_pipeline(Fill("predict"), pair())
    assert cross_val_score(filled, take_away(X, "second", np.arange(0, 200, 5)), y).min() > 0.8


def test_a_modality_is_set_aside_only_where_another_can_step_in(tables):
    X, _ = tables
    odd = {"first": np.arange(200) < 3, "second": np.arange(200) < 1}
    aside = set_aside(X, odd)
    assert np.flatnonzero(absent(aside, "first")).tolist() == [1, 2]
    assert not absent(aside, "second").any() and not np.isnan(X["first"]).any()
    with pytest.raises(KeyError):
        set_aside(X, {"first": odd["first"]})
