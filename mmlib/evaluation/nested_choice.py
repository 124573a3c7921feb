"""A choice among models, made from the training part alone: an estimator like any other."""

import numpy as np
from sklearn.base import BaseEstimator, clone, is_classifier, is_regressor
from sklearn.utils import get_tags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from ..base import DataError, fit_options
from ..data.dataset import MultimodalData
from ..data.layouts import check_modalities
from ..data.mapping import Samples
from ..data.splits import group_folds, most_folds
from .choice import best_model
from .compare import compare


class ModelSelectionCV(BaseEstimator):
    """Compare the models on what it is fitted to, and keep the best, or one as good and simpler.

    Judged by `mmlib.compare`, it says what to expect of a model that was chosen by its
    score, since each fold makes the choice anew without its test part (nested
    cross-validation). Inner folds keep groups whole, and models that take groups get them.

    Parameters
    ----------
    models : mapping of str to estimator
        From the simplest to the most elaborate, all for classes or all for a quantity.
    n_folds : int
        Inner folds, fewer where the rarest class has fewer groups. Where it has one only, or
        an inner training part would have no more samples than classes, nothing can be
        compared, and the first model is taken.
    random_state : int, optional
        Of the inner folds.

    Attributes
    ----------
    best_ : str
        Name of the model chosen by `mmlib.evaluation.choice.best_model`.
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
    >>> from mmlib.evaluation.nested_choice import ModelSelectionCV
    >>> from mmlib.features import spectrum_baselines
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> models = {name: spectrum_baselines()[name] for name in ("PLS-DA", "SVM")}
    >>> ModelSelectionCV(models).fit(leaves.X, leaves.y, leaves.groups).best_ in models
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
            Labels where the models are classifiers, a quantity where they are regressors.
        groups : array of shape (samples,), optional

        Returns
        -------
        ModelSelectionCV

        Raises
        ------
        DataError
            When the tables do not fit together.
        """

        data = MultimodalData(X, y, groups=groups, task=self._task(y))
        random_state = self.random_state
        if random_state is None:
            random_state = int(np.random.default_rng().integers(2**31))
        best = next(iter(self.models))
        n_folds = _inner_folds(data, self.n_folds, random_state)
        if n_folds > 1:
            result = compare(
                self.models, data, n_folds, n_repeats=1, random_state=random_state, progress=False
            )
            best = best_model(result).name
        model = clone(self.models[best])
        self.model_ = model.fit(data.X, y, **fit_options(model, groups))
        self.best_ = best
        if data.labels is not None:
            self.classes_ = self.model_.classes_
        return self

    def _task(self, y):
        first = next(iter(self.models.values()))
        if is_classifier(first) or is_regressor(first):
            return "classification" if is_classifier(first) else "regression"
        return "regression" if np.asarray(y).dtype.kind == "f" else "classification"

    def __sklearn_tags__(self):
        tags, own = super().__sklearn_tags__(), get_tags(next(iter(self.models.values())))
        tags.estimator_type = own.estimator_type
        tags.classifier_tags, tags.regressor_tags = own.classifier_tags, own.regressor_tags
        return tags

    def predict(self, X):
        """What the chosen model predicts."""
        check_is_fitted(self)
        return self.model_.predict(_samples(X))

    def score(self, X, y):
        """What the chosen model scores: accuracy, or R2 of a quantity."""
        check_is_fitted(self)
        return self.model_.score(_samples(X), y)

    @available_if(lambda self: hasattr(getattr(self, "model_", None), "predict_proba"))
    def predict_proba(self, X):
        """Probabilities of the chosen model, shape (samples, classes)."""
        check_is_fitted(self)
        return self.model_.predict_proba(_samples(X))


def _samples(X):
    """`X` such that its length is the number of samples, which that of a plain dict is not."""
    return Samples(check_modalities(X))


def _inner_folds(data, at_most, random_state):
    """How many folds to compare on, 1 where nothing can be compared."""

    n_folds = most_folds(data, at_most)
    if n_folds < 2 or data.labels is None:
        return n_folds
    n_classes = len(np.unique(data.y))
    try:
        folds = group_folds(data, n_folds, 1, random_state)
    except DataError:  # no division keeps every class in every training part
        return 1 if n_classes > 1 else n_folds  # of a single class `compare` will speak
    return n_folds if min(len(train) for train, _ in folds) > n_classes else 1
