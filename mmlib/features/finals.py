"""The models that stand at the end of the baselines, with the usual settings."""

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from ..base import DataError


class Compress(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Principal components, *at most* so many.

    scikit-learn's PCA refuses more components than samples or columns; a
    default that has to work on any study cannot know either number beforehand.

    Parameters
    ----------
    n_components : int
        Components at most; fewer when there are fewer training samples or columns.
    random_state : int, optional
        For the randomized solver, which PCA chooses for large tables.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.finals import Compress
    >>> Compress(20).fit_transform(np.eye(4)).shape
    (4, 3)
    """

    def __init__(self, n_components=20, random_state=None):
        self.n_components = n_components
        self.random_state = random_state

    def fit(self, X, y=None):
        """Find the components of X, shape (samples, columns)."""
        from sklearn.decomposition import PCA

        X = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        most = min(self.n_components, len(X) - 1, X.shape[1])  # n centered rows span n - 1
        self.pca_ = PCA(most, random_state=self.random_state).fit(X)
        self._n_features_out = most
        return self

    def transform(self, X):
        """Scores, shape (samples, components)."""
        check_is_fitted(self)
        return self.pca_.transform(validate_data(self, X, dtype=np.float64, reset=False))


def finals(task="classification", n_components=20, random_state=0):
    """Three usual ways to end a pipeline of scaled columns.

    Parameters
    ----------
    task : {"classification", "regression"}
    n_components : int
        Principal components, at most, before the linear model.
    random_state : int

    Returns
    -------
    dict of str to list
        Name -> unfitted steps: a support vector machine, a random forest, and
        a linear model on principal components.

    Raises
    ------
    DataError
        For an unknown task.

    Examples
    --------
    >>> from mmlib.features.finals import finals
    >>> list(finals())
    ['SVM', 'random forest', 'LDA on PCA']
    """
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.linear_model import RidgeCV
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC, SVR

    pca = Compress(n_components, random_state=random_state)
    if task == "classification":
        return {
            "SVM": [SVC(random_state=random_state)],
            "random forest": [RandomForestClassifier(200, random_state=random_state)],
            "LDA on PCA": [pca, LinearDiscriminantAnalysis()],
        }
    if task == "regression":
        # A support vector machine counts errors in units of y, so y is scaled, too.
        svr = TransformedTargetRegressor(SVR(), transformer=StandardScaler())
        return {
            "SVM": [svr],
            "random forest": [
                RandomForestRegressor(200, max_features="sqrt", random_state=random_state)
            ],
            "ridge on PCA": [pca, RidgeCV(np.logspace(-3, 5, 17))],
        }
    raise DataError(f"task is {task!r}: it must be 'classification' or 'regression'.")
