"""Decision rules: one answer from the probabilities of several models, and what rules learn.

Probabilities are a table, one row for each sample. Nothing here knows what a modality or a
model is: see `mmlib.fusion.late`.
"""

import numpy as np
from scipy.optimize import nnls
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression

from ..base import DataError

FLOOR = 1e-6  # no finite sample can teach a model a smaller probability


def combine(proba, rule="mean", weights=None, prior=None):
    """Make one table of probabilities of several, by a decision rule.

    Parameters
    ----------
    proba : array-like of shape (modalities, samples, classes)
        Probabilities.
    rule : {"mean", "weighted", "product", "vote"}
        "product" multiplies the probabilities and divides by the prior, once less than there
        are modalities: the truth, where they are independent given the class. A
        probability below one in a million counts as that, so that no zero is a veto.
        "vote" counts first choices; a tie goes to the tied class with the highest mean
        probability. Its numbers add up to 1 but are no probabilities.
    weights : array-like of shape (modalities,), optional
        For "weighted"; they add up to 1.
    prior : array-like of shape (classes,), optional
        For "product": shares of the classes that the models were trained on; equal
        where nothing is said.

    Returns
    -------
    ndarray of shape (samples, classes)

    Raises
    ------
    DataError
        For an unknown rule, "weighted" without weights, or probabilities of another shape.

    References
    ----------
    Kittler, Hatef, Duin & Matas (1998), On combining classifiers, doi:10.1109/34.667881.

    Examples
    --------
    >>> from mmlib.fusion.rules import combine
    >>> proba = [[[0.6, 0.4]], [[0.3, 0.7]]]  # of two modalities on one sample
    >>> combine(proba, "mean").round(2).tolist()
    [[0.45, 0.55]]
    >>> combine(proba, "product").round(2).tolist()  # 0.18 against 0.28
    [[0.39, 0.61]]
    """
    proba = np.asarray(proba, float)
    if proba.ndim != 3:
        raise DataError(
            f"The probabilities have shape {proba.shape}: give (modalities, samples, classes)."
        )
    average = proba.mean(0)
    if rule == "mean":
        return average
    if rule == "weighted" and weights is not None:
        return np.tensordot(np.asarray(weights, float), proba, 1)
    if rule == "product":
        prior = np.ones(proba.shape[2]) if prior is None else np.asarray(prior, float)
        logs = floored_log(proba).sum(0) - (len(proba) - 1) * np.log(prior)
        product = np.exp(logs - logs.max(1, keepdims=True))
        return product / product.sum(1, keepdims=True)
    if rule == "vote":
        votes = np.eye(proba.shape[2])[proba.argmax(2)].sum(0)
        return (votes + average) / (len(proba) + 1)  # the average only decides ties
    raise DataError(
        "The rule 'weighted' needs weights, one for each modality."
        if rule == "weighted"
        else f"rule is {rule!r}: here it must be 'mean', 'weighted', 'product' or 'vote'."
    )


def learn_weights(of_truth, steps=1000, tolerance=1e-9):
    """Weights of the modalities that make the truth most probable in the weighted mean.

    Parameters
    ----------
    of_truth : array-like of shape (modalities, samples)
        The probability that each modality gave to the true class, on samples that its
        model was not fitted to.
    steps : int
        At most.
    tolerance : float
        Stop when no weight moves more.

    Returns
    -------
    ndarray of shape (modalities,)
        At least 0, and they add up to 1.

    Notes
    -----
    Each step gives every modality the share of the credit it earns (expectation
    maximization for the weights of a mixture). The log-loss never rises, and it has no
    second valley.

    Examples
    --------
    >>> from mmlib.fusion.rules import learn_weights
    >>> learn_weights([[0.9, 0.8, 0.9], [0.2, 0.2, 0.2]]).round(2).tolist()
    [1.0, 0.0]
    >>> learn_weights([[0.9, 0.2], [0.2, 0.9]]).round(2).tolist()
    [0.5, 0.5]
    """
    of_truth = np.maximum(np.asarray(of_truth, float), FLOOR)
    weights = np.full(len(of_truth), 1 / len(of_truth))
    for _ in range(steps):
        credit = weights[:, None] * of_truth
        before, weights = weights, (credit / credit.sum(0)).mean(1)
        if abs(weights - before).max() < tolerance:
            break
    return weights


def weights_by_squares(errors):
    """Weights for predictions of a quantity: those of the smallest squared error.

    Parameters
    ----------
    errors : array-like of shape (modalities, samples)
        Predicted minus measured, on samples that the model was not fitted to.

    Returns
    -------
    ndarray of shape (modalities,)
        At least 0, and they add up to 1.

    Examples
    --------
    >>> from mmlib.fusion.rules import weights_by_squares
    >>> weights_by_squares([[1.0, -1.0, 0.0], [0.0, 0.0, 2.0]]).round(2).tolist()
    [0.67, 0.33]
    """
    errors = np.asarray(errors, float)
    errors = errors / (np.sqrt((errors**2).sum(1)).max() or 1.0)
    heavy = np.full(len(errors), 1e4)  # a row that holds the sum of the weights at 1
    weights, _ = nnls(np.vstack([errors.T, heavy]), np.r_[np.zeros(errors.shape[1]), 1e4])
    return weights / weights.sum()


class Stacker(BaseEstimator):
    """A rule that is learned: logistic regression on the logarithms of all probabilities.

    Attributes
    ----------
    inner_ : LogisticRegression, or None
        None where only one class was there to learn from: then the mean is taken.

    References
    ----------
    Wolpert (1992), stacked generalization, doi:10.1016/S0893-6080(05)80023-1.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.rules import Stacker
    >>> stated = np.array([[[0.9, 0.1], [0.8, 0.2]] * 20])  # one modality, always for the first
    >>> stacker = Stacker().fit(stated, np.array([0, 1] * 20))  # right where it is surer
    >>> stacker.transform(stated)[:2].argmax(1).tolist()
    [0, 1]
    """

    def fit(self, proba, truth):
        """Fit on probabilities, (modalities, samples, classes), and true columns."""
        several = len(np.unique(truth)) > 1
        # To the end, on every machine; "newton-cholesky" takes a minute with 50 classes.
        stacker = LogisticRegression(solver="newton-cg", tol=1e-8, max_iter=1000)
        self.inner_ = stacker.fit(self._columns(proba), truth) if several else None
        return self

    def transform(self, proba):
        """Probabilities, (samples, classes); a class not in `truth` keeps its mean probability."""
        mean = combine(proba, "mean")
        if self.inner_ is not None:
            seen = np.isin(np.arange(mean.shape[1]), self.inner_.classes_)
            share = 1.0 if seen.all() else mean[:, seen].sum(1, keepdims=True)
            mean[:, seen] = share * self.inner_.predict_proba(self._columns(proba))
        return mean

    def _columns(self, proba):
        return np.hstack(list(floored_log(proba)))


class Calibrator(BaseEstimator):
    """Make stated probabilities honest, by scikit-learn's `CalibratedClassifierCV`.

    Parameters
    ----------
    method : {"temperature", "sigmoid", "isotonic"}
        "temperature" raises all probabilities to one power (Guo et al. 2017); "sigmoid"
        fits a logistic curve for each class against the rest (Platt 1999); "isotonic" a
        rising staircase (Zadrozny & Elkan 2002), for a thousand samples or more.

    References
    ----------
    doi:10.48550/arXiv.1706.04599, doi:10.1145/775047.775151.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.rules import Calibrator
    >>> stated = np.log([[0.99, 0.01]] * 5)  # sure five times, and right four times
    >>> honest = Calibrator("temperature").fit(stated, np.array([0, 0, 0, 0, 1]))
    >>> honest.transform(stated)[0].round(2).tolist()
    [0.8, 0.2]
    """

    def __init__(self, method="temperature"):
        self.method = method

    def fit(self, logs, truth):
        """Fit on logarithms of probabilities, (samples, classes), and true columns."""
        self.present_ = np.isin(np.arange(logs.shape[1]), truth)
        self.inner_ = None
        if self.present_.sum() > 1:
            once = [(np.arange(len(truth)),) * 2]  # these samples were held out already
            given = _Given(self.method)
            inner = CalibratedClassifierCV(given, method=self.method, cv=once, ensemble=False)
            self.inner_ = inner.fit(logs[:, self.present_], truth)
        return self

    def transform(self, logs):
        """Calibrated probabilities; a class that was not in `truth` keeps its own."""
        proba = np.exp(logs)
        proba /= proba.sum(1, keepdims=True)
        if self.inner_ is not None:
            share = proba[:, self.present_].sum(1, keepdims=True)
            proba[:, self.present_] = share * self.inner_.predict_proba(logs[:, self.present_])
        return proba


class _Given(ClassifierMixin, BaseEstimator):
    """A classifier that has nothing to learn: its scores are what it is given."""

    def __init__(self, method):
        self.method = method

    def fit(self, logs, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, logs):
        return self.classes_[logs.argmax(1)]

    def decision_function(self, logs):
        if self.method == "sigmoid":  # one class against the rest needs its log-odds
            logs = logs - np.log(-np.expm1(np.minimum(logs, -FLOOR)))
        return logs[:, 1] - logs[:, 0] if logs.shape[1] == 2 else logs


def floored_log(proba):
    """Logarithm of probabilities, of `FLOOR` where they are smaller."""
    return np.log(np.maximum(proba, FLOOR))
