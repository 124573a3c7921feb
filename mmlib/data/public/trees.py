"""IDTReeS 2020: tree crowns seen by a hyperspectral camera, a photograph and LiDAR."""

import contextlib
import csv
import importlib
import logging
import os
import zipfile

import numpy as np

from ...base import DataError
from ..dataset import MultimodalData
from .download import cache_folder, fetch_tree, published

FOLDER = "idtrees2020/raw"
URL = "https://zenodo.org/records/3934932/files/IDTREES_competition_train_v2.zip"
PLOTS = [f"MLBS_{k}" for k in range(1, 47)] + [f"OSBS_{k}" for k in range(1, 40)]
PICTURE = 40  # pixels of 0.1 m
FEWEST = 40  # trees a species needs to be a class
BUILD = 2  # of `_cut_crowns`; a change there must raise it, so that old crowns are cut anew


def load_idtrees2020(target="species"):
    """Tree crowns of two forests, cut out of the images of the IDTReeS 2020 competition.

    Downloads the archive once and keeps 42 MB of it. License CC BY 4.0.

    Parameters
    ----------
    target : {"species", "stem_diameter"}
        The species (the eight with at least 40 trees), or the natural logarithm of the
        stem diameter in cm.

    Returns
    -------
    MultimodalData
        "spectrum" (trees, 369), mean reflectance of the crown, about 383 to 2512 nm, the
        water vapor bands left out by the providers; "image" (trees, 40, 40, 3), uint8,
        4 m across; "height" (trees, 5), mean, highest, lowest, spread and median LiDAR
        height in m. Groups are plots. The files do not say which bands were kept, so there
        are no wavelengths: ``axes`` is empty.

    Raises
    ------
    DataError
        When files cannot be fetched or were altered, or the extra "trees" is missing.

    References
    ----------
    Graves & Marconi (2020), doi:10.5281/zenodo.3934932.

    Examples
    --------
    >>> import mmlib
    >>> trees = mmlib.load_idtrees2020()  # doctest: +SKIP
    """
    if target not in ("species", "stem_diameter"):
        raise DataError(f"target is {target!r}: it must be 'species' or 'stem_diameter'.")
    trees = _cut_crowns()
    if target == "species":
        names, counts = np.unique(trees["species"], return_counts=True)
        keep = np.isin(trees["species"], names[counts >= FEWEST])
        trees = {key: value[keep] for key, value in trees.items()}
    by_species = target == "species"
    return MultimodalData(
        {key: trees[key] for key in ("spectrum", "image", "height")},
        y=trees["species"] if by_species else np.log(trees["stem_diameter"]),
        groups=trees["plot"],
        ids=trees["tree"],
        target_names=None if by_species else ["log stem diameter (log cm)"],
        task="classification" if by_species else "regression",
        name="IDTReeS 2020",
        meta={
            "license": "CC BY 4.0",
            "citation": "Graves & Marconi (2020), doi:10.5281/zenodo.3934932",
            "split": "by plot",
        },
    )


def _cut_crowns():
    """All crowns as a dict of arrays; kept in the cache after the first time."""
    stored = cache_folder() / f"idtrees2020-crowns-{BUILD}.npz"
    if stored.is_file():
        with contextlib.suppress(OSError, ValueError, EOFError, zipfile.BadZipFile):
            with np.load(stored, allow_pickle=False) as crowns:
                return dict(crowns)
    for module in ("shapefile", "tifffile", "imagecodecs"):
        _import(module)  # before the archive is fetched in vain
    folder = fetch_tree(FOLDER, URL, published("idtrees2020.sha256"))
    field = {}  # of a tree that was visited more than once, the first visit
    with open(folder / "Field/train_data.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            field.setdefault(row["indvdID"], row)
    boxes = {site: read_boxes(folder / f"ITC/train_{site}.shp") for site in ("MLBS", "OSBS")}
    crowns = []
    for plot in PLOTS:
        images = {
            k: _read_raster(folder / f"RemoteSensing/{k}/{plot}.tif") for k in ("HSI", "RGB", "CHM")
        }
        for tree, box in boxes[plot[:4]].items():
            if tree in field and _is_inside(box, images["HSI"]):
                crowns.append(_cut(tree, plot, box, images, field[tree]))
    crowns = {key: np.array([crown[key] for crown in crowns]) for key in crowns[0]}
    _store(stored, crowns)
    return crowns


def _store(path, arrays):
    """Keep the arrays; a disk that takes nothing costs only time, so it is no fault."""
    part = path.with_name(f"{path.stem}.{os.getpid()}.part.npz")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(part, **arrays)
        part.replace(path)
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)


def _cut(tree, plot, box, images, row):
    left, low, right, high = box
    hyper, (west, north) = images["HSI"]
    inside = _pixels(hyper.shape, west, north, box)
    heights = images["CHM"][0][inside]
    photo, (west, north) = images["RGB"]
    column = round(((left + right) / 2 - west) / 0.1)
    line = round((north - (low + high) / 2) / 0.1)
    half = PICTURE // 2
    padded = np.pad(photo, ((half, half), (half, half), (0, 0)), mode="edge")
    return {
        "tree": tree,
        "plot": plot,
        "species": row["taxonID"],
        "stem_diameter": float(row["stemDiameter"]),
        "spectrum": hyper[inside].mean(0).astype(np.float32) / 10_000,
        "image": padded[line : line + PICTURE, column : column + PICTURE].astype(np.uint8),
        "height": np.array(
            [heights.mean(), heights.max(), heights.min(), heights.std(), np.median(heights)],
            np.float32,
        ),
    }


def _pixels(shape, west, north, box):
    """Mask of the 1 m pixels whose centers lie in the box, one pixel at least."""
    left, low, right, high = box
    x = west + np.arange(shape[1]) + 0.5
    y = north - np.arange(shape[0]) - 0.5
    inside = ((x >= left) & (x <= right))[None] & ((y >= low) & (y <= high))[:, None]
    if not inside.any():
        inside[abs(y - (low + high) / 2).argmin(), abs(x - (left + right) / 2).argmin()] = True
    return inside


def _is_inside(box, raster):
    image, (west, north) = raster
    x, y = (box[0] + box[2]) / 2 - west, north - (box[1] + box[3]) / 2
    return 0 <= x < image.shape[1] and 0 <= y < image.shape[0]


def read_boxes(path):
    """The box of each tree in a file of outlines.

    Parameters
    ----------
    path : str or path
        A shapefile whose records name the tree, "indvdID".

    Returns
    -------
    dict of str to tuple of float
        Tree -> west, south, east and north, in m; the largest box where several were drawn
        (parts, or at a plot's edge).

    Raises
    ------
    DataError
        When the package shapefile is missing.

    Examples
    --------
    See ``tests/data/test_public.py``.
    """
    shapefile = _import("shapefile")
    boxes = {}
    with shapefile.Reader(str(path)) as reader:
        for item in reader.iterShapeRecords():
            tree, box = item.record["indvdID"], tuple(item.shape.bbox)
            boxes[tree] = max(boxes.get(tree, box), box, key=_area)
    return boxes


def _area(box):
    return (box[2] - box[0]) * (box[3] - box[1])


def _read_raster(path):
    """The image and the map coordinates (m) of its upper left corner."""
    tifffile = _import("tifffile")
    _import("imagecodecs")
    logger = logging.getLogger("tifffile")  # it complains of the marker for "no data"
    before, logger.disabled = logger.disabled, True
    try:
        with tifffile.TiffFile(path) as file:
            corner = file.pages[0].tags["ModelTiepointTag"].value[3:5]
            return file.asarray(), corner
    finally:
        logger.disabled = before


def _import(name):

    try:
        return importlib.import_module(name)
    except ImportError:
        raise DataError(
            'Reading the tree images needs three more packages: run pip install "mmlib[trees]".'
        ) from None
