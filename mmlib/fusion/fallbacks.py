"""One modality is not there: a model of another one decides, and nothing is made up."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, clone
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from ..base import DataError, all_or_nothing, fit_options
from ..data.mapping import check_samples
from .missing import absent


class _Fallbacks(BaseEstimator):
    """What both kinds share: who is fitted to which samples, and who is asked."""

    def __init__(self, fused, fallbacks):
        self.fused = fused
        self.fallbacks = fallbacks

    def fit(self, X, y, groups=None):
        """Fit every model to the samples it can use; an absent modality is a row of NaN."""
        X, y, groups = check_samples(X, y, groups)
        gaps = {name: absent(X, name) for name in X}
        unknown = [name for name in self.fallbacks if name not in gaps]
        if unknown:
            raise DataError(f"There is a fallback for {unknown[0]!r}, but X has {', '.join(gaps)}.")
        complete = ~np.any(list(gaps.values()), axis=0)
        if not complete.any():
            raise DataError("No training sample has all modalities: there is nothing to fuse.")

        def part(rows):
            rows = np.flatnonzero(rows)
            return X[rows], y[rows], None if groups is None else groups[rows]

        with all_or_nothing(self):
            self.fit_apart(part(complete), {name: part(~gaps[name]) for name in self.fallbacks})
            if hasattr(self, "classes_"):
                self.classes_ = np.unique(y)  # of whoever has no fallback as well
        return self

    def fit_apart(self, complete, alone):
        """Fit every model to samples of its own, such as pictures, whose bytes cannot be NaN.

        Parameters
        ----------
        complete : tuple of (X, y, groups or None)
            Samples with all modalities.
        alone : mapping of str to such a tuple
            For each fallback the samples that have its modality, complete or not.
        """
        self.modalities_ = sorted(complete[0])
        self.fused_ = _fitted(self.fused, *complete)
        self.fallbacks_ = {
            name: _fitted(model, *alone[name]) for name, model in self.fallbacks.items()
        }
        if isinstance(self, ClassifierMixin):
            self.classes_ = np.unique(
                np.concatenate([y for _, y, _ in (complete, *alone.values())])
            )
        return self

    def _models(self):
        """All of them, fitted if they are."""
        fallbacks = getattr(self, "fallbacks_", self.fallbacks)
        return [getattr(self, "fused_", self.fused), *fallbacks.values()]

    def decides(self, names):
        """Who decides where only some modalities are there.

        Parameters
        ----------
        names : collection of str

        Returns
        -------
        str or None
            "" for the fused model, the modality of a fallback, or None for nobody.
        """
        check_is_fitted(self)
        if set(self.modalities_) <= set(names):
            return ""
        return next((name for name in self.fallbacks_ if name in names), None)

    def _ask(self, X, answers, ask):
        """Fill `answers`, a row for each sample, with what `ask(model, X)` gives of whoever can."""
        check_is_fitted(self)
        X, _, _ = check_samples(X)
        # A modality that X does not even name is absent in all samples.
        gaps = {k: absent(X, k) if k in X else np.ones(len(X), bool) for k in self.modalities_}
        everyone = [(self.fused_, np.any(list(gaps.values()), axis=0))]
        everyone += [(model, gaps[name]) for name, model in self.fallbacks_.items()]
        answers, open_ = answers(len(X)), np.ones(len(X), bool)
        for model, lacking in everyone:
            rows = np.flatnonzero(open_ & ~lacking)
            if len(rows):
                answers[rows] = ask(model, X[rows])
                open_[rows] = False
        if open_.any():
            raise DataError(
                f"Row {np.flatnonzero(open_)[0]} has no modality that a fallback can decide from."
            )
        return answers


class WithFallbacks(ClassifierMixin, _Fallbacks):
    """The fused model where everything is there, and a model of one modality where not.

    Nothing is made up. Each model is also trained on every sample that it can use: the
    fused one on complete samples, a fallback on all that have its modality.

    Parameters
    ----------
    fused : classifier
        Takes the whole mapping `X`.
    fallbacks : mapping of str to classifier
        Modality -> model that takes the whole mapping and looks at this modality only.
        Where a sample lacks something, the first one whose modality it has decides.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,)
    modalities_ : list of str
        Those seen in training.
    fused_ : fitted classifier
    fallbacks_ : dict of str to fitted classifier

    Raises
    ------
    DataError
        When no training sample is complete, or a sample has no modality with a fallback.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.features import ColorTexture
    >>> from mmlib.fusion.fallbacks import WithFallbacks
    >>> from mmlib.fusion.missing import take_away
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> leaves.X["image"] = ColorTexture().fit_transform(leaves.X["image"])
    >>> models = mmlib.fusion.ladder(leaves)
    >>> model = WithFallbacks(models["early"], {"spectrum": models["spectrum only"]})
    >>> model = model.fit(leaves.X, leaves.y)
    >>> model.predict(take_away(leaves.X, "image", rows=[0, 1])).shape
    (100,)
    """

    @available_if(lambda self: all(hasattr(model, "predict_proba") for model in self._models()))
    def predict_proba(self, X):
        """Probability of each class, shape (samples, classes), from whoever can say."""

        def ask(model, part):
            proba = np.zeros((len(part), len(self.classes_)))
            proba[:, np.searchsorted(self.classes_, model.classes_)] = model.predict_proba(part)
            return proba

        return self._ask(X, lambda n: np.zeros((n, len(self.classes_))), ask)

    def predict(self, X):
        """The class of each sample, by whoever can say."""
        kind = self.classes_.dtype
        return self._ask(X, lambda n: np.empty(n, kind), lambda model, part: model.predict(part))


class RegressorWithFallbacks(RegressorMixin, _Fallbacks):
    """`WithFallbacks` for a quantity.

    Parameters, attributes and errors are those of `WithFallbacks`, without classes.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.fallbacks import RegressorWithFallbacks
    >>> leaves = mmlib.make_leaves(n_plants=20, target="chlorophyll")
    >>> models = mmlib.fusion.ladder(leaves)
    >>> model = RegressorWithFallbacks(models["early"], {"spectrum": models["spectrum only"]})
    >>> model = model.fit(leaves.X, leaves.y)
    >>> model.predict({"spectrum": leaves.X["spectrum"]}).shape
    (100,)
    """

    def predict(self, X):
        """The quantity of each sample, shape (samples,), from whoever can say."""
        return self._ask(X, np.zeros, lambda model, part: model.predict(part))


def _fitted(model, X, y, groups):
    return clone(model).fit(X, y, **fit_options(model, groups))
