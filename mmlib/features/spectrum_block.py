"""Spectra to bands or components, by a pretreatment that the training part chooses."""

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.pipeline import make_pipeline
from sklearn.utils.validation import check_is_fitted, validate_data

from .component_errors import latent, principal
from .decomposition import Compress
from .pretreatments import pretreatments
from .spectrum_choice import PRINCIPAL, Setting, choose_setting

LATENT = tuple(range(1, 16))


class ChosenPretreatment(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Pretreat and scale spectra, as suits partial least squares on this training part.

    None, SNV, log(1/R), MSC, first derivative and SNV after it are tried, each centered and
    autoscaled, with 1 to 15 latent variables, on groups that are held out of the samples it is
    fitted to. The simplest is taken of those whose error is within half a standard error of
    the best. What is put out has as many columns as there are bands. The number of latent
    variables is left to `PLS` or `PLSDA` behind it.

    Parameters
    ----------
    random_state : int
        Of the folds.

    Attributes
    ----------
    pretreatment_ : str
    autoscaled_ : bool
    choice_ : str
        The same as a sentence, with how it came about.

    References
    ----------
    Rinnan, van den Berg & Engelsen (2009), doi:10.1016/j.trac.2009.07.007.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.features import ChosenPretreatment
    >>> leaves = mmlib.make_leaves(n_plants=30)
    >>> chosen = ChosenPretreatment().fit(leaves.X["spectrum"], leaves.y, leaves.groups)
    >>> chosen.transform(leaves.X["spectrum"]).shape
    (150, 211)
    """

    _scores, _counts = staticmethod(latent), LATENT

    def __init__(self, random_state=0):
        self.random_state = random_state

    def fit(self, X, y=None, groups=None):
        """Choose, and fit what was chosen.

        Parameters
        ----------
        X : array of shape (samples, bands)
        y : array of shape (samples,), optional
            Floats are a quantity, all else classes. Without it, and with one class, fewer
            than 12 samples or 5 groups, nothing is chosen: SNV, centered, at most 15 components.
        groups : array-like of shape (samples,), optional
            What must stay together where samples are held out.
        """
        X = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        y = None if y is None else np.asarray(y)
        found = pretreatments(X)
        setting, how = choose_setting(X, y, groups, self._scores, self._counts, self.random_state)
        plain = "SNV" if "SNV" in found else "no pretreatment"
        setting = setting or Setting(plain, False, min(15, self._counts[-1]))
        self.pretreatment_, self.autoscaled_ = setting.pretreatment, setting.autoscaled
        self.choice_ = f"{self._said(setting)}: {how}."
        self.steps_ = make_pipeline(*setting.steps(found), *self._last(setting)).fit(X)
        self._n_features_out = self.steps_.transform(X[:1]).shape[1]
        return self

    def transform(self, X):
        """Pretreated spectra, or their components, samples first."""
        check_is_fitted(self)
        return self.steps_.transform(validate_data(self, X, dtype=np.float64, reset=False))

    def _last(self, setting):
        return []

    def _said(self, setting):
        return str(setting).rpartition(",")[0]


class SpectrumBlock(ChosenPretreatment):
    """Spectra to principal components: pretreatment, scaling and their number are chosen.

    As `ChosenPretreatment`, with principal components in place of latent variables, 10 to 60 of
    them, and shrunken discriminant analysis, or least squares for a quantity, as the judge.

    Parameters
    ----------
    most : int
        Components to choose from, at most. What stands many columns, as ridge regression does,
        gains from 60 of them; a net learns the weak ones by heart, so give it 20.
    random_state : int
        Of the folds.

    Attributes
    ----------
    pretreatment_ : str
    autoscaled_ : bool
    n_components_ : int
        At most: fewer where there are fewer samples or bands.
    choice_ : str
        The same as a sentence, with how it came about.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features import SpectrumBlock
    >>> few = np.random.default_rng(0).normal(size=(8, 60))
    >>> SpectrumBlock().fit(few, few[:, 0]).choice_
    'SNV, centered, 15 components: not chosen: fewer than 12 samples.'
    """

    _scores = staticmethod(principal)

    def __init__(self, most=60, random_state=0):
        self.most = most
        self.random_state = random_state

    @property
    def _counts(self):
        return tuple(n for n in PRINCIPAL if n <= self.most) or (self.most,)

    def _last(self, setting):
        self.n_components_ = setting.n_components
        return [Compress(setting.n_components, random_state=self.random_state)]

    def _said(self, setting):
        return str(setting)
