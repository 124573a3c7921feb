"""The pictures of notebook 02 show what they say."""

import numpy as np

from mmlib.course.figures.n02 import FILTERS, draw_filter, draw_pictures, plot_budgets


def test_edge_filters_answer_to_their_own_edges_only():
    picture = np.zeros((8, 8))
    picture[:, 4:] = 1  # a vertical edge
    shown = {
        name: np.asarray(draw_filter(picture, name)[0].axes[1].images[0].get_array())
        for name in FILTERS
    }
    assert shown["left-right edges"].max() == 4
    assert shown["top-bottom edges"].max() == 0
    np.testing.assert_array_equal(shown["nothing"], picture[1:-1, 1:-1])


def test_budgets_draw_means_and_ranges():
    fig, text = plot_budgets({"a": {10: [0.2, 0.4], 100: [0.5, 0.7]}}, chance=0.2)
    line = fig.axes[0].containers[0][0]
    np.testing.assert_allclose(line.get_ydata(), [0.3, 0.6])
    assert "0.30 (0.20-0.40) with 10" in text


def test_equal_colors_look_equal_beside_white_and_beside_gray():
    pictures = {name: np.full((4, 4, 3), 100, np.uint8) for name in ("white", "gray")}
    pictures["white"][0, 0], pictures["gray"][0, 0] = 255, 150
    shown = [ax.images[0].get_array()[2, 2] for ax in draw_pictures(pictures)[0].axes]
    np.testing.assert_allclose(shown, 100 / 255)
