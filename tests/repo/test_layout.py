"""The package is laid out as CONTRIBUTING says, and CONTRIBUTING says how it is laid out."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FILES = sorted((ROOT / "mmlib").rglob("*.py"))
MAP = re.search(r"^    mmlib/\n((?:      .*\n)+)", GUIDE, re.M)[1]
ORDER = re.search(r"^    (base <- .*)$", GUIDE, re.M)[1].split(" <- ")
MAY_DRAW = set(re.findall(r"`(\w+)`", re.search(r"`plots` imports `base` only;(.*?)may", GUIDE)[1]))
STEPS = re.findall(r"^\|.*\| `(\w+)` \| `(\S+\.py)` \|$", GUIDE, re.M)


def folder_of(module):
    """The part of mmlib that a module belongs to; the package itself is lazy and has none."""
    return [*module.split("."), ""][1]


def imported(path):
    """Modules of mmlib that a file imports, in functions too."""
    here = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("mmlib"))
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(here[: -node.level]) if node.level else ""
            whole = ".".join(filter(None, [base, node.module]))
            if whole == "mmlib":
                yield from (f"mmlib.{alias.name}" for alias in node.names)
            elif whole.startswith("mmlib."):
                yield whole


def allowed(folder):
    """The folders that one may import from."""
    if folder == "plots":
        return {"plots", "base"}
    drawing = {"plots"} if folder in MAY_DRAW else set()
    return {"", *ORDER[: ORDER.index(folder) + 1]} | drawing


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_imports_only_leftward(path):
    folder = folder_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if folder != "__init__":
        wrong = {module for module in imported(path) if folder_of(module) not in allowed(folder)}
        assert not wrong, f"{folder} may not import {', '.join(sorted(wrong))}"


def test_a_file_name_occurs_once():
    count = Counter(path.name for path in FILES if path.name != "__init__.py")
    assert [name for name, n in count.items() if n > 1] == []


def test_the_map_shows_every_folder_and_only_files_that_are_there():
    shown = set(re.findall(r"^      (\w+)/", MAP, re.M))
    there = {path.parent.name for path in FILES if path.parent.parent == ROOT / "mmlib"}
    assert shown == there == {*ORDER, "plots"} - {"base", "__main__"}
    names = {path.name for path in FILES} | {"eNN.py", "nNN.py"}
    assert set(re.findall(r"\w+\.py", MAP)) - names == set()


@pytest.mark.parametrize(("name", "file"), STEPS)
def test_each_step_on_the_way_to_the_report_is_where_the_guide_says(name, file):
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(rf"^(def |class )?{name}\b", text, re.M), f"{file} defines no {name}"


def test_the_way_to_the_report_has_not_lost_its_steps():
    assert len(STEPS) > 15


def test_the_files_that_the_four_changes_touch_are_there():
    text = GUIDE.split("## Four changes")[1].split("\n## ")[0]
    new = re.compile("average|scents|17")  # what the examples add
    paths = set(re.findall(r"`((?:mmlib|tests|lessons|docs)/\S+\.\w+)`", text))
    assert len(paths) > 12
    lost = [path for path in paths if not new.search(path) and not (ROOT / path).exists()]
    assert lost == []
