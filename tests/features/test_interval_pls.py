"""Interval PLS keeps what predicts, and judges it on groups held out."""

import numpy as np

from mmlib.base import fit_options
from mmlib.features.interval_pls import IntervalSelector


def independent(bands):
    return np.random.default_rng(1).normal(size=(80, bands))


def test_the_interval_that_makes_the_target_is_found_first():
    X = independent(24)
    found = IntervalSelector(n_intervals=6).fit(X, 3 * X[:, 9] + X[:, 21])
    assert found.intervals_ == [2, 5] and found.bands_.tolist() == [8, 9, 10, 11, 20, 21, 22, 23]
    assert found.errors_[1] < found.errors_[0]


def test_intervals_that_do_not_help_are_not_added():
    X = independent(24)
    assert IntervalSelector(n_intervals=6, most=6).fit(X, X[:, 9]).errors_[-1] < 0.05
    assert len(IntervalSelector(n_intervals=6, most=6).fit(X, X[:, 9]).intervals_) < 6


def test_interval_errors_are_those_of_groups_held_out():
    """Copies of a sample in both parts make nonsense look good; groups stop that."""
    X = np.repeat(independent(24)[:20], 4, axis=0)
    X = X + 1e-3 * np.random.default_rng(0).normal(size=X.shape)
    groups = np.repeat(np.arange(20), 4)
    y = np.repeat(np.random.default_rng(3).normal(size=20), 4)
    settings = {"n_intervals": 2, "n_components": 12}
    torn = IntervalSelector(**settings).fit(X, y).errors_[-1]
    whole = IntervalSelector(**settings).fit(X, y, groups=groups).errors_[-1]
    assert torn < 0.4 and whole > 0.8
    assert fit_options(IntervalSelector(), groups)["groups"] is groups
