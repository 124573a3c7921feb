"""Arrays of MATLAB and NumPy: one spectrum in a file, or all of them beside their ids and axis.

Nothing in such a file is run: `.npz` is opened without pickle, and of a `.mat` only plain arrays
are looked at.
"""

import zipfile

import numpy as np
from scipy.io import loadmat, whosmat

from .axis_units import unit_of
from .findings import some
from .text_tables import Table

ENDINGS = (".mat", ".npz", ".npy")
MOST_BYTES = 2_000_000_000
AXES = ("axis", "wavelength", "wavelengths", "wavenumber", "wavenumbers", "wl", "wn", "wvl", "nm",
        "lambda", "bands", "raman_shift", "x_axis", "xaxis", "spectral_axis")  # fmt: skip
IDS = ("id", "ids", "sample_ids", "sample_id", "samples", "names", "sample_names", "labels_id")
VALUES = ("spectra", "spectrum", "values", "x", "data", "reflectance", "absorbance", "intensity",
          "intensities", "y", "signal")  # fmt: skip


def read_arrays(path, where, findings):
    """Axis and values of the one spectrum in a file; None with the reason noted."""
    arrays = _arrays(path, where, findings)
    if arrays is None:
        return None
    axis, values = _named(arrays, AXES), _named(arrays, VALUES)
    if len(arrays) == 1 and values is None:
        values = next(iter(arrays.values()))
    values = None if values is None else np.squeeze(values)
    if axis is None and values is not None and values.ndim == 2 and 2 in values.shape:
        axis, values = values if values.shape[0] == 2 else values.T
    if axis is None or values is None or np.squeeze(axis).shape != values.shape:
        shapes = [f"{name} {array.shape}" for name, array in arrays.items()]
        findings.error(
            where, f"it holds {some(shapes, 6) or 'no array'}, no axis and spectrum of one length",
            "save it with arrays wavelength and spectrum",
        )  # fmt: skip
        return None
    if values.dtype.kind not in "iuf" or np.asarray(axis).dtype.kind not in "iuf":
        findings.error(where, "its arrays hold no plain numbers", "save real numbers")
        return None
    return np.squeeze(axis).astype(float), values.astype(float), _unit(arrays), ""


def table_of_arrays(path, findings):
    """The spectra of all samples as a table; None with the reason noted.

    Parameters
    ----------
    path : pathlib.Path
        With arrays of two dimensions (samples, bands), of wavelengths and of ids.
    findings : Findings

    Returns
    -------
    Table or None
    """
    arrays = _arrays(path, path.name, findings)
    if arrays is None:
        return None
    axis, ids, values = _named(arrays, AXES), _named(arrays, IDS), _named(arrays, VALUES)
    shapes = [f"{name} {array.shape}" for name, array in arrays.items()]
    if values is None or axis is None or ids is None or values.ndim != 2:
        findings.error(
            path.name, f"it holds {some(shapes, 6) or 'no array'}",
            "save arrays spectra (samples, bands), wavelength (bands) and id (samples)",
        )  # fmt: skip
        return None
    axis, ids = np.ravel(axis), [_text(name) for name in np.ravel(ids)]
    if values.shape == (len(axis), len(ids)) and len(axis) != len(ids):
        values = values.T
    if values.shape != (len(ids), len(axis)) or values.dtype.kind not in "iuf":
        findings.error(
            path.name, f"its arrays do not fit together ({some(shapes, 6)})",
            "save arrays spectra (samples, bands), wavelength (bands) and id (samples)",
        )  # fmt: skip
        return None
    unit = _unit(arrays)
    header = [f"id ({unit})" if unit else "id", *(repr(float(band)) for band in axis)]
    rows = [[name, *map(repr, map(float, x))] for name, x in zip(ids, values, strict=True)]
    return Table(header, rows, list(range(1, len(rows) + 1)))


def _arrays(path, where, findings):
    """Name -> plain array of all in the file, or None with the reason noted."""
    try:
        with path.open("rb") as file:
            head = file.read(10)
        if head.startswith((b"MATLAB 7.3", b"\x89HDF")):
            findings.error(
                where, "it is a MATLAB file of version 7.3 (HDF5)", "save it with the option '-v7'"
            )
            return None
        if head.startswith(b"\x93NUMPY"):
            return {"spectra": np.load(path, allow_pickle=False, mmap_mode="r")}
        if head.startswith(b"PK"):
            with zipfile.ZipFile(path) as members:
                if sum(member.file_size for member in members.infolist()) > MOST_BYTES:
                    raise ValueError("it is too large")
            with np.load(path, allow_pickle=False) as found:
                return {name: found[name] for name in found.files}
        known = [name for name, shape, kind in whosmat(path)
                 if kind not in ("function", "opaque", "object", "unknown")
                 and np.prod(shape, dtype=float) < MOST_BYTES / 8]  # fmt: skip
        found = loadmat(path, variable_names=known, squeeze_me=False, chars_as_strings=True)
        return {name: found[name] for name in known if isinstance(found.get(name), np.ndarray)}
    except Exception as error:  # a broken file raises many kinds
        said = " ".join(str(error).split())[:100]
        findings.error(where, f"its arrays cannot be read ({said})", "save it again")
        return None


def _named(arrays, names):
    """The array with one of the names, whichever case, or None."""
    lower = {name.lower(): array for name, array in arrays.items()}
    return next((lower[name] for name in names if name in lower), None)


def _unit(arrays):
    """The unit that an array of one text tells, or the name of the axis."""
    said = _named(arrays, ("unit", "units", "axis_unit"))
    if said is not None and np.size(said) == 1:
        return unit_of(_text(np.ravel(said)[0]))
    return next((unit_of(name) for name in arrays if name.lower() in AXES and unit_of(name)), "")


def _text(name):
    while isinstance(name, np.ndarray) and name.size == 1:  # a cell of MATLAB holds an array
        name = name.ravel()[0]
    if isinstance(name, float | np.floating) and float(name).is_integer():
        name = int(name)
    return str(name).strip()
