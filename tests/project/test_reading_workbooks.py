"""Workbooks of every kind are read, and looked at before they are."""

import zipfile

import pytest
from openpyxl import Workbook

from mmlib.project.reading.findings import Findings
from mmlib.project.reading.spectrum_tables import read_spectra
from mmlib.project.reading.text_tables import read_table
from mmlib.project.reading.workbooks import looked_at, read_sheet

ROWS = [["id", "label", "group"], ["k1", "raw", 1], ["k2", "ripe", 2.5]]
TEXT = [["id", "label", "group"], ["k1", "raw", "1"], ["k2", "ripe", "2.5"]]


def excel(path, rows=ROWS, sheets=()):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for name, more in sheets:
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    book.save(path)
    return book


def ods(path, rows=ROWS, attributes="", repeat=""):
    def cell(x):
        kind = f'value-type="float" office:value="{x}"' if isinstance(x, int | float) else (
            'value-type="string"')  # fmt: skip
        return f"<table:table-cell {repeat} office:{kind}><text:p>{x}</text:p></table:table-cell>"

    lines = "".join(
        f"<table:table-row {attributes * (k == 1)}>{''.join(map(cell, row))}</table:table-row>"
        for k, row in enumerate(rows)
    )
    end = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        file.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{lines}{end}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )


@pytest.mark.parametrize(("write", "ending"), [(excel, ".xlsx"), (ods, ".ods"), (excel, ".csv")])
def test_a_workbook_is_read_by_what_it_holds(write, ending, tmp_path):
    path = tmp_path / f"samples{ending}"
    write(tmp_path / "x.xlsx")
    (tmp_path / "x.xlsx").rename(path)
    assert [row for _, row in read_sheet(path, Findings(), "id")] == TEXT
    assert read_table(path, Findings(), "id").rows == TEXT[1:]


def test_hidden_rows_are_told(tmp_path):
    book = excel(tmp_path / "a.xlsx")
    book.active.row_dimensions[3].hidden = True
    book.save(tmp_path / "a.xlsx")
    found = Findings()
    assert len(read_table(tmp_path / "a.xlsx", found, "id").rows) == 2
    assert "1 hidden row(s) were read, too" in str(found.of("warning")[0])
    ods(tmp_path / "b.ods", attributes='table:visibility="collapse"')
    assert looked_at(tmp_path / "b.ods")[""].hidden == 1


def test_formulas_that_were_never_computed_are_told_rightly(tmp_path):
    excel(tmp_path / "a.xlsx", [["id", "group"], ["k1", '="day "&1'], ["k2", '="day "&2']])
    found = Findings()
    read_table(tmp_path / "a.xlsx", found, "id")
    assert "2 formula(s) were never computed" in str(found.of("error")[0])
    assert "save it there" in str(found.of("error")[0])


def test_spectra_on_a_sheet_of_the_samples_workbook(tmp_path):
    sheet = [["id", "400 nm", "410 nm"], ["k1", 0.1, 0.2], ["k2", 0.3, 0.4]]
    excel(tmp_path / "samples.xlsx", sheets=[("Spectra", sheet)])
    found = Findings()
    spectra, unit = read_spectra(tmp_path, {"k1": None, "k2": None}, found)
    assert list(spectra["k2"][1]) == [0.3, 0.4] and unit == "nm"
    assert "those of sheet 'Spectra'" in str(found)


def xlsx(path, sheet):
    """A workbook whose one sheet holds the given XML."""
    excel(path)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>'.encode()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)


CORNER = '<row r="1"><c r="A1"><v>1</v></c></row><row r="{0}"><c r="{1}{0}"><v>1</v></c></row>'
MANY = '<row><c r="A1"/></row>' * 1_100_000


@pytest.mark.parametrize(
    "sheet", [CORNER.format(10**8, "A"), CORNER.format(10**6, "XFD"), MANY], ids=["1e8", "XFD", "n"]
)
def test_a_sheet_that_reaches_too_far_is_refused_unread(sheet, tmp_path, monkeypatch):
    xlsx(tmp_path / "a.xlsx", sheet)
    monkeypatch.setattr("mmlib.project.reading.workbooks.CalamineWorkbook", None)  # never reached
    found = Findings()
    assert read_table(tmp_path / "a.xlsx", found) is None
    assert "too far to be read: delete empty rows" in str(found[0])


def test_a_cell_that_is_repeated_without_end_is_refused_unread(tmp_path):
    ods(tmp_path / "a.ods", repeat='table:number-columns-repeated="9000000"')
    with pytest.raises(ValueError, match="too far to be read"):
        looked_at(tmp_path / "a.ods")


@pytest.mark.parametrize("data", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1broken"])
def test_a_broken_workbook_is_one_sentence(data, tmp_path):
    (tmp_path / "a.xls").write_bytes(data)
    found = Findings()
    assert read_table(tmp_path / "a.xls", found) is None
    assert "a.xls: it cannot be read (" in str(found[0]) and len(found) == 1


def test_a_broken_sheet_is_one_sentence(tmp_path):
    xlsx(tmp_path / "a.xlsx", "<row><c r='A1'>")
    found = Findings()
    assert read_table(tmp_path / "a.xlsx", found) is None
    assert "cannot be read" in str(found[0]) or "no rows" in str(found[0])
