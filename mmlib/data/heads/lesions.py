"""Heads with planted spots, seen by CT, MRI and X-ray."""

import numpy as np
from scipy.ndimage import affine_transform, binary_erosion, gaussian_filter

from ...base import DataError
from ..dataset import MultimodalData
from .templates import PIXEL, SIZE, templates

WIDTH = 3.6  # mm, standard deviation of a spot
APART = 12.0  # mm, least distance of two spots that are not one
SPOTS = {"ct": 70.0, "mri": -600.0, "xray": 0.08}  # height in the middle of a spot
NOISE = {"ct": 7.0, "mri": 60.0, "xray": 0.04}  # of each pixel
TEXTURE = {"ct": 6.0, "mri": 40.0, "xray": 0.0}  # of the tissue, its own for each patient
DECIMALS = {"ct": 0, "mri": 0, "xray": 3}
NAMES = ["one lesion", "two old ones"]


def make_heads(n_patients=400, slices=1, off=0.0, seed=0):
    """Simulate heads with a spot in the CT and a spot in the MRI, and an X-ray of each.

    "one lesion": both spots are at the same place, as of fresh blood. "two old ones": the spot of
    the CT is chalk, which shows in the X-ray as well, and that of the MRI a scar elsewhere.
    Patients differ in the position and size of their heads, in the texture of their tissue, and
    in the gain of the MRI.

    Parameters
    ----------
    n_patients : int
        At least 2, of whom every second one has one lesion.
    slices : int
        Pictures of each patient: the same head, new spots, and new noise.
    off : float
        By how many mm the MRI was laid beside the CT, in any direction. The same seed gives
        the same patients whatever it is.
    seed : int

    Returns
    -------
    MultimodalData
        "ct" (n, 48, 48, 1) in Hounsfield units, "mri" in units of its own, "xray" as natural
        absorbance from above; pixels of 3 mm. ``data.info`` holds "ct spot" and "mri spot",
        row and column of the middle of each, before the MRI is put off, and "shift" in mm,
        from where the MRI is looked up (see `mmlib.features.registration.Motion`).

    Raises
    ------
    DataError
        For fewer than 2 patients or 1 slice, or an `off` that is not between 0 and 30 mm.

    Examples
    --------
    >>> from mmlib.data.heads import make_heads
    >>> make_heads(10)  # doctest: +ELLIPSIS
    <simulated heads: 10 samples, ct (48, 48, 1), mri (48, 48, 1), xray (48, 48, 1), 2 classes, ...>
    """
    if n_patients < 2 or slices < 1 or not 0 <= off <= 30:
        raise DataError(
            f"make_heads was asked for {n_patients} patients of {slices} slices, {off} mm off: it "
            "needs at least 2 patients of 1 slice, and 0 to 30 mm."
        )
    rng = np.random.default_rng(seed)
    plain, places, chances = templates(), *spot_places()
    brain, rows = plain["mri"] > 0.25, []
    y = rng.permutation(np.arange(n_patients) % 2)
    pairs = rng.choice(chances.size, n_patients * slices, p=chances.ravel())
    pairs = iter(np.transpose(np.unravel_index(pairs, chances.shape)))
    for two in y:
        pose, gain = _draw_pose(rng), rng.uniform(0.8, 1.2)
        texture = brain * _draw_texture(rng)
        head = {name: _posed(picture, pose) for name, picture in plain.items()}
        head["mri"] *= 1000
        for _ in range(slices):
            here, there = next(pairs)
            ct, mri = places[here], places[there if two else here]
            angle = rng.uniform(0, 2 * np.pi)
            shift = off * np.array([np.cos(angle), np.sin(angle)])
            seen = {"ct": spot(ct), "mri": spot(mri), "xray": two * spot(ct)}
            seen = {
                name: head[name] + TEXTURE[name] * texture + SPOTS[name] * seen[name]
                for name in seen
            }
            seen["mri"] = affine_transform(seen["mri"], np.eye(2), shift / PIXEL, order=1)
            seen = {name: x + NOISE[name] * rng.normal(size=x.shape) for name, x in seen.items()}
            seen["mri"] *= gain
            # Rounded, as instruments store them, they are the same on every computer.
            seen = {name: x.round(DECIMALS[name]) for name, x in seen.items()}
            rows.append({**seen, "ct spot": ct, "mri spot": mri, "shift": shift})
    made = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    return MultimodalData(
        {name: made.pop(name)[..., None].astype(np.float32) for name in SPOTS},
        y=np.repeat(y, slices),
        groups=np.repeat(np.arange(n_patients), slices),
        target_names=NAMES,
        name="simulated heads",
        info=made,
    )


def spot_places():
    """Where spots may be, and how likely each pair of two is.

    Returns
    -------
    places : ndarray of shape (n, 2)
        Row and column, deep inside the brain.
    chances : ndarray of shape (n, n)
        Of a spot of the CT here and one of the MRI there, at least 12 mm apart. Symmetric, so
        that neither place alone says that there are two.

    Examples
    --------
    >>> from mmlib.data.heads.lesions import spot_places
    >>> places, chances = spot_places()
    >>> bool((chances == chances.T).all())
    True
    """
    places = np.argwhere(search_area())
    apart = PIXEL * np.linalg.norm(places[:, None] - places[None], axis=2)
    allowed = (apart >= APART).astype(float)
    return places, allowed / allowed.sum()


def search_area():
    """Where to look for spots, a mask (48, 48): deep inside the brain."""
    return binary_erosion(templates()["mri"] > 0.25, iterations=6)


def spot(place):
    """A round spot of height 1, (48, 48)."""
    row, column = np.mgrid[:SIZE, :SIZE]
    away = PIXEL**2 * ((row - place[0]) ** 2 + (column - place[1]) ** 2)
    return np.exp(-away / (2 * WIDTH**2))


def _draw_pose(rng):
    """A small rotation, another size, and a shift of a head, as matrix and offset in pixels."""
    angle, size = np.radians(rng.uniform(-6, 6)), rng.uniform(0.94, 1.06)
    turn = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    matrix, middle = size * np.array(turn), np.full(2, (SIZE - 1) / 2)
    return matrix, middle - matrix @ middle + rng.uniform(-1.5, 1.5, 2)


def _posed(picture, pose):
    return affine_transform(picture, *pose, order=1, mode="nearest")


def _draw_texture(rng):
    """Smooth random variation with a standard deviation of 1."""
    texture = gaussian_filter(rng.normal(size=(SIZE, SIZE)), 1.5)
    return texture / texture.std()
