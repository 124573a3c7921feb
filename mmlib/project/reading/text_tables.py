"""Tables as people export them: any common delimiter, decimal sign and encoding, or a workbook.

A file is read as text cells first, with the number of the row it has in a spreadsheet,
so that a fault can be named where its owner will find it. Nothing is guessed silently:
what was assumed is noted.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from contextlib import contextmanager
from typing import NamedTuple

from .findings import some
from .numerals import is_number
from .workbooks import read_sheet

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
ENDINGS = (".csv", ".tsv", ".txt", ".dat", ".prn", ".asc", ".tab", *WORKBOOKS)
NOT_READ = (".numbers",)
PLAIN = ("UTF-8", "ASCII")  # encodings that need no word
MOST_ROWS, MOST_CELLS, MOST_BYTES = 1_000_000, 20_000_000, 1_000_000_000


class Table(NamedTuple):
    """Cells of a table as text.

    Attributes
    ----------
    header : list of str
    rows : list of list of str
        All as long as the header.
    lines : list of int
        Row of each in the file, the header being 1 unless empty rows precede it.
    above : list of list of str
        Rows above the header: a title, remarks.
    """

    header: list
    rows: list
    lines: list
    above: list = ()


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


def read_table(path, findings, key=None, sheet=None):
    """A table from a text file or a workbook, or None where that cannot be.

    Parameters
    ----------
    path : pathlib.Path
    findings : Findings
        Faults and assumptions are added to it.
    key : str, optional
        A column name by which the header is known, and the sheet of a workbook.
    sheet : str, optional
        How the name of the only sheet begins that will do.

    Returns
    -------
    Table or None
    """
    try:
        if is_workbook(path):
            cells = read_sheet(path, findings, key, sheet)
        else:
            cells = _read_text(path, findings)
    except (OSError, ValueError, KeyError, csv.Error) as error:
        said = " ".join(str(error).split())[:250]
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
    titles, cells = [row for _, row in cells[:above]], cells[above:]
    header = cells[0][1]
    while header and not header[-1]:
        header = header[:-1]
    if _without_title(header, [row for _, row in cells[1:]]):
        header = ["", *header]
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
        rows.append(row[: len(header)] + [""] * (len(header) - len(row)))
        lines.append(line)
    return Table(header, rows, lines, titles)


def _without_title(header, rows):
    """Whether each row has one cell more than the header: R gives names of rows no title."""
    if not all(len(r) > len(header) and r[len(header)] and not any(r[len(header) + 1 :])
               for r in rows):  # fmt: skip
        return False
    counted = [row[0] for row in rows] == [str(k + 1) for k in range(len(rows))]
    return counted or header[0].lower() != "id"


def is_workbook(path):
    """Whether a file is a workbook, by its first bytes."""
    with path.open("rb") as file:
        return file.read(8).startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def _rows_above(cells, key):
    """How many rows precede the header: a title, remarks."""
    first = [[cell.lower() for cell in row] for _, row in cells[:20]]
    if key and any(key in row for row in first):
        return next(i for i, row in enumerate(first) if key in row)
    widths = Counter(sum(map(bool, row)) for _, row in cells)
    usual = 2 if key else max(widths, key=lambda n: (widths[n], n), default=0)
    filled = [sum(map(bool, row)) >= max(2, 0.7 * usual) and not row[0].startswith("#")
              and (key or not _says_one(row)) for row in first]  # fmt: skip
    return filled.index(True) if True in filled else 0


def _says_one(row):
    """Whether all cells are the same text, as above the wavelengths of one quantity."""
    cells = {cell for cell in row if cell}
    return len(cells) == 1 and sum(map(bool, row)) > 2 and not any(map(is_number, cells))


def _read_text(path, findings):
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"it has {size / 1e6:.0f} megabytes, too many to be read")
    data = path.read_bytes()
    if b"\0" in data[:1000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("it is no text file")
    text, encoding = decode(data)
    if encoding not in PLAIN:
        findings.note(path.name, f"read as {encoding}")
    said = re.match(r"sep=(.)\r?\n", text)  # Excel's own mark
    with _long_cells():
        delimiter = said[1] if said else find_delimiter(text)
        rows, cells = text.count("\n"), text.count(delimiter)
        if rows > MOST_ROWS or cells > MOST_CELLS:
            raise ValueError(
                f"it has {rows:,} rows and {cells:,} cells, more than {MOST_ROWS:,} rows or "
                f"{MOST_CELLS:,} cells: keep the samples of this project only"
            )
        reader = csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter == " "
        )
        return [(reader.line_num, row) for row in reader][1 if said else 0 :]


@contextmanager
def _long_cells():
    """Within it a cell may have as many letters as it likes, as a row cut by a wrong sign has."""
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)


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
    if not even and _cut_by_blanks(lines):
        return " "
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


def _cut_by_blanks(lines):
    """Whether blanks cut all rows into as many cells; R's header may have one less."""
    words = [line.split() for line in lines]
    widths = [len(row) for row in words]
    odd = [word for row in words[1:] for word in row
           if any(sign in word for sign in "\t;,|") and not is_number(word)]  # fmt: skip
    return (
        len(lines) > 1
        and widths[0] > 1
        and set(widths[1:]) <= {widths[0], widths[0] + 1}
        and len(set(widths[1:])) == 1
        and not odd
    )
