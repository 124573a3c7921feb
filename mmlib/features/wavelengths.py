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
        first = first_measure(X)
        if self.score not in ("vip", "selectivity ratio"):
            raise DataError(f"score is {self.score!r}: it must be 'vip' or 'selectivity ratio'.")
        pls, scaled = fit_pls(first, as_columns(y), self.n_components)
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
        return keep_bands(X, self.bands_)


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


def first_measure(X):
    """Spectra, (samples, bands), also from a table of measures, (samples, bands, measures)."""
    X = np.asarray(X, float)
    return X[..., 0] if X.ndim == 3 else X


def keep_bands(X, bands):
    """Some bands with all that was measured there, as (samples, columns)."""
    X = np.asarray(X, float)
    return X[:, bands].reshape(len(X), -1)


def is_quantity(y):
    """Whether a target is a quantity; otherwise it holds classes."""
    return type_of_target(y).startswith("continuous")


def as_columns(y):
    """The target as columns: quantities as they are, classes as zeros and ones."""
    y = np.asarray(y)
    if is_quantity(y):
        return y.reshape(len(y), -1).astype(float)
    return (y[:, None] == np.unique(y)).astype(float)


def fit_pls(X, targets, n_components):
    """Partial least squares on standardized columns, and these columns."""
    scaled = (X - X.mean(0)) / np.maximum(X.std(0), 1e-12)
    most = min(n_components, len(X) - 1, X.shape[1])
    pls = PLSRegression(most, scale=False, max_iter=5000, tol=1e-10)
    return pls.fit(scaled, targets), scaled
