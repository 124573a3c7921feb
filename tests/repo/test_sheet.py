"""The decision sheet names notebooks that exist, and prints on two pages."""

import importlib.util
import os
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEET = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
LESSONS = {path.name[:2] for path in (ROOT / "lessons").glob("[0-9][0-9]_*.py")}
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def named(text):
    """Numbers of notebooks in brackets, and in the last cell of a row."""
    cells = re.findall(r"\| ([\d, ]+) \|$", text, re.M)
    return {n for part in re.findall(r"\[([\d, ]+)\]", text) + cells for n in part.split(", ")}


def test_every_notebook_that_the_sheet_names_exists():
    assert named(SHEET) <= LESSONS
    assert named("as seen [03, 99]\n| a | 98 |") - LESSONS == {"99", "98"}


def test_every_rung_of_the_ladder_stands_on_the_sheet():
    assert {f"{n:02d}" for n in range(4, 14)} <= named(SHEET)


def test_every_statement_in_a_list_or_a_table_has_its_notebook():
    bare = [
        line
        for line in SHEET.splitlines()
        if re.match(r"(\| |- |\d\. )", line)
        and not re.search(r"\[\d\d|\| [\d, ]+ \|$", line)
        and not re.match(r"\| (question|the information is|where you stand|it looks like) ", line)
    ]
    assert bare == []


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
def test_it_prints_on_two_pages(tmp_path):
    pytest.importorskip("playwright")
    spec = importlib.util.spec_from_file_location("sheet", ROOT / "docs" / "print_sheet.py")
    sheet = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sheet)
    sheet.print_sheet(tmp_path / "sheet.pdf")
    printed = (tmp_path / "sheet.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
