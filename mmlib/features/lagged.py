"""Series of two instruments, day by day: products across a lag, and padding.

A series is (samples, steps, columns). What happens in one series *before* something in another
one is lost in a sum over the steps, and found in a sum of products of steps that lie a lag apart:
the cross-correlation.
"""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from ..base import DataError


def lagged_products(first, second, max_lag):
    """Mean product of two series, the second one some steps later than the first.

    Each column is taken as its difference to its mean over the steps, sample by sample, so that
    the level of a sample does not count.

    Parameters
    ----------
    first, second : array-like of shape (samples, steps) or (samples, steps, columns)
        The numbers of columns may differ.
    max_lag : int
        Lags run from ``-max_lag`` to ``max_lag``; fewer than there are steps.

    Returns
    -------
    ndarray of shape (samples, 2 * max_lag + 1, columns of first, columns of second)
        At the lag 1 the mean of ``first[t] * second[t + 1]`` over all t where both are there.

    Raises
    ------
    DataError
        When the series do not fit together or have too few steps.

    Examples
    --------
    >>> from mmlib.features.lagged import lagged_products
    >>> dries = [[0.0, -1, 0, 0, 0]]
    >>> rolls = [[0.0, 0, -1, 0, 0]]  # a day later
    >>> lagged_products(dries, rolls, max_lag=1)[0, :, 0, 0].round(2).tolist()
    [-0.06, -0.04, 0.19]
    """
    first, second = _as_series(first), _as_series(second)
    if first.shape[:2] != second.shape[:2]:
        raise DataError(
            f"The series have {first.shape[0]} and {second.shape[0]} samples of {first.shape[1]} "
            f"and {second.shape[1]} steps: bring both to the same steps first."
        )
    steps = first.shape[1]
    if not 0 <= max_lag < steps:
        raise DataError(f"max_lag is {max_lag}, but a series of {steps} steps has lags below that.")
    first, second = (x - x.mean(1, keepdims=True) for x in (first, second))
    products = [
        np.einsum("nta,ntb->nab", first[:, max(0, -lag) : steps - max(0, lag)],
                  second[:, max(0, lag) : steps - max(0, -lag)]) / (steps - abs(lag))
        for lag in range(-max_lag, max_lag + 1)
    ]  # fmt: skip
    return np.stack(products, axis=1)


class LaggedProducts(TransformerMixin, BaseEstimator):
    """First step of a pipeline: the `lagged_products` of two modalities as columns.

    Parameters
    ----------
    first, second : str
        Modalities of `X`, series of the same steps.
    max_lag : int

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.lagged import LaggedProducts
    >>> X = {"water": np.eye(6)[:, :, None], "width": np.eye(6)[:, :, None]}
    >>> LaggedProducts("water", "width", max_lag=2).fit_transform(X).shape
    (6, 5)
    """

    def __init__(self, first, second, max_lag=4):
        self.first = first
        self.second = second
        self.max_lag = max_lag

    def fit(self, X, y=None):
        self.transform(X)
        return self

    def transform(self, X):
        """Return an array of shape (samples, lags * columns * columns)."""
        missing = [name for name in (self.first, self.second) if name not in X]
        if missing:
            raise DataError(f"There is no modality {missing[0]!r} here: X has {', '.join(X)}.")
        found = lagged_products(X[self.first], X[self.second], self.max_lag)
        return found.reshape(len(found), -1)

    def __sklearn_is_fitted__(self):
        return True


def pad(series, steps=None):
    """Series of different lengths as one array, which says what was measured.

    Parameters
    ----------
    series : sequence of array-like, each (steps, columns)
        The columns are the same in all.
    steps : int, optional
        How long all shall be; as the longest one where nothing is said.

    Returns
    -------
    ndarray of shape (samples, steps, columns + 1)
        Zeros after the end of a series. The last column is 1 in a step that was measured and -1
        in one that was not: what the encoders of `mmlib.nets.sequences` read with
        ``padded=True``. It stays above and below zero when columns are standardized.

    Raises
    ------
    DataError
        When columns differ, a series has no step or more than `steps`, or nothing is given.

    Examples
    --------
    >>> from mmlib.features.lagged import pad
    >>> pad([[[5.0], [6.0], [7.0]], [[8.0]]])[1].tolist()
    [[8.0, 1.0], [0.0, -1.0], [0.0, -1.0]]
    """
    series = [np.asarray(one, float) for one in series]
    if not series:
        raise DataError("There is no series to pad: the list is empty.")
    columns = series[0].shape[-1]
    for k, one in enumerate(series):
        if one.ndim != 2 or not len(one) or one.shape[1] != columns:
            raise DataError(
                f"Series {k} has shape {one.shape}: it must have at least one step, and "
                f"{columns} columns like the first one."
            )
    longest = max(map(len, series))
    steps = longest if steps is None else steps
    if steps < longest:
        raise DataError(f"A series has {longest} steps, more than {steps}: nothing is cut off.")
    padded = np.zeros((len(series), steps, columns + 1))
    padded[:, :, -1] = -1
    for row, one in zip(padded, series, strict=True):
        row[: len(one), :-1] = one
        row[: len(one), -1] = 1
    return padded


def _as_series(x):
    x = np.asarray(x, float)
    if x.ndim == 2:
        x = x[:, :, None]
    if x.ndim != 3:
        raise DataError(
            f"A series has shape {x.shape}: (samples, steps) or (samples, steps, columns) is "
            "needed."
        )
    return x
