"""Wavelengths in the names of columns: the number in which names of one pattern differ."""

import re
from collections import Counter
from typing import NamedTuple

import numpy as np

from .axis_units import UNITS, unit_of

NUMBER = re.compile(r"(?:(?<=^)-)?\d[\d.,]*(?:e[+-]?\d+)?", re.IGNORECASE)
SPECTRAL = re.compile(
    r"(x|wl?|nm|r|a|b|abs\w*|refl?\w*|trans\w*|spc|spec\w*|wave?\w*|wvl|wn|scan\w*|vis\w*|nir\w*|raman\w*"
    r"|shift|intens\w*|band|λ|lambda|cm|hz)?([\s._@-]*x)?[\s._@-]*",
    re.IGNORECASE,
)


class Bands(NamedTuple):
    """Columns of a table that are bands.

    Attributes
    ----------
    columns : list of int
    axis : ndarray of shape (bands,)
    unit : str
        Empty where the names tell none.
    rival : str or None
        The name of a column of another pattern that has many columns, too.
    """

    columns: list
    axis: np.ndarray
    unit: str
    rival: str | None


def find_bands(header):
    """The columns whose names differ by a number only, or None where there are not two.

    Examples
    --------
    >>> from mmlib.project.reading.band_names import find_bands
    >>> find_bands(["id", "spc.400", "spc.410.5", "batch"])[:2]
    ([1, 2], array([400. , 410.5]))
    >>> find_bands(["id", "Refl2 400 nm", "Refl2 500 nm"]).unit
    'nm'
    """
    patterns = [_patterns(title) for title in header]
    count = Counter(pattern for found in patterns for pattern in found)
    if not count:
        return None
    best, most = max(count.items(), key=lambda item: (item[1], item[0] == ("", "")))
    if most < 2:
        return None
    columns = [k for k, found in enumerate(patterns) if best in found]
    units = {unit_of(header[k].replace(patterns[k][best][0], " ", 1)) for k in columns} - {""}
    rest = [found for k, found in enumerate(patterns) if found and best not in found]
    others = Counter(next(iter(found)) for found in rest)
    rival, many = max(others.items(), key=lambda item: item[1], default=(None, 0))
    named = next((t for t, found in zip(header, patterns, strict=True) if rival in found), None)
    return Bands(
        columns,
        np.array([patterns[k][best][1] for k in columns]),
        units.pop() if len(units) == 1 else "",
        named if many >= max(3, most / 5) else None,
    )


def band_columns(header):
    """Columns of a table of samples that belong to a spectrum: ten or more named like 400.

    Examples
    --------
    >>> from mmlib.project.reading.band_names import band_columns
    >>> band_columns(["id", "label", *(f"X{w}" for w in range(400, 500, 10))])
    [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    >>> band_columns(["id", *(f"gene {k}" for k in range(400, 500, 10))])
    []
    """
    bands = find_bands(header)
    if bands is None or len(bands.columns) < 10 or bands.axis.min() < 100:
        return []
    title = header[bands.columns[0]]
    before = title[: NUMBER.search(title).start()]
    return bands.columns if SPECTRAL.fullmatch(before) else []


def _patterns(title):
    """Each number of a title: what is left without it -> the number as text and its value."""
    found = {}
    for match in NUMBER.finditer(title):
        text = match[0].rstrip(".,")
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            continue
        around = title[: match.start()], title[match.start() + len(text) :]
        found.setdefault(tuple(map(_bare, around)), (text, value))
    return found


def _bare(text):
    """Without blanks, brackets and the unit, which may stand above one band only."""
    text = text.lower()
    for pattern in UNITS.values():
        text = re.sub(pattern, "", text)
    return re.sub(r"[\s()\[\]]", "", text)
