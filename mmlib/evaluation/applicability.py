"""Is a new sample like those a model was trained on? If not, its answer means little.

Principal components of each modality span what the training samples look like. A sample
may lie far out within that plane (Hotelling's T2) or far away from it (Q residuals); both
are known from process control, and computed by chemotools. How far is too far is
learned from training samples that took no part in fitting the components.
"""

import numpy as np
import pandas as pd
from chemotools.outliers import HotellingT2, QResiduals
from sklearn.base import BaseEstimator, clone
from sklearn.decomposition import PCA
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler
from sklearn.utils import get_tags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from ..base import DataError, fit_options
from ..data.mapping import check_samples
from .distances import TINY, clip, columns_of, how_far

HOTELLING, RESIDUALS = "Hotelling's T2", "Q residuals"


class ApplicabilityDomain(BaseEstimator):
    """Tells which samples are not like the training data.

    Parameters
    ----------
    alarm : float
        Share of samples *like* the training data that shall be called new by mistake, in
        any modality; see `alarm_`.
    n_folds : int
        Parts of the training data, each judged by components of the others.
    random_state : int

    Attributes
    ----------
    alarm_ : float
        The share that can be promised for a sample of a *new* group; without groups each sample
        is one. With few groups it is higher than `alarm` (with fewer than 200 for two
        modalities and 1 %): ten plants say little about the eleventh, however many leaves each has.
    limits_ : dict of str to float
        Largest distance, for each modality, that is still like the training data. One is
        the textbook's limit; real data are seldom normal, so this is measured.
    columns_, far_ : dict of str
        Of each modality: the steps to columns; scaling, Hotelling's T2 and Q residuals.
    reach_ : dict of str to ndarray of shape (columns,)
        Largest step from the mean in training, in standard deviations. Ten times as far in
        a single column is new whatever the others say: grams for milligrams, -999.

    Raises
    ------
    DataError
        For fewer than ten samples, or a single group: nobody is left to judge by.

    References
    ----------
    Jackson & Mudholkar (1979), doi:10.1080/00401706.1979.10489779, on both distances. The
    limit is a conformal one: Vovk, Gammerman & Shafer (2005), doi:10.1007/b106715; by groups
    Dunn, Wasserman & Ramdas (2023), doi:10.1080/01621459.2022.2060112.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.evaluation.applicability import ApplicabilityDomain
    >>> leaves, soaked = mmlib.make_leaves(40), mmlib.make_leaves(5)
    >>> domain = ApplicabilityDomain().fit(leaves.X, groups=leaves.groups)
    >>> soaked.X["spectrum"] = 0.5 * soaked.X["spectrum"] ** 2
    >>> bool(domain.is_new(soaked.X)["spectrum"].all())
    True
    """

    def __init__(self, alarm=0.01, n_folds=5, random_state=0):
        self.alarm = alarm
        self.n_folds = n_folds
        self.random_state = random_state

    def fit(self, X, y=None, groups=None):
        """Learn what is usual, from a mapping of modalities; groups stay together, y is unused."""
        X, _, groups = check_samples(X, groups=groups)
        n = len(X)
        if n < 10:
            raise DataError(f"{n} samples cannot show what is usual: take ten or more.")
        groups = np.arange(n) if groups is None else groups
        if len(np.unique(groups)) < 2:
            raise DataError(
                f"All samples are in one group ({groups[0]}), so none is left to judge what is "
                "usual by: let groups name plants, batches or days."
            )
        promised = 0.0
        self.columns_, self.far_, self.limits_, self.reach_ = {}, {}, {}, {}
        for name, x in X.items():
            self.columns_[name] = columns_of(x.shape[1:])
            table = self.columns_[name].fit_transform(x)
            self.far_[name] = self._distances(table)
            self.reach_[name] = np.abs(self.far_[name][0].transform(table)).max(0)
            held = self._held_out(table, groups)
            # Each modality may raise its share of the false alarms.
            share = 1 - self.alarm / len(list(X))
            rank = int(np.ceil(share * (n + 1)))
            self.limits_[name] = float(np.sort(held)[min(rank, n) - 1])
            promised += _beyond(held > self.limits_[name], groups)
        self.alarm_ = min(max(self.alarm, promised), 1.0)
        return self

    def is_new(self, X, names=None):
        """For each modality of `X`, whether a sample is unlike all that was trained on.

        Parameters
        ----------
        X : mapping of str to array, samples first
        names : sequence of str, optional
            Which modalities to look at; all those of the training where nothing is said.

        Returns
        -------
        dict of str to ndarray of bool, shape (samples,)

        Raises
        ------
        DataError
            When `X` lacks a modality.
        """
        check_is_fitted(self)
        X, _, _ = check_samples(X, modalities=self.far_ if names is None else names)
        found = {}
        for name in X:
            far = self.far_[name]
            table = self.columns_[name].transform(X[name])
            steps = np.abs(far[0].transform(table))
            absurd = (steps > 10 * np.maximum(self.reach_[name], 1)).any(1)
            found[name] = absurd | (how_far(far, table) > self.limits_[name])
        return found

    def distances(self, X):
        """How far samples lie out, in each of two ways; above 1 is further than is usual.

        Parameters
        ----------
        X : mapping of str to array, samples first

        Returns
        -------
        dict of str to pandas.DataFrame
            A row for each sample. "Hotelling's T2": out along the components, an extreme
            mixture of what is known. "Q residuals": beside them, something that is not
            known at all. Both over the limit that was learned; NaN where there are no components
            or nothing lies beside them.

        Examples
        --------
        >>> import numpy as np
        >>> from mmlib.evaluation.applicability import ApplicabilityDomain
        >>> known = np.random.default_rng(0).normal(size=(100, 2)) @ [[1, 1, 0, 0], [0, 0, 1, -1]]
        >>> domain = ApplicabilityDomain().fit({"table": known})
        >>> odd = np.array([[30.0, 30, 0, 0], [0, 0, 1, 1]])
        >>> found = domain.distances({"table": odd})["table"]
        >>> (found > 1).to_numpy().tolist()
        [[True, False], [False, True]]
        """
        check_is_fitted(self)
        X, _, _ = check_samples(X, modalities=self.far_)
        found = {}
        for name, (scale, *both) in self.far_.items():
            table = clip(scale.transform(self.columns_[name].transform(X[name])))
            found[name] = pd.DataFrame(np.nan, range(len(table)), [HOTELLING, RESIDUALS])
            for column, measure in zip(found[name], both, strict=False):
                far = measure.predict_residuals(table) / measure.critical_value_
                found[name][column] = far / max(self.limits_[name], TINY)
        return found

    def _distances(self, table):

        scale = StandardScaler().fit(table)
        table = clip(scale.transform(table))
        nothing = TINY**2 * table.shape[1]  # a variance that is only rounding
        if table.var(0).sum() <= nothing:
            return [scale]
        # 15 as elsewhere, but fewer than columns, so that something is left beside the plane.
        k = max(1, min(15, table.shape[1] - 1, len(table) // 3))
        plane = PCA(k, random_state=self.random_state).fit(table)
        if (plane.explained_variance_ <= nothing).any():  # parts that add up to a whole, say
            k = int((plane.explained_variance_ > nothing).sum())
            plane = PCA(k, random_state=self.random_state).fit(table)
        found = [scale, HotellingT2(plane, confidence=0.99).fit(table)]
        if k < table.shape[1]:
            with np.errstate(invalid="ignore", divide="ignore"):
                beside = QResiduals(plane, confidence=0.99).fit(table)
            if not beside.critical_value_ > nothing:
                beside.critical_value_ = nothing
            found.append(beside)
        return found

    def _held_out(self, table, groups):

        held = np.empty(len(table))
        n_folds = min(self.n_folds, len(np.unique(groups)))
        for train, test in GroupKFold(n_folds).split(table, groups=groups):
            held[test] = how_far(self._distances(table[train]), table[test])
        return held


class WithApplicabilityDomain(BaseEstimator):
    """A model that can say which samples are unlike those it was trained on.

    Parameters
    ----------
    model : estimator
        Takes the whole mapping of modalities.
    domain : ApplicabilityDomain, optional

    Attributes
    ----------
    model_, domain_ : fitted copies

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.early import early_fusion
    >>> from mmlib.evaluation.applicability import WithApplicabilityDomain
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = WithApplicabilityDomain(early_fusion(leaves)).fit(leaves.X, leaves.y, leaves.groups)
    >>> sorted(model.is_new(leaves.X))
    ['image', 'spectrum']
    """

    def __init__(self, model, domain=None):
        self.model = model
        self.domain = domain

    def fit(self, X, y, groups=None):
        """Fit both, from a mapping of modalities; groups go to the model if it takes them."""

        self.domain_ = clone(self.domain or ApplicabilityDomain()).fit(X, groups=groups)
        model = clone(self.model)
        self.model_ = model.fit(X, y, **fit_options(model, groups))
        return self

    def is_new(self, X, names=None):
        """See `ApplicabilityDomain.is_new`."""
        check_is_fitted(self)
        return self.domain_.is_new(X, names)

    def predict(self, X):
        """What the model predicts, new samples or not."""
        check_is_fitted(self)
        return self.model_.predict(X)

    def score(self, X, y):
        """What the model scores, new samples or not: accuracy, or R2 of a quantity."""
        check_is_fitted(self)
        return self.model_.score(X, y)

    def __sklearn_tags__(self):
        """A classifier where the model is one, so that scikit-learn splits by class."""
        tags, own = super().__sklearn_tags__(), get_tags(self.model)
        tags.estimator_type, tags.target_tags = own.estimator_type, own.target_tags
        tags.classifier_tags, tags.regressor_tags = own.classifier_tags, own.regressor_tags
        return tags

    @available_if(lambda self: hasattr(getattr(self, "model_", self.model), "predict_proba"))
    def predict_proba(self, X):
        """Probabilities of the model, shape (samples, classes)."""
        check_is_fitted(self)
        return self.model_.predict_proba(X)

    @property
    def classes_(self):
        """Labels in the order of the columns of `predict_proba`."""
        return self.model_.classes_


def _beyond(far, groups):
    """Which share of new groups' samples may lie beyond a limit, by those left out in training.

    Every group counts as much, however many samples it has, and one more group, the new one,
    is taken to lie beyond: that is what can be promised for it.
    """
    group, count = np.unique(groups, return_inverse=True, return_counts=True)[1:]
    return float(((np.bincount(group, far) / count).sum() + 1) / (len(count) + 1))
