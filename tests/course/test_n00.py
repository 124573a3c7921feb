"""The knob picture tells the ceilings, and turns the way the knobs do."""

import pytest

import mmlib
from mmlib.course.figures.n00 import draw_knobs, plot_pair
from mmlib.data.leaves.ceilings import ceilings_at


def test_bars_are_the_ceilings():
    fig, sentence = draw_knobs(water=0.5)
    heights = [bar.get_height() for bar in fig.axes[0].patches]
    assert heights == pytest.approx(list(ceilings_at(water=0.5, points=60).values()))
    assert f"both {100 * heights[3]:.0f} %" in sentence


def test_without_synergy_late_fusion_leaves_nothing():
    assert "Late fusion" not in draw_knobs(synergy=0.0)[1]
    said = draw_knobs(synergy=1.5)[1]
    reach = ceilings_at(synergy=1.5, points=60)
    alone = max(reach["spectrum"], reach["image"])
    late, gain = (round(100 * (reach[key] - alone)) for key in ("late", "joint"))
    assert 0 < late < gain
    assert f"adds {gain} points. Late fusion reaches {late} of these {gain}." in said


def test_a_picture_that_shows_nothing_new_adds_nothing():
    assert "adds 0 points" in draw_knobs(lesions=0.0, synergy=0.0)[1]


def test_a_boundary_is_drawn_and_the_share_below_it_told():
    leaves = mmlib.make_leaves(n_plants=20, seed=1)
    names = ["healthy", "drought"]
    fig, said = plot_pair(leaves, "maturity", "chlorophyll", names, line=lambda x: 30 + 0 * x)
    below = [(leaves.info["chlorophyll"][leaves.y == k] < 30).mean() for k in range(len(names))]
    healthy, drought = (f"{100 * share:.0f} %" for share in below)
    assert said.endswith(f"Below the dashed line lie {healthy} of healthy, {drought} of drought.")
    assert list(fig.axes[0].lines[-1].get_ydata()) == [30.0] * 100
    assert "dashed" not in plot_pair(leaves, "maturity", "chlorophyll", names)[1]
