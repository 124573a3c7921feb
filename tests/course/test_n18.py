"""Figures of lesson 18 draw what was computed, and say it."""

import numpy as np
import pandas as pd
import pytest

from mmlib.course.figures.n18 import (
    plot_added,
    plot_loadings,
    plot_mage,
    plot_orders,
    plot_saliences,
)


def widths(ax):
    return [round(float(bar.get_width()), 6) for bar in ax.patches]


def test_alone_and_added_are_bars_with_the_interval_of_the_latter():
    rows = {
        "color": {"alone": 0.4, "added": 0.01, "low": -0.02, "high": 0.03},
        "size": {"alone": 0.1, "added": 0.08, "low": 0.05, "high": 0.12},
    }
    fig, said = plot_added(pd.DataFrame(rows).T)
    ax = fig.axes[0]
    assert sorted(widths(ax)) == [1, 8, 10, 40]
    ends = ax.containers[1].lines[2][0].get_segments() if hasattr(ax.containers[1], "lines") else []
    ends = ends or [s for c in ax.collections for s in c.get_segments()]
    assert np.ravel([np.asarray(s)[:, 0] for s in ends]).tolist() == pytest.approx([-2, 3, 5, 12])
    assert said == (
        "Variance explained in new groups: color 40 % alone, 1 % more after the spectrum, "
        "size 10 % alone, 8 % more after the spectrum."
    )


def errors():
    index = pd.MultiIndex.from_product([range(4), range(4)], names=["near", "far"])[1:]
    totals = np.array([sum(n) for n in index])
    values = pd.Series(0.5 / totals, index)
    values[(2, 1)] = 0.03
    return values.iloc[np.argsort(totals, kind="stable")]


def test_the_mage_plot_has_a_point_for_every_combination_and_circles_the_best():
    fig, said = plot_mage(errors())
    lines = fig.axes[0].lines
    assert sum(len(line.get_xdata()) for line in lines[:3]) == 15
    assert (lines[-1].get_xdata()[0], lines[-1].get_ydata()[0]) == (3, pytest.approx(3))
    assert fig.axes[0].texts[0].get_text() == "2, 1"
    assert said == (
        "Of 15 combinations 2 of near and 1 of far have the smallest error held out, 3 % of the "
        "variance."
    )
    floor = dict(zip(*lines[3].get_data(), strict=True))
    assert floor[6] == pytest.approx(50 / 6) and floor[3] == pytest.approx(3)


def test_orders_are_stacked_bars_that_say_their_numbers():
    fig, said = plot_orders({"a first": {"a": 0.8, "b": 0.1}, "b first": {"b": 0.7, "a": 0.2}})
    ax = fig.axes[0]
    assert widths(ax) == [80, 10, 70, 20]
    assert ax.patches[1].get_x() == pytest.approx(80)
    assert [t.get_text() for t in ax.texts] == ["80", "10", "70", "20"]
    same = [bar.get_facecolor() for bar in ax.patches]
    assert same[0] == same[3] and same[1] == same[2] and same[0] != same[1]
    assert said == "a first: a 80 %, then b 10 %, left over 10 %; b first: b 70 %, then a 20 %, " \
        "left over 10 %."  # fmt: skip


def test_loadings_are_drawn_along_the_wavelengths():
    loadings = np.array([[0.1, 0.2], [-0.7, 0.9], [0.3, 0.0]])
    fig, said = plot_loadings(np.array([400, 500, 600]), loadings, ["one", "two"])
    drawn = fig.axes[0].lines[:2]
    np.testing.assert_array_equal([line.get_ydata() for line in drawn], loadings.T)
    assert "one is largest in size at 500 nm (-0.70); two is largest in size at 500 nm" in said


def test_saliences_stand_beside_what_they_tell_of_the_target():
    table = pd.DataFrame({"a": [0.5, 0.2], "b": [0.0, 0.3]}, index=[1, 2])
    fig, said = plot_saliences(table, [0.01, 0.6])
    ax = fig.axes[0]
    assert [bar.get_height() for bar in ax.patches] == pytest.approx([50, 20, 0, 30])
    assert ax.lines[0].get_ydata().tolist() == pytest.approx([1, 60])
    assert said == (
        "Dimension 1 holds 50 % of a, 0 % of b and explains 1 % of the target. Dimension 2 "
        "explains most of it, 60 %, and holds 20 % of a, 30 % of b."
    )
