"""What the simulator planted: which pixels are lesion, which bands a condition moves.

Explanations of a model are held to this. Nothing here is for a model to see.
"""

import numpy as np

from ..base import DataError
from ..data.leaves.factors import ANTHOCYANINS, CHLOROPHYLL, CONDITIONS, KNOBS, WATER, draw_factors
from ..data.leaves.optics import leaf_reflectance
from ..data.leaves.picture import USUAL_CHLOROPHYLL, draw_looks, linear_rgb, some_leaves
from ..features.tokens import patches, windows


def lesion_masks(data, n_plants=240, leaves_per_plant=5, seed=0):
    """Which pixels of each photograph show a lesion.

    The same leaves are drawn twice without the camera's noise, with lesions and without;
    what differs is lesion.

    Parameters
    ----------
    data : MultimodalData
        From `make_leaves` or `load_leaves`, or a part of it.
    n_plants, leaves_per_plant, seed : int
        What the whole sample was made with; the defaults are those of `load_leaves`.

    Returns
    -------
    ndarray of bool, shape (leaves, 48, 48)

    Raises
    ------
    DataError
        When `data` does not come from that sample.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.explain.planted import lesion_masks
    >>> train, test = mmlib.load_leaves().split(seed=0)
    >>> lesion_masks(test.take(range(3))).shape
    (3, 48, 48)
    """
    wrong = DataError(
        f"These are not leaves of make_leaves({n_plants}, {leaves_per_plant}, seed={seed}): give "
        "the numbers they were made with."
    )
    knobs = data.meta.get("simulation")
    if knobs is None:
        raise wrong
    rng = np.random.default_rng(seed)  # the same draws in the same order as make_leaves
    of_plant = rng.permutation(np.arange(n_plants) % len(CONDITIONS))
    plant = np.repeat(np.arange(n_plants), leaves_per_plant)
    factors = draw_factors(of_plant[plant], knobs, rng)
    looks = draw_looks(plant, n_plants, rng)

    leaf = np.array([int(name.rsplit("leaf", 1)[1]) for name in data.ids])
    rows = np.asarray(data.groups) * leaves_per_plant + leaf
    if rows.max() >= len(plant) or not np.allclose(
        factors["lesions"][rows], data.info["lesions"], rtol=1e-3
    ):
        raise wrong
    masks = []
    for part in np.array_split(rows, len(rows) // 200 + 1):
        light = some_leaves(looks, part)
        ill = some_leaves(factors, part)
        clean = ill | {"lesions": np.zeros_like(ill["lesions"])}
        masks.append(np.abs(linear_rgb(ill, light) - linear_rgb(clean, light)).max(-1) > 0.02)
    return np.concatenate(masks)


def planted_change(condition):
    """How a condition at knob 1 changes the reflectance of a typical leaf.

    Parameters
    ----------
    condition : str
        One of `mmlib.data.leaves.factors.CONDITIONS`.

    Returns
    -------
    ndarray of shape (211,)
        Change of reflectance at 400-2500 nm, step 10. Zero for "healthy" and "blight".

    Raises
    ------
    DataError
        For another condition.

    Examples
    --------
    >>> from mmlib.explain.planted import planted_change
    >>> int(400 + 10 * planted_change("drought").argmax())  # nm
    1430
    """
    if condition not in CONDITIONS:
        raise DataError(f"{condition!r} is not a condition: {', '.join(CONDITIONS)}.")
    healthy = {"chlorophyll": USUAL_CHLOROPHYLL, "anthocyanins": ANTHOCYANINS[0], "water": WATER[0]}
    factor = dict(zip(KNOBS, ("water", None, "anthocyanins", "chlorophyll"), strict=True))
    shift = {"water": WATER[2], "anthocyanins": ANTHOCYANINS[2], "chlorophyll": CHLOROPHYLL[1]}
    moved = factor[KNOBS[CONDITIONS.index(condition) - 1]] if condition != "healthy" else None
    ill = dict(healthy)
    if moved:
        ill[moved] *= np.exp(shift[moved])
    healthy, ill = (
        leaf_reflectance(
            x["chlorophyll"], 0.2 * x["chlorophyll"], x["anthocyanins"], x["water"], 0.006, 1.6
        )
        for x in (healthy, ill)
    )
    return (ill - healthy)[0]


def planted_tokens(data, without, n_windows=15, size=8):
    """Where two drawings of the same samples differ, for each square and each window.

    Parameters
    ----------
    data, without : MultimodalData
        Made with one seed, the second with a knob or two at zero.
    n_windows, size : int
        Of `mmlib.features.tokens.windows` and `mmlib.features.tokens.patches`.

    Returns
    -------
    squares : ndarray of bool, shape (samples, squares)
        Whether more than a tenth of the square's pixels differ by more than 20 of 255.
    moved : ndarray of shape (samples, windows)
        Mean absolute difference of the reflectance in each window.

    Raises
    ------
    DataError
        When the two are not drawings of the same samples.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.explain.planted import planted_tokens
    >>> ill, dry = mmlib.make_leaves(10, seed=2), mmlib.make_leaves(10, seed=2, lesions=0)
    >>> squares, moved = planted_tokens(ill, dry)
    >>> squares.shape, moved.shape, float(moved.max())
    ((50, 36), (50, 15), 0.0)
    """

    if list(data.ids) != list(without.ids) or not np.array_equal(data.y, without.y):
        raise DataError("These are not the same samples: make both with the same numbers and seed.")
    apart = np.abs(data.X["image"].astype(int) - without.X["image"]).max(-1, keepdims=True)
    share = patches(apart > 20, size)[..., 0]  # the mean comes first
    moved = np.abs(data.X["spectrum"] - without.X["spectrum"])
    return share > 0.1, windows(moved, n_windows).mean(-1)
