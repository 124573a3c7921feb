"""Sheets of .xlsx, .xlsm, .xls, .xlsb and .ods as text cells, their size looked at beforehand.

A sheet is held as a rectangle that reaches to its last cell, so one stray cell in row 100 million
would fill the memory: `looked_at` counts before anything is read.
"""

import html
import re
import struct
import zipfile
from datetime import datetime, time
from typing import NamedTuple

from python_calamine import CalamineWorkbook, SheetTypeEnum

MOST_ROWS, MOST_CELLS, MOST_BYTES = 1_048_576, 10_000_000, 2_000_000_000
ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d+)"')
UNCOMPUTED = re.compile(  # a formula that computed an empty text has t="str"
    rb'<(?:\w+:)?c\b(?![^>]*t="str")[^>]*>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)'
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


class Look(NamedTuple):
    """What a sheet holds: its last row and column, its cells, hidden rows, formulas without value.

    Formulas are only known of .xlsx.
    """

    rows: int = 0
    columns: int = 0
    cells: int = 0
    hidden: int = 0
    formulas: int = 0


def read_sheet(path, findings, key, wanted=None):
    """Rows of one sheet, numbered as in the spreadsheet, the cells as text.

    Parameters
    ----------
    path : pathlib.Path
    findings : Findings
    key : str or None
        The sheet is taken that has this cell in its first twenty rows; else the first with cells.
    wanted : str, optional
        Start of the name of the only sheet that will do, in lower case.

    Returns
    -------
    list of (int, list of str)

    Raises
    ------
    ValueError
        Where it is no workbook, or too large to be read.
    """
    looks = looked_at(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        kinds = [(sheet.name, sheet.typ, str(sheet.visible)) for sheet in book.sheets_metadata]
        names = [name for name, kind, _ in kinds if kind == SheetTypeEnum.WorkSheet]
        if wanted:
            names = [name for name in names if name.strip().lower().startswith(wanted)]
        sheets = {name: _cells(book.get_sheet_by_name(name)) for name in names}
    except OSError:
        raise
    except Exception as error:  # a broken file raises many kinds
        said = " ".join(str(error).split())[:100]
        said = said if len(said) > 9 else type(error).__name__
        raise ValueError(f"not a sound workbook: {said}") from None
    sheets = {name: cells for name, cells in sheets.items() if any(any(row) for _, row in cells)}
    if not sheets:
        return []
    keyed = [name for name, cells in sheets.items()
             if key and any(key in map(str.lower, row) for _, row in cells[:20])]  # fmt: skip
    name = next(iter(keyed or sheets))
    if len(kinds) > 1:
        findings.note(path.name, f"of its {len(kinds)} sheets {name!r} was read")
    look = looks.get(name, Look())
    if look.hidden:
        findings.warn(
            path.name, f"{look.hidden} hidden row(s) were read, too",
            "delete them if they are not meant to be samples",
        )  # fmt: skip
    if look.formulas:
        findings.error(
            path.name, f"{look.formulas} formula(s) were never computed, so their cells are empty",
            "open it in a spreadsheet program and save it there",
        )  # fmt: skip
    return sheets[name]


def sheet_names(path):
    """Names of the sheets of a workbook, or an empty list where it is none."""
    try:
        return CalamineWorkbook.from_path(str(path)).sheet_names
    except Exception:  # a broken file raises many kinds; it is told when the file is read
        return []


def _cells(sheet):
    rows = sheet.to_python(skip_empty_area=False)
    return [(line, [_as_text(cell) for cell in row]) for line, row in enumerate(rows, 1)]


def _as_text(cell):
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)


def looked_at(path):
    """Name of each sheet -> `Look`; a ValueError where a sheet is too large to be read.

    The old .xls has no room for too many cells and is not looked at.
    """
    if not zipfile.is_zipfile(path):
        return {}
    try:
        with zipfile.ZipFile(path) as book:
            if sum(member.file_size for member in book.infolist()) > MOST_BYTES:
                raise ValueError(f"it unpacks to over {MOST_BYTES / 1e9:g} gigabytes")
            looks = _look(book)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, EOFError, RuntimeError) as error:
        raise ValueError(f"broken workbook: {type(error).__name__}") from None
    for name, look in looks.items():
        if look.rows > MOST_ROWS or max(look.cells, look.rows * look.columns) > MOST_CELLS:
            raise ValueError(
                f"sheet {name[:40]!r} reaches to row {look.rows} and column {look.columns or '?'}, "
                "too far to be read: delete empty rows and columns around the table"
            )
    return looks


def _look(book):
    members = set(book.namelist())
    if "content.xml" in members:
        return {"": _look_at_ods(book)}
    looks = {}
    for name, target in _sheets(book):
        if target not in members:
            continue
        looks[name] = (_look_at_xlsb if target.endswith(".bin") else _look_at_xlsx)(book, target)
    return looks


def _sheets(book):
    """Name and member of each sheet of an Excel workbook."""
    members = book.namelist()
    inside = [m for m in members if re.fullmatch(r"xl/worksheets/[^/]+\.(xml|bin)", m)]
    if "xl/workbook.xml" not in members:
        return [(member, member) for member in inside]
    text = book.read("xl/workbook.xml").decode("utf-8", "replace")
    links = book.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for link in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", links):
        at = {k: html.unescape(v) for k, v in re.findall(r'(\w+)="([^"]*)"', link)}
        target = at.get("Target", "")
        targets[at.get("Id")] = target[1:] if target[:1] == "/" else f"xl/{target}"
    named = [dict(re.findall(r'([\w:]+)="([^"]*)"', tag))
             for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", text)]  # fmt: skip
    found = [(html.unescape(at.get("name", "")), targets.get(at.get("r:id", ""), ""))
             for at in named]  # fmt: skip
    return found + [(m, m) for m in inside if m not in {target for _, target in found}]


def _parts(book, member, end, size=1 << 20):
    """The member in pieces that each end with `end`, so that no cell is cut in two."""
    with book.open(member) as file:
        rest = b""
        while piece := file.read(size):
            whole, sign, rest = (rest + piece).rpartition(end)
            yield whole + sign
    yield rest


def _look_at_xlsx(book, member):
    rows = columns = cells = hidden = formulas = 0
    for part in _parts(book, member, b"</row>"):
        cells += sum(map(part.count, (b"<c ", b"<c>", b":c ", b":c>")))
        tags = ROW.findall(part)
        numbers = [int(n) for n in re.findall(rb'\sr="(\d{1,12})"', b"".join(tags))]
        rows = max([rows + len(tags) * (not numbers), *numbers])
        if cells > MOST_CELLS or rows > MOST_ROWS:
            break
        places = set(CELL.findall(part))
        columns = max([columns, *map(_column, {letters for letters, _ in places})])
        rows = max([rows, *map(int, {number for _, number in places})])
        hidden += sum(b'hidden="1"' in tag or b'hidden="true"' in tag for tag in tags)
        formulas += len(UNCOMPUTED.findall(part)) if b"<f" in part or b":f" in part else 0
    return Look(rows, columns, cells, hidden, formulas)


def _column(letters):
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _look_at_ods(book):
    rows = columns = cells = hidden = 0
    for part in _parts(book, "content.xml", b"</table:table-row>"):
        for row in re.findall(rb"<table:table-row\b.*?</table:table-row>", part, re.DOTALL):
            tags = re.findall(rb"<table:(?:covered-)?table-cell\b[^>]*>", row)
            filled = [tag for tag in tags if b"office:value-type" in tag]
            if not filled:
                continue
            head = row[: row.index(b">")]
            width = sum(_repeats(tag, b"columns") for tag in tags[: tags.index(filled[-1]) + 1])
            rows += _repeats(head, b"rows")
            columns = max(columns, width)
            cells += width * _repeats(head, b"rows")
            hidden += b'visibility="collapse"' in head or b'visibility="filter"' in head
    return Look(rows, columns, cells, hidden)


def _repeats(tag, what):
    found = re.search(rb"number-" + what + rb'-repeated="(\d{1,12})"', tag)
    return int(found[1]) if found else 1


def _look_at_xlsb(book, member):
    """Records of the binary format: a number and a length of one to four bytes, then the data."""
    data, at, rows, columns, cells = book.read(member), 0, 0, 0, 0
    while at < len(data):
        kind, at = _varied(data, at, 2)
        size, at = _varied(data, at, 4)
        if kind == 0 and size >= 4:  # the head of a row
            rows = max(rows, struct.unpack_from("<I", data, at)[0] + 1)
        elif 1 <= kind <= 11 and size >= 4:
            columns = max(columns, struct.unpack_from("<I", data, at)[0] + 1)
            cells += 1
        at += size
    return Look(rows, columns, cells)


def _varied(data, at, most):
    """A number in seven bits a byte, the eighth telling that another follows."""
    number = 0
    for k in range(most):
        if at >= len(data):
            break
        number |= (data[at] & 127) << 7 * k
        at += 1
        if data[at - 1] < 128:
            break
    return number, at
