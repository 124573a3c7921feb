"""Simulated leaves: spectra and photographs whose ceilings are known.

Real data cannot say how good is good enough. Here every leaf is drawn from a
known model (`factors`), shown to a spectrometer (`optics`) and to a camera
(`picture`), and the best possible accuracy is computed (`ceilings`).
"""

from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image  # comes with matplotlib

from ...base import DataError
from ..dataset import MultimodalData
from .ceilings import ceilings
from .factors import CONDITIONS, KNOBS, draw_factors
from .optics import WAVELENGTHS, leaf_reflectance
from .picture import SIZE, draw_looks, draw_pictures

__all__ = ["ceilings", "load_leaves", "make_leaves"]

SAMPLE = Path(__file__).with_name("sample.npz")
SAMPLE_SHA256 = (  # of the spectra and of the pictures
    "c17c38ae622f038620d68e8b9783b3eec43beec33920c6afd9db9019a85d6392",
    "31b1a55199e5f1d9d19f969fd8cfc0b14f37b48993da2d5598ffe31233c7b500",
)
SIGNATURE = 0.008  # reflectance
SESSIONS = 6  # days of measurement


def make_leaves(
    n_plants=240,
    leaves_per_plant=5,
    water=1.0,
    lesions=1.0,
    redness=1.0,
    synergy=1.0,
    target="condition",
    seed=0,
):
    """Simulate leaves, each with a reflectance spectrum and a photograph.

    All leaves of a plant share its condition, its tissue, its tray and its day
    of measurement, so a split must keep plants whole.

    Parameters
    ----------
    n_plants, leaves_per_plant : int
        At least 5 plants, so that every condition occurs.
    water : float
        Strength of drought, which only the spectrum sees. 0 means: cannot be
        told from healthy; so for the other three knobs.
    lesions : float
        Strength of blight, which only the picture sees.
    redness : float
        Strength of phosphorus deficiency, which both see.
    synergy : float
        Strength of nitrogen deficiency, which only both together see well.
    target : {"condition", "chlorophyll"}
        The class, or the chlorophyll of the whole leaf in mg.
    seed : int
        The same seed gives the same leaves.

    Returns
    -------
    MultimodalData
        "spectrum" (leaves, 211), reflectance at 400-2500 nm; "image"
        (leaves, 48, 48, 3), uint8, with a scale bar of 2 cm. The true factors of
        each leaf are in ``data.info``.

    Raises
    ------
    DataError
        For fewer than 5 plants or a knob below 0.

    Examples
    --------
    >>> import mmlib
    >>> mmlib.make_leaves(n_plants=10, leaves_per_plant=2)
    <simulated leaves: 20 samples, spectrum (211,), image (48, 48, 3), 5 classes, 10 groups>
    """
    knobs = {"water": water, "lesions": lesions, "redness": redness, "synergy": synergy}
    if n_plants < 5 or leaves_per_plant < 1:
        raise DataError(
            f"make_leaves needs at least 5 plants of 1 leaf, so that every condition occurs; "
            f"it was asked for {n_plants} plants of {leaves_per_plant}."
        )
    for knob, value in knobs.items():
        if not 0 <= value <= 3:
            raise DataError(f"The knob {knob} is {value}: it must lie between 0 and 3.")
    rng = np.random.default_rng(seed)
    of_plant = rng.permutation(np.arange(n_plants) % len(CONDITIONS))
    plant = np.repeat(np.arange(n_plants), leaves_per_plant)
    condition = of_plant[plant]

    factors = draw_factors(condition, knobs, rng)
    looks = draw_looks(plant, n_plants, rng)
    session = rng.integers(SESSIONS, size=n_plants)[plant]
    info = {
        **factors,
        "area": looks["area"],
        "session": session,
    }
    return _as_data(
        spectrum=measure_spectra(factors, plant, n_plants, session, rng),
        image=draw_pictures(factors, looks, rng),
        condition=condition,
        plant=plant,
        info=info,
        knobs=knobs,
        target=target,
    )


def load_leaves(target="condition"):
    """The bundled sample of simulated leaves: 240 plants with 5 leaves each.

    It is ``make_leaves(seed=0)``, stored so that it is the same everywhere.

    Parameters
    ----------
    target : {"condition", "chlorophyll"}
        The class, or the chlorophyll of the whole leaf in mg.

    Returns
    -------
    MultimodalData

    Raises
    ------
    DataError
        When the stored file was altered.

    Examples
    --------
    >>> import mmlib
    >>> mmlib.load_leaves()
    <simulated leaves: 1200 samples, spectrum (211,), image (48, 48, 3), 5 classes, 240 groups>
    """

    sheet = SAMPLE.with_suffix(".png")
    for path, checksum in zip((SAMPLE, sheet), SAMPLE_SHA256, strict=True):
        if not path.is_file() or sha256(path.read_bytes()).hexdigest() != checksum:
            raise DataError(f"{path} is missing, altered or cut short: install mmlib again.")
    with np.load(SAMPLE, allow_pickle=False) as stored:
        info = dict(stored)
    return _as_data(
        spectrum=info.pop("spectrum").astype(np.float32) / 10_000,
        image=_from_contact_sheet(np.asarray(Image.open(sheet))),
        condition=info.pop("condition").astype(int),
        plant=info.pop("plant").astype(int),
        info=info,
        knobs=dict.fromkeys(KNOBS, 1.0),
        target=target,
    )


def contact_sheet(pictures, columns=40):
    """All pictures (n, height, width, channels) as one, in rows of `columns`."""
    n, height, width, channels = pictures.shape
    rows = pictures.reshape(n // columns, columns, height, width, channels)
    return rows.transpose(0, 2, 1, 3, 4).reshape(-1, columns * width, channels)


def _from_contact_sheet(sheet):
    down, across = sheet.shape[0] // SIZE, sheet.shape[1] // SIZE
    tiles = sheet.reshape(down, SIZE, across, SIZE, 3).transpose(0, 2, 1, 3, 4)
    return np.ascontiguousarray(tiles.reshape(-1, SIZE, SIZE, 3))


def measure_spectra(factors, plant, n_plants, session, rng):
    """Reflectance as the spectrometer reports it, rounded to 0.0001."""
    n = len(plant)
    normal = rng.standard_normal
    layers = 1.6 + 0.12 * normal(n_plants)[plant] + 0.04 * normal(n)
    dry_matter = 0.006 * np.exp(0.15 * normal(n_plants)[plant] + 0.08 * normal(n))
    carotenoids = 0.2 * factors["chlorophyll"] * np.exp(0.1 * normal(n))
    true = leaf_reflectance(
        factors["chlorophyll"],
        carotenoids,
        factors["anthocyanins"],
        factors["water"],
        dry_matter,
        layers,
    )
    place = (WAVELENGTHS - 1450) / 1050
    gain = np.exp(0.05 * normal(n) + 0.03 * normal(SESSIONS)[session])
    offset = 0.006 * normal(n) + 0.004 * normal(SESSIONS)[session]
    slope = 0.004 * normal(n)
    noise = 0.0015 * (1 + 2 * (WAVELENGTHS > 2350) + (WAVELENGTHS < 430)) * normal(true.shape)
    # Wax and hairs: a smooth signature of the plant, the same on all of its leaves.
    bumps = np.exp(-0.5 * ((WAVELENGTHS - np.linspace(450, 2400, 8)[:, None]) / 120) ** 2)
    surface = SIGNATURE * (normal((n_plants, 8)) @ bumps)[plant]
    seen = gain[:, None] * true + surface + offset[:, None] + slope[:, None] * place + noise
    return np.clip(np.round(seen, 4), 0, 1).astype(np.float32)


def _as_data(spectrum, image, condition, plant, info, knobs, target):
    if target not in ("condition", "chlorophyll"):
        raise DataError(f"target is {target!r}: it must be 'condition' or 'chlorophyll'.")
    leaf = np.arange(len(plant))
    number = leaf - np.searchsorted(plant, plant)  # of the leaf on its plant
    ids = [f"plant{p:03d}-leaf{k}" for p, k in zip(plant, number, strict=True)]
    by_condition = target == "condition"
    return MultimodalData(
        {"spectrum": spectrum, "image": image},
        y=condition if by_condition else info["chlorophyll"] * info["area"] / 1000,
        groups=plant,
        ids=ids,
        axes={"spectrum": WAVELENGTHS},
        target_names=CONDITIONS if by_condition else ["leaf chlorophyll (mg)"],
        task="classification" if by_condition else "regression",
        name="simulated leaves",
        info={**info, "condition": condition},
        meta={"simulation": knobs, "license": "CC0-1.0"},
    )
