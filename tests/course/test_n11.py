"""Pictures of aligned scores show what they were given, and say so."""

import re

import numpy as np
import pytest

from mmlib.course.figures.n11 import plot_agreement, plot_clouds
from mmlib.plots import to_png

rng = np.random.default_rng(0)
APART = {"spectrum": rng.normal(size=(80, 3)), "image": rng.normal(size=(80, 3))}
MET = {"spectrum": APART["spectrum"], "image": APART["spectrum"] + 0.01}


def test_distances_of_pairs_are_told_for_each_stage():
    fig, text = plot_clouds({"before": APART, "after": MET})
    assert [ax.get_title() for ax in fig.axes] == ["before", "after"]
    before, after = (float(number) for number in re.findall(r"lie (\d\.\d\d) times", text))
    assert abs(before - 1) < 0.15 and after < 0.02
    dots = fig.axes[1].lines[-1]
    np.testing.assert_allclose(dots.get_ydata(), MET["image"][:60, 1])
    assert len(fig.axes[0].lines) == 12 + 2


def test_the_two_modalities_differ_in_more_than_color():
    fig, _ = plot_clouds({"before": APART})
    assert len({line.get_marker() for line in fig.axes[0].lines[-2:]}) == 2
    assert to_png(fig) == to_png(plot_clouds({"before": APART})[0])


def test_the_correlation_is_that_of_the_first_scores():
    half = {"spectrum": APART["spectrum"], "image": APART["spectrum"] + APART["image"]}
    fig, text = plot_agreement({"training": MET, "new": half})
    r = np.corrcoef(half["spectrum"][:, 0], half["image"][:, 0])[0, 1]
    assert text == f"Training: correlation 1.00. New: correlation {r:z.2f}."
    np.testing.assert_allclose(fig.axes[0].lines[0].get_xdata(), MET["spectrum"][:, 0])


def test_a_correlation_within_chance_has_no_digits():
    assert plot_agreement({"new": APART})[1] == "New: correlation near zero (below 0.22)."


@pytest.mark.parametrize("draw", [plot_clouds, plot_agreement])
def test_anything_but_two_tables_is_refused(draw):
    with pytest.raises(ValueError, match="Two tables"):
        draw({"alone": {"spectrum": np.ones((3, 2))}})
