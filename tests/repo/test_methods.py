"""The page on methods and mistakes leads to cells and tests that there are."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
ROWS = {
    cells[0]: cells[1:]  # the third holds notebooks and code, the fourth (of a mistake) tests
    for line in PAGE.splitlines()
    if re.match(r"\| [AB]\d+ \|", line)
    for cells in [line.removeprefix("| ").removesuffix(" |").split(" | ")]
}
PLACE = re.compile(r"\[(\d\d)\]\(\.\./notebooks/(\1_\w+\.ipynb)\) `([^`]{1,60})`")
TEST = re.compile(r"`(tests/\S+\.py)::(test_\w+)`")
NONE_YET = set()  # ids of rows that say "none yet" in place of a notebook


def places(cell):
    """Pairs of notebook and code; a part of the cell that is no such pair is refused."""
    found = [PLACE.fullmatch(part) for part in cell.split("; ")]
    assert all(found), cell
    return [(place[2], place[3]) for place in found]


def cells_with(code, path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code" and code in cell.source]


def lost(cell):
    """The pieces of code that do not stand in one cell alone, solved or to be solved."""
    notebooks = ROOT / "notebooks"
    return [
        (name, code)
        for name, code in places(cell)
        for folder in (notebooks / "solutions", notebooks)
        if len(cells_with(code, folder / name)) != 1
    ]


def missing(cell):
    """The tests named in a cell that are not defined where it says."""
    found = [TEST.fullmatch(part) for part in cell.split(", ")]
    assert all(found), cell
    return [test[0] for test in found if test[2] not in _functions(ROOT / test[1])]


def _functions(path):
    body = ast.parse(path.read_text(encoding="utf-8")).body if path.exists() else []
    return {node.name for node in body if isinstance(node, ast.FunctionDef)}


def test_every_method_and_every_mistake_has_one_row():
    ids = re.findall(r"^\| ([AB]\d+) \|", PAGE, re.M)
    assert ids == [f"A{k}" for k in range(1, 31)] + [f"B{k}" for k in range(1, 17)]
    assert all(len(cells) == (4 if id[0] == "B" else 3) for id, cells in ROWS.items())


def test_the_rows_without_a_cell_are_known():
    assert {id for id, cells in ROWS.items() if cells[2] == "none yet"} == NONE_YET


@pytest.mark.parametrize("id", sorted(set(ROWS) - NONE_YET))
def test_the_code_of_a_row_stands_in_one_cell_of_its_notebook(id):
    assert lost(ROWS[id][2]) == []


@pytest.mark.parametrize("id", [id for id in ROWS if id[0] == "B"])
def test_a_mistake_names_tests_that_there_are(id):
    assert missing(ROWS[id][3]) == []


def test_what_is_not_there_is_seen():
    place = "[04](../notebooks/04_early.ipynb) "
    assert lost(place + "`no such code`") and lost(place + "`import`")  # nowhere, and everywhere
    assert missing("`tests/repo/test_methods.py::test_gone`, `tests/gone.py::test_gone`")
    for bare in (place, "`code`", place.replace("04_", "05_") + "`code`", place + f"`{61 * 'x'}`"):
        with pytest.raises(AssertionError):
            places(bare)
