"""Scores, against scikit-learn's and by hand."""

import numpy as np
import pytest
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

from mmlib import DataError
from mmlib.evaluation import (
    calibration_error,
    classification_scores,
    regression_scores,
    reliability,
)


def test_scores_equal_scikit_learns():
    rng = np.random.default_rng(0)
    y, proba = rng.integers(3, size=200), rng.dirichlet(np.ones(3), size=200)
    predicted = proba.argmax(1)
    scores = classification_scores(y, predicted, proba)
    assert scores["accuracy"] == sk.accuracy_score(y, predicted)
    assert scores["balanced accuracy"] == pytest.approx(sk.balanced_accuracy_score(y, predicted))
    assert scores["macro F1"] == pytest.approx(sk.f1_score(y, predicted, average="macro"))
    assert scores["log loss"] == pytest.approx(sk.log_loss(y, proba))


def test_a_class_absent_from_the_test_part_is_left_out_of_averages():
    proba = [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]]
    scores = classification_scores([0, 1, 1], [0, 1, 2], proba)
    assert scores["balanced accuracy"] == 0.75  # class 0: 1 of 1, class 1: 1 of 2
    assert scores["macro F1"] == pytest.approx((1 + 2 / 3) / 2)
    assert scores["log loss"] == pytest.approx(-np.log([0.7, 0.8, 0.2]).mean())


def test_regression_scores_by_hand():
    scores = regression_scores([1, 2, 3, 6], [2, 2, 2, 8])
    rmse = 1.5**0.5
    rpd = (14 / 3) ** 0.5 / rmse
    wanted = {"RMSE": rmse, "R2": 1 - 6 / 14, "MAE": 1.0, "bias": 0.5, "RPD": rpd}
    assert scores == pytest.approx(wanted)
    assert np.isnan(regression_scores([1.0], [2.0])["R2"])


def test_calibration_error_by_hand():
    confidence = np.array([0.55, 0.65, 0.75, 0.95])
    proba = np.stack([confidence, 1 - confidence], axis=1)
    y = [1, 0, 0, 0]  # the least confident is wrong
    # lower half: stated 0.60, right 0.5; upper half: stated 0.85, right 1
    table = reliability(y, proba, bins=2)
    assert table["confidence"].tolist() == pytest.approx([0.6, 0.85])
    assert table["accuracy"].tolist() == [0.5, 1.0]
    assert calibration_error(y, proba, bins=2) == pytest.approx((0.10 + 0.15) / 2)
    assert calibration_error(y, proba, bins=1) == pytest.approx(0.75 - 0.725)


def test_reliability_agrees_with_scikit_learns_calibration_curve():
    rng = np.random.default_rng(1)
    proba = rng.dirichlet(np.ones(4), size=500)
    y = rng.integers(4, size=500)
    table = reliability(y, proba)
    right = (proba.argmax(1) == y).astype(int)
    share, stated = calibration_curve(right, proba.max(1), n_bins=10, strategy="quantile")
    np.testing.assert_allclose(table["accuracy"], share)
    np.testing.assert_allclose(table["confidence"], stated)
    assert table["samples"].tolist() == [50] * 10


def test_bins_of_unequal_size_are_weighted_by_their_samples():
    proba = [[0.6, 0.4]] * 3 + [[0.9, 0.1]]  # equal confidences stay together
    table = reliability([0, 0, 1, 1], proba, bins=2)
    assert table["samples"].tolist() == [3, 1]
    gaps = abs(2 / 3 - 0.6), 0.9
    assert calibration_error([0, 0, 1, 1], proba, bins=2) == pytest.approx(
        (3 * gaps[0] + gaps[1]) / 4
    )


def test_true_probabilities_have_little_calibration_error_and_overstated_ones_much():
    rng = np.random.default_rng(2)
    proba = rng.dirichlet(np.ones(3), size=20_000)
    y = (rng.random(20_000)[:, None] > proba.cumsum(1)).sum(1)
    assert calibration_error(y, proba) < 0.015
    sharper = proba**3 / (proba**3).sum(1, keepdims=True)
    assert calibration_error(y, sharper) > 0.1


def test_calibration_error_does_not_depend_on_row_order_even_when_all_are_equal():
    y = np.array([0] * 50 + [1] * 50)
    proba = np.full((100, 2), 0.5)
    assert calibration_error(y, proba) == pytest.approx(0)  # half of them are right
    shuffled = np.random.default_rng(0).permutation(100)
    assert calibration_error(y[shuffled], proba) == pytest.approx(0)


def test_labels_may_be_names():
    proba = [[0.9, 0.1], [0.3, 0.7]]
    assert calibration_error(["ash", "oak"], proba, ["ash", "oak"], bins=1) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("y", "proba", "says"),
    [
        ([0, 1], [[0.5, 0.5]], "one row for each sample"),
        ([0, 1], [0.5, 0.5], "one row for each sample"),
        ([0, 2], [[0.5, 0.5], [0.5, 0.5]], "y holds 2"),
        ([0, 1], [[0.5, 0.5], [0.5, 0.6]], "Row 1 holds no probabilities"),
        ([0, 1], [[1.5, -0.5], [0.5, 0.5]], "Row 0 holds no probabilities"),
        ([0, 1], [[0.5, 0.5], [np.nan, 0.5]], "Row 1 holds no probabilities"),
    ],
)
def test_what_are_no_probabilities_is_said(y, proba, says):
    with pytest.raises(DataError, match=says):
        calibration_error(y, proba)


def test_measured_values_that_do_not_differ_have_no_share_to_explain(recwarn):
    for predicted in ([1.0, 2.0, 3.0], [2.0, 2.0, 2.0]):
        scores = regression_scores([2.0, 2.0, 2.0], predicted)
        assert np.isnan(scores["R2"]) and np.isnan(scores["RPD"])
    assert not recwarn


def test_log_loss_follows_the_order_of_the_labels_given():
    y, proba = [2, 0, 1, 1], np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.2, 0.2, 0.6]] * 2)[:4]
    right = classification_scores(y, y, proba, [0, 1, 2])
    turned = classification_scores(y, y, proba[:, [2, 0, 1]], [2, 0, 1])
    assert turned == pytest.approx(right)
