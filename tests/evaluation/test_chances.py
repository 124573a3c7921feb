"""Chances, and how many groups would be enough: numbers and sentences."""

import re

import numpy as np
import pytest
from scipy import stats

from mmlib.evaluation.chances import chances, chances_sentence, times_as_many
from mmlib.evaluation.intervals import Judged


def judged(mean, error, freedom=30):
    return Judged(mean, mean - 2 * error, mean + 2 * error, 0.5, error, freedom)


def unit(x):
    return "1 point" if x == 0.01 else f"{100 * x:g} points"


def test_chances_are_areas_under_a_t_distribution():
    found = chances(judged(0.01, 0.03), 0.02)
    t = stats.t(30, 0.01, 0.03)
    assert found == pytest.approx((t.cdf(-0.02), t.cdf(0.02) - t.cdf(-0.02), t.sf(0.02)))
    assert chances(judged(0.05, 0.0), 0.02) == (0, 0, 1)


def test_four_of_five_studies_with_so_many_groups_show_the_gain():
    """An error that shrinks with the root of the groups, and a true gain of two points."""
    times = times_as_many(judged(0.0, 0.03, 10_000), 0.02)
    error = 0.03 / times**0.5
    shown = stats.norm.sf(1.96, 0.02 / error)
    assert shown == pytest.approx(0.8, abs=0.002)
    assert np.isnan(times_as_many(judged(0.0, 0.03, 0), 0.02))


@pytest.mark.parametrize("mean", [-0.3, -0.02, 0.0, 0.004, 0.3])
@pytest.mark.parametrize("error", [0.0001, 0.01, 0.05, 3.0])
def test_sentences_hold_no_zero_and_no_certainty(mean, error):
    said = chances_sentence(judged(mean, error), 0.02, unit, 30)
    assert " 0 %" not in said and " 100 %" not in said and "About 1 times" not in said
    assert len(re.findall(r"\d %", said)) == 3


def test_one_and_many_are_told_apart():
    few = chances_sentence(judged(0, 0.001), 0.01, unit, 1, "sample")
    assert few.endswith("This 1 sample would show a gain of 1 point.")
    many = chances_sentence(judged(0, 0.001), 0.02, unit, 30)
    assert many.endswith("These 30 groups would show a gain of 2 points.")
    more = chances_sentence(judged(0, 0.03), 0.02, unit, 30, "plant")
    assert more.endswith("About 19 times as many plants would show a gain of 2 points.")
    over = chances_sentence(judged(0, 3.0), 0.02, unit, 30, "batch")
    assert "%. Over 1,000 times as many batches would" in over
    for error in np.linspace(0.2, 0.24, 30):  # 870 to 1,250 times
        times = times_as_many(judged(0, error), 0.02)
        said = chances_sentence(judged(0, error), 0.02, unit, 30)
        assert ("Over 1,000 times" in said) <= (times > 1000), times
        assert ("Some 1,000 times" in said) == (995 <= times < 1050)
    assert "About 120 times" in chances_sentence(judged(0, 0.077), 0.02, unit, 30)
    assert chances_sentence(judged(0, np.nan), 0.02, unit, 5) == ""
