"""Photographs in a folder: any common format, depth and size, brought to one shape.

All pictures are shrunk by the *same* factor and then padded, so that a large leaf stays
larger than a small one. What was done is noted. Sizes come from the headers; then each
picture is shrunk as it is read, so that never more than one is held at its full size.
"""

import numpy as np

from .findings import some
from .picture_formats import FLOAT, read_picture, size_of

LARGEST = 128  # pixels of a side that no picture exceeds when it is read
MOST = 1e6  # a value beyond it is a scale that no picture has


def read_pictures(paths, findings, largest=LARGEST, known=None):
    """All pictures as one array of the same shape.

    Parameters
    ----------
    paths : mapping of str to pathlib.Path
    findings : Findings
    largest : int
        Side, in pixels, that no picture exceeds afterwards.
    known : TrainedOn, optional
        What a model was trained on: pictures are shrunk as they were then, and must fit.

    Returns
    -------
    pictures : ndarray of shape (samples, height, width, channels)
        uint8, or float32 from 0 to 255 where a file had more than 8 bits.
    shrunk : float
        The factor that was applied to all. Instead of both, None where one is faulty.
    """
    where = {sample: f"images/{path.name}" for sample, path in paths.items()}
    sizes = {}
    for sample, path in paths.items():
        with findings.about(sample):
            sizes[sample] = size_of(path, where[sample], findings)
    if None in sizes.values() or not sizes:
        return None
    shape = None if known is None else known.shapes.get("image")
    factor = min(1.0, largest / max(map(max, sizes.values()))) if shape is None else known.shrunk
    # Far too large ones are not read to tell how many channels they have.
    if shape is not None and factor * max(map(max, sizes.values())) > 8 * max(shape[:2]):
        sides = max(sizes.values(), key=max)
        _misfit(*(round(factor * side) for side in sides), shape, findings)
        return None
    pictures = {}
    for sample, path in paths.items():
        with findings.about(sample):
            pictures[sample] = read_picture(path, where[sample], findings, factor)
    if None in pictures.values():
        return None
    channels = {sample: p.pixels.shape[2] for sample, p in pictures.items()}
    usual = max(set(channels.values()), key=list(channels.values()).count)
    odd = [sample for sample, n in channels.items() if n != usual]
    if odd:
        findings.error(
            where[odd[0]],
            f"it has {channels[odd[0]]} channel(s), most pictures have {usual}",
            f"save all alike ({some(odd)})",
            samples=odd,
        )
        return None
    pixels = _check_values(pictures, where, findings)
    if pixels is None:
        return None
    if factor < 1:
        findings.note("images", f"shrunk to {100 * factor:.0f} % of their size, all alike")
    sizes = {p.shape[:2] for p in pixels.values()}
    height, width = (max(size[k] for size in sizes) for k in (0, 1))
    if shape is not None:
        if usual != shape[2] or height > shape[0] or width > shape[1]:
            _misfit(height, width, shape, findings, usual)
            return None
        height, width = shape[:2]
    elif len(sizes) > 1:
        n = len(sizes)
        findings.note("images", f"of {n} sizes; padded to {height} x {width} pixels")
    return np.stack([_pad(p, height, width) for p in pixels.values()]), factor


def _misfit(height, width, shape, findings, channels=None):
    said = "" if channels is None else f" in {channels} channel(s)"
    findings.error(
        "images",
        f"they are up to {height} x {width} pixels{said} where the model knows {shape[0]} x "
        f"{shape[1]}" + f" in {shape[2]}" * (channels is not None),
        "take them with the same camera and settings",
    )


def _check_values(pictures, where, findings):
    """Pixels on one scale; depths that differ, and 12 bits in files of 16, make some dark.

    None, with the reason noted, where values are none that a picture has.
    """
    deep = {sample: p for sample, p in pictures.items() if p.pixels.dtype != np.uint8}
    pixels = {sample: p.pixels for sample, p in pictures.items()}
    if not deep:
        return pixels
    for sample, p in deep.items():
        if not np.isfinite(p.low + p.top):
            findings.error(where[sample], "some of its values are no numbers (NaN or infinite)",
                           "replace or crop them, and save it anew", samples=[sample])  # fmt: skip
            return None
    first, top = next(iter(deep)), max(p.top for p in deep.values())
    low = min(p.low for p in deep.values())
    if max(top, -low) > MOST:
        findings.error(
            "images",
            f"values run from {low:g} to {top:g}, which is no scale of pictures",
            "save them with 8 or 16 bits, or as shares from 0 to 1",
        )
        return None
    if low < 0 or top > 255:
        odd = [sample for sample, p in deep.items() if p.low < 0 or p.top > 255]
        findings.warn(
            f"images (id {odd[0]})",
            f"values run from {low:g} to {top:g}, not from 0 to 255, and are used as they are",
            "replace numbers that stand for missing ones, and save with 8 or 16 bits",
            samples=odd,
        )
    if len(deep) < len(pictures):
        findings.warn(
            f"images (id {first})",
            f"{len(deep)} have more than 8 bits, the others 8 (brightest value {top:.1f} of 255)",
            "save all alike, so that equal colors have equal numbers",
            samples=deep,
        )
    elif all(p.pixels.dtype == FLOAT for p in deep.values()):
        if 0 < top <= 1.5:
            pixels |= {sample: p.pixels * 255 for sample, p in deep.items()}
            findings.note("images", "values from 0 to 1 were multiplied by 255")
    elif top <= 4095 / 257:
        findings.warn(
            "images",
            f"the brightest value in the files of 16 bits is {round(257 * top)}, of 65535",
            "if the camera has 10 or 12 bits, save them stretched to 16",
        )
    return pixels | {sample: pixels[sample].astype(np.float32) for sample in deep}


def _pad(picture, height, width):
    """Centered on a ground of the color that its rim has."""
    down, across = height - picture.shape[0], width - picture.shape[1]
    if not down and not across:
        return picture
    rim = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    whole = np.empty((height, width, picture.shape[2]), picture.dtype)
    whole[:] = np.median(rim, axis=0).astype(picture.dtype)
    top, left = down // 2, across // 2
    whole[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return whole
