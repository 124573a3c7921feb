"""The numbers a person would point at in a picture: how red, how spotted, how elongated.

Every function takes a whole stack of pictures and the places of their objects
(`mmlib.features.segmentation`), and returns named columns. No picture influences
the numbers of another one.

References
----------
Stricker & Orengo (1995), color moments, doi:10.1117/12.205308;
Hu (1962), moments of a shape, doi:10.1109/TIT.1962.1057692.
"""

import numpy as np
from scipy.ndimage import binary_erosion, gaussian_filter, uniform_filter

from .segmentation import EPS


def color_features(images, mask):
    """Color of the object.

    For each channel the mean, the spread and the skewness (as a cube root, so in
    the same unit) of its pixels; and, from two channels on, the *relative* channel:
    the mean of log channel minus log brightness, which a brighter lamp or a longer
    exposure leaves as it is, and its spread over the object.

    Parameters
    ----------
    images : ndarray of float, shape (samples, height, width, channels), 0 to 1
    mask : ndarray of bool, shape (samples, height, width)

    Returns
    -------
    dict of str to ndarray of shape (samples,)
    """
    inside = mask[..., None].astype(images.dtype)
    precise = _precision(images)
    size = inside.sum((1, 2), dtype=precise)

    def average(values):
        return ((values * inside).sum((1, 2), dtype=precise) / size).astype(images.dtype)

    mean = average(images)
    apart = images - mean[:, None, None]
    columns = {
        "mean": mean,
        "spread": np.sqrt(average(apart**2)),
        "skew": np.cbrt(average(apart**3)),
    }
    if images.shape[3] > 1:
        logs = np.log(images + EPS)
        hue = logs - logs.mean(3, keepdims=True)
        columns["relative"] = average(hue)
        variance = average((hue - columns["relative"][:, None, None]) ** 2)
        columns["relative spread"] = np.sqrt(variance)
    return {
        f"{kind} {channel}": values[:, k]
        for kind, values in columns.items()
        for k, channel in enumerate(channel_names(images.shape[3]))
    }


def texture_features(images, mask):
    """Spots, veins, edges and fine grain of the object; its outline is left out.

    ``dark share`` is the share of the object that is at least 15 % (30 %, 50 %, in
    logarithms) darker than its median, ``dark depth`` and ``bright depth`` how far it
    lies below and above on average, ``fine dark`` and ``fine bright`` the same against
    a neighborhood of 5 x 5 pixels, ``edges 45`` the strength of brightness steps in
    a direction (degrees; 0 is a step along a row), all as logarithms.

    Parameters, returns: as for `color_features`.
    """

    core = binary_erosion(mask, np.ones((1, 3, 3)))
    empty = ~core.any((1, 2))
    core[empty] = mask[empty]
    size = core.sum((1, 2))
    inside = core.astype(images.dtype)
    light = np.log(images + EPS).mean(3)

    def log_share(values, floor):
        return np.log((values * inside).sum((1, 2), dtype=_precision(images)) / size + floor)

    median = np.nanmedian(np.where(core, light, np.nan).reshape(len(light), -1), axis=1)
    coarse = light - median[:, None, None]
    window = (0, 5, 5)  # never across samples
    around = uniform_filter(light * inside, window) / np.maximum(
        uniform_filter(inside, window), 0.01
    )
    fine = light - around
    columns = {
        f"dark share {percent}": log_share(coarse < -percent / 100, 0.005)
        for percent in (15, 30, 50)
    }
    for name, values in {"depth": coarse, "fine": fine}.items():
        for side, sign in {"dark": -1, "bright": 1}.items():
            key = f"{side} depth" if name == "depth" else f"fine {side}"
            columns[key] = log_share(np.maximum(sign * values, 0), 0.005)
    down, right = np.gradient(light, axis=(1, 2))
    angle = np.round(np.arctan2(down, right) / (np.pi / 4)).astype(int) % 4
    for k in range(4):
        columns[f"edges {45 * k}"] = log_share(np.hypot(down, right) * (angle == k), 0.003)
    return columns


def shape_features(mask):
    """Size and form of the object, whichever way it is turned.

    ``area`` is its share of the picture; ``width over length`` is 1 for a disk (from
    second moments) and ``box width over length`` the same for the box around it;
    ``box filled`` and ``ellipse filled`` say how much of box and ellipse it fills;
    ``outline`` is its boundary over the root of its area (4 for an upright square) and
    ``roughness`` the logarithm of what smoothing changes, over the same root.

    Parameters
    ----------
    mask : ndarray of bool, shape (samples, height, width)

    Returns
    -------
    dict of str to ndarray of shape (samples,)

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.measures import shape_features
    >>> mask = np.zeros((1, 20, 20), bool)
    >>> mask[0, 5:9, 2:14] = True  # 4 by 12 pixels
    >>> shape = shape_features(mask)
    >>> round(float(shape["area"][0]), 2), round(float(shape["width over length"][0]), 2)
    (0.12, 0.33)
    """

    _, height, width = mask.shape
    inside = mask.astype(float)
    size = inside.sum((1, 2))
    y, x = np.mgrid[:height, :width].astype(float)

    def average(values):
        return (inside * values).sum((1, 2)) / size

    dx = x - average(x)[:, None, None]
    dy = y - average(y)[:, None, None]
    xx, yy, xy = average(dx * dx) + 1 / 12, average(dy * dy) + 1 / 12, average(dx * dy)
    moments, axes = np.linalg.eigh(np.array([[xx, xy], [xy, yy]]).transpose(2, 0, 1))
    along_x, along_y = axes[:, 0, 1, None, None], axes[:, 1, 1, None, None]

    def extent(values):
        largest = np.where(mask, values, -np.inf).max((1, 2))
        return largest - np.where(mask, values, np.inf).min((1, 2)) + 1

    box_length = extent(dx * along_x + dy * along_y)
    box_width = extent(dy * along_x - dx * along_y)
    padded = np.pad(mask, ((0, 0), (1, 1), (1, 1)))
    outline = (padded[:, 1:] != padded[:, :-1]).sum((1, 2))
    outline = outline + (padded[:, :, 1:] != padded[:, :, :-1]).sum((1, 2))
    smooth = gaussian_filter(inside, (0, 1.5, 1.5)) > 0.5
    return {
        "area": size / (height * width),
        "width over length": np.sqrt(moments[:, 0] / moments[:, 1]),
        "box width over length": box_width / box_length,
        "box filled": size / (box_length * box_width),
        "ellipse filled": size / (4 * np.pi * np.sqrt(moments[:, 0] * moments[:, 1])),
        "outline": outline / np.sqrt(size),
        "roughness": np.log(((smooth != mask).sum((1, 2)) + 1) / np.sqrt(size)),
    }


def _precision(images):
    """What to sum pixels in: single precision is quick, but loses percents over many of them."""
    return float if images.shape[1] * images.shape[2] > 2**16 else images.dtype


def channel_names(channels):
    """What the channels of a picture are called in feature names."""
    usual = {1: ["gray"], 3: ["red", "green", "blue"]}
    return usual.get(channels, [f"channel {k + 1}" for k in range(channels)])
