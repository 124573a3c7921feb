"""Figures of lesson 22 draw what was computed, and say it."""

import numpy as np

from mmlib.course.figures.n22 import plot_films, plot_lags, plot_series


def test_a_film_is_a_row_of_its_pictures_in_order():
    film = np.arange(3 * 4 * 4 * 3, dtype=np.uint8).reshape(3, 4, 4, 3)
    fig, said = plot_films({"one": film, "two": film[::-1]})
    for ax, shown in zip(fig.axes, (film, film[::-1]), strict=True):
        drawn = ax.images[0].get_array()
        for day in range(3):
            np.testing.assert_array_equal(drawn[:, 4 * day : 4 * day + 4], shown[day])
    assert [t.get_text() for t in fig.axes[1].get_xticklabels()] == ["0", "1", "2"]
    assert said == "Pictures of 3 days in a row: one, two."


def test_series_are_drawn_as_differences_to_their_means():
    water, width = np.array([3.0, 1.0, 5.0]), np.array([0.0, 6.0, -6.0])
    fig, said = plot_series({"a": (water, width), "b": (width, water)})
    first = [line.get_ydata() for line in fig.axes[0].lines[:2]]
    np.testing.assert_allclose(first, [water - 3, width])
    assert said == (
        "a: least water on day 1, narrowest on day 2; b: least water on day 2, narrowest on day 1."
    )


def test_lags_have_a_line_for_each_kind_and_the_sentence_its_highest():
    means = {"a": [0.0, 2.0, 1.0], "b": [3.0, 0.0, 1.0]}
    fig, said = plot_lags(np.array([-1, 0, 1]), means, label="lag")
    drawn = fig.axes[0].lines
    for line, values in zip(drawn[:2], means.values(), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), values)
        np.testing.assert_array_equal(line.get_xdata(), [-1, 0, 1])
    assert said == "Mean product against lag: a is highest at 0, b is highest at -1."
