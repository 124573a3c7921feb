"""Spectra as a few principal components of equal strength, with their level and spread.

A weak component can tell as much as a strong one. With few samples it is mostly noise, so that
their number is a quarter of the samples at most.
"""

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from .wide import mean_and_spread


class WhitenedComponents(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Spectra to whitened principal components, and two columns more.

    Each spectrum is centered and divided by its own spread (standard normal variate); what that
    takes away, its level and spread, are the last two columns, autoscaled.

    Parameters
    ----------
    n_components : int
        At most; a quarter of the training spectra, and the bands, are limits, too.

    Attributes
    ----------
    origin_ : ndarray of shape (bands,)
    patterns_ : ndarray of shape (components, bands)
        Each divided by its strength.
    level_ : ndarray of shape (2, 2)
        Means of level and spread, and their standard deviations.

    References
    ----------
    Standard normal variate: Barnes et al. (1989), doi:10.1366/0003702894202201.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.features.whitened import WhitenedComponents
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> WhitenedComponents().fit_transform(leaves.X["spectrum"]).shape
    (100, 22)
    """

    def __init__(self, n_components=20):
        self.n_components = n_components

    def fit(self, X, y=None):
        """Find the components of X, shape (samples, bands)."""
        X = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        level = mean_and_spread(X)
        self.origin_, self.patterns_ = whitening(_shapes(X, level), self.n_components)
        spread = level.std(0)
        self.level_ = np.stack([level.mean(0), np.where(spread > 0, spread, 1)])
        self._n_features_out = len(self.patterns_) + 2
        return self

    def transform(self, X):
        """Components, level and spread, shape (samples, components + 2)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        level = mean_and_spread(X)
        components = (_shapes(X, level) - self.origin_) @ self.patterns_.T
        return np.hstack([components, (level - self.level_[0]) / self.level_[1]])


def whitening(table, n):
    """Mean of a table, and up to `n` main patterns, each divided by its strength.

    A quarter of the rows is a limit, too, and patterns that are nothing but rounding are left
    out. ``(table - mean) @ patterns.T`` has variance 1 in each column.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.whitened import whitening
    >>> table = np.random.default_rng(0).normal(size=(50, 4)) * [9, 1, 1, 0.1]
    >>> mean, patterns = whitening(table, 2)
    >>> ((table - mean) @ patterns.T).std(0, ddof=1).round(6).tolist()
    [1.0, 1.0]
    """
    mean = table.mean(0)
    _, strength, patterns = np.linalg.svd(table - mean, full_matrices=False)
    strength = strength[: max(1, min(n, len(table) // 4))] / np.sqrt(max(1, len(table) - 1))
    strength = strength[strength > 1e-6 * (np.abs(table).max() or 1)][:n]
    patterns = patterns[: len(strength)]
    # A sign for each, by a direction that no pattern is at right angles to by its symmetry.
    sign = np.where(patterns @ np.cos(np.arange(table.shape[1])) < 0, -1, 1)
    return mean, patterns * (sign / strength)[:, None]


def _shapes(X, level):
    """Standard normal variate; a flat spectrum has no shape."""
    return (X - level[:, :1]) / np.where(level[:, 1:] > 0, level[:, 1:], 1)
