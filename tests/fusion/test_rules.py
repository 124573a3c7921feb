"""Decision rules on a few numbers, by hand and by Bayes, and what rules learn."""

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from mmlib import DataError
from mmlib.fusion.rules import (
    Calibrator,
    Stacker,
    combine,
    floored_log,
    learn_weights,
    weights_by_squares,
)


def test_mean_and_product_on_three_numbers():
    a, b = np.array([[0.5, 0.3, 0.2]]), np.array([[0.1, 0.3, 0.6]])
    np.testing.assert_allclose(combine([a, b]), [[0.3, 0.3, 0.4]])
    np.testing.assert_allclose(combine([a, b], "product"), np.array([[5, 9, 12]]) / 26)
    prior = np.array([0.2, 0.2, 0.6])
    np.testing.assert_allclose(combine([a, b], "product", prior=prior), np.array([[5, 9, 4]]) / 18)
    np.testing.assert_allclose(combine([a, b], "weighted", [0.75, 0.25]), [[0.4, 0.3, 0.3]])


def test_product_is_bayes_theorem_for_independent_views():
    """Counts of a table in which both views are independent given the class: no estimate."""
    rng = np.random.default_rng(0)
    prior, a_of, b_of = rng.dirichlet(np.ones(3)), *rng.dirichlet(np.ones(4), (2, 3))
    joint = prior[:, None, None] * a_of[:, :, None] * b_of[:, None, :]  # (class, a, b)
    by_a = (joint.sum(2) / joint.sum((0, 2))).T  # p(class | a)
    by_b = (joint.sum(1) / joint.sum((0, 1))).T
    truth = joint / joint.sum(0)
    for i in range(4):
        got = combine([np.tile(by_a[i], (4, 1)), by_b], "product", prior=prior)
        np.testing.assert_allclose(got, truth[:, i].T)


def test_a_zero_is_no_veto():
    sure, unsure = [[1.0, 0.0]], [[0.3, 0.7]]
    assert 0 < combine([sure, unsure, unsure], "product")[0, 1] < 0.01


def test_vote_counts_first_choices_and_breaks_ties_by_the_mean():
    proba = np.array([[[0.4, 0.6, 0]], [[0.5, 0.1, 0.4]], [[0.55, 0, 0.45]]])
    assert combine(proba, "vote").argmax(1) == [0]
    tie = np.array([[[0.6, 0.4, 0]], [[0, 0.1, 0.9]]])
    assert combine(tie, "vote").argmax(1) == [2]  # scikit-learn would take the first, 0
    majority = np.array([[[0.4, 0.35, 0.25]], [[0.4, 0.35, 0.25]], [[0, 1, 0]]])
    assert combine(majority, "vote").argmax(1) == [0]  # two faint votes beat one firm one
    for proba in (tie, majority):
        np.testing.assert_allclose(combine(proba, "vote").sum(1), 1)


def test_learned_weights_are_the_minimum_of_the_log_loss():
    of_truth = np.random.default_rng(0).beta(*np.array([[2, 2, 3], [1, 2, 2]])[..., None], (3, 400))

    def loss(w):
        return -np.log(np.exp(w) / np.exp(w).sum() @ of_truth).mean()

    best = minimize(loss, np.zeros(3), tol=1e-10)
    weights = np.exp(best.x) / np.exp(best.x).sum()
    np.testing.assert_allclose(learn_weights(of_truth), weights, atol=2e-3)


def test_weights_by_squares_are_the_minimum():
    errors = np.random.default_rng(1).normal(size=(2, 50)) * [[1.0], [2.0]]
    grid = np.linspace(0, 1, 100_001)
    squares = errors @ errors.T
    loss = grid**2 * squares[0, 0] + 2 * grid * (1 - grid) * squares[0, 1]
    loss += (1 - grid) ** 2 * squares[1, 1]
    np.testing.assert_allclose(weights_by_squares(errors)[0], grid[loss.argmin()], atol=1e-4)
    np.testing.assert_allclose(weights_by_squares(1e6 * errors), weights_by_squares(errors))
    assert weights_by_squares([[0.0, 0.0], [1.0, 1.0]]).round(3).tolist() == [1, 0]


def test_sigmoid_of_three_classes_fits_each_log_odds():
    rng = np.random.default_rng(0)
    logs = np.log(rng.dirichlet(np.ones(3), 400))
    truth = np.array([rng.choice(3, p=np.exp(row)) for row in logs])
    honest = Calibrator("sigmoid").fit(logs, truth).transform(logs)
    assert abs(honest - np.exp(logs)).mean() < 0.03  # they were honest before


def test_platt_scaling_leaves_honest_probabilities_of_three_classes_alone():
    rng = np.random.default_rng(0)
    proba = rng.dirichlet([0.7, 0.7, 0.7], 20_000)
    truth = (rng.random(len(proba))[:, None] > proba.cumsum(1)).sum(1)
    found = Calibrator("sigmoid").fit(floored_log(proba), truth).transform(floored_log(proba))
    assert abs(found - proba).mean() < 0.01


@pytest.mark.parametrize("known", [3, 2, 1])
def test_a_stacker_is_a_logistic_regression_and_leaves_unknown_classes_their_mean(known):
    rng = np.random.default_rng(0)
    proba, truth = rng.dirichlet(np.ones(3), (2, 300)), rng.integers(known, size=300)
    said, mean = Stacker().fit(proba, truth).transform(proba), proba.mean(0)
    np.testing.assert_allclose(said.sum(1), 1)
    np.testing.assert_allclose(said[:, known:], mean[:, known:])
    if known == 1:
        np.testing.assert_allclose(said, mean)
    else:
        columns = np.hstack(list(np.log(proba)))
        model = LogisticRegression(max_iter=1000).fit(columns, truth)
        share = mean[:, :known].sum(1, keepdims=True)
        np.testing.assert_allclose(said[:, :known], share * model.predict_proba(columns), atol=1e-3)


def test_what_cannot_be_combined_is_refused():
    with pytest.raises(DataError, match="needs weights"):
        combine(np.ones((2, 1, 2)), "weighted")
    with pytest.raises(DataError, match="rule is 'stacking'"):
        combine(np.ones((2, 1, 2)), "stacking")
    with pytest.raises(DataError, match="shape"):
        combine(np.ones((2, 2)))
