"""A workbook holds what the table holds, and no cell of it computes."""

import io

import numpy as np
import openpyxl
import pandas as pd

from mmlib.project.spreadsheet import workbook_bytes

ODD = ["=1+1", "+cmd|' /C calc'!A0", "-5", "@SUM(A1)", "a\x1b[2J", "007", "x" * 40_000, "grün"]


def test_texts_stay_texts_and_numbers_numbers():
    table = pd.DataFrame({"id": ODD, "g": [0.1 + 0.2, -1.5, np.nan, 1e-9, 0, 1, 2, 3]})
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes(table))).active
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells[:4]] == ODD[:4] and cells[5].value == "007"
    assert cells[4].value == r"a\x1b[2J" and len(cells[6].value) <= 32_767
    numbers = [row[1].value for row in sheet.iter_rows(min_row=2)]
    assert abs(numbers[0] - 0.3) < 1e-15 and numbers[2] is None and numbers[3] == 1e-9


def test_names_of_columns_are_texts_too():
    table = pd.DataFrame({"=1+1": [1], "probability of a": [None]})
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes(table))).active
    assert [cell.value for cell in sheet[1]] == ["=1+1", "probability of a"]
    assert {cell.data_type for cell in sheet[1]} == {"s"} and sheet["B2"].value is None
