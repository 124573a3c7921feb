"""What CONTRIBUTING says of the package is so."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FILES = sorted((ROOT / "mmlib").rglob("*.py"))
MAP = re.search(r"^    mmlib/\n((?:      .*\n)+)", GUIDE, re.M)[1]
ORDER = re.search(r"^    (base <- .*)$", GUIDE, re.M)[1].split(" <- ")
STEPS = re.findall(r"^\|.*\| `(\w+)` \| `(\S+\.py)` \|$", GUIDE, re.M)


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
    new = re.compile("average|scents|25")  # what the examples add
    paths = set(re.findall(r"`((?:mmlib|tests|lessons|docs)/\S+\.\w+)`", text))
    assert len(paths) > 12
    lost = [path for path in paths if not new.search(path) and not (ROOT / path).exists()]
    assert lost == []


def test_a_term_of_the_glossary_stands_there_once_and_apart():
    lines = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    starts = [k for k, line in enumerate(lines) if line.startswith(": ")]
    terms = [term for k in starts for term in lines[k - 1].split(", ")]
    assert len(terms) > 100 and all(not lines[k - 2].strip() for k in starts)
    assert sorted(set(terms)) == sorted(terms)
