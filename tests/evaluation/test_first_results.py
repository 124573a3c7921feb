"""What a first comparison tells about the next: likeness, and an error that shrinks as it does."""

import numpy as np
import pytest
from scipy import stats

from mmlib.evaluation.first_results import FirstResults, likeness
from mmlib.evaluation.intervals import interval_by_groups


def known(groups=30, per_group=5.0, alike=0.3, error=0.03, unsteady=0.1):
    return FirstResults(groups, per_group, alike, 0.2, error, groups - 1, unsteady, 0.8, "accuracy")


@pytest.mark.parametrize("alike", [0.0, 0.3, 0.8])
@pytest.mark.parametrize("sizes", ["equal", "unequal"])
def test_likeness_finds_the_correlation_within_groups(alike, sizes):
    rng = np.random.default_rng(0)
    each = np.full(4000, 5) if sizes == "equal" else rng.integers(1, 10, 4000)
    group = np.repeat(np.arange(4000), each)
    shared, own = rng.normal(size=4000)[group], rng.normal(size=len(group))
    found = likeness(np.sqrt(alike) * shared + np.sqrt(1 - alike) * own, group)
    assert found == pytest.approx(alike, abs=0.03)


def test_without_repeats_in_a_group_nothing_is_alike():
    assert likeness([1, 0, 1], [0, 1, 2]) == 0 == likeness([1, 1, 1, 1], [0, 0, 1, 1])


@pytest.mark.parametrize(("groups", "per_group"), [(30, 5), (120, 5), (30, 1), (300, 2)])
def test_the_error_is_the_one_that_such_a_study_would_have(groups, per_group):
    """Differences drawn with the likeness that was found, judged by the package's own interval."""
    rng, error = np.random.default_rng(0), {}
    for n, m in ((30, 5), (groups, per_group)):
        shape = 4000, n, m
        own = np.sqrt(0.7) * rng.normal(size=shape)
        x = (np.sqrt(0.3) * rng.normal(size=(*shape[:2], 1)) + own).mean(2)
        mean = x.mean(1)
        without = (n * mean[:, None] - x) / (n - 1)
        found = interval_by_groups(mean, without, np.ones(n), 0.1)
        error[n, m] = np.sqrt(np.square(found.error).mean())
    expected = known(error=error[30, 5]).error_with(groups, per_group)
    assert expected == pytest.approx(error[groups, per_group], rel=0.02)


def test_a_quantity_from_few_groups_is_as_unsure_as_its_interval_says():
    few = known(groups=10)._replace(metric="RMSE")
    ratio = few.error_with(40) / known(groups=10).error_with(40)
    factors = 1 + 0.15 + 5 / 40, 1 + 0.15 + 5 / 10
    more = [(f + 20 / n**2) / f for f, n in zip(factors, (40, 10), strict=True)]
    assert ratio == pytest.approx((more[0] / more[1]) ** 0.5)


def test_power_is_the_share_of_intervals_above_zero():
    rng, start = np.random.default_rng(1), known()
    error = start.error_with(40)
    t = (0.06 / error + rng.normal(size=200_000)) / np.sqrt(rng.chisquare(39, 200_000) / 39)
    shown = (t > stats.t(39).ppf(0.975)).mean()
    assert start.power(40, 0.06) == pytest.approx(shown, abs=0.005)


def test_power_rises_with_groups_samples_and_gain_and_is_none_with_five_groups():
    start = known()
    assert start.power(5, 0.5) == 0
    by_groups = [start.power(n, 0.04) for n in (6, 20, 60, 200, 1000)]
    assert by_groups == sorted(by_groups) and by_groups[-1] > 0.99
    assert start.power(30, 0.04, per_group=1) < start.power(30, 0.04) < start.power(30, 0.08)
    assert known(error=0.0).power(30, 0.01) == 1
    assert np.isnan(known(error=np.nan).power(30, 0.04))
