"""Interval PLS: stretches of a spectrum that predict best, chosen on samples held out."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..base import DataError
from ..data.splits import assign_folds
from .wavelengths import as_columns, first_measure, fit_pls, is_quantity, keep_bands


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
    >>> from mmlib.features.interval_pls import IntervalSelector
    >>> X = np.random.default_rng(0).normal(size=(60, 20))
    >>> IntervalSelector(n_intervals=5).fit(X, 3 * X[:, 5] + X[:, 14]).intervals_
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
        first = first_measure(X)
        if first.shape[1] < self.n_intervals:
            raise DataError(
                f"{first.shape[1]} bands cannot be cut into {self.n_intervals} intervals: "
                "ask for fewer."
            )
        parts = np.array_split(np.arange(first.shape[1]), self.n_intervals)
        targets = as_columns(y)
        targets = (targets - targets.mean(0)) / np.maximum(targets.std(0), 1e-12)
        strata = np.zeros(len(first), int) if is_quantity(y) else np.unique(y, False, True)[1]
        fold = assign_folds(strata, groups, self.n_folds, self.random_state)
        self.intervals_, self.errors_ = [], []
        while len(self.intervals_) < min(self.most, self.n_intervals):
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
        return keep_bands(X, self.bands_)

    def _bands(self, parts, chosen):
        return np.sort(np.concatenate([parts[k] for k in chosen]))

    def _error(self, X, targets, fold):
        """Mean squared error on samples held out."""
        total = 0.0
        for k in np.unique(fold):
            train = fold != k
            pls, _ = fit_pls(X[train], targets[train], self.n_components)
            center, scale = X[train].mean(0), np.maximum(X[train].std(0), 1e-12)
            told = pls.predict((X[~train] - center) / scale).reshape(targets[~train].shape)
            total += ((told - targets[~train]) ** 2).sum()
        return total / targets.size
