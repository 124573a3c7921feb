"""Data to a folder: what `load_folder` reads, written; and 60 leaves as an example to copy."""

import csv
import re
import shutil
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from ..base import DataError
from ..data.leaves import load_leaves
from .reading.texts import tidy

WRITTEN = ("samples.csv", "spectra.csv", "images", "README.txt")
NO_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]|[. ]$|^\.')  # of a file that is found again


def write_folder(data, folder, digits=None):
    """Write spectra, photographs, texts and labels as tables and pictures.

    Parameters
    ----------
    data : MultimodalData
        With "spectrum", "image" (bytes) or "text". Of a "sound" there are only numbers that sum
        it up, from which no recording can be made again.
    folder : str or path
        Must not exist, or be empty.
    digits : int, optional
        Decimals of the spectra; as many as are needed to get the same numbers back where
        nothing is said.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    DataError
        When the folder holds something already, or cannot be written; when a modality has no
        place in it, or an id cannot name a picture.

    Examples
    --------
    >>> import tempfile
    >>> import mmlib
    >>> from mmlib.project.writing import write_folder
    >>> folder = write_folder(mmlib.make_leaves(n_plants=10), tempfile.mkdtemp())
    >>> mmlib.load_folder(folder).X["spectrum"].shape
    (50, 211)
    """

    folder = Path(folder).expanduser()
    _check_new(folder)
    odd = [name for name in data.modalities if name not in ("spectrum", "image", "text")]
    if odd:
        raise DataError(
            f"{odd[0]!r} cannot be written, only 'spectrum', 'image' and 'text', so it would be "
            "lost; keep it in a file of your own (a recording as it is), and write the data "
            "without it."
        )
    _check_texts(data)
    images = data.X.get("image")
    if images is not None and (images.dtype != np.uint8 or images.shape[-1] not in (1, 3, 4)):
        raise DataError(
            f"The pictures hold {images.dtype} in {images.shape[-1]} channel(s): files of bytes "
            "with 1, 3 or 4 channels can be written."
        )
    if images is not None:
        _check_names(data.ids)
    with _whole_or_not(folder):
        _write(folder / "samples.csv", _samples(data))
        if "spectrum" in data.X:
            _write(folder / "spectra.csv", _spectra(data, digits))
        if images is not None:
            (folder / "images").mkdir()
            for name, picture in zip(data.ids, images, strict=True):
                picture = picture[..., 0] if picture.shape[-1] == 1 else picture
                Image.fromarray(picture).save(folder / "images" / f"{name}.png")
    return folder


def _check_new(folder):
    try:
        taken = any(folder.iterdir()) if folder.is_dir() else folder.exists()
    except OSError as error:
        raise DataError(f"{folder} cannot be used ({error.strerror}): choose another.") from None
    if taken:
        raise DataError(f"{folder} is there already and not empty: choose a new name.")


@contextmanager
def _whole_or_not(folder):
    """Makes a folder; where the disk is full nothing stays that would be in the way next time."""
    there = folder.is_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        for path in (*map(folder.joinpath, WRITTEN), *([] if there else [folder])):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else _remove(path)
        raise DataError(
            f"{folder} cannot be written ({error.strerror or error}): make room, or name another "
            "place."
        ) from None


def _remove(path):
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # it was never made


def _check_names(ids):
    """A picture is named by its id, on every system: in the folder, and no two alike."""
    seen = {}
    for name in map(str, ids):
        if NO_NAME.search(name):
            raise DataError(f"The id {name!r} cannot name a picture: use letters, digits, - and _.")
        if name.lower() in seen:
            raise DataError(
                f"The ids {seen[name.lower()]!r} and {name!r} differ by case only, and some "
                "systems keep one file for both: rename one."
            )
        seen[name.lower()] = name


def _check_texts(data):
    for name, text in zip(data.ids, data.X.get("text", ()), strict=False):
        if tidy(text) != text:
            raise DataError(
                f"The text of {name} would not be read back as it is ({text[:40]!r}): take line "
                "feeds and double blanks out, and let no text be a sign for a missing one."
            )


def _samples(data):
    by_class = data.labels is not None
    names = dict(zip(data.labels.tolist(), data.target_names, strict=True)) if by_class else {}
    more = {} if data.groups is None else {"group": data.groups}
    more |= {"text": data.X["text"]} if "text" in data.modalities else {}
    yield ["id", "label" if by_class else "target", *more]
    for i, name in enumerate(data.ids):
        y = names[data.y[i].item()] if by_class else repr(float(data.y[i]))
        yield [name, y, *(column[i] for column in more.values())]


def _spectra(data, digits):
    bands = data.X["spectrum"].shape[1]
    axis = data.axes.get("spectrum", np.arange(1, bands + 1))
    unit = data.units.get("spectrum", "nm")
    unit = "" if unit == "nm" else f" {unit}"
    yield ["id", *(f"{value:.10g}{unit}" for value in axis)]
    for name, values in zip(data.ids, data.X["spectrum"], strict=True):
        yield [name, *(repr(float(x)) if digits is None else f"{x:.{digits}f}" for x in values)]


def _write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


README = """This folder is an example. Put your own samples in the place of these leaves.

samples.csv   one row a sample. Columns: id; label (a class) or target (a number);
              group (plant, batch, day: what a split must keep together). Others are kept.
              A column text holds what somebody wrote of the sample, if anybody did.
spectra.csv   one row a sample: id, then one column for each wavelength, which is its name.
images/       one photograph a sample, named by its id.
sounds/       one recording a sample (WAV), named by its id, if there are any.

Then run: python -m mmlib check FOLDER
"""


def copy_template(folder, leaves_per_plant=2):
    """Write the example project.

    Parameters
    ----------
    folder : str or path
        Must not exist, or be empty.
    leaves_per_plant : int
        Of 30 plants, six for each condition; 1 to 5.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    DataError
        When the folder holds something already, or cannot be written.
    """

    leaves = load_leaves()
    plants = np.concatenate([np.unique(leaves.groups[leaves.y == k])[:6] for k in range(5)])
    number = np.array([int(name[-1]) for name in leaves.ids])
    part = leaves.take(np.isin(leaves.groups, plants) & (number < leaves_per_plant))
    part.groups = np.array([f"plant {group}" for group in part.groups])
    folder = write_folder(part, folder, digits=4)
    with _whole_or_not(folder):
        (folder / "README.txt").write_text(README, encoding="utf-8")
    return folder
