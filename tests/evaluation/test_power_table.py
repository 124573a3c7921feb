"""The table of simulated studies: what it holds, what lies between, and what lies beyond."""

import numpy as np
import pytest
from scipy.stats import norm

from mmlib.evaluation.power_table import power_from_table, power_table


def test_an_entry_is_found_again():
    for row in power_table().sample(40, random_state=0).to_dict("records"):
        wanted = min(max(row.pop("power"), 0.0005), 0.9995)
        assert power_from_table(**row) == pytest.approx(wanted)


def test_between_entries_scores_are_averaged():
    ends = [power_from_table(40, 3, alike, 0.8, 0.06) for alike in (0.2, 0.5)]
    middle = power_from_table(40, 3, 0.35, 0.8, 0.06)
    assert middle == pytest.approx(norm.cdf(np.mean(norm.ppf(ends))))
    geometric = power_from_table(40 * 2**0.5, 3, 0.5, 0.8, 0.06)
    assert power_from_table(40, 3, 0.5, 0.8, 0.06) < geometric
    assert geometric < power_from_table(80, 3, 0.5, 0.8, 0.06)


@pytest.mark.parametrize("per_group", [1, 3, 10])
@pytest.mark.parametrize("accuracy", [0.7, 0.8])
def test_more_groups_and_greater_gains_are_shown_more_often(per_group, accuracy):
    table = power_table()
    table = table[(table["per_group"] == per_group) & (table["accuracy"] == accuracy)]
    for _, part in table.groupby(["classes", "alike", "gain"]):
        values = part.sort_values("groups")["power"].to_numpy()
        assert (np.diff(values) > -0.03).all()  # which is luck
    for _, part in table.groupby(["classes", "alike", "groups"]):
        values = part.sort_values("gain")["power"].to_numpy()
        assert (np.diff(values) > -0.03).all()


def test_samples_of_a_group_that_are_alike_tell_little_more_than_one():
    alone = power_from_table(80, 1, gain=0.06)
    assert power_from_table(80, 10, 1.0, gain=0.06) == pytest.approx(alone)
    assert (
        alone < power_from_table(80, 10, 0.8, gain=0.06) < power_from_table(80, 10, 0.2, gain=0.06)
    )


def test_beyond_the_table_is_cautious_or_nothing():
    assert power_from_table(5) == 0
    assert power_from_table(8) == power_from_table(12)
    assert power_from_table(80, 30) == power_from_table(80, 10)
    assert power_from_table(80, alike=0.0) == power_from_table(80, alike=0.2)
    assert power_from_table(80, classes=7) == power_from_table(80, classes=4)
    for beyond in ({"groups": 5000}, {"groups": 80, "gain": 0.5}, {"groups": 80, "accuracy": 0.4}):
        assert np.isnan(power_from_table(**beyond))


def test_what_other_simulations_found_is_in_it():
    """Table "shown, mmlib" of docs/judging.md, two classes, half of the variance shared."""
    for groups, per_group, accuracy, gain, shown in (
        (40, 1, 0.8, 0.079, 0.12), (60, 5, 0.8, 0.078, 0.68), (300, 1, 0.8, 0.083, 0.98),
        (30, 5, 0.8, 0.076, 0.26),
    ):  # fmt: skip
        found = power_from_table(groups, per_group, 0.5, accuracy, gain)
        assert found == pytest.approx(shown, abs=0.1)
