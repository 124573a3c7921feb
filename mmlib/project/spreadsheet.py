"""A table as a workbook, which no cell can make compute."""

from io import BytesIO

from openpyxl import Workbook

from .saying import plain


def workbook_bytes(table):
    """A table as a workbook (.xlsx) in which every text is a text, whatever it begins with.

    Parameters
    ----------
    table : pandas.DataFrame

    Examples
    --------
    >>> import io
    >>> import pandas as pd
    >>> from mmlib.project.spreadsheet import workbook_bytes
    >>> made = workbook_bytes(pd.DataFrame({"id": ["=1+1"], "g": [0.5]}))
    >>> pd.read_excel(io.BytesIO(made), engine="calamine").to_numpy().tolist()
    [['=1+1', 0.5]]
    """
    book = Workbook()
    sheet = book.active
    sheet.freeze_panes = "B2"
    rows = [list(table.columns), *table.astype(object).where(table.notna(), None).to_numpy()]
    for i, row in enumerate(rows, 1):
        for j, value in enumerate(row, 1):
            value = value if isinstance(value, (int, float, type(None))) else plain(value, 32_000)
            cell = sheet.cell(i, j, value)
            cell.data_type = "s" if isinstance(value, str) else cell.data_type  # never a formula
    made = BytesIO()
    book.save(made)
    return made.getvalue()
