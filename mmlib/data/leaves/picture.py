"""The photograph of a simulated leaf: shape, veins, lesions, color, light.

What the condition has to do with the picture passes through four numbers of
`mmlib.data.leaves.factors` only: maturity (wider, more toothed leaves with clearer
veins), lesion cover, anthocyanins, and the chlorophyll as the camera sees it.
The rest is nuisance: size, turn, tray, exposure, uneven light, noise.

Color comes from the leaf's own reflectance: observer curves after Wyman, Sloan
& Shirley (2013), http://jcgt.org/published/0002/02/01/, daylight as a black
body of 6504 K, and the sRGB standard IEC 61966-2-1.
"""

import numpy as np

from .optics import leaf_reflectance

SIZE = 48  # pixels
FIELD = 9.5  # cm across at zoom 1
USUAL_CHLOROPHYLL = 33.5  # ug/cm2
BAR = 2.0  # cm, length of the scale bar
VISIBLE = np.arange(400.0, 701.0, 10.0)  # nm
LESION_COLOR = np.array([0.115, 0.060, 0.030])  # linear RGB
_TRAY_COLORS = np.array([[0.30, 0.22, 0.15], [0.45, 0.45, 0.45], [0.25, 0.30, 0.38]])
_XYZ_TO_RGB = np.array(
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
)
_WHITE = np.array([0.9505, 1.0, 1.0890])  # of daylight D65


def color(reflectance, wavelengths=VISIBLE):
    """Linear RGB, shape (leaves, 3), of a surface seen in daylight; white gives 1, 1, 1."""

    def lobe(height, center, left, right):
        width = np.where(wavelengths < center, left, right)
        return height * np.exp(-0.5 * ((wavelengths - center) / width) ** 2)

    observer = np.stack(
        [
            lobe(1.056, 599.8, 37.9, 31.0) + lobe(0.362, 442.0, 16.0, 26.7)
            + lobe(-0.065, 501.1, 20.4, 26.2),
            lobe(0.821, 568.8, 46.9, 40.5) + lobe(0.286, 530.9, 16.3, 31.1),
            lobe(1.217, 437.0, 11.8, 36.0) + lobe(0.681, 459.0, 26.0, 13.8),
        ]
    )  # fmt: skip
    light = wavelengths**-5.0 / np.expm1(1.4388e7 / (wavelengths * 6504))
    xyz = reflectance @ (observer * light).T / (observer @ light)
    return np.clip((xyz * _WHITE) @ _XYZ_TO_RGB.T, 0, None)


def leaf_color(chlorophyll, anthocyanins):
    """Linear RGB, shape (leaves, 3), of photographed leaves with these pigments (ug/cm2).

    Automatic exposure flattens the greens: only half of the distance from a usual
    log chlorophyll reaches the picture.
    """
    chlorophyll = np.sqrt(USUAL_CHLOROPHYLL * chlorophyll)
    return color(
        leaf_reflectance(chlorophyll, 0.2 * chlorophyll, anthocyanins, 0.012, 0.006, 1.6, VISIBLE)
    )


def draw_looks(plant, n_plants, rng):
    """Draw what the picture shows besides the factors, as a dict of arrays.

    `plant` is the plant of each leaf; leaves of one plant share tray and tip.
    """
    n = len(plant)
    tray = _TRAY_COLORS[rng.integers(len(_TRAY_COLORS), size=n_plants)]
    tray = tray * np.exp(0.25 * rng.standard_normal((n_plants, 1)))
    tray = tray * np.exp(0.12 * rng.standard_normal((n_plants, 3)))
    tip = rng.uniform(0.6, 1.0, n_plants)
    return {
        "area": np.clip(np.exp(np.log(13) + 0.22 * rng.standard_normal(n)), 7, 18),  # cm2
        "zoom": rng.uniform(0.9, 1.15, n),
        "turn": np.radians(rng.uniform(-20, 20, n)),
        "shift": rng.uniform(-0.5, 0.5, (n, 2)),  # cm
        "elongation_noise": 0.01 * rng.standard_normal(n),
        "tray": tray[plant],
        "tip": tip[plant],
        "exposure": np.exp(0.06 * rng.standard_normal((n, 1))),
        "white_balance": np.exp(0.015 * rng.standard_normal((n, 3))),
        "light_slope": 0.03 * rng.standard_normal((n, 2)),  # per cm
        "spots": rng.integers(3, 7, n),
        "spot_place": rng.random((n, 6, 2)),
        "spot_size": rng.dirichlet(np.full(6, 6.0), n),
    }


def draw_pictures(factors, looks, rng):
    """Photographs of leaves.

    Parameters
    ----------
    factors : dict
        From `mmlib.data.leaves.factors.draw_factors`.
    looks : dict
        From `draw_looks`.
    rng : numpy.random.Generator
        For the camera's noise.

    Returns
    -------
    ndarray of uint8, shape (leaves, 48, 48, 3)
    """
    n = len(factors["maturity"])
    pictures = np.empty((n, SIZE, SIZE, 3), np.uint8)
    for start in range(0, n, 200):
        part = slice(start, start + 200)
        linear = linear_rgb(some_leaves(factors, part), some_leaves(looks, part))
        srgb = np.where(linear < 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
        noisy = 255 * srgb + 1.5 * rng.standard_normal(srgb.shape, dtype=np.float32)
        pictures[part] = np.clip(np.round(noisy), 0, 255)
    return pictures


def some_leaves(values, part):
    """The values of some leaves."""
    return {key: value[part] for key, value in values.items()}


def leaf_maps(factors, looks, size=SIZE):
    """Where leaf, veins and lesions lie in pictures of ``size`` x ``size`` pixels.

    Parameters
    ----------
    factors, looks : dict
        As for `draw_pictures`.
    size : int

    Returns
    -------
    dict of str to ndarray, (leaves, size, size) where nothing else is said
        ``leaf`` and ``lesion``, shares of a pixel; ``shade``, 1 and above on veins; ``along``,
        place on the midrib, -1 to 1; ``light``, log of uneven light; ``bar``, share of a pixel
        that is scale bar.
    """

    def per_leaf(value):  # (leaves,) -> (leaves, 1, 1)
        return value.astype(float)[:, None, None]

    pixel = per_leaf(FIELD / size / looks["zoom"])  # cm
    grid = np.arange(size) - (size - 1) / 2
    x, y = grid[None, None, :] * pixel, -grid[None, :, None] * pixel  # cm, y upward
    u, v = _leaf_frame(x, y, looks, per_leaf)

    length, half_width, tip = _outline(factors["maturity"], looks)
    along = np.clip(2 * u / per_leaf(length), -1, 1)
    profile = per_leaf(half_width) * (1 - along**2 + 1e-6) ** per_leaf(tip)
    teeth = 0.02 + 0.13 * factors["maturity"]
    edge = profile * (1 - per_leaf(teeth) * (0.5 + 0.5 * np.cos(18 * np.pi * along)))
    inside = np.minimum(edge - np.abs(v), per_leaf(length) / 2 - np.abs(u))
    slope = per_leaf(looks["light_slope"][:, 0]) * x + per_leaf(looks["light_slope"][:, 1]) * y
    return {
        "leaf": np.clip(inside / pixel + 0.5, 0, 1),  # soft edge, one pixel wide
        "shade": 1 + 0.5 * _veins(u, v, profile, pixel, factors["maturity"], per_leaf),
        "lesion": _lesions(
            u, v, pixel, length, half_width, tip, factors["lesions"], looks, per_leaf
        ),
        "along": along,
        "light": slope,
        "bar": _scale_bar(x, y, pixel, size),
    }


def linear_rgb(factors, looks):
    """Linear RGB of the whole picture, shape (leaves, SIZE, SIZE, 3)."""
    maps = leaf_maps(factors, looks)
    # Photographs are exposed for the leaf: its diffuse reflectance is brought to mid-tone.
    pigment = 2.2 * leaf_color(factors["camera_chlorophyll"], factors["anthocyanins"])
    pigment = pigment.astype(float)
    surface = maps["shade"][..., None] * pigment[:, None, None, :]
    surface += maps["lesion"][..., None] * (LESION_COLOR - surface)
    picture = looks["tray"][:, None, None, :] + maps["leaf"][..., None] * (
        surface - looks["tray"][:, None, None, :]
    )
    picture += maps["bar"][..., None] * (0.95 - picture)
    light = np.exp(maps["light"])[..., None]
    light = light * (looks["exposure"] * looks["white_balance"])[:, None, None]
    return np.clip(picture * light, 0, 1)


def _leaf_frame(x, y, looks, per_leaf):
    """Coordinates along (u) and across (v) the midrib, cm from the middle."""
    x = x - per_leaf(looks["shift"][:, 0])
    y = y - per_leaf(looks["shift"][:, 1]) - 0.4  # room for the scale bar
    cos, sin = np.cos(per_leaf(looks["turn"])), np.sin(per_leaf(looks["turn"]))
    return cos * y + sin * x, cos * x - sin * y


def _outline(maturity, looks):
    """Length and half width (cm) that give the wanted area, and the tip's exponent."""
    elongation = 0.42 + 0.36 * maturity + looks["elongation_noise"]  # width / length
    tip = looks["tip"]
    s = np.linspace(-1, 1, 201)
    filled = ((1 - s**2 + 1e-6)[None] ** tip[:, None]).mean(1)  # of the box length x width
    teeth = 1 - (0.02 + 0.13 * maturity) / 2
    length = np.sqrt(looks["area"] / (elongation * filled * teeth))
    return length, elongation * length / 2, tip


def _veins(u, v, profile, pixel, maturity, per_leaf):
    contrast = per_leaf(0.15 + 0.55 * maturity)
    midrib = np.exp(-0.5 * (v / (0.6 * pixel)) ** 2)
    wave = np.cos(2 * np.pi * (u - 0.8 * np.abs(v)) / 1.1) ** 2
    side = wave * wave * wave * wave * (np.abs(v) < profile)
    return contrast * np.maximum(midrib, 0.5 * side)


def _lesions(u, v, pixel, length, half_width, tip, cover, looks, per_leaf):
    """Share of each pixel that is lesion; the spots together cover `cover` of the leaf."""
    total = np.zeros(u.shape)
    used = np.arange(6) < looks["spots"][:, None]
    share = looks["spot_size"] * used
    radius = np.sqrt((cover * looks["area"] / np.pi)[:, None] * share / share.sum(1, keepdims=True))
    # One spot to each stretch of the midrib, so that they seldom overlap.
    stretch = (np.arange(6) + looks["spot_place"][:, :, 0]) / looks["spots"][:, None]
    along = -0.75 + 1.5 * stretch
    room = half_width[:, None] * np.maximum(1 - along**2, 0.05) ** tip[:, None]
    across = (2 * looks["spot_place"][:, :, 1] - 1) * np.maximum(room - radius, 0.1 * room)
    for k in range(6):
        du = u - per_leaf(along[:, k] * length / 2)
        dv = v - per_leaf(across[:, k])
        r = per_leaf(np.where(used[:, k], radius[:, k], 0))
        soft = np.clip((r - np.sqrt(du**2 + dv**2)) / pixel + 0.5, 0, 1)
        total = np.maximum(total, soft * (r > 0))
    return total


def _scale_bar(x, y, pixel, size):
    """The white bar of 2 cm in the lower left corner."""
    left, bottom = -(size / 2 - 2) * pixel, -(size / 2 - 3) * pixel
    long = np.clip((BAR / 2 - np.abs(x - left - BAR / 2)) / pixel + 0.5, 0, 1)
    thick = np.clip(1.0 - np.abs(y - bottom) / pixel, 0, 1)
    return long * thick
