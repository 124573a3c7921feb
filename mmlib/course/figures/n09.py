"""Sample graphs as pictures: a mark for each sample, a line for each link."""

import numpy as np
from matplotlib.collections import LineCollection
from scipy.sparse import coo_array

from ...plots.style import COLORS, MARKERS, make_axes, style


@style()
def plot_graph(adjacency, positions, y, names):
    """Samples at their positions, links as lines: gray within a class, dotted black across.

    Parameters
    ----------
    adjacency : sparse array or array of shape (samples, samples)
    positions : array of shape (samples, 2)
        Where to draw each sample, as `mmlib.course.experiments.place_samples` gives them.
    y : array-like of shape (samples,)
        Class of each sample.
    names : sequence of str
        Names of the classes, in sorted order of the labels.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.figures.n09 import plot_graph
    >>> chain = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    >>> plot_graph(chain, np.eye(3)[:, :2], [0, 0, 1], ["ripe", "raw"])[1]
    '3 samples, 2 links: 50 % join two of the same class.'
    """

    y, links = np.asarray(y), coo_array(adjacency)
    once = links.row < links.col
    rows, columns = links.row[once], links.col[once]
    within = y[rows] == y[columns]
    fig, ax = make_axes(width=5.6, height=4.8)
    for keep, color, dashes in ((within, "0.72", "-"), (~within, "black", ":")):
        ends = np.stack([positions[rows[keep]], positions[columns[keep]]], axis=1)
        ax.add_collection(LineCollection(ends, colors=color, linestyles=dashes, linewidths=0.7))
    for k, (label, name) in enumerate(zip(np.unique(y), names, strict=True)):
        mine = y == label
        ax.plot(*positions[mine].T, MARKERS[k], color=COLORS[k], markersize=6, label=name)
    ax.plot([], [], color="0.72", label="link within a class")
    ax.plot([], [], ":", color="black", label="link across classes")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=3, fontsize=8.5)
    ax.set_axis_off()
    share = f"{100 * within.mean():.0f} %" if len(within) else "none"
    return fig, f"{len(y)} samples, {len(rows)} links: {share} join two of the same class."
