"""Which setting is taken, and that groups stay whole where samples are held out."""

import numpy as np
import pytest

from mmlib.features.component_errors import principal
from mmlib.features.held_out import best_setting, held_out_errors, latent_variables


def test_the_simpler_setting_is_taken_where_the_difference_is_noise():
    rng = np.random.default_rng(0)
    hard = rng.exponential(size=200)  # the same samples are hard for both
    noise = rng.normal(scale=0.1, size=200)
    noise -= noise.mean() - 0.001
    assert best_setting(np.array([hard + noise, hard])) == 0
    assert best_setting(np.array([hard + 0.1 + noise, hard])) == 1


def test_equal_errors_take_the_simplest_whatever_the_rounding():
    errors = np.random.default_rng(0).exponential(size=30)
    for rounding in (0, 1e-15, -1e-15):
        assert best_setting(np.array([errors + 1, errors + rounding, errors])) == 1


def test_few_groups_leave_a_difference_open_that_many_samples_would_settle():
    worse = np.repeat([3.0, -1, -1, 1.5], 50)  # three quarters of a point on average
    errors = np.array([worse + 5, np.full(200, 5.0)])
    assert best_setting(errors) == 1
    assert best_setting(errors, np.repeat(np.arange(4), 50), slack=1) == 0


@pytest.mark.parametrize("task", ["quantity", "classes"])
def test_groups_are_held_out_whole(task):
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(30), 5)
    X = rng.normal(size=(30, 60))[groups] + 0.01 * rng.normal(size=(150, 60))
    y = rng.normal(size=30)[groups] if task == "quantity" else rng.integers(2, size=30)[groups]
    leaky = held_out_errors(X, y, None, principal, [29]).mean()
    honest = held_out_errors(X, y, groups, principal, [29]).mean()
    assert leaky < 0.1 and honest > 0.3  # the labels of a group tell nothing of another


def test_as_many_latent_variables_as_the_signal_has():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 3)) @ rng.normal(size=(3, 40)) + 0.05 * rng.normal(size=(80, 40))
    y = X[:, :4] @ [1.0, 2, -1, 1]
    assert latent_variables(X, y + 0.3 * y.std() * rng.normal(size=80))[0] in (2, 3, 4, 5)
    assert latent_variables(X, rng.normal(size=80))[0] <= 4  # nothing to learn, of 20


def test_a_single_group_is_said():
    X = np.random.default_rng(0).normal(size=(20, 6))
    assert "nothing can be held out" in latent_variables(X, X[:, 0], np.zeros(20))[1]
