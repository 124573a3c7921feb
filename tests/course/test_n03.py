"""The lottery of a single split follows the binomial law."""

import numpy as np
import pytest

from mmlib.course.figures.n03 import draw_lottery, simulate_splits


def test_mean_gain_is_the_true_gain_and_spread_shrinks_with_the_test_set():
    small, large = (simulate_splits(n_test=n, splits=4000) for n in (50, 800))
    assert abs(large.mean() - 0.02) < 0.003
    assert 3.3 < small.std() / large.std() < 4.7  # the root of 16


def test_independent_models_spread_as_the_binomial_says():
    measured = simulate_splits(0.8, 0.0, n_test=100, splits=4000, agreement=0.0)
    assert abs(measured.std() - np.sqrt(2 * 0.8 * 0.2 / 100)) < 0.003


def test_repeats_make_wrong_studies_rarer():
    def wrong(repeats):
        return int(draw_lottery(splits=repeats)[1].split(" % of")[0].split()[-1])

    assert wrong(1) > wrong(10) + 10


@pytest.mark.parametrize(("n_test", "repeats"), [(50, 1), (100, 3), (100, 10), (800, 1)])
def test_the_hatched_bars_hold_the_share_in_the_sentence(n_test, repeats):
    fig, sentence = draw_lottery(test_samples=n_test, splits=repeats)
    bars = fig.axes[0].patches
    assert sum(bar.get_height() for bar in bars) == 1000
    hatched = sum(bar.get_height() for bar in bars if bar.get_hatch())
    assert f" {hatched / 10:.0f} % of studies" in sentence


def test_a_tie_over_several_splits_is_no_gain():
    # summed as fractions, ties such as 0.03 - 0.01 - 0.02 may come out above zero
    won = np.rint(100 * simulate_splits(n_test=100, splits=3000)).reshape(1000, 3).sum(1)
    assert f" {100 * (won <= 0).mean():.0f} % of studies" in draw_lottery(splits=3)[1]


def test_equal_models_have_no_better_one():
    sentence = draw_lottery(gain=0.0)[1]
    assert "equally good" in sentence and "better" not in sentence


def test_a_bar_stands_at_its_gain():
    fig = draw_lottery(test_samples=50)[0]  # gains of 0, 2, 4, ... points
    middles = [bar.get_x() + bar.get_width() / 2 for bar in fig.axes[0].patches if bar.get_height()]
    assert {round(middle % 2, 6) for middle in middles} == {0.0}
