"""Columns that depend on one picture alone are computed once, for all models and folds.

What was computed is kept in memory under a digest of the picture and of the fitted
transformer, so that another picture or another setting never gets it. The oldest rows go
when `MOST` is reached.
"""

from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b

import joblib
import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted

from ..base import with_bar

MOST = 2**28  # bytes
MANY = 2**25  # numbers in pictures, from which on it is worth a bar and several processes
_rows = OrderedDict()


class Once(TransformerMixin, BaseEstimator):
    """Let a transformer see each picture once, however often it is asked for.

    Parameters
    ----------
    transformer : transformer
        Each row that it returns must depend on the row it is given and on what was fitted,
        and on nothing else: no other row, no chance. One that learns from pictures of bytes,
        too, has an attribute ``learns = True``.

    Attributes
    ----------
    transformer_ : fitted transformer

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.once import Once
    >>> from mmlib.features.thumbnail import Thumbnail
    >>> Once(Thumbnail()).fit_transform(np.zeros((3, 32, 32, 3))).shape
    (3, 768)
    """

    def __init__(self, transformer):
        self.transformer = transformer

    def fit(self, X, y=None):
        """Fit the transformer."""
        self.transformer_ = clone(self.transformer).fit(X, y)
        return self

    def transform(self, X):
        """What the transformer makes of X."""
        check_is_fitted(self)
        X = np.asarray(X)
        keys = _keys(self.transformer_, X)
        found = {key: _rows[key] for key in keys if key in _rows}
        new = {key: i for i, key in enumerate(keys) if key not in found}
        if new or not keys:
            made = np.asarray(self.transformer_.transform(X[list(new.values())] if new else X))
            found |= dict(zip(new, made, strict=True))
            _keep(zip(new, made, strict=True))
        return np.stack([found[key] for key in keys]) if keys else made


def compute_once(models, X, n_jobs=1, progress=None):
    """Compute beforehand what these models will ask for, with a bar where it takes long.

    Parameters
    ----------
    models : mapping of str to estimator
    X : mapping of str to array, samples first
        All samples: what is kept for a picture depends on no other.
    n_jobs : int
        Processes, where there is much to do.
    progress : bool or callable, optional
        See `mmlib.base.with_bar`.

    Returns
    -------
    list of (keys, rows)
        For `know` in another process; arrays, so that joblib need not copy them.
    """
    steps = {
        joblib.hash(step): step
        for model in models.values()
        for step in _steps(model)
        if not getattr(step.transformer, "learns", False)  # which must not see test samples
    }
    known = []
    for x in (x for x in map(np.asarray, X.values()) if x.ndim == 4):
        if steps and x.dtype == np.uint8 and len(x):  # of others the range is fitted
            size = max(1, min(len(x), 2**22 // x[0].size))
            jobs = [
                (step, x[i : i + size]) for step in steps.values() for i in range(0, len(x), size)
            ]
            large = x.size > MANY and len(jobs) > 1
            if n_jobs == 1 and not large:
                continue  # the first fold does it
            calls = (joblib.delayed(_compute)(*job) for job in jobs)
            parts = joblib.Parallel(n_jobs if large else 1, return_as="generator")(calls)
            for keys, rows in with_bar(parts, len(jobs), "pictures", progress if large else False):
                known.append((keys, rows))
                know([(keys, rows)])
    return known


def know(known):
    """Keep what `compute_once` found in another process."""
    for keys, rows in known:
        _keep((key, row) for key, row in zip(keys, rows, strict=True) if key not in _rows)


def _compute(step, x):
    step = clone(step).fit(x)
    return _keys(step.transformer_, x), step.transform(x)


def _steps(model):
    """Every `Once` in a model, also in mappings that it holds."""
    if isinstance(model, Once):
        yield model
    elif isinstance(model, Mapping):
        for part in model.values():
            yield from _steps(part)
    elif hasattr(model, "get_params") and not isinstance(model, type):
        for part in model.get_params(deep=False).values():
            yield from _steps(part)
    elif isinstance(model, (list, tuple)):
        for part in model:
            yield from _steps(part)


def _keys(transformer, X):
    start = f"{joblib.hash(transformer)} {X.dtype} {X.shape[1:]}".encode()
    start = blake2b(start, digest_size=16).digest()
    return [blake2b(np.ascontiguousarray(x), key=start, digest_size=16).digest() for x in X]


def _keep(pairs):
    for key, row in pairs:
        _rows[key] = np.array(row)
    size = sum(row.nbytes for row in _rows.values())
    while size > MOST:
        size -= _rows.popitem(last=False)[1].nbytes
