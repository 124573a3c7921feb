"""Pictures in one house style, each with a sentence that says what it shows.

Every `plot_...` function returns ``(fig, description)``; `show` puts both on the
page. The description is computed from the plotted numbers, so a reader who
cannot see the picture loses little, and a changed result changes a text that
tests compare. Colors are those of Okabe and Ito, which stay apart for
color-blind readers, and never work alone: markers, lines and labels repeat them.

Nothing here changes matplotlib for the rest of a session, and pyplot is not needed.
"""

from .plans import plot_power
from .samples import plot_images, plot_spectra
from .scores import plot_confusion, plot_predicted, plot_reliability, plot_scores
from .style import COLORS, LINES, MARKERS, make_axes, show, style, to_png

__all__ = [
    "COLORS",
    "LINES",
    "MARKERS",
    "make_axes",
    "plot_confusion",
    "plot_images",
    "plot_power",
    "plot_predicted",
    "plot_reliability",
    "plot_scores",
    "plot_spectra",
    "show",
    "style",
    "to_png",
]
