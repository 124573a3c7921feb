"""What the picture of opinions says follows what is drawn."""

import pytest

from mmlib.course.figures.n05 import draw_synergy
from mmlib.data.leaves.ceilings import ceilings_at


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
