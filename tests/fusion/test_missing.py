"""A modality that is not there is marked, filled in, or decided without."""

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlib.base import DataError
from mmlib.fusion.missing import Fill, absent, set_aside, take_away


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


def test_a_modality_is_set_aside_only_where_another_can_step_in(tables):
    X, _ = tables
    odd = {"first": np.arange(200) < 3, "second": np.arange(200) < 1}
    aside = set_aside(X, odd)
    assert np.flatnonzero(absent(aside, "first")).tolist() == [1, 2]
    assert not absent(aside, "second").any() and not np.isnan(X["first"]).any()
    with pytest.raises(KeyError):
        set_aside(X, {"first": odd["first"]})


def test_no_row_at_all_may_be_taken_away_and_a_sound_picture_stays():
    X = {"size": np.ones((2, 1)), "image": np.ones((2, 4, 4, 3), np.uint8)}
    assert not np.isnan(take_away(X, "size", rows=[])["size"]).any()
    odd = {"size": np.array([True, False]), "image": np.array([False, False])}
    left = set_aside(X, odd)
    assert absent(left, "size").tolist() == [True, False] and left["image"].dtype == np.uint8
    assert left[:1]["image"].shape == (1, 4, 4, 3)


@pytest.mark.parametrize(("name", "said"), [("image", "whole numbers"), ("scent", "no modality")])
def test_what_cannot_be_taken_away_is_named(name, said):
    with pytest.raises(DataError, match=said):
        take_away({"image": np.ones((2, 4, 4, 3), np.uint8)}, name)
