"""Sample graphs as pictures: a mark for each sample, a line for each link."""

from functools import lru_cache

import numpy as np
from matplotlib.collections import LineCollection
from scipy.sparse import coo_array
from sklearn.manifold import TSNE

from ...data.leaves import make_leaves
from ...features.blocks import feature_blocks
from ...fusion.neighbors import neighbor_graph
from ...plots.style import COLORS, MARKERS, make_axes, style


@style()
def plot_graph(adjacency, positions, y, names):
    """Samples at their positions, links as lines: gray within a class, dashed red across.

    Parameters
    ----------
    adjacency : sparse array or array of shape (samples, samples)
    positions : array of shape (samples, 2)
        Where to draw each sample, as `place_samples` gives them.
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
    for keep, color, dashes in ((within, "0.72", "-"), (~within, COLORS[1], ":")):
        ends = np.stack([positions[rows[keep]], positions[columns[keep]]], axis=1)
        ax.add_collection(LineCollection(ends, colors=color, linestyles=dashes, linewidths=0.8))
    for k, (label, name) in enumerate(zip(np.unique(y), names, strict=True)):
        mine = y == label
        ax.plot(*positions[mine].T, MARKERS[k], color=COLORS[k], markersize=5.5, label=name)
    ax.plot([], [], color="0.72", label="link within a class")
    ax.plot([], [], ":", color=COLORS[1], label="link across classes")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=3, fontsize=8.5)
    ax.set_axis_off()
    share = f"{100 * within.mean():.0f} %" if len(within) else "none"
    return fig, f"{len(y)} samples, {len(rows)} links: {share} join two of the same class."


def place_samples(tables, random_state=0):
    """Positions in the plane that keep neighbors close, by t-SNE on all tables side by side.

    Only for looking: distances between far samples mean nothing.

    Parameters
    ----------
    tables : mapping of str to array of shape (samples, columns)
    random_state : int

    Returns
    -------
    ndarray of shape (samples, 2)

    References
    ----------
    van der Maaten & Hinton (2008), Visualizing data using t-SNE, JMLR 9, 2579-2605.
    """

    table = np.hstack(
        [(x - x.mean(0)) / np.sqrt(x.var(0, dtype=float).sum()) for x in tables.values()]
    )
    perplexity = min(20, (len(table) - 1) / 3)
    return TSNE(perplexity=perplexity, init="pca", random_state=random_state).fit_transform(table)


@lru_cache(maxsize=4)
def _sample(signals):
    """Some leaves as tables, with their classes and where to draw them."""

    knobs = dict.fromkeys(("water", "lesions", "redness", "synergy"), signals)
    leaves = make_leaves(n_plants=120, leaves_per_plant=1, seed=1, **knobs)
    tables = feature_blocks(leaves).fit_transform(leaves.X)
    return tables, leaves.y, leaves.target_names, place_samples(tables)


def draw_neighbors(n_neighbors=4, modality="both", signals=1.0):
    """The graph of 120 leaves of 120 plants, and how far its links stay within a class.

    Parameters
    ----------
    n_neighbors : int
    modality : {"both", "spectrum", "image"}
        What makes two leaves neighbors. The leaves stay where "both" puts them.
    signals : float
        Strength of every signal, as the knobs of `mmlib.make_leaves`.

    Returns
    -------
    fig : matplotlib.figure.Figure
    sentence : str
    """

    tables, y, names, positions = _sample(signals)
    used = tables if modality == "both" else {modality: tables[modality]}
    links = neighbor_graph(used, n_neighbors)
    fig, text = plot_graph(links, positions, y, names)
    return fig, f"Neighbors by {modality}, {n_neighbors} each. {text}"
