"""The same leaves, measured elsewhere: another spectrometer, another camera, another day.

A `Setup` is a spectrometer and a camera on one day. What they do to a leaf is the same for all
leaves. The ceilings of `mmlib.data.leaves.ceilings` are those of the leaves themselves, so they
still bound from above what a model can reach.
"""

from copy import copy

import numpy as np
from scipy.ndimage import gaussian_filter1d

from ...base import DataError
from ..mapping import Samples
from ..srgb import to_linear, to_stored
from .optics import WAVELENGTHS

# Linear red, green and blue of the patches of a color card; the first six are gray.
CARD = np.array(
    [
        [0.85, 0.85, 0.85], [0.60, 0.60, 0.60], [0.37, 0.37, 0.37], [0.20, 0.20, 0.20],
        [0.09, 0.09, 0.09], [0.04, 0.04, 0.04], [0.45, 0.06, 0.05], [0.10, 0.30, 0.09],
        [0.05, 0.07, 0.35], [0.60, 0.52, 0.05], [0.48, 0.11, 0.32], [0.04, 0.26, 0.40],
        [0.20, 0.10, 0.06], [0.55, 0.30, 0.21], [0.13, 0.20, 0.36], [0.11, 0.16, 0.05],
        [0.24, 0.23, 0.44], [0.16, 0.52, 0.41], [0.65, 0.20, 0.04], [0.09, 0.11, 0.40],
        [0.53, 0.10, 0.13], [0.12, 0.05, 0.16], [0.36, 0.50, 0.06], [0.72, 0.38, 0.04],
    ]
)  # fmt: skip
PLACEMENT = 0.02  # a leaf never lies twice in the same way: spread of the log of its brightness
NOISE = 0.0015  # reflectance
GRAIN = 1.5  # gray levels


class Setup:
    """A spectrometer and a camera that differ from those of `mmlib.make_leaves`.

    Parameters
    ----------
    seed : int
        Which setup: the same number gives the same differences, stronger or weaker.
    spectrometer : float
        How far the spectrometer is from the first one. 1 is another instrument, 0.3 the same
        one on another day, 0 no difference.
    camera : float
        The same for camera and lamp.

    Attributes
    ----------
    gain : ndarray of shape (211,)
        By which reflectance is multiplied, a smooth curve: lamp and white reference.
    shift : float
        By which wavelengths are read too long, nm.
    width : float
        Standard deviation by which lines are broadened, nm.
    stray : float
        Light that was never at the sample, as a reflectance.
    colors : ndarray of shape (3, 3)
        Linear colors seen = colors of the first camera @ `colors`.

    Raises
    ------
    DataError
        For a strength below 0 or above 3.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.data.leaves.setups import Setup
    >>> leaves = mmlib.make_leaves(n_plants=10)
    >>> elsewhere = Setup(seed=1).measure(leaves)
    >>> bool((elsewhere.y == leaves.y).all()), elsewhere.X["image"].shape == leaves.X["image"].shape
    (True, True)
    """

    def __init__(self, seed=0, spectrometer=1.0, camera=1.0):
        for name, value in {"spectrometer": spectrometer, "camera": camera}.items():
            if not 0 <= value <= 3:
                raise DataError(f"{name} is {value}: it must lie between 0 and 3.")
        rng = np.random.default_rng([seed, 19])
        knots = np.linspace(WAVELENGTHS[0], WAVELENGTHS[-1], 6)
        curve = np.exp(-0.5 * ((WAVELENGTHS - knots[:, None]) / 300) ** 2)
        sign = rng.choice([-1.0, 1.0], size=5)
        size = rng.uniform(0.7, 1.3, size=5)
        self.gain = np.exp(0.06 * spectrometer * rng.standard_normal(6) @ curve)
        self.shift = 6.0 * spectrometer * size[0] * sign[0]
        self.width = 8.0 * spectrometer * size[1]
        self.stray = 0.015 * spectrometer * size[2]
        cast = camera * sign[3] * size[3] * np.array([0.35, 0.0, -0.45])  # warmer or colder
        mixing = camera * 0.10 * rng.uniform(0.3, 1.0, size=(3, 3))
        np.fill_diagonal(mixing, 0)
        np.fill_diagonal(mixing, -mixing.sum(0))  # a neighbor's light is taken from its own
        exposure = 0.12 * camera * sign[4] * size[4]
        self.colors = (np.eye(3) + mixing) * np.exp(cast + exposure)

    def measure(self, data, random_state=0):
        """Leaves as they look to this setup.

        Parameters
        ----------
        data : MultimodalData
            Simulated leaves; they are not changed.
        random_state : int
            Of noise, and of how a leaf lies.

        Returns
        -------
        MultimodalData
            The same samples with the same ids, labels and factors.

        Raises
        ------
        DataError
            For data without a spectrum of 211 bands.
        """
        again = copy(data)
        again.X = Samples(
            {
                **data.X,
                "spectrum": self.spectra(data.X["spectrum"], random_state),
                "image": self.pictures(data.X["image"], random_state),
            }
        )
        return again

    def spectra(self, spectra, random_state=0):
        """Reflectance as this spectrometer reports it, shape (samples, 211)."""
        spectra = np.asarray(spectra, float)
        if spectra.ndim != 2 or spectra.shape[1] != len(WAVELENGTHS):
            raise DataError(
                f"The spectra have shape {spectra.shape}: a Setup measures leaves of make_leaves, "
                f"with {len(WAVELENGTHS)} bands."
            )
        rng = np.random.default_rng([random_state, 1])
        broad = spectra
        if self.width:
            broad = gaussian_filter1d(spectra, self.width / 10, axis=1, mode="nearest")
        moved = np.array([np.interp(WAVELENGTHS - self.shift, WAVELENGTHS, row) for row in broad])
        lies = np.exp(PLACEMENT * rng.standard_normal((len(spectra), 1)))
        seen = lies * self.gain * moved + self.stray + NOISE * rng.standard_normal(moved.shape)
        return np.clip(np.round(seen, 4), 0, 1).astype(np.float32)

    def pictures(self, pictures, random_state=0):
        """Pictures as this camera takes them, uint8, shape (samples, height, width, 3)."""
        rng = np.random.default_rng([random_state, 2])
        seen = np.empty_like(pictures)
        for start in range(0, len(pictures), 200):
            part = slice(start, start + 200)
            light = to_linear(pictures[part] / 255)
            values = 255 * to_stored(light @ self.colors)
            values += GRAIN * rng.standard_normal(values.shape)
            seen[part] = np.clip(np.rint(values), 0, 255)
        return seen

    def photograph(self, colors=CARD):
        """What this camera stores of the patches of a color card: 0 to 255, shape (patches, 3)."""
        light = np.asarray(colors, float) @ self.colors
        return 255 * to_stored(np.clip(light, 0, 1))
