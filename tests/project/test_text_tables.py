"""Tables as people export them give the same data."""

import numpy as np
import pytest
from folders import (
    AXIS,
    IDS,
    LABELS,
    PICTURES,
    VALUES,
    excel,
    files,
    pairs,
    samples,
    spectra,
    table,
)
from PIL import Image

import mmlib
from mmlib import DataError
from mmlib.project.reading.load import check_folder

WAYS = {
    "comma, point": {},
    "semicolon, decimal comma": {"delimiter": ";", "decimal": ","},
    "tab, decimal comma": {"delimiter": "\t", "decimal": ","},
    "comma, quoted decimal comma": {"decimal": ","},
    "byte-order mark": {"encoding": "utf-8-sig"},
    "Latin-1": {"encoding": "latin-1"},
    "UTF-16": {"encoding": "utf-16"},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("ending", ["csv", "txt"])
def test_tables_as_people_export_them(way, ending, root):
    table(root / f"samples.{ending}", samples(), **WAYS[way] | {"decimal": "."})
    table(root / f"spectra.{ending}", spectra(), **WAYS[way])
    data = mmlib.load_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES)
    np.testing.assert_allclose(data.axes["spectrum"], AXIS)
    assert data.target_names == ["grün", "müde"]
    assert [data.target_names[list(data.labels).index(y)] for y in data.y] == LABELS


def test_chinese_labels_in_gbk(root):
    rows = [["id", "label"], *([i, "缺水" if k % 2 else "健康"] for k, i in enumerate(IDS))]
    table(root / "samples.csv", rows, encoding="gbk")
    table(root / "spectra.csv", spectra())
    data, findings = check_folder(root)
    assert sorted(data.target_names) == sorted(["缺水", "健康"])
    assert "read as GBK" in str(findings[0])


def test_excel(root):
    excel(root / "samples.xlsx", samples())
    excel(root / "spectra.xlsx", spectra())
    data = mmlib.load_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES)
    assert list(data.ids) == IDS


def test_a_broken_workbook_is_named(root):
    (root / "samples.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(DataError, match=r"samples\.xlsx: it cannot be read"):
        mmlib.load_folder(root)


def test_ids_that_a_spreadsheet_took_for_dates(root):
    from datetime import date, timedelta

    days = [date(2024, 3, 1) + timedelta(k) for k in range(24)]
    excel(root / "samples.xlsx", [["id", "label"], *zip(days, LABELS, strict=True)])
    table(
        root / "spectra.csv", [["id", *AXIS], *([d, *x] for d, x in zip(days, VALUES, strict=True))]
    )
    assert mmlib.load_folder(root).ids[0] == "2024-03-01"


def test_a_title_above_the_header_a_second_sheet_and_excels_own_mark(root):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Remarks"])
    sheet = book.create_sheet("Data")
    for row in [["Trial in May", None], *samples()]:
        sheet.append(row)
    book.save(root / "samples.xlsx")
    table(root / "spectra.csv", spectra(), delimiter=";", decimal=",")
    text = (root / "spectra.csv").read_text(encoding="utf-8")
    (root / "spectra.csv").write_text("sep=;\n# a remark, two\n" + text, encoding="utf-8")
    data, findings = check_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES)
    said = " ".join(map(str, findings))
    assert "2 sheets 'Data' was read" in said and "('Trial in May')" in said


@pytest.mark.parametrize("more", [[], ["7"]])
def test_a_sign_within_a_text_does_not_cut_the_table(more, root):
    head, *rows = samples()
    rows = [[*row, *more, "moldy; brown" if k % 4 else "fine"] for k, row in enumerate(rows)]
    table(root / "samples.csv", [[*head, *["row"] * len(more), "remark"], *rows])
    table(root / "spectra.csv", spectra())
    data, findings = check_folder(root)
    assert data is not None, [str(finding) for finding in findings]
    assert list(data.info["remark"][:2]) == ["fine", "moldy; brown"]


def test_a_remark_with_a_comma_above_decimal_commas_cuts_nothing(root):
    files(root, lambda path, axis, x: pairs(path, axis.astype(int), x + 0.25, ";"), ".txt")
    for path in (root / "spectra").iterdir():
        text = path.read_text(encoding="utf-8").split("\n", 1)[1]
        path.write_text("Lab 3, May\n" + text, encoding="utf-8")
    np.testing.assert_allclose(mmlib.load_folder(root).X["spectrum"], VALUES + 0.25, atol=1e-9)


def test_what_systems_leave_behind_is_passed_over(root):
    files(root, pairs, ".csv")
    (root / "images").mkdir()
    for folder in (root, root / "spectra", root / "images"):
        for name in ("._probe 0.csv", ".DS_Store", "Thumbs.db", "~$samples.xlsx"):
            (folder / name).write_bytes(b"\0\1\2")
    np.testing.assert_allclose(mmlib.load_folder(root).X["spectrum"], VALUES, atol=1e-9)


def test_letters_as_a_mac_writes_them_and_folders_in_capitals(root):
    from unicodedata import normalize

    names = [f"Blüte {k}" for k in range(24)]
    table(root / "samples.csv", [["id", "label"], *zip(names, LABELS, strict=True)])
    (root / "IMAGES" / "mai").mkdir(parents=True)
    for name, picture in zip(names, PICTURES, strict=True):
        Image.fromarray(picture).save(root / "IMAGES" / "mai" / f"{normalize('NFD', name)}.PNG")
    np.testing.assert_array_equal(mmlib.load_folder(root).X["image"], PICTURES)
