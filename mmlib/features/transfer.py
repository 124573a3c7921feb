"""Spectra of another instrument, or another day, brought to the look of the first.

Some samples, the *standards*, are measured on both. What differs between the two measurements
is learned from them and taken out of all other spectra, so that a model of the first
instrument can go on. Which way is best depends on how many standards there are: each is
tried on standards left out. The ways themselves come from chemotools.
"""

import numpy as np
import pandas as pd
from chemotools.adaptation import DirectStandardization, PiecewiseDirectStandardization
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.model_selection import KFold
from sklearn.utils.validation import check_is_fitted

from ..base import DataError


class Offset(TransformerMixin, BaseEstimator):
    """Add the mean difference of the standards, band by band; with `add` False add nothing."""

    def __init__(self, add=True):
        self.add = add

    def fit(self, X, y=None, *, X_source):
        """Learn the difference from the standards, new instrument and first one."""
        self.offset_ = self.add * (np.asarray(X_source, float) - np.asarray(X, float)).mean(0)
        return self

    def transform(self, X):
        """Spectra of the new instrument, with the difference added."""
        return np.asarray(X, float) + self.offset_


WAYS = {
    "none": Offset(add=False),
    "offset": Offset(),
    "PDS": PiecewiseDirectStandardization(window_length=3, n_components=2),
    "DS": DirectStandardization(),
}
FEWEST = {"none": 1, "offset": 1, "PDS": 4, "DS": 2}  # standards


class SpectrumTransfer(TransformerMixin, BaseEstimator):
    """Bring spectra of a second instrument to the look of the first, by standards.

    Parameters
    ----------
    how : {"none", "offset", "PDS", "DS"}, optional
        "offset" adds the mean difference. "DS" (direct standardization) computes each band from
        all bands; "PDS", the piecewise one, from three bands on either side. "none" leaves spectra
        as they are. Where nothing is said, the one with the smallest error on standards left out
        is taken.
    seen_by : callable, optional
        What is done with the spectra, ``model.predict`` say: errors are then differences of its
        answers, in their unit. Spectra that look alike may differ in what a model relies on.
    random_state : int
        Which standards are left out together.

    Attributes
    ----------
    choice_ : str
    errors_ : pandas.Series
        For each way the root mean square difference to the first instrument, over standards left
        out and their bands, in the unit of the spectra (or of what `seen_by` answers). Empty where
        `how` says what to do, or with fewer than three standards.
    transfer_ : fitted transformer

    Raises
    ------
    DataError
        When the two tables do not fit, there are too few standards, or a way is unknown.

    Notes
    -----
    Errors on standards left out hold for samples like the standards. From eight standards they
    are rough, and what lies beyond the range of all standards may be far worse, most of all by DS.

    References
    ----------
    Wang, Veltkamp & Kowalski (1991), doi:10.1021/ac00023a016, on DS and PDS.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.data.leaves.setups import Setup
    >>> from mmlib.features.transfer import SpectrumTransfer
    >>> first, elsewhere = mmlib.make_leaves(n_plants=12).X["spectrum"], Setup(seed=4)
    >>> standards = elsewhere.spectra(first[::8])
    >>> transfer = SpectrumTransfer().fit(standards, X_source=first[::8])
    >>> bool(transfer.errors_[transfer.choice_] < 0.6 * transfer.errors_["none"])
    True
    >>> transfer.transform(elsewhere.spectra(first, random_state=1)).shape
    (60, 211)
    """

    def __init__(self, how=None, seen_by=None, random_state=0):
        self.how = how
        self.seen_by = seen_by
        self.random_state = random_state

    def fit(self, X, y=None, *, X_source):
        """Learn from standards.

        Parameters
        ----------
        X : array-like of shape (standards, bands)
            Measured on the new instrument.
        y : ignored
        X_source : array-like of shape (standards, bands)
            The same samples in the same order, measured on the first instrument.

        Returns
        -------
        self
        """
        X, X_source = _tables(X, X_source)
        n = len(X)
        if self.how is not None and self.how not in WAYS:
            raise DataError(f"how is {self.how!r}: it must be one of {', '.join(WAYS)}.")
        if self.how is not None and n < FEWEST[self.how]:
            raise DataError(
                f"There {'is' if n == 1 else 'are'} {n} standard{'s' * (n != 1)}: {self.how} needs "
                f"at least {FEWEST[self.how]}."
            )
        self.errors_ = pd.Series(dtype=float, name="error on standards left out")
        self.choice_ = self.how
        if self.how is None:
            self.choice_ = "offset"
            if n >= 3:
                self.errors_ = self._left_out(X, X_source)
                self.choice_ = self.errors_.idxmin()
        self.transfer_ = clone(WAYS[self.choice_]).fit(X, X_source=X_source)
        self.n_features_in_ = X.shape[1]
        return self

    def transform(self, X):
        """Spectra of the new instrument as the first one would have measured them, (samples, bands)."""  # noqa: E501
        check_is_fitted(self)
        X = np.asarray(X, float)
        if X.ndim != 2 or X.shape[1] != self.n_features_in_:
            raise DataError(
                f"The spectra have shape {X.shape}, but the standards had {self.n_features_in_} "
                "bands: bring both to the same axis."
            )
        return self.transfer_.transform(X)

    def _left_out(self, X, X_source):
        folds = KFold(min(5, len(X)), shuffle=True, random_state=self.random_state)
        parts = list(folds.split(X))
        fewest = min(len(train) for train, _ in parts)
        seen = self.seen_by or np.asarray
        wanted = seen(X_source)
        errors = {}
        for name, way in WAYS.items():
            if fewest < FEWEST[name]:
                continue
            left = np.empty_like(X)
            for train, test in parts:
                fitted = clone(way).fit(X[train], X_source=X_source[train])
                left[test] = fitted.transform(X[test])
            errors[name] = float(np.sqrt(((seen(left) - wanted) ** 2).mean()))
        return pd.Series(errors, name="error on standards left out")


def _tables(X, X_source):
    X, X_source = np.asarray(X, float), np.asarray(X_source, float)
    if X.ndim != 2 or X.shape != X_source.shape or not len(X):
        raise DataError(
            f"The standards have shape {X.shape} on the new instrument and {X_source.shape} on the "
            "first: the same samples are needed, in the same order, on the same axis."
        )
    if not (np.isfinite(X).all() and np.isfinite(X_source).all()):
        raise DataError(
            "Standards hold numbers that are not finite: measure them again, or leave them out."
        )
    return X, X_source
