"""Figures say in words what they show, the words follow the data, and nothing leaks out."""

import base64
import subprocess
import sys
from itertools import pairwise

import matplotlib
import numpy as np
import pandas as pd
import pytest

from mmlib import MultimodalData, plots
from mmlib.course.figures import plot_ladder
from mmlib.evaluation import reliability
from mmlib.plots import plot_power, plot_reliability


@pytest.fixture
def data():
    """Two classes told apart at 700 nm."""
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 6)
    spectrum = 0.3 + 0.01 * rng.normal(size=(12, 21))
    spectrum[y == 1, 15] += 0.2
    return MultimodalData(
        {"spectrum": spectrum, "image": rng.integers(0, 255, (12, 8, 8, 3), dtype=np.uint8)},
        y=y,
        axes={"spectrum": np.linspace(550, 750, 21)},
        target_names=["ripe <1 day", "raw"],
    )


@pytest.fixture
def table():
    return pd.DataFrame(
        {"model": ["early", "late"], "mean": [0.8, 0.7], "low": [0.7, 0.6], "high": [0.9, 0.8]}
    )


def drawings(data, table):
    return {
        "spectra": plots.plot_spectra(data),
        "images": plots.plot_images(data, n=2),
        "scores": plots.plot_scores(table, ceilings={"joint": (0.95, 0.001)}, chance=0.5),
        "confusion": plots.plot_confusion([[5, 1], [2, 4]], data.target_names),
        "ladder": plot_ladder("attention"),
    }


def is_png(content):
    return content.startswith(b"\x89PNG")


def test_every_figure_has_a_sentence_and_a_small_picture(data, table):
    for fig, description in drawings(data, table).values():
        png = plots.to_png(fig)
        assert is_png(png) and len(png) < 150_000
        assert description.endswith(".") and len(description.split()) > 6
        assert "nan" not in description


def test_the_same_data_give_the_same_bytes_and_words(data, table):
    first, again = (
        [(plots.to_png(fig), text) for fig, text in drawings(data, table).values()]
        for _ in range(2)
    )
    assert first == again


def test_drawing_leaves_matplotlib_as_it_was(data, table):
    before = dict(matplotlib.rcParams)
    drawings(data, table)
    assert dict(matplotlib.rcParams) == before


def test_import_brings_neither_pyplot_nor_torch_nor_changes():
    code = (
        "import sys, mmlib; print('matplotlib' in sys.modules); import mmlib.plots; "
        "print('matplotlib.pyplot' in sys.modules, 'torch' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["False", "False", "False"]


def test_spectra_are_labeled_and_the_words_follow_the_data(data):
    fig, text = plots.plot_spectra(data)
    (ax,) = fig.axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("wavelength (nm)", "reflectance")
    assert "12 samples in 2 classes from 550 to 750 nm" in text and "at 700 nm" in text
    values = data.X["spectrum"]
    assert f"to {values[data.y == 1, 15].mean():.2f} (raw)" in text
    np.testing.assert_allclose(ax.lines[1].get_ydata(), values[data.y == 1].mean(axis=0))
    moved = data.take(np.arange(12))
    moved.X["spectrum"][data.y == 1, 3] += 1.0
    assert "at 580 nm" in plots.plot_spectra(moved)[1]


def test_classes_differ_in_more_than_color(data):
    (ax,) = plots.plot_spectra(data)[0].axes
    for look in ("get_marker", "get_linestyle", "get_color"):
        assert len({getattr(line, look)() for line in ax.lines}) == 2


def test_wavenumbers_and_plain_bands_get_their_own_label(data):
    X = {"spectrum": data.X["spectrum"]}
    axis = {"spectrum": np.linspace(4000, 600, 21)}
    infrared = MultimodalData(X, data.y, axes=axis, units={"spectrum": "cm-1"})
    assert plots.plot_spectra(infrared)[0].axes[0].get_xlabel() == "wavenumber (cm-1)"
    assert plots.plot_spectra(MultimodalData(X, data.y))[0].axes[0].get_xlabel() == "band"


def test_regression_draws_one_spectrum_for_all(data):
    quantity = MultimodalData({"spectrum": data.X["spectrum"]}, np.linspace(0.1, 0.9, 12))
    fig, text = plots.plot_spectra(quantity)
    assert len(fig.axes[0].lines) == 1 and text.startswith("Mean reflectance of 12 samples from")


def test_some_classes_can_be_chosen_and_an_unknown_one_is_refused(data):
    assert "6 samples from" in plots.plot_spectra(data, classes=["raw"])[1]
    assert plots.plot_images(data, n=3, classes=["raw"])[1].startswith("3 pictures")
    with pytest.raises(ValueError, match="no class 'rotten' here: ripe <1 day, raw"):
        plots.plot_spectra(data, classes=["rotten"])


@pytest.mark.parametrize("channels", [1, 2, 3, 5])
def test_pictures_with_any_number_of_channels_are_drawn(data, channels):
    images = np.random.default_rng(0).normal(size=(12, 8, 8, channels))
    fig, text = plots.plot_images(MultimodalData({"image": images}, data.y), n=2)
    assert is_png(plots.to_png(fig)) and "4 pictures of 8 x 8 pixels" in text


def test_fewer_pictures_than_asked_for_are_counted(data):
    assert plots.plot_images(data.take(np.arange(9)), n=5)[1].startswith("8 pictures")


def test_scores_say_every_number_that_is_drawn(table):
    fig, text = plots.plot_scores(table, ceilings={"joint": (0.95, 0.001)}, chance=0.5)
    for number in ("0.80 (0.70 to 0.90)", "0.70 (0.60 to 0.80)", "joint 0.95", "Chance: 0.50"):
        assert number in text
    assert legend(fig)[0] == ["chance 0.50", "joint ceiling 0.95"]
    low, high = fig.axes[0].get_xlim()
    assert low < 0.5 and high > 0.95


def test_scores_take_names_from_the_index_and_need_no_interval(table):
    bare = table.set_index("model").assign(low=np.nan, high=np.nan)
    fig, text = plots.plot_scores(bare)
    assert text == "Accuracy of 2 models, intervals: early 0.80, late 0.70."
    assert is_png(plots.to_png(fig))


def legend(fig):
    """What the legend of a figure says, and how each line is drawn."""
    (found,) = fig.legends
    lines = [str(line.get_linestyle()) + str(line._dash_pattern) for line in found.get_lines()]
    return [text.get_text() for text in found.get_texts()], lines


def test_lines_of_ceilings_are_told_apart_without_color(table):
    ceilings = {"spectrum": 0.70, "image": 0.71, "late": 0.72, "joint": 0.9}
    labels, lines = legend(plots.plot_scores(table, ceilings=ceilings, chance=0.5)[0])
    assert len(labels) == len(set(lines)) == 5


def test_equal_ceilings_share_one_line_and_one_label(table):
    ceilings = {"spectrum": 0.702, "image": 0.701, "late": 0.9}
    labels, _ = legend(plots.plot_scores(table, ceilings=ceilings)[0])
    assert labels == ["spectrum, image ceiling 0.70", "late ceiling 0.90"]


def test_a_very_long_name_leaves_room_for_the_confusion():
    fig, text = plots.plot_confusion([[5, 1], [2, 4]], ["ripe", "raw, " * 20])
    labels = [label.get_text() for label in fig.axes[0].get_yticklabels()]
    assert labels[0] == "ripe" and len(labels[1]) == 40 and labels[1].endswith("…")
    assert "raw, " * 20 in text


def test_confusion_writes_counts_and_names_the_most_frequent_mistake():
    fig, text = plots.plot_confusion([[5, 1], [2, 4]], ["ripe", "raw"])
    assert [t.get_text() for t in fig.axes[0].texts] == ["5", "1", "2", "4"]
    assert "9 (75 %)" in text and "raw is taken for ripe (2 times)" in text
    assert "no class is taken" in plots.plot_confusion(np.eye(2), ["ripe", "raw"])[1]
    assert "0 (0 %)" in plots.plot_confusion([[0, 0], [0, 0]], ["ripe", "raw"])[1]


def test_ladder_moves_only_where_the_modalities_meet():
    paths = {rung: plot_ladder(rung)[1].split(": ")[1] for rung in
             ("single", "early", "late", "attention")}  # fmt: skip
    assert paths["single"] == "spectrum -> encoder -> head."
    assert paths["early"].index("fuse") < paths["early"].index("encoder")
    assert paths["attention"].index("encoder") < paths["attention"].index("fuse")
    assert paths["attention"].index("fuse") < paths["attention"].index("head")
    assert paths["late"].index("head") < paths["late"].index("fuse")
    with pytest.raises(ValueError, match="no rung 'middle'"):
        plot_ladder("middle")


def test_show_puts_the_words_beside_and_below_the_picture(data, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda d, **kw: shown.append((d, kw)))
    fig, _ = plots.make_axes()
    plots.show(fig, "Ripe is  <darker>\n than raw.")
    (figure, options), (caption, _) = shown
    text = "Ripe is <darker> than raw."
    assert is_png(base64.b64decode(figure["image/png"])) and figure["text/plain"] == text
    assert options["metadata"]["image/png"]["alt"] == text
    assert caption == {
        "text/html": "<p><em>Ripe is &lt;darker&gt; than raw.</em></p>",
        "text/plain": text,
    }


def test_show_refuses_a_figure_without_words_and_closes_those_of_pyplot(monkeypatch):
    from matplotlib import pyplot

    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: None)
    fig, _ = pyplot.subplots()
    with pytest.raises(ValueError, match="needs a description"):
        plots.show(fig, " ")
    plots.show(fig, "An empty figure.")
    assert fig.number not in pyplot.get_fignums()


@pytest.mark.parametrize("plants, order", [([7, 7, 7, 3, 3, 5], "035124"), (None, "012345")])
def test_pictures_of_a_class_are_of_different_plants(plants, order):
    shades = np.arange(12, dtype=np.uint8)[:, None, None, None]
    images = np.zeros((12, 4, 4, 3), np.uint8) + shades
    groups = plants and [*plants, *range(10, 16)]
    fig, _ = plots.plot_images(MultimodalData({"image": images}, np.repeat([0, 1], 6), groups), 6)
    shown = [round(255 * ax.images[0].get_array().max()) for ax in fig.axes[:6]]
    assert shown == [int(k) for k in order]


def test_a_boaster_is_told_from_an_honest_expert():
    y = np.repeat([0, 1], [80, 20])
    tables = {
        "honest": reliability(y, np.tile([0.8, 0.2], (100, 1))),
        "boaster": reliability(y, np.tile([0.99, 0.01], (100, 1))),
    }
    fig, text = plot_reliability(tables)
    assert "honest says 0.80 on average and is right in 0.80" in text
    assert "boaster says 0.99 on average and is right in 0.80" in text
    _, honest, boaster = fig.axes[0].lines
    np.testing.assert_allclose(honest.get_xydata(), [[0.8, 0.8]])
    assert honest.get_marker() != boaster.get_marker()


def test_the_mean_over_bins_is_the_mean_over_samples():
    rng = np.random.default_rng(0)
    proba = rng.dirichlet(np.ones(3), 200)
    y = rng.integers(3, size=200)
    text = plot_reliability({"guess": reliability(y, proba)})[1]
    right = (proba.argmax(1) == y).mean()
    assert f"says {proba.max(1).mean():.2f} on average and is right in {right:.2f}" in text


@pytest.mark.parametrize("most", [500, 3000, 9000])
def test_labels_of_a_plan_leave_room_for_each_other(most):
    curves = pd.DataFrame({"4 points": [0.1, 0.9]}, index=[6, most])
    fig, _ = plot_power(curves, groups=30)
    fig.canvas.draw()
    (ax,) = fig.axes
    boxes = [label.get_window_extent() for label in ax.get_xticklabels() if label.get_visible()]
    assert len(boxes) >= 3
    assert all(a.x1 + 3 < b.x0 for a, b in pairwise(boxes))
