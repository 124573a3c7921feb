"""Late fusion: each modality is judged by a model of its own, then the opinions meet.

scikit-learn has the parts, `VotingClassifier`, `StackingClassifier` and
`CalibratedClassifierCV`, and the tests hold this file to them. There is a class here for
what they have not: inner folds that keep groups whole wherever the model is fitted (their
`cv` is settled before the rows are known), the product rule, learned weights, and one set
of held-out opinions that serves calibration, weights and stacking alike.
"""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, clone, is_classifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.utils.validation import check_is_fitted, column_or_1d

from ..base import DataError, all_or_nothing, fit_options
from ..data.mapping import Samples, Select
from ..data.splits import assign_folds
from ..features.blocks import Blocks, default_block
from .early import BlockScale, default_model
from .rules import Calibrator, combine, floored_log, learn_weights, weights_by_squares

RULES = ("mean", "weighted", "product", "vote", "stacking")
CALIBRATIONS = (None, "temperature", "sigmoid", "isotonic")


def late_fusion(
    data=None,
    models=None,
    rule="mean",
    calibration="temperature",
    n_folds=5,
    task=None,
    random_state=0,
    must_calibrate=True,
):
    """One model for each modality, and a rule that makes one answer of theirs.

    Parameters
    ----------
    data : MultimodalData, optional
        Only its modalities, their shapes and its task are looked at, to choose
        defaults; nothing is fitted.
    models : mapping of str to estimator, optional
        Modality -> model that takes the whole mapping `X`, instead of the default:
        what `early_fusion` makes of this modality alone. Without `data`, these are all
        the models.
    rule, calibration, n_folds, random_state, must_calibrate
        See `LateFusionClassifier`. For a quantity nothing is calibrated.
    task : {"classification", "regression"}, optional
        Taken from `data`; "classification" without it.

    Returns
    -------
    LateFusionClassifier or LateFusionRegressor

    Raises
    ------
    DataError
        When neither `data` nor `models` names a modality, or `models` names one that
        `data` has not.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.late import late_fusion
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = late_fusion(leaves, rule="product")
    >>> model = model.fit(leaves.X, leaves.y, groups=leaves.groups)
    >>> model.predict_proba(leaves.X).shape
    (100, 5)
    """

    models = dict(models or {})
    names = list(models) if data is None else data.modalities
    unknown = [name for name in models if name not in names]
    if unknown or not names:
        raise DataError(
            f"models names {unknown[0]!r}, but the modalities are {', '.join(names)}."
            if unknown
            else "late_fusion needs the data, or models: which modalities have an opinion?"
        )
    if task is None:
        task = "classification" if data is None else data.task
    if task not in ("classification", "regression"):
        raise DataError(f"task is {task!r}: it must be 'classification' or 'regression'.")
    blocks = {}
    for name in names:
        if models.get(name) is None:
            shape = data.X[name].shape[1:]
            models[name] = make_pipeline(Select(f"{name} block"), BlockScale(), default_model(task))
            steps = default_block(shape, random_state=random_state)
            blocks[f"{name} block"] = make_pipeline(Select(name), *steps)
    models = {name: models[name] for name in names}
    blocks = Blocks(blocks) if blocks else None
    options = {"blocks": blocks, "n_folds": n_folds, "random_state": random_state}
    if task == "regression":
        return LateFusionRegressor(models, rule, **options)
    return LateFusionClassifier(models, rule, calibration, must_calibrate=must_calibrate, **options)


class _Late(BaseEstimator):
    """What both kinds share: a model for each modality, and its opinion on rows held out."""

    def _start(self, X, y, groups, rules):
        """Check the settings, and fit every model to all rows."""
        if not hasattr(self.models, "items") or not self.models:
            raise DataError("models must be a mapping from modality to estimator.")
        _check("rule", self.rule, rules)
        if self.n_folds < 2:
            raise DataError(f"n_folds is {self.n_folds}: at least 2 are needed.")
        X = Samples({name: np.asarray(x) for name, x in X.items()})
        groups = None if groups is None else np.asarray(groups)
        for name in ("weights_", "stacker_"):  # of an earlier fit
            self.__dict__.pop(name, None)
        rows = {"X": len(X), "y": len(y), "groups": len(y) if groups is None else len(groups)}
        if len(set(rows.values())) > 1:
            said = ", ".join(f"{name} has {n}" for name, n in rows.items())
            raise DataError(f"The rows do not fit together: {said}.")
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

    def _held_out(self, X, y, groups, parts, ask):
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
            said.append([ask(model, X[test]) for model in models.values()])
        return np.concatenate(said, axis=1), np.concatenate([test for _, test in parts])


class LateFusionClassifier(ClassifierMixin, _Late):
    """A classifier for each modality; their probabilities are calibrated and combined.

    Parameters
    ----------
    models : mapping of str to classifier
        Modality -> model that takes the whole mapping `X`. Where it has no
        ``predict_proba``, its ``decision_function`` is used: then calibrate.
    rule : {"mean", "weighted", "product", "vote", "stacking"}
        See `mmlib.fusion.rules.combine`. "weighted" learns its weights
        (`learn_weights`), "stacking" a logistic regression on the logarithms of all
        probabilities.
    calibration : {"temperature", "sigmoid", "isotonic"} or None
        How probabilities are made honest before they meet, see
        `mmlib.fusion.rules.Calibrator`; "sigmoid" is Platt's. None takes them as they
        are.
    blocks : Blocks, optional
        Features that the models find in `X` under new names. They are made once, not
        again in each inner fold, and without labels.
    n_folds : int
        Calibration, weights and stacking are learned from rows held out in turn, whole
        groups at a time, by models fitted to the others.
    random_state : int
        Of these folds.
    must_calibrate : bool
        False: where the groups are too few to hold any out, opinions are taken as they are,
        and `calibrators_` is None. "weighted" and "stacking" cannot do without.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,)
    models_ : dict of str to fitted classifier
    prior_ : ndarray of shape (classes,)
        Shares of the classes in training.
    calibrators_ : dict of str to Calibrator, or None
    weights_ : dict of str to float
        Of rule "weighted".
    stacker_ : LogisticRegression, or None
        Of rule "stacking". A class with one group is never held out, so the stacker has not
        seen it: it keeps its mean opinion. None where a single class was held out.

    Raises
    ------
    DataError
        For an unknown rule or calibration, a single class, a model that gives neither
        probabilities nor scores, or when nothing can be held out.

    References
    ----------
    Kittler et al. (1998), doi:10.1109/34.667881; Wolpert (1992), stacking,
    doi:10.1016/S0893-6080(05)80023-1.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.features import image_baselines, spectrum_baselines
    >>> from mmlib.fusion.late import LateFusionClassifier
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> models = {"spectrum": spectrum_baselines()["SVM"], "image": image_baselines()["SVM"]}
    >>> model = LateFusionClassifier(models, rule="weighted")
    >>> model = model.fit(leaves.X, leaves.y, groups=leaves.groups)
    >>> list(model.weights_), round(sum(model.weights_.values()), 6)
    (['spectrum', 'image'], 1.0)
    """

    def __init__(
        self,
        models,
        rule="mean",
        calibration="temperature",
        blocks=None,
        n_folds=5,
        random_state=0,
        must_calibrate=True,
    ):
        self.models = models
        self.rule = rule
        self.calibration = calibration
        self.blocks = blocks
        self.n_folds = n_folds
        self.random_state = random_state
        self.must_calibrate = must_calibrate

    def fit(self, X, y, groups=None):
        """Fit on a mapping of modalities, labels, and what must stay together."""
        with all_or_nothing(self):
            return self._fit(X, y, groups)

    def _fit(self, X, y, groups):
        _check("calibration", self.calibration, CALIBRATIONS)
        y = column_or_1d(np.asarray(y), warn=True)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise DataError(f"y holds one class only ({self.classes_[0]!s}): add another.")
        X, groups = self._start(X, y, groups, RULES)
        self.prior_ = np.bincount(codes) / len(codes)
        self.calibrators_ = None
        learns = self.rule in ("weighted", "stacking")
        if self.calibration is None and not learns:
            return self
        parts = self._parts(groups, codes)
        if not parts and not learns and not self.must_calibrate:
            return self
        logs, rows = self._held_out(X, y, groups, parts, self._logs)
        truth = codes[rows]
        if self.calibration is not None:
            fitted = [Calibrator(self.calibration).fit(own, truth) for own in logs]
            self.calibrators_ = dict(zip(self.models_, fitted, strict=True))
        opinions = self._calibrated(logs)
        if self.rule == "weighted":
            weights = learn_weights(opinions[:, np.arange(len(truth)), truth])
            self.weights_ = dict(zip(self.models_, weights.tolist(), strict=True))
        if self.rule == "stacking":
            stacker = LogisticRegression(max_iter=1000)
            several = len(np.unique(truth)) > 1
            self.stacker_ = stacker.fit(_columns(opinions), y[rows]) if several else None
        return self

    def opinions(self, X):
        """What each modality says by itself.

        Returns
        -------
        dict of str to ndarray of shape (samples, classes)
            Probabilities, calibrated if `calibration` says so.
        """
        check_is_fitted(self)
        X = self._with_blocks(X)
        logs = np.array([self._logs(model, X) for model in self.models_.values()])
        return dict(zip(self.models_, self._calibrated(logs), strict=True))

    def predict_proba(self, X):
        """Combined opinion, shape (samples, classes), columns in the order of `classes_`."""
        opinions = np.array(list(self.opinions(X).values()))
        if self.rule == "stacking":
            return self._stacked(opinions)
        weights = list(self.weights_.values()) if self.rule == "weighted" else None
        return combine(opinions, self.rule, weights, self.prior_)

    def predict(self, X):
        """The class that the combined opinion holds most probable."""
        best = self.predict_proba(X).argmax(1)
        return self.classes_[best]

    def _stacked(self, opinions):
        """What the stacker says; a class that it never saw keeps its mean opinion."""
        proba = combine(opinions, "mean")
        if self.stacker_ is not None:
            seen = np.isin(self.classes_, self.stacker_.classes_)
            share = 1.0 if seen.all() else proba[:, seen].sum(1, keepdims=True)
            proba[:, seen] = share * self.stacker_.predict_proba(_columns(opinions))
        return proba

    def _logs(self, model, X):
        """Logarithms of the probabilities that one model states, (samples, classes)."""
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
        return floored_log(_spread(proba, model.classes_, self.classes_))

    def _calibrated(self, logs):
        if self.calibrators_ is not None:
            pairs = zip(self.calibrators_.values(), logs, strict=True)
            return np.array([calibrator.transform(own) for calibrator, own in pairs])
        proba = np.exp(logs)
        return proba / proba.sum(2, keepdims=True)


class LateFusionRegressor(RegressorMixin, _Late):
    """A regression for each modality; their predictions are combined.

    Parameters
    ----------
    models : mapping of str to regressor
        Modality -> model that takes the whole mapping `X`.
    rule : {"mean", "weighted", "stacking"}
        "weighted": the weights, none negative, with sum 1, that leave the smallest
        squared error on rows held out. "stacking": linear regression on such rows.
    blocks, n_folds, random_state
        See `LateFusionClassifier`.

    Attributes
    ----------
    models_ : dict of str to fitted regressor
    weights_ : dict of str to float
        Of rules "mean" and "weighted".
    stacker_ : LinearRegression
        Of rule "stacking".

    Raises
    ------
    DataError
        For an unknown rule, or when nothing can be held out.

    References
    ----------
    Breiman (1996), Stacked regressions, doi:10.1007/BF00117832.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.late import late_fusion
    >>> leaves = mmlib.make_leaves(n_plants=20, target="chlorophyll")
    >>> model = late_fusion(leaves, rule="weighted").fit(leaves.X, leaves.y, leaves.groups)
    >>> model.predict(leaves.X).shape
    (100,)
    """

    def __init__(self, models, rule="mean", blocks=None, n_folds=5, random_state=0):
        self.models = models
        self.rule = rule
        self.blocks = blocks
        self.n_folds = n_folds
        self.random_state = random_state

    def fit(self, X, y, groups=None):
        """Fit on a mapping of modalities, a quantity, and what must stay together."""
        with all_or_nothing(self):
            return self._fit(X, y, groups)

    def _fit(self, X, y, groups):
        y = column_or_1d(np.asarray(y, float), warn=True)
        X, groups = self._start(X, y, groups, ("mean", "weighted", "stacking"))
        weights = np.full(len(self.models_), 1 / len(self.models_))
        if self.rule != "mean":
            parts = self._parts(groups, np.zeros(len(y), int))
            said, rows = self._held_out(X, y, groups, parts, _predict)
        if self.rule == "stacking":
            self.stacker_ = LinearRegression().fit(said.T, y[rows])
            return self
        if self.rule == "weighted":
            weights = weights_by_squares(said - y[rows])
        self.weights_ = dict(zip(self.models_, weights.tolist(), strict=True))
        return self

    def predict(self, X):
        """Combined prediction, shape (samples,)."""
        check_is_fitted(self)
        X = self._with_blocks(X)
        said = np.array([_predict(model, X) for model in self.models_.values()])
        if self.rule == "stacking":
            return self.stacker_.predict(said.T)
        return np.array(list(self.weights_.values())) @ said


def _check(name, value, allowed):
    if value not in allowed:
        wanted = ", ".join(map(repr, allowed))
        raise DataError(f"{name} is {value!r}: it must be one of {wanted}.")


def _last(model):
    """The estimator at the end of pipelines and searches, fitted."""
    while hasattr(model, "steps") or hasattr(model, "best_estimator_"):
        model = model[-1] if hasattr(model, "steps") else model.best_estimator_
    return model


def _predict(model, X):
    n = len(next(iter(X.values())))  # len() of a plain dict counts modalities
    return np.asarray(model.predict(X), float).reshape(n)


def _spread(proba, have, classes):
    """Columns for all classes; one that a model has never seen gets zero."""
    full = np.zeros((len(proba), len(classes)))
    full[:, np.searchsorted(classes, have)] = proba
    return full


def _columns(opinions):
    return np.hstack(list(floored_log(opinions)))
