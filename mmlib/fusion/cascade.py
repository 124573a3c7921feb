"""A cascade: all are photographed, and spectra measured only where the camera is unsure.

A measurement that changes nothing need not be paid for. A model of the first modality decides
where it is sure, a model of all of them where it is not; from which probability on the first is
sure is learned from training samples that neither model has seen.
"""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils.validation import check_is_fitted, column_or_1d

from ..base import DataError, all_or_nothing, fit_options
from ..data.mapping import check_samples
from ..data.splits import assign_folds
from .balanced import as_if_even

NEVER = 2.0  # a probability that nobody reaches
GIVE_UP = 0.01  # one point


class CascadeClassifier(ClassifierMixin, BaseEstimator):
    """One classifier decides where it is sure, a second one where the first is not.

    Parameters
    ----------
    first : classifier
        Of the modality that every sample has, such as the photograph; takes the whole mapping `X`.
    second : classifier
        Of all modalities.
    give_up : float
        How much of the second one's score may be lost, as a share: 0.01 is one point. Among all
        limits that lose no more, on training samples held out, the one that measures the fewest
        samples is taken.
    balanced : bool
        Whether each class counts alike in that score, and in what is decided, however many
        samples it has; see `mmlib.fusion.balanced`.
    n_folds : int
        Parts of the training samples that are held out in turn, whole groups at a time.
    random_state : int
        Of these parts.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,)
    first_, second_ : fitted classifiers
        To all training samples.
    shares_ : ndarray of shape (classes,) or None
        How much of the training samples each class is, if `balanced`.
    sure_from_ : float
        Greatest probability of the first one from which on it decides; above 1 where it never does.
    share_ : float
        Of the held-out training samples for which the second one is asked.

    Raises
    ------
    DataError
        When there is one class only, or one group.

    References
    ----------
    Cascades: Viola & Jones (2004), doi:10.1023/B:VISI.0000013087.49260.fb. Measurements that are
    bought sample by sample: Trapeznikov & Saligrama (2013),
    https://proceedings.mlr.press/v31/trapeznikov13a.html.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.cascade import CascadeClassifier
    >>> from mmlib.fusion.early import early_fusion
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> camera = early_fusion(leaves, modalities=["image"])
    >>> model = CascadeClassifier(camera, early_fusion(leaves))
    >>> model = model.fit(leaves.X, leaves.y, groups=leaves.groups)
    >>> to_measure = model.unsure({"image": leaves.X["image"]})
    >>> to_measure.dtype, model.predict_proba(leaves.X).shape
    (dtype('bool'), (100, 5))
    """

    def __init__(
        self, first, second, give_up=GIVE_UP, balanced=False, n_folds=3, random_state=0
    ):  # fmt: skip
        self.first = first
        self.second = second
        self.give_up = give_up
        self.balanced = balanced
        self.n_folds = n_folds
        self.random_state = random_state

    def fit(self, X, y, groups=None):
        """Choose the limit on samples held out, then fit both models to all."""
        X, y, groups = check_samples(X, y, groups)
        y = column_or_1d(y, warn=True)
        with all_or_nothing(self):
            self.classes_, codes = np.unique(y, return_inverse=True)
            if len(self.classes_) < 2:
                raise DataError(f"y holds one class only ({self.classes_[0]!s}): add another.")
            held = self._held_out(X, y, codes, groups)
            shares = np.bincount(codes) / len(codes)
            self.shares_ = shares if self.balanced else None
            held = [self._weighed(proba) for proba in held]
            sure = held[0].max(1)
            right = [proba.argmax(1) == codes for proba in held]
            weight = 1 / shares[codes] if self.balanced else None
            self.sure_from_ = limit(sure, *right, self.give_up, weight)
            self.share_ = float((sure < self.sure_from_).mean())
            self.first_ = self._fitted(self.first, X, y, groups)
            self.second_ = self._fitted(self.second, X, y, groups)
        return self

    def unsure(self, X):
        """Which samples the second model must be asked for; only the first modality is needed.

        Parameters
        ----------
        X : mapping of str to array, samples first

        Returns
        -------
        ndarray of bool, shape (samples,)
        """
        check_is_fitted(self)
        X, _, _ = check_samples(X)
        return self._weighed(self.first_.predict_proba(X)).max(1) < self.sure_from_

    def predict_proba(self, X):
        """Of whoever decides, shape (samples, classes), columns in the order of `classes_`."""
        check_is_fitted(self)
        X, _, _ = check_samples(X)
        found = np.array(self.first_.predict_proba(X), float)
        rows = np.flatnonzero(self._weighed(found).max(1) < self.sure_from_)
        if len(rows):
            found[rows] = self.second_.predict_proba(X[rows])
        return found

    def predict(self, X):
        """The class that is most probable to whoever decides, were classes even if `balanced`."""
        return self.classes_[self._weighed(self.predict_proba(X)).argmax(1)]

    def _weighed(self, proba):
        return proba if self.shares_ is None else as_if_even(proba, self.shares_)

    def _held_out(self, X, y, codes, groups):
        """What both say of training samples that they have not seen, as two arrays."""
        fold = assign_folds(codes, groups, self.n_folds, self.random_state)
        if len(np.unique(fold)) < 2:
            raise DataError("All samples are of one group: none can be held out.")
        found = np.zeros((2, len(y), len(self.classes_)))
        for part in np.unique(fold):
            train, test = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
            some = None if groups is None else groups[train]
            for own, model in zip(found, (self.first, self.second), strict=True):
                fitted = self._fitted(model, X[train], y[train], some)
                columns = np.searchsorted(self.classes_, fitted.classes_)  # one may be missing
                own[np.ix_(test, columns)] = fitted.predict_proba(X[test])
        return found

    @staticmethod
    def _fitted(model, X, y, groups):
        model = clone(model)
        return model.fit(X, y, **fit_options(model, groups))


def limit(sure, first, second, give_up=GIVE_UP, weight=None):
    """From which probability on the first model decides, such that little is lost.

    Parameters
    ----------
    sure : array-like of shape (samples,)
        Greatest probability of the first model.
    first, second : array-like of bool, shape (samples,)
        Whether each model is right.
    give_up : float
        How far the score may fall below that of the second model alone.
    weight : array-like of shape (samples,), optional

    Returns
    -------
    float
        The lowest limit such that this one and every higher one lose no more. A single lucky one
        further down is not taken.

    Examples
    --------
    The camera is right where it is sure, and the fusion is always right:

    >>> from mmlib.fusion.cascade import limit
    >>> limit([0.9, 0.5, 0.8, 0.6], first=[1, 0, 1, 0], second=[1, 1, 1, 1])
    0.8
    """
    sure, first, second = (np.asarray(x, float) for x in (sure, first, second))
    weight = np.ones(len(sure)) if weight is None else np.asarray(weight, float)
    weight = weight / weight.sum()
    limits, at = np.unique(sure, return_inverse=True)
    limits = np.append(limits, NEVER)
    # What is lost at each limit, against asking the second model always: those who are not asked.
    lost = np.bincount(at, weight * (second - first), minlength=len(limits))
    lost = np.cumsum(lost[::-1])[::-1]
    bad = np.flatnonzero(lost > give_up + 1e-9)
    return float(limits[bad[-1] + 1 if len(bad) else 0])
