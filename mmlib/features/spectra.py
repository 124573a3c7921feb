"""Spectra: the classifier chemometrics is missing in scikit-learn, and ready baselines.

Preprocessing is not written again here, chemotools has it: scatter correction
(`StandardNormalVariate`, `MultiplicativeScatterCorrection`), derivatives
(`SavitzkyGolay`), baselines (`AirPls`, `ArPls`, `PolynomialCorrection`). Almost
all of it treats each spectrum by itself. Multiplicative scatter correction does
not: its reference is the mean spectrum of what it was fitted on, so it belongs
inside the pipeline, where every fold computes its own reference.
"""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from ..data import DataError, Select


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
    n_components : int
        Latent variables at most; fewer when there are fewer training samples
        (less one) or columns.
    scale : bool
        Divide each column by its standard deviation first.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,)
    n_components_ : int
        Latent variables used.
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
    >>> from mmlib.features.spectra import PLSDA
    >>> spectra = np.array([[1.0, 2, 3], [1, 2, 4], [3, 2, 1], [4, 2, 1]])
    >>> model = PLSDA(n_components=1).fit(spectra, ["rising", "rising", "falling", "falling"])
    >>> model.predict([[2, 3, 4]]).tolist()
    ['rising']
    """

    def __init__(self, n_components=12, scale=False):
        self.n_components = n_components
        self.scale = scale

    def fit(self, X, y):
        """Fit on spectra of shape (samples, bands) and their class labels."""
        from sklearn.cross_decomposition import PLSRegression
        from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

        X, y = validate_data(self, X, y, dtype=np.float64, ensure_min_samples=2)
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise DataError(
                f"PLS-DA was given one class only ({self.classes_[0]!s}): "
                "there is nothing to tell apart; add samples of another class."
            )
        most = min(len(X) - 1, X.shape[1], np.linalg.matrix_rank(X - X.mean(0)))
        self.n_components_ = int(min(self.n_components, most))
        if self.n_components_ < 1:
            raise DataError(
                f"PLS-DA cannot find a latent variable: n_components is {self.n_components} and "
                f"the {len(X)} training rows span {most} direction(s); they must differ."
            )
        one_hot = (y[:, None] == self.classes_).astype(float)
        self.pls_ = PLSRegression(self.n_components_, scale=self.scale, max_iter=5000, tol=1e-10)
        scores = self.pls_.fit(X, one_hot).transform(X)
        self.lda_ = LinearDiscriminantAnalysis().fit(scores, y)
        return self

    def transform(self, X):
        """Scores, shape (samples, n_components_)."""
        check_is_fitted(self)
        return self.pls_.transform(validate_data(self, X, dtype=np.float64, reset=False))

    def decision_function(self, X):
        """Discriminant values, as scikit-learn's linear discriminant analysis gives them."""
        return self.lda_.decision_function(self.transform(X))

    def predict_proba(self, X):
        """Probabilities, shape (samples, classes), columns in the order of `classes_`."""
        return self.lda_.predict_proba(self.transform(X))

    def predict(self, X):
        """The most probable class of each sample."""
        return self.lda_.predict(self.transform(X))


def spectrum_steps(derivative=1, window_length=11):
    """The preprocessing of the baselines: derivative, scatter correction, scaling.

    A derivative removes an offset, the standard normal variate offset and gain (each
    spectrum by itself); the scaling of each band is fitted on the training part.

    Parameters
    ----------
    derivative : int
        Order of the Savitzky-Golay derivative; 0 leaves this step out.
    window_length : int
        Width of its window in bands.

    Returns
    -------
    list of transformers
        Fresh ones, each takes (samples, bands) and returns the same shape.

    References
    ----------
    Savitzky & Golay (1964), doi:10.1021/ac60214a047; Barnes, Dhanoa & Lister
    (1989), standard normal variate, doi:10.1366/0003702894202201.

    Examples
    --------
    >>> from mmlib.features.spectra import spectrum_steps
    >>> [type(step).__name__ for step in spectrum_steps()]
    ['SavitzkyGolay', 'StandardNormalVariate', 'StandardScaler']
    """
    from chemotools.derivative import SavitzkyGolay
    from chemotools.scatter import StandardNormalVariate
    from sklearn.preprocessing import StandardScaler

    smooth = SavitzkyGolay(window_length=window_length, polyorder=2, deriv=derivative)
    return [*([smooth] if derivative else []), StandardNormalVariate(), StandardScaler()]


def spectrum_baselines(modality="spectrum", task="classification", random_state=0):
    """Models that see the spectrum only.

    Parameters
    ----------
    modality : str
        Which entry of the mapping `X` is the spectrum.
    task : {"classification", "regression"}
    random_state : int
        For the random forest and the principal components.

    Returns
    -------
    dict of str to sklearn.pipeline.Pipeline
        Unfitted; each takes the whole mapping `X`.

    Raises
    ------
    DataError
        For an unknown task.

    Examples
    --------
    >>> from mmlib.features.spectra import spectrum_baselines
    >>> list(spectrum_baselines())
    ['PLS-DA', 'SVM', 'random forest', 'LDA on PCA']
    >>> list(spectrum_baselines(task="regression"))
    ['PLS', 'SVM', 'random forest', 'ridge on PCA']
    """
    from sklearn.cross_decomposition import PLSRegression
    from sklearn.pipeline import make_pipeline

    from .finals import finals

    usual = finals(task, 20, random_state)
    if task == "classification":
        models = {"PLS-DA": [PLSDA()], **usual}
    else:
        models = {"PLS": [PLSRegression(10, scale=False)], **usual}
    return {
        name: make_pipeline(Select(modality), *spectrum_steps(), *last)
        for name, last in models.items()
    }
