"""Decisions for uneven classes: a rare class is named where its probability is unusually high.

The most probable class is the best bet for accuracy. Where nine of ten samples are sound, that is
nearly always "sound", whatever a model has learned of the others; so by balanced accuracy such a
model guesses. For balanced accuracy the best bet is the class whose probability is largest in
proportion to its share of the training samples. Probabilities stay as they are.
"""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from ..base import fit_options
from .roles import Ladder

UNEVEN = 1.25  # the most frequent class, against what it would have if all were alike


def is_uneven(y):
    """Whether the most frequent class is a quarter more frequent than if all were alike.

    Examples
    --------
    >>> from mmlib.fusion.balanced import is_uneven
    >>> is_uneven([0, 0, 1, 1]), is_uneven([0, 0, 0, 1])
    (False, True)
    """
    counts = np.unique(y, return_counts=True)[1]
    return bool(counts.max() > UNEVEN * counts.mean())


def as_if_even(proba, shares):
    """What the probabilities would be if all classes were equally frequent.

    Parameters
    ----------
    proba : array of shape (..., classes)
    shares : array of shape (classes,)
        How much of the training samples each class is.

    Returns
    -------
    ndarray of the shape of `proba`

    Examples
    --------
    A probability of one in four is much for a class that one in ten samples has:

    >>> from mmlib.fusion.balanced import as_if_even
    >>> as_if_even([0.75, 0.25], shares=[0.9, 0.1])
    array([0.25, 0.75])
    """
    even = np.asarray(proba, float) / np.asarray(shares, float)
    return even / even.sum(-1, keepdims=True)


class BalancedDecision(ClassifierMixin, BaseEstimator):
    """A classifier that decides for balanced accuracy, with the probabilities of another.

    Parameters
    ----------
    model : classifier with ``predict_proba``

    Attributes
    ----------
    model_ : fitted classifier
    classes_ : ndarray of shape (classes,)
    shares_ : ndarray of shape (classes,)
        How much of the training samples each class is.

    References
    ----------
    Menon, Narasimhan, Agarwal & Chawla (2013), On the statistical consistency of algorithms for
    binary classification under class imbalance, ICML, https://proceedings.mlr.press/v28/menon13a.html

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from mmlib.fusion.balanced import BalancedDecision
    >>> x, y = np.r_[np.zeros(9), 1, 1, 1].reshape(-1, 1), np.r_[np.zeros(10, int), 1, 1]
    >>> model = LogisticRegression(solver="newton-cholesky")
    >>> model.fit(x, y).predict([[1]]), BalancedDecision(model).fit(x, y).predict([[1]])
    (array([0]), array([1]))
    """

    def __init__(self, model):
        self.model = model

    def fit(self, X, y, groups=None):
        """Fit the model; groups go to it if it takes them."""
        self.model_ = clone(self.model).fit(X, y, **fit_options(self.model, groups))
        self.classes_, counts = np.unique(y, return_counts=True)
        self.shares_ = counts / counts.sum()
        return self

    @available_if(lambda self: hasattr(getattr(self, "model_", self.model), "predict_proba"))
    def predict_proba(self, X):
        """Probabilities of the model as they are, shape (samples, classes)."""
        check_is_fitted(self)
        return self.model_.predict_proba(X)

    def predict(self, X):
        """The class whose probability is largest in proportion to its share in training."""
        return self.classes_[as_if_even(self.predict_proba(X), self.shares_).argmax(1)]


def balanced(models, y):
    """The models, deciding for balanced accuracy where the classes are uneven.

    Parameters
    ----------
    models : Ladder or mapping of str to classifier
        Those without probabilities stay as they are.
    y : array of shape (samples,)
        Labels of all samples.

    Returns
    -------
    Ladder
        The models as they are where classes are even.

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from mmlib.fusion.balanced import balanced
    >>> balanced({"x only": GaussianNB()}, [0, 0, 0, 1])
    {'x only': BalancedDecision(model=GaussianNB())}
    """
    if is_uneven(y):
        wrapped = {
            name: BalancedDecision(model) if hasattr(model, "predict_proba") else model
            for name, model in models.items()
        }
        return Ladder(wrapped, getattr(models, "presets", {}))
    return models
