"""The shape of every notebook: small cells, described figures, nothing stale or machine-bound.

`faults(path)` lists what is wrong with one notebook. It runs over all that are
found, and over spoiled copies of a sound one to prove that each fault is seen.
"""

import copy
import re
import statistics
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NOTEBOOKS += sorted((ROOT / "notebooks" / "solutions").glob("*.ipynb"))
LOCAL_PATH = re.compile(r"(?<![\w./:<)\]}-])/[A-Za-z][\w.-]*/[\w.-]+|\b[A-Za-z]:\\\w")
MOST_BYTES = 2_000_000


def faults(path):
    """What is wrong with the shape of a notebook, one sentence each."""
    notebook = nbformat.read(path, as_version=4)
    found = [] if path.stat().st_size < MOST_BYTES else [f"{path.stat().st_size} bytes"]
    found += _run_faults(notebook)
    found += _text_faults(notebook)
    found += _figure_faults(notebook)
    text = nbformat.writes(notebook)
    found += [f"exempt from comparison: {m}" for m in re.findall(r"nbval[-_]\w+", text, re.I)]
    return found


def _code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def _run_faults(notebook):
    code = _code(notebook)
    counts = [cell.execution_count for cell in code]
    found = [] if counts == list(range(1, len(code) + 1)) else [f"execution counts {counts}"]
    for cell in code:
        start = cell.source[:50]
        if any(output.output_type == "error" for output in cell.outputs):
            found.append(f"an error after {start!r}")
        if any(output.get("name") == "stderr" for output in cell.outputs):
            found.append(f"text on stderr after {start!r}")
        if re.search(r"\binteract(ive\w*)?\(|\bOutput\(", cell.source):
            found.append(f"interact or Output in {start!r}")
        shown = [output.get("text", "") for output in cell.outputs]
        shown += [output.get("data", {}).get("text/plain", "") for output in cell.outputs]
        match = LOCAL_PATH.search("\n".join([cell.source, *shown]))
        if match:
            found.append(f"a path of one machine, {match[0]!r}")
    return found


def _text_faults(notebook):
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    text = re.sub(r"^```.*?^```", "", "\n".join(prose), flags=re.M | re.S)
    first, seconds = (len(re.findall(rf"^{mark} ", text, re.M)) for mark in ("#", "##"))
    lines = [len(_lines(cell)) for cell in _code(notebook)]
    tasks = sum(re.findall(r"^check\(", c.source, re.M) != [] for c in _code(notebook))
    rules = {
        f"{first} headings of level 1": first == 1,
        f"{seconds} headings of level 2": seconds <= 6,
        "no minutes in the header": "minutes" in (prose or [""])[0],
        f"a cell of {max(lines, default=0)} lines": max(lines, default=0) <= 15,
        f"median cell of {statistics.median(lines or [0])} lines": statistics.median(lines) <= 3,
        f"{tasks} exercises": tasks >= 3,
    }
    return [fault for fault, kept in rules.items() if not kept]


def _figure_faults(notebook):
    found = []
    for cell in _code(notebook):
        texts = [output.get("data", {}) for output in cell.outputs]
        for k, data in enumerate(texts):
            if "image/png" not in data:
                continue
            twin = data.get("text/plain", "")
            below = texts[k + 1] if k + 1 < len(texts) else {}
            if len(twin.split()) < 4 or twin.startswith("<"):
                found.append(f"a figure without description after {cell.source[:50]!r}")
            elif "text/html" not in below or below.get("text/plain") != twin:
                found.append(f"a description that is not in view after {cell.source[:50]!r}")
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_notebook_has_no_structural_fault(path):
    assert faults(path) == []


def test_there_are_notebooks_when_there_are_lessons():
    lessons = list((ROOT / "lessons").glob("[0-9][0-9]_*.py"))
    assert len(NOTEBOOKS) >= 2 * len(lessons)


def sound():
    """A notebook without a fault."""
    text = "What it shows in five words."
    figure = v4.new_output("display_data", {"image/png": "AAAA", "text/plain": text})
    caption = v4.new_output("display_data", {"text/html": f"<p>{text}</p>", "text/plain": text})
    cells = [v4.new_markdown_cell("# Title\n\n**5 minutes**.\n\n## Part")]
    cells.append(v4.new_code_cell("show(fig)", execution_count=1, outputs=[figure, caption]))
    for k in (2, 3, 4):
        said = [v4.new_output("stream", text=f"Exercise 00.{k - 1}: not attempted yet")]
        cells.append(v4.new_code_cell(f'check("00.{k - 1}", ...)', execution_count=k, outputs=said))
    return v4.new_notebook(cells=cells)


def _text(cell, extra):
    return lambda nb: nb.cells[cell].update(source=nb.cells[cell].source + extra)


def _output(output):
    return lambda nb: nb.cells[2].outputs.append(output)


SPOILED = {
    "execution counts": lambda nb: nb.cells[2].update(execution_count=9),
    "an error": _output(v4.new_output("error", ename="E", evalue="", traceback=[])),
    "stderr": _output(v4.new_output("stream", name="stderr", text="warning")),
    "interact or Output": _text(1, "\nwidgets.interact(draw)"),
    "a path of one machine": _text(1, '\nopen("/home/me/leaves.csv")'),
    "machine, 'C:": _text(1, '\nopen("C:\\data")'),
    "'/opt/thing'": _output(v4.new_output("stream", text="read /opt/thing")),
    "2 headings of level 1": _text(0, "\n# Again"),
    "7 headings of level 2": _text(0, "\n## More" * 6),
    "no minutes": lambda nb: nb.cells[0].update(source=nb.cells[0].source.replace("minutes", "")),
    "a cell of 16 lines": _text(1, "\nx = 1" * 15),
    "median cell": lambda nb: [_text(k, "\nx = 1" * 3)(nb) for k in (1, 2, 3)],
    "2 exercises": lambda nb: nb.cells[4].update(source="print(1)"),
    "without description": lambda nb: (
        nb.cells[1].outputs[0].data.update({"text/plain": "<Figure>"})
    ),
    "not in view": lambda nb: nb.cells[1].outputs.pop(),
    "exempt from comparison": lambda nb: nb.cells[1].metadata.update(tags=["nbval-skip"]),
    "bytes": _output(v4.new_output("stream", text="x" * MOST_BYTES)),
}


def _faults_of(notebook, folder):
    path = folder / "00_toy.ipynb"
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    return faults(path)


def test_a_sound_notebook_passes(tmp_path):
    assert _faults_of(sound(), tmp_path) == []


@pytest.mark.parametrize("said, spoil", SPOILED.items(), ids=SPOILED)
def test_each_fault_is_seen(said, spoil, tmp_path):
    notebook = copy.deepcopy(sound())
    spoil(notebook)
    assert any(said in fault for fault in _faults_of(notebook, tmp_path))


def test_web_addresses_and_fractions_are_no_local_paths():
    for text in ("https://example.org/home/me", "and/or/both", "a / b / c", "</p>", "x[0]/y/z"):
        assert not LOCAL_PATH.search(text)
