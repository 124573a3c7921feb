"""The picture of a training shows the numbers it was given, and says so."""

import numpy as np
import pytest

from mmlib.course.figures.n06 import plot_losses
from mmlib.plots import to_png

RISING = [(1.5, 1.6), (0.6, 0.7), (0.2, 0.9), (0.01, 1.4)]


def test_what_is_said_follows_what_is_drawn():
    fig, text = plot_losses({"wide": RISING, "narrow": [(1.0, 1.1), (0.8, 0.96)]})
    wide, narrow = fig.axes
    assert wide.get_title() == "wide"
    np.testing.assert_allclose(wide.lines[0].get_ydata(), [1.5, 0.6, 0.2, 0.01])
    np.testing.assert_allclose(narrow.lines[1].get_ydata(), [1.1, 0.96])
    assert wide.lines[2].get_xdata() == [2]
    assert "Wide: training loss 1.5 to 0.0 in 4 epochs; validation loss lowest (0.7)" in text
    assert "after epoch 2, 1.4 in the end. Narrow:" in text
    alone, said = plot_losses({"wide": RISING})
    assert alone.axes[0].get_title() == "" and said.startswith("Wide:")


def test_lines_differ_in_more_than_color():
    fig, _ = plot_losses({"wide": RISING})
    assert len({line.get_linestyle() for line in fig.axes[0].lines[:2]}) == 2
    assert to_png(fig) == to_png(plot_losses({"wide": RISING})[0])


@pytest.mark.parametrize("curves", [{}, {"flat": [1.0, 2.0]}, {"none": np.zeros((0, 2))}])
def test_what_is_no_curve_is_refused(curves):
    with pytest.raises(ValueError, match="curve"):
        plot_losses(curves)
