"""Which wavelengths to keep: chosen by partial least squares, as part of a fit.

A choice that looks at the target belongs inside the training part, like everything that learns.
So these are steps of a pipeline, and each fold chooses for itself. (The selectors of chemotools
take a model that was fitted beforehand, on whatever samples, and look at no target.)
"""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.cross_decomposition import PLSRegression
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import check_is_fitted

from ..base import DataError
from ..data.splits import assign_folds


def vip(pls):
    """Variable importance in projection, of each column of a fitted PLS regression.

    The squared weights of a column, averaged over the latent variables with the variance of `y`
    that each explains, times the number of columns. So the mean of all squares is 1, and "above
    1" is no more than "above average".

    Parameters
    ----------
    pls : sklearn.cross_decomposition.PLSRegression

    Returns
    -------
    ndarray of shape (columns,)

    References
    ----------
    Chong & Jun (2005), doi:10.1016/j.chemolab.2004.12.011.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.cross_decomposition import PLSRegression
    >>> from mmlib.features.wavelengths import vip
    >>> X = np.random.default_rng(0).normal(size=(50, 4))
    >>> scores = vip(PLSRegression(2).fit(X, X[:, 1]))
    >>> int(scores.argmax()), round(float((scores**2).mean()), 6)
    (1, 1.0)
    """
    explained = (pls.y_loadings_**2).sum(0) * (pls.x_scores_**2).sum(0)
    weights = pls.x_weights_**2 / (pls.x_weights_**2).sum(0)
    return np.sqrt(len(weights) * weights @ explained / explained.sum())


def selectivity_ratio(pls, X):
    """How much of each column follows the prediction, over how much does not.

    The samples are projected on the regression vector; this one *target component* explains part
    of the variance of each column. The ratio of explained to unexplained variance is 0 for a
    column that has nothing to do with the prediction. With several targets the largest counts.

    Parameters
    ----------
    pls : sklearn.cross_decomposition.PLSRegression
    X : ndarray of shape (samples, columns)
        What it was fitted on.

    Returns
    -------
    ndarray of shape (columns,)

    References
    ----------
    Kvalheim (2010), doi:10.1002/cem.1289.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.cross_decomposition import PLSRegression
    >>> from mmlib.features.wavelengths import selectivity_ratio
    >>> X = np.random.default_rng(0).normal(size=(50, 4))
    >>> int(selectivity_ratio(PLSRegression(2).fit(X, X[:, 1]), X).argmax())
    1
    """
    centered = np.asarray(X, float) - np.mean(X, axis=0)
    total = (centered**2).sum(0)
    along = centered @ pls.coef_.T  # the prediction of each target, centered
    explained = (centered.T @ along) ** 2 / (along**2).sum(0)
    left = np.maximum(total[:, None] - explained, 1e-12 * np.maximum(total[:, None], 1e-300))
    return (explained / left).max(1)


class BandSelector(TransformerMixin, BaseEstimator):
    """Keep a few wavelengths, those with the highest score that are not neighbors.

    Parameters
    ----------
    n_bands : int
        How many to keep.
    score : {"vip", "selectivity ratio"}
        See `vip` and `selectivity_ratio`.
    n_components : int
        Latent variables of the partial least squares that gives the scores; fewer where the
        table has fewer. Columns are standardized, classes become columns of zeros and ones.
    apart : int
        Two kept bands are at least so many bands apart: neighbors say the same.

    Attributes
    ----------
    scores_ : ndarray of shape (bands,)
    bands_ : ndarray of int, shape (n_bands,)
        Places of the kept bands on the axis, in rising order.

    Raises
    ------
    DataError
        When there are not as many bands, or `score` is another word.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.wavelengths import BandSelector
    >>> X = np.random.default_rng(0).normal(size=(60, 9))
    >>> BandSelector(n_bands=2, apart=3).fit(X, X[:, 2] - X[:, 7]).bands_.tolist()
    [2, 7]
    """

    def __init__(self, n_bands=4, score="vip", n_components=8, apart=3):
        self.n_bands = n_bands
        self.score = score
        self.n_components = n_components
        self.apart = apart

    def fit(self, X, y):
        """Choose. X is (samples, bands), or (samples, bands, measures): then by the first one."""
        first = _first(X)
        if self.score not in ("vip", "selectivity ratio"):
            raise DataError(f"score is {self.score!r}: it must be 'vip' or 'selectivity ratio'.")
        pls, scaled = _fit_pls(first, _targets(y), self.n_components)
        self.scores_ = vip(pls) if self.score == "vip" else selectivity_ratio(pls, scaled)
        kept = []
        for band in np.argsort(-self.scores_.round(9), kind="stable"):
            if all(abs(band - other) >= self.apart for other in kept):
                kept.append(band)
        if self.n_bands > len(kept):
            raise DataError(
                f"{self.n_bands} bands that are {self.apart} apart were asked for, but "
                f"{first.shape[1]} bands hold {len(kept)} of them: ask for fewer."
            )
        self.bands_ = np.sort(kept[: self.n_bands])
        return self

    def transform(self, X):
        """The kept bands, (samples, n_bands), or (samples, n_bands * measures)."""
        check_is_fitted(self)
        return _keep(X, self.bands_)


class IntervalSelector(TransformerMixin, BaseEstimator):
    """Interval PLS: keep the intervals of a spectrum that predict best together.

    The axis is cut into equal intervals. The one whose partial least squares has the smallest
    error on samples held out is kept, then the one that helps most beside it, and so on, until
    none helps or there are enough (*forward interval PLS*).

    Parameters
    ----------
    n_intervals : int
        Into how many the axis is cut.
    most : int
        How many are kept at most.
    n_components : int
        Latent variables at most.
    n_folds : int
        Folds inside the training part; groups stay whole.
    random_state : int
        Of the folds.

    Attributes
    ----------
    intervals_ : list of int
        Kept intervals, in the order in which they were chosen.
    errors_ : list of float
        Squared error after each of them, in units of the variance.
    bands_ : ndarray of int
        Places of the kept bands.

    Raises
    ------
    DataError
        When there are fewer bands than intervals.

    References
    ----------
    Norgaard et al. (2000), doi:10.1366/0003702001949500; forward choice: Xiaobo et al. (2010),
    doi:10.1016/j.aca.2010.03.048.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.wavelengths import IntervalSelector
    >>> X = np.random.default_rng(0).normal(size=(60, 20))
    >>> IntervalSelector(n_intervals=5).fit(X, X[:, 5] + X[:, 14]).intervals_
    [1, 3]
    """

    def __init__(self, n_intervals=12, most=4, n_components=6, n_folds=4, random_state=0):
        self.n_intervals = n_intervals
        self.most = most
        self.n_components = n_components
        self.n_folds = n_folds
        self.random_state = random_state

    def fit(self, X, y, groups=None):
        """Choose. X is (samples, bands), or (samples, bands, measures): then by the first one."""
        first = _first(X)
        if first.shape[1] < self.n_intervals:
            raise DataError(
                f"{first.shape[1]} bands cannot be cut into {self.n_intervals} intervals: "
                "ask for fewer."
            )
        parts = np.array_split(np.arange(first.shape[1]), self.n_intervals)
        targets = _targets(y)
        targets = (targets - targets.mean(0)) / np.maximum(targets.std(0), 1e-12)
        strata = np.zeros(len(first), int) if _is_quantity(y) else np.unique(y, False, True)[1]
        fold = assign_folds(strata, groups, self.n_folds, self.random_state)
        self.intervals_, self.errors_ = [], []
        while len(self.intervals_) < self.most:
            left = [k for k in range(self.n_intervals) if k not in self.intervals_]
            tried = [
                self._error(first[:, self._bands(parts, [*self.intervals_, k])], targets, fold)
                for k in left
            ]
            best = int(np.argmin(np.round(tried, 9)))
            if self.errors_ and tried[best] > self.errors_[-1] - 1e-9:
                break
            self.intervals_.append(left[best])
            self.errors_.append(float(tried[best]))
        self.bands_ = self._bands(parts, self.intervals_)
        return self

    def transform(self, X):
        """The kept bands, (samples, kept), or (samples, kept * measures)."""
        check_is_fitted(self)
        return _keep(X, self.bands_)

    def _bands(self, parts, chosen):
        return np.sort(np.concatenate([parts[k] for k in chosen]))

    def _error(self, X, targets, fold):
        """Mean squared error on samples held out."""
        total = 0.0
        for k in np.unique(fold):
            train = fold != k
            pls, _ = _fit_pls(X[train], targets[train], self.n_components)
            center, scale = X[train].mean(0), np.maximum(X[train].std(0), 1e-12)
            told = pls.predict((X[~train] - center) / scale).reshape(targets[~train].shape)
            total += ((told - targets[~train]) ** 2).sum()
        return total / targets.size


def selection_frequency(kept, n_bands):
    """How often each band was kept, over folds.

    Parameters
    ----------
    kept : sequence of arrays of int
        Places of the kept bands, one array for each fold.
    n_bands : int

    Returns
    -------
    ndarray of shape (n_bands,)
        Shares, 0 to 1.

    Examples
    --------
    >>> from mmlib.features.wavelengths import selection_frequency
    >>> selection_frequency([[0, 2], [2, 3]], 4).tolist()
    [0.5, 0.0, 1.0, 0.5]
    """
    return np.mean([np.isin(np.arange(n_bands), one) for one in kept], axis=0)


def stability(kept, n_bands):
    """How much selections agree beyond chance: 1 always the same, about 0 drawn at random.

    Parameters
    ----------
    kept : sequence of arrays of int
        Places of the kept bands, one array for each fold; two at least.
    n_bands : int

    Returns
    -------
    float

    References
    ----------
    Nogueira, Sechidis & Brown (2018), On the stability of feature selection algorithms, Journal
    of Machine Learning Research 18(174).

    Examples
    --------
    >>> from mmlib.features.wavelengths import stability
    >>> stability([[0, 2], [0, 2], [0, 2]], 10)
    1.0
    """
    share, m = selection_frequency(kept, n_bands), len(kept)
    size = share.sum() / n_bands
    if not 0 < size < 1:
        return 1.0
    return float(1 - (share * (1 - share)).mean() * m / (m - 1) / (size * (1 - size)))


def _first(X):
    X = np.asarray(X, float)
    return X[..., 0] if X.ndim == 3 else X


def _keep(X, bands):
    X = np.asarray(X, float)
    return X[:, bands].reshape(len(X), -1)


def _is_quantity(y):
    return type_of_target(y).startswith("continuous")


def _targets(y):
    """The target as columns: quantities as they are, classes as zeros and ones."""
    y = np.asarray(y)
    if _is_quantity(y):
        return y.reshape(len(y), -1).astype(float)
    return (y[:, None] == np.unique(y)).astype(float)


def _fit_pls(X, targets, n_components):
    """Partial least squares on standardized columns, and these columns."""
    scaled = (X - X.mean(0)) / np.maximum(X.std(0), 1e-12)
    most = min(n_components, len(X) - 1, X.shape[1])
    pls = PLSRegression(most, scale=False, max_iter=5000, tol=1e-10)
    return pls.fit(scaled, targets), scaled
