"""One file, one picture: its size from the header, then its pixels no larger than they are needed.

A photograph of 24 megapixels takes 72 MB in memory. It is brought to the size that is asked for
as it is read, so that any number of them takes little more than one.
"""

from contextlib import contextmanager, nullcontext
from typing import NamedTuple

import numpy as np
from PIL import Image, UnidentifiedImageError

from .guarding import guard
from .spectrum_formats import CUBE, open_cube
from .tiffs import ORIENTATION, UPRIGHT, layout_of, needs_tifffile, open_tiff, read_tiff

MOST_PIXELS = 60_000_000  # a larger picture is a mistake, or meant to fill the memory
FEWER = f"save it with fewer than {MOST_PIXELS // 1_000_000} million"
MOST_BYTES = 400_000_000  # likewise one of many channels, or of many bits
FINER = 8  # pixels that are read, along a side, for each that is asked for
FLOAT = np.float64  # of numbers whose range is not known
TIFF = (".tif", ".tiff")


class Picture(NamedTuple):
    """Pixels of one file.

    Attributes
    ----------
    pixels : ndarray of shape (height, width, channels)
        uint8; float32 where the file has 16 bits, 65535 being 255; float64 of other numbers.
    low, top : float
        Least and greatest value before it was made smaller.
    """

    pixels: np.ndarray
    low: float
    top: float


def size_of(path, where, findings):
    """Both sides of a picture, from its header, in any order; None with the reason noted.

    Which of them is the height is told by the camera's note, which in a PNG may come last.
    """
    with _guard(path, where, findings):
        if path.suffix.lower() == CUBE:
            cube = open_cube(path, where, findings)
            if cube is None:
                return None
            height, width = int(cube.nrows), int(cube.ncols)
            return _safe(height, width, 3 * 8 * height * width, where, findings)
        with _opened(path) as image:
            if image is not None and not (image.format == "TIFF" and needs_tifffile(image)):
                size = image.height, image.width
                return _safe(*size, 0, where, findings)
        file = open_tiff(path, where, findings)
        with file or nullcontext():
            layout = file and layout_of(file, where, findings)
        return layout and _safe(*layout.shape[:2], layout.bytes, where, findings)
    return None


def _safe(height, width, size, where, findings):
    """The sides, where so many pixels and bytes can be read without harm."""
    said = f"it has {width} x {height} pixels"
    if height < 1 or width < 1:
        findings.error(where, said, "save it anew")
        return None
    if height * width > MOST_PIXELS:
        findings.error(where, f"{said}, too many to be safe to open", FEWER)
        return None
    if size > MOST_BYTES:
        remedy = f"save it smaller, so that it takes less than {MOST_BYTES // 1_000_000} MB"
        findings.error(where, f"{said} that take {size / 1e6:.0f} MB in memory", remedy)
        return None
    return height, width


def read_picture(path, where, findings, factor=1.0):
    """The pixels of a file that `size_of` found to be safe, made smaller by `factor`.

    Parameters
    ----------
    path : pathlib.Path
    where : str
        How the file is called in a sentence.
    findings : Findings
    factor : float
        From 0 to 1. A side becomes ``round(factor * side)``, by averaging over areas.

    Returns
    -------
    Picture or None
        None with the reason noted.
    """
    with _guard(path, where, findings):
        if path.suffix.lower() == CUBE:
            cube = open_cube(path, where, findings)
            return None if cube is None else _whole(_render(cube), factor)
        with _opened(path) as image:
            if image is not None and not (image.format == "TIFF" and needs_tifffile(image)):
                return _from_pillow(image, where, findings, factor)
        array = read_tiff(path, where, findings)
        return None if array is None else _whole(array, factor)
    return None


def _opened(path):
    """The picture as Pillow opens it; None for a TIFF that it does not know."""
    try:
        return Image.open(path)
    except UnidentifiedImageError:
        if path.suffix.lower() in TIFF:
            return nullcontext()
        raise


@contextmanager
def _guard(path, where, findings):
    """As `guard`, with what can be said of a file that is no picture."""
    with guard(where, findings, "save it anew as PNG or JPEG"):
        try:
            yield
        except Image.DecompressionBombError:
            findings.error(where, "it has too many pixels to be safe to open", FEWER)
        except (UnidentifiedImageError, SyntaxError) as error:
            what = f"it is no readable picture ({type(error).__name__})"
            with path.open("rb") as file:
                if file.read(8)[4:] == b"ftyp":
                    what = "it is no readable picture but a HEIC, whatever its name"
            findings.error(where, what, "save it anew as PNG or JPEG")


def _from_pillow(image, where, findings, factor):
    if image.mode == "RGB" and any(";16" in str(part) for part in image.tile):
        said = "colors of 16 bits are read with 8; TIFF keeps them"
        if said not in [finding.what for finding in findings]:
            findings.note("images", said)
    if image.format == "TIFF":
        image.load()  # and is turned by Pillow
    turn = UPRIGHT.get(image.getexif().get(ORIENTATION), lambda x: x)
    height, width = _sides(image.height, image.width, factor)
    if factor < 1:  # a JPEG is decoded at a half, a quarter or an eighth of its size
        image.draft(image.mode, (FINER * width, FINER * height))
    if image.mode in ("P", "PA") and "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode in ("1", "P", "CMYK", "YCbCr", "LAB", "HSV", "PA"):
        image = image.convert("RGB")
    if image.mode in ("RGBA", "LA"):
        if image.getchannel("A").getextrema()[0] < 255:
            findings.warn(
                where, "parts of it are transparent", "their hidden colors are used; save as RGB"
            )
        image = image.convert(image.mode[:-1])
    if not image.mode.startswith(("I", "F")):
        times = min(image.height // (FINER * height), image.width // (FINER * width))
        image = image.reduce(times) if times > 1 else image
    array = np.asarray(image)
    if image.mode.startswith("I") and array.min() >= 0 and array.max() <= 65535:
        array = array.astype(np.uint16)
    shape = turn(np.empty((height, width), bool)).shape
    return _small(turn(array[..., None] if array.ndim == 2 else array), *shape)


def _render(cube):
    """Red, green and blue from a cube: the bands nearest to 640, 550 and 460 nm."""
    count = int(cube.nbands)
    centers = np.asarray(cube.bands.centers or np.linspace(400, 700, count), float)[:count]
    centers = centers * (1000 if centers.max() <= 30 else 1)
    bands = [int(abs(centers - at).argmin()) for at in (640, 550, 460)]
    picture = np.stack([np.asarray(cube.read_band(k), float) for k in bands], axis=-1)
    for key in ("data ignore value", "data_ignore_value"):
        if key in cube.metadata:
            picture[picture == float(cube.metadata[key])] = np.nan
    top = np.nanmax(picture) if np.isfinite(picture).any() else 1.0
    picture = np.clip(255 * picture / (top if top > 0 else 1), 0, 255)
    return np.nan_to_num(picture).astype(np.uint8)  # what is masked is black


def _sides(height, width, factor):
    return max(1, round(height * factor)), max(1, round(width * factor))


def _whole(array, factor):
    return _small(array, *_sides(*array.shape[:2], factor))


def _small(array, height, width):
    """The picture at that size, by area averaging, channel by channel: any number will do."""
    deep = array.dtype == np.uint16
    scale = 257 if deep else 1  # 65535 -> 255
    low, top = float(array.min()) / scale, float(array.max()) / scale
    if array.dtype != np.uint8:
        kind = np.float32 if deep else FLOAT
        array = (array / scale).astype(kind) if array.shape[:2] == (height, width) else array
    if array.shape[:2] == (height, width):
        return Picture(array, low, top)
    size, box = (width, height), Image.Resampling.BOX
    planes = [
        np.asarray(Image.fromarray((array[..., k] / scale).astype(np.float32)).resize(size, box))
        for k in range(array.shape[2])
    ]
    small = np.stack(planes, axis=-1)
    if array.dtype == np.uint8:
        return Picture(np.clip(np.round(small), 0, 255).astype(np.uint8), low, top)
    return Picture(small if deep else small.astype(FLOAT), low, top)
