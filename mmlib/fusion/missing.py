"""One modality is not there: mark it, or fill it in. To decide without: `mmlib.fusion.fallbacks`.

An absent modality is a row of NaN, so pictures must have become features by then (a pixel
cannot be NaN). `MultimodalData` refuses NaN on purpose; what is here works on the mapping
`X` that models take.
"""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from ..base import DataError
from ..data.mapping import Samples, check_samples

WAYS = ("mean", "predict", "zero")


def take_away(X, modality, rows=None):
    """A copy of `X` in which some samples lack a modality.

    Parameters
    ----------
    X : mapping of str to array
    modality : str
        Of floats, such as features or a spectrum.
    rows : array-like of bool or int, optional
        Which samples; all of them where nothing is said.

    Returns
    -------
    Samples
        The modality is NaN in those rows; `X` stays as it is.

    Raises
    ------
    DataError
        When the modality is not there, or holds whole numbers.

    Examples
    --------
    >>> X = {"spectrum": np.ones((2, 3)), "size": np.ones((2, 1))}
    >>> take_away(X, "size", rows=[1])["size"].ravel().tolist()
    [1.0, nan]
    """
    if modality not in X:
        raise DataError(f"There is no modality {modality!r} to take away: X has {', '.join(X)}.")
    x = np.array(X[modality])
    if not np.issubdtype(x.dtype, np.floating):
        raise DataError(
            f"{modality!r} holds whole numbers, which cannot say 'absent': turn pictures into "
            "features first."
        )
    rows = np.ones(len(x), bool) if rows is None else np.asarray(rows)
    x[rows if rows.size else []] = np.nan  # an empty list becomes floats, which cannot index
    return Samples({**X, modality: x})


def absent(X, modality):
    """Which samples lack a modality: an array of bool, shape (samples,).

    Raises
    ------
    DataError
        When a sample has some of its numbers and lacks others: that is no absent modality.

    Examples
    --------
    >>> absent({"size": np.array([[1.0, 2.0], [np.nan, np.nan]])}, "size").tolist()
    [False, True]
    """
    x = np.asarray(X[modality])
    gaps = np.isnan(x).reshape(len(x), -1) if x.dtype.kind == "f" else np.zeros((len(x), 1), bool)
    partly = gaps.any(1) & ~gaps.all(1)
    if partly.any():
        raise DataError(
            f"{modality!r} has NaN in only some of the numbers of row {np.flatnonzero(partly)[0]}: "
            "a modality is there as a whole, or it is not."
        )
    return gaps.all(1)


def set_aside(X, odd):
    """Treat a modality as absent where it is odd and another one of the sample is not.

    Parameters
    ----------
    X : mapping of str to array
    odd : mapping of str to array of bool, shape (samples,)
        Such as `mmlib.evaluation.applicability.ApplicabilityDomain.is_new` gives. Where all
        modalities of a sample are odd, nobody could step in, and they are left as they are.

    Returns
    -------
    Samples

    Examples
    --------
    >>> X = {"size": np.ones((3, 1)), "weight": np.ones((3, 1))}
    >>> odd = {"size": np.array([True, True, False]), "weight": np.array([False, True, False])}
    >>> set_aside(X, odd)["size"].ravel().tolist()
    [nan, 1.0, 1.0]
    """
    all_odd = np.all([odd[name] for name in X], axis=0)
    for name in list(X):
        rows = np.asarray(odd[name]) & ~all_odd
        X = take_away(X, name, rows) if rows.any() else X  # a picture that is fine may stay
    return check_samples(X)[0]


class Fill(TransformerMixin, BaseEstimator):
    """First step of a pipeline: put something in the place of an absent modality.

    Parameters
    ----------
    how : {"mean", "predict", "zero"}
        "mean": the average of the training samples. "predict": what a ridge regression
        expects, given the other modalities of the sample; the mean where these are absent
        too. "zero": zeros, which is a mistake unless zero is a typical value.

    Attributes
    ----------
    means_ : dict of str to ndarray
        Of each modality, over training samples that have it.
    models_ : dict of str to fitted regression
        Of "predict".

    Raises
    ------
    DataError
        For another `how`, or when a modality is absent in all training samples.

    References
    ----------
    Little & Rubin (2019), Statistical Analysis with Missing Data, doi:10.1002/9781119482260.

    Examples
    --------
    >>> X = {"size": np.array([[1.0], [3.0]]), "weight": np.array([[2.0], [6.0]])}
    >>> lost = take_away(X, "weight", rows=[1])
    >>> Fill().fit(X).transform(lost)["weight"].ravel().tolist()
    [2.0, 4.0]
    """

    def __init__(self, how="mean"):
        self.how = how

    def fit(self, X, y=None):
        """Learn what to put in, from the samples that have it; labels are not looked at."""
        if self.how not in WAYS:
            raise DataError(f"how is {self.how!r}: it must be one of {', '.join(WAYS)}.")
        X, _, _ = check_samples(X)
        there = {name: ~absent(X, name) for name in X}
        for name, mask in there.items():
            if not mask.any():
                raise DataError(f"No training sample has {name!r}: there is nothing to learn from.")
        self.means_ = {name: X[name][mask].mean(0) for name, mask in there.items()}
        self.models_ = {}
        if self.how == "predict" and len(there) > 1:
            filled = self._with_means(X)
            for name, mask in there.items():
                known = X[name][mask]
                inputs = self._others(filled, name)[mask]
                self.models_[name] = _ridge().fit(inputs, known.reshape(len(known), -1))
        return self

    def transform(self, X):
        """The mapping with nothing absent in it; a modality that `X` lacks altogether as well."""
        check_is_fitted(self)
        X, _, _ = check_samples(X)
        gone = [name for name in self.means_ if name not in X]
        X |= {name: np.full((len(X), *self.means_[name].shape), np.nan) for name in gone}
        filled, made = self._with_means(X), {}
        for name, mean in self.means_.items():
            x, gaps = np.array(X[name]), absent(X, name)
            x[gaps] = 0 if self.how == "zero" else mean
            told = gaps & ~np.all([absent(X, other) for other in self.means_], axis=0)
            if name in self.models_ and told.any():
                said = self.models_[name].predict(self._others(filled, name)[told])
                x[told] = said.reshape(-1, *mean.shape)
            made[name] = x
        return Samples(made)

    def _with_means(self, X):
        filled = {name: np.array(X[name]) for name in self.means_}
        for name, x in filled.items():
            x[absent(X, name)] = self.means_[name]
        return filled

    def _others(self, filled, name):
        tables = [x.reshape(len(x), -1) for other, x in sorted(filled.items()) if other != name]
        return np.hstack(tables)


def _ridge():
    return make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 5, 15)))
