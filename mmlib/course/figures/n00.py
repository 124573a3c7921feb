"""Notebook 00: two quantities of each sample by class; the four knobs and who sees them."""

import numpy as np

from ...data.leaves.ceilings import ceilings_at
from ...data.leaves.factors import healthy_log_chlorophyll
from ...plots.style import COLORS, MARKERS, make_axes, style


@style()
def plot_pair(data, x, y, classes=None, line=None):
    """Scatter of two columns of ``data.info``, the classes by color and marker.

    Parameters
    ----------
    data : MultimodalData
        A classification data set.
    x, y : str
        Keys of ``data.info``.
    classes : sequence of str, optional
        Names of the classes to show; all where nothing is said.
    line : callable, optional
        From values of `x` to a height: a boundary to draw. The description says how many of
        each class lie below it.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import mmlib
    >>> leaves = mmlib.make_leaves(n_plants=10, leaves_per_plant=2)
    >>> plot_pair(leaves, "maturity", "chlorophyll", ["healthy"])[1][:30]
    'Chlorophyll against maturity. '
    """
    classes = list(classes or data.target_names)
    fig, ax = make_axes(width=6.0, height=3.6)
    parts, below = [], []
    for k, name in enumerate(classes):
        rows = data.y == data.labels[data.target_names.index(name)]
        across, up = data.info[x][rows], data.info[y][rows]
        ax.plot(across, up, MARKERS[k], color=COLORS[k], markersize=4, alpha=0.6, label=name)
        if line is not None:
            below.append(f"{100 * np.mean(up < line(across)):.0f} % of {name}")
        parts.append(f"{name}: median {x} {np.median(across):.2f}, {y} {np.median(up):.0f}")
    ax.set(xlabel=_label(x), ylabel=_label(y))
    text = f"{y.capitalize()} against {x}. {'; '.join(parts)}."
    if line is not None:
        along = np.linspace(*ax.get_xlim(), 100)
        ax.plot(along, line(along), color="0.2", linestyle="--", label="boundary")
        text += f" Below the dashed line lie {', '.join(below)}."
    ax.legend()
    return fig, text


def three_quarters(maturity):
    """Three quarters of the chlorophyll (ug/cm2) that healthy leaves of this maturity have.

    Examples
    --------
    >>> round(float(three_quarters(1.0)), 2)  # of 75
    56.25
    """
    return 0.75 * np.exp(healthy_log_chlorophyll(maturity))


UNITS = {
    "maturity": "0 = young, 1 = grown",
    "chlorophyll": "ug/cm2",
    "anthocyanins": "ug/cm2",
    "water": "cm",
    "lesions": "share of the leaf",
    "area": "cm2",
}


def _label(key):
    return f"{key} ({UNITS[key]})" if key in UNITS else key


BARS = {
    "spectrum": "spectrum\nalone",
    "image": "picture\nalone",
    "late": "late fusion\n(product)",
    "joint": "both\ntogether",
}
HATCHES = ("", "//", "..", "xx")


@style()
def draw_knobs(water=1.0, lesions=1.0, redness=1.0, synergy=1.0):
    """Best reachable accuracy of four observers of the simulated leaves.

    Parameters
    ----------
    water, lesions, redness, synergy : float
        Strength of each signal, as in `mmlib.make_leaves`.

    Returns
    -------
    fig : matplotlib.figure.Figure
    sentence : str

    Examples
    --------
    >>> from mmlib.course.figures.n00 import draw_knobs
    >>> draw_knobs(lesions=0, redness=0, synergy=0)[1]
    'Spectrum 37 %, picture 20 %, late 37 %, both 37 %: the second instrument adds 0 points.'
    """
    reach = ceilings_at(water, lesions, redness, synergy, points=60)
    fig, ax = make_axes(width=5.6, height=2.9)
    bars = ax.bar(list(BARS.values()), [reach[key] for key in BARS], color=COLORS[:4], alpha=0.75)
    for bar, hatch, value in zip(bars, HATCHES, (reach[key] for key in BARS), strict=True):
        bar.set(hatch=hatch, edgecolor="white")
        ax.annotate(
            f"{value:.2f}", (bar.get_x() + bar.get_width() / 2, value), ha="center", va="bottom"
        )
    ax.axhline(0.2, color="0.35", linestyle=":", linewidth=1.2)
    ax.annotate("chance", (1.01, 0.2), xycoords=("axes fraction", "data"), va="center")
    ax.set(ylim=(0, 1.05), ylabel="best accuracy")
    points = {key: round(100 * value) for key, value in reach.items()}
    gain = round(100 * (reach["joint"] - max(reach["spectrum"], reach["image"])))
    sentence = (
        f"Spectrum {points['spectrum']} %, picture {points['image']} %, late {points['late']} %, "
        f"both {points['joint']} %: the second instrument adds {gain} points."
    )
    late = round(100 * (reach["late"] - max(reach["spectrum"], reach["image"])))
    if late < gain:
        sentence += f" Late fusion reaches {late} of these {gain}."
    return fig, sentence
