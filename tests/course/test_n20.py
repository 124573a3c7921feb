"""Pictures of words and of saved labels show what was computed, and say so."""

import numpy as np
import pandas as pd
import pytest

from mmlib.course.figures.n20 import plot_label_savings, plot_words
from mmlib.plots import to_png

KINDS = {"roast": ["ashy", "burnt", "dark"], "fruit": ["lime", "pear"]}


def vectors(stray=False):
    """Roasts on one axis, fruits on the other; the stray roast lies among the fruits."""
    table = [[3, 0.1], [1, 0], [0.1, 2] if stray else [2, 0.1], [0, 1], [0, 4]]
    return pd.DataFrame(table, KINDS["roast"] + KINDS["fruit"], dtype=float)


def means():
    index = pd.MultiIndex.from_product(
        [["TF-IDF", "GloVe", "CBOW"], [10, 300]], names=["model", "tasters"]
    )
    mean = np.array([0.38, 0.52, 0.42, 0.50, 0.37, 0.51])
    return pd.DataFrame({"mean": mean, "low": mean - 0.02, "high": mean + 0.01}, index)


def test_every_word_is_named_beside_its_point_and_kinds_have_other_markers():
    fig, _ = plot_words(vectors(), KINDS)
    ax = fig.axes[0]
    assert sorted(text.get_text() for text in ax.texts) == sorted(vectors().index)
    lines = {line.get_label(): line for line in ax.lines}
    assert len(lines["roast"].get_xdata()) == 3 and len(lines["fruit"].get_xdata()) == 2
    assert lines["roast"].get_marker() != lines["fruit"].get_marker()


def test_words_among_another_kind_are_counted():
    assert plot_words(vectors(), KINDS)[1].startswith("Of 5 words in 2 kinds, 5 are")
    # The stray roast is most similar to a fruit; no other word changes sides.
    said = plot_words(vectors(stray=True), KINDS)[1]
    assert said.startswith("Of 5 words in 2 kinds, 4 are")
    assert said.endswith("; not so dark (to lime).") or said.endswith("; not so dark (to pear).")


def test_only_the_direction_of_a_vector_counts():
    longer = vectors().mul([1, 5, 2, 9, 1], axis=0)
    assert to_png(plot_words(longer, KINDS)[0]) == to_png(plot_words(vectors(), KINDS)[0])


def test_labels_that_would_lie_on_each_other_are_moved_apart():
    table = [[1.0, 0, 0], [1, 0.001, 0], [0, 1, 0], [0, 0, 1]]
    same = pd.DataFrame(table, ["ashy", "burnt", "lime", "pear"])
    fig, _ = plot_words(same, {"roast": ["ashy", "burnt"], "fruit": ["lime", "pear"]})
    heights = {text.get_text(): text.get_position()[1] for text in fig.axes[0].texts}
    assert abs(heights["ashy"] - heights["burnt"]) > 0.04


def test_savings_are_drawn_in_percent_and_counted_against_counting():
    fig, said = plot_label_savings(means())
    assert said == "Ahead of TF-IDF on average, of 2 kinds of vectors: 1 with 10, 0 with 300."
    drawn = fig.axes[0].containers[1]
    assert np.asarray(drawn.lines[0].get_ydata()).tolist() == pytest.approx([42, 50])
    segments = drawn.lines[2][0].get_segments()
    assert [y for s in segments for y in s[:, 1].tolist()] == pytest.approx([40, 43, 48, 51])
