"""Photographs in a folder: any common format, depth and size, brought to one shape.

All pictures are shrunk by the *same* factor and then padded, so that a large leaf stays
larger than a small one. What was done is noted.
"""

import warnings
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from .findings import some
from .spectrum_formats import CUBE, open_cube

FLOAT = np.float64  # of a file of floating-point numbers, until its range is known
TURNS = {  # a camera's note on how it was held -> what shows the picture upright
    2: np.fliplr, 3: lambda x: np.rot90(x, 2), 4: np.flipud, 5: lambda x: np.swapaxes(x, 0, 1),
    6: lambda x: np.rot90(x, -1), 7: lambda x: np.rot90(np.swapaxes(x, 0, 1), 2), 8: np.rot90,
}  # fmt: skip
MOST_PIXELS = 60_000_000  # a larger picture is a mistake, or meant to fill the memory


def read_pictures(paths, findings, largest=128, known=None):
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
    pictures = {sample: read_picture(path, findings) for sample, path in paths.items()}
    pictures = {sample: p for sample, p in pictures.items() if p is not None}
    if len(pictures) < len(paths) or not pictures:
        return None
    _check_depth(pictures, findings)
    channels = {sample: p.shape[2] for sample, p in pictures.items()}
    usual = max(set(channels.values()), key=list(channels.values()).count)
    odd = [sample for sample, n in channels.items() if n != usual]
    if odd:
        findings.error(
            f"images/{paths[odd[0]].name}",
            f"it has {channels[odd[0]]} channel(s), most pictures have {usual}",
            f"save all alike ({some(odd)})",
        )
        return None
    sizes = {p.shape[:2] for p in pictures.values()}
    side = max(max(size) for size in sizes)
    shape = None if known is None else known.shapes.get("image")
    factor = min(1.0, largest / side) if shape is None else known.shrunk
    if factor < 1:
        pictures = {sample: _shrink(p, factor) for sample, p in pictures.items()}
        findings.note("images", f"shrunk to {100 * factor:.0f} % of their size, all alike")
    height = max(p.shape[0] for p in pictures.values())
    width = max(p.shape[1] for p in pictures.values())
    if shape is not None:
        if usual != shape[2] or height > shape[0] or width > shape[1]:
            findings.error(
                "images",
                f"they are up to {height} x {width} pixels in {usual} channel(s) where the model "
                f"knows {shape[0]} x {shape[1]} in {shape[2]}",
                "take them with the same camera and settings",
            )
            return None
        height, width = shape[:2]
    elif len(sizes) > 1:
        findings.note("images", f"of {len(sizes)} sizes; padded to {height} x {width} pixels")
    return np.stack([_pad(p, height, width) for p in pictures.values()]), factor


def read_picture(path, findings):
    """One picture, shape (height, width, channels), or None with the reason noted."""
    where = f"images/{path.name}"
    if path.suffix.lower() == CUBE:
        cube = open_cube(path, where, findings)
        return None if cube is None else _render(cube)

    try:
        with _quiet(), Image.open(path) as image:
            if image.width * image.height > MOST_PIXELS:
                findings.error(
                    where,
                    f"it has {image.width} x {image.height} pixels, too many to be safe to open",
                    f"save it with fewer than {MOST_PIXELS // 1_000_000} million",
                )
                return None
            if image.format == "TIFF":
                deep = image.mode == "RGB" and max(image.tag_v2.get(258, (8,))) > 8
                if deep or image.n_frames > 1:  # of which Pillow gives 8 bits, the first page
                    array = _read_tiff(path, where, findings)
                    turn = TURNS.get(image.getexif().get(0x0112), lambda x: x)
                    return None if array is None else turn(array)
            elif image.mode == "RGB" and any(";16" in str(part) for part in image.tile):
                said = "colors of 16 bits are read with 8; TIFF keeps them"
                if said not in [finding.what for finding in findings]:
                    findings.note("images", said)
            image = ImageOps.exif_transpose(image)  # as the camera was held
            return _as_array(image, where, findings)
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError) as error:
        if path.suffix.lower() in (".tif", ".tiff"):
            return _read_tiff(path, where, findings)
        what = f"it is no readable picture ({type(error).__name__})"
        with path.open("rb") as file:
            if file.read(8)[4:] == b"ftyp":
                what = "it is no readable picture but a HEIC, whatever its name"
        findings.error(where, what, "save it anew as PNG or JPEG")
    except (OSError, ValueError, EOFError) as error:
        said = " ".join(str(error).split())[:80]
        findings.error(where, f"it is damaged or cut short ({said})", "copy it again")
    return None


def _check_depth(pictures, findings):
    """Depths that differ, and 12 bits in files of 16, make some or all of them dark."""
    deep = {sample: p for sample, p in pictures.items() if p.dtype != np.uint8}
    if not deep:
        return
    top = max(float(p.max()) for p in deep.values())
    if len(deep) < len(pictures):
        findings.warn(
            f"images (id {next(iter(deep))})",
            f"{len(deep)} have more than 8 bits, the others 8 (brightest value {top:.1f} of 255)",
            "save all alike, so that equal colors have equal numbers",
        )
    elif all(p.dtype == FLOAT for p in deep.values()):
        if 0 < top <= 1.5:
            pictures |= {sample: p * 255 for sample, p in deep.items()}
            findings.note("images", "values from 0 to 1 were multiplied by 255")
    elif top <= 4095 / 257:
        findings.warn(
            "images",
            f"the brightest value in the files of 16 bits is {round(257 * top)}, of 65535",
            "if the camera has 10 or 12 bits, save them stretched to 16",
        )
    pictures |= {sample: pictures[sample].astype(np.float32) for sample in deep}


@contextmanager
def _quiet():
    """No warnings: odd metadata, which no model sees, and size, which is judged here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _as_array(image, where, findings):
    if image.mode in ("1", "P", "CMYK", "YCbCr", "LAB", "HSV", "PA"):
        image = image.convert("RGB")
    array = np.asarray(image)
    if image.mode in ("RGBA", "LA"):
        if (array[..., -1] < 255).any():
            findings.warn(
                where, "parts of it are transparent", "their hidden colors are used; save as RGB"
            )
        array = array[..., :-1]
    array = array[..., None] if array.ndim == 2 else array
    if array.dtype == np.uint8:
        return array
    if image.mode.startswith("I;16") or array.dtype in (np.uint16, np.int32):
        return (array / 257).astype(np.float32)  # 65535 -> 255
    return array.astype(FLOAT)


def _read_tiff(path, where, findings):
    """More than four channels, or 16-bit color, which Pillow does not read."""
    try:
        import tifffile
    except ImportError:
        findings.error(where, "this kind of TIFF needs tifffile", "run: pip install 'mmlib[trees]'")
        return None
    try:
        array = tifffile.imread(path)
    except Exception as error:  # the reader raises many kinds
        findings.error(where, f"it is no readable picture ({type(error).__name__})", "save it anew")
        return None
    array = array[..., None] if array.ndim == 2 else array
    if array.ndim != 3:
        findings.error(where, "it is no readable picture", "save one picture in the file")
        return None
    if array.shape[0] < min(array.shape[1:]):  # channels first
        array = np.moveaxis(array, 0, -1)
    if array.dtype == np.uint16:
        return (array / 257).astype(np.float32)
    return array if array.dtype == np.uint8 else array.astype(FLOAT)


def _render(cube):
    """Red, green and blue from a cube: the bands nearest to 640, 550 and 460 nm."""
    values = np.asarray(cube.load(), float)
    centers = np.asarray(cube.bands.centers or np.linspace(400, 700, values.shape[2]), float)
    centers = centers * (1000 if centers.max() <= 30 else 1)
    picture = values[:, :, [int(abs(centers - at).argmin()) for at in (640, 550, 460)]]
    top = np.nanmax(picture) or 1.0
    return np.clip(255 * picture / (top if top > 0 else 1), 0, 255).astype(np.uint8)


def _shrink(picture, factor):
    """Smaller by area averaging, channel by channel, so that any number of them will do."""

    height = max(1, round(picture.shape[0] * factor))
    width = max(1, round(picture.shape[1] * factor))
    planes = [
        np.asarray(
            Image.fromarray(picture[..., k].astype(np.float32)).resize(
                (width, height), Image.Resampling.BOX
            )
        )
        for k in range(picture.shape[2])
    ]
    small = np.stack(planes, axis=-1)
    return np.clip(np.round(small), 0, 255).astype(np.uint8) if picture.dtype == np.uint8 else small


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
