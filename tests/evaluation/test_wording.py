"""Sentences agree with the numbers, in grammar and after rounding."""

import re

import numpy as np
import pytest

from mmlib.base import plural
from mmlib.evaluation.wording import brief, compared, counted, enough_decimals

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


@pytest.mark.parametrize("metric", ["accuracy", "calibration error", "RMSE", "log loss"])
@pytest.mark.parametrize("decimals", [0, 1])
def test_no_rounding_contradicts_the_verdict(metric, decimals):
    """Numbers of all sizes, also intervals that end at zero, or are narrow, or about nothing."""
    rng, way = np.random.default_rng(0), -1 if metric in ("RMSE", "log loss") else 1
    lower_is_better = metric != "accuracy"
    for k in range(1500):
        unit = 10.0 ** rng.uniform(-9, 6) if way < 0 else 0.1
        middle = unit * 10.0 ** rng.uniform(-4, 1) * rng.choice([-1, 1]) * (k % 11 > 0)
        half = [unit * 10.0 ** rng.uniform(-4, 1), abs(middle) * (1 + rng.normal() / 1000)][k % 2]
        half = half or unit
        found = middle, middle - half, middle + half, 0.01 if half < abs(middle) else 0.5
        said = compared("a", "b", found, metric, 25, 60, decimals=decimals)
        printed = PRINTED.search(said).groupdict()
        low, high, size = (float(printed[x] or 0) for x in ("low", "high", "size"))
        assert low <= size <= high and low < high, said
        assert (low > 0) == ("is better" in said) == (half < abs(middle)), said
        assert (size == 0) == (middle == 0) == ("both have the same" in said), said
        winner = ("a" if (middle > 0) != lower_is_better else "b") if middle else "a"
        assert middle == 0 or said.startswith(winner), said
        assert not re.search(r"(?<![\d.])-?1 points|-0(\.0*)?(?![\d.])", said), said


PRINTED = re.compile(
    r"(?:by (?P<size>[\d.]+)(?: points?)?|same [\w ]+) \(95 % interval (?:of the difference )?"
    r"(?P<low>-?[\d.]+) to (?P<high>[\d.]+)(?: points?)?, same 25 folds\)\.$"
)


def test_what_is_level_is_said_to_be():
    level = (0.0, -0.04, 0.04, 1.0)
    assert compared("a", "b", level, "RMSE", 5, 9, "pH") == (
        "b and a cannot be told apart: both have the same RMSE of pH "
        "(95 % interval of the difference -0.04 to 0.04, same 5 folds)."
    )
    noise = compared("a", "b", (1e-17, -0.04, 0.04, 1.0), "accuracy", 5, 9)
    assert "both have the same accuracy (95 % interval of the difference -4 to 4 points," in noise
    few = compared("a", "b", (0.0, NAN, NAN, NAN), "accuracy", 5, 3)
    assert few == (
        "a and b cannot be told apart with 3 groups, 6 are needed: both have the same accuracy."
    )


def test_numbers_in_brief_are_never_written_with_a_power_of_ten():
    assert [brief(x) for x in (99.4, 99.6, 140, 7000.0, -1234.5, 0.052, -0.0)] == [
        "99", "100", "140", "7000", "-1234", "0.052", "0"
    ]  # fmt: skip
    assert brief(0.9, sign="+") == "+0.9" and brief(123.4, digits=3) == "123"


def test_nouns_of_many():
    assert [plural(x) for x in ("plant", "batch", "class", "day", "study", "box")] == [
        "plants", "batches", "classes", "days", "studies", "boxes"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "numbers, decimals",
    [((5.4, 2.1, 8.7), 0), ((0.04, 0.003, 0.08), 3), ((3, -0.2, 6), 1), ((0, -1, 1), 0),
     ((1e-12, -1, 1), 0), ((4, NAN, NAN), 0), ((2.01, 1.99, 2.03), 2), ((2e-11, 1e-11, 3e-11), 11)],
)  # fmt: skip
def test_as_many_decimals_as_a_sign_needs(numbers, decimals):
    assert enough_decimals(*numbers) == decimals
