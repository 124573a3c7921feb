"""Simulated leaves before a hyperspectral camera: a spectrum at every pixel.

The leaves are those of `mmlib.data.leaves`: contents from `factors`, reflectance from `optics`,
outline, veins and lesions from `picture`. Every pixel of a leaf has its own chlorophyll, so the
plate model is asked for every pixel. What the spectrometer of `make_leaves` adds (gain, offset,
slope, the signature of a plant's wax, the drift of a day) is added here, too: the mean over sound
tissue is a spectrum like those of `make_leaves`. The camera counts light; a white tile and a
closed shutter are recorded beside each leaf.
"""

import numpy as np

from ...base import DataError
from ..dataset import MultimodalData
from .ceilings import ceilings_at, joint_without_water, spectrum_with_lesions
from .factors import CONDITIONS, draw_factors
from .optics import leaf_reflectance
from .picture import draw_looks, leaf_maps, some_leaves

CAMERA = np.arange(400.0, 2501.0, 30.0)  # nm
PIXELS = 40
SESSIONS = 6
LESION = {"chlorophyll": 2.0, "carotenoids": 8.0, "water": 0.002, "dry_matter": 0.012}
BROWN = 0.35  # how much light a lesion keeps at 400 nm, besides what its contents take
TRAY_AT = (450.0, 550.0, 650.0)  # nm, of the blue, green and red of a tray


def make_cubes(
    n_plants=120,
    leaves_per_plant=4,
    water=1.0,
    lesions=1.0,
    redness=1.0,
    synergy=1.0,
    uneven=0.25,
    seed=0,
):
    """Simulate leaves as a hyperspectral camera sees them.

    Parameters
    ----------
    n_plants, leaves_per_plant : int
        At least 5 plants, so that every condition occurs.
    water, lesions, redness, synergy : float
        The four knobs of `make_leaves`, 0 to 3.
    uneven : float
        How unevenly chlorophyll lies in a leaf: spread of its logarithm from base to tip.
    seed : int

    Returns
    -------
    MultimodalData
        "cube" (leaves, 40, 40, 71), uint16, counts of the camera at 400-2500 nm; "white" and
        "dark" (leaves, 40, 71), counts of a white tile and of the closed shutter for each
        column of the picture. The true contents are in ``data.info``, with
        "chlorophyll_map" (leaves, 40, 40), ug/cm2, 0 beside the leaf and in lesions.

    Raises
    ------
    DataError
        For fewer plants or a knob that is out of its range.

    Examples
    --------
    >>> from mmlib.data.leaves.hyperspectral import make_cubes
    >>> make_cubes(n_plants=5, leaves_per_plant=1).X["cube"].shape
    (5, 40, 40, 71)
    """
    knobs = {"water": water, "lesions": lesions, "redness": redness, "synergy": synergy}
    if n_plants < 5 or leaves_per_plant < 1:
        raise DataError(
            f"make_cubes was asked for {n_plants} plants of {leaves_per_plant} leaves: it needs at "
            "least 5 plants of 1 leaf, so that every condition occurs."
        )
    for knob, value in {**knobs, "uneven": uneven}.items():
        if not 0 <= value <= 3:
            raise DataError(f"The knob {knob} is {value}: it must lie between 0 and 3.")
    rng = np.random.default_rng(seed)
    of_plant = rng.permutation(np.arange(n_plants) % len(CONDITIONS))
    plant = np.repeat(np.arange(n_plants), leaves_per_plant)
    factors = draw_factors(of_plant[plant], knobs, rng)
    looks = draw_looks(plant, n_plants, rng)
    session = rng.integers(SESSIONS, size=n_plants)[plant]
    tissue = _draw_tissue(factors, plant, n_plants, session, uneven, rng)
    white, dark = _references(session, rng)
    counts, chlorophyll = _photograph(factors, looks, tissue, white, dark, rng)
    return MultimodalData(
        {"cube": counts, "white": white, "dark": dark},
        y=of_plant[plant],
        groups=plant,
        ids=[f"plant{p:03d}-leaf{k % leaves_per_plant}" for k, p in enumerate(plant)],
        target_names=CONDITIONS,
        name="simulated cubes",
        info={**factors, "area": looks["area"], "session": session, "chlorophyll_map": chlorophyll},
        meta={"simulation": knobs, "license": "CC0-1.0"},
    )


def cube_ceilings(**knobs):
    """Best accuracies any model can expect on cubes.

    They hold for one who knows the contents without noise, so they are upper bounds. The mean
    over a whole leaf knows its lesions, but not its maturity, which is form. Pictures in visible
    light know everything but water.

    Parameters
    ----------
    **knobs : float
        Those of `make_cubes`; 1 where nothing is said.

    Returns
    -------
    dict of str to float
        "mean spectrum", "visible pictures", "joint".

    Examples
    --------
    >>> from mmlib.data.leaves.hyperspectral import cube_ceilings
    >>> limits = cube_ceilings()
    >>> limits["visible pictures"] < limits["mean spectrum"] < limits["joint"]
    True
    """
    return {
        "mean spectrum": spectrum_with_lesions(**knobs),
        "visible pictures": joint_without_water(**knobs),
        "joint": ceilings_at(**knobs)["joint"],
    }


def _draw_tissue(factors, plant, n_plants, session, uneven, rng):
    """What besides the factors decides how the tissue of each leaf looks."""
    n, normal = len(plant), rng.standard_normal
    bumps = np.exp(-0.5 * ((CAMERA - np.linspace(450, 2400, 8)[:, None]) / 120) ** 2)
    place = (CAMERA - 1450) / 1050
    offset = 0.006 * normal(n) + 0.004 * normal(SESSIONS)[session]
    return {
        "layers": 1.6 + 0.12 * normal(n_plants)[plant] + 0.04 * normal(n),
        "dry_matter": 0.006 * np.exp(0.15 * normal(n_plants)[plant] + 0.08 * normal(n)),
        "carotenoids": 0.2 * factors["chlorophyll"] * np.exp(0.1 * normal(n)),
        "gain": np.exp(0.05 * normal(n) + 0.03 * normal(SESSIONS)[session]),
        "added": 0.008 * (normal((n_plants, 8)) @ bumps)[plant]
        + offset[:, None]
        + 0.004 * normal(n)[:, None] * place,
        "lean": uneven * normal(n),
    }


def _photograph(factors, looks, tissue, white, dark, rng):
    """Counts of every pixel, (leaves, PIXELS, PIXELS, bands), and its chlorophyll."""
    n = len(factors["maturity"])
    counts = np.empty((n, PIXELS, PIXELS, len(CAMERA)), np.uint16)
    chlorophyll = np.zeros((n, PIXELS, PIXELS))
    for k in range(n):
        one = slice(k, k + 1)
        maps = leaf_maps(some_leaves(factors, one), some_leaves(looks, one), PIXELS)
        maps = {name: values[0] for name, values in maps.items()}
        reflectance, chlorophyll[k] = _one_leaf(k, maps, factors, looks, tissue)
        light = reflectance * (white[k].astype(float) - dark[k])
        spread = np.sqrt(16 + 0.25 * light)  # by reading out, and of light itself
        noise = spread * rng.standard_normal(light.shape)
        counts[k] = np.clip(np.round(dark[k] + light + noise), 0, 4095)
    return counts, chlorophyll


def _one_leaf(k, maps, factors, looks, tissue):
    on = maps["leaf"] > 0
    share = maps["leaf"][on]
    lean = tissue["lean"][k] * maps["along"][on]
    content = factors["chlorophyll"][k] * np.exp(lean - share @ lean / share.sum())
    sound = leaf_reflectance(
        content,
        tissue["carotenoids"][k],
        factors["anthocyanins"][k],
        factors["water"][k],
        tissue["dry_matter"][k],
        tissue["layers"][k],
        CAMERA,
    )
    dead = leaf_reflectance(
        **LESION, anthocyanins=0, layers=tissue["layers"][k], wavelengths=CAMERA
    )
    dead = dead * (1 - (1 - BROWN) * np.exp(-(CAMERA - 400) / 400))  # brown: takes blue and green
    shade = maps["shade"][on]
    shade = shade * np.exp(maps["light"][on])
    shade = shade / (share @ shade / share.sum())  # brightness tells nothing of maturity
    surface = shade[:, None] * tissue["gain"][k] * sound + tissue["added"][k]
    surface += maps["lesion"][on][:, None] * (tissue["gain"][k] * dead - surface)
    tray = np.interp(CAMERA, TRAY_AT, looks["tray"][k][::-1])
    cube = np.broadcast_to(tray, (*on.shape, len(CAMERA))).copy()
    cube[on] += share[:, None] * (surface - tray)
    cube += maps["bar"][..., None] * (0.95 - cube)
    chlorophyll = np.zeros(on.shape)
    chlorophyll[on] = content * (1 - maps["lesion"][on])
    return np.clip(cube, 0, 1), chlorophyll


def _references(session, rng):
    """Counts of a white tile and of the closed shutter, (leaves, PIXELS, bands) each."""
    lamp = np.exp(-0.5 * ((CAMERA - 1150) / 750) ** 2)  # lamp and sensor together
    slit = 1 - 0.4 * np.linspace(-1, 1, PIXELS) ** 2  # less light on both sides
    drift = np.exp(0.1 * rng.standard_normal(SESSIONS))[session]
    sensor = 180 + 40 * rng.random((PIXELS, len(CAMERA)))  # every detector has its own dark count
    dark = sensor + 15 * rng.standard_normal(SESSIONS)[session][:, None, None]
    light = 3600 * drift[:, None, None] / drift.max() * slit[:, None] * lamp
    return np.round(dark + light).astype(np.uint16), np.round(dark).astype(np.uint16)
