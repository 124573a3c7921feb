"""Photographs in a folder: any common format, depth and size, brought to one shape.

All pictures are shrunk by the *same* factor and then padded, so that a large leaf stays
larger than a small one. What was done is noted.
"""

import warnings
from contextlib import contextmanager

import numpy as np

from .findings import some
from .spectra import CUBE, open_cube

ENDINGS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")
MOST_PIXELS = 60_000_000  # a larger picture is a mistake, or meant to fill the memory


def find_pictures(root, samples, findings):
    """Id -> path of its picture: as the table of samples says, or named by the id.

    Parameters
    ----------
    root : pathlib.Path
    samples : mapping of str to str or None
        Id -> file as written in the table of samples.
    findings : Findings

    Returns
    -------
    dict of str to pathlib.Path
    """
    folder = root / "images"
    at_hand = sorted(folder.iterdir()) if folder.is_dir() else []
    at_hand = [path for path in at_hand if path.suffix.lower() in (*ENDINGS, CUBE)]
    by_stem, found = {}, {}
    for path in at_hand:
        if path.stem in by_stem:
            findings.error(
                f"images/{path.name}",
                f"{by_stem[path.stem].name} has the same name",
                "keep one picture for each sample",
            )
        by_stem[path.stem] = path
    for sample, named in samples.items():
        if not named:
            if sample in by_stem:
                found[sample] = by_stem[sample]
            continue
        path = inside(root, named)
        if path is None:
            findings.error(
                f"samples (id {sample})",
                f"picture {named!r} leaves the folder",
                "copy it into images/ and write its name only",
            )
            found[sample] = None
            continue
        choices = [path, folder / named]
        path = next((choice for choice in choices if choice.is_file()), None)
        if path is None:
            findings.error(
                f"samples (id {sample})", f"there is no picture {named!r}", "copy it into images/"
            )
            found[sample] = None
        else:
            found[sample] = path
    return found


def inside(root, name):
    """The path `name` under `root`, or None where it would lead out of it."""
    path = root / name.replace("\\", "/")
    try:
        real = path.resolve()
    except (OSError, RuntimeError):
        return None
    return path if real.is_relative_to(root.resolve()) else None


def read_pictures(paths, findings, largest=128, known=None):
    """All pictures as one array of the same shape.

    Parameters
    ----------
    paths : mapping of str to pathlib.Path
    findings : Findings
    largest : int
        Side, in pixels, that no picture exceeds afterwards.
    known : dict, optional
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
    shape = None if known is None else known["shapes"].get("image")
    factor = min(1.0, largest / side) if shape is None else known.get("shrunk", 1.0)
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
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with _quiet(), Image.open(path) as image:
            if image.width * image.height > MOST_PIXELS:
                findings.error(
                    where,
                    f"it has {image.width} x {image.height} pixels, too many to be safe to open",
                    f"save it with fewer than {MOST_PIXELS // 1_000_000} million",
                )
                return None
            image = ImageOps.exif_transpose(image)  # as the camera was held
            return _as_array(image, where, findings)
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError) as error:
        if path.suffix.lower() in (".tif", ".tiff"):
            return _read_tiff(path, where, findings)
        findings.error(where, f"it is no readable picture ({type(error).__name__})", "save it anew")
    except (OSError, ValueError, EOFError) as error:
        said = " ".join(str(error).split())[:80]
        findings.error(where, f"it is damaged or cut short ({said})", "copy it again")
    return None


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
    return array.astype(np.float32)


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
    return array if array.dtype == np.uint8 else array.astype(np.float32)


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
    from PIL import Image

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
