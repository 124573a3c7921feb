"""Products of two vectors as a table, and how fast such tables grow."""

import numpy as np

from ...plots.style import COLORS, MARKERS, make_axes, style


@style()
def plot_products(rows, columns):
    """The table of products of two vectors, each with a 1 in front.

    Parameters
    ----------
    rows, columns : mapping of str to float
        Name of a number -> the number; the 1 is put in front here.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> from mmlib.course.figures.n10 import plot_products
    >>> plot_products({"red": 2.0}, {"water": -3.0})[1]
    'Table of 2 x 2: the constant 1, 2 numbers alone, 1 product of both (red x water -6).'
    """
    rows, columns = {"1": 1.0, **rows}, {"1": 1.0, **columns}
    table = np.outer(list(rows.values()), list(columns.values()))
    fig, ax = make_axes(width=1.5 + 1.1 * len(columns), height=0.9 + 0.55 * len(rows))
    kind = np.add.outer(np.arange(len(rows)) > 0, np.arange(len(columns)) > 0, dtype=int)
    words = ("constant", "alone", "product")
    shades = ("white", "#cfe5f2", "#f7d9b0")
    for (i, j), value in np.ndenumerate(table):
        box = {"boxstyle": "square,pad=0.5", "facecolor": shades[kind[i, j]], "edgecolor": "0.4"}
        label = f"{value:.2g}\n{words[kind[i, j]]}"
        ax.text(j, i, label, ha="center", va="center", fontsize=9, bbox=box)
    ax.set(xlim=(-0.6, len(columns) - 0.4), ylim=(len(rows) - 0.4, -0.6))
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    alone, both = int((kind == 1).sum()), int((kind == 2).sum())
    each = ", ".join(
        f"{a} x {b} {table[i, j]:.2g}"
        for i, a in enumerate(rows)
        for j, b in enumerate(columns)
        if i and j
    )
    return fig, (
        f"Table of {len(rows)} x {len(columns)}: the constant 1, {alone} numbers alone, "
        f"{both} {'product' if both == 1 else 'products'} of both ({each})."
    )


def sizes(width=64, modalities=2, rank=8, out=64):
    """Numbers that a fusion makes of a sample, and weights up to the next layer.

    Parameters
    ----------
    width : int
        Length of each modality's vector.
    modalities : int
    rank : int
        Of the low-rank tensor.
    out : int
        Outputs of the layer after the fusion.

    Returns
    -------
    dict of str to (int, int)
        "side by side", "whole table", "low rank" -> numbers, weights.

    Examples
    --------
    >>> from mmlib.course.figures.n10 import sizes
    >>> sizes(64, 2)["whole table"]
    (4225, 270464)
    """
    joined, table = modalities * width, (width + 1) ** modalities
    factors = modalities * rank * (width + 1) * out + rank + out
    return {
        "side by side": (joined, (joined + 1) * out),
        "whole table": (table, (table + 1) * out),
        "low rank": (out, factors),
    }


@style()
def draw_sizes(width=64, modalities=2, rank=8):
    """Weights that each way to fuse needs, as points on a logarithmic axis.

    Parameters
    ----------
    width, modalities, rank : int
        See `sizes`.

    Returns
    -------
    fig : matplotlib.figure.Figure
    sentence : str

    Examples
    --------
    >>> from mmlib.course.figures.n10 import draw_sizes
    >>> draw_sizes(64, 3, rank=4)[1][:55]
    '3 modalities of 64 numbers: the table has 274,625 numbe'
    """
    found = sizes(width, modalities, rank)
    fig, ax = make_axes(width=5.6, height=2.4)
    for k, (_, weights) in enumerate(found.values()):
        ax.axhline(k, color="0.85", linestyle=":", linewidth=1)  # leads from the name to the mark
        ax.plot(weights, k, MARKERS[k], color=COLORS[k], markersize=8)
        ax.text(weights * 1.6, k, f"{weights:,}", va="center", fontsize=9)
    ax.set_yticks(range(len(found)), found)
    ax.set(xscale="log", xlim=(1e3, 1e13), ylim=(2.6, -0.6), xlabel="weights to be trained")
    times = found["whole table"][1] / found["low rank"][1]
    return fig, (
        f"{modalities} modalities of {width} numbers: the table has {found['whole table'][0]:,} "
        f"numbers for each sample and the layer after it {found['whole table'][1]:,} weights; low "
        f"rank {rank} needs {found['low rank'][1]:,}, {_times(times)}."
    )


@style()
def plot_ranks(table, chance=None):
    """Accuracy against the rank of the tensor.

    Parameters
    ----------
    table : pandas.DataFrame
        Indexed by rank, with columns "mean", "low" and "high".
    chance : float, optional

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import pandas as pd
    >>> from mmlib.course.figures.n10 import plot_ranks
    >>> table = pd.DataFrame({"mean": [0.7, 0.8], "low": 0.6, "high": 0.9}, index=[1, 8])
    >>> plot_ranks(table)[1]
    'Accuracy by rank: 1: 0.70 (0.60 to 0.90), 8: 0.80 (0.60 to 0.90).'
    """
    fig, ax = make_axes(width=5.6, height=3.0)
    errors = [table["mean"] - table["low"], table["high"] - table["mean"]]
    ax.errorbar(
        table.index, table["mean"], errors, fmt="o-", color=COLORS[0], capsize=4, label="tensor"
    )
    if chance is not None:
        ax.axhline(chance, color="0.4", linestyle=":", linewidth=1.2, label="chance")
        ax.legend(loc="upper left", ncols=2)  # away from the line of chance
    ax.set_xscale("log", base=2)
    ax.set_xticks(list(table.index), [str(rank) for rank in table.index])
    ax.set(xlabel="rank (doubled at each step)", ylabel="accuracy, 95 % interval", ylim=(0.4, 1.0))
    parts = [
        f"{rank}: {row['mean']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
        for rank, row in table.iterrows()
    ]
    return fig, f"Accuracy by rank: {', '.join(parts)}."


def _times(ratio):
    more = max(ratio, 1 / ratio)
    number = f"{more:,.0f}" if more >= 10 else f"{more:.1f}"
    return f"{number} times {'fewer' if ratio > 1 else 'as many'}"
