import numpy as np
import pytest
from sklearn.base import is_classifier
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.svm import LinearSVC

import mmlib
from mmlib.fusion.balanced import BalancedDecision, as_if_even, balanced, is_uneven
from mmlib.fusion.roles import Preset, presets_of


def overlapping(seed, rare=0.1, n=2000):
    """Two classes on a line, so near to each other that the rare one is never the likelier."""
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < rare).astype(int)
    return rng.normal(y, 1.0, n).reshape(-1, 1), y


@pytest.mark.parametrize("seed", range(5))
def test_a_rare_class_is_found_that_the_most_probable_class_hides(seed):
    (x, y), (new, truth) = overlapping(seed), overlapping(100 + seed)
    plain = LogisticRegression().fit(x, y)
    fair = BalancedDecision(LogisticRegression()).fit(x, y)
    by_probability = balanced_accuracy_score(truth, plain.predict(new))
    # The best that any threshold can reach is Phi(1/2), where the two densities cross.
    assert by_probability < 0.55 < 0.66 < balanced_accuracy_score(truth, fair.predict(new)) < 0.72


def test_probabilities_stay_as_they_are():
    x, y = overlapping(0)
    fair = BalancedDecision(LogisticRegression()).fit(x, y)
    assert np.array_equal(fair.predict_proba(x), LogisticRegression().fit(x, y).predict_proba(x))
    assert np.array_equal(fair.shares_, [(y == 0).mean(), (y == 1).mean()])


def test_even_classes_are_decided_as_before():
    x, y = overlapping(0, rare=0.5)
    rows = np.r_[np.flatnonzero(y == 0)[:800], np.flatnonzero(y == 1)[:800]]
    plain = LogisticRegression().fit(x[rows], y[rows])
    fair = BalancedDecision(LogisticRegression()).fit(x[rows], y[rows])
    assert np.array_equal(fair.predict(x), plain.predict(x))


def test_as_if_even_gives_what_bayes_gives_with_equal_priors():
    density, shares = np.array([[0.2, 0.5, 0.1], [0.3, 0.1, 0.4]]), np.array([0.7, 0.2, 0.1])
    told = density * shares / (density * shares).sum(1, keepdims=True)
    assert np.allclose(as_if_even(told, shares), density / density.sum(1, keepdims=True))


def test_the_rule_for_uneven_is_a_quarter_above_the_mean():
    assert not is_uneven([0] * 5 + [1] * 3) and is_uneven([0] * 51 + [1] * 29)


def test_groups_reach_the_model_that_takes_them():
    class Recorder(DummyClassifier):
        def fit(self, X, y, groups=None):
            self.seen_ = groups
            return super().fit(X, y)

    groups = np.arange(6) // 2
    fair = BalancedDecision(Recorder()).fit(np.zeros((6, 1)), [0, 0, 0, 0, 1, 1], groups)
    assert fair.model_.seen_ is groups
    plain = BalancedDecision(DummyClassifier())
    assert plain.fit(np.zeros((6, 1)), [0, 0, 0, 0, 1, 1], groups) is plain


def test_a_ladder_keeps_its_presets_and_models_without_probabilities():
    leaves = mmlib.make_leaves(n_plants=12)
    models = mmlib.fusion.ladder(leaves, pixels=False)
    models["bare"] = LinearSVC()
    y = np.r_[np.zeros(50), np.ones(10)]
    found = balanced(models, y)
    assert list(found) == list(models) and presets_of(found) == presets_of(models)
    assert presets_of(found)["early"] == Preset("early", ("spectrum", "image"))
    assert found["bare"] is models["bare"] and is_classifier(found["early"])
    assert isinstance(found["late"], BalancedDecision)
    assert balanced(models, np.r_[np.zeros(30), np.ones(30)]) is models
