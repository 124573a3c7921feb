"""Distances of samples from what is known, errors against standards, one leaf and four cameras."""

import numpy as np

from ...evaluation.applicability import HOTELLING, RESIDUALS
from ...plots.style import COLORS, LINES, MARKERS, make_axes, style


@style()
def plot_distances(far):
    """Samples in the plane of Hotelling's T2 and Q residuals, with the limit of each.

    Parameters
    ----------
    far : mapping of str to pandas.DataFrame
        Name of the samples -> what `ApplicabilityDomain.distances` gives for one modality.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import pandas as pd
    >>> far = pd.DataFrame({"Hotelling's T2": [0.2, 0.4], "Q residuals": [0.5, 2.0]})
    >>> plot_distances({"here": far})[1]
    'Beyond the limit of T2 and of Q: here 0 % and 50 %.'
    """
    fig, ax = make_axes(width=6.4, height=4.2)
    said = []
    for k, (name, table) in enumerate(far.items()):
        t2, q = table[HOTELLING], table[RESIDUALS]
        ax.plot(t2, q, MARKERS[k], color=COLORS[k], markersize=4, alpha=0.6, label=name)
        shares = [f"{100 * (x > 1).mean():.0f} %" for x in (t2, q)]
        said.append(f"{name} {shares[0]} and {shares[1]}")
    ax.axhline(1, color="0.3", linestyle="--", linewidth=1, label="limit")
    ax.axvline(1, color="0.3", linestyle="--", linewidth=1)
    ax.set(xscale="log", yscale="log")
    ax.set_xlabel("Hotelling's T² (limit = 1)")
    ax.set_ylabel("Q residuals (limit = 1)")
    ticks = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
    for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        shown = [t for t in ticks if limits[0] <= t <= limits[1]]
        axis.set_ticks(shown, [f"{t:g}" for t in shown])
        axis.set_ticks([], minor=True)
    fig.legend(loc="outside upper center", ncols=3)
    return fig, f"Beyond the limit of T2 and of Q: {'; '.join(said)}."


@style()
def plot_standards(table, first, unit="µg/cm²"):
    """Error after a transfer against the number of standards, a line for each way.

    Parameters
    ----------
    table : pandas.DataFrame
        A row for each number of standards, a column for each way; root mean square errors.
    first : float
        The error on the first instrument.
    unit : str

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"offset": [4.0, 3.9], "DS": [12.0, 2.5]}, index=[4, 64])
    >>> plot_standards(table, 2.2)[1]
    'With 4 standards offset is best (4.0 µg/cm²), with 64 DS (2.5); the first instrument: 2.2.'
    """
    fig, ax = make_axes(width=6.4, height=4.2)
    for k, name in enumerate(table):
        ax.plot(table.index, table[name], color=COLORS[k], linestyle=LINES[k % len(LINES)],
                marker=MARKERS[k], label=name)  # fmt: skip
    ax.axhline(first, color="0.3", linewidth=1, linestyle=":", label="first instrument")
    ax.set(xscale="log", yscale="log", xlabel="standards measured on both instruments")
    ax.set_ylabel(f"RMSE in new leaves ({unit})")
    ax.set_xticks(table.index, [f"{n}" for n in table.index])
    low, high = ax.get_ylim()
    ticks = [t for t in (1, 2, 3, 5, 10, 20, 30, 50, 100) if low <= t <= high]
    ax.set_yticks(ticks, [f"{t}" for t in ticks])
    ax.minorticks_off()
    fig.legend(loc="outside upper center", ncols=3)
    least, most = table.iloc[0], table.iloc[-1]
    return fig, (
        f"With {table.index[0]} standards {least.idxmin()} is best ({least.min():.1f} {unit}), "
        f"with {table.index[-1]} {most.idxmin()} ({most.min():.1f}); the first instrument: "
        f"{first:.1f}."
    )


@style()
def plot_cameras(pictures):
    """The same leaves as several cameras show them, a row for each.

    Parameters
    ----------
    pictures : mapping of str to ndarray of uint8, shape (leaves, height, width, 3)
        The first is the one that the others shall look like.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import numpy as np
    >>> gray = np.full((2, 8, 8, 3), 100, np.uint8)
    >>> plot_cameras({"first": gray, "second": gray + 10})[1]
    'Mean difference to first, in gray levels of 256: second 10.'
    """
    names = list(pictures)
    fig, axes = make_axes(1, len(names), 1.75 * len(names), 4.6)
    for ax, name in zip(np.atleast_1d(axes), names, strict=True):
        ax.imshow(np.vstack(list(pictures[name])))
        ax.set_axis_off()
        ax.set_title(name)
    target = pictures[names[0]].astype(float)
    said = ", ".join(f"{n} {np.abs(pictures[n] - target).mean():.0f}" for n in names[1:])
    return fig, f"Mean difference to {names[0]}, in gray levels of 256: {said}."
