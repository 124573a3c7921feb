"""Pictures of robustness: what is drawn is what was measured."""

import numpy as np
import pandas as pd
import pytest

import mmlib
from mmlib.course.figures.n13 import plot_damage, plot_severity
from mmlib.data.corruptions import default_corruptions
from mmlib.plots import to_png

MODELS = ["spectrum only", "image only", "early", "late"]


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(10, seed=2)


@pytest.fixture(scope="module")
def found(leaves):
    return default_corruptions(leaves)


@pytest.fixture(scope="module")
def table(found):
    """Made-up scores: the damaged modality falls from 0.6, the other stays, fusions halve."""
    rows = {}
    for kind, corruption in found.items():
        for k, severity in enumerate(corruption.severities):
            for model in MODELS:
                hurt = model == f"{corruption.modality} only"
                start = 0.6 if "only" in model else 0.9
                mean = start - (0.1 * k if hurt or "only" not in model else 0)
                rows[kind, severity, model] = {"mean": mean, "low": mean - 0.05, "high": mean + 0.1}
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index.names = ["corruption", "severity", "model"]
    return table


def test_every_curve_is_drawn_at_its_scores(table, found):
    fig, description = plot_severity(table, found)
    panels = [ax for ax in fig.axes if ax.get_title()]
    assert [ax.get_title() for ax in panels] == list(found)
    for ax in panels:
        lines = {line.get_label(): line.get_ydata() for line in ax.lines}
        assert list(lines) == MODELS
        for name, drawn in lines.items():
            assert np.allclose(drawn, table.xs((ax.get_title(), name), level=(0, 2))["mean"])
        assert ax.get_xlabel() == found[ax.get_title()].unit
    assert description.count("fusions from 0.90 down to 0.50") == len(found)
    assert "Blur up to 4 pixels" in description and "spectrum only stays at 0.60" in description
    assert to_png(fig) == to_png(plot_severity(table, found)[0])


@pytest.mark.parametrize("kind", ["blur", "wavelength shift"])
@pytest.mark.parametrize("step", [0, 4])
def test_damage_is_shown_with_its_scores(table, leaves, found, kind, step):
    fig, description = plot_damage(table, leaves, found, kind, step, rows=(0, 1, 2))
    above, below = fig.axes
    severity = found[kind].severities[step]
    seen = found[kind].damage(leaves.X, severity)[found[kind].modality][:3]
    if kind == "blur":
        assert np.array_equal(above.images[0].get_array(), np.hstack(list(seen)))
    else:
        assert np.array_equal(above.lines[1].get_ydata(), seen[0])
        assert np.array_equal(above.lines[0].get_ydata(), leaves.X["spectrum"][0])
    assert f"{severity:g} {found[kind].unit}" in description
    assert ("gray: before" in above.get_title()) == (kind == "wavelength shift" and step > 0)
    assert len(above.child_axes) == (kind == "wavelength shift" and step > 0)  # the window
    assert f"right for {90 - 10 * step} %" in description and "for 60 %" in description
    drawn = below.containers[0].lines[0].get_xdata()
    assert np.allclose(drawn, table.loc[kind].loc[severity]["mean"])


def test_samples_from_all_over_the_data_are_shown(table, leaves, found):
    above = plot_damage(table, leaves, found, "baseline drift", 0)[0].axes[0]
    drawn = [line.get_ydata() for line in above.lines[::2]]
    assert np.array_equal(drawn, leaves.X["spectrum"][[0, 24, 49]])


def test_nothing_to_draw_is_said(table, leaves, found):
    with pytest.raises(ValueError, match="no curve"):
        plot_severity(table.iloc[:0], found)
    with pytest.raises(ValueError, match="no corruption"):
        plot_damage(table, leaves, found, "rust", 0)
    with pytest.raises(ValueError, match="between 0 and 4"):
        plot_damage(table, leaves, found, "blur", 9)
