"""Corruptions that suit some data, and training data that hold damaged copies.

The ways to do damage are in `mmlib.data.damage`.
"""

from typing import NamedTuple

import numpy as np

from ..base import DataError, is_spectrum
from .damage import (
    baseline_drift,
    occlusion,
    picture_blur,
    picture_noise,
    spectrum_noise,
    wavelength_shift,
)
from .mapping import Samples


class Corruption(NamedTuple):
    """A way in which a modality gets worse, and how bad it is worth looking at.

    ``damage(X, severity, random_state)`` gives the corrupted mapping.
    """

    function: object
    modality: str
    unit: str
    severities: tuple
    axis: object = None  # for those that need to know where the bands are

    def damage(self, X, severity, random_state=0):
        """A new mapping in which the modality got worse."""
        more = {} if self.axis is None else {"axis": self.axis}
        return self.function(X, severity, random_state, self.modality, **more)


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
        axis, unit = data.axes.get(name), data.units.get(name)
        if is_spectrum(x):
            kinds["spectrum noise"] = spectrum_noise, "reflectance", (0, 0.003, 0.01, 0.02, 0.04)
            kinds["baseline drift"] = baseline_drift, "reflectance", (0, 0.01, 0.02, 0.05, 0.1)
            if axis is not None:
                kinds["wavelength shift"] = wavelength_shift, unit, (0, 2, 5, 10, 20)
        elif x.ndim == 4 and x.dtype == np.uint8:
            kinds["picture noise"] = picture_noise, "gray levels", (0, 5, 10, 20, 40)
            kinds["blur"] = picture_blur, "pixels", (0, 0.5, 1, 2, 4)
            kinds["occlusion"] = occlusion, "share of the picture", (0, 0.05, 0.1, 0.25, 0.5)
        for kind, (function, unit, severities) in kinds.items():
            key = kind if kind not in found else f"{kind}, {name}"
            places = axis if function is wavelength_shift else None
            found[key] = Corruption(function, name, unit, severities, places)
    return found


def damaged_copies(data, found, copies=1, random_state=0):
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
    random_state : int

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
    rng, kinds = np.random.default_rng(random_state), list(found.values())
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
