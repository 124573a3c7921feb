"""Figures of lesson 19 draw what was computed, and say it."""

import numpy as np
import pandas as pd
import pytest

from mmlib.course.figures.n19 import plot_cameras, plot_distances, plot_standards
from mmlib.evaluation.applicability import HOTELLING, RESIDUALS


def test_each_sample_is_a_point_beside_both_limits():
    here = pd.DataFrame({HOTELLING: [0.2, 0.5, 2.0], RESIDUALS: [0.4, 0.6, 0.8]})
    there = pd.DataFrame({HOTELLING: [0.3, 0.4], RESIDUALS: [3.0, 4.0]})
    fig, said = plot_distances({"here": here, "there": there})
    lines = fig.axes[0].lines
    np.testing.assert_array_equal(np.transpose(lines[0].get_data()), here)
    np.testing.assert_array_equal(np.transpose(lines[1].get_data()), there)
    assert lines[0].get_marker() != lines[1].get_marker()
    assert set(lines[2].get_ydata()) == set(lines[3].get_xdata()) == {1}
    assert said == "Beyond the limit of T2 and of Q: here 33 % and 0 %; there 0 % and 100 %."


def test_errors_are_lines_over_the_number_of_standards():
    table = pd.DataFrame({"offset": [4, 3.9, 3.8], "DS": [12, 9, 2.5]}, index=[4, 16, 64])
    fig, said = plot_standards(table, 2.2)
    lines = fig.axes[0].lines
    for line, name in zip(lines, table, strict=False):
        assert line.get_ydata().tolist() == pytest.approx(table[name].tolist())
        assert line.get_xdata().tolist() == [4, 16, 64]
    assert set(lines[2].get_ydata()) == {2.2}
    assert lines[0].get_linestyle() != lines[1].get_linestyle()
    assert said == (
        "With 4 standards offset is best (4.0 µg/cm²), with 64 DS (2.5); the first instrument: 2.2."
    )


def test_cameras_stand_side_by_side():
    first = np.full((2, 8, 8, 3), 100, np.uint8)
    fig, said = plot_cameras({"first": first, "second": first + 20, "mended": first + 1})
    assert [ax.get_title() for ax in fig.axes] == ["first", "second", "mended"]
    assert fig.axes[1].images[0].get_array().shape == (16, 8, 3)
    assert (np.asarray(fig.axes[1].images[0].get_array()) == 120).all()
    assert said == "Mean difference to first, in gray levels of 256: second 20, mended 1."
