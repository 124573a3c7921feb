"""Intervals and p over folds, by hand and over many simulated comparisons."""

import numpy as np
import pytest

from mmlib.evaluation import (
    interval,
    p_value,
)


def test_interval_and_p_by_hand():
    values = [0.02, 0.05, 0.01, 0.04]  # mean 0.03, variance 0.001 / 3
    error = np.sqrt((1 / 4 + 20 / 80) * 0.001 / 3)
    mean, low, high = interval(values, n_train=80, n_test=20)
    assert mean == pytest.approx(0.03)
    assert (high - mean, mean - low) == pytest.approx([3.182446 * error] * 2)  # t(0.975; 3)
    # Student's t with 3 degrees of freedom has a distribution function in closed form
    t = 0.03 / error
    share = 0.5 + (np.arctan(t / 3**0.5) + (t / 3**0.5) / (1 + t**2 / 3)) / np.pi
    assert p_value(values, 80, 20) == pytest.approx(2 * (1 - share))


def test_interval_without_overlap_is_the_everyday_one():
    from scipy import stats

    values = np.random.default_rng(0).normal(0.1, 1, size=12)
    low, high = stats.t.interval(0.9, 11, values.mean(), stats.sem(values))
    assert interval(values, 1, 0, level=0.9) == pytest.approx((values.mean(), low, high))
    assert p_value(values, 1, 0) == pytest.approx(stats.ttest_1samp(values, 0).pvalue)


def test_sizes_may_differ_between_folds():
    assert interval([1, 2], [10, 20], [10, 10]) == interval([1, 2], 4, 3)  # ratio 3/4


def test_equal_models_and_single_values():
    assert p_value([0.0, 0.0, 0.0], 80, 20) == 1
    assert p_value([0.1, 0.1, 0.1], 80, 20) < 1e-9
    assert np.isnan(p_value([0.1], 80, 20))
    assert np.isnan(interval([0.1], 80, 20).low)


def test_corrected_test_keeps_its_promise_where_the_plain_t_test_does_not():
    """Two predictors that are truly equally good: the training mean, and zero.

    For samples from N(mu, 1) the expected squared errors are 1 + 1/n and 1 + mu^2,
    so with mu^2 = 1/n nobody is better and 5 % of the tests may say otherwise.
    """
    n, k, repeats, studies = 40, 5, 5, 400
    rng = np.random.default_rng(0)
    corrected = plain = 0
    for _ in range(studies):
        y = rng.normal((k / (n * (k - 1))) ** 0.5, 1, size=n)
        parts = np.array([rng.permutation(n).reshape(k, -1) for _ in range(repeats)])
        test = y[parts.reshape(k * repeats, -1)]
        train_mean = (y.sum() - test.sum(1)) / (n - n // k)
        difference = (test**2).mean(1) - ((test - train_mean[:, None]) ** 2).mean(1)
        corrected += p_value(difference, n - n // k, n // k) < 0.05
        plain += p_value(difference, 1, 0) < 0.05
    assert corrected / studies < 0.1
    assert plain / studies > 0.25
