"""Figures of lesson 24 draw what was computed, and say it."""

import numpy as np
import pandas as pd
import pytest

from mmlib.course.figures.n24 import plot_bands, plot_rankings


def test_spectra_are_lines_and_bands_are_stripes_with_their_names():
    axis = np.array([400.0, 500, 600])
    fig, said = plot_bands(
        axis, {"soil": [1, 2, 3], "tree": [3, 1, 2]}, {"a": (410, 450), "b": (500, 590)}
    )
    ax = fig.axes[0]
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines], [[1, 2, 3], [3, 1, 2]])
    spans = [(p.get_x(), p.get_x() + p.get_width()) for p in ax.patches]
    assert spans == [(410, 450), (500, 590)]
    assert [t.get_text() for t in ax.texts] == ["a", "b"]
    assert said == (
        "Spectra of soil, tree from 400 to 600 nm; bands: a 410 to 450 nm, b 500 to 590 nm."
    )


def test_each_split_has_a_panel_and_its_own_ranking_in_words():
    rows = {"low": [0.5, 0.6], "high": [0.7, 0.9]}
    tables = {
        "by region": pd.DataFrame({"mean": [0.6, 0.8], **rows}, ["few", "many"]),
        "at random": pd.DataFrame({"mean": [0.65, 0.62], **rows}, ["few", "many"]),
    }
    fig, said = plot_rankings(tables)
    for ax, table in zip(fig.axes, tables.values(), strict=True):
        assert ax.lines[0].get_xdata() == pytest.approx(100 * table["mean"].to_numpy())
        ends = np.ravel([s[:, 0] for c in ax.collections for s in c.get_segments()])
        assert ends == pytest.approx(100 * table[["low", "high"]].to_numpy().ravel())
    assert said == (
        "By region, from the best: many 80 %, few 60 %. At random, from the best: few 65 %, "
        "many 62 %."
    )
