"""The look all figures share, and the way a figure reaches the page."""

import base64
import html
import io
import sys
from contextlib import contextmanager

import matplotlib
from cycler import cycler
from matplotlib.figure import Figure

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
LONGEST = 40  # letters of the name of a class that leave room for the picture
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "lines.linewidth": 1.6,
    "lines.markersize": 5,
    "legend.frameon": False,
    "image.interpolation": "nearest",
    "savefig.dpi": 100,
    "figure.dpi": 100,
}


@contextmanager
def style():
    """The house style, for the length of a ``with`` block or, as ``@style()``, of a function."""

    cycle = cycler(color=COLORS[:5]) + cycler(linestyle=LINES)
    with matplotlib.rc_context({**STYLE, "axes.prop_cycle": cycle}):
        yield


@style()
def make_axes(rows=1, columns=1, width=7.0, height=3.5, **options):
    """An empty figure in the house style and its axes, sizes in inches.

    Examples
    --------
    >>> fig, ax = make_axes(width=4, height=3)
    >>> _ = ax.set_xlabel("wavelength (nm)")
    """

    fig = Figure(figsize=(width, height), layout="constrained")
    return fig, fig.subplots(rows, columns, **options)


@style()
def to_png(fig, dpi=None):
    """The figure as the bytes of a PNG; the same figure gives the same bytes.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    dpi : int, optional
        Dots per inch; 100, as on a page, where nothing is said. Print takes 300.
    """
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=dpi or "figure", metadata={"Software": None})
    return buffer.getvalue()


@style()
def to_svg(fig):
    """The figure as the bytes of an SVG, its letters drawn; the same figure gives the same bytes.

    Examples
    --------
    >>> from mmlib.plots.style import make_axes, to_svg
    >>> to_svg(make_axes()[0])[:5]
    b'<?xml'
    """
    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "mmlib"}):
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def as_written(text, longest=200):
    """Text from data as matplotlib shows it letter by letter: a ``$`` begins no formula.

    Parameters
    ----------
    text : object
    longest : int
        Letters that are shown of it.

    Examples
    --------
    >>> from mmlib.plots.style import as_written
    >>> print(as_written("5$ to 10$"), as_written("a long name", 6))
    5\\$ to 10\\$ a lon…
    """
    text = str(text)
    text = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return text.replace("$", r"\$")


def show(fig, description):
    """Put a figure on the page, with its description as its text twin and in view below it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Closed afterwards where pyplot knows it, so that it is not shown twice.
    description : str
        What the figure shows, computed from the plotted data.

    Raises
    ------
    ValueError
        When the description is empty.
    """
    from IPython.display import display

    text = " ".join(str(description).split())
    if not text:
        raise ValueError("A figure needs a description: say in a sentence what it shows.")
    png = base64.b64encode(to_png(fig)).decode("ascii")
    display(
        {"image/png": png, "text/plain": text},
        metadata={"image/png": {"alt": text}},
        raw=True,
    )
    caption = f"<p><em>{html.escape(text)}</em></p>"
    display({"text/html": caption, "text/plain": text}, raw=True)
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(fig)
