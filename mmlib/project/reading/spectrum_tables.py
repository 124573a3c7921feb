"""Spectra of a folder: one table in any of the usual shapes, or one file for each sample.

Every reader returns an axis and values; `mmlib.project.reading.grid.common_grid` brings
spectra that were measured on different axes to one.
"""

import re

from .array_files import ENDINGS as ARRAYS
from .array_files import table_of_arrays
from .axis_units import name_unit, unit_of
from .band_names import band_columns
from .findings import Findings, some
from .grid import rising
from .other_tables import read_long, read_pairs_of_columns, turn
from .spectrum_files import read_files
from .spectrum_formats import reader_of
from .text_tables import NOT_READ, Table, files_of, find_folder, find_table, is_workbook, read_table
from .wide_tables import read_wide, without_repeats
from .workbooks import sheet_names

TABLE_LIKE = (".csv", ".tsv", ".dat", *ARRAYS, ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", *NOT_READ)


def read_spectra(root, samples, findings, table=None):
    """All spectra of a folder: id -> (axis, values), and the unit of the axis.

    Parameters
    ----------
    root : pathlib.Path
    samples : mapping of str to str or None
        Id -> file of its spectrum where the table of samples names one.
    findings : Findings
    table : Table, optional
        Of samples: where there is nothing else, its columns that are named by numbers. A column
        unit in it tells the unit of the axis where the spectra do not.

    Returns
    -------
    spectra : dict of str to (ndarray, ndarray)
    unit : str
        "nm", "cm-1", "um", or "band" where the bands are only numbered.
    """
    arrays = [path for path in files_of(root, "*")
              if path.stem.lower() == "spectra" and path.suffix.lower() in ARRAYS]  # fmt: skip
    tables, folder = [*find_table(root, "spectra"), *arrays], find_folder(root, "spectra")
    if folder is not None and not files_of(folder):
        findings.warn(f"{folder.name}/", "it is empty", "put the spectra in, or take it away")
        folder = None
    if len(tables) + (folder is not None) > 1:
        both = [path.name for path in tables] + ["spectra/"] * (folder is not None)
        findings.error(root.name, f"it holds {some(both)}", "keep one place for the spectra")
        return {}, "nm"
    _tell_similar(root, tables, folder, findings)
    where = tables[0].name if tables else "spectra/"
    if tables and tables[0].suffix.lower() in ARRAYS:
        wide = table_of_arrays(tables[0], findings)
        spectra, unit = _of_table(wide, where, samples, findings)
    elif tables:
        wide = read_table(tables[0], findings)
        spectra, unit = _of_table(wide, where, samples, findings)
    elif folder is not None:
        spectra, unit = read_files(folder, samples, findings)
    else:
        wide, where = _in_samples(root, table, findings)
        if wide is None:
            _tell_others(root, samples, findings)
            return {}, "nm"
        spectra, unit = _of_table(wide, where, samples, findings)
    falls = sum(1 for found in spectra.values() if found and found[0][0] > found[0][-1])
    spectra = rising(spectra, where, findings)
    axes = [found[0] for found in spectra.values() if found]
    return spectra, name_unit(axes, unit or _unit_column(table), falls > 0, where, findings)


def _of_table(table, where, samples, findings):
    """The spectra of a table, whichever of the usual shapes it has."""
    if table is None:
        return {}, ""
    table = without_repeats(table, where, findings)
    for read in (read_long, read_pairs_of_columns):
        found = read(table, where, samples, findings)
        if found is not None:
            return found
    return read_wide(turn(table, where, samples, findings), where, samples, findings)


def _in_samples(root, table, findings):
    """Spectra beside the samples: on a sheet of their own, or in columns named by numbers."""
    for path in find_table(root, "samples"):
        if is_workbook(path):
            sheets = [name for name in sheet_names(path) if name.strip().lower()[:5] == "spect"]
            if sheets:
                findings.note(path.name, f"the spectra are those of sheet {sheets[0]!r}")
                own = Findings()
                wide = read_table(path, own, sheet="spect")
                findings.extend(f for f in own if "sheets" not in f.what)
                return wide, path.name
    bands = band_columns(table.header) if table else []
    if not bands:
        return None, ""
    columns = [[name.lower() for name in table.header].index("id"), *bands]
    rows = [[row[k] for k in columns] for row in table.rows]
    where = "the table of samples"
    findings.note(where, f"{len(bands)} columns are named by numbers: the spectra")
    return Table([table.header[k] for k in columns], rows, table.lines), where


def _unit_column(table):
    """The one unit that a column unit of the table of samples names, or ""."""
    names = [name.lower() for name in table.header] if table else []
    column = next((k for k, name in enumerate(names) if name in ("unit", "spectrum unit")), None)
    if column is None:
        return ""
    told = {unit_of(row[column]) for row in table.rows}
    return told.pop() if len(told) == 1 else ""


def _tell_similar(root, tables, folder, findings):
    """A second table of spectra beside the one that is read would be overlooked in silence."""
    similar = [path.name for path in files_of(root, "*")
               if path.suffix.lower() in TABLE_LIKE and path not in tables
               and re.search(r"spec|nir|raman", path.stem.lower())]  # fmt: skip
    if similar and (tables or folder is not None):
        findings.warn(
            root.name, f"{some(similar)} is not used", "keep all spectra in one place"
        )  # fmt: skip


def _tell_others(root, samples, findings):
    """Spectra under another name would be overlooked in silence."""
    others = [path.name for path in files_of(root, "*")
              if path.suffix.lower() in TABLE_LIKE
              and path.stem.lower() not in ("samples", "prices", "readme")]  # fmt: skip
    if others:
        findings.warn(
            root.name, f"there is no table of spectra, and {some(others)} is not read",
            "if it holds the spectra, call it spectra.csv (or .xlsx)",
        )  # fmt: skip
    for folder in sorted(p for p in root.iterdir() if p.is_dir() and p.name[0] not in "._"):
        if folder.name.lower() in ("images", "spectra"):
            continue
        files = [path for path in files_of(folder) if path.stem in samples]
        own = Findings()
        if files and reader_of(files[0])(files[0], files[0].name, own) is not None:
            findings.error(
                f"{folder.name}/",
                f"it holds spectra ({some([path.name for path in files])}), but there is no folder "
                "spectra/",
                "rename it to spectra",
            )
