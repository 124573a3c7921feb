"""Which reader a file of one spectrum has: its first bytes tell, its ending only where they do not.

`READERS` has the reader of each kind. A reader takes the path, how the file is called in a
sentence, and the findings. It returns axis, values, the unit of the axis and what was measured
(both as texts, empty where the file does not tell), or None with the reason among the findings.
"""

import io
import re
import zipfile
from contextlib import redirect_stderr, redirect_stdout

import numpy as np

from .array_files import read_arrays
from .cubes import CUBE, open_cube, read_cube
from .findings import some
from .instrument_files import KINDS, not_read, read_omnic, read_opus
from .jcamp_files import read_jcamp
from .pair_files import read_pairs

SPC_UNITS = {"XWAVEN": "cm-1", "XRAMANS": "cm-1", "XUMETR": "um", "XNMETR": "nm"}
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM", b"GIF8", b"%PDF", b"RIFF")


def read_spc(path, where, findings):
    """A Galactic SPC file that holds one spectrum."""
    try:
        from spc_io.high_level import SPC
    except ImportError:
        findings.error(
            where, "SPC files need the package spc-io",
            "run: pip install 'mmlib[instruments]', or export JCAMP-DX or text",
        )  # fmt: skip
        return None
    data = path.read_bytes()
    old = {b"\x4c": "with the highest byte first", b"\x4d": "of the old LabCalc kind",
           b"\xcf": "of Shimadzu's kind"}.get(data[1:2])  # fmt: skip
    if old and len(data) > 256:
        findings.error(
            where, f"it is an SPC file {old}, which is not read", "export JCAMP-DX or text"
        )
        return None
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            read = SPC.from_bytes_io(io.BytesIO(data))
        spectra, unit = [read[k] for k in range(len(read))], SPC_UNITS.get(read.xtype, "")
    except Exception as error:  # the reader raises many kinds
        findings.error(
            where, f"it is no SPC spectrum ({type(error).__name__})", "export JCAMP-DX or text"
        )
        return None
    if len(spectra) != 1:
        findings.error(
            where, f"it holds {len(spectra)} spectra", "export each to a file of its own"
        )
        return None
    scale = _scale_of_spc(data)
    if scale is None:
        findings.error(
            where, "its two heads disagree on how numbers are stored", "export JCAMP-DX or text"
        )
        return None
    axis, values = (np.asarray(x, float) for x in (spectra[0].xarray, spectra[0].yarray))
    return axis, scale * values, unit, str(read.ytype).lower()


def _scale_of_spc(data):
    """What the package's values lack where the exponent of the spectrum is not that of the file.

    In a file of one spectrum the exponent in the head of the file holds, whereas the package
    takes that in the head of the spectrum; None where only one of them means floats.
    """
    flags, points = data[0], int.from_bytes(data[4:8], "little")
    at = 512 + (4 * points if flags & 0x80 and not flags & 0x40 else 0)
    whole, own = (int.from_bytes(data[k : k + 1], "little", signed=True) for k in (3, at + 1))
    if flags & 0x04 or -128 in (whole, own):
        return None if not flags & 0x04 and own == -128 != whole else 1.0
    return 2.0 ** (whole - own)


def not_a_spectrum(path, where, findings):
    """A picture, a program's own format: what nobody here can read."""
    findings.error(
        where, "it is a file of a kind that is not read",
        "export text with two columns or JCAMP-DX from the instrument's program",
    )  # fmt: skip


READERS = {
    "text": read_pairs,
    "JCAMP-DX": read_jcamp,
    "ENVI": read_cube,
    "SPC": read_spc,
    "arrays": read_arrays,
    "other": not_a_spectrum,
    "OPUS": read_opus,
    "OMNIC": read_omnic,
    **{kind: not_read(kind) for kind in ("Avantes", "ASD")},
    **dict.fromkeys((".jdx", ".dx", ".jcm"), read_jcamp),
    CUBE: read_cube,
    ".spc": read_spc,
    ".asd": not_read("ASD"),
}


def reader_of(path):
    """The reader of a file: by its first bytes, and for plain text or none of all by its ending."""
    kind = kind_of(path)
    if kind in ("text", "other"):
        return READERS.get(path.suffix.lower(), READERS[kind])
    return READERS[kind]


def kind_of(path):
    """What a file holds, as a key of `READERS`."""
    with path.open("rb") as file:
        head = file.read(8192)
    for kind, sign in KINDS.items():
        if re.match(sign, head, re.DOTALL):
            return kind
    if head.startswith((b"\x93NUMPY", b"MATLAB 5.0", b"MATLAB 7.3", b"\x89HDF")):
        return "arrays"
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_archive(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "text"  # an old workbook, read as cells
    if head.startswith(PICTURES) and not head[2:40].isalnum():
        return "other"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    if _is_text(head):
        if re.match(rb"\s*ENVI\s", head):
            return "ENVI"
        jcamp = re.search(rb"(?mi)^(\xef\xbb\xbf)?##\s*(TITLE|JCAMP[ _-]?DX)\s*=", head)
        return "JCAMP-DX" if jcamp else "text"
    return "SPC" if path.suffix.lower() == ".spc" and head[1:2] in b"\x4b\x4c\x4d\xcf" else "other"


def _kind_of_archive(path):
    """A workbook, arrays of NumPy, or a maker's own format that only looks like these."""
    try:
        with zipfile.ZipFile(path) as members:
            names = members.namelist()
    except (OSError, zipfile.BadZipFile):
        return "text"  # whose reader says that it is broken
    if any(name.endswith(".npy") for name in names):
        return "arrays"
    book = any(name.startswith("xl/") or name == "content.xml" for name in names)
    return "text" if book else "other"


def _is_text(head):
    """Whether hardly any byte is a sign that no text has; NUL only fills names up."""
    odd = sum(byte < 9 or 13 < byte < 32 for byte in head.replace(b"\0", b""))
    return odd <= len(head) / 200 and head.count(b"\0") <= len(head) / 2


def companions(files):
    """Files that belong to another: the data of ENVI cubes, whose header is read."""
    heads = {path.with_suffix("") for path in files if path.suffix.lower() == CUBE}
    return {path for path in files
            if path.suffix.lower() != CUBE and (path in heads or path.with_suffix("") in heads)
            and kind_of(path) != "JCAMP-DX"}  # fmt: skip


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
                samples=sorted(said[rare]),
            )
    return next((name for name in units if name), "")


__all__ = ["CUBE", "READERS", "check_alike", "companions", "kind_of", "open_cube", "reader_of"]
