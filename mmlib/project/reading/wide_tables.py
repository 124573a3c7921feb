"""Spectra from a table with a row for each sample, whatever stands beside the bands."""

import numpy as np

from .axis_units import unit_of
from .band_names import find_bands
from .findings import some
from .numerals import MISSING, to_numbers
from .text_tables import Table

USUAL_IDS = ("id", "sample", "sample id", "sample_id", "sampleid", "name", "probe")


def read_wide(table, name, samples, findings):
    """Rows are samples; the names of the columns tell the wavelengths.

    Parameters
    ----------
    table : Table
    name : str
        How it is called in a sentence.
    samples : mapping with the ids as keys
    findings : Findings

    Returns
    -------
    spectra : dict of str to (ndarray, ndarray)
        None in the place of one that is broken.
    unit : str
        Empty where nothing tells it.
    """
    bands = find_bands(table.header)
    inner = set(bands.columns if bands else ())
    others = [k for k in range(len(table.header)) if k not in inner]
    if _is_bare(table, bands, others, samples, name, findings):
        return {}, ""
    if bands is None:
        column = min(1, len(table.header) - 1)
        _no_wavelength(name, table.header[column], findings)
        return {}, ""
    if bands.rival:
        findings.error(
            name,
            f"it holds two sets of bands, as {table.header[bands.columns[0]]!r} and "
            f"{bands.rival!r}",
            "keep one of them",
        )
        return {}, ""
    inside = [k for k in others if bands.columns[0] < k < bands.columns[-1]]
    if inside:
        _no_wavelength(name, table.header[inside[0]], findings)
        return {}, ""
    key = _id_column(table, others, samples)
    unused = [table.header[k] for k in others if k != key and any(row[k] for row in table.rows)]
    if unused:
        unused = [title or "one without a name" for title in unused]
        findings.note(name, f"column(s) beside the bands were not used: {some(unused, 6)}")
    unit = bands.unit or unit_of(table.header[key])
    rows = [[row[key], *(row[k] for k in bands.columns)] for row in table.rows]
    titles = [table.header[k] for k in bands.columns]
    return _spectra(Table(titles, rows, table.lines), bands.axis, name, findings), unit


def _spectra(table, axis, name, findings):
    """Id -> axis and values; each row begins with the id."""

    def at(line):
        return f"{name}, {line}" if isinstance(line, str) else f"{name}, row {line}"

    def where(row, column):
        sample = table.rows[row][0][:60] or "?"
        return f"{at(table.lines[row])} (id {sample}), column {table.header[column][:60]}"

    full = [k for k, row in enumerate(table.rows)
            if not row[0] or any(cell.lower() not in MISSING for cell in row[1:])]  # fmt: skip
    if full:  # a row with an id only is that of a sample without a spectrum
        table = table._replace(
            rows=[table.rows[k] for k in full], lines=[table.lines[k] for k in full]
        )
    rows = [row[1:] for row in table.rows]
    empty = [j for j, cell in enumerate(rows[0]) if cell.lower() in MISSING]
    absent = [table.header[j] for j in empty if all(x[j].lower() in MISSING for x in rows)]
    if absent:
        findings.error(
            name, f"{len(absent)} band(s) are missing in all samples: {some(absent)}",
            "leave the bands out",
        )  # fmt: skip
        return {}
    values = to_numbers(rows, where, findings, [row[0] for row in table.rows])
    if values is None:
        return {}
    spectra = {}
    for row, line, x in zip(table.rows, table.lines, values, strict=True):
        sample = row[0]
        if not sample:
            findings.error(at(line), "the id is empty", "fill it in, or take the row out")
            spectra[at(line)] = None
        elif sample in spectra:
            findings.error(
                at(line),
                f"id {sample!r} occurs a second time",
                "rename one, or average repeated measurements",
            )
            spectra[at(line)] = None
        else:
            spectra[sample] = (axis, x)
    return spectra


def _id_column(table, others, samples):
    """The column whose cells are ids of samples, or that is called so, or the first."""
    known = set(samples)
    hits = {k: sum(row[k] in known for row in table.rows) for k in others}
    best = max(hits, key=hits.get)
    if hits[best]:
        return best
    named = [k for k in others if table.header[k].lower() in USUAL_IDS]
    return named[0] if named else others[0]


def _is_bare(table, bands, others, samples, name, findings):
    """Whether the header or the ids lack, which is told."""
    known = set(samples)
    first = [title for title in table.header if title in known]
    if len(first) == 1 and first[0] == table.header[0] and bands is not None:
        findings.error(
            name, f"its first row is that of sample {first[0]!r}, so the header lacks",
            "write a row above it: id, then the wavelength of each column",
        )  # fmt: skip
        return True
    if bands is not None and not others:
        findings.error(
            name,
            f"it is a bare matrix of {len(table.rows) + 1} x {len(table.header)} numbers",
            "write a row above it, id and then the wavelengths, and a column of ids before it",
        )
        return True
    return False


def _no_wavelength(name, title, findings):
    findings.error(
        name,
        f"column {title[:60]!r} is no wavelength",
        "the header holds the id column, then wavelengths only; move other columns to "
        "the table of samples",
    )


def without_repeats(table, name, findings):
    """The table without rows that are its header once more, as appended exports have."""
    again = [k for k, row in enumerate(table.rows) if row == table.header]
    if not again:
        return table
    findings.note(
        name, f"row {table.lines[again[0]]} is the header once more and was skipped"
        + f" ({len(again)} in all)" * (len(again) > 1),
    )  # fmt: skip
    keep = np.setdiff1d(np.arange(len(table.rows)), again)
    return table._replace(rows=[table.rows[k] for k in keep], lines=[table.lines[k] for k in keep])
