"""Scores without each group are those of scikit-learn on the samples that remain."""

import numpy as np
import pytest

from mmlib.evaluation.left_out import classification_left_out, regression_left_out
from mmlib.evaluation.metrics import classification_scores, regression_scores


@pytest.fixture(params=["groups within classes", "groups across classes", "each its own group"])
def group(request):
    if request.param == "each its own group":
        return np.arange(40)
    return np.arange(40) // 4 if request.param == "groups within classes" else np.arange(40) % 7


def test_classes(group):
    rng = np.random.default_rng(0)
    y = np.arange(40) // 8
    labels, proba = np.arange(6), rng.dirichlet(np.ones(6), 40)  # label 5 does not occur
    predicted = proba.argmax(1)
    found = classification_left_out(y, predicted, proba, labels, group)
    for row in range(-1, group.max() + 1):
        kept = group != row
        expected = classification_scores(y[kept], predicted[kept], proba[kept], labels)
        for name in ("accuracy", "balanced accuracy", "macro F1", "log loss"):
            assert found[name][row + 1] == pytest.approx(expected[name]), name
    whole = classification_scores(y, predicted, proba, labels)["calibration error"]
    assert found["calibration error"][0] == pytest.approx(whole)


def test_the_parts_of_the_calibration_error_stay_when_a_group_leaves():
    """Three are 90 % sure and one 60 %, all are right: gaps of 0.1 and 0.4."""
    y, proba = np.array([0, 0, 1, 1]), np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.4, 0.6]])
    found = classification_left_out(y, proba.argmax(1), proba, [0, 1], [1, 1, 1, 0])
    assert found["calibration error"] == pytest.approx([(3 * 0.1 + 0.4) / 4, 0.1, 0.4])


def test_without_probabilities_two_scores_are_missing():
    found = classification_left_out([0, 1], [0, 1], None, [0, 1], [0, 1])
    assert np.isnan([*found["log loss"], *found["calibration error"]]).all()


@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_quantities(group, offset):
    rng = np.random.default_rng(1)
    y = offset + rng.normal(size=40)
    predicted = y + rng.normal(size=40)
    found = regression_left_out(y, predicted, group)
    for row in range(-1, group.max() + 1):
        kept = group != row
        for name, value in regression_scores(y[kept], predicted[kept]).items():
            assert found[name][row + 1] == pytest.approx(value, rel=1e-6), name


def test_a_quantity_that_does_not_vary_has_no_r2():
    found = regression_left_out([1.0, 1.0, 1.0, 2.0], [1.0, 1.5, 1.0, 2.0], [0, 0, 1, 2])
    assert np.isnan(found["R2"][3]) and np.isfinite(found["R2"][:3]).all()
