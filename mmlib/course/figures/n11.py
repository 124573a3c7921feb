"""Two instruments in one plane: do the two points of a sample meet?"""

import numpy as np

from ...plots.style import COLORS, MARKERS, make_axes, style


@style()
def plot_clouds(stages, n_shown=60, n_joined=12):
    """Both modalities in one plane, one panel for each stage; lines join the points of a sample.

    Parameters
    ----------
    stages : mapping of str to mapping
        Title -> modality -> table of two columns or more; the first two are drawn.
    n_shown, n_joined : int
        Samples, from the first on, that get points, and that get a line.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        With the distances of all samples, not only of those shown.

    Raises
    ------
    ValueError
        When a stage has not two modalities of two columns at least.

    Examples
    --------
    >>> from mmlib.course.figures.n11 import plot_clouds
    >>> a = [[0.0, 0.0], [2.0, 0.0]]
    >>> plot_clouds({"met": {"spectrum": a, "image": a}})[1]
    'Met: the two points of a sample lie 0.00 times as far apart as those of two samples.'
    """
    stages = {title: _two(tables, 2) for title, tables in stages.items()}
    fig, axes = make_axes(1, len(stages), 3.5 * len(stages), 3.3, squeeze=False)
    parts = []
    for ax, (title, tables) in zip(axes[0], stages.items(), strict=True):
        points = [np.asarray(table, float)[:, :2] for table in tables.values()]
        for a, b in zip(points[0][:n_joined], points[1][:n_joined], strict=True):
            ax.plot(*np.transpose([a, b]), color="0.1", linestyle="-", linewidth=1.4, zorder=3)
        for k, (name, x) in enumerate(zip(tables, points, strict=True)):
            shown = {"color": COLORS[k], "markersize": 4, "alpha": 0.55, "label": name}
            ax.plot(*x[:n_shown].T, MARKERS[k], **shown)
        ax.set(title=title, xlabel="first score", ylabel="second score")
        parts.append(
            f"{_capital(title)}: the two points of a sample lie {_apart(*points):.2f} times as "
            "far apart as those of two samples."
        )
    axes[0, -1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    return fig, " ".join(parts)


@style()
def plot_agreement(stages):
    """First score of one modality against that of the other, one panel for each stage.

    Parameters
    ----------
    stages : mapping of str to mapping
        Title -> modality -> scores, (samples, components).

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        A correlation that so many pairs show by chance has no digits: those of a direction
        that fits nothing differ from one processor to the next.

    Raises
    ------
    ValueError
        When a stage has not two modalities.

    Examples
    --------
    >>> from mmlib.course.figures.n11 import plot_agreement
    >>> a = [[0.0], [1.0], [2.0]]
    >>> plot_agreement({"training": {"spectrum": a, "image": a}})[1]
    'Training: correlation 1.00.'
    """
    stages = {title: _two(tables, 1) for title, tables in stages.items()}
    fig, axes = make_axes(1, len(stages), 3.3 * len(stages), 3.0, squeeze=False)
    parts = []
    for k, (ax, (title, tables)) in enumerate(zip(axes[0], stages.items(), strict=True)):
        (down, up), (x, y) = tables, (np.asarray(table, float)[:, 0] for table in tables.values())
        r, by_chance = np.corrcoef(x, y)[0, 1], 2 / np.sqrt(len(x) + 2)  # where t is 2
        ax.plot(x, y, MARKERS[k], color=COLORS[k], markersize=4, alpha=0.6)
        told = abs(r) > by_chance
        ax.set(title=f"{title}: r " + (f"= {r:z.2f}" if told else "near zero"))
        ax.set(xlabel=f"score of the {down}", ylabel=f"score of the {up}")
        said = f"{r:z.2f}" if told else f"near zero (below {by_chance:.2f})"
        parts.append(f"{_capital(title)}: correlation {said}.")
    return fig, " ".join(parts)


def _apart(a, b):
    """Mean distance of the pairs over that of all points of different samples."""
    distance = np.sqrt(((a[:, None] - b) ** 2).sum(-1))
    others = ~np.eye(len(a), dtype=bool)
    return np.diag(distance).mean() / distance[others].mean()


def _two(tables, columns):
    shapes = [np.shape(table) for table in tables.values()]
    if len(shapes) != 2 or any(len(shape) != 2 or shape[1] < columns for shape in shapes):
        raise ValueError(f"Two tables of {columns} column(s) or more are drawn, not {shapes}.")
    return tables


def _capital(text):
    return text[0].upper() + text[1:]
