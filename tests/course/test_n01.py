"""What the pictures of single spectra say follows what is drawn."""

import numpy as np
import pytest

import mmlib
from mmlib.course.figures.n01 import plot_components, plot_curves, plot_preprocessed
from mmlib.plots import to_png


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(n_plants=60, seed=3)


def apart(description):
    return float(description.split(" lie ")[1].split()[0])


def test_curves_are_named_and_read_at_the_mark():
    fig, text = plot_curves([500, 600, 700], {"A": [0, 2, 4], "B": [4, 6, 8]}, "counts", mark=610)
    assert text == (
        "Counts of A and B from 500 to 700 nm; at 600 nm A has 2.00, B has 6.00. "
        "On average they differ by 2.45 of a curve's own standard deviation."
    )
    assert plot_curves([5, 6], {"A": [1, 2]})[1] == "Reflectance of A from 5 to 6 nm."
    loadings = {"A": [1, 2], "B": [2, 1]}
    assert plot_curves([5, 6], loadings, "loading", distance=False)[1] == (
        "Loading of A and B from 5 to 6 nm."
    )
    assert [line.get_text() for line in fig.axes[0].get_legend().get_texts()] == ["A", "B"]


def test_snv_takes_out_gain_and_offset(leaves):
    rng = np.random.default_rng(0)
    n = len(leaves)
    shaken = leaves.take(np.arange(n))
    gain, offset = rng.uniform(0.5, 2, (n, 1)), rng.uniform(0, 0.3, (n, 1))
    shaken.X["spectrum"] = gain * leaves.X["spectrum"] + offset
    raw, raw_shaken, snv, snv_shaken = (
        apart(plot_preprocessed(d, "healthy", "drought", snv=s)[1])
        for s in (False, True)
        for d in (leaves, shaken)
    )
    assert raw_shaken < raw - 0.5
    assert abs(snv_shaken - snv) <= 0.1


@pytest.mark.parametrize("derivative, said", [(0, "Smoothed"), (1, "First"), (2, "Second")])
def test_same_settings_give_the_same_picture_and_name_themselves(leaves, derivative, said):
    settings = {"derivative": derivative, "window_length": 21, "snv": True}
    first, again = (plot_preprocessed(leaves, "healthy", "drought", **settings) for _ in "ab")
    assert first[1] == again[1] and first[1].startswith(said) and "then SNV" in first[1]
    assert to_png(first[0]) == to_png(again[0])


def test_classes_that_do_not_differ_lie_close(leaves):
    alike = mmlib.make_leaves(n_plants=200, water=0, seed=3)
    assert apart(plot_preprocessed(alike, "healthy", "drought", snv=True)[1]) < 1
    assert apart(plot_preprocessed(leaves, "healthy", "drought", snv=True)[1]) > 2


def test_smallest_window_and_unknown_class(leaves):
    assert "3 bands" in plot_preprocessed(leaves, "healthy", "drought", window_length=3)[1]
    with pytest.raises(ValueError, match="no class 'wilted'"):
        plot_preprocessed(leaves, "healthy", "wilted")


def test_components_say_which_classes_lie_furthest_apart(leaves):
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(len(leaves), 4))
    scores[leaves.y == 1, 2] += 5
    names = ["healthy", "drought", "blight"]
    fig, text = plot_components(scores, leaves, names)
    close, far = text.split("Components ")[1:]
    assert f"Scores of {np.sum(leaves.y < 3)} samples in 3 classes" in text
    assert "drought" in far and float(far.split(" by ")[1].split()[0]) == pytest.approx(5, abs=0.6)
    assert float(close.split(" by ")[1].split()[0]) < 1
    assert [len(ax.get_lines()) for ax in fig.axes] == [3, 3]
    again = plot_components(scores * [1, 100, 0.01, 1], leaves, names)[1]
    assert again == text  # the units of a component do not matter
    with pytest.raises(ValueError, match="no class 'wilted'"):
        plot_components(scores, leaves, ["wilted"])
