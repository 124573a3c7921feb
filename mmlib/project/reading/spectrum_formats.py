"""One file, one spectrum: text, JCAMP-DX, ENVI cubes and SPC, each read by its library.

`READERS` has the reader of each ending. A reader takes the path, how the file is called in a
sentence, and the findings. It returns axis, values, the unit of the axis and what was measured
(both as texts, empty where the file does not tell), or None with the reason among the findings.
"""

import re
import unicodedata

import jcamp
import numpy as np

from .findings import NOTE, Findings, some
from .numerals import is_number, to_numbers
from .text_tables import read_table

CUBE = ".hdr"
SPC_UNITS = {"XWAVEN": "cm-1", "XRAMANS": "cm-1", "XUMETR": "um", "XNMETR": "nm"}


def unit_of(text):
    """The unit of an axis that a text names: "nm", "um", "cm-1" or "".

    Examples
    --------
    >>> from mmlib.project.reading.spectrum_formats import unit_of
    >>> unit_of("Wavelength [nm]"), unit_of("Wellenzahl (cm⁻¹)"), unit_of("µm"), unit_of("id")
    ('nm', 'cm-1', 'um', '')
    """
    text = unicodedata.normalize("NFKC", text).lower().replace("\u2212", "-").replace("\u03bc", "u")
    for unit, pattern in {
        "cm-1": r"cm\s*\^?\s*[({]?-\s*1|1\s*/\s*cm|wavenumber",
        "nm": r"(?<![a-z])nm(?![a-z])|nanomet",
        "um": r"(?<![a-z])um(?![a-z])|micromet|micron",
    }.items():
        if re.search(pattern, text):
            return unit
    return ""


def _read_pairs(path, where, findings):
    """Two columns, axis and value; a header or lines of remarks may precede them."""
    own = Findings()
    table = read_table(path, own)
    for finding in own:  # a remark that holds for all files is made once
        if finding.level != NOTE:
            findings.append(finding)
        elif finding.what not in [other.what for other in findings.of(NOTE)]:
            findings.note("spectra/", finding.what)
    if table is None:
        return None
    rows, lines = [table.header, *table.rows], [table.lines[0] - 1, *table.lines]
    filled = [[x for x in row if x] for row in rows]
    is_pair = [len(row) == 2 and all(map(is_number, row)) for row in filled]
    if True not in is_pair or any(len(row) > 2 for row in filled):
        findings.error(
            where, "it does not hold two columns, wavelength and value", "export it that way"
        )
        return None
    start = is_pair.index(True)
    head = rows[start - 1] if start else ["", ""]
    short = [k for k in range(start, len(rows)) if len(filled[k]) != 2]
    if short:
        findings.error(f"{where}, row {lines[short[0]]}", "a value is missing", "export it again")
        return None

    def at(i, j):
        return f"{where}, row {lines[start + i]}"

    # One by one: whole wavelengths do not make thousands of values with three decimals.
    both = [to_numbers([[row[k]] for row in filled[start:]], at, findings) for k in (0, 1)]
    if any(column is None for column in both):
        return None
    return both[0][:, 0], both[1][:, 0], unit_of(head[0]), ""


def _read_jcamp(path, where, findings):

    try:
        read = jcamp.readfile(str(path))
        axis, values = np.asarray(read["x"], float), np.asarray(read["y"], float)
        if not len(axis) or len(axis) != len(values):
            raise ValueError("without bands")  # some versions read any text as an empty one
    except Exception as error:  # the reader raises many kinds
        findings.error(
            where, f"it is no JCAMP-DX spectrum ({type(error).__name__})", "export it again"
        )
        return None
    return axis, values, unit_of(str(read.get("xunits", ""))), str(read.get("yunits", "")).lower()


def _read_spc(path, where, findings):
    try:
        from spc_io.high_level import SPC
    except ImportError:
        findings.error(
            where, "SPC files need the package spc-io",
            "run: pip install 'mmlib[instruments]', or export JCAMP-DX or text",
        )  # fmt: skip
        return None
    try:
        with path.open("rb") as file:
            read = SPC.from_bytes_io(file)
        spectra, unit = [read[k] for k in range(len(read))], SPC_UNITS.get(read.xtype, "")
    except Exception as error:  # the reader raises many kinds
        findings.error(where, f"it is no SPC spectrum ({type(error).__name__})", "export it again")
        return None
    if len(spectra) != 1:
        findings.error(
            where, f"it holds {len(spectra)} spectra", "export each to a file of its own"
        )
        return None
    axis, values = (np.asarray(x, float) for x in (spectra[0].xarray, spectra[0].yarray))
    return axis, values, unit, str(read.ytype).lower()


def _not_read(path, where, findings):
    """ASD and Bruker's OPUS: no reader of them is kept up that leaves the user's folders alone."""
    kind = {".asd": "ASD"}.get(path.suffix.lower(), "OPUS")
    how = {"ASD": "reflectance as text from ViewSpec Pro", "OPUS": "data points or JCAMP-DX"}[kind]
    findings.error(where, f"{kind} files are not read", f"export {how}")
    return None


def _read_cube(path, where, findings):
    """The mean spectrum of an ENVI cube; `mmlib.project.reading.pictures` makes its picture."""
    cube = open_cube(path, where, findings)
    if cube is None:
        return None
    if not cube.bands.centers:
        findings.error(where, "it names no wavelengths", "add 'wavelength' to the header")
        return None
    axis = np.asarray(cube.bands.centers, float)
    values = np.asarray(cube.load(), float).mean((0, 1))
    return axis, values, unit_of(str(cube.bands.band_unit or "")), ""


def open_cube(path, where, findings):
    """An ENVI cube, not yet loaded, or None with the reason among the findings."""
    try:
        from spectral.io import envi
    except ImportError:
        findings.error(
            where, "ENVI cubes need the package spectral", "run: pip install 'mmlib[cubes]'"
        )
        return None
    try:
        return envi.open(str(path))
    except Exception as error:  # the reader raises many kinds
        said = " ".join(str(error).split())[:120]
        findings.error(where, f"it is no ENVI cube ({said})", "copy header and data file together")
        return None


def check_alike(units, kinds, findings):
    """Whether all files have one unit of the axis, and one quantity (JCAMP-DX and SPC tell it).

    Parameters
    ----------
    units, kinds : mapping of str to set of str
        What the files say -> the ids of the samples whose files say so.
    findings : Findings

    Returns
    -------
    str
        The unit, empty where none is given.
    """
    for what, said in {"wavelengths in": units, "quantities": kinds}.items():
        said = {name: ids for name, ids in said.items() if name}
        if len(said) > 1:
            rare = min(said, key=lambda name: len(said[name]))
            findings.error(
                f"spectra/ (id {sorted(said[rare])[0]})",
                f"the files have different {what}: {some(sorted(said))}",
                "export all alike",
            )
    return next((name for name in units if name), "")


READERS = {
    **dict.fromkeys((".csv", ".tsv", ".txt", ".xlsx"), _read_pairs),
    **dict.fromkeys((".jdx", ".dx", ".jcm"), _read_jcamp),
    CUBE: _read_cube,
    ".spc": _read_spc,
    **dict.fromkeys((".asd", *(f".{k}" for k in range(10))), _not_read),
}
