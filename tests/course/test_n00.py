"""The knob picture tells the ceilings, and turns the way the knobs do."""

import pytest

from mmlib.course.figures.n00 import draw_knobs
from mmlib.data.leaves.ceilings import ceilings_at


def test_bars_are_the_ceilings():
    fig, sentence = draw_knobs(water=0.5)
    heights = [bar.get_height() for bar in fig.axes[0].patches]
    assert heights == pytest.approx(list(ceilings_at(water=0.5, points=60).values()))
    assert f"both {100 * heights[3]:.0f} %" in sentence


def test_without_synergy_late_fusion_leaves_nothing():
    assert "Late fusion" not in draw_knobs(synergy=0.0)[1]
    assert "Late fusion leaves" in draw_knobs(synergy=1.5)[1]


def test_a_picture_that_shows_nothing_new_adds_nothing():
    assert "adds 0 points" in draw_knobs(lesions=0.0, synergy=0.0)[1]
