"""Sentences agree with the numbers, in grammar and after rounding."""

import re

import numpy as np
import pytest

from mmlib.evaluation.wording import compared, counted, enough_decimals

NAN = float("nan")


def test_points_are_singular_or_plural():
    said = [compared("a", "b", (x, -0.2, 0.2, 0.5), "accuracy", 5, 9) for x in (0.01, 0.02, 0.005)]
    assert "by 1 point (" in said[0] and "by 2 points (" in said[1] and "by 0.5 points" in said[2]
    assert counted(1, "group") == "1 group" and counted(2, "group") == "2 groups"


def test_too_few_groups_are_said_to_be_too_few():
    said = compared("a", "b", (-0.04, NAN, NAN, NAN), "accuracy", 15, 5)
    assert said == (
        "b and a cannot be told apart with 5 groups, 6 are needed: the accuracy of b is higher by "
        "4 points, and nobody can say how much of it is luck."
    )
    assert "with 1 group, 6" in compared("a", "b", (0.04, NAN, NAN, NAN), "accuracy", 15, 1)


def test_errors_are_better_when_lower():
    said = compared("a", "b", (-2.0, -3.0, -1.0, 0.01), "RMSE", 5, 9, "starch (%)")
    assert said.startswith(
        "a is better than b: its RMSE of starch (%) is lower by 2 (95 % interval 1"
    )
    assert compared("a", "b", (2.0, 1.0, 3.0, 0.01), "log loss", 5, 9).startswith("b is better")


def test_no_rounding_contradicts_the_verdict():
    rng = np.random.default_rng(0)
    for _ in range(2000):
        middle, half = 10.0 ** rng.uniform(-6, 0, 2) * rng.choice([-1, 1], 2)
        found = middle, middle - abs(half), middle + abs(half), 0.01 + (abs(half) > abs(middle))
        said = compared("a", "b", found, "accuracy", 25, 60)
        size, low, high = map(float, re.findall(r"by (\S+) points? .*val (\S+) to (\S+),", said)[0])
        assert low <= size <= high and size > 0
        assert (low > 0) == ("better" in said), said


@pytest.mark.parametrize(
    "numbers, decimals",
    [((5.4, 2.1, 8.7), 0), ((0.04, 0.003, 0.08), 3), ((3, -0.2, 6), 1), ((0, -1, 1), 0),
     ((1e-12, -1, 1), 0), ((4, NAN, NAN), 0)],
)  # fmt: skip
def test_as_many_decimals_as_a_sign_needs(numbers, decimals):
    assert enough_decimals(*numbers) == decimals
