"""Spectra in a folder: one wide table, or one file for each sample.

Every reader returns an axis and values; `mmlib.project.reading.grid.common_grid` brings
spectra that were measured on different axes to one.
"""

import re

import numpy as np

from .findings import some
from .numerals import to_numbers
from .spectrum_formats import READERS, check_alike, unit_of
from .text_tables import NOT_READ, Table, files_of, find_folder, find_table, read_table, same_name

# 400, "400 nm", and what programs make of it: X400, R_400nm
BAND = re.compile(
    r"(?:(?:x|wl?|nm|r|a|abs|refl\w*|absorbance)[ ._]?)?(\d[\d.,]*(?:e[+-]?\d+)?)\s*([^\d\s].*)?",
    re.IGNORECASE,
)
QUANTITY = re.compile(r"[ ._(]*(r|a|abs|refl\w*|absorbance)?[ .)]*", re.IGNORECASE)


def read_spectra(root, samples, findings, table=None):
    """All spectra of a folder: id -> (axis, values), and the unit of the axis.

    Parameters
    ----------
    root : pathlib.Path
    samples : mapping of str to str or None
        Id -> file of its spectrum where the table of samples names one.
    findings : Findings
    table : Table, optional
        Of samples: where there is nothing else, its columns that are named by numbers.

    Returns
    -------
    spectra : dict of str to (ndarray, ndarray)
    unit : str
        "nm", "cm-1" or "um".
    """
    tables, folder = find_table(root, "spectra"), find_folder(root, "spectra")
    if folder is not None and not files_of(folder):
        findings.warn(f"{folder.name}/", "it is empty", "put the spectra in, or take it away")
        folder = None
    if len(tables) + (folder is not None) > 1:
        both = [path.name for path in tables] + ["spectra/"] * (folder is not None)
        findings.error(root.name, f"it holds {some(both)}", "keep one place for the spectra")
        return {}, "nm"
    where = tables[0].name if tables else "spectra/"
    if tables:
        wide = read_table(tables[0], findings)
        spectra, unit = _read_wide(wide, where, samples, findings) if wide else ({}, "")
    elif folder is not None:
        spectra, unit = _read_files(folder, samples, findings)
    else:
        wide, where = _bands_of(table), "the table of samples"
        if wide is None:
            _warn_of_others(root, findings)
            return {}, "nm"
        findings.note(where, f"{len(wide.header) - 1} columns are named by numbers: the spectra")
        spectra, unit = _read_wide(wide, where, samples, findings)
    axes = {sample: found[0] for sample, found in spectra.items() if found}
    return spectra, _name_unit(axes, unit, where, findings)


def _warn_of_others(root, findings):
    """A table of spectra under another name would be overlooked in silence."""
    others = [path.name for path in files_of(root, "*")
              if path.suffix.lower() in (".csv", ".tsv", ".xlsx", *NOT_READ)
              and path.stem.lower() != "samples"]  # fmt: skip
    if others:
        findings.warn(
            root.name, f"there is no table of spectra, and {some(others)} is not read",
            "if it holds the spectra, call it spectra.csv (or .xlsx)",
        )  # fmt: skip


def band_columns(header):
    """Columns of a table of samples that belong to a spectrum: ten or more named like 400."""
    bands = {k: _band(name) for k, name in enumerate(header)}
    bands = {k: band for k, band in bands.items() if band and band[0] >= 100}
    return list(bands) if len(bands) >= 10 else []


def _band(title):
    """Wavelength and unit that the title of a column tells, or None."""
    match = BAND.fullmatch(title)
    rest = (match and match[2]) or ""
    if rest and not unit_of(rest) and not QUANTITY.fullmatch(rest):
        return None  # "1000 kernel weight" is a trait
    try:
        return float(match[1].replace(",", ".")), unit_of(rest)
    except (TypeError, ValueError):
        return None


def _bands_of(table):
    bands = band_columns(table.header) if table else []
    if not bands:
        return None
    columns = [[name.lower() for name in table.header].index("id"), *bands]
    rows = [[row[k] for k in columns] for row in table.rows]
    return Table([table.header[k] for k in columns], rows, table.lines)


def _read_wide(table, name, samples, findings):
    """Rows are samples, the first column their id, the header the axis; or all this turned."""
    first, above = {row[0] for row in table.rows}, set(table.header[1:])
    # By share: where ids are numbers, some may be wavelengths too.
    if len(above & set(samples)) * len(first) > len(first & set(samples)) * len(above):
        rows = [list(row) for row in zip(table.header, *table.rows, strict=True)]
        table = Table(rows[0], rows[1:], [f"column {k}" for k in range(2, len(rows) + 1)])
        findings.note(name, "it has a column for each sample; it was turned round")
    bands = [_band(title) for title in table.header[1:]]
    if None in bands:
        findings.error(
            name,
            f"column {table.header[1 + bands.index(None)]!r} is no wavelength",
            "the header holds the id column, then wavelengths only; move other columns to "
            "the table of samples",
        )
        return {}, ""
    units = {unit for _, unit in bands}
    unit = (next(iter(units)) if len(units) == 1 else "") or unit_of(table.header[0])

    def at(line):
        return f"{name}, {line}" if isinstance(line, str) else f"{name}, row {line}"

    def where(row, column):
        sample = table.rows[row][0] or "?"
        return f"{at(table.lines[row])} (id {sample}), column {table.header[column + 1]}"

    values = to_numbers([row[1:] for row in table.rows], where, findings)
    if values is None:
        return {}, unit
    spectra, axis = {}, np.array([band for band, _ in bands])
    for row, line, x in zip(table.rows, table.lines, values, strict=True):
        if not row[0]:
            findings.error(at(line), "the id is empty", "fill it in, or take the row out")
            spectra[at(line)] = None
        elif row[0] in spectra:
            findings.error(
                at(line),
                f"id {row[0]!r} occurs a second time",
                "rename one, or average repeated measurements",
            )
            spectra[at(line)] = None
        else:
            spectra[row[0]] = (axis, x)
    return _ordered(spectra, name, findings), unit


def _read_files(folder, samples, findings):
    """One file for each sample, named by its id unless the table of samples says otherwise."""
    named = {_in_folder(name): sample for sample, name in samples.items() if name}
    spectra, units, kinds, unread, met = {}, {}, {}, [], set()
    for path in files_of(folder):
        place = same_name(path.relative_to(folder).as_posix())
        key = place if place in named else same_name(path.name)
        sample = named.get(key, same_name(path.stem))
        met.add(key)
        read = READERS.get(path.suffix.lower())
        if read is None:  # the data file beside a cube's header, a thumbnail, notes
            unread.append(path.name)
            continue
        found = read(path, f"spectra/{path.name}", findings)
        if found is None:
            spectra[sample] = None
            continue
        axis, values, unit, kind = found
        units.setdefault(unit, set()).add(sample)
        kinds.setdefault(kind, set()).add(sample)
        if sample in spectra:
            findings.error(
                f"spectra/{path.name}", f"id {sample!r} has two spectra", "keep one of the files"
            )
        spectra[sample] = (axis, values)
    for name, sample in named.items():
        if name not in met and not name.startswith("../"):  # which was said already
            findings.error(
                f"samples (id {sample})", f"there is no spectrum {name!r}", "copy it into spectra/"
            )
            spectra[sample] = None
    if unread and not spectra:
        findings.error(
            "spectra/", f"it holds no file that can be read: {some(unread)}",
            "export JCAMP-DX or text from the instrument's program",
        )  # fmt: skip
    return _ordered(spectra, "spectra/", findings), check_alike(units, kinds, findings)


def _in_folder(name):
    """Where a table says that a file is, seen from spectra/; of another computer the name only."""
    if re.match(r"[A-Za-z]:[\\/]|/|\\\\", name):
        return re.split(r"[\\/]", name)[-1]
    return name.replace("\\", "/").removeprefix("spectra/")


def _ordered(spectra, where, findings):
    """Axes rising; a falling one is turned round, and that is noted."""
    turned = []
    for sample, (axis, values) in [item for item in spectra.items() if item[1]]:
        steps = np.diff(axis)
        if len(axis) > 1 and (steps < 0).all():
            turned.append(sample)
            spectra[sample] = (axis[::-1], values[::-1])
        elif (steps <= 0).any():
            at = int(np.flatnonzero(steps <= 0)[0])
            repeated = "repeated" if steps[at] == 0 else f"followed by {axis[at + 1]:g}"
            remedy = "sort the bands and keep each once"
            if axis[at] >= 900 and axis[at + 1] < 10:  # 1,000 or 1.000 was read as 1
                remedy = "write wavelengths from 1000 without a thousands separator"
            findings.error(
                f"{where} (id {sample})", f"wavelength {axis[at]:g} is {repeated}", remedy
            )
            return dict.fromkeys(spectra)
    if turned:
        findings.note(where, f"the axis falls in {len(turned)} spectra; they were turned round")
    return spectra


def _name_unit(axes, unit, where, findings):
    """The unit of the axis: what the file says, or a guess that is stated."""
    if not axes:
        return "nm"
    low = min(axis.min() for axis in axes.values())
    high = max(axis.max() for axis in axes.values())
    known = unit
    if not known:
        known = "um" if high <= 30 else "cm-1" if high > 2600 else "nm"
        findings.note(where, f"axis {low:g} to {high:g}, no unit given, taken as {known}")
    return known
