"""Tables as people export them: any common delimiter, decimal sign and encoding, or Excel.

A file is read as text cells first, with the number of the row it has in a spreadsheet,
so that a fault can be named where its owner will find it. Nothing is guessed silently:
what was assumed is noted.
"""

import csv
import io
import re
from typing import NamedTuple

import numpy as np

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
COMMA_NUMBER = re.compile(r"[+-]?(\d+,\d*|,\d+)(e[+-]?\d+)?", re.IGNORECASE)
MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "#n/a", "?"}


class Table(NamedTuple):
    """Cells of a table as text.

    Attributes
    ----------
    header : list of str
    rows : list of list of str
        All as long as the header.
    lines : list of int
        Row of each in the file, the header being 1 unless empty rows precede it.
    """

    header: list
    rows: list
    lines: list


def find_table(folder, stem):
    """Files in `folder` called `stem` with an ending that a table may have."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and path.stem.lower() == stem and path.suffix.lower() in ENDINGS
    )


def read_table(path, findings):
    """A table from a text file or an Excel sheet, or None where that cannot be.

    Parameters
    ----------
    path : pathlib.Path
    findings : Findings
        Faults and assumptions are added to it.

    Returns
    -------
    Table or None
    """
    try:
        cells = _read_excel(path) if path.suffix.lower() == ".xlsx" else _read_text(path, findings)
    except (OSError, ValueError, KeyError, csv.Error) as error:
        said = " ".join(str(error).split())[:150]
        findings.error(path.name, f"it cannot be read ({said})", "export it again")
        return None
    cells = [(line, [cell.strip() for cell in row]) for line, row in cells]
    cells = [(line, row) for line, row in cells if any(row)]
    if len(cells) < 2:
        findings.error(path.name, "it has no rows under a header", "export it again")
        return None
    header = cells[0][1]
    while header and not header[-1]:
        header = header[:-1]
    rows, lines = [], []
    for line, row in cells[1:]:
        extra = [cell for cell in row[len(header) :] if cell]
        if extra:
            findings.error(
                f"{path.name}, row {line}",
                f"it has {len(row)} cells under {len(header)} column names",
                "give every column a name, or look for a stray delimiter",
            )
            return None
        rows.append((row + [""] * len(header))[: len(header)])
        lines.append(line)
    return Table(header, rows, lines)


def _read_excel(path):
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, OSError, KeyError, ValueError, EOFError) as error:
        raise ValueError(f"not an Excel workbook: {error}") from None
    except Exception as error:  # a broken archive raises many kinds
        raise ValueError(f"broken workbook: {type(error).__name__}") from None
    sheet = book.worksheets[0]
    rows = sheet.iter_rows(values_only=True)
    cells = [(line, [_as_text(cell) for cell in row]) for line, row in enumerate(rows, 1)]
    book.close()
    return cells


def _as_text(cell):
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def _read_text(path, findings):
    data = path.read_bytes()
    if b"\0" in data[:1000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("it is no text file")
    text, encoding = decode(data)
    if encoding not in ("UTF-8", "ASCII"):
        findings.note(path.name, f"read as {encoding}")
    delimiter = find_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [(reader.line_num, row) for row in reader]


def decode(data):
    """Text from bytes, and the name of the encoding it was taken for.

    A byte-order mark decides, then UTF-8. Otherwise letters above ASCII are Chinese (GBK)
    where most form its common characters, and Western European (Latin-1) where not.

    Examples
    --------
    >>> from mmlib.folder.tables import decode
    >>> decode("Größe".encode("latin-1"))
    ('Größe', 'Latin-1')
    >>> decode("样品编号".encode("gbk"))
    ('样品编号', 'GBK')
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16"), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    # The common characters of GBK begin with B0 to D7; accented small letters are E0 to FF.
    pairs = re.findall(rb"[\xb0-\xd7][\x80-\xff]", data)
    if 2 * len(pairs) > len(re.findall(rb"[\x80-\xff]", data)) / 2:
        try:
            return data.decode("gb18030"), "GBK"
        except UnicodeDecodeError:
            pass
    return data.decode("cp1252", errors="replace"), "Latin-1"


def find_delimiter(text):
    """The sign that cuts the first rows into the same number of cells, more than one.

    Examples
    --------
    >>> from mmlib.folder.tables import find_delimiter
    >>> find_delimiter("id;400;500\\na;0,1;0,2\\n")
    ';'
    """
    lines = [line for line in text.splitlines()[:50] if line.strip()][:20]
    best, most = ",", 1
    for delimiter in ("\t", ";", ",", "|"):
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        if counts and min(counts) > 1 and counts.count(counts[0]) > len(counts) / 2:
            if counts[0] > most:
                best, most = delimiter, counts[0]
            if delimiter in "\t;":  # these are hardly ever part of a value
                return delimiter
    return best


def to_numbers(rows, where, findings):
    """Text cells to numbers, whichever decimal sign is used.

    Parameters
    ----------
    rows : list of list of str
    where : callable
        From (row, column) to the place as a text.
    findings : Findings

    Returns
    -------
    ndarray of shape (rows, columns), or None where some cell is no number
    """
    values = np.full((len(rows), len(rows[0]) if rows else 0), np.nan)
    faults, signs = [], {}
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if NUMBER.fullmatch(cell):
                values[i, j] = float(cell)
                if "." in cell:
                    signs.setdefault("point", (i, j))
            elif COMMA_NUMBER.fullmatch(cell):
                values[i, j] = float(cell.replace(",", "."))
                signs.setdefault("comma", (i, j))
            else:
                faults.append((i, j))
    if len(signs) == 2:
        i, j = signs["comma"]
        findings.error(
            where(i, j),
            f"{rows[i][j]!r} has a decimal comma, other cells have a decimal point",
            "export all with the same sign",
        )
        return None
    if not faults:
        return values
    i, j = faults[0]
    more = f" (and {len(faults) - 1} more cells)" if len(faults) > 1 else ""
    if rows[i][j].lower() in MISSING:
        findings.error(
            where(i, j), f"a value is missing{more}", "fill it in, or leave the sample out"
        )
    else:
        findings.error(where(i, j), f"{rows[i][j]!r} is no number{more}", "correct the cell")
    return None
