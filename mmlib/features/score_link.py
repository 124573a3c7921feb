"""From scores of classes to probabilities, learned on rows that were left out."""

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline

from ..base import varies
from .ridge_left_out import SHARPNESS, log_losses, standard_error

FOLDS = 5
ROWS = 5  # for each class, on average, below which nothing is turned


class ScoreLink(BaseEstimator):
    """Sharpen scores, or turn them by a discriminant analysis where that is shown to be better.

    Sharpened scores keep their order: the largest is the class that is told. A discriminant
    analysis with a multinomial logistic regression on its axes sees a class that lies between
    two others, too, but with few rows it learns what is not there. So it is taken only if it
    gains more than one standard error on rows that it has not seen.

    Attributes
    ----------
    sharpness_ : float
        What scores are multiplied with.
    turned_ : Pipeline or None
        The discriminant analysis and the regression, or None for sharpened scores.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.score_link import ScoreLink
    >>> said = np.eye(2)[[0, 1] * 5] + 0.1
    >>> link = ScoreLink().fit(said, np.array([0, 1] * 5))
    >>> link.decision_function(said[:2]).argmax(1).tolist()
    [0, 1]
    """

    def fit(self, said, codes, groups=None):
        """Fit on scores (samples, classes) of rows left out, and on their true columns."""
        target = np.eye(said.shape[1])[codes]
        sharpened = [log_losses(said, target, [s]) for s in SHARPNESS]
        best = int(np.argmin([each.mean() for each in sharpened]))
        self.sharpness_, self.turned_ = float(SHARPNESS[best]), None
        regression = LogisticRegression(solver="newton-cg", tol=1e-8, max_iter=10_000)
        turned = make_pipeline(LinearDiscriminantAnalysis(), regression)
        losses = _unseen(turned, said, codes, np.arange(len(codes)) if groups is None else groups)
        if losses is not None:
            gain = sharpened[best] - losses
            if gain.mean() > standard_error(gain, groups):
                self.turned_ = turned.fit(said, codes)
        return self

    def decision_function(self, scores):
        """Logarithms of the probabilities, up to a constant, shape (samples, classes)."""
        if self.turned_ is None:
            return self.sharpness_ * scores
        scores = self.turned_.decision_function(scores)
        return np.column_stack([-scores, scores]) / 2 if scores.ndim == 1 else scores


def _within(said, codes):
    """Scores around the mean of their class."""
    classes, codes = np.unique(codes, return_inverse=True)
    means = np.stack([said[codes == k].mean(0) for k in range(len(classes))])
    return said - means[codes]


def _unseen(model, said, codes, groups):
    """Losses of rows that the model was not fitted to; None where there are too few."""
    pairs = np.unique(np.column_stack([codes, np.unique(groups, return_inverse=True)[1]]), axis=0)
    fewest = np.bincount(pairs[:, 0]).min()
    if fewest < 2 or len(codes) < ROWS * said.shape[1]:
        return None
    losses = np.empty(len(codes))
    folds = StratifiedGroupKFold(min(FOLDS, fewest), shuffle=True, random_state=0)
    for train, test in folds.split(said, codes, groups):
        spread = _within(said[train], codes[train])
        if len(np.unique(codes[train])) < said.shape[1] or not varies(spread).any():
            return None
        proba = clone(model).fit(said[train], codes[train]).predict_proba(said[test])
        own = proba[np.arange(len(test)), codes[test]]
        losses[test] = 0.01 - np.log(np.maximum(own, 1e-12))
    return losses
