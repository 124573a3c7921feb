"""How good can a model be? The ceilings of the simulated leaves.

The condition of a simulated leaf is drawn first, its factors after it, so the
probability of every condition given the factors is known. Whoever decides by
the most probable condition is right most often; nobody can do better. These
shares are computed here for somebody who sees the factors of the spectrum, of
the picture, or of both, and for *late fusion by product*, which multiplies the
probabilities of the two.

The sums are one-dimensional, because a condition moves one factor only: write
``t_k`` for the log of how much more probable the factors are under condition
``k`` than under healthy. Under healthy the ``t_k`` are independent, and

    accuracy = [P(all t_k <= 0 | healthy) + sum_k P(t_k largest and > 0 | k)] / 5.
"""

import numpy as np
from scipy.special import ndtr

from ...base import DataError
from .factors import (
    ANTHOCYANINS,
    CAMERA_BLUR,
    CHLOROPHYLL,
    CHLOROPHYLL_RANGE,
    LESIONS,
    WATER,
    healthy_log_chlorophyll,
)


def ceilings(data):
    """Best accuracies any model can expect on simulated leaves.

    Parameters
    ----------
    data : MultimodalData
        From `make_leaves` or `load_leaves`; its settings are read from ``data.meta``.

    Returns
    -------
    dict of str to (float, float)
        For "spectrum", "image", "late" (product of the two best single models) and
        "joint": the accuracy for conditions that are equally frequent, and the
        numerical error of the integration.

    Raises
    ------
    DataError
        When `data` is not simulated, or its target is not the condition.

    Examples
    --------
    >>> import mmlib
    >>> limits = mmlib.ceilings(mmlib.make_leaves(n_plants=10))
    >>> limits["joint"][0] > limits["late"][0] > limits["spectrum"][0]
    True
    """

    knobs = data.meta.get("simulation")
    if not knobs:
        raise DataError(
            f"{data.name!r} is measured, not simulated, so its ceiling is unknown: "
            "ceilings() takes data from make_leaves() or load_leaves()."
        )
    if data.task != "classification":
        raise DataError("Ceilings are accuracies: load the leaves with target='condition'.")
    fine, coarse = ceilings_at(**knobs), ceilings_at(**knobs, points=60)
    return {key: (fine[key], abs(fine[key] - coarse[key]) + 1e-4) for key in fine}


def ceilings_at(water=1.0, lesions=1.0, redness=1.0, synergy=1.0, points=120):
    """The four ceilings as plain numbers; `points` sets how fine the sums are."""
    w, les, red = _water(water), _lesions(lesions), _redness(redness)
    spread, shift = CHLOROPHYLL
    image_n = _gaussian(np.hypot(spread, CAMERA_BLUR), shift, synergy)
    spectrum_n, late_n = _without_maturity(shift * synergy, points)
    twice_red = (2 * red[0], *red[1:])  # both posteriors hold it, so the product counts it twice
    return {
        "spectrum": _accuracy(w, red, spectrum_n),
        "image": _accuracy(les, red, image_n),
        "late": _accuracy(w, les, twice_red, late_n),
        "joint": _accuracy(w, les, red, _gaussian(spread, shift, synergy)),
    }


def spectrum_with_lesions(water=1.0, lesions=1.0, redness=1.0, synergy=1.0):
    """The ceiling of a spectrum that takes in the lesions, as the mean over a whole leaf does."""
    by_spectrum, _ = _without_maturity(CHLOROPHYLL[1] * synergy, 120)
    return _accuracy(_water(water), _lesions(lesions), _redness(redness), by_spectrum)


def joint_without_water(lesions=1.0, redness=1.0, synergy=1.0, water=1.0):
    """The ceiling of pictures in visible light whose colors are measured, not only seen."""
    return _accuracy(_lesions(lesions), _redness(redness), _gaussian(*CHLOROPHYLL, synergy))


# A factor is three arrays: t, and the probability of each t under healthy and under
# the condition that moves the factor.


def _water(knob):
    return _gaussian(*WATER[1:], knob)


def _lesions(knob):
    return _gaussian(*LESIONS[1:], knob)


def _redness(knob):
    return _gaussian(*ANTHOCYANINS[1:], knob)


def _gaussian(spread, shift, knob, points=20001):
    d = abs(shift) / spread * knob
    x = np.linspace(-8, 8 + d, points)
    healthy = np.exp(-0.5 * x**2)
    moved = np.exp(-0.5 * (x - d) ** 2)
    return d * x - d**2 / 2, healthy / healthy.sum(), moved / moved.sum()


def _without_maturity(delta, points):
    """Nitrogen as the spectrum sees it, and as the product of both modalities does.

    The spectrum knows the chlorophyll but not the maturity it should be compared
    with; the picture knows the maturity, but the chlorophyll only with a blur.
    """

    spread = CHLOROPHYLL[0]
    low, high = np.log(CHLOROPHYLL_RANGE)

    def log_density(c):  # of log chlorophyll over all maturities, healthy leaves
        side = np.where(c > (low + high) / 2, -1, 1)  # small tails, so that nothing cancels
        return np.log(side * (ndtr(side * (c - low) / spread) - ndtr(side * (c - high) / spread)))

    maturity = (np.arange(points) + 0.5) / points
    residual = np.linspace(-7, 7, points)  # of chlorophyll for the maturity, in spreads
    blur = np.linspace(-7, 7, points)
    chlorophyll = healthy_log_chlorophyll(maturity)[:, None] + spread * residual
    sd = np.hypot(spread, CAMERA_BLUR)
    weight = np.exp(-0.5 * residual**2)

    def under(shift):  # both statistics when chlorophyll is moved by `shift`
        c = chlorophyll + shift
        by_spectrum = log_density(c - delta) - log_density(c)
        camera = spread * residual[:, None] + CAMERA_BLUR * blur + shift
        by_image = (delta * camera - delta**2 / 2) / sd**2
        return by_spectrum, by_spectrum[:, :, None] + by_image

    (s_healthy, l_healthy), (s_moved, l_moved) = under(0.0), under(delta)
    p_spectrum = np.broadcast_to(weight, s_healthy.shape)
    p_late = np.broadcast_to(weight[:, None] * np.exp(-0.5 * blur**2), l_healthy.shape)
    return _two_samples(s_healthy, s_moved, p_spectrum), _two_samples(l_healthy, l_moved, p_late)


def _two_samples(t_healthy, t_moved, weight):
    weight = weight.ravel() / weight.sum()
    zero = np.zeros_like(weight)
    return (
        np.concatenate([t_healthy.ravel(), t_moved.ravel()]),
        np.concatenate([weight, zero]),
        np.concatenate([zero, weight]),
    )


def _accuracy(*factors):
    cdfs = [_cdf(t, healthy) for t, healthy, _ in factors]
    right = np.prod([cdf(np.zeros(1))[0] for cdf in cdfs])
    for k, (t, _, moved) in enumerate(factors):
        wins = t > 1e-12  # a tie goes to healthy
        others = np.prod([cdf(t[wins]) for j, cdf in enumerate(cdfs) if j != k], axis=0)
        right += moved[wins] @ others
    return float(right / 5)


def _cdf(t, weight):
    order = np.argsort(t, kind="stable")
    values, steps = t[order], np.concatenate([[0.0], np.cumsum(weight[order])])
    return lambda x: steps[np.searchsorted(values, x + 1e-12, side="right")]
