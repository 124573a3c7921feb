"""Late fusion: a model for each modality, and a decision rule that makes one answer of theirs.

scikit-learn has the parts, `VotingClassifier`, `StackingClassifier` and
`CalibratedClassifierCV`, and the tests hold this file to them. There is a class here for
what they have not: inner folds that keep groups whole wherever the model is fitted (their
`cv` is settled before the rows are known), the product rule, learned weights, and one set
of held-out probabilities for calibration, weights and stacking. See `mmlib.fusion.experts`, too.
"""

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.linear_model import LinearRegression
from sklearn.utils.validation import column_or_1d

from ..base import DataError
from .early import names_and_task
from .experts import Experts, check_setting, log_probabilities, usual_experts
from .rules import Calibrator, Stacker, combine, learn_weights, weights_by_squares

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
    """One model for each modality, and a decision rule that makes one answer of theirs.

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
    names, task = names_and_task(data, models, task, "late_fusion", "models")
    unsaid = [name for name in names if models.get(name) is None]
    usual, blocks = usual_experts(data, unsaid, task, random_state)
    models = {name: usual.get(name, models.get(name)) for name in names}
    options = {"blocks": blocks, "n_folds": n_folds, "random_state": random_state}
    if task == "regression":
        return LateFusionRegressor(models, rule, **options)
    return LateFusionClassifier(models, rule, calibration, must_calibrate=must_calibrate, **options)


class LateFusionClassifier(ClassifierMixin, Experts):
    """A classifier for each modality; their probabilities are calibrated and combined.

    Parameters
    ----------
    models : mapping of str to classifier
        Modality -> model that takes the whole mapping `X`. Where it has no
        ``predict_proba``, its ``decision_function`` is used: then calibrate.
    rule : {"mean", "weighted", "product", "vote", "stacking"}
        See `combine`, `learn_weights` and `Stacker` in `mmlib.fusion.rules`.
    calibration : {"temperature", "sigmoid", "isotonic"} or None
        How probabilities are made honest before they meet, see `Calibrator` there;
        "sigmoid" is Platt's. None takes them as they are.
    blocks : Blocks, optional
        Features that the models find in `X` under new names. They are made once, not
        again in each inner fold, and without labels.
    n_folds : int
        Calibration, weights and stacking are learned from rows held out in turn, whole
        groups at a time, by models fitted to the others.
    random_state : int
        Of these folds.
    must_calibrate : bool
        False: where the groups are too few to hold any out, probabilities are taken as they are,
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
    stacker_ : Stacker
        Of rule "stacking".

    Raises
    ------
    DataError
        For an unknown rule or calibration, a single class, a model that gives neither
        probabilities nor scores, or when nothing can be held out.

    References
    ----------
    Kittler, Hatef, Duin & Matas (1998), On combining classifiers, doi:10.1109/34.667881.

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

    def _fit(self, X, y, groups):
        check_setting("calibration", self.calibration, CALIBRATIONS)
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
        logs, rows = self._held_out(X, y, groups, parts)
        truth = codes[rows]
        if self.calibration is not None:
            fitted = [Calibrator(self.calibration).fit(own, truth) for own in logs]
            self.calibrators_ = dict(zip(self.models_, fitted, strict=True))
        proba = self._calibrated(logs)
        if self.rule == "weighted":
            weights = learn_weights(proba[:, np.arange(len(truth)), truth])
            self.weights_ = dict(zip(self.models_, weights.tolist(), strict=True))
        if self.rule == "stacking":
            self.stacker_ = Stacker().fit(proba, truth)
        return self

    def opinions(self, X):
        """What each modality says by itself.

        Returns
        -------
        dict of str to ndarray of shape (samples, classes)
            Probabilities, calibrated if `calibration` says so.
        """
        proba = self._calibrated(self._ask_all(X))
        return dict(zip(self.models_, proba, strict=True))

    def predict_proba(self, X):
        """By the decision rule, shape (samples, classes), columns in the order of `classes_`."""
        proba = self._calibrated(self._ask_all(X))
        if self.rule == "stacking":
            return self.stacker_.transform(proba)
        weights = list(self.weights_.values()) if self.rule == "weighted" else None
        return combine(proba, self.rule, weights, self.prior_)

    def predict(self, X):
        """The class that the decision rule holds most probable."""
        best = self.predict_proba(X).argmax(1)
        return self.classes_[best]

    def _ask(self, model, X):
        return log_probabilities(model, X, self.classes_)

    def _calibrated(self, logs):
        if self.calibrators_ is not None:
            pairs = zip(self.calibrators_.values(), logs, strict=True)
            return np.array([calibrator.transform(own) for calibrator, own in pairs])
        proba = np.exp(logs)
        return proba / proba.sum(2, keepdims=True)


class LateFusionRegressor(RegressorMixin, Experts):
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

    def _fit(self, X, y, groups):
        y = column_or_1d(np.asarray(y, float), warn=True)
        X, groups = self._start(X, y, groups, ("mean", "weighted", "stacking"))
        weights = np.full(len(self.models_), 1 / len(self.models_))
        if self.rule != "mean":
            parts = self._parts(groups, np.zeros(len(y), int))
            said, rows = self._held_out(X, y, groups, parts)
        if self.rule == "stacking":
            self.stacker_ = LinearRegression().fit(said.T, y[rows])
            return self
        if self.rule == "weighted":
            weights = weights_by_squares(said - y[rows])
        self.weights_ = dict(zip(self.models_, weights.tolist(), strict=True))
        return self

    def predict(self, X):
        """Combined prediction, shape (samples,)."""
        said = self._ask_all(X)
        if self.rule == "stacking":
            return self.stacker_.predict(said.T)
        return np.array(list(self.weights_.values())) @ said

    def _ask(self, model, X):
        return np.asarray(model.predict(X), float).reshape(len(X))
