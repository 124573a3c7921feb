"""Partial least squares for a quantity and for classes, with no more components than there are.

scikit-learn has `PLSRegression`, which refuses more latent variables than samples or
columns, and no discriminant analysis. How many there are is chosen inside the training part.
"""

import numpy as np
from sklearn.base import (
    BaseEstimator,
    ClassifierMixin,
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
)
from sklearn.cross_decomposition import PLSRegression
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.preprocessing import StandardScaler
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from ..base import DataError
from .held_out import latent_variables

MOST = 20  # latent variables to choose from


class PLS(PLSRegression):
    """scikit-learn's `PLSRegression`, with fewer latent variables where the table has fewer.

    Parameters
    ----------
    n_components : int, optional
        Latent variables at most; fewer when there are fewer training samples (less one)
        or columns that differ. None: chosen from 1 to 20 by errors on samples held out, whole
        groups where `fit` is given groups, see `mmlib.features.held_out`.
    scale : bool
        Divide each column by its standard deviation first.

    Attributes
    ----------
    choice_ : str
        How many latent variables were used, and how that came about.
    x_weights_ : ndarray of shape (columns, latent variables used)
        And all others of `sklearn.cross_decomposition.PLSRegression`.

    Raises
    ------
    DataError
        When no latent variable can be found.

    References
    ----------
    Wold, Sjostrom & Eriksson (2001), PLS-regression: a basic tool of chemometrics,
    doi:10.1016/S0169-7439(01)00155-1.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features import PLS
    >>> five_bands = np.random.default_rng(0).normal(size=(30, 5))
    >>> PLS(n_components=10).fit(five_bands, five_bands.sum(1)).x_weights_.shape
    (5, 5)
    """

    def __init__(self, n_components=None, scale=False):
        super().__init__(n_components=n_components, scale=scale, max_iter=5000, tol=1e-10)

    def fit(self, X, y, groups=None):
        """Fit on a table of shape (samples, columns) and one quantity, or several.

        `groups`, of shape (samples,), say which samples are held out together.
        """
        X, y = validate_data(
            self, X, y, dtype=np.float64, multi_output=True, y_numeric=True, ensure_min_samples=2
        )
        wanted = self.n_components
        try:
            self.n_components, self.choice_ = _how_many(
                wanted, X, np.asarray(y, float), groups, self.scale
            )
            return super().fit(X, y)
        finally:
            self.n_components = wanted


class PLSDA(ClassifierMixin, TransformerMixin, BaseEstimator):
    """Partial least squares discriminant analysis.

    Each class becomes a column of zeros and ones, partial least squares finds
    the directions of the spectra that vary with these columns, and linear
    discriminant analysis decides in the space of their scores. Deciding by the
    largest predicted column, which is common, treats regression values as if
    they were probabilities; they can be negative. The probabilities here are
    those of the discriminant analysis: a Gaussian for each class, one common
    covariance, the class shares of the training set as prior.

    Parameters
    ----------
    n_components : int, optional
        Latent variables at most; fewer when there are fewer training samples
        (less one) or columns. None: chosen from 1 to 20 by wrong answers on samples held out,
        whole groups where `fit` is given groups, see `mmlib.features.held_out`.
    scale : bool
        Divide each column by its standard deviation first.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,)
    choice_ : str
        How many latent variables were used, and how that came about.
    n_components_ : int
        Latent variables used: those that were found and are wanted.
    pls_ : sklearn.cross_decomposition.PLSRegression
    lda_ : sklearn.discriminant_analysis.LinearDiscriminantAnalysis

    Raises
    ------
    DataError
        When there is only one class, or no latent variable can be found.

    References
    ----------
    Barker & Rayens (2003), Partial least squares for discrimination, Journal of
    Chemometrics 17, 166-173, doi:10.1002/cem.785.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features import PLSDA
    >>> spectra = np.array([[1.0, 2, 3], [1, 2, 4], [3, 2, 1], [4, 2, 1]])
    >>> model = PLSDA(n_components=1).fit(spectra, ["rising", "rising", "falling", "falling"])
    >>> model.predict([[2, 3, 4]]).tolist()
    ['rising']
    """

    def __init__(self, n_components=None, scale=False):
        self.n_components = n_components
        self.scale = scale

    def fit(self, X, y, groups=None):
        """Fit on spectra of shape (samples, bands) and their class labels.

        `groups`, of shape (samples,), say which samples are held out together.
        """

        X, y = validate_data(self, X, y, dtype=np.float64, ensure_min_samples=2)
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise DataError(
                f"PLS-DA was given one class only ({self.classes_[0]!s}): "
                "there is nothing to tell apart; add samples of another class."
            )
        one_hot = (y[:, None] == self.classes_).astype(float)
        codes = one_hot.argmax(1)
        used, self.choice_ = _how_many(self.n_components, X, codes, groups, self.scale)
        self.pls_ = PLSRegression(used, scale=self.scale, max_iter=5000, tol=1e-10)
        self.pls_.fit(X, one_hot)
        # Where nothing is left to explain, the weights of the remaining ones stay zero.
        self.n_components_ = int(self.pls_.x_weights_.any(0).sum())
        self.lda_ = LinearDiscriminantAnalysis().fit(self.transform(X), y)
        return self

    def transform(self, X):
        """Scores, shape ``(samples, n_components_)``."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return self.pls_.transform(X)[:, : self.n_components_]

    def decision_function(self, X):
        """Discriminant values, as scikit-learn's linear discriminant analysis gives them."""
        return self.lda_.decision_function(self.transform(X))

    def predict_proba(self, X):
        """Probabilities, shape (samples, classes), columns in the order of `classes_`."""
        return self.lda_.predict_proba(self.transform(X))

    def predict(self, X):
        """The most probable class of each sample."""
        return self.lda_.predict(self.transform(X))


def _how_many(n_components, X, y, groups, scale):
    """As many latent variables as wanted or chosen, or as the rows of X span directions."""
    if n_components is not None:
        used = _at_most(n_components, X)
        return used, f"{used} latent variables, as told"
    most = _at_most(MOST, X)
    scaled = StandardScaler(with_std=scale).fit_transform(X)
    return latent_variables(scaled, y, groups, most)


def _at_most(n_components, X):
    """As many latent variables as wanted, or as the rows of X span directions."""
    most = min(len(X) - 1, X.shape[1], np.linalg.matrix_rank(X - X.mean(0)))
    if min(n_components, most) < 1:
        raise DataError(
            f"PLS cannot find a latent variable: n_components is {n_components} and "
            f"the {len(X)} training rows span {most} direction(s); they must differ."
        )
    return int(min(n_components, most))


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
    >>> from mmlib.features.decomposition import Compress
    >>> Compress(20).fit_transform(np.eye(4)).shape
    (4, 3)
    """

    def __init__(self, n_components=20, random_state=None):
        self.n_components = n_components
        self.random_state = random_state

    def fit(self, X, y=None):
        """Find the components of X, shape (samples, columns)."""

        X = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        most = min(self.n_components, len(X) - 1, X.shape[1])  # n centered rows span n - 1
        self.pca_ = PCA(most, random_state=self.random_state).fit(X)
        self._n_features_out = most
        return self

    def transform(self, X):
        """Scores, shape (samples, components)."""
        check_is_fitted(self)
        return self.pca_.transform(validate_data(self, X, dtype=np.float64, reset=False))
