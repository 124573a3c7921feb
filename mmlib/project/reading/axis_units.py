"""The unit of an axis: what a title or a remark says, or what its numbers tell."""

import re
import unicodedata

import numpy as np

UNITS = {
    "cm-1": r"cm\s*\^?\s*[({\[]?-\s*1|1\s*/\s*cm|(?<![a-z])cm\.?-?1(?!\d)|wave ?number",
    "nm": r"(?<![a-z])nm(?![a-z])|nanomet",
    "um": r"(?<![a-z])um(?![a-z])|micromet|micron",
}
RAMAN = r"\braman\b|stokes"
OF_AXIS = r"^\W*(x[\s_-]*)?(data\s?kind|axis|units?|label)\b|^\W*axis"
OF_LIGHT = r"laser|excit|slit|bandwidth|filter|grating"
NUMBERED = "band"  # of an axis that only counts


def unit_of(text):
    """The unit of an axis that a text names: "nm", "um", "cm-1" or "".

    Examples
    --------
    >>> from mmlib.project.reading.axis_units import unit_of
    >>> unit_of("Wavelength [nm]"), unit_of("Wellenzahl (cm⁻¹)"), unit_of("µm"), unit_of("id")
    ('nm', 'cm-1', 'um', '')
    """
    text = _plain(text)
    return next((unit for unit, pattern in UNITS.items() if re.search(pattern, text)), "")


def unit_in_remarks(text):
    """The unit that remarks around a spectrum give away, or "" where they do not agree.

    A line that tells of a laser or a slit holds nanometers that are none of the axis.

    Examples
    --------
    >>> from mmlib.project.reading.axis_units import unit_in_remarks
    >>> unit_in_remarks("Technique: Raman\\nLaser: 785 nm"), unit_in_remarks("Resolution: 4 cm-1")
    ('cm-1', 'cm-1')
    >>> unit_in_remarks("Laser: 785 nm"), unit_in_remarks("XDataKind = nm\\nMode: Raman")
    ('', 'nm')
    """
    lines = _plain(text).split("\n")
    told = {unit_of(line) for line in lines if re.search(OF_AXIS, line)} - {""}
    if not told and any(re.search(RAMAN, line) for line in lines):
        return "cm-1"
    told = told or {unit_of(line) for line in lines if not re.search(OF_LIGHT, line)} - {""}
    return told.pop() if len(told) == 1 else ""


def is_numbered(axis):
    """Whether an axis only counts its bands: 0, 1, 2 or 1, 2, 3 and so on.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.project.reading.axis_units import is_numbered
    >>> is_numbered(np.arange(48.0)), is_numbered(np.arange(400.0, 448.0))
    (True, False)
    """
    return len(axis) > 2 and axis[0] in (0, 1) and bool((np.diff(axis) == 1).all())


def guess_unit(low, high, falls):
    """The unit that the numbers of an axis suggest, and whether that is more than likely.

    Parameters
    ----------
    low, high : float
        The ends of the axis.
    falls : bool
        Whether the files list it from high to low.

    Returns
    -------
    unit : {"nm", "um", "cm-1"}
    sure : bool

    Examples
    --------
    >>> from mmlib.project.reading.axis_units import guess_unit
    >>> guess_unit(400, 1000, False), guess_unit(900, 1800, True), guess_unit(101, 1754, False)
    (('nm', True), ('cm-1', False), ('cm-1', False))
    """
    if high <= 30:
        return "um", True
    if high > 2600:
        return "cm-1", True
    if low < 180:  # air and quartz absorb all light of such short wavelengths
        return "cm-1", False
    if falls and low >= 350:  # spectrophotometers fall, too, but they end in the ultraviolet
        return ("cm-1" if high <= 2000 else "nm"), False
    return "nm", True


def name_unit(axes, unit, falls, where, findings):
    """The unit of the axes: what the file says, or a guess that is stated.

    Parameters
    ----------
    axes : list of ndarray
    unit : str
        Empty where the files tell none.
    falls : bool
    where : str
    findings : Findings

    Returns
    -------
    str
    """
    if not axes or unit:
        return unit or "nm"
    if all(map(is_numbered, axes)):
        findings.warn(
            where,
            f"the bands are numbered from {axes[0][0]:g} to {axes[0][-1]:g}, which are no "
            "wavelengths",
            "write the wavelength above each band if you know it",
        )
        return NUMBERED
    low, high = min(axis.min() for axis in axes), max(axis.max() for axis in axes)
    unit, sure = guess_unit(low, high, falls)
    said = f"axis {low:g} to {high:g}, no unit given, taken as {unit}"
    if sure:
        findings.note(where, said)
    else:
        findings.warn(
            where, said, "if it is not, add a column unit to the table of samples (nm, um or cm-1)"
        )
    return unit


def _plain(text):
    text = unicodedata.normalize("NFKC", text).lower()
    return text.replace("\u2212", "-").replace("\u03bc", "u").replace("ï¿½", "")
