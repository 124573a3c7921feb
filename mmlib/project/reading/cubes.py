"""ENVI cubes: the header looked at, pixels without data left out, the mean spectrum taken.

`mmlib.project.reading.pictures` makes the picture of a cube.
"""

import re
import warnings

import numpy as np

from .axis_units import unit_of

CUBE = ".hdr"
DATA_ENDINGS = ("", ".img", ".dat", ".raw", ".bil", ".bip", ".bsq", ".sli", ".cube", ".bin")
BYTES = {1: 1, 2: 2, 3: 4, 4: 4, 5: 8, 12: 2, 13: 4, 14: 8, 15: 8}
MOST_HEADER = 20_000_000
PIXELS_AT_ONCE = 2_000_000  # numbers, so that a cube of any size fits into memory


def read_cube(path, where, findings):
    """The mean spectrum of the pixels that hold data.

    Parameters
    ----------
    path : pathlib.Path
        Of the header.
    where : str
    findings : Findings

    Returns
    -------
    tuple or None
        Axis, values, unit of the axis, and "".
    """
    cube = open_cube(path, where, findings)
    if cube is None:
        return None
    if not cube.bands.centers:
        findings.error(where, "it names no wavelengths", "add 'wavelength' to the header")
        return None
    axis = np.asarray(cube.bands.centers, float)
    total, n, without = mean_parts(cube)
    if not n:
        findings.error(where, "no pixel of it holds data", "export it again")
        return None
    if without:
        said = "pixels without data were left out of the mean spectrum"
        if not any(said in finding.what for finding in findings):
            findings.note("spectra/", f"{without} of {without + n} {said} ({where})")
    good, listed = np.ones(len(axis), bool), cube.metadata["bbl"]
    if len(listed) == len(axis) and set(listed) == {0.0, 1.0}:
        good = np.array(listed, bool)
    if not good.all():
        said = "bands that its header lists as bad (bbl) were left out"
        if not any(said in finding.what for finding in findings):
            findings.note("spectra/", f"{(~good).sum()} {said} ({where})")
    unit = unit_of(str(cube.bands.band_unit or ""))
    return axis[good], (total / n / cube.scale_factor)[good], unit, ""


def mean_parts(cube):
    """Sum of the pixels with data, their number, and the number of pixels without.

    A pixel is without data where a band is NaN or infinite or has the header's ``data ignore
    value``, or where all bands have one value, zero or below, as around a cut-out object.

    Parameters
    ----------
    cube : SpyFile
    """
    values = cube.open_memmap(interleave="bip")
    ignored = cube.metadata.get("data ignore value")
    try:
        ignored = None if ignored is None else float(ignored)
    except (TypeError, ValueError):
        ignored = None
    total, n, without = np.zeros(values.shape[2]), 0, 0
    step = max(1, PIXELS_AT_ONCE // (values.shape[1] * values.shape[2]))
    for at in range(0, len(values), step):
        part = np.asarray(values[at : at + step], float).reshape(-1, values.shape[2])
        sound = np.isfinite(part).all(1)
        if ignored is not None:
            sound &= ~np.isclose(part, ignored, rtol=1e-6, atol=0).any(1)
        if values.shape[2] > 1:
            sound &= ~((part[:, :1] == part).all(1) & (part[:, 0] <= 0))
        total += part[sound].sum(0)
        n, without = n + int(sound.sum()), without + int((~sound).sum())
    return total, n, without


def open_cube(path, where, findings):
    """An ENVI cube, not yet loaded, or None with the reason among the findings.

    Parameters
    ----------
    path : pathlib.Path
        Of the header.
    where : str
    findings : Findings
    """
    try:
        from spectral.io import bilfile, bipfile, bsqfile, envi
    except ImportError:
        findings.error(
            where, "ENVI cubes need the package spectral", "run: pip install 'mmlib[cubes]'"
        )
        return None
    kinds = {"bil": bilfile.BilFile, "bip": bipfile.BipFile, "bsq": bsqfile.BsqFile}
    try:
        if path.stat().st_size > MOST_HEADER:
            raise ValueError("its header is too long")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # capitals in the header are no fault
            head = envi.read_envi_header(str(path))
        fault = _fault_of(head) or _fault_of_data(path, head)
        if fault:
            findings.error(where, *fault)
            return None
        head.setdefault("byte order", "0")  # as ENVI takes it where nothing is said
        parameters = envi.gen_params(head)
        parameters.filename = str(data_of(path))
        cube = kinds[head["interleave"].lower()](parameters, head)
    except Exception as error:  # the reader raises many kinds
        said = " ".join(str(error).split())[:120]
        findings.error(where, f"it is no ENVI cube ({said})", "copy header and data file together")
        return None
    cube.scale_factor = _number(head.get("reflectance scale factor")) or 1.0
    centers = [_number(text) for text in _listed(head.get("wavelength"))]
    cube.bands.centers = centers if len(centers) == cube.nbands and None not in centers else None
    cube.bands.band_unit = head.get("wavelength units")
    cube.metadata["bbl"] = [_number(text) for text in _listed(head.get("bbl"))]
    return cube


def data_of(path):
    """The data file of a header: x.dat or x.img beside x.hdr, or x.dat beside x.dat.hdr."""
    base = path.with_suffix("")
    near = {p.name.lower(): p for p in path.parent.iterdir() if p.is_file() and p != path}
    names = [base.name.lower() + ending for ending in DATA_ENDINGS]
    names += [base.name.lower().rpartition(".")[0] + ending for ending in DATA_ENDINGS]
    return next((near[name] for name in names if name in near), None)


def _fault_of(head):
    """What is wrong with a header, and what to do; None where nothing is."""
    if "library" in head.get("file type", "").lower():
        return (
            f"it is an ENVI spectral library of {head.get('lines', 'many')} spectra, no cube",
            "export it as a table with a row for each spectrum, spectra.csv",
        )
    for name in ("samples", "lines", "bands", "data type", "interleave"):
        if name not in head:
            return f"it is no ENVI cube: its header lacks {name!r}", "export it again"
    for name in ("samples", "lines", "bands"):
        if not re.fullmatch(r"\d{1,9}", str(head[name])) or int(head[name]) == 0:
            return f"its header says {name} = {str(head[name])[:30]}", "export it again"
    kind = str(head["data type"])
    if not kind.isdigit() or int(kind) not in BYTES:
        return f"its header says data type = {kind[:30]}, which is not read", "export it again"
    if str(head["interleave"]).lower() not in ("bil", "bip", "bsq"):
        return f"its header says interleave = {str(head['interleave'])[:30]}", "export it again"
    if "wavelength" in head:
        told = _listed(head["wavelength"])
        if any(_number(text) is None for text in told):
            odd = next(text for text in told if _number(text) is None)
            return f"its header has the wavelength {odd[:30]!r}", "write numbers"
        if len(told) != int(head["bands"]):
            return (
                f"its header lists {len(told)} wavelengths for {head['bands']} bands",
                "export it again",
            )
    return None


def _fault_of_data(path, head):
    """Whether the data file is there and as long as the header says."""
    data = data_of(path)
    if data is None:
        return "its data file is not beside it", "copy header and data file together"
    pixels = int(head["samples"]) * int(head["lines"])
    need = pixels * int(head["bands"]) * BYTES[int(head["data type"])]
    need += int(_number(head.get("header offset")) or 0)
    have = data.stat().st_size
    if have < need:
        return (
            f"its data file {data.name} is cut short: {have} of {need} bytes",
            "copy it again",
        )
    return None


def _listed(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [part.strip() for part in str(value).split(",")]


def _number(text):
    try:
        number = float(text)
    except (TypeError, ValueError):
        return None
    return number if np.isfinite(number) else None
