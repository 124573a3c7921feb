"""Binary files of instruments: Bruker OPUS, Thermo OMNIC and Avantes, read by one package.

Its values were compared with the makers' own exports (OPUS, Avantes) and with the bytes of the
file (OMNIC). Only files with exactly one finished result are taken: reflectance, transmittance or
absorbance, never raw counts in their place. ASD and Ocean Optics' own formats are not read,
because no export was at hand to compare with.
"""

import io
from contextlib import redirect_stderr, redirect_stdout

import numpy as np

from .axis_units import unit_of
from .findings import some

# Kind -> how such a file begins.
KINDS = {
    "OPUS": rb"\n\n\xfe\xfe",
    "OMNIC": rb"Spectral (Data|Exte)",
    "Avantes": rb"\0\0\x8cB.{8,}",
    "ASD": rb"(ASD|as[1-9])(?=.{0,400}\0)",
}
RESULTS = ("reflectance", "transmittance", "absorbance", "kubelka_munk", "raman")
EXPORTS = {
    "OPUS": "export data points (.dpt) or JCAMP-DX",
    "OMNIC": "export CSV or JCAMP-DX",
    "Avantes": "export text (.ttt)",
    "ASD": "export reflectance as text from ViewSpec Pro",
}


def read_instrument(path, where, findings):
    """Axis, values, the unit of the axis and the quantity; None with the reason noted.

    Parameters
    ----------
    path : pathlib.Path
    where : str
    findings : Findings
    """
    kind = _kind(path)
    if kind == "ASD":
        findings.error(where, "ASD files are not read", EXPORTS[kind])
        return None
    try:
        from nirs4all_formats import open_records
    except ImportError:
        findings.error(
            where, f"{kind} files need the package nirs4all-formats",
            f"run: pip install 'mmlib[instruments]', or {EXPORTS[kind]}",
        )  # fmt: skip
        return None
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            records = open_records(str(path))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a reader in Rust that gives up raises outside of Exception
        said = " ".join(str(error).split()).replace(str(path), path.name)[:100]
        findings.error(where, f"it is no sound {kind} file ({said})", EXPORTS[kind])
        return None
    if len(records) != 1:
        findings.error(where, f"it holds {len(records)} spectra", EXPORTS[kind] + ", one by one")
        return None
    signals = records[0]["signals"]
    results = {name: s for name, s in signals.items() if s.get("signal_type") in RESULTS}
    if len(results) != 1:
        what = f"{len(results)} results ({some(results)})" if results else "no finished result"
        findings.error(
            where, f"this {kind} file holds {what}, but {some(signals, 5)}" if not results
            else f"this {kind} file holds {what}", EXPORTS[kind],
        )  # fmt: skip
        return None
    (signal,) = results.values()
    axis = np.asarray(signal["axis"].get("values", ()), float)
    values = np.asarray(signal["values"], float).ravel()
    if len(axis) != len(values) or not len(axis):
        findings.error(where, f"its axis and values in this {kind} file differ", EXPORTS[kind])
        return None
    return axis, values, unit_of(str(signal["axis"].get("unit", ""))), signal["signal_type"]


def _kind(path):
    with path.open("rb") as file:
        head = file.read(4)
    if head == b"\n\n\xfe\xfe":
        return "OPUS"
    if head == b"Spec":
        return "OMNIC"
    return "Avantes" if head == b"\0\0\x8cB" else "ASD"
