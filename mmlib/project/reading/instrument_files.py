"""Binary files of instruments: Bruker OPUS by the package brukeropus, and Thermo OMNIC.

The values were compared with the maker's own export (OPUS) and with another reader (OMNIC, whose
layout is known from files, not from its maker). Only a file with exactly one finished result is
taken: reflectance, transmittance, absorbance or Raman, never raw counts in its place. ASD and
Avantes files are named but not read: no kept-up reader gives back what their makers export.
"""

import io
import struct
from contextlib import redirect_stderr, redirect_stdout

import numpy as np

from .findings import some

# Kind -> how such a file begins.
KINDS = {
    "OPUS": rb"\n\n\xfe\xfe",
    "OMNIC": rb"Spectral (Data|Exte)",
    "Avantes": rb"\0\0[\x70\x8c]B.{8}|AVS8",
    "ASD": rb"(ASD|as[1-9])(?=.{0,400}\0)",
}
RESULTS = {"reflectance", "transmittance", "absorbance", "kubelka-munk", "raman"}
OPUS_UNITS = {"WN": "cm-1", "RSH": "cm-1", "NM": "nm", "MI": "um"}
OMNIC_UNITS, OMNIC_RESULTS = {1: "cm-1", 3: "nm", 4: "um"}, {17: "absorbance", 16: "transmittance"}
EXPORTS = {
    "OPUS": "export data points (.dpt) or JCAMP-DX",
    "OMNIC": "export CSV or JCAMP-DX",
    "Avantes": "export text (.ttt)",
    "ASD": "export reflectance as text from ViewSpec Pro",
}


def read_opus(path, where, findings):
    """Axis, values, the unit of the axis and the quantity; None with the reason noted.

    Parameters
    ----------
    path : pathlib.Path
    where : str
    findings : Findings
    """
    try:
        import brukeropus
    except ImportError:
        findings.error(
            where, "OPUS files need the package brukeropus",
            f"run: pip install 'mmlib[instruments]', or {EXPORTS['OPUS']}",
        )  # fmt: skip
        return None
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            file = brukeropus.read_opus(str(path))
            found = {key: getattr(file, key) for key in file.data_keys}
            results = {key: data for key, data in found.items()
                       if str(data.label).lower().partition(" ")[0] in RESULTS}  # fmt: skip
            if len(results) == 1:
                (data,) = results.values()
                axis, values = np.array(data.x, float), np.array(data.y, float)
                unit, kind = str(data.dxu), str(data.label).lower()
    except Exception as error:  # the reader raises many kinds
        findings.error(where, f"it is no sound OPUS file ({type(error).__name__})", EXPORTS["OPUS"])
        return None
    if len(results) != 1:
        what = f"{len(results)} results ({some(results)})"
        if not results:
            what = f"no finished result, but {some(found, 5) or 'nothing'}"
        findings.error(where, f"this OPUS file holds {what}", EXPORTS["OPUS"])
        return None
    if axis.shape != values.shape or axis.ndim != 1 or not len(axis) or unit not in OPUS_UNITS:
        findings.error(where, "the axis of this OPUS file is not understood", EXPORTS["OPUS"])
        return None
    return axis, values, OPUS_UNITS[unit], kind


def read_omnic(path, where, findings):
    """Axis, values, the unit of the axis and the quantity of a .spa file.

    From byte 304 on lists 16 bytes for each part what it is, where and how long: 2 is the head of
    the spectrum, 3 its numbers.
    """
    try:
        data = path.read_bytes()
        (count,) = struct.unpack_from("<H", data, 294)
        parts = {}
        for k in range(count):
            at, size = struct.unpack_from("<II", data, 304 + 16 * k + 2)
            parts.setdefault(data[304 + 16 * k], []).append((at, size))
        if len(parts[2]) != 1 or len(parts[3]) != 1:
            what = f"this OMNIC file holds {len(parts[3])} spectra"
            findings.error(where, what, EXPORTS["OMNIC"] + ", one by one")
            return None
        head, (at, size) = parts[2][0][0], parts[3][0]
        (points,) = struct.unpack_from("<I", data, head + 4)
        first, last = struct.unpack_from("<ff", data, head + 16)
        values = np.frombuffer(data, "<f4", size // 4, at).astype(float)
        unit, kind = OMNIC_UNITS.get(data[head + 8]), OMNIC_RESULTS.get(data[head + 12])
        sound = len(values) == points > 1 and np.isfinite([first, last]).all() and first != last
    except (struct.error, KeyError, IndexError, ValueError):
        findings.error(where, "it is no sound OMNIC file", EXPORTS["OMNIC"])
        return None
    if not sound or unit is None or kind is None:
        findings.error(where, "this kind of OMNIC file is not read", EXPORTS["OMNIC"])
        return None
    return np.linspace(first, last, points), values, unit, kind


def not_read(kind):
    """A reader that says how to export files of a kind that is not read."""

    def read(path, where, findings):
        findings.error(where, f"{kind} files are not read", EXPORTS[kind])

    return read
