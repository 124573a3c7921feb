"""The pretreatments of spectra that a choice is made from, the simplest first."""

import numpy as np
from chemotools.derivative import SavitzkyGolay
from chemotools.scatter import MultiplicativeScatterCorrection, StandardNormalVariate
from sklearn.preprocessing import FunctionTransformer

ROUNDING = 1e-9  # of the largest value: what varies less does not vary


def pretreatments(X, window_length=11):
    """Name -> unfitted steps, for each pretreatment that these spectra allow.

    Parameters
    ----------
    X : ndarray of shape (samples, bands)
        Of the training part.
    window_length : int
        Of the Savitzky-Golay derivative, in bands; shorter where there are fewer bands.

    Returns
    -------
    dict of str to list of transformers
        From the simplest on: none, standard normal variate (SNV), log(1/R) where all of `X` is
        above zero, multiplicative scatter correction (MSC), first derivative, and SNV after it.
        SNV is left out where a spectrum is flat, MSC where the mean spectrum is.

    References
    ----------
    Rinnan, van den Berg & Engelsen (2009), Review of the most common pre-processing techniques
    for near-infrared spectra, doi:10.1016/j.trac.2009.07.007.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.pretreatments import pretreatments
    >>> list(pretreatments(np.random.default_rng(0).normal(size=(9, 60))))
    ['no pretreatment', 'SNV', 'MSC', 'first derivative', 'first derivative, then SNV']
    """
    window = min(window_length, (X.shape[1] - 1) // 2 * 2 + 1)
    derive = SavitzkyGolay(window_length=window, polyorder=min(2, window - 1), deriv=1)
    found = {"no pretreatment": []}
    if _bent(X).all():
        found["SNV"] = [StandardNormalVariate()]
    if X.min() > 0:
        found["log(1/R)"] = [FunctionTransformer(absorbance, kw_args={"floor": float(X.min())})]
    if X.mean(0).std() > ROUNDING * np.abs(X).max():
        found["MSC"] = [MultiplicativeScatterCorrection()]
    if window > 1:
        found["first derivative"] = [derive]
        if _bent(derive.fit_transform(X)).all():
            found["first derivative, then SNV"] = [derive, StandardNormalVariate()]
    return found


def absorbance(X, floor):
    """log10(1/R), of a reflectance that is taken for `floor` where it is lower.

    Parameters
    ----------
    X : ndarray of shape (samples, bands)
        Reflectance or transmittance, from 0 to 1.
    floor : float
        Above zero: the lowest value in training.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.pretreatments import absorbance
    >>> absorbance(np.array([[0.1, 1.0, 0.0]]), floor=0.01).round(6).tolist()
    [[1.0, 0.0, 2.0]]
    """
    return 0.0 - np.log10(np.maximum(X, floor))


def _bent(X):
    """Which rows vary by more than rounding."""
    return X.std(1) > ROUNDING * np.abs(X).max(1)
