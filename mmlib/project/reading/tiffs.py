"""TIFF as instruments and scientists write it: many bands, deep numbers, on pages or in planes.

Which axis is the bands is what the file says, never what its sizes suggest.
"""

from typing import NamedTuple

import numpy as np

UPRIGHT = {  # a camera's note on how it was held -> what shows the picture upright
    2: np.fliplr, 3: lambda x: np.rot90(x, 2), 4: np.flipud, 5: lambda x: np.swapaxes(x, 0, 1),
    6: lambda x: np.rot90(x, -1), 7: lambda x: np.rot90(np.swapaxes(x, 0, 1), 2), 8: np.rot90,
}  # fmt: skip
TURNED = (5, 6, 7, 8)  # by which height and width change places
ORIENTATION, BITS, SAMPLES = 274, 258, 277  # numbers of tags
ALPHA = (1, 2)


class Layout(NamedTuple):
    """How the first picture of a TIFF lies in its file.

    Attributes
    ----------
    shape : tuple of int
        Height, width and channels, as the camera was held.
    order : list of int
        Axes of the stored array that are the rows, the columns and, where there are any, bands.
    turn : callable or None
    bytes : int
        Of the whole array.
    """

    shape: tuple
    order: list
    turn: object
    bytes: int


def needs_tifffile(image):
    """Whether Pillow, which has opened this TIFF, would lose bits, bands or pages of it."""
    bits = max(np.ravel(image.tag_v2.get(BITS, 8)))
    deep = bits > 8 and not image.mode.startswith("I;16") and image.mode != "F"
    return deep or image.n_frames > 1 or image.tag_v2.get(SAMPLES, 1) > 4


def open_tiff(path, where, findings):
    """The reader of a TIFF, to be closed by the caller; None with the reason noted."""
    try:
        import tifffile
    except ImportError:
        findings.error(where, "this kind of TIFF needs tifffile", "run: pip install 'mmlib[trees]'")
        return None
    try:
        return tifffile.TiffFile(path)
    except Exception as error:  # the reader raises many kinds
        findings.error(where, f"it is no readable picture ({type(error).__name__})", "save it anew")
        return None


def layout_of(file, where, findings):
    """Where rows, columns and bands are, by what the file says; None with the reason noted."""
    series = file.series[0] if file.series else None
    axes = [
        (name, size, k)
        for k, (name, size) in enumerate(zip(series.axes, series.shape, strict=True))
        if name in "YX" or size > 1
    ] if series else []  # fmt: skip
    sizes, places = {a: n for a, n, _ in axes}, {a: k for a, _, k in axes}
    others = [name for name in sizes if name not in "YX"]
    if not {"X", "Y"} <= sizes.keys() or series.dtype is None or series.dtype.kind not in "buif":
        findings.error(where, "it is no readable picture, without height and width", "save it anew")
        return None
    height, width = sizes["Y"], sizes["X"]
    if len(others) > 1 or len(axes) > 3:
        findings.error(where, "it is no readable picture", "save one picture in the file")
        return None
    if others and others[0] not in "SC" and 2 * sizes[others[0]] > min(height, width):
        findings.error(
            where,
            f"it has {sizes[others[0]]} pages of {width} x {height} pixels, which may be bands or "
            "rows",
            "save all bands on one page (in tifffile: planarconfig='contig')",
        )
        return None
    stored = [page for page in series.pages if page is not None]
    ends = [at + n for page in stored
            for at, n in zip(page.dataoffsets, page.databytecounts, strict=False)]  # fmt: skip
    if not ends or max(ends) > file.filehandle.size:
        findings.error(where, "it is damaged or cut short", "copy it again")
        return None
    tag = file.pages[0].tags.get(ORIENTATION)
    turn = None if tag is None else UPRIGHT.get(tag.value)
    if tag is not None and tag.value in TURNED:
        height, width = width, height
    bands = sizes[others[0]] if others else 1
    size = int(np.prod(series.shape, dtype=object)) * series.dtype.itemsize
    order = [places[name] for name in ("Y", "X", *others)]
    return Layout((height, width, bands), order, turn, size)


def read_tiff(path, where, findings):
    """The pixels, shape (height, width, channels), as they are stored; None with the reason."""
    file = open_tiff(path, where, findings)
    if file is None:
        return None
    with file:
        layout = layout_of(file, where, findings)
        if layout is None:
            return None
        array = file.series[0].asarray()
        rest = [k for k in range(array.ndim) if k not in layout.order]  # all of size 1
        array = array.transpose([*layout.order, *rest]).reshape(
            *(array.shape[k] for k in layout.order), *(() if len(layout.order) > 2 else (1,))
        )
        extra = file.pages[0].extrasamples
        if len(extra) == 1 and extra[0] in ALPHA and array.shape[2] > 1:
            if (array[..., -1] < array[..., -1].max()).any():
                findings.warn(
                    where, "parts of it are transparent", "their hidden colors are used; save "
                    "as RGB",
                )  # fmt: skip
            array = array[..., :-1]
        array = array if layout.turn is None else layout.turn(array)
    if array.dtype.kind == "b":
        return array.astype(np.uint8) * 255
    return array.astype(array.dtype.newbyteorder("="), copy=False)
