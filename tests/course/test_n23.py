"""Figures of notebook 23: what is drawn is what was computed, and the description says it."""

import numpy as np
import pandas as pd
import pytest

from mmlib.course.figures.n23 import plot_cascade, plot_heads, plot_meetings, plot_shifts
from mmlib.data.heads import make_heads


def test_heads_are_drawn_with_rings_where_the_spots_were_planted():
    data = make_heads(6, seed=3)
    rows = [int(np.flatnonzero(data.y == k)[0]) for k in (0, 1)]
    fig, said = plot_heads(data, rows)
    assert [ax.get_title() for ax in fig.axes[:3]] == ["CT", "MRI", "X-ray"]
    for k, row in enumerate(rows):
        for col, name in enumerate(("ct", "mri")):
            (ring,) = fig.axes[3 * k + col].lines
            assert [ring.get_ydata()[0], ring.get_xdata()[0]] == data.info[f"{name} spot"][
                row
            ].tolist()
        assert not fig.axes[3 * k + 2].lines
    assert "one lesion: the spots of CT and MRI are 0 mm apart; two old ones" in said


def test_shifts_are_maps_with_the_best_and_the_right_one_marked():
    scores = {
        (a, b): {"near": -abs(a - 3) - abs(b), "far": a + b}
        for a in (-3, 0, 3)
        for b in (-6, -3, 0, 3)
    }
    fig, said = plot_shifts(scores, (3, 0))
    near, far = fig.axes[:2]
    assert near.images[0].get_array().shape == (3, 4)
    assert near.images[0].get_extent() == [-7.5, 4.5, 4.5, -4.5]
    right, best = near.lines[1], near.lines[2]
    assert (right.get_xdata()[0], right.get_ydata()[0]) == (0, 3)
    assert (best.get_xdata()[0], best.get_ydata()[0]) == (0, 3)
    assert (far.lines[2].get_xdata()[0], far.lines[2].get_ydata()[0]) == (3, 3)
    assert said == (
        "The true shift is 3 mm down, 0 mm right. Most alike by near at 3 mm down, 0 mm right; "
        "by far at 3 mm down, 3 mm right."
    )


def test_the_price_of_millimeters_is_a_line_for_each_model():
    rows = {
        0: {"all": 0.9, "X-ray": 0.8},
        3: {"all": 0.85, "X-ray": 0.8},
        6: {"all": 0.6, "X-ray": 0.8},
    }
    fig, said = plot_cascade(rows)
    first, second, chance = fig.axes[0].lines
    assert first.get_xdata().tolist() == [0, 3, 6]
    assert first.get_ydata().tolist() == pytest.approx([90, 85, 60])
    assert second.get_ydata().tolist() == pytest.approx([80, 80, 80])
    assert set(chance.get_ydata()) == {50}
    assert said == "Right answers at 0, 3 and 6 mm: all 90, 85, 60 %; X-ray 80, 80, 80 %."


def test_meetings_show_every_draw_and_the_mean():
    table = pd.DataFrame({"pooled": [0.4, 0.6], "stacked": [0.9, 1.0]})
    fig, said = plot_meetings(table, ceiling=0.99)
    ax = fig.axes[0]
    assert ax.lines[0].get_xdata().tolist() == pytest.approx([40, 60])
    assert ax.lines[1].get_xdata()[0] == pytest.approx(50)
    assert ax.lines[3].get_xdata()[0] == pytest.approx(95)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["pooled", "stacked"]
    assert {t.get_text() for t in ax.texts} == {"chance", "ceiling"}
    assert said == "Right answers on average: pooled 50 %, stacked 95 %."
