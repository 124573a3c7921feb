"""How large must an error be? The floors of the chlorophyll of a simulated leaf.

The mass is a product: concentration times area. The area ``a`` is drawn apart from all
else and shows in the picture only; the concentration ``c`` shows exactly in the spectrum
at best, and blurred in the picture. With ``r`` the expected concentration given the
picture, the smallest root mean squared errors are

- spectrum alone: root of ``E[c^2] Var[a]``, by predicting c times the mean area;
- picture alone: root of ``E[(c - r)^2] E[a^2]``, by predicting r times a;
- any sum of something from the spectrum and something from the picture, which is what
  late fusion gives: root of ``E[(c - r)^2] Var[a]``, because ``(c - r)(a - E[a])`` is
  uncorrelated with whatever either of the two can say;
- both together: zero.

Instruments add errors of their own, so these are floors, not promises.
"""

import numpy as np

from ...base import DataError
from .factors import (
    ANTHOCYANINS,
    CAMERA_BLUR,
    CHLOROPHYLL,
    CONDITIONS,
    LESIONS,
    draw_factors,
    healthy_log_chlorophyll,
)
from .picture import draw_looks

LEAVES, BATCHES = 100_000, 20


def floors(data):
    """Smallest root mean squared errors (mg) of the chlorophyll in simulated leaves.

    Parameters
    ----------
    data : MultimodalData
        From `make_leaves` or `load_leaves`; its settings are read from ``data.meta``.

    Returns
    -------
    dict of str to (float, float)
        For "spectrum", "image", "late" (the best sum) and "joint": the error that no
        model can expect to get below, and the standard error of its simulation.

    Raises
    ------
    DataError
        When `data` is not simulated, or its target is not the chlorophyll.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.data.leaves.floors import floors
    >>> leaves = mmlib.make_leaves(n_plants=10, target="chlorophyll")
    >>> {name: round(value, 2) for name, (value, error) in floors(leaves).items()}
    {'spectrum': 0.1, 'image': 0.1, 'late': 0.02, 'joint': 0.0}
    """
    knobs = data.meta.get("simulation")
    if not knobs or data.task != "regression":
        raise DataError("floors() takes simulated leaves, loaded with target='chlorophyll'.")
    rng = np.random.default_rng(0)
    found = np.sqrt([list(_squares(knobs, rng, LEAVES // BATCHES)) for _ in range(BATCHES)])
    error = found.std(0, ddof=1) / np.sqrt(BATCHES)
    names = ("spectrum", "image", "late", "joint")
    return {n: (float(v), float(e)) for n, v, e in zip(names, found.mean(0), error, strict=True)}


def _squares(knobs, rng, n):
    condition = rng.integers(len(CONDITIONS), size=n)
    factors = draw_factors(condition, knobs, rng)
    area = draw_looks(np.arange(n), n, rng)["area"] / 1000  # so that products are in mg
    c = factors["chlorophyll"]
    rest = np.mean((c - expected_chlorophyll(factors, knobs)) ** 2)
    return np.mean(c**2) * area.var(), rest * np.mean(area**2), rest * area.var(), 0.0


def expected_chlorophyll(factors, knobs):
    """Mean chlorophyll (ug/cm2) given everything that the picture shows of the leaves.

    Parameters
    ----------
    factors : mapping of str to ndarray of shape (leaves,)
        "maturity", "lesions", "anthocyanins" and "camera_chlorophyll".
    knobs : mapping of str to float

    Returns
    -------
    ndarray of shape (leaves,)
    """
    spread, shift = CHLOROPHYLL[0], CHLOROPHYLL[1] * knobs["synergy"]
    expected = healthy_log_chlorophyll(factors["maturity"])
    away = np.log(factors["camera_chlorophyll"]) - expected
    blur = np.hypot(spread, CAMERA_BLUR)
    odds = np.zeros((len(away), len(CONDITIONS)))  # log, against healthy
    odds[:, 2] = _log_odds(factors["lesions"], LESIONS, knobs["lesions"])
    odds[:, 3] = _log_odds(factors["anthocyanins"], ANTHOCYANINS, knobs["redness"])
    odds[:, 4] = ((away**2) - (away - shift) ** 2) / (2 * blur**2)
    weight = np.exp(odds - odds.max(1, keepdims=True))
    short = weight[:, 4] / weight.sum(1)  # probability of nitrogen deficiency
    share, variance = (spread / blur) ** 2, (spread * CAMERA_BLUR / blur) ** 2

    def mean_if(moved):
        return np.exp(expected + moved + share * (away - moved) + variance / 2)

    return (1 - short) * mean_if(0.0) + short * mean_if(shift)


def _log_odds(value, factor, knob):
    typical, spread, shift = factor
    z, moved = (np.log(value) - np.log(typical)) / spread, shift * knob / spread
    return z * moved - moved**2 / 2
