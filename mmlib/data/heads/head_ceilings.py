"""The best accuracy that heads permit, by Bayes' rule."""

import numpy as np

from .lesions import NOISE, SPOTS, spot, spot_places


def head_ceilings(n=1000, seed=0):
    """Best reachable accuracy from CT, MRI and X-ray, alone and together.

    For one who knows the head without spots exactly, where spots may be, and how strong they and
    the noise are. Then what is left of a picture is noise and perhaps a spot, and Bayes' rule adds
    up over all places. A model that has to learn the head from examples reaches less.

    Parameters
    ----------
    n : int
        Heads to draw.
    seed : int

    Returns
    -------
    dict of str to float
        "ct", "mri", "xray"; "ct + mri" and so on; and "all".

    Notes
    -----
    CT and MRI alone need no drawing: their spots are equally likely everywhere in both classes,
    so one half is all there is.

    Examples
    --------
    >>> from mmlib.data.heads import head_ceilings
    >>> {name: round(value, 1) for name, value in head_ceilings(100).items()}["ct"]
    0.5
    """
    rng = np.random.default_rng(seed)
    places, chances = spot_places()
    shapes = np.array([spot(place).ravel() for place in places])  # (places, pixels)
    alone = chances.sum(1)
    two = rng.permutation(np.arange(n) % 2)
    pairs = rng.choice(chances.size, n, p=chances.ravel())
    ct, other = np.unravel_index(pairs, chances.shape)
    there = {"ct": ct, "mri": np.where(two, other, ct), "xray": ct}
    log = {}
    for name, at in there.items():
        height, noise = SPOTS[name], NOISE[name]
        is_there = two if name == "xray" else np.ones(n)
        seen = height * is_there[:, None] * shapes[at] + noise * rng.normal(
            size=(n, shapes.shape[1])
        )
        # Logarithm of the likelihood of a spot at each place over that of none, (heads, places).
        log[name] = (seen @ shapes.T * height - height**2 * (shapes**2).sum(1) / 2) / noise**2
    used = [("ct",), ("mri",), ("xray",), ("ct", "mri"), ("ct", "xray"), ("mri", "xray")]
    used = {" + ".join(names): names for names in used} | {"all": ("ct", "mri", "xray")}
    found = {label: _best(log, names, alone, chances) for label, names in used.items()}
    return found | {"ct": 0.5, "mri": 0.5}


def _best(log, names, alone, chances):
    """Mean chance of the likelier class, given these pictures."""
    zero = np.zeros_like(log["ct"])
    ct, mri, xray = (log[name] if name in names else zero for name in ("ct", "mri", "xray"))
    one = _sum(ct + mri, alone)
    # Two: the CT's and the X-ray's spot here, the MRI's there.
    there, most = mri - mri.max(1, keepdims=True), mri.max(1, keepdims=True)
    with np.errstate(divide="ignore"):
        beside = np.log(np.exp(there) @ chances) + most  # (heads, place of the CT's spot)
    two = _sum(ct + xray + beside, np.ones(len(alone)))
    return float((1 / (1 + np.exp(-np.abs(one - two)))).mean())


def _sum(log, weights):
    """Logarithm of the weighted sum over places."""
    most = log.max(1, keepdims=True)
    return np.log(np.exp(log - most) @ weights) + most[:, 0]
