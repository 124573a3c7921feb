"""What every model takes: modality name -> array, samples first."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from ..base import DataError


class Samples(dict):
    """A mapping of arrays that can be cut along samples, as scikit-learn does in every split.

    ``X["spectrum"]`` is one modality; ``X[:10]``, ``X[rows]`` and ``X[mask]`` are all
    modalities of some samples. ``len(X)`` counts samples, as for an array; ``list(X)`` names
    the modalities.

    Parameters
    ----------
    X : mapping of str to array, samples first
    **more : arrays
        Further modalities, or all of them.

    Raises
    ------
    DataError
        When the numbers of samples differ.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.data import Samples
    >>> X = Samples(spectrum=np.zeros((6, 4)), scent=np.zeros((6, 3)))
    >>> len(X), list(X), X[:2]["scent"].shape
    (6, ['spectrum', 'scent'], (2, 3))
    """

    def __init__(self, X=(), /, **more):
        super().__init__(X, **more)
        same_rows(self)

    def __len__(self):
        return next((len(x) for x in self.values()), 0)

    @property
    def shape(self):
        """(samples,), which is how scikit-learn counts them."""
        return (len(self),)

    def __getitem__(self, key):
        if isinstance(key, str):
            return super().__getitem__(key)
        if isinstance(key, (int, np.integer)):
            raise TypeError(f"Row {key} alone is no mapping of samples: take X[{key} : {key + 1}].")
        return type(self)({name: x[key] for name, x in self.items()})


def check_samples(X, y=None, groups=None, modalities=None):
    """What a model is given, as arrays, once it is sure that there is a row for each sample.

    Called once where data come in; from there on ``len(X)`` counts samples.

    Parameters
    ----------
    X : mapping of str to array-like, samples first
    y, groups : array-like of shape (samples,), optional
    modalities : str or sequence of str, optional
        Which modalities of `X` are wanted, in this order; all of them where nothing is said.

    Returns
    -------
    X : Samples
        Of the wanted modalities.
    y, groups : ndarray, or None where there are none

    Raises
    ------
    DataError
        When `X` is no mapping or lacks a modality, when something has no rows, or the numbers
        of rows differ.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.data.mapping import check_samples
    >>> try:
    ...     check_samples({"spectrum": [[0.1, 0.2], [0.3, 0.4]], "size": [[3.0]]}, y=[0, 1])
    ... except mmlib.DataError as fault:
    ...     print(str(fault).split(": ")[1])
    spectrum has 2 rows, size has 1 row, y has 2 rows; give each one row for every sample.
    """
    if not hasattr(X, "keys"):
        raise DataError(
            f"X is a {type(X).__name__}: it must be a mapping from modality name to array."
        )
    wanted = X if modalities is None else modalities
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    missing = [name for name in wanted if name not in X]
    if missing:
        raise DataError(
            f"X has no modality {missing[0]!r}: it has {', '.join(X) or 'none'}; add it."
        )
    X = {name: _rows(name, X[name]) for name in wanted}
    y, groups = (None if v is None else _rows(k, v) for k, v in (("y", y), ("groups", groups)))
    same_rows(X, y=y, groups=groups)
    return Samples(X), y, groups


def _rows(name, x):
    try:
        x = np.asarray(x)
    except ValueError:
        raise DataError(
            f"The rows of {name} differ in length: bring all samples to one grid first."
        ) from None
    if not x.ndim:
        raise DataError(f"{name} is a single value: give it one row for every sample.")
    return x


def same_rows(X, **others):
    """Raise `DataError` where tables or, if given, `y` and `groups` differ in length.

    Examples
    --------
    >>> from mmlib.data.mapping import same_rows
    >>> same_rows({"spectrum": [1, 2, 3]}, y=["a", "b", "c"], groups=None)
    """
    given = [*X.items(), *((name, x) for name, x in others.items() if x is not None)]
    if len({len(x) for _, x in given}) > 1:
        said = ", ".join(f"{name} has {len(x)} row{'s' * (len(x) != 1)}" for name, x in given)
        raise DataError(
            f"Numbers of samples differ, so that rows cannot be paired: {said}; "
            "give each one row for every sample."
        )


class Select(TransformerMixin, BaseEstimator):
    """First step of a pipeline: take one modality out of the mapping `X`.

    Parameters
    ----------
    modality : str
        The name of the modality.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.svm import SVC
    >>> import mmlib
    >>> model = make_pipeline(mmlib.Select("spectrum"), SVC())
    """

    def __init__(self, modality):
        self.modality = modality

    def fit(self, X, y=None):
        self._pick(X)
        return self

    def transform(self, X):
        """Return the array, samples first; numbers with a point in double precision.

        In single precision the last digit depends on the processor, and what follows may
        magnify it.
        """
        return self._pick(X)

    def _pick(self, X):
        try:
            x = np.asarray(X[self.modality])
        except (KeyError, IndexError, TypeError):
            has = ", ".join(X) if hasattr(X, "keys") else type(X).__name__
            raise DataError(f"There is no modality {self.modality!r} here: X has {has}.") from None
        return x.astype(np.float64, copy=False) if x.dtype.kind == "f" else x

    def __sklearn_is_fitted__(self):
        return True
