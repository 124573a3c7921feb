"""One JCAMP-DX file, one spectrum: looked at as text, then read by the package jcamp.

The package reads the compressed forms of numbers. What it passes over is said here by its name:
several spectra in a file, missing values, decimal commas, a size or an axis that the data
contradict.
"""

import io
import re
from contextlib import redirect_stdout

import jcamp
import numpy as np

from .axis_units import unit_of
from .numerals import COMMA_NUMBER
from .text_tables import decode

MOST_POINTS = 2_000_000
RECORD = re.compile(r"^##\s*([^=]*?)\s*=[ \t]*(.*)$", re.MULTILINE)
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
DATA = ("XYDATA", "XYPOINTS")
BEST = {"PROCESSED", "REFLECTANCE", "ABSORBANCE", "TRANSMITTANCE", "TRANSMISSION"}


def read_jcamp(path, where, findings):
    """Axis, values, the unit of the axis and the quantity; None with the reason noted.

    Parameters
    ----------
    path : pathlib.Path
    where : str
    findings : Findings
    """
    text = re.sub(r"\r\n?", "\n", decode(path.read_bytes())[0].replace("\0", ""))
    try:
        block = _one_block(text, where, findings)
        head = _head(block)
        fault = _fault(block, head)
        if fault:
            findings.error(where, *fault)
            return None
        with redirect_stdout(io.StringIO()):
            read = jcamp.read(block.splitlines(keepends=True))
        axis, values = np.asarray(read["x"], float), np.asarray(read["y"], float)
        fault = _contradiction(block, head, axis, values)
    except _NoSpectrum as error:
        fault = error.args
    except Exception as error:  # the reader raises many kinds
        fault = f"it is no JCAMP-DX spectrum ({type(error).__name__})", "export it again"
    if fault:
        findings.error(where, *fault)
        return None
    return axis, values, unit_of(head.get("XUNITS", "")), head.get("YUNITS", "").lower()


class _NoSpectrum(Exception):
    """What is wrong and what to do."""


def _one_block(text, where, findings):
    """The text from ##TITLE to ##END of the one spectrum in the file."""
    blocks = [part for part in re.split(r"(?mi)^(?=##\s*TITLE\s*=)", text) if "##" in part]
    spectra = [part for part in blocks if any(name in _head(part) for name in DATA)]
    if not spectra:
        heads = {name for part in blocks for name in _head(part)}
        if "PEAKTABLE" in heads or "PEAKASSIGNMENTS" in heads:
            raise _NoSpectrum("it holds a table of peaks, no spectrum", "export the whole spectrum")
        if "NTUPLES" in heads:
            raise _NoSpectrum(
                "it holds several tables (NTUPLES), no single spectrum", "export one as XYDATA"
            )
        raise _NoSpectrum("it is no JCAMP-DX spectrum (there is no ##XYDATA)", "export it again")
    if len(spectra) == 1:
        return spectra[0]
    titles = [_head(part).get("TITLE", "") for part in spectra]
    words = [set(re.findall(r"[A-Z]+", title.upper())) for title in titles]
    best = [part for part, said in zip(spectra, words, strict=True) if said & BEST]
    if len(best) != 1:
        said = ", ".join(repr(title[:30]) for title in titles[:4])
        raise _NoSpectrum(
            f"it holds {len(spectra)} spectra ({said})", "export each to a file of its own"
        )
    said = f"blocks of JCAMP-DX files {_head(best[0])['TITLE']!r} was read"
    if not any(said in finding.what for finding in findings):
        findings.note("spectra/", f"of the {len(spectra)} {said}")
    return best[0]


def _head(block):
    """Labels without blanks and signs, in capitals, and what is behind them."""
    return {re.sub(r"[\s_/-]", "", name).upper(): value.split("$$")[0].strip()
            for name, value in reversed(RECORD.findall(block))}  # fmt: skip


def _data(block):
    """The lines of numbers."""
    found = re.search(r"(?mi)^##\s*XY(?:DATA|POINTS)\s*=.*\n((?:(?!##).*(?:\n|\Z))*)", block)
    lines = found[1].split("\n") if found else []
    return [line.split("$$")[0].strip() for line in lines if line.split("$$")[0].strip()]


def _fault(block, head):
    """What can be told before reading: what is wrong and what to do, or None."""
    for name in ("FIRSTX", "LASTX", "DELTAX", "XFACTOR", "YFACTOR", "FIRSTY"):
        if COMMA_NUMBER.fullmatch(head.get(name, "")):
            return (
                f"its numbers have decimal commas (##{name}={head[name]}), which JCAMP-DX does "
                "not know",
                "export it with decimal points",
            )
    lines = _data(block)
    if not lines:
        return "it is no JCAMP-DX spectrum (no numbers under ##XYDATA)", "export it again"
    if any("?" in line for line in lines):
        return "a value is missing (written ?)", "export it again, or leave the sample out"
    if not re.fullmatch(r"\d+(\.0*)?", head.get("NPOINTS", "0")):
        return f"its NPOINTS is {head['NPOINTS'][:30]!r}, no whole number", "export it again"
    points, letters = float(head.get("NPOINTS", "0")), sum(map(len, lines))
    if points > MOST_POINTS or points > 1000 * letters:
        return f"it claims {points:.0f} points, too many for a spectrum", "export it again"
    return None


def _contradiction(block, head, axis, values):
    """Where the head tells another number of points or another axis than the data."""
    points = int(float(head.get("NPOINTS", len(values))))
    if not len(values):
        return "it is no JCAMP-DX spectrum (no numbers under ##XYDATA)", "export it again"
    if len(axis) != len(values) or points != len(values):
        return f"it has {len(values)} values, but NPOINTS says {points}", "export it again"
    factor = float(head.get("XFACTOR") or 1)
    lines = [re.match(NUMBER, line) for line in _data(block)]
    starts = [float(match[0]) * (factor if "XYDATA" in head else 1) for match in lines if match]
    step = np.abs(np.diff(axis)).max() if len(axis) > 1 else 1.0
    if "XYDATA" in head and starts:
        near = np.abs(axis[:, None] - np.array([starts[0], starts[-1]])).min(0)
        if abs(starts[0] - axis[0]) > 1.5 * step or near[1] > 1.5 * step:
            return (
                f"FIRSTX and LASTX tell an axis from {axis[0]:g} to {axis[-1]:g}, but its lines "
                f"begin with {starts[0]:g} to {starts[-1]:g}",
                "export it again",
            )
    ends = [(name, float(head[name])) for name in ("FIRSTX", "LASTX")
            if re.fullmatch(NUMBER, head.get(name, ""))]  # fmt: skip
    for name, told in ends if "XYPOINTS" in head else ():
        if np.abs(axis - told).min() > 1.5 * step:
            return (
                f"{name} is {told:g}, but its points go from {axis[0]:g} to {axis[-1]:g}",
                "export it again",
            )
    return None
