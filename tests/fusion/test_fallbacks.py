"""Where a modality is absent a model of another one decides, and nothing is made up."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

import mmlib
from mmlib.base import DataError
from mmlib.data.mapping import Samples
from mmlib.fusion.fallbacks import RegressorWithFallbacks, WithFallbacks
from mmlib.fusion.missing import Fill, take_away


@pytest.fixture(scope="module")
def tables():
    """Two tables of which the second follows from the first, and labels."""
    rng = np.random.default_rng(0)
    first = rng.normal(5, 1, size=(200, 3))
    second = first @ rng.normal(size=(3, 2)) + 10
    return {"first": first, "second": second}, (first[:, 0] > 5).astype(int)


def single(name):
    return make_pipeline(mmlib.Select(name), StandardScaler(), LogisticRegression())


def pair():
    fused = mmlib.fusion.early_fusion(
        blocks={"first": StandardScaler(), "second": StandardScaler()},
        classifier=LogisticRegression(),
    )
    return WithFallbacks(fused, {name: single(name) for name in ("first", "second")})


def test_fallbacks_decide_where_something_is_absent_and_the_fused_model_elsewhere(tables):
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
    fallback = model.fallbacks_["first"].predict_proba(X)
    assert np.allclose(fallback, clone(single("first")).fit(X, y).predict_proba(X))


def test_a_class_that_no_complete_sample_has_stays_a_class(tables):
    X, y = tables
    y = np.where(np.arange(200) < 10, 2, y)
    model = pair().fit(take_away(X, "second", np.arange(200) < 10), y)
    proba = model.predict_proba(X)
    assert proba.shape == (200, 3) and np.allclose(proba.sum(1), 1)


def test_fallbacks_need_a_label_for_each_sample(tables):
    X, y = tables
    with pytest.raises(DataError, match="cannot be paired"):
        pair().fit(X, y[:-1])


def test_fallbacks_say_what_they_lack(tables):
    X, y = tables
    model = pair().fit(X, y)
    with pytest.raises(DataError, match="Row 4"):
        model.predict(take_away(take_away(X, "first", [4]), "second", [4]))
    with pytest.raises(DataError, match="nothing to fuse"):
        pair().fit(take_away(X, "first"), y)
    with pytest.raises(DataError, match="fallback for 'third'"):
        WithFallbacks(single("first"), {"third": single("first")}).fit(X, y)


def test_a_modality_that_is_not_even_named_is_absent(tables):
    X, y = tables
    model = pair().fit(X, y)
    without = model.predict_proba({"first": X["first"]})
    assert np.allclose(without, model.predict_proba(take_away(X, "second")))


def test_fallbacks_and_fill_live_in_scikit_learn(tables):
    X, y = tables
    X = Samples(**X)
    model = clone(pair()).set_params(fused__model__C=0.5)
    assert cross_val_score(model, X, y, cv=3).min() > 0.8
    filled = make_pipeline(Fill("predict"), pair())
    assert cross_val_score(filled, take_away(X, "second", np.arange(0, 200, 5)), y).min() > 0.8


def test_a_quantity_has_fallbacks_too(tables):
    X, _ = tables
    y = X["first"].sum(1)
    alone = make_pipeline(mmlib.Select("first"), Ridge())
    both = mmlib.fusion.early_fusion(
        blocks={"first": StandardScaler(), "second": StandardScaler()}, classifier=Ridge()
    )
    lost = take_away(X, "second", np.arange(200) < 5)
    model = RegressorWithFallbacks(both, {"first": alone}).fit(lost, y)
    assert np.allclose(model.predict(lost)[:5], clone(alone).fit(X, y).predict(X)[:5])
    rest = {name: x[5:] for name, x in X.items()}
    assert np.allclose(model.predict(lost)[5:], clone(both).fit(rest, y[5:]).predict(rest))
    assert not hasattr(model, "classes_")


def test_pictures_of_bytes_are_fitted_apart(tables):
    X, y = tables
    pictures = np.random.default_rng(0).integers(0, 256, (200, 4, 4, 3)).astype(np.uint8)
    whole = Samples({"image": pictures, "first": X["first"]})[:150]
    fused = mmlib.fusion.early_fusion(blocks={"first": StandardScaler()})
    model = WithFallbacks(fused, {"first": single("first")})
    model.fit_apart((whole, y[:150], None), {"first": (Samples(first=X["first"]), y, None)})
    assert model.modalities_ == ["first", "image"]
    assert np.allclose(
        model.predict_proba({"first": X["first"]}),
        clone(single("first")).fit(X, y).predict_proba(X),
    )
    assert [model.decides(x) for x in (["image", "first"], ["first"], ["image"])] == [
        "", "first", None,
    ]  # fmt: skip


def test_models_without_probabilities_predict_too(tables):
    X, y = tables
    fused = mmlib.fusion.early_fusion(
        blocks={"first": StandardScaler(), "second": StandardScaler()}, classifier=LinearSVC()
    )
    alone = make_pipeline(mmlib.Select("first"), StandardScaler(), LinearSVC())
    lost = take_away(X, "second", [0, 1])
    model = WithFallbacks(fused, {"first": alone}).fit(X, y)
    assert not hasattr(model, "predict_proba")
    expected = np.r_[clone(alone).fit(X, y).predict(X)[:2], clone(fused).fit(X, y).predict(X)[2:]]
    np.testing.assert_array_equal(model.predict(lost), expected)
