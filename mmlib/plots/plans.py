"""How probable it is to show a gain, against the number of groups."""

import numpy as np

from ..base import plural
from .style import COLORS, LINES, make_axes, style


@style()
def plot_power(curves, power=0.8, groups=None, kind="group"):
    """Power against the number of groups, a line for each gain.

    Parameters
    ----------
    curves : pandas.DataFrame
        Index: numbers of groups. Columns: gains, as text. Values: shares of studies.
    power : float
        That is wanted, drawn as a line.
    groups : int, optional
        That there are.
    kind : str
        What a group is called, one of them.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import pandas as pd
    >>> from mmlib.plots import plot_power
    >>> plot_power(pd.DataFrame({"4 points": [0.1, 0.8]}, index=[10, 100]))[1]
    'Share of studies that show a gain, with 10 and 100 groups: 4 points 10 and 80 %.'
    """
    fig, ax = make_axes(width=6.4, height=3.4)
    shown = curves.dropna(axis="columns", how="all")
    for k, name in enumerate(shown):
        ax.plot(
            shown.index, 100 * shown[name], color=COLORS[k % len(COLORS)],
            linestyle=LINES[k % len(LINES)], label=name,
        )  # fmt: skip
    ax.axhline(100 * power, color="0.35", linewidth=1, linestyle=":")
    ax.annotate(f"{100 * power:g} %", (1, 100 * power), xycoords=ax.get_yaxis_transform(),
                xytext=(3, 0), textcoords="offset points", va="center", color="0.25")  # fmt: skip
    if groups:
        ax.axvline(groups, color="0.35", linewidth=1)
        ax.annotate(
            f"{groups:,}", (groups, 1), xycoords=ax.get_xaxis_transform(), xytext=(0, 3),
            textcoords="offset points", ha="center", color="0.25",
        )  # fmt: skip
    ax.set(xscale="log", ylim=(0, 102), xlabel=plural(kind), ylabel="studies that show it (%)")
    ticks = [x for x in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
             if curves.index.min() <= x <= curves.index.max()]  # fmt: skip
    ax.set_xticks(ticks, [f"{x:,}" for x in ticks])
    ax.minorticks_off()
    if len(ticks) > 7:  # so wide a range leaves no room for every label
        for label, x in zip(ax.get_xticklabels(), ticks, strict=True):
            label.set_visible(str(x)[0] == "1")
    if len(shown.columns):
        ax.legend(title="true gain", loc="center left", bbox_to_anchor=(1.08, 0.5))
    ends = curves.index[[0, -1]]
    said = [f"{name} {_both(shown[name].iloc[[0, -1]])} %" for name in shown]
    said = "; ".join(said) or "none can be given"
    some = f"{ends[0]:,} and {ends[1]:,} {plural(kind)}"
    return fig, f"Share of studies that show a gain, with {some}: {said}."


def _both(ends):
    first, last = (f"{100 * x:.0f}" if np.isfinite(x) else "unknown" for x in ends)
    return f"{first} and {last}"
