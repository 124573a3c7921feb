"""Maps are drawn where they belong, and the sentence says what is drawn."""

import numpy as np
import pytest

from mmlib.course.figures.n07 import (
    draw_weights,
    plot_on_pictures,
    plot_on_spectrum,
    weights_by_hue,
)
from mmlib.plots import to_png

PICTURES = np.arange(2 * 6 * 6 * 3, dtype=np.uint8).reshape(2, 6, 6, 3)
MAPS = np.array([[0.1, 0.6, 0.2, 0.1], [0.2, 0.2, 0.2, 0.4]])
TRUTH = np.array([[False, True, False, False], [False, False, True, True]])


def test_weights_and_frames_lie_on_their_squares():
    fig, text = plot_on_pictures(PICTURES, MAPS, TRUTH, ["one", "two"])
    above, _, below, _ = fig.axes
    np.testing.assert_allclose(below.images[0].get_array(), MAPS[0].reshape(2, 2))
    np.testing.assert_array_equal(above.images[0].get_array(), PICTURES[0])
    assert above.get_title() == "one"
    (frame,) = above.patches
    assert frame.get_xy() == (2.5, -0.5) and frame.get_width() == 3  # the upper right quarter
    assert [len(ax.patches) for ax in fig.axes] == [1, 2, 1, 2]
    # 3 of 8 squares; (0.6 + 0.6) / 2 of the weight
    assert text.endswith("On the framed 38 % of squares lies 60 % of the weight.")
    assert "white for 0, black for 0.60" in text
    assert [below.get_ylabel(), below.images[0].get_clim()] == ["weight\nblack: 0.60", (0, 0.6)]


def test_without_truth_nothing_is_framed_and_odd_grids_are_refused():
    fig, text = plot_on_pictures(PICTURES, MAPS)
    assert not any(ax.patches for ax in fig.axes) and "framed" not in text
    with pytest.raises(ValueError, match="5 squares"):
        plot_on_pictures(PICTURES, np.ones((2, 5)))


def test_curves_over_the_spectrum_differ_in_more_than_color():
    maps = {"drought": [0.1, 0.7, 0.2], "healthy": [0.5, 0.2, 0.3]}
    fig, text = plot_on_spectrum([500, 1000, 1500], maps, [0.0, 0.1, 0.3], "effect of water")
    curves, bars = fig.axes
    np.testing.assert_allclose(curves.lines[1].get_ydata(), maps["healthy"])
    assert len({line.get_marker() for line in curves.lines}) == 2
    assert [bar.get_height() for bar in bars.patches] == [0.0, 0.1, 0.3]
    assert "drought at 1000 nm (0.70), healthy at 500 nm (0.50)" in text
    assert text.endswith("Largest effect of water: at 1500 nm.")


def test_what_equal_shares_would_be_is_drawn_where_it_is_asked_for():
    drawn = {}
    for even in (False, True):
        fig, _ = plot_on_spectrum([500, 1500], {"drought": [0.3, 0.7]}, [0.0, 0.2], even=even)
        drawn[even] = [line.get_ydata()[0] for line in fig.axes[0].lines]
    assert drawn == {False: [0.3], True: [0.3, 0.5]}


def test_shares_are_drawn_from_zero_and_falls_below_it_are_not_cut():
    bottoms = []
    for lowest in (0.2, -0.2):
        fig, _ = plot_on_spectrum([500, 1500], {"drought": [lowest, 0.9]}, [0.0, 0.2])
        bottoms.append(fig.axes[0].get_ylim()[0])
    assert bottoms[0] == 0 and bottoms[1] < -0.2


def test_weights_share_one_and_follow_the_question():
    for sharpness in (0, 1, 30):
        weights = weights_by_hue(80, [20, 80, 160], sharpness)
        assert weights.sum() == pytest.approx(1) and weights.argmax() == (1 if sharpness else 0)
    np.testing.assert_allclose(weights_by_hue(80, [20, 80, 160], 0), 1 / 3)
    assert weights_by_hue(80, [200], 30) == 1


def test_the_sliders_draw_the_same_thing_for_the_same_values():
    fig, text = draw_weights(question=220, sharpness=20.0, kernels=5)
    assert to_png(fig) == to_png(draw_weights(220, 20.0, 5)[0])
    assert text.startswith("Asked for hue 220 among 5 kernels: the one of hue 220 gets weight 1.0")
    heights = [bar.get_height() for bar in fig.axes[0].patches]
    assert sum(heights) == pytest.approx(1) and len(heights) == 5
    assert draw_weights(kernels=1)[1].endswith("gets weight 1.00.")
    assert "4 kernels: each gets weight 0.25." in draw_weights(sharpness=0.0)[1]
