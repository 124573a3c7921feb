"""What the pictures of opinions say follows what is drawn."""

import numpy as np
import pytest

from mmlib.course.figures.n05 import draw_synergy, plot_reliability
from mmlib.data.leaves.ceilings import ceilings_at
from mmlib.evaluation import reliability


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


@pytest.mark.parametrize("synergy", [0.0, 1.0, 2.5])
def test_synergy_is_drawn_at_its_ceilings(synergy):
    fig, text = draw_synergy(synergy)
    at = ceilings_at(synergy=synergy, points=60)
    late, joint = fig.axes[0].lines[-1].get_ydata()
    assert (late, joint) == pytest.approx((at["late"], at["joint"]))
    assert f"{100 * (joint - late):.1f} points are lost" in text


def test_more_redness_lifts_all_curves():
    low, high = (draw_synergy(1.0, redness)[0].axes[0].lines[1].get_ydata() for redness in (0, 2))
    assert (high > low).all()
