"""Ways in which a spectrum or a picture gets worse, each measured in a physical unit.

A corruption takes the whole mapping `X`, how bad it is, and a seed, and returns a new
mapping; `X` itself is never changed. The same seed gives the same damage, so a more severe
copy is the same copy, only worse.
"""

from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter

from ..base import DataError
from .mapping import Samples


def spectrum_noise(X, severity, seed=0, modality="spectrum", axis=None):
    """Add independent noise to every band, as a lamp that grows weak does.

    Parameters
    ----------
    X : mapping of str to array
        Of which `modality` has shape (samples, bands).
    severity : float
        Standard deviation, in the unit of the spectrum (here: reflectance).
    seed : int
        The same seed gives the same noise, only larger or smaller.
    modality : str
    axis : ignored
        So that all corruptions of spectra can be called alike.

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
    return _replaced(X, modality, x + severity * _random(seed, 1).standard_normal(x.shape))


def baseline_drift(X, severity, seed=0, modality="spectrum", axis=None):
    """Add a smooth curve to every spectrum: an offset, a tilt and a bend, of random sizes.

    Parameters
    ----------
    X, seed, modality, axis
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
    sizes = _random(seed, 2).standard_normal((len(x), 3)) / np.sqrt(3)
    return _replaced(X, modality, x + severity * sizes @ shapes.T)


def wavelength_shift(X, severity, seed=0, modality="spectrum", axis=None):
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
    seed : ignored
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


def picture_noise(X, severity, seed=0, modality="image", axis=None):
    """Add independent noise to every pixel and color, as a sensor does in little light.

    Parameters
    ----------
    X, seed, axis
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
    return _replaced(X, modality, x + severity * _random(seed, 3).standard_normal(x.shape))


def picture_blur(X, severity, seed=0, modality="image", axis=None):
    """Blur every picture, as a lens out of focus does.

    Parameters
    ----------
    X, modality, axis
        See `picture_noise`.
    severity : float
        Standard deviation of the Gaussian kernel, in pixels.
    seed : ignored

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


def occlusion(X, severity, seed=0, modality="image", axis=None):
    """Cover a part of every picture with a gray patch, as a thumb or a label does.

    Parameters
    ----------
    X, seed, modality, axis
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
    random = _random(seed, 4).random((2, len(x)))
    tops, lefts = (
        (where * (size - own + 1)).astype(int)
        for where, size, own in zip(random, x.shape[1:3], (height, width), strict=True)
    )
    for picture, top, left in zip(x, tops, lefts, strict=True):
        picture[top : top + height, left : left + width] = 128
    return _replaced(X, modality, x)


class Corruption(NamedTuple):
    """A way in which a modality gets worse, and how bad it is worth looking at.

    ``damage(X, severity, seed)`` gives the corrupted mapping.
    """

    function: object
    modality: str
    unit: str
    severities: tuple
    axis: object = None

    def damage(self, X, severity, seed=0):
        return self.function(X, severity, seed, self.modality, self.axis)


def default_corruptions(data):
    """The corruptions that suit some data: three for each spectrum, three for each picture.

    Parameters
    ----------
    data : MultimodalData
        Of pictures as uint8 and spectra (50 columns or more). The largest severities are
        chosen for reflectance and small pictures; give your own where they do not suit.

    Returns
    -------
    dict of str to Corruption

    Examples
    --------
    >>> import mmlib
    >>> found = default_corruptions(mmlib.make_leaves(n_plants=10))
    >>> found["wavelength shift"].severities, found["wavelength shift"].unit
    ((0, 2, 5, 10, 20), 'nm')
    """
    found = {}
    for name, x in data.X.items():
        kinds = {}
        if x.ndim == 2 and x.shape[1] >= 50:
            axis, unit = data.axes.get(name), data.units.get(name)
            kinds["spectrum noise"] = spectrum_noise, "reflectance", (0, 0.003, 0.01, 0.02, 0.04)
            kinds["baseline drift"] = baseline_drift, "reflectance", (0, 0.01, 0.02, 0.05, 0.1)
            if axis is not None:
                kinds["wavelength shift"] = wavelength_shift, unit, (0, 2, 5, 10, 20)
        elif x.ndim == 4 and x.dtype == np.uint8:
            axis = None
            kinds["picture noise"] = picture_noise, "gray levels", (0, 5, 10, 20, 40)
            kinds["blur"] = picture_blur, "pixels", (0, 0.5, 1, 2, 4)
            kinds["occlusion"] = occlusion, "share of the picture", (0, 0.05, 0.1, 0.25, 0.5)
        for kind, (function, unit, severities) in kinds.items():
            key = kind if kind not in found else f"{kind}, {name}"
            found[key] = Corruption(function, name, unit, severities, axis)
    return found


def damaged_copies(data, found, copies=1, seed=0):
    """Damaged copies of training data, to be put beside the originals: augmentation.

    Each copy of a sample has one corruption, drawn at random from those of `found`, at a
    severity drawn evenly between zero and the largest. Copies keep the group, so that a
    split keeps them with their original.

    Parameters
    ----------
    data : MultimodalData
        The training part only.
    found : mapping of str to Corruption
    copies : int
        Of each sample.
    seed : int

    Returns
    -------
    MultimodalData
        ``copies`` times as many samples as `data`; ids end in "-copy1", "-copy2".

    Raises
    ------
    DataError
        When `found` is empty or `copies` is below 1.

    Examples
    --------
    >>> import mmlib
    >>> leaves = mmlib.make_leaves(n_plants=10)
    >>> len(damaged_copies(leaves, default_corruptions(leaves), copies=2))
    100
    """
    if not found or copies < 1:
        raise DataError("damaged_copies needs at least one corruption and one copy.")
    rng, kinds = np.random.default_rng(seed), list(found.values())
    n = len(data) * copies
    made = data.take(np.tile(np.arange(len(data)), copies))
    X = {name: np.array(x) for name, x in made.X.items()}
    kind = rng.integers(len(kinds), size=n)
    # Twenty steps for each kind rather than a severity a sample: many rows at a time.
    step = rng.integers(1, 21, size=n)
    for k in np.unique(kind):
        name = kinds[k].modality
        for s in np.unique(step[kind == k]):
            rows = np.flatnonzero((kind == k) & (step == s))
            severity = s / 20 * max(kinds[k].severities)
            part = {name: X[name][rows]}
            X[name][rows] = kinds[k].damage(part, severity, int(rng.integers(2**31)))[name]
    made.X = Samples(X)
    made.ids = np.array([f"{i}-copy{c + 1}" for c in range(copies) for i in data.ids])
    return made


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


def _random(seed, stream):
    """A stream of its own for each corruption, so that two with one seed do not repeat."""
    return np.random.default_rng([seed, stream])
