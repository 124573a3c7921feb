"""Spectra: preprocessing and ready baselines.

Preprocessing is not written again here, chemotools has it: scatter correction
(`StandardNormalVariate`, `MultiplicativeScatterCorrection`), derivatives
(`SavitzkyGolay`), baselines (`AirPls`, `ArPls`, `PolynomialCorrection`). Almost
all of it treats each spectrum by itself. Multiplicative scatter correction does
not: its reference is the mean spectrum of what it was fitted on, so it belongs
inside the pipeline, where every fold computes its own reference.
"""

from ..data.dataset import Select


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
    from sklearn.pipeline import make_pipeline

    from .finals import finals
    from .pls import PLS, PLSDA

    usual = finals(task, 20, random_state)
    if task == "classification":
        models = {"PLS-DA": [PLSDA()], **usual}
    else:
        models = {"PLS": [PLS(10)], **usual}
    return {
        name: make_pipeline(Select(modality), *spectrum_steps(), *last)
        for name, last in models.items()
    }
