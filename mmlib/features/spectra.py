"""Spectra: preprocessing.

Preprocessing is not written again here, chemotools has it: scatter correction
(`StandardNormalVariate`, `MultiplicativeScatterCorrection`), derivatives
(`SavitzkyGolay`), baselines (`AirPls`, `ArPls`, `PolynomialCorrection`). Almost
all of it treats each spectrum by itself. Multiplicative scatter correction does
not: its reference is the mean spectrum of what it was fitted on, so it belongs
inside the pipeline, where every fold computes its own reference.
"""

from chemotools.derivative import SavitzkyGolay
from chemotools.scatter import StandardNormalVariate
from sklearn.preprocessing import StandardScaler


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

    smooth = SavitzkyGolay(window_length=window_length, polyorder=2, deriv=derivative)
    return [*([smooth] if derivative else []), StandardNormalVariate(), StandardScaler()]
