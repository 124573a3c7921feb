"""Simulated trays of maize kernels, one of which was measured: nobody noted which.

A photograph shows 2 x 2 kernels, two of them moldy. A spectrum was taken of one kernel.
It shows two pigments, and no mold. Was that kernel moldy? Only who finds it by its color
can know. What averages over the tray cannot, as always two are moldy.
"""

import numpy as np

from ..base import DataError
from .dataset import MultimodalData

SIDE, CELL = 2, 8  # kernels in a row, pixels
WAVELENGTHS = np.arange(420.0, 801.0, 20.0)  # nm
PIGMENTS = ((480.0, 45.0), (660.0, 45.0))  # center and width of each absorption, nm
MOLD = 70  # brightness of a moldy spot


def make_trays(n=1500, blur=5.0, random_state=0):
    """Draw trays of four kernels, and the spectrum of one kernel of each.

    Parameters
    ----------
    n : int
        Trays, at least 2.
    blur : float
        Error of the hue in the photograph, degrees on the color circle, 0 to 360. At 0 the
        measured kernel can be found for sure; the larger it is, the less.
    random_state : int

    Returns
    -------
    MultimodalData
        "spectrum" (trays, 20), absorbance at 420-800 nm; "image" (trays, 16, 16, 3), uint8.
        ``data.info`` holds "kernel", the number of the measured one, counted row by row;
        "chance" (trays, 4), how likely each kernel is to be it for one who knows all
        colors; and "moldy" (trays, 4).

    Raises
    ------
    DataError
        For fewer trays, or a blur that is not between 0 and 360.

    Examples
    --------
    >>> from mmlib.data.kernel_trays import make_trays
    >>> make_trays(n=10)
    <simulated trays: 10 samples, spectrum (20,), image (16, 16, 3), 2 classes>
    """
    if n < 2 or not 0 <= blur <= 360:
        raise DataError(
            f"make_trays was asked for {n} trays and a blur of {blur}: it needs at least 2 trays, "
            "and a blur between 0 and 360."
        )
    rng = np.random.default_rng(random_state)
    kernels, rows = SIDE * SIDE, np.arange(n)
    hue = rng.uniform(0, 360, (n, kernels))
    moldy = rng.permuted(np.tile(np.arange(kernels) < kernels // 2, (n, 1)), axis=1)
    # Every second tray is moldy, so that both classes occur.
    kernel = rng.random((n, kernels))
    kernel = np.where(moldy == (rows % 2)[:, None].astype(bool), kernel, -1).argmax(1)
    seen = hue + blur * rng.standard_normal(hue.shape)
    measured = hue[rows, kernel]
    return MultimodalData(
        {"spectrum": _measure(measured, rng), "image": _photograph(seen, moldy, rng)},
        y=rows % 2,
        axes={"spectrum": WAVELENGTHS},
        target_names=["sound", "moldy"],
        name="simulated trays",
        info={"kernel": kernel, "chance": _chance(measured, seen, blur), "moldy": moldy},
    )


def tray_ceiling(data):
    """Best reachable accuracy on trays, and its standard error.

    Who knows how likely each kernel is to be the measured one adds up the chances of the
    moldy ones, and says "moldy" above one half. The expected share of right answers is the
    mean of that sum, or of its rest where that is larger.

    Examples
    --------
    >>> from mmlib.data.kernel_trays import make_trays, tray_ceiling
    >>> [round(tray_ceiling(make_trays(2000, blur))[0], 2) for blur in (0, 20, 360)]
    [1.0, 0.85, 0.5]
    """
    moldy = (data.info["chance"] * data.info["moldy"]).sum(1)
    best = np.maximum(moldy, 1 - moldy)
    return float(best.mean()), float(best.std() / np.sqrt(len(best)))


def _chance(measured, seen, blur):
    """Of each kernel to be the measured one, by Bayes' rule: (trays, kernels).

    The hue of the measured kernel is seen around the true one; any other hue is anywhere.
    """
    away = (seen - measured[:, None] + 180) % 360 - 180  # degrees, -180 to 180
    turns = 360 * np.arange(-3, 4)  # an error may go round the circle
    log = -0.5 * ((away[..., None] + turns) / max(blur, 1e-3)) ** 2
    log = np.logaddexp.reduce(log, axis=2)
    chance = np.exp(log - log.max(1, keepdims=True))
    return chance / chance.sum(1, keepdims=True)


def _pigments(hue):
    """Amounts of the two pigments, (..., 2); the hue says how they share in the color."""
    return np.stack([np.cos(np.radians(hue)), np.sin(np.radians(hue))], axis=-1)


def _measure(hue, rng):
    """Absorbance of kernels of this hue."""
    bands = [np.exp(-0.5 * ((WAVELENGTHS - center) / width) ** 2) for center, width in PIGMENTS]
    true = 0.6 + 0.2 * _pigments(hue) @ np.array(bands)
    return (true + 0.004 * rng.standard_normal(true.shape)).astype(np.float32)


def _photograph(hue, moldy, rng):
    """Trays from above: the first pigment takes blue, the second red; mold is a dark spot."""
    n, pigments = len(hue), _pigments(hue)
    color = np.stack([175 - 45 * pigments[..., 1], np.full(moldy.shape, 150.0),
                      125 - 45 * pigments[..., 0]], axis=2)  # fmt: skip
    y, x = np.mgrid[:CELL, :CELL] - (CELL - 1) / 2
    inside = np.clip(CELL / 2 - np.hypot(x, y), 0, 1)[..., None]  # a round kernel
    cells = 40 + inside * (color[:, :, None, None] - 40)  # (trays, kernels, CELL, CELL, 3)
    down, across = rng.integers(2, CELL - 3, (2, *moldy.shape))
    tray, which = np.nonzero(moldy)
    for i in (0, 1):
        for j in (0, 1):
            cells[tray, which, down[moldy] + i, across[moldy] + j] = MOLD
    cells = cells.reshape(n, SIDE, SIDE, CELL, CELL, 3).transpose(0, 1, 3, 2, 4, 5)
    picture = cells.reshape(n, SIDE * CELL, SIDE * CELL, 3) + 2 * rng.standard_normal(
        (n, SIDE * CELL, SIDE * CELL, 3)
    )
    return np.clip(picture.round(), 0, 255).astype(np.uint8)
