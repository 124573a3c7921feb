"""Sample graphs: which samples are neighbors, and what averaging over neighbors does.

A graph is a sparse table, its *adjacency*: row i says from which samples sample i
receives. It is symmetric among the samples it was built from. Everything here is plain
linear algebra; the net that learns on such a graph is in `mmlib.fusion.graph`.
"""

import numpy as np
from scipy import sparse
from sklearn.metrics import pairwise_distances_chunked

from ..base import DataError, varies
from ..data.mapping import check_samples

GRAPHS = ("together", "union", "sum", "nodes")


def neighbor_graph(X, n_neighbors=10, graph="together", groups=None):
    """Link every sample with its nearest neighbors.

    Parameters
    ----------
    X : mapping of str to array of shape (samples, columns)
        Tables of features. Each is brought to the same total variance first.
    n_neighbors : int
    graph : {"together", "union", "sum", "nodes"}
        "together": near in all tables side by side. "union": near in at least one table.
        "sum": likewise, and the weight counts the tables. "nodes": every sample has one
        node for each table, linked with each other and with the nearest in that table.
    groups : array-like of shape (samples,), optional
        Samples of one group (plant, patient) are then never neighbors.

    Returns
    -------
    scipy.sparse.csr_array of shape (samples, samples)
        Symmetric: two samples are linked when either is among the nearest of the other.
        With "nodes", one row for each sample of the first table in sorted order of the
        names, then those of the second, and so on.

    Raises
    ------
    DataError
        For tables that do not fit together, or fewer samples than neighbors.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.neighbors import neighbor_graph
    >>> size = np.array([[1.0], [1.1], [5.0], [5.2]])
    >>> neighbor_graph({"size": size}, n_neighbors=1).toarray().astype(int).tolist()
    [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]
    """
    X, _, groups = check_samples(X, groups=groups)
    tables = {name: np.asarray(X[name], float) for name in sorted(X)}
    for name, x in tables.items():
        if x.ndim != 2 or not np.isfinite(x).all():
            raise DataError(f"{name!r} must be a table of finite numbers, (samples, columns).")
    scaled = {name: (x - x.mean(0)) / block_scale(x) for name, x in tables.items()}
    return join_links(link(scaled, n_neighbors, graph, groups), graph)


def block_scale(x):
    """Root of the mean variance of the columns; 1 where nothing varies."""
    return float(np.sqrt(np.mean((x.std(0, dtype=float) * varies(x)) ** 2))) or 1.0


def link(tables, n_neighbors, graph, groups=None):
    """One symmetric adjacency for each table, or a single one for all of them together."""
    if graph not in GRAPHS:
        raise DataError(f"graph is {graph!r}: it must be one of {', '.join(GRAPHS)}.")
    tables = _side_by_side(tables) if graph == "together" else list(tables.values())
    mates = (
        np.arange(len(tables[0])) if groups is None else np.unique(groups, return_inverse=True)[1]
    )
    parts = [_nearest(x, x, n_neighbors, mates) for x in tables]
    return [part.maximum(part.T).tocsr() for part in parts]


def attach(parts, references, new, n_neighbors, graph):
    """Add new samples, which receive from their nearest references and send to nobody.

    So a reference is what it was without them, and no new sample sees another.
    """
    old, new = (
        _side_by_side(t) if graph == "together" else list(t.values()) for t in (references, new)
    )
    whole = []
    for part, reference, x in zip(parts, old, new, strict=True):
        rows = _nearest(x, reference, n_neighbors)
        wide = sparse.vstack([part, rows])
        whole.append(sparse.hstack([wide, sparse.csr_array((wide.shape[0], len(x)))]).tocsr())
    return whole


def join_links(parts, graph):
    """One adjacency out of those of the tables."""
    if graph == "nodes":
        n, tables = parts[0].shape[0], len(parts)
        same_sample = sparse.kron(np.ones((tables, tables)) - np.eye(tables), sparse.eye_array(n))
        return (sparse.block_diag(parts) + same_sample).tocsr()
    total = sum(parts[1:], parts[0]).tocsr()
    return total if graph == "sum" else total.sign()


def normalize(adjacency):
    """Link every sample with itself, then divide each link by the roots of both degrees.

    Parameters
    ----------
    adjacency : sparse array or array of shape (samples, samples)

    Returns
    -------
    scipy.sparse.csr_array of shape (samples, samples)
        Multiplied with a table from the left, it mixes each sample with its neighbors.

    References
    ----------
    Kipf & Welling (2017), Semi-supervised classification with graph convolutional
    networks, ICLR, doi:10.48550/arXiv.1609.02907, equation 2.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.neighbors import normalize
    >>> pair_and_hermit = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    >>> normalize(pair_and_hermit).toarray().round(2).tolist()
    [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]
    """
    linked = sparse.csr_array(adjacency) + sparse.eye_array(adjacency.shape[0])
    root = sparse.diags_array(1 / np.sqrt(linked.sum(axis=1)))
    return (root @ linked @ root).tocsr()


def homophily(adjacency, labels):
    """Share of links that join two samples of the same label.

    Parameters
    ----------
    adjacency : sparse array or array of shape (samples, samples)
    labels : array-like of shape (samples,)
        Classes; with groups it is the share of links within a group.

    Returns
    -------
    float

    Raises
    ------
    DataError
        When the labels do not fit, or nothing is linked.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.neighbors import homophily
    >>> chain = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    >>> homophily(chain, ["ripe", "ripe", "raw"])
    0.5
    """
    labels = np.asarray(labels)
    links = sparse.coo_array(adjacency)
    if links.shape[0] != len(labels):
        raise DataError(
            f"The graph has {links.shape[0]} samples but there are {len(labels)} labels."
        )
    apart = links.row != links.col
    if not apart.any():
        raise DataError("No two samples are linked, so there is no homophily.")
    return float((labels[links.row] == labels[links.col])[apart].mean())


def _side_by_side(tables):
    """A single table in which each of the given ones has the same total variance."""
    return [np.hstack([np.asarray(x, float) / np.sqrt(x.shape[1]) for x in tables.values()])]


def _nearest(x, references, n_neighbors, mates=None):
    """Each row of `x` with its nearest references, other than its mates."""

    if not 1 <= n_neighbors < len(references) + (mates is None):
        raise DataError(
            f"n_neighbors is {n_neighbors}, but there are {len(references)} samples to choose "
            "neighbors from: take fewer neighbors, or measure more samples."
        )

    def pick(distances, start):
        if mates is not None:
            distances[mates[start : start + len(distances), None] == mates] = np.inf
        near = np.argsort(distances, axis=1, kind="stable")[:, :n_neighbors]
        return near, np.isfinite(np.take_along_axis(distances, near, axis=1))

    x, references = np.asarray(x, float), np.asarray(references, float)
    chunks = pairwise_distances_chunked(x, references, reduce_func=pick, working_memory=64)
    near, allowed = map(np.vstack, zip(*chunks, strict=True))
    rows = np.broadcast_to(np.arange(len(x))[:, None], near.shape)[allowed]
    links = np.ones(len(rows)), (rows, near[allowed])
    return sparse.csr_array(links, shape=(len(x), len(references)))
