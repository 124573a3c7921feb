"""Experts: a model for each modality, and what each says of rows that it was not fitted to.

What both kinds of late fusion share, `mmlib.fusion.late`. Nothing here decides: the rules are
in `mmlib.fusion.rules`.
"""

import numpy as np
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.pipeline import make_pipeline
from sklearn.utils.validation import check_is_fitted, has_fit_parameter

from ..base import DataError, all_or_nothing, fit_options
from ..data.mapping import Samples, Select, check_samples
from ..data.splits import assign_folds
from ..features.blocks import Blocks, wide_blocks
from .early import default_model
from .rules import floored_log


class Experts(BaseEstimator):
    """Base of both kinds of late fusion: fits the models, and asks them. Of no use by itself.

    A kind adds ``_fit(X, y, groups)`` and ``_ask(model, X)``, what one fitted model says.

    Attributes
    ----------
    models_ : dict of str to fitted estimator
        One for each modality.
    blocks_ : fitted Blocks, or None
    """

    def fit(self, X, y, groups=None):
        """Fit on a mapping of modalities, what is to be told, and what must stay together."""
        with all_or_nothing(self):
            return self._fit(X, y, groups)

    def _start(self, X, y, groups, rules):
        """Check the settings, and fit every model to all rows."""
        if not hasattr(self.models, "items") or not self.models:
            raise DataError("models must be a mapping from modality to estimator.")
        check_setting("rule", self.rule, rules)
        if self.n_folds < 2:
            raise DataError(f"n_folds is {self.n_folds}: at least 2 are needed.")
        X, _, groups = check_samples(X, y, groups)
        for name in ("weights_", "stacker_"):  # of an earlier fit
            self.__dict__.pop(name, None)
        self.blocks_ = None if self.blocks is None else clone(self.blocks).fit(X)
        X = self._with_blocks(X)
        self.models_ = self._fit_models(X, y, groups)
        return X, groups

    def _with_blocks(self, X):
        if self.blocks_ is None:
            return X
        return Samples({**X, **self.blocks_.transform(X)})

    def _fit_models(self, X, y, groups):
        return {
            name: clone(model).fit(X, y, **fit_options(model, groups))
            for name, model in self.models.items()
        }

    def _parts(self, groups, classes):
        """Rows to fit to and rows held out, one fold after the other; none with too few groups.

        A row is left out where its class was missing in what the models were fitted to:
        they could not have known.
        """
        fold = assign_folds(classes, groups, self.n_folds, self.random_state)
        parts = []
        for k in np.unique(fold):
            train = fold != k
            known = np.unique(classes[train])
            test = np.flatnonzero(~train & np.isin(classes, known))
            if len(known) > is_classifier(self) and len(test):
                parts.append((train, test))
        return parts

    def _held_out(self, X, y, groups, parts):
        """What each model says of rows it was not fitted to, and which rows these are."""
        if not parts:
            raise DataError(
                "Nothing can be held out inside the training part, which has too few groups: "
                "give more, or use calibration=None with the rule 'mean', 'product' or 'vote'."
            )
        said = []
        for train, test in parts:
            of_train = None if groups is None else groups[train]
            models = self._fit_models(X[train], y[train], of_train)
            said.append([self._ask(model, X[test]) for model in models.values()])
        return np.concatenate(said, axis=1), np.concatenate([test for _, test in parts])

    def _ask_all(self, X):
        """What each model says of these samples, (modalities, samples, ...)."""
        check_is_fitted(self)
        X = self._with_blocks(check_samples(X)[0])
        return np.array([self._ask(model, X) for model in self.models_.values()])


def check_setting(name, value, allowed):
    """Raise `DataError` for a setting that is none of the allowed ones.

    Examples
    --------
    >>> from mmlib.fusion.experts import check_setting
    >>> check_setting("rule", "mean", ("mean", "product"))
    """
    if value not in allowed:
        wanted = ", ".join(map(repr, allowed))
        raise DataError(f"{name} is {value!r}: it must be one of {wanted}.")


def log_probabilities(model, X, classes):
    """Logarithms of the probabilities that a fitted classifier states.

    Parameters
    ----------
    model : fitted classifier
        Where it has no ``predict_proba``, its ``decision_function`` is taken for logarithms.
    X : mapping of str to array, samples first
    classes : ndarray of shape (classes,)
        Sorted; one that the model has never seen is as good as impossible to it.

    Returns
    -------
    ndarray of shape (samples, classes)
        None is below that of one in a million.

    Raises
    ------
    DataError
        For a model that gives neither probabilities nor a score for each class.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.dummy import DummyClassifier
    >>> from mmlib.fusion.experts import log_probabilities
    >>> model = DummyClassifier().fit([[0], [0], [0], [0]], [1, 2, 2, 2])
    >>> np.exp(log_probabilities(model, [[0]], np.array([1, 2, 3]))).round(2).tolist()
    [[0.25, 0.75, 0.0]]
    """
    if hasattr(model, "predict_proba"):
        proba = np.asarray(model.predict_proba(X), float)
    elif hasattr(model, "decision_function"):
        last = _last(model)
        if len(model.classes_) > 2 and getattr(last, "decision_function_shape", "") == "ovo":
            raise DataError(
                f"The scores of this {type(last).__name__} are of pairs of classes, not of "
                'classes: use decision_function_shape="ovr".'
            )
        scores = np.asarray(model.decision_function(X), float)
        scores = np.column_stack([-scores, scores]) if scores.ndim == 1 else scores
        proba = np.exp(scores - scores.max(1, keepdims=True))
        proba /= proba.sum(1, keepdims=True)
    else:
        raise DataError(
            f"{type(_last(model)).__name__} has neither predict_proba nor decision_function: "
            "late fusion needs a model that says how sure it is."
        )
    full = np.zeros((len(proba), len(classes)))
    full[:, np.searchsorted(classes, model.classes_)] = proba
    return floored_log(full)


def _last(model):
    """The estimator at the end of pipelines and searches, fitted."""
    while hasattr(model, "steps") or hasattr(model, "best_estimator_"):
        model = model[-1] if hasattr(model, "steps") else model.best_estimator_
    return model


def usual_experts(data, names, task, random_state=0):
    """What `late_fusion` takes for modalities of which nothing is said.

    Parameters
    ----------
    data : MultimodalData
        Shapes are looked at; nothing is fitted.
    names : list of str
        The modalities.
    task : {"classification", "regression"}
    random_state : int

    Returns
    -------
    models : dict of str to estimator
    blocks : Blocks or None
        What all of them stand on, as far as no label is needed for it.
    """
    models, blocks = {}, {}
    for name in names:
        shape = data.X[name].shape[1:]
        made = wide_blocks(f"{name} block", shape, random_state)
        parts = {part: make_pipeline(Select(name), *steps) for part, steps in made.items()}
        last = default_model(task)
        # What labels choose is chosen again wherever rows are held out.
        if any(has_fit_parameter(step, "groups") for steps in made.values() for step in steps):
            models[name] = make_pipeline(Blocks(parts), last)
            continue
        blocks |= parts
        models[name] = last.set_params(blocks=list(made))
    return models, Blocks(blocks) if blocks else None
