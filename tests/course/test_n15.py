"""Pictures of a quantity show the numbers they were given, and say so."""

import numpy as np
import pytest

from mmlib.course.figures.n15 import plot_areas, plot_intervals, plot_promise
from mmlib.evaluation.conformal import coverage_over_splits
from mmlib.plots import to_png

TRUTH = [1.0, 3.0, 2.0, 4.0]
ENDS = {
    "same": [[0.5, 1.5], [2.5, 3.5], [2.2, 3.2], [3.5, 4.5]],
    "wide": [[0, 5], [0, 5], [0, 5], [4, 5]],
}


def promise(**options):
    errors = np.random.default_rng(0).random(400)
    return errors, np.arange(400) // 4, plot_promise(errors, np.arange(400) // 4, **options)


def test_areas_are_named_above_each_picture():
    masks = np.zeros((2, 9, 9), bool)
    masks[:, 3:6, 2:7] = True
    fig, text = plot_areas(np.zeros((2, 9, 9, 3), np.uint8), masks, [9.04, 0.8], [12, 13.5])
    assert [ax.get_title() for ax in fig.axes] == [
        "read 9.0 cm²\ntrue 12.0 cm²", "read 0.8 cm²\ntrue 13.5 cm²",
    ]  # fmt: skip
    assert text == "Area read and true area (cm2): 9.0 for 12.0, 0.8 for 13.5."


def test_hits_and_misses_are_counted_and_drawn_with_other_markers():
    fig, text = plot_intervals(TRUTH, ENDS, "sugar (%)")
    assert "of 4 samples. Same: 75 % hold the truth, mean width 1.00. Wide: 100 %" in text
    inside, missed = fig.axes[0].lines
    assert inside.get_ydata().tolist() == [1.0, 3.0, 4.0]
    assert missed.get_ydata().tolist() == [2.0]
    assert missed.get_xdata().tolist() == [2]
    assert inside.get_marker() != missed.get_marker()
    assert to_png(fig) == to_png(plot_intervals(TRUTH, ENDS, "sugar (%)")[0])


def test_fewer_may_be_drawn_but_all_are_counted():
    fig, text = plot_intervals(TRUTH, ENDS, every=2)
    assert sum(len(line.get_xdata()) for line in fig.axes[0].lines) == 2
    assert "75 % hold the truth" in text
    assert fig.axes[0].get_xlabel() == "samples, by true value; one of 2 is drawn"
    assert plot_intervals(TRUTH, ENDS)[0].axes[0].get_xlabel() == "samples, by true value"


def test_the_promise_says_what_the_splits_say():
    errors, groups, (fig, text) = promise(level=0.8, n_groups=40)
    coverages, radii = coverage_over_splits(errors, groups, 0.8, 40)
    assert f"kept {100 * coverages.mean():.0f} % on average" in text
    assert f"plus or minus {100 * np.median(radii):.0f} %" in text
    assert text.endswith(f"Less than promised: {(coverages < 0.8).sum()} of 200.")
    bars = fig.axes[0].patches
    assert sum(bar.get_height() for bar in bars) == 200
    assert max(bar.get_x() + bar.get_width() for bar in bars) == 100  # no share is larger
    drawn = [line.get_xdata()[0] for line in fig.axes[0].lines]
    np.testing.assert_allclose(drawn, [80, 100 * coverages.mean()])
    assert promise(level=0.8, n_groups=40)[2][1] == text


@pytest.mark.parametrize(("level", "need"), [(0.9, 9), (0.95, 19), (0.99, 99)])
def test_too_few_groups_say_how_many_are_needed(level, need):
    fig, text = promise(level=level, n_groups=need - 1)[2]
    assert text == f"{need - 1} plants cannot promise {100 * level:.0f} %: {need} are needed."
    assert not fig.axes[0].patches
    assert "needed" not in promise(level=level, n_groups=need)[2][1]
