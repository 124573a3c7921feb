"""Ridge regression on blocks of columns, more columns than samples if need be.

How much is shrunk, and which blocks count how much, is chosen where each sample (or each
whole group of samples) is predicted by all the others. For ridge regression that needs no
refitting: what is left out can be taken out of one fit by a formula (`held_out`).
"""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.kernel_approximation import Nystroem
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from ..base import DataError, all_or_nothing, varies
from .block_weights import choose_penalty, choose_weights
from .ridge_left_out import log_losses, squared_errors
from .score_link import ScoreLink

PENALTIES = tuple(10.0 ** np.arange(1, -5.5, -0.5))
LANDMARKS = 1000  # training rows, at most, that stand for all in a Gaussian kernel


class Centered(BaseEstimator):
    """A block around its mean and, if `scale`, with a total variance of 1."""

    def fit(self, x, y=None, scale=False):
        self.center_ = x.mean(0)
        self.scale_ = np.sqrt(x.var(0).sum()) if scale and varies(x).any() else 1.0
        return self

    def transform(self, x):
        return (x - self.center_) / self.scale_


class _BlockRidge(BaseEstimator):
    """What the classifier and the regressor share: from blocks to fitted numbers."""

    def __init__(self, blocks=None, weights="chosen", penalties=PENALTIES, rows=300):
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
        self.steps_ = {name: [Centered().fit(x, scale=True)] for name, x in tables.items()}
        tables = self._prepared(tables)
        if self.weights == "chosen":
            chosen = choose_weights(
                tables, target, groups, self.penalties, self.rows, self._misfits
            )
        else:
            given = dict.fromkeys(tables, 1) if self.weights is None else self.weights
            chosen = {name: (given.get(name, 0), None) for name in tables}
        total = sum(weight for weight, _ in chosen.values())
        self.weights_ = {name: chosen[name][0] / total for name in tables}
        self.bends_ = {name: chosen[name][1] for name in tables}
        for name, x in tables.items():
            if self.weights_[name] and self.bends_[name] is not None:
                landmarks = min(len(x), LANDMARKS)
                bend = Nystroem(gamma=self.bends_[name], n_components=landmarks, random_state=0)
                bent = bend.fit_transform(x)
                self.steps_[name] += [bend, Centered().fit(bent)]
                tables[name] = self.steps_[name][-1].transform(bent)
        used = [name for name, weight in self.weights_.items() if weight]
        Z = np.hstack([np.sqrt(self.weights_[name]) * tables[name] for name in used])
        self.intercept_ = target.mean(0)
        self.penalty_, self.loss_, coef, said = choose_penalty(
            Z, target, groups, self.penalties, self._misfits
        )
        ends = np.cumsum([tables[name].shape[1] for name in used])
        parts = zip(used, np.split(coef, ends[:-1]), strict=True)
        self.coef_ = {name: np.sqrt(self.weights_[name]) * part for name, part in parts}
        return said

    def _scores(self, X):
        check_is_fitted(self, "coef_")
        tables = self._prepared(self._tables(X, self.coef_))
        return self.intercept_ + sum(tables[name] @ coef for name, coef in self.coef_.items())

    def _prepared(self, tables):
        for name, x in tables.items():
            for step in self.steps_[name]:
                x = step.transform(x)
            tables[name] = x
        return tables

    def _tables(self, X, names=None):
        if not hasattr(X, "items"):
            X = {"table": X}
        names = list(names or self.blocks or X)
        absent = [name for name in names if name not in X]
        if absent:
            raise DataError(f"There is no block {absent[0]!r} here: X has {', '.join(X)}.")
        return {name: np.asarray(X[name], float) for name in names}


class BlockRidgeClassifier(ClassifierMixin, _BlockRidge):
    """Ridge regression on classes, with the penalty and the weights of blocks chosen inside.

    Each class is a column of zeros and ones. The scores that rows get while they are left out
    teach a `ScoreLink`, which turns scores into probabilities.

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
        Weights are chosen on so many rows at most (of all groups), which bounds the time.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,)
    weights_ : dict of str to float
        Their sum is 1; 0 is a block that is left out.
    bends_ : dict of str to float or None
        Gamma of a block's Gaussian kernel, where that was chosen over a straight one.
    penalty_ : float
    loss_ : float
        On rows left out: mean negative logarithm of the true class's probability; of the
        regressor, mean squared error in units of the variance.
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
    >>> model.score(X, y), sorted(model.weights_)
    (1.0, ['noise', 'wide'])
    """

    _misfits = staticmethod(log_losses)

    def fit(self, X, y, groups=None):
        """Fit on a mapping of blocks (or one table); groups are left out as a whole."""
        with all_or_nothing(self):
            check_classification_targets(y)
            self.classes_, codes = np.unique(y, return_inverse=True)
            if len(self.classes_) < 2:
                raise DataError(f"y holds one class only ({self.classes_[0]!s}): add another.")
            if groups is not None:  # none of a class would be left
                pairs = np.unique(
                    np.stack([codes, np.unique(groups, return_inverse=True)[1]]), axis=1
                )
                groups = None if np.bincount(pairs[0]).min() < 2 else groups
            said = self._fit(X, np.eye(len(self.classes_))[codes], groups)
            self.link_ = ScoreLink().fit(said, codes, groups)
        return self

    def decision_function(self, X):
        """Logarithms of the probabilities, up to a constant, shape (samples, classes)."""
        return self.link_.decision_function(self._scores(X))

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

    _misfits = staticmethod(squared_errors)

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
