"""Heads side by side, shifts and how they were judged, and what a few millimeters cost."""

import numpy as np
from matplotlib.patches import Circle
from matplotlib.ticker import MultipleLocator

from ...plots.style import COLORS, LINES, MARKERS, make_axes, style

SHOWN = {"ct": ("CT", -45, 120), "mri": ("MRI", 0, 1200), "xray": ("X-ray", None, None)}


@style()
def plot_heads(data, rows):
    """The three pictures of some heads, with rings around the planted spots.

    In the X-ray a dashed ring stands where the CT has its spot.

    Parameters
    ----------
    data : MultimodalData
        See `mmlib.data.heads.make_heads`.
    rows : sequence of int

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> from mmlib.data.heads import make_heads
    >>> fig, said = plot_heads(make_heads(4), [0])
    >>> said.startswith("Heads in CT, MRI and X-ray.")
    True
    """
    fig, axes = make_axes(len(rows), 3, width=6.6, height=2.3 * len(rows), squeeze=False)
    said = []
    for k, (line, row) in enumerate(zip(axes, rows, strict=True)):
        label = data.target_names[data.y[row]]
        for ax, (name, (title, low, high)) in zip(line, SHOWN.items(), strict=True):
            ax.imshow(data.X[name][row, ..., 0], cmap="gray", vmin=low, vmax=high)
            ax.set(xticks=[], yticks=[], title="" if k else title)
            if name in ("ct", "mri"):
                down, right = data.info[f"{name} spot"][row]
                ax.plot(right, down, "o", color=COLORS[4], fillstyle="none", markersize=17)
            else:
                down, right = data.info["ct spot"][row]
                ax.add_patch(Circle((right, down), 2.6, fill=False, linestyle="--"))
        line[0].set_ylabel(label)
        gap = 3 * np.linalg.norm(data.info["ct spot"][row] - data.info["mri spot"][row])
        said.append(f"{label}: the spots of CT and MRI are {gap:.0f} mm apart")
    return fig, f"Heads in CT, MRI and X-ray. {'; '.join(said)}."


@style()
def plot_shifts(scores, true):
    """How alike two pictures are after every shift, by each measure: a map for each.

    Parameters
    ----------
    scores : mapping of (mm down, mm right) to mapping of str to float
        Shift -> measure -> score, the larger the more alike.
    true : pair of float
        The shift that is right, in mm.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> scores = {(a, b): {"one": -a - b, "two": a} for a in (-3, 0, 3) for b in (-3, 0, 3)}
    >>> plot_shifts(scores, (-3, 0))[1]
    'The true shift is 3 mm up, 0 mm right. Most alike by one at 3 mm up, 3 mm left; by two at 3 mm down, 3 mm left.'
    """  # noqa: E501
    shifts = np.array(list(scores))
    names = list(next(iter(scores.values())))
    sides = [np.unique(column) for column in shifts.T]
    half = (sides[0][1] - sides[0][0]) / 2
    extent = [sides[1][0] - half, sides[1][-1] + half, sides[0][-1] + half, sides[0][0] - half]
    fig, axes = make_axes(1, len(names), width=2.5 * len(names) + 0.3, height=3.5, squeeze=False)
    said = []
    for ax, name in zip(axes[0], names, strict=True):
        values = np.array([score[name] for score in scores.values()])
        ax.imshow(values.reshape(len(sides[0]), -1), cmap="cividis", extent=extent)
        best = shifts[values.argmax()]
        ax.plot(true[1], true[0], "+", color="white", markersize=15, markeredgewidth=4)
        ax.plot(true[1], true[0], "+", color="black", markersize=13, markeredgewidth=2,
                label="true shift")  # fmt: skip
        ax.plot(best[1], best[0], "o", color=COLORS[1], markeredgecolor="white", markersize=8,
                label="most alike")  # fmt: skip
        ax.set(title=name, xlabel="mm to the right")
        ax.xaxis.set_major_locator(MultipleLocator(9))
        ax.yaxis.set_major_locator(MultipleLocator(9))
        said.append(f"by {name} at {_direction(best)}")
    axes[0, 0].set_ylabel("mm down")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    legend = fig.legend(
        handles, labels, loc="outside lower center", ncols=2, frameon=True,
        title="brighter: more alike",
    )  # fmt: skip
    legend.get_frame().set(facecolor="0.8", edgecolor="none")
    return fig, f"The true shift is {_direction(true)}. Most alike {'; '.join(said)}."


def _direction(shift):
    down, right = np.round(shift).astype(int)
    return (
        f"{abs(down)} mm {'up' if down < 0 else 'down'}, "
        f"{abs(right)} mm {'left' if right < 0 else 'right'}"
    )


@style()
def plot_cascade(rows):
    """Accuracy of models against the millimeters by which one picture is off.

    Parameters
    ----------
    rows : mapping of float to mapping of str to float
        mm -> model -> accuracy.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> plot_cascade({0: {"all": 0.9, "X-ray": 0.7}, 6: {"all": 0.6, "X-ray": 0.7}})[1]
    'Right answers at 0 and 6 mm: all 90, 60 %; X-ray 70, 70 %.'
    """
    offs, names = list(rows), list(next(iter(rows.values())))
    fig, ax = make_axes(width=6.0, height=3.4)
    said = []
    for k, name in enumerate(names):
        right = [100 * rows[off][name] for off in offs]
        ax.plot(offs, right, color=COLORS[k], linestyle=LINES[k], marker=MARKERS[k], label=name)
        said.append(f"{name} {', '.join(f'{value:.0f}' for value in right)} %")
    ax.axhline(50, color="black", linestyle=":", label="chance")
    ax.set(xlabel="MRI beside the CT (mm)", ylabel="right answers, new patients (%)")
    ax.set_ylim(45, 101)
    ax.set_xticks(offs)
    ax.legend(loc="best")
    listed = ", ".join(map(str, offs[:-1])) + f" and {offs[-1]}"
    return fig, f"Right answers at {listed} mm: {'; '.join(said)}."


@style()
def plot_meetings(table, ceiling=None):
    """Accuracy of nets that differ in where their modalities meet: a point for each draw.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows are draws of patients, columns settings; shares of right answers.
    ceiling : float, optional

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import pandas as pd
    >>> plot_meetings(pd.DataFrame({"here": [0.5, 0.6], "there": [0.9, 1.0]}))[1]
    'Right answers on average: here 55 %, there 95 %.'
    """
    fig, ax = make_axes(width=6.4, height=0.8 + 0.38 * table.shape[1])
    for at, name in enumerate(table):
        values = 100 * table[name].to_numpy()
        ax.plot(values, np.full(len(values), at), MARKERS[0], color=COLORS[0], fillstyle="none")
        ax.plot(values.mean(), at, "|", color=COLORS[1], markersize=16, markeredgewidth=3)
    ax.axvline(50, color="black", linestyle=":")
    ax.text(50, -0.75, "chance", ha="center", fontsize=9)
    if ceiling is not None:
        ax.axvline(100 * ceiling, color="0.4", linestyle="--")
        ax.text(100 * ceiling, -0.75, "ceiling", ha="center", fontsize=9)
    ax.set_yticks(range(table.shape[1]), list(table))
    ax.set_ylim(table.shape[1] - 0.5, -0.6)
    ax.set_xlim(38, 106)
    ax.set_xlabel("right answers, new patients (%): each draw, and their mean (bar)")
    said = ", ".join(f"{name} {100 * table[name].mean():.0f} %" for name in table)
    return fig, f"Right answers on average: {said}."
