"""Alignment: bring what two instruments say of one sample to the same place.

Canonical correlation analysis finds directions of each table whose scores run in parallel;
it needs pairs and no labels. Aligned fusion decides on what they agree about. Both take tables
of columns, so put `feature_blocks` in front. Alignment inside a network is in
`mmlib.fusion.alignment_losses`, alignment by the meaning of words in `mmlib.fusion.attributes`.
"""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.validation import check_is_fitted

from ..base import DataError
from ..data.mapping import Samples
from ..data.validation import read_tables
from ..features.blocks import feature_blocks
from .early import default_model

TINY = 1e-6  # of the largest spread; below, columns in single precision hold rounding only


class RegularizedCCA(TransformerMixin, BaseEstimator):
    """Canonical correlation analysis with shrinkage, of two or more tables.

    Finds weighted sums of the columns of each table, its *scores*, that are as correlated
    as can be. Scores have variance 1 and do not correlate among themselves: without such
    a condition, all weights zero would bring the tables closest together.

    Parameters
    ----------
    n_components : int
        Pairs of directions at most; fewer where a table has fewer.
    shrinkage : float, 0 to 1
        How far the covariance of each table is moved to that of columns that vary equally
        and do not correlate. 0 is plain CCA, which maximizes correlation. At 1 and with
        two tables it maximizes covariance, as the first component of PLS does.

    Attributes
    ----------
    means_, weights_ : dict of str to ndarray
        Scores are ``(table - means_[name]) @ weights_[name]``.
    correlations_ : ndarray of shape (components,)
        Of the training scores. Look at `correlations` of other samples instead.

    Raises
    ------
    DataError
        For fewer than two tables, rows that do not pair, numbers that are not finite, a
        table in which nothing varies, or a shrinkage that is not between 0 and 1.

    Notes
    -----
    With shrinkage, it is the variance *in the shrunk covariance* that is 1. For three
    tables and more, the sum of the correlations of all pairs is maximized under one common
    condition, which is called MCCA or MAXVAR; only then may the scores of one table
    correlate. Components are found one table against the other at once, so a picture, taken
    as one long row of pixels, costs no more than its number of samples squared.

    References
    ----------
    Hotelling (1936), doi:10.1093/biomet/28.3-4.321; with shrinkage, Vinod (1976),
    doi:10.1016/0304-4076(76)90010-5; several tables, Kettenring (1971),
    doi:10.1093/biomet/58.3.433.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.cca import RegularizedCCA
    >>> shared, a, b = np.random.default_rng(0).normal(size=(3, 100))
    >>> X = {"spectrum": np.c_[shared + a, a], "image": np.c_[b, shared - b]}
    >>> RegularizedCCA(n_components=1, shrinkage=0).fit(X).correlations_.round(2).tolist()
    [1.0]
    """

    def __init__(self, n_components=2, shrinkage=0.1):
        self.n_components = n_components
        self.shrinkage = shrinkage

    def fit(self, X, y=None):
        """Find the directions; `X` maps each modality to an array, samples first."""
        tables = read_tables(X, at_least=2)
        if not 0 <= self.shrinkage <= 1:
            raise DataError(f"shrinkage is {self.shrinkage}: it must lie between 0 and 1.")
        if self.n_components < 1:
            raise DataError(f"n_components is {self.n_components}: it must be 1 or more.")
        self.means_ = {name: x.mean(0) for name, x in tables.items()}
        whitening, white = {}, {}
        for name, x in tables.items():
            whitening[name] = _whitening(x - self.means_[name], self.shrinkage, name)
            white[name] = (x - self.means_[name]) @ whitening[name]
        parts = _directions(list(white.values()), self.n_components)
        # A direction and its opposite are as good: let the first table decide.
        first = next(iter(whitening.values())) @ parts[0]
        sign = np.sign(first[np.abs(first).argmax(0), np.arange(first.shape[1])])
        self.weights_ = {
            name: whitening[name] @ part * sign for name, part in zip(white, parts, strict=True)
        }
        self.correlations_ = correlations(self.transform(X))
        return self

    def transform(self, X):
        """Scores of each modality that `X` has, (samples, components), as a mapping."""
        check_is_fitted(self)
        scores = {}
        columns = {name: len(mean) for name, mean in self.means_.items()}
        for name, x in read_tables(X, columns=columns).items():
            scores[name] = (x - self.means_[name]) @ self.weights_[name]
        return Samples(scores)

    def score(self, X, y=None):
        """Mean correlation of the paired scores of these samples; the higher the better."""
        return float(correlations(self.transform(X)).mean())


def correlations(aligned):
    """How well paired scores run in parallel: one correlation for each component.

    Parameters
    ----------
    aligned : mapping of str to ndarray of shape (samples, components)
        As `RegularizedCCA.transform` returns it; two or more modalities.

    Returns
    -------
    ndarray of shape (components,)
        Averaged over the pairs of modalities; 0 where a score does not vary.

    Raises
    ------
    DataError
        For fewer than two modalities.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.cca import correlations
    >>> a = np.array([[1.0], [2.0], [3.0]])
    >>> correlations({"spectrum": a, "image": -a}).round(2).tolist()
    [-1.0]
    """
    tables = read_tables(aligned, at_least=2).values()
    centered = [x - x.mean(0) for x in tables]
    sizes = [np.sqrt((x**2).sum(0)) for x in centered]
    found = []
    for i in range(len(centered)):
        for j in range(i):
            size = sizes[i] * sizes[j]
            product = (centered[i] * centered[j]).sum(0)
            found.append(np.divide(product, size, out=np.zeros_like(size), where=size > 0))
    return np.clip(np.mean(found, 0), -1, 1)


def _whitening(x, shrinkage, name):
    """Weights that give a centered table variance 1 in every direction that it has."""
    _, size, directions = np.linalg.svd(x, full_matrices=False)
    there = size > TINY * size.max(initial=0)
    if not there.any():
        raise DataError(f"Nothing varies in {name!r}: there is nothing to align.")
    variance = size[there] ** 2 / len(x)
    variance = (1 - shrinkage) * variance + shrinkage * variance.sum() / x.shape[1]
    return directions[there].T / np.sqrt(variance)


def _directions(white, n_components):
    """For each white table the directions that agree best, (directions, components)."""
    n = len(white[0])
    most = min(n_components, *(z.shape[1] for z in white))
    if len(white) == 2:
        left, _, right = np.linalg.svd(white[0].T @ white[1] / n, full_matrices=False)
        return left[:, :most], right[:most].T
    ends = np.cumsum([z.shape[1] for z in white])
    together = np.hstack(white).T @ np.hstack(white) / n
    for z, end in zip(white, ends, strict=True):  # within a table nothing is to be gained
        own = slice(end - z.shape[1], end)
        together[own, own] = 0
    vectors = np.linalg.eigh(together)[1][:, ::-1][:, :most]
    parts = np.split(vectors, ends[:-1])
    # Each table's part to length 1, so that its scores have variance 1 as well.
    return [part / np.maximum(np.linalg.norm(part, axis=0), 1e-12) for part in parts]


def aligned_fusion(data, n_components=2, shrinkage=0.01, average=False, classifier=None):
    """Align the modalities, and decide on the aligned scores alone.

    Parameters
    ----------
    data : MultimodalData
        Only shapes and the task are looked at; nothing is fitted.
    n_components, shrinkage
        Of `RegularizedCCA`.
    average : bool
        Average the scores of the modalities, instead of putting them side by side.
    classifier : estimator, optional
        What decides in the end; that of `mmlib.fusion.early_fusion` where nothing is said.

    Returns
    -------
    sklearn.pipeline.Pipeline
        It takes the whole mapping `X`.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.cca import aligned_fusion
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = aligned_fusion(leaves).fit(leaves.X, leaves.y)
    >>> model[:-1].transform(leaves.X).shape  # two scores of each instrument
    (100, 4)
    """
    return make_pipeline(
        feature_blocks(data),
        RegularizedCCA(n_components, shrinkage),
        FunctionTransformer(_average if average else _side_by_side),
        default_model(data.task) if classifier is None else classifier,
    )


def _side_by_side(scores):
    return np.hstack([scores[name] for name in sorted(scores)])


def _average(scores):
    return np.mean([scores[name] for name in sorted(scores)], axis=0)
