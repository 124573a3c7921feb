"""Spectra in a folder: one wide table, or one file for each sample.

Every reader returns an axis and values; `common_grid` brings spectra that were measured
on different axes to one, and `to_nanometers` says what the axis was taken for.
"""

import re

import numpy as np

from .findings import some
from .tables import find_table, read_table, to_numbers

UNITS = {"nm": "nm", "cm-1": "cm-1", "cm^-1": "cm-1", "1/cm": "cm-1", "um": "um", "µm": "um"}
JCAMP = (".jdx", ".dx", ".jcm")
CUBE = ".hdr"
PAIRS = (".csv", ".tsv", ".txt")


def read_spectra(root, samples, findings):
    """All spectra of a folder: id -> (axis, values), and the unit of the axis.

    Parameters
    ----------
    root : pathlib.Path
    samples : mapping of str to str or None
        Id -> file of its spectrum where the table of samples names one.
    findings : Findings

    Returns
    -------
    spectra : dict of str to (ndarray, ndarray)
    unit : str
        "nm" or "cm-1".
    """
    tables, folder = find_table(root, "spectra"), root / "spectra"
    if len(tables) + folder.is_dir() > 1:
        both = [path.name for path in tables] + ["spectra/"] * folder.is_dir()
        findings.error(root.name, f"it holds {some(both)}", "keep one place for the spectra")
        return {}, "nm"
    if tables:
        spectra, unit = _read_wide(tables[0], findings)
    elif folder.is_dir():
        spectra, unit = _read_files(folder, samples, findings)
    else:
        return {}, "nm"
    axes = {sample: found[0] for sample, found in spectra.items() if found}
    return spectra, _name_unit(axes, unit, tables[0].name if tables else "spectra/", findings)


def _read_wide(path, findings):
    """Rows are samples, the first column their id, the header the axis."""
    table = read_table(path, findings)
    if table is None:
        return {}, None
    units, axis = set(), []
    for name in table.header[1:]:
        match = re.fullmatch(r"\s*([\d.,eE+-]+)\s*([^\d\s].*)?\s*", name)
        number = match[1].replace(",", ".") if match else ""
        try:
            axis.append(float(number))
        except ValueError:
            findings.error(
                path.name,
                f"column {name!r} is no wavelength",
                "the header holds the id column, then wavelengths only; move other columns to "
                "the table of samples",
            )
            return {}, None
        units.add((match[2] or "").strip().lower())
    unit = next(iter(units)) if len(units) == 1 else ""

    def where(row, column):
        at = f"{path.name}, row {table.lines[row]}"
        return f"{at} (id {table.rows[row][0] or '?'}), column {table.header[column + 1]}"

    values = to_numbers([row[1:] for row in table.rows], where, findings)
    if values is None:
        return {}, unit
    spectra, axis = {}, np.array(axis)
    for row, line, x in zip(table.rows, table.lines, values, strict=True):
        if not row[0]:
            findings.error(f"{path.name}, row {line}", "the id is empty", "fill it in")
            spectra[f"row {line}"] = None
        elif row[0] in spectra:
            findings.error(
                f"{path.name}, row {line}", f"id {row[0]!r} occurs a second time", "rename one"
            )
            spectra[f"row {line}"] = None
        else:
            spectra[row[0]] = (axis, x)
    return _ordered(spectra, path.name, findings), unit


def _read_files(folder, samples, findings):
    """One file for each sample, named by its id unless the table of samples says otherwise."""
    named = {path: sample for sample, path in samples.items() if path}
    spectra, units = {}, set()
    for path in sorted(p for p in folder.iterdir() if p.is_file()):
        ending = path.suffix.lower()
        sample = named.get(f"spectra/{path.name}", named.get(path.name, path.stem))
        if ending == CUBE:
            found = _read_cube(path, findings)
        elif ending in JCAMP:
            found = _read_jcamp(path, findings)
        elif ending in PAIRS:
            found = _read_pairs(path, findings)
        elif ending in (".spc", ".asd"):
            findings.error(
                f"spectra/{path.name}",
                f"no well-kept reader of {ending[1:].upper()} files is known",
                "export JCAMP-DX or text from the instrument's program",
            )
            found = None
        else:
            continue  # the data file beside a cube's header, a thumbnail, notes
        if found is None:
            spectra[sample] = None
            continue
        axis, values, unit = found
        units.add(unit)
        if sample in spectra:
            findings.error(
                f"spectra/{path.name}", f"id {sample!r} has two spectra", "keep one of the files"
            )
        spectra[sample] = (axis, values)
    return _ordered(spectra, "spectra/", findings), next(iter(units)) if len(units) == 1 else ""


def _read_pairs(path, findings):
    """Two columns, axis and value; a header or lines of remarks may precede them."""
    table = read_table(path, findings)
    if table is None:
        return None
    where = f"spectra/{path.name}"
    rows = [table.header, *table.rows]
    if any(len([cell for cell in row if cell]) != 2 for row in table.rows):
        findings.error(
            where, "it does not hold two columns, wavelength and value", "export it that way"
        )
        return None
    numbers = to_numbers(rows[:1], lambda i, j: where, type(findings)())
    unit = ""
    if numbers is None:  # a header, as it should be
        unit = next((u for u in UNITS if u in rows[0][0].lower()), "")
        rows = rows[1:]
    lines = [table.lines[0] - 1, *table.lines][-len(rows) :]
    values = to_numbers(rows, lambda i, j: f"{where}, row {lines[i]}", findings)
    return None if values is None else (values[:, 0], values[:, 1], unit)


def _read_jcamp(path, findings):
    import jcamp

    where = f"spectra/{path.name}"
    try:
        read = jcamp.readfile(str(path))
        axis, values = np.asarray(read["x"], float), np.asarray(read["y"], float)
        unit = str(read.get("xunits", "")).lower()
        if not len(axis) or len(axis) != len(values):
            raise ValueError("without bands")  # some versions read any text as an empty one
    except Exception as error:  # the reader raises many kinds
        findings.error(
            where, f"it is no JCAMP-DX spectrum ({type(error).__name__})", "export it again"
        )
        return None
    unit = {"nanometers": "nm", "micrometers": "um"}.get(unit, unit)
    return axis, values, unit


def _read_cube(path, findings):
    """The mean spectrum of an ENVI cube; its picture is made in `mmlib.folder.pictures`."""
    where = f"spectra/{path.name}"
    cube = open_cube(path, where, findings)
    if cube is None:
        return None
    axis = np.asarray(cube.bands.centers or np.arange(cube.nbands), float)
    unit = str(cube.bands.band_unit or "").lower()
    unit = {"nanometers": "nm", "micrometers": "um"}.get(unit, unit)
    if not cube.bands.centers:
        findings.error(where, "it names no wavelengths", "add 'wavelength' to the header")
        return None
    return axis, np.asarray(cube.load(), float).mean((0, 1)), unit


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
            repeated = "repeated" if steps[at] == 0 else "followed by a smaller one"
            findings.error(
                f"{where} (id {sample})",
                f"wavelength {axis[at]:g} is {repeated}",
                "sort the bands and keep each once",
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
    known = UNITS.get(unit)
    if known is None:
        known = "um" if high <= 30 else "cm-1" if high > 2600 else "nm"
        findings.note(where, f"axis {low:g} to {high:g}, no unit given, taken as {known}")
    return known


def common_grid(spectra, unit, findings):
    """Spectra as one matrix: resampled where their axes differ, and the user is told.

    Parameters
    ----------
    spectra : mapping of str to (axis, values)
    unit : str
        Micrometers become nanometers.
    findings : Findings

    Returns
    -------
    axis : ndarray of shape (bands,)
    values : ndarray of shape (samples, bands), in the order of the mapping
    unit : str

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.folder.findings import Findings
    >>> from mmlib.folder.spectra import common_grid
    >>> a = (np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0]))
    >>> b = (np.array([1.0, 3.0]), np.array([1.0, 3.0]))
    >>> common_grid({"a": a, "b": b}, "nm", Findings())[:2]
    (array([1., 3.]), array([[10., 30.],
           [ 1.,  3.]]))
    """
    axes = [axis for axis, _ in spectra.values()]
    if all(np.array_equal(axis, axes[0]) for axis in axes):
        axis, values = axes[0], np.array([values for _, values in spectra.values()])
    else:
        low, high = max(a.min() for a in axes), min(a.max() for a in axes)
        coarse = max(axes, key=lambda a: np.median(np.diff(a)))
        axis = coarse[(coarse >= low) & (coarse <= high)]
        if len(axis) < 2:
            findings.error(
                "spectra", f"their axes do not overlap ({low:g} to {high:g})", "check the units"
            )
            return None
        values = np.array([np.interp(axis, a, v) for a, v in spectra.values()])
        findings.note(
            "spectra",
            f"measured on different axes; resampled to {len(axis)} bands, "
            f"{axis[0]:g} to {axis[-1]:g} {unit}",
        )
    if unit == "um":
        axis, unit = axis * 1000, "nm"
        findings.note("spectra", "micrometers were turned into nanometers")
    return axis, values, unit
