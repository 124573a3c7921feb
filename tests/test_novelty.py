"""Samples unlike the training data are flagged, and those like it are not."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.dummy import DummyClassifier

import mmlib
from mmlib import DataError
from mmlib.novelty import Guarded, Novelty


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(100, seed=0)


@pytest.fixture(scope="module")
def novelty(leaves):
    return Novelty().fit(leaves.X, leaves.groups)


def test_false_alarms_are_as_rare_as_promised(novelty):
    new = mmlib.make_leaves(200, seed=1)
    alarm = np.any(list(novelty.is_new(new.X).values()), axis=0).mean()
    assert alarm < 0.03  # 1 % promised; 1,000 leaves of 200 plants


CHANGES = {
    "bands shifted by 20 nm": ("spectrum", lambda x: np.roll(x, 2, axis=1)),
    "noise": ("spectrum", lambda x: x + 0.02 * np.random.default_rng(0).normal(size=x.shape)),
    "negative": ("image", lambda x: 255 - x),
    "black": ("image", np.zeros_like),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_never_seen_is_flagged_in_the_right_modality(name, novelty):
    modality, change = CHANGES[name]
    new = mmlib.make_leaves(40, seed=2)
    X = dict(new.X) | {modality: change(new.X[modality])}
    flags = novelty.is_new(X)
    other = ({"spectrum", "image"} - {modality}).pop()
    assert flags[modality].mean() > 0.5 and flags[other].mean() < 0.05


def test_a_sample_does_not_depend_on_those_beside_it(novelty):
    new = mmlib.make_leaves(10, seed=3)
    together = novelty.is_new(new.X)["image"]
    alone = np.concatenate([novelty.is_new(new.X[i : i + 1])["image"] for i in range(len(new))])
    np.testing.assert_array_equal(together, alone)


def test_ten_samples_are_needed(leaves):
    with pytest.raises(DataError, match="9 samples"):
        Novelty().fit(leaves.X[:9])


def test_a_guarded_model_is_saved_with_its_guard(leaves, tmp_path):
    from mmlib.fusion.early import early_fusion

    model = Guarded(early_fusion(leaves)).fit(leaves.X, leaves.y, leaves.groups)
    again = mmlib.load(mmlib.save(model, tmp_path / "model", leaves))
    new = mmlib.make_leaves(10, seed=4)
    np.testing.assert_array_equal(again.predict_proba(new.X), model.predict_proba(new.X))
    for name, flags in model.is_new(new.X).items():
        np.testing.assert_array_equal(again.is_new(new.X)[name], flags)


def test_a_model_without_probabilities_stays_without():
    from sklearn.svm import LinearSVC

    assert not hasattr(Guarded(LinearSVC()), "predict_proba")
    assert hasattr(clone(Guarded(DummyClassifier())), "predict_proba")
