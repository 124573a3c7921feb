"""How far off may this prediction be? Intervals that hold the truth as often as promised.

`ConformalRegressor` wraps any regressor, whatever it is, and keeps the promise as long as
new samples come from where the calibration samples came from.

MAPIE and crepes make such intervals too, and the tests hold this file to them. There is a
class here because theirs take no mapping of modalities, and no groups.
"""

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit
from sklearn.utils.validation import check_is_fitted, column_or_1d

from ..base import DataError, all_or_nothing, fit_options
from ..data.mapping import check_samples, same_rows

SPREADS = (None, "relative", "model")


def conformal_radius(scores, level=0.9, groups=None):
    """What the score of a new sample stays below with a promised probability.

    For n samples without groups it is the ``ceil((n + 1) level)``-th smallest score. With
    groups, each group has the same weight, however many samples it has, and the promise
    is for a sample of a *new group*.

    Parameters
    ----------
    scores : array-like of shape (samples,)
        Of calibration samples, which the model did not see: usually absolute errors.
    level : float
        The promise, between 0 and 1.
    groups : array-like of shape (samples,), optional
        What is not independent within itself, such as a plant.

    Returns
    -------
    float
        Infinite where there are fewer than ``level / (1 - level)`` samples (or groups):
        so few cannot promise that much.

    Raises
    ------
    DataError
        When the level is not between 0 and 1, there is no score, or a score is NaN.

    References
    ----------
    Papadopoulos et al. (2002), doi:10.1007/3-540-36755-1_29; with groups Lee, Barber &
    Willett (2023), arXiv:2306.06342.

    Examples
    --------
    >>> errors = [0.5, 0.1, 0.9, 0.3, 0.2, 0.4, 0.8, 0.6, 0.7]
    >>> conformal_radius(errors, level=0.8), conformal_radius(errors, level=0.95)
    (0.8, inf)
    """
    scores = np.asarray(scores, float)
    if not 0 < level < 1:
        raise DataError(f"level is {level}: it must lie between 0 and 1.")
    if scores.ndim != 1 or not len(scores) or np.isnan(scores).any():
        raise DataError("scores must be a row of numbers without NaN, one a calibration sample.")
    groups = np.arange(len(scores)) if groups is None else np.asarray(groups)
    same_rows({}, scores=scores, groups=groups)
    _, group, size = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.argsort(scores, kind="stable")
    # One share for each group and one for the new sample, which might be as bad as can be.
    reached = np.cumsum(1 / size[group[order]]) / (len(size) + 1)
    enough = np.flatnonzero(reached >= level - 1e-9)
    return float(scores[order[enough[0]]]) if len(enough) else float("inf")


class ConformalRegressor(RegressorMixin, BaseEstimator):
    """Any regressor, with intervals that hold the truth as often as promised.

    Some samples of the training part, whole groups at a time, are kept from the model.
    How far it is off on those is how far it will be off on new ones. The promise is an
    average over calibrations and over samples: not for every leaf, nor for samples of
    another kind.

    Parameters
    ----------
    estimator : regressor
        Takes the whole mapping `X`.
    level : float
        Promised share of intervals that hold the truth.
    spread : {None, "relative", "model"}
        What an error is measured in. None: the unit of `y`, so all intervals are equally
        wide. "relative": shares of the prediction, so the interval is plus or minus so
        many percent. "model": the spread that the model states in
        ``predict(X, return_std=True)``.
    calibration_size : float
        Share of the samples (groups) kept for calibration.
    random_state : int
        Of this division.

    Attributes
    ----------
    estimator_ : fitted regressor
    scores_ : ndarray
        Absolute errors of the calibration samples, in units of the spread.
    groups_ : ndarray or None
        Of the calibration samples.

    Raises
    ------
    DataError
        For an unknown `spread`, one that is not positive, or when there are too few
        calibration samples (groups) for the level.

    References
    ----------
    Lei et al. (2018), doi:10.1080/01621459.2017.1307116; Papadopoulos et al. (2002),
    doi:10.1007/3-540-36755-1_29, for errors in units of a spread.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion import early_fusion
    >>> from mmlib.evaluation.conformal import ConformalRegressor
    >>> leaves = mmlib.make_leaves(n_plants=60, target="chlorophyll")
    >>> model = ConformalRegressor(early_fusion(leaves), level=0.8)
    >>> model = model.fit(leaves.X, leaves.y, groups=leaves.groups)
    >>> model.predict_interval(leaves.X).shape
    (300, 2)
    """

    def __init__(self, estimator, level=0.9, spread=None, calibration_size=0.3, random_state=0):
        self.estimator = estimator
        self.level = level
        self.spread = spread
        self.calibration_size = calibration_size
        self.random_state = random_state

    def fit(self, X, y, groups=None):
        """Fit on most samples, measure errors on the others; groups stay whole."""
        if self.spread not in SPREADS:
            raise DataError(f"spread is {self.spread!r}: it must be one of {SPREADS}.")
        X, y, groups = check_samples(X, y, groups)
        y = column_or_1d(y.astype(float), warn=True)
        splitter = ShuffleSplit if groups is None else GroupShuffleSplit
        parts = splitter(1, test_size=self.calibration_size, random_state=self.random_state)
        train, kept = next(parts.split(y, y, groups))
        of_train = None if groups is None else groups[train]
        options = fit_options(self.estimator, of_train)
        with all_or_nothing(self):
            self.estimator_ = clone(self.estimator).fit(X[train], y[train], **options)
            self.groups_ = None if groups is None else groups[kept]
            predicted, unit = self._ask(X[kept])
            self.scores_ = np.abs(y[kept] - predicted) / unit
            self._radius(self.level)  # fails early where the promise is too bold
        return self

    def predict(self, X):
        """What the model predicts, shape (samples,)."""
        return self._ask(X)[0]

    def predict_interval(self, X, level=None):
        """Low and high end for each sample, shape (samples, 2); `level` as in `fit`."""
        predicted, unit = self._ask(X)
        reach = self._radius(self.level if level is None else level) * unit
        return np.column_stack([predicted - reach, predicted + reach])

    def _radius(self, level):
        radius = conformal_radius(self.scores_, level, self.groups_)
        if np.isinf(radius):
            what = "samples" if self.groups_ is None else "groups"
            have = len(np.unique(np.arange(len(self.scores_)) if self.groups_ is None
                                 else self.groups_))  # fmt: skip
            need = int(np.ceil(level / (1 - level) - 1e-9))
            raise DataError(
                f"{have} calibration {what} cannot promise {level:.4g}: {need} are needed. "
                "Promise less, measure more, or raise calibration_size."
            )
        return radius

    def _ask(self, X):
        check_is_fitted(self, "estimator_")
        X, _, _ = check_samples(X)
        if self.spread == "model":
            predicted, unit = self.estimator_.predict(X, return_std=True)
        else:
            predicted = self.estimator_.predict(X)
            unit = np.abs(predicted) if self.spread == "relative" else np.ones(len(X))
        predicted, unit = (np.asarray(part, float).reshape(len(X)) for part in (predicted, unit))
        if not (unit > 0).all():
            raise DataError(
                f"The spread of row {np.flatnonzero(~(unit > 0))[0]} is not above zero: an error "
                "cannot be measured in it."
            )
        return predicted, unit


def coverage_of(y, intervals):
    """Share of true values that lie in their intervals, and the intervals' mean width.

    Parameters
    ----------
    y : array-like of shape (samples,)
    intervals : array-like of shape (samples, 2)
        Low and high ends, which belong to the interval.

    Returns
    -------
    coverage, width : float

    Examples
    --------
    >>> coverage_of([1.0, 2.0, 3.0], [[0, 2], [0, 1], [2, 3]])
    (0.6666666666666666, 1.3333333333333333)
    """
    y, (low, high) = np.asarray(y, float), np.asarray(intervals, float).T
    return float(((low <= y) & (y <= high)).mean()), float((high - low).mean())


def coverage_over_splits(scores, groups, level=0.9, n_groups=20, n_splits=200, random_state=0):
    """Calibrate on some groups, look at all others, again and again.

    Parameters
    ----------
    scores : array-like of shape (samples,)
        Absolute errors of a model on samples it did not see.
    groups : array-like of shape (samples,)
    level : float
    n_groups : int
        Groups to calibrate on.
    n_splits : int
        How often to draw them anew.
    random_state : int

    Returns
    -------
    coverages, radii : ndarray of shape (splits,)
        Share of the other samples within the radius, and the radius.

    Raises
    ------
    DataError
        When no group is left to look at.

    Examples
    --------
    >>> import numpy as np
    >>> errors = np.random.default_rng(0).random(500)
    >>> coverages, _ = coverage_over_splits(errors, np.arange(500) // 5, level=0.8)
    >>> round(float(coverages.mean()), 1)
    0.8
    """
    scores, groups = np.asarray(scores, float), np.asarray(groups)
    names = np.unique(groups)
    if not 0 < n_groups < len(names):
        raise DataError(f"n_groups is {n_groups}, and there are {len(names)} groups to draw from.")
    rng = np.random.default_rng(random_state)
    found = []
    for _ in range(n_splits):
        mine = np.isin(groups, rng.permutation(names)[:n_groups])
        radius = conformal_radius(scores[mine], level, groups[mine])
        found.append(((scores[~mine] <= radius).mean(), radius))
    return tuple(np.array(found).T)
