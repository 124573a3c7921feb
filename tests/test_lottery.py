"""The lottery of a single split follows the binomial law."""

import numpy as np

from mmlib.evaluation.lottery import draw_lottery, simulate_splits


def test_mean_gain_is_the_true_gain_and_spread_shrinks_with_the_test_set():
    small, large = (simulate_splits(n_test=n, splits=4000) for n in (50, 800))
    assert abs(large.mean() - 0.02) < 0.003
    assert 3.3 < small.std() / large.std() < 4.7  # the root of 16


def test_independent_models_spread_as_the_binomial_says():
    measured = simulate_splits(0.8, 0.0, n_test=100, splits=4000, agreement=0.0)
    assert abs(measured.std() - np.sqrt(2 * 0.8 * 0.2 / 100)) < 0.003


def test_repeats_make_wrong_studies_rarer():
    def wrong(repeats):
        return int(draw_lottery(repeats=repeats)[1].split(" % of")[0].split()[-1])

    assert wrong(1) > wrong(10) + 10
