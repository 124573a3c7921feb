"""The cascade measures where the first model is unsure, by a limit from training samples alone."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone

import mmlib
from mmlib import DataError
from mmlib.data.mapping import Samples
from mmlib.evaluation.choices import choices_of
from mmlib.fusion.cascade import NEVER, CascadeClassifier, limit
from mmlib.fusion.early import early_fusion


class Told(ClassifierMixin, BaseEstimator):
    """Says what a column of X holds: the probability of class 1."""

    def __init__(self, name):
        self.name = name

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        one = np.asarray(X[self.name], float)[:, 0]
        return np.column_stack([1 - one, one])


def made(n=200, seed=0):
    """The camera is right where it is sure; the spectrum is always right."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    sure = rng.uniform(0.5, 1, n)
    right = (sure > 0.8) | (rng.random(n) < 0.5)
    camera = np.where((y == 1) == right, sure, 1 - sure)
    X = Samples(image=camera[:, None], spectrum=np.where(y == 1, 0.9, 0.1)[:, None])
    return X, y, sure


CASCADE = CascadeClassifier(Told("image"), Told("spectrum"), give_up=0.0)


def test_who_is_unsure_is_measured_and_nobody_else():
    X, y, sure = made()
    model = clone(CASCADE).fit(X, y)
    asked = model.unsure({"image": X["image"]})  # before anything else is measured
    assert np.array_equal(asked, sure < model.sure_from_)
    assert 0.72 < model.sure_from_ < 0.84 and model.share_ == asked.mean()
    proba = model.predict_proba(X)
    assert np.array_equal(proba[~asked], Told("image").fit(X, y).predict_proba(X)[~asked])
    assert np.array_equal(proba[asked], Told("spectrum").fit(X, y).predict_proba(X)[asked])
    assert (model.predict(X) == y).all()
    wrong = Samples(image=X["image"], spectrum=np.where(asked[:, None], X["spectrum"], np.nan))
    assert np.array_equal(model.predict_proba(wrong), proba)  # what is not asked for is not used


def test_the_limit_is_the_lowest_that_loses_no_more():
    rng = np.random.default_rng(0)
    for _ in range(50):
        sure = rng.integers(5, 11, 40) / 10
        first, second = rng.random(40) < 0.6, rng.random(40) < 0.8
        weight = rng.uniform(0.5, 2, 40)
        share = weight / weight.sum()

        def loss(t, sure=sure, first=first, second=second, share=share):
            said = np.where(sure < t, second, first)
            return (share * (second.astype(float) - said)).sum()

        found = limit(sure, first, second, 0.05, weight)
        limits = [*np.unique(sure), NEVER]
        assert all(loss(t) <= 0.05 + 1e-9 for t in limits if t >= found)
        below = [t for t in limits if t < found]
        assert not below or loss(below[-1]) > 0.05


def test_a_useless_second_model_is_never_asked_and_a_useless_first_one_always():
    X, y, _ = made()
    X["spectrum"] = np.full_like(X["spectrum"], 0.4)
    assert not clone(CASCADE).fit(X, y).unsure(X).any()
    X, y, _ = made()
    X["image"] = np.where(y == 1, 0.2, 0.8)[:, None]
    model = clone(CASCADE).fit(X, y)
    assert model.unsure(X).all() and model.sure_from_ == NEVER


def test_the_limit_comes_from_samples_that_neither_model_has_seen():
    class ByHeart(Told):
        """Right and sure on what it was fitted to; else it guesses class 0, as surely."""

        def fit(self, X, y):
            self.known_ = dict(zip(X["image"][:, 0].tolist(), y.tolist(), strict=True))
            return super().fit(X, y)

        def predict_proba(self, X):
            one = np.array([self.known_.get(x, 0) for x in X["image"][:, 0].tolist()], float)
            return np.column_stack([1 - one, one])

    X, y, _ = made()
    model = CascadeClassifier(ByHeart("image"), Told("spectrum")).fit(X, y)
    assert model.unsure(X).all()


def test_groups_are_held_out_whole():
    seen = []

    class Spy(Told):
        def fit(self, X, y):
            seen.append(set(X["plant"][:, 0].tolist()))
            return super().fit(X, y)

    X, y, _ = made(60)
    groups = np.repeat(np.arange(20), 3)
    y = np.repeat(y[:20], 3)
    X["plant"] = groups[:, None].astype(float)
    CascadeClassifier(Spy("image"), Told("spectrum"), n_folds=4).fit(X, y, groups=groups)
    *inner, last = seen
    assert len(inner) == 4 and len(last) == 20
    assert sum(len(set(range(20)) - part) for part in inner) == 20


def test_it_is_an_estimator_that_tells_its_choice_and_refuses_what_it_cannot_do():
    leaves = mmlib.make_leaves(n_plants=20, seed=1)
    model = CascadeClassifier(early_fusion(leaves, modalities=["image"]), early_fusion(leaves))
    a = clone(model).fit(leaves.X, leaves.y, groups=leaves.groups)
    b = clone(model).fit(leaves.X, leaves.y, groups=leaves.groups)
    assert np.array_equal(a.predict_proba(leaves.X), b.predict_proba(leaves.X))
    assert choices_of(a)["sure from"] == a.sure_from_
    with pytest.raises(DataError, match="one class"):
        clone(CASCADE).fit(*_same_class())
    with pytest.raises(DataError, match="one group"):
        clone(CASCADE).fit(*made(20)[:2], groups=np.zeros(20))


def _same_class():
    X, y, _ = made(20)
    return X, np.zeros_like(y)


def test_it_is_saved_and_loaded(tmp_path):
    leaves = mmlib.make_leaves(n_plants=20, seed=1)
    model = CascadeClassifier(early_fusion(leaves, modalities=["image"]), early_fusion(leaves))
    model.fit(leaves.X, leaves.y, groups=leaves.groups)
    again = mmlib.load(mmlib.save(model, tmp_path / "model", leaves))
    assert np.array_equal(again.predict_proba(leaves.X), model.predict_proba(leaves.X))
    assert again.sure_from_ == model.sure_from_
