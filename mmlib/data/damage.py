"""Ways in which a spectrum or a picture gets worse, each measured in a physical unit.

Each takes the whole mapping `X`, how bad it is, and the number of a random stream, and
returns a new mapping; `X` itself is never changed. The same number gives the same damage,
so a more severe copy is the same copy, only worse. Which of them suit some data is said in
`mmlib.data.corruptions`.
"""

import numpy as np
from scipy.ndimage import gaussian_filter

from ..base import DataError
from .mapping import Samples


def spectrum_noise(X, severity, random_state=0, modality="spectrum"):
    """Add independent noise to every band, as a lamp that grows weak does.

    Parameters
    ----------
    X : mapping of str to array
        Of which `modality` has shape (samples, bands).
    severity : float
        Standard deviation, in the unit of the spectrum (here: reflectance).
    random_state : int
        The same number gives the same noise, only larger or smaller.
    modality : str

    Returns
    -------
    Samples
        A new mapping; all other modalities are passed on as they are.

    Raises
    ------
    DataError
        For a negative severity, or a modality that is not there or has another shape.

    Examples
    --------
    >>> X = {"spectrum": np.zeros((1, 1000))}
    >>> round(float(spectrum_noise(X, 0.02)["spectrum"].std()), 2)
    0.02
    """
    x = _rows(X, modality, severity, axes=2)
    return _replaced(X, modality, x + severity * _random(random_state, 1).standard_normal(x.shape))


def baseline_drift(X, severity, random_state=0, modality="spectrum"):
    """Add a smooth curve to every spectrum: an offset, a tilt and a bend, of random sizes.

    Parameters
    ----------
    X, random_state, modality
        See `spectrum_noise`.
    severity : float
        Root mean square of the curves over samples and bands, in the unit of the spectrum.

    Returns
    -------
    Samples

    Raises
    ------
    DataError
        See `spectrum_noise`.

    Examples
    --------
    >>> X = {"spectrum": np.zeros((1000, 50))}
    >>> drifted = baseline_drift(X, 0.1)["spectrum"]
    >>> round(float(np.sqrt((drifted**2).mean())), 1)
    0.1
    """
    x = _rows(X, modality, severity, axes=2)
    place = np.linspace(-1, 1, x.shape[1])
    shapes = np.polynomial.legendre.legvander(place, 2)  # offset, tilt, bend
    shapes /= np.sqrt((shapes**2).mean(0))
    sizes = _random(random_state, 2).standard_normal((len(x), 3)) / np.sqrt(3)
    return _replaced(X, modality, x + severity * sizes @ shapes.T)


def wavelength_shift(X, severity, random_state=0, modality="spectrum", axis=None):
    """Read every spectrum a little too far to the right, as another instrument would.

    The shift is the same for all samples and both ends keep their last value. Nothing in
    it is random.

    Parameters
    ----------
    X, modality
        See `spectrum_noise`.
    severity : float
        The shift, in the unit of the axis (here: nm). What stood at a wavelength is now
        found that much higher.
    random_state : ignored
        So that all ways of damage can be called alike.
    axis : array-like of shape (bands,)
        Where the bands are, rising: ``data.axes["spectrum"]``.

    Returns
    -------
    Samples

    Raises
    ------
    DataError
        As `spectrum_noise`, or when the axis is missing, not rising or of another length.

    Examples
    --------
    >>> X = {"spectrum": np.array([[0.0, 1.0, 0.0, 0.0]])}
    >>> wavelength_shift(X, 5, axis=[400, 410, 420, 430])["spectrum"].tolist()
    [[0.0, 0.5, 0.5, 0.0]]
    """
    x = _rows(X, modality, severity, axes=2)
    axis = np.asarray([] if axis is None else axis, float)
    if axis.shape != x.shape[1:] or not (np.diff(axis) > 0).all():
        raise DataError(
            f"wavelength_shift needs the axis of {modality!r}: {x.shape[1]} rising numbers, such "
            "as data.axes[...]."
        )
    # All rows share the places, so the weights are worked out once.
    place = np.interp(axis - severity, axis, np.arange(len(axis)))
    left = np.minimum(place.astype(int), len(axis) - 2)
    share = place - left
    return _replaced(X, modality, (1 - share) * x[:, left] + share * x[:, left + 1])


def picture_noise(X, severity, random_state=0, modality="image"):
    """Add independent noise to every pixel and color, as a sensor does in little light.

    Parameters
    ----------
    X, random_state
        See `spectrum_noise`.
    severity : float
        Standard deviation in gray levels, of which a picture has 256.
    modality : str
        Of shape (samples, height, width, channels), uint8.

    Returns
    -------
    Samples

    Raises
    ------
    DataError
        See `spectrum_noise`.

    Examples
    --------
    >>> X = {"image": np.full((1, 40, 40, 3), 128, np.uint8)}
    >>> round(float(picture_noise(X, 10)["image"].std()))
    10
    """
    x = _rows(X, modality, severity, axes=4)
    return _replaced(X, modality, x + severity * _random(random_state, 3).standard_normal(x.shape))


def picture_blur(X, severity, random_state=0, modality="image"):
    """Blur every picture, as a lens out of focus does.

    Parameters
    ----------
    X, modality
        See `picture_noise`.
    severity : float
        Standard deviation of the Gaussian kernel, in pixels.
    random_state : ignored
        So that all ways of damage can be called alike.

    Returns
    -------
    Samples

    Raises
    ------
    DataError
        See `spectrum_noise`.

    Examples
    --------
    >>> X = {"image": np.zeros((1, 9, 9, 1), np.uint8)}
    >>> X["image"][0, 4, 4] = 255
    >>> int(picture_blur(X, 1)["image"].max())  # of 255, spread over the neighbors
    41
    """

    x = _rows(X, modality, severity, axes=4)
    return _replaced(X, modality, gaussian_filter(x, (0, severity, severity, 0)))


def occlusion(X, severity, random_state=0, modality="image"):
    """Cover a part of every picture with a gray patch, as a thumb or a label does.

    Parameters
    ----------
    X, random_state, modality
        See `picture_noise`.
    severity : float
        Share of the picture that is covered, from 0 to 1. The patch has the shape of the
        picture and lies wholly inside it, at a place drawn anew for each.

    Returns
    -------
    Samples

    Raises
    ------
    DataError
        As `spectrum_noise`, and for a share above 1.

    Examples
    --------
    >>> X = {"image": np.zeros((1, 8, 8, 3), np.uint8)}
    >>> float((occlusion(X, 0.25)["image"] > 0).mean())
    0.25
    """
    x = _rows(X, modality, severity, axes=4)
    if severity > 1:
        raise DataError(f"An occlusion covers a share from 0 to 1 of a picture, not {severity}.")
    height, width = (round(size * np.sqrt(severity)) for size in x.shape[1:3])
    random = _random(random_state, 4).random((2, len(x)))
    tops, lefts = (
        (where * (size - own + 1)).astype(int)
        for where, size, own in zip(random, x.shape[1:3], (height, width), strict=True)
    )
    for picture, top, left in zip(x, tops, lefts, strict=True):
        picture[top : top + height, left : left + width] = 128
    return _replaced(X, modality, x)


def _rows(X, modality, severity, axes):
    """A copy of the modality as floats, when everything is in order."""
    if not severity >= 0:
        raise DataError(f"The severity is {severity}: it must be zero or more.")
    if modality not in X:
        raise DataError(f"There is no modality {modality!r} to damage: X has {', '.join(X)}.")
    x = np.asarray(X[modality])
    if x.ndim != axes:
        what = "a spectrum, (samples, bands)" if axes == 2 else "a picture, (samples, h, w, colors)"
        raise DataError(f"{modality!r} has shape {x.shape}, but this damage is for {what}.")
    return x.astype(np.float64)


def _replaced(X, modality, x):
    old = np.asarray(X[modality])
    if old.dtype.kind in "ui":
        x = np.clip(np.rint(x), np.iinfo(old.dtype).min, np.iinfo(old.dtype).max)
    return Samples({**X, modality: x.astype(old.dtype)})


def _random(random_state, stream):
    """A stream of its own for each corruption, so that two with one number do not repeat."""
    return np.random.default_rng([random_state, stream])
