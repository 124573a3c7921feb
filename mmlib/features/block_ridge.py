"""Ridge regression on blocks of columns, more columns than samples if need be.

How much is shrunk, and which blocks count how much, is chosen where each sample (or each
whole group of samples) is predicted by all the others. For ridge regression that needs no
refitting: what is left out can be taken out of one fit by a formula (`held_out`).
"""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from ..base import DataError, all_or_nothing
from .block_weights import Blocked, choose_penalty, choose_weights

PENALTIES = tuple(10.0 ** np.arange(1, -5.5, -0.5))


class _BlockRidge(BaseEstimator):
    """What the classifier and the regressor share: from blocks to fitted numbers."""

    def __init__(self, blocks=None, weights="chosen", penalties=PENALTIES, rows=400):
        self.blocks = blocks
        self.weights = weights
        self.penalties = penalties
        self.rows = rows

    def _fit(self, X, target, groups):
        """Fit to numbers of shape (samples, targets); returns what is said of rows held out."""
        tables = self._tables(X)
        if len(target) < 2 or any(len(table) != len(target) for table in tables.values()):
            raise DataError(
                f"{type(self).__name__} needs two samples or more, and a row in each block for "
                f"each of the {len(target)} values of y."
            )
        groups = None if groups is None else np.unique(groups, return_inverse=True)[1]
        groups = None if groups is None or groups.max() == 0 else groups
        self.blocked_ = Blocked().fit(tables)
        tables = self.blocked_.transform(tables)
        if self.weights == "chosen":
            chosen = choose_weights(tables, target, groups, self.penalties, self.rows)
        else:
            chosen = dict.fromkeys(tables, 1.0) if self.weights is None else dict(self.weights)
        total = sum(chosen.values())
        self.weights_ = {name: float(chosen.get(name, 0) / total) for name in tables}
        Z = np.hstack([np.sqrt(w) * tables[name] for name, w in self.weights_.items() if w])
        self.intercept_ = target.mean(0)
        self.penalty_, self.loss_, coef, said = choose_penalty(Z, target, groups, self.penalties)
        ends = np.cumsum([tables[name].shape[1] for name, w in self.weights_.items() if w])
        parts = iter(np.split(coef, ends[:-1]))
        self.coef_ = {name: np.sqrt(w) * next(parts) for name, w in self.weights_.items() if w}
        return said

    def _scores(self, X):
        check_is_fitted(self, "coef_")
        tables = self.blocked_.transform(self._tables(X, self.coef_), self.coef_)
        return self.intercept_ + sum(tables[name] @ coef for name, coef in self.coef_.items())

    def _tables(self, X, names=None):
        if not hasattr(X, "items"):
            X = {"table": X}
        names = names or self.blocks or list(X)
        absent = [name for name in names if name not in X]
        if absent:
            raise DataError(f"There is no block {absent[0]!r} here: X has {', '.join(X)}.")
        return {name: np.asarray(X[name], float) for name in names}


class BlockRidgeClassifier(ClassifierMixin, _BlockRidge):
    """Ridge regression on classes, with the penalty and the weights of blocks chosen inside.

    Each class is a column of zeros and ones. The scores that rows get while they are left out
    teach a multinomial logistic regression, which turns scores into probabilities and sees
    a class that lies between two others.

    Parameters
    ----------
    blocks : sequence of str, optional
        Which tables of the mapping `X` to use; all of them where nothing is said.
    weights : "chosen", None, or mapping of str to float
        Of the blocks, each brought to a total variance of 1 before: chosen in the training
        part, all alike, or as given.
    penalties : sequence of float
        To choose from, the largest first; in units of the total variance of all blocks.
    rows : int
        Weights are chosen on so many rows at most (whole groups), which bounds the time.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,)
    weights_ : dict of str to float
        Their sum is 1; 0 is a block that is left out.
    penalty_ : float
    loss_ : float
        Mean squared error on rows left out.
    coef_ : dict of str to ndarray of shape (columns, classes)

    Raises
    ------
    DataError
        For a single class, blocks that are missing, or tables of different lengths.

    References
    ----------
    Golub, Heath & Wahba (1979), leaving out by formula, doi:10.1080/00401706.1979.10489751;
    Dupre la Tour, Eickenberg, Nunez-Elizalde & Gallant (2022), a weight for each block,
    doi:10.1016/j.neuroimage.2022.119728.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.block_ridge import BlockRidgeClassifier
    >>> rng = np.random.default_rng(0)
    >>> y = np.repeat(["raw", "ripe"], 30)
    >>> wide = rng.normal(size=(60, 500)) + 0.5 * (y == "ripe")[:, None]
    >>> X = {"wide": wide, "noise": rng.normal(size=(60, 5))}
    >>> model = BlockRidgeClassifier().fit(X, y)
    >>> model.score(X, y), model.weights_["wide"] > model.weights_["noise"]
    (1.0, True)
    """

    def fit(self, X, y, groups=None):
        """Fit on a mapping of blocks (or one table); groups are left out as a whole."""
        with all_or_nothing(self):
            check_classification_targets(y)
            self.classes_, codes = np.unique(y, return_inverse=True)
            if len(self.classes_) < 2:
                raise DataError(f"y holds one class only ({self.classes_[0]!s}): add another.")
            said = self._fit(X, np.eye(len(self.classes_))[codes], groups)
            # Regularized, so that few rows cannot teach it to be sure.
            self.link_ = LogisticRegression(C=10, tol=1e-8, max_iter=1000).fit(said, codes)
        return self

    def decision_function(self, X):
        """Logarithms of the probabilities, up to a constant, shape (samples, classes)."""
        scores = self.link_.decision_function(self._scores(X))
        return np.column_stack([-scores, scores]) / 2 if scores.ndim == 1 else scores

    def predict_proba(self, X):
        """Probabilities, shape (samples, classes), columns in the order of `classes_`."""
        scores = self.decision_function(X)
        proba = np.exp(scores - scores.max(1, keepdims=True))
        return proba / proba.sum(1, keepdims=True)

    def predict(self, X):
        """The most probable class of each sample."""
        return self.classes_[self.decision_function(X).argmax(1)]


class BlockRidgeRegressor(RegressorMixin, _BlockRidge):
    """Ridge regression on blocks, with the penalty and the weights of blocks chosen inside.

    Parameters, attributes and errors are those of `BlockRidgeClassifier`, as far as they do
    not belong to classes.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.block_ridge import BlockRidgeRegressor
    >>> wide = np.random.default_rng(0).normal(size=(60, 90))
    >>> BlockRidgeRegressor().fit({"wide": wide}, wide[:, :9].sum(1)).predict({"wide": wide}).shape
    (60,)
    """

    def fit(self, X, y, groups=None):
        """Fit on a mapping of blocks (or one table) and one quantity, or several."""
        with all_or_nothing(self):
            y = np.asarray(y, float)
            self.single_ = y.ndim == 1
            y = y.reshape(len(y), -1)
            self.spread_ = np.where(y.std(0) > 0, y.std(0), 1)
            self._fit(X, y / self.spread_, groups)
        return self

    def predict(self, X):
        """Quantities, in the shape of `y` in training."""
        said = self._scores(X) * self.spread_
        return said[:, 0] if self.single_ else said
