"""An eye test: pictures that hold one bit of information, in ten ways, one at a time.

A letter chart for models. What a model cannot see, it answers by chance, 0.5; every kind
can be told in 9 pictures of 10 or more by whoever looks at the right thing.
"""

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.stats import norm

from ..base import DataError
from .dataset import MultimodalData

PAPER = np.array([90.0, 84.0, 102.0])
INK = np.array([140.0, 191.0, 89.0])


def make_eye_test(kind, n=400, size=32, noise=28.0, seed=0):
    """Pictures of two classes that differ in a single thing.

    Parameters
    ----------
    kind : str
        "position": left or right of the middle. "size": a small or a large disk. "shape": a
        disk or a square of the same area. "count": three or six disks of the same area in
        all. "orientation": stripes that rise or fall. "grain": fine or coarse. "hue": a
        greener or a redder disk. "edge": a smooth or a wavy edge. "hole": a disk or a ring of
        the same area. "distance": two disks near each other or far apart.
    n : int
        Pictures; both classes come about equally often.
    size : int
        Pixels a side.
    noise : float
        Standard deviation of every pixel's noise, in steps of 0 to 255.
    seed : int

    Returns
    -------
    MultimodalData
        "image" (n, size, size, 3), uint8; classes 0 and 1. Place, size, color and light vary
        at random, as far as they are not what is asked for.

    Raises
    ------
    DataError
        For another kind.

    Examples
    --------
    >>> from mmlib.data.eye_test import make_eye_test
    >>> make_eye_test("shape", n=20)
    <eye test, shape: 20 samples, image (32, 32, 3), 2 classes>
    """
    if kind not in DRAWINGS:
        raise DataError(f"There is no kind {kind!r}: it must be one of {', '.join(DRAWINGS)}.")
    rng = np.random.default_rng([seed, sorted(DRAWINGS).index(kind)])
    y = rng.integers(0, 2, n)
    down, right = np.mgrid[:size, :size] / (size - 1) - 0.5
    pictures = np.empty((n, size, size, 3), np.uint8)
    for i, k in enumerate(y):
        middle = 0.1 * rng.normal(size=2)
        radius = 0.2 * np.exp(0.1 * rng.normal())
        cover = DRAWINGS[kind](k, right - middle[0], down - middle[1], radius, rng)
        ink = INK * np.exp(0.08 * rng.normal(size=3))
        if kind == "hue":
            ink = ink * ([1.12, 0.94, 1] if k else [0.94, 1.06, 1])
        paper = PAPER * np.exp(0.08 * rng.normal(size=3))
        lamp = 1 + rng.normal(size=3) * [0.12, 0.15, 0.15]
        light = lamp[0] + (lamp[1] - 1) * right + (lamp[2] - 1) * down
        picture = (paper + cover[..., None] * (ink - paper)) * light[..., None]
        pictures[i] = np.clip(picture + rng.normal(0, noise, picture.shape), 0, 255)
    return MultimodalData({"image": pictures}, y, name=f"eye test, {kind}")


def _inside(distance):
    """How much of a pixel is inside, by its distance to the edge (negative inside)."""
    return 1 / (1 + np.exp(np.clip(40 * distance, -50, 50)))


def _disk(x, y, radius):
    return _inside(np.hypot(x, y) - radius)


def _position(k, x, y, radius, rng):
    return _disk(x - (0.16 if k else -0.16), y, radius)


def _size(k, x, y, radius, rng):
    return _disk(x, y, radius * np.exp(0.22 if k else -0.22))


def _shape(k, x, y, radius, rng):
    turn = rng.uniform(0, np.pi)
    along, across = _turned(x, y, turn)
    if k:
        return _inside(np.maximum(abs(along), abs(across)) - 1.1 * radius * np.sqrt(np.pi) / 2)
    return _disk(along, across, 1.1 * radius)


def _count(k, x, y, radius, rng):
    number = 6 if k else 3
    each = 0.87 * radius / np.sqrt(number)
    cells = rng.permutation(9)[:number]
    at = 0.3 * (np.stack([cells % 3, cells // 3], 1) - 1) + 0.03 * rng.normal(size=(number, 2))
    grid = np.linspace(-0.5, 0.5, len(x))
    right, down = np.meshgrid(grid, grid)  # these do not move with the middle
    return np.max([_disk(right - a, down - b, each) for a, b in at], axis=0)


def _orientation(k, x, y, radius, rng):
    along, _ = _turned(x, y, (0.35 if k else -0.35) + 0.15 * rng.normal())
    waves = 5 + rng.normal()
    return 0.5 + 0.5 * np.sin(2 * np.pi * waves * along + rng.uniform(0, 2 * np.pi))


def _grain(k, x, y, radius, rng):
    cloud = gaussian_filter(
        rng.normal(size=x.shape), (1.6 if k else 0.9) * len(x) / 32, mode="wrap"
    )
    return 0.5 + 0.35 * cloud / cloud.std()


def _hue(k, x, y, radius, rng):
    return _disk(x, y, radius)


def _edge(k, x, y, radius, rng):
    turn = np.arctan2(y, x)
    wave = 0.07 * np.sin(7 * turn + rng.uniform(0, 2 * np.pi)) if k else 0
    return _inside(np.hypot(x, y) - 1.2 * radius + wave)


def _hole(k, x, y, radius, rng):
    if not k:
        return _disk(x, y, radius)
    return _disk(x, y, 1.25**0.5 * radius) * (1 - _disk(x, y, radius / 2))


def _distance(k, x, y, radius, rng):
    turn, apart = rng.uniform(0, np.pi), (0.25 if k else 0.155) + 0.023 * rng.normal()
    along, across = _turned(x, y, turn)
    return np.maximum(_disk(along - apart, across, 0.12), _disk(along + apart, across, 0.12))


def _turned(x, y, turn):
    return x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)


DRAWINGS = {
    "position": _position,
    "size": _size,
    "shape": _shape,
    "count": _count,
    "orientation": _orientation,
    "grain": _grain,
    "hue": _hue,
    "edge": _edge,
    "hole": _hole,
    "distance": _distance,
}
KINDS = tuple(DRAWINGS)


def make_shifted_disks(n=480, seed=0, size=32):
    """A disk left or right of the middle, and a band that is shifted: four classes.

    Each modality tells two of the four apart, both together nearly all.

    Parameters
    ----------
    n : int
    seed : int
    size : int
        Pixels a side.

    Returns
    -------
    MultimodalData
        "spectrum" (n, 200) and "image" (n, size, size, 3); ``meta["ceiling"]`` is the accuracy
        that can be reached by whoever reads place and shift without error.

    Examples
    --------
    >>> from mmlib.data.eye_test import make_shifted_disks
    >>> make_shifted_disks(20)
    <shifted disks: 20 samples, spectrum (200,), image (32, 32, 3), 4 classes>
    """
    disks = make_eye_test("position", n, size, seed=seed)
    rng = np.random.default_rng([seed, 99])
    shift = rng.integers(0, 2, n)
    at = 100 + np.where(shift, 3, -3) + 1.5 * rng.normal(size=n)
    bands = np.exp(-(((np.arange(200) - at[:, None]) / 12) ** 2))
    spectra = bands + 0.02 * rng.normal(size=bands.shape)
    return MultimodalData(
        {"spectrum": spectra, "image": disks.X["image"]},
        2 * disks.y + shift,
        name="shifted disks",
        meta={"ceiling": float(norm.cdf(0.16 / 0.1) * norm.cdf(3 / 1.5))},
    )
