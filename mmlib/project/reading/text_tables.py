"""Tables as people export them: any common delimiter, decimal sign and encoding, or Excel.

A file is read as text cells first, with the number of the row it has in a spreadsheet,
so that a fault can be named where its owner will find it. Nothing is guessed silently:
what was assumed is noted.
"""

import csv
import io
import re
import unicodedata
from datetime import datetime, time
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from .findings import some
from .numerals import is_number

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")
NOT_READ = (".ods", ".xls", ".xlsb", ".xlsm", ".numbers")


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


def find_folder(root, name):
    """The folder `name` under `root`, in whichever case it is written, or None."""
    return next((p for p in sorted(root.iterdir()) if p.is_dir() and p.name.lower() == name), None)


def files_of(folder, pattern="**/*"):
    """Files in a folder and the folders in it, but for those that systems leave behind."""
    return sorted(
        path
        for path in folder.glob(pattern)
        if path.is_file() and path.name[0] not in ".~"
        and path.name.lower() not in ("thumbs.db", "desktop.ini", "icon\r")
    )  # fmt: skip


def same_name(text):
    """One spelling of each letter: a Mac writes ü as two signs, other systems as one."""
    return unicodedata.normalize("NFC", text)


def not_read(folder, stem):
    """What to say of a table `stem` in a format that is not read; empty where there is none."""
    names = [path.name for path in folder.iterdir()
             if path.stem.lower() == stem and path.suffix.lower() in NOT_READ]  # fmt: skip
    return f"{some(sorted(names))} must be saved as .xlsx or CSV to be read" if names else ""


def read_table(path, findings, key=None):
    """A table from a text file or an Excel sheet, or None where that cannot be.

    Parameters
    ----------
    path : pathlib.Path
    findings : Findings
        Faults and assumptions are added to it.
    key : str, optional
        A column name by which the header is known, and the sheet of a workbook.

    Returns
    -------
    Table or None
    """
    try:
        excel = path.suffix.lower() == ".xlsx"
        cells = _read_excel(path, findings, key) if excel else _read_text(path, findings)
    except (OSError, ValueError, KeyError, csv.Error) as error:
        said = " ".join(str(error).split())[:150]
        findings.error(path.name, f"it cannot be read ({said})", "export it again")
        return None
    cells = [(line, [same_name(cell).strip() for cell in row]) for line, row in cells]
    cells = [(line, row) for line, row in cells if any(row)]
    above = _rows_above(cells, key)
    if len(cells) - above < 2:
        findings.error(path.name, "it has no rows under a header", "export it again")
        return None
    if above:
        said = next(cell for cell in cells[0][1] if cell)[:40]
        findings.note(path.name, f"{above} row(s) above the header were skipped ({said!r})")
    cells = cells[above:]
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


def _rows_above(cells, key):
    """How many rows precede the header: a title, remarks."""
    first = [[cell.lower() for cell in row] for _, row in cells[:20]]
    if key and any(key in row for row in first):
        return next(i for i, row in enumerate(first) if key in row)
    if not any(sum(map(bool, row)) > 1 for row in first):
        return 0
    filled = [sum(map(bool, row)) > 1 and not row[0].startswith("#") for row in first]
    return filled.index(True) if True in filled else 0


def _read_excel(path, findings, key):

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, OSError, KeyError, ValueError, EOFError) as error:
        raise ValueError(f"not an Excel workbook: {error}") from None
    except Exception as error:  # a broken archive raises many kinds
        raise ValueError(f"broken workbook: {type(error).__name__}") from None
    sheets = {}
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # some programs write wrong ones
        rows = enumerate(sheet.iter_rows(values_only=True), 1)
        cells = [(line, [_as_text(cell) for cell in row]) for line, row in rows]
        if any(any(row) for _, row in cells):
            sheets[sheet.title] = cells
    book.close()
    if not sheets:
        return []
    named = [name for name, cells in sheets.items()
             if key and any(key in map(str.lower, row) for _, row in cells[:20])]  # fmt: skip
    name = next(iter(named or sheets))
    if len(sheets) > 1:
        findings.note(path.name, f"of its {len(sheets)} sheets {name!r} was read")
    return sheets[name]


def _as_text(cell):
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)


def _read_text(path, findings):
    data = path.read_bytes()
    if b"\0" in data[:1000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("it is no text file")
    text, encoding = decode(data)
    if encoding not in ("UTF-8", "ASCII"):
        findings.note(path.name, f"read as {encoding}")
    said = re.match(r"sep=(.)\r?\n", text)  # Excel's own mark
    delimiter = said[1] if said else find_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [(reader.line_num, row) for row in reader][1 if said else 0 :]


def decode(data):
    """Text from bytes, and the name of the encoding it was taken for.

    A byte-order mark decides, then UTF-8. Otherwise letters above ASCII are Chinese (GBK)
    where most form its common characters, and Western European (Latin-1) where not.

    Examples
    --------
    >>> from mmlib.project.reading.text_tables import decode
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
    >>> from mmlib.project.reading.text_tables import find_delimiter
    >>> find_delimiter("id;400;500\\na;0,1;0,2\\n")
    ';'
    """
    lines = [line for line in text.splitlines() if line.strip() and line[0] != "#"]
    middle = len(lines) // 2  # far from remarks at the top
    lines = lines[:20] + lines[max(20, middle) : middle + 20]
    cut = {sign: list(csv.reader(lines, delimiter=sign)) for sign in "\t;,|"}
    lengths = {sign: [len(row) for row in rows] for sign, rows in cut.items()}
    even = any(len(set(counts)) == 1 and counts[0] > 1 for counts in lengths.values())
    best, most = ",", 1
    for delimiter, counts in lengths.items():
        usual = max(set(counts), key=counts.count, default=0)
        if usual > 1 and counts.count(usual) > len(counts) / 2:
            # In text under a header that it does not cut, this sign is part of a value; it is
            # none between numbers with a decimal comma, under a remark with a comma.
            if (
                even
                and counts[0] == 1
                and not all(is_number(x.strip()) for x in cut[delimiter][-1])
            ):
                continue
            if usual > most:
                best, most = delimiter, usual
            if delimiter in "\t;":  # these are hardly ever part of a value
                return delimiter
    return best
