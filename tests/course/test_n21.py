"""Figures of notebook 21 show what was computed, and say it."""

import numpy as np
import pandas as pd
import pytest

from mmlib.course.figures import n21


def tone(hertz, t):
    return np.sin(2 * np.pi * hertz * t)


def test_shares_of_the_energy_are_drawn_and_said():
    right = np.arange(1000) / 1000
    signals = {"both ends": tone(440, np.linspace(0, 1, 1000)), "right": tone(440, right)}
    fig, said = n21.plot_tones(signals, 1000, 440)
    assert said.endswith("both ends 50 % at 440 Hz, right 100 % at 440 Hz.")
    ends, exact = fig.axes[0].containers
    assert len(ends) == 17 and max(bar.get_height() for bar in exact) == pytest.approx(100)
    assert sum(bar.get_height() for bar in ends) < 100
    for bar in (ends[8], exact[8]):
        assert bar.get_x() + bar.get_width() / 2 == pytest.approx(440)
    assert exact[8].get_width() < ends[8].get_width()  # in front, and both are seen


def test_a_shuffled_picture_has_the_same_histogram_and_other_frequencies():
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 9, (8, 8))
    fig, said = n21.plot_two_domains({"one": picture, "two": rng.permuted(picture)})
    assert "the histogram changes by 0 %" in said and "change by 0 %" not in said
    heights = [[bar.get_height() for bar in ax.patches] for ax in (fig.axes[1], fig.axes[4])]
    assert heights[0] == heights[1] and sum(heights[0]) == 64


def test_a_moved_picture_has_the_same_frequencies_and_a_darker_one_another_histogram():
    picture = np.random.default_rng(0).integers(0, 9, (8, 8))
    said = n21.plot_two_domains({"one": picture, "two": np.roll(picture, 3, axis=1)})[1]
    assert "histogram changes by 0 %" in said and "frequencies change by 0 %" in said
    three = {
        "one": picture,
        "two": np.random.default_rng(1).permuted(picture),
        "three": np.roll(picture, 3, axis=1),
    }
    assert n21.plot_two_domains(three)[1].endswith(
        "; between one and three the histogram changes by 0 % and the frequencies change by 0 %."
    )
    said = n21.plot_two_domains({"one": picture, "two": picture + 20})[1]
    assert "histogram changes by 200 %" in said and "frequencies change by 0 %" in said


def test_tables_of_a_recording_share_its_time():
    table = np.arange(30.0).reshape(10, 3)
    bands = {"bands": (table, "band", (1, 3))}
    fig, said = n21.plot_chain(np.zeros(960), bands, rate=8000, step=80)
    assert said == "From 960 samples in 0.12 s: bands 10 x 3."
    image = fig.axes[1].images[0]
    np.testing.assert_array_equal(image.get_array(), table.T)
    assert image.get_extent() == [0, 0.1, 0.5, 3.5] and fig.axes[1].get_ylabel() == "band"


def test_speakers_are_dots_and_the_random_split_is_a_cross():
    table = pd.DataFrame([[0.2, 0.4], [0.6, 0.9]], ["one", "two"], ["ann", "ben"])
    fig, said = n21.plot_speakers(table, pd.Series({"two": 0.95, "one": 0.5}))
    assert said.endswith("one 30 % and 50 %, two 75 % and 95 %.")
    drawn = [list(line.get_xdata()) for line in fig.axes[0].lines]
    np.testing.assert_allclose(drawn[:4], [[20, 60], [40, 90], [30, 75], [50, 95]])
    markers = [line.get_marker() for line in fig.axes[0].lines[:4]]
    assert markers[0] == markers[1] and len(set(markers)) == 3  # no speaker stands out
