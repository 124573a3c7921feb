"""A choice among models, made from the training part alone: an estimator like any other."""

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from ..data import MultimodalData


class ChooseSimplest(BaseEstimator):
    """Compare the models on what it is fitted to, and keep the simplest good one.

    Judged by `mmlib.compare`, it says what to expect of a model that was chosen by its
    score, since each fold makes the choice anew without its test part (nested
    cross-validation). Inner folds keep groups whole, and models that take groups get them.

    Parameters
    ----------
    models : mapping of str to estimator
        From the simplest to the most elaborate.
    n_folds : int
        Inner folds, fewer where the rarest class has fewer groups. Where it has one only,
        nothing can be compared, and the first model is taken.
    random_state : int, optional
        Of the inner folds.

    Attributes
    ----------
    best_ : str
        Name of the model chosen by `mmlib.evaluation.verdict.simplest_good_enough`.
    model_ : estimator
        That model, fitted to all of the training part.
    classes_ : array

    References
    ----------
    Varma & Simon (2006), Bias in error estimation when using cross-validation for model
    selection, doi:10.1186/1471-2105-7-91.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.evaluation.choice import ChooseSimplest
    >>> from mmlib.features import spectrum_baselines
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> models = {name: spectrum_baselines()[name] for name in ("PLS-DA", "SVM")}
    >>> ChooseSimplest(models).fit(leaves.X, leaves.y, leaves.groups).best_ in models
    True
    """

    def __init__(self, models, n_folds=3, random_state=0):
        self.models = models
        self.n_folds = n_folds
        self.random_state = random_state

    def fit(self, X, y, groups=None):
        """Choose, then fit the choice to all of these samples.

        Parameters
        ----------
        X : mapping of modality to array
        y : array of shape (samples,)
            Whole numbers are labels, others a quantity.
        groups : array of shape (samples,), optional

        Returns
        -------
        ChooseSimplest

        Raises
        ------
        DataError
            When the tables do not fit together.
        """
        from .folds import most_folds
        from .running import compare, fit_options
        from .verdict import simplest_good_enough

        task = "regression" if np.asarray(y).dtype.kind == "f" else "classification"
        data = MultimodalData(X, y, groups=groups, task=task)
        n_folds = most_folds(data, self.n_folds)
        seed = self.random_state
        if seed is None:
            seed = int(np.random.default_rng().integers(2**31))
        self.best_ = next(iter(self.models))
        if n_folds > 1:
            result = compare(self.models, data, n_folds, n_repeats=1, seed=seed, progress=False)
            self.best_ = simplest_good_enough(result)
        model = clone(self.models[self.best_])
        self.model_ = model.fit(X, y, **fit_options(model, groups))
        if data.labels is not None:
            self.classes_ = self.model_.classes_
        return self

    def predict(self, X):
        """What the chosen model predicts."""
        check_is_fitted(self)
        return self.model_.predict(X)

    def score(self, X, y):
        """What the chosen model scores: accuracy, or R2 of a quantity."""
        check_is_fitted(self)
        return self.model_.score(X, y)

    @available_if(lambda self: hasattr(getattr(self, "model_", None), "predict_proba"))
    def predict_proba(self, X):
        """Probabilities of the chosen model, shape (samples, classes)."""
        check_is_fitted(self)
        return self.model_.predict_proba(X)
