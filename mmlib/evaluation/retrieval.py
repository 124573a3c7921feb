"""Retrieval across modalities: show a picture, get spectra, and the other way round."""

import numpy as np

from ..base import DataError


def partner_ranks(query, gallery):
    """At which place each query finds its own partner, by the cosine of their vectors.

    Parameters
    ----------
    query, gallery : array-like of shape (samples, width)
        Row i of one belongs to row i of the other.

    Returns
    -------
    ndarray of shape (samples,)
        1 where the partner is closest. Ties share the mean of their places, so that vectors
        that say nothing get the rank of chance, (samples + 1) / 2.

    Raises
    ------
    DataError
        When the shapes differ.

    Examples
    --------
    >>> from mmlib.evaluation.retrieval import partner_ranks
    >>> pictures = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]
    >>> spectra = [[0.9, 0.0], [-0.9, 0.1], [-0.1, 0.9]]
    >>> partner_ranks(pictures, spectra).tolist()
    [1.0, 2.0, 2.0]
    """
    query, gallery = _unit(query), _unit(gallery)
    if query.shape != gallery.shape:
        raise DataError(
            f"query has shape {query.shape} and gallery {gallery.shape}: row i of one must "
            "belong to row i of the other."
        )
    partner = np.einsum("ij,ij->i", query, gallery)
    ranks = np.empty(len(query))
    for start in range(0, len(query), 512):  # memory stays small however many there are
        rows = slice(start, start + 512)
        apart = query[rows] @ gallery.T - partner[rows, None]
        better, level = (apart > 1e-9).sum(1), (abs(apart) <= 1e-9).sum(1)
        ranks[rows] = better + (level + 1) / 2
    return ranks


def recall_at(query, gallery, k=1):
    """Share of the queries that find their partner among the `k` closest.

    Parameters
    ----------
    query, gallery : array-like of shape (samples, width)
        Row i of one belongs to row i of the other.
    k : int

    Returns
    -------
    float
        Chance is k / samples: it says nothing without the number of samples.

    Examples
    --------
    >>> from mmlib.evaluation.retrieval import recall_at
    >>> pictures = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]]
    >>> spectra = [[0.9, 0.1], [0.1, 0.9], [0.1, -0.9], [-0.9, -0.1]]
    >>> recall_at(pictures, spectra, k=1)
    0.5
    """
    return float((partner_ranks(query, gallery) <= k).mean())


def median_rank(query, gallery):
    """Median of `partner_ranks`; chance is (samples + 1) / 2.

    Examples
    --------
    >>> from mmlib.evaluation.retrieval import median_rank
    >>> median_rank([[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.1], [0.1, 1.0]])
    1.0
    """
    return float(np.median(partner_ranks(query, gallery)))


def recall_sentence(query, gallery, at=(1, 5, 10)):
    """Recall at several `k` and the median rank, in words.

    Examples
    --------
    >>> from mmlib.evaluation.retrieval import recall_sentence
    >>> recall_sentence([[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.1], [0.1, 1.0]], at=[1])
    'recall 100 % at 1; median rank 1'
    """
    ranks = partner_ranks(query, gallery)
    shares = ", ".join(f"{100 * (ranks <= k).mean():.0f} % at {k}" for k in at)
    return f"recall {shares}; median rank {np.median(ranks):.0f}"


def closest(query, gallery, k=5):
    """Rows of the gallery that are closest to each query, closest first.

    Parameters
    ----------
    query : array-like of shape (queries, width)
    gallery : array-like of shape (samples, width)
    k : int

    Returns
    -------
    ndarray of int, shape (queries, k)

    Examples
    --------
    >>> from mmlib.evaluation.retrieval import closest
    >>> closest([[1.0, 0.0]], [[0.0, 1.0], [0.9, 0.1], [0.5, 0.5]], k=2).tolist()
    [[1, 2]]
    """
    similarity = _unit(query) @ _unit(gallery).T
    return np.argsort(-similarity, axis=1, kind="stable")[:, :k]


def _unit(x):
    x = np.asarray(x, np.float64)
    if x.ndim != 2 or not np.isfinite(x).all():
        raise DataError("Vectors must come as a table of finite numbers, one row for each sample.")
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)


def share_found(query, gallery, k=1, box=20):
    """How often the partner of a sample is among the `k` nearest of a box of samples.

    Parameters
    ----------
    query, gallery : ndarray of shape (samples, components)
        Paired row by row; one row from each group, or neighbors of a group fill the box.
    k : int
    box : int
        How many samples lie in a box; the last rows that fill none are left out.

    Returns
    -------
    float
        Chance is ``k / box``. A partner that is no nearer than others is placed behind them:
        where all points coincide nothing is found.

    Raises
    ------
    DataError
        When the rows do not pair or fill no box.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.evaluation.retrieval import share_found
    >>> a = np.array([[0.0], [1.0], [5.0], [9.0]])
    >>> share_found(a, a + 0.1, box=4), share_found(0 * a, 0 * a, box=4)
    (1.0, 0.0)
    """
    query, gallery = (np.asarray(x, float) for x in (query, gallery))
    boxes = len(query) // box
    if query.shape != gallery.shape or query.ndim != 2 or not boxes:
        raise DataError(
            f"Tables of shapes {query.shape} and {gallery.shape} are no pairs in boxes of {box}."
        )
    query, gallery = (x[: boxes * box].reshape(boxes, box, -1) for x in (query, gallery))
    distance = ((query[:, :, None] - gallery[:, None]) ** 2).sum(-1)  # (boxes, box, box)
    own = distance.diagonal(axis1=1, axis2=2)[:, :, None]
    return float(((distance <= own).sum(-1) <= k).mean())
