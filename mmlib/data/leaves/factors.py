"""The hidden factors of a simulated leaf, and where each of them shows.

Five conditions, one for each place information can sit. Every condition moves
one factor and leaves the others alone:

====================== ======================= =========================================
condition              factor it moves         seen by
====================== ======================= =========================================
healthy                none
drought                water (down)            the spectrum only (short-wave infrared)
blight                 lesion cover (up)       the picture only
phosphorus deficiency  anthocyanins (up)       both: redundant
nitrogen deficiency    chlorophyll for the     neither alone: chlorophyll is in the
                       leaf's maturity (down)  spectrum, maturity in the picture: synergy
====================== ======================= =========================================

The picture is not blind to chlorophyll, but its light is never quite known: it
sees the chlorophyll blurred by `CAMERA_BLUR`.

All factors but maturity are natural logarithms of a content, with a Gaussian
spread. That is what makes the ceilings of `mmlib.data.leaves.ceilings` computable.
"""

import numpy as np

CONDITIONS = ["healthy", "drought", "blight", "phosphorus deficiency", "nitrogen deficiency"]
KNOBS = ["water", "lesions", "redness", "synergy"]  # one for each condition after "healthy"

# factor: (typical value, spread of its logarithm, shift of its logarithm at knob 1)
WATER = (0.012, 0.20, -0.60)  # equivalent water thickness, cm
LESIONS = (0.03, 0.50, 1.50)  # share of the leaf that is lesion
ANTHOCYANINS = (2.5, 0.40, 1.20)  # ug/cm2
CHLOROPHYLL_RANGE = (15.0, 75.0)  # ug/cm2 of a young and of a mature healthy leaf
CHLOROPHYLL = (0.14, -0.54)  # spread and shift of its logarithm
CAMERA_BLUR = 0.60  # spread that unknown light adds to the log chlorophyll a camera sees


def healthy_log_chlorophyll(maturity):
    """Expected log chlorophyll (ug/cm2) of a healthy leaf of `maturity` 0 to 1."""
    low, high = np.log(CHLOROPHYLL_RANGE)
    return low + (high - low) * np.asarray(maturity)


def draw_factors(condition, knobs, rng):
    """Draw the factors of leaves whose conditions are known.

    Parameters
    ----------
    condition : ndarray of int, shape (leaves,)
        Index into `CONDITIONS`.
    knobs : mapping of str to float
        Strength of each signal, keys `KNOBS`.
    rng : numpy.random.Generator

    Returns
    -------
    dict of str to ndarray of shape (leaves,)
        ``maturity`` (0 to 1), ``water`` (cm), ``lesions`` (share), ``anthocyanins``
        and ``chlorophyll`` (ug/cm2), ``camera_chlorophyll`` (what the camera sees).

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.data.leaves.factors import draw_factors
    >>> knobs = dict(water=1, lesions=1, redness=1, synergy=1)
    >>> leaf = draw_factors(np.array([0, 1]), knobs, np.random.default_rng(0))
    >>> bool(leaf["water"][1] < leaf["water"][0])  # the second one is short of water
    True
    """
    n = len(condition)

    def moved(k):
        return (condition == k) * knobs[KNOBS[k - 1]]

    def content(k, typical, spread, shift):
        return np.exp(np.log(typical) + spread * rng.standard_normal(n) + shift * moved(k))

    maturity = rng.random(n)
    spread, shift = CHLOROPHYLL
    log_chlorophyll = (
        healthy_log_chlorophyll(maturity) + spread * rng.standard_normal(n) + shift * moved(4)
    )
    return {
        "maturity": maturity,
        "water": content(1, *WATER),
        "lesions": content(2, *LESIONS),
        "anthocyanins": content(3, *ANTHOCYANINS),
        "chlorophyll": np.exp(log_chlorophyll),
        "camera_chlorophyll": np.exp(log_chlorophyll + CAMERA_BLUR * rng.standard_normal(n)),
    }
