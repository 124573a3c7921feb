"""Notebooks are derived from their lessons, run, and the same from one build to the next."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import toy_lesson
from nbformat.v4 import new_markdown_cell
from test_notebooks import faults

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "lessons").glob("[0-9][0-9]_*.py"))
_spec = importlib.util.spec_from_file_location("build", ROOT / "lessons" / "build.py")
build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(build)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with the toy lesson, built once."""
    root = tmp_path_factory.mktemp("toy")
    toy_lesson.write(root)
    assert build.main(["--root", str(root)]) == 0
    return root


@pytest.fixture
def copy(built, tmp_path):
    """A copy of it to spoil."""
    for path in built.rglob("*.*"):
        if path.suffix in (".py", ".ipynb"):
            target = tmp_path / path.relative_to(built)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return tmp_path


def notebooks(root):
    return [root / "notebooks" / "00_toy.ipynb", root / "notebooks" / "solutions" / "00_toy.ipynb"]


def outputs(path):
    cells = nbformat.read(path, as_version=4).cells
    return "".join(o.get("text", "") for cell in cells for o in cell.get("outputs", []))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_notebooks_match_their_lesson(lesson):
    assert build.check(lesson, ROOT) == []


def test_no_notebook_is_without_a_lesson():
    assert build.orphans(LESSONS, ROOT) == []


def test_learner_gets_stubs_and_solutions_are_solved(built):
    learner, solved = map(outputs, notebooks(built))
    assert learner.count("not attempted yet") == 3 and "correct" not in learner
    assert solved.count(": correct: ") == 3 and "not attempted" not in solved


def test_built_notebooks_have_no_structural_fault(built):
    assert [faults(path) for path in notebooks(built)] == [[], []]


def test_building_again_gives_the_same_bytes(built):
    before = [path.read_bytes() for path in notebooks(built)]
    assert build.main(["--root", str(built), "00"]) == 0
    assert [path.read_bytes() for path in notebooks(built)] == before


def test_metadata_and_ids_hold_nothing_of_the_run(built):
    learner, solved = (json.loads(path.read_text(encoding="utf-8")) for path in notebooks(built))
    assert learner["metadata"] == solved["metadata"] == build.KERNEL
    assert [c["id"] for c in learner["cells"]] == [c["id"] for c in solved["cells"]]
    assert all(cell["metadata"] == {} for cell in learner["cells"])
    assert "model_id" not in json.dumps(learner)


def strict(root):
    paths = [str(root), str(ROOT), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | build.ONE_THREAD | {"PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval"]
    command += ["--nbval-current-env", f"--rootdir={root}", str(notebooks(root)[0])]
    return subprocess.run(command, env=environment, cwd=root, capture_output=True).returncode


def test_strict_comparison_passes_and_sees_a_changed_figure_text(copy):
    pytest.importorskip("nbval")
    assert strict(copy) == 0
    path = notebooks(copy)[0]
    notebook = nbformat.read(path, as_version=4)
    figure = next(o for c in notebook.cells for o in c.get("outputs", []) if "data" in o)
    assert "image/png" in figure.data
    figure.data["text/plain"] = figure.data["text/plain"].replace("0.40", "0.41")
    nbformat.write(notebook, path)
    assert strict(copy) == 1


SPOILED = {
    "another text": (lambda nb: nb.cells[0].update(source="# Something else"), "cell 0 "),
    "another code": (lambda nb: nb.cells[1].update(source="1"), "cell 1 "),
    "a cell too many": (lambda nb: nb.cells.append(new_markdown_cell("x")), "cells, the lesson"),
    "not run": (lambda nb: nb.cells[1].update(execution_count=None), "execution count None"),
    "run out of order": (lambda nb: nb.cells[1].update(execution_count=7), "execution count 7"),
    "no output": (lambda nb: nb.cells[1].update(outputs=[]), "cell 1 ('import numpy as np')"),
    "a tag": (lambda nb: nb.cells[1].metadata.update(tags=["x"]), "another metadata"),
    "another kernel": (lambda nb: nb.metadata.update(kernelspec={}), "its metadata"),
    "another id": (lambda nb: nb.cells[1].update(id="abc"), "another id"),
}


@pytest.mark.parametrize("spoil, said", SPOILED.values(), ids=SPOILED)
@pytest.mark.parametrize("which", [0, 1], ids=["learner", "solved"])
def test_check_names_what_differs(copy, which, spoil, said, capsys):
    path = notebooks(copy)[which]
    notebook = nbformat.read(path, as_version=4)
    spoil(notebook)
    nbformat.write(notebook, path)
    assert build.main(["--root", str(copy), "--check"]) == 1
    message = capsys.readouterr().err
    assert said in message and path.relative_to(copy).as_posix() in message


def test_check_sees_an_edited_lesson_and_a_missing_and_a_stray_notebook(copy, capsys):
    assert build.main(["--root", str(copy), "--check"]) == 0
    source = copy / "lessons" / "00_toy.py"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("bands = ...", "bands = None"), encoding="utf-8")
    assert build.main(["--root", str(copy), "--check"]) == 1
    assert "bands = " in capsys.readouterr().err
    source.write_text(text, encoding="utf-8")
    notebooks(copy)[1].rename(copy / "notebooks" / "99_stray.ipynb")
    assert build.main(["--root", str(copy), "--check"]) == 1
    message = capsys.readouterr().err
    assert "solutions/00_toy.ipynb: missing" in message and "99_stray" in message


@pytest.mark.parametrize(
    "line, said",
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import warnings; warnings.warn('old')", "writes to stderr"),
    ],
    ids=["error", "warning"],
)
def test_a_cell_that_fails_or_warns_fails_the_build_and_is_shown(tmp_path, line, said, capsys):
    toy_lesson.write(tmp_path, f"# %% [markdown]\n# # Toy\n\n# %%\nx = 1\n\n# %%\n{line}\n")
    assert build.main(["--root", str(tmp_path)]) == 1
    message = capsys.readouterr().err
    assert said in message and line in message and "00_toy.py (stubs)" in message
    assert not notebooks(tmp_path)[0].exists()


def test_kernel_runs_on_one_thread_in_the_folder_of_the_notebook(tmp_path):
    lines = "import os\nprint(os.environ['OMP_NUM_THREADS'], os.path.basename(os.getcwd()))"
    toy_lesson.write(tmp_path, f"# %%\n{lines}\n")
    assert build.main(["--root", str(tmp_path)]) == 0
    assert list(map(outputs, notebooks(tmp_path))) == ["1 notebooks\n", "1 solutions\n"]


CELL = """\
x = 1
# SOLUTION
def f(a):
    # a comment stays
    return a + 1


# STUB
# def f(a):
#     # add one
#     return ...
check("00.1", f)"""


def test_exercise_cell_splits_into_solution_and_stub():
    learner, solved = (build.split_exercise(CELL, solved) for solved in (False, True))
    common = '\n\n\ncheck("00.1", f)'  # two lines free after a function, as ruff has it
    assert learner == "x = 1\ndef f(a):\n    # add one\n    return ..." + common
    assert solved == "x = 1\ndef f(a):\n    # a comment stays\n    return a + 1" + common
    assert build.split_exercise("x = 1", solved=False) == "x = 1"


@pytest.mark.parametrize(
    "cell", ["# SOLUTION\nx = 1", "# STUB\n# x = ...", "# SOLUTION\n# STUB\nx"]
)
def test_half_an_exercise_is_refused(cell):
    with pytest.raises(build.LessonError, match="SOLUTION"):
        build.split_exercise(cell, solved=True)


def test_unknown_lesson_is_said(tmp_path, capsys):
    toy_lesson.write(tmp_path)
    assert build.main(["--root", str(tmp_path), "77", "--check"]) == 1
    assert "No lesson 77" in capsys.readouterr().err


def test_what_was_to_be_predicted_is_folded_away_for_the_learner_only(tmp_path):
    cells = '# %% [markdown]\n# # Toy\n\n# %% tags=["hide-output"]\nprint(4)\n\n# %%\nprint(3)\n'
    path = toy_lesson.write(tmp_path, cells)
    learner, solved = (build.clean(build.derive(path, solved)) for solved in (False, True))
    folded = {"jupyter": {"outputs_hidden": True}, "tags": ["hide-output"]}
    assert [dict(cell.metadata) for cell in learner.cells] == [{}, folded, {}]
    assert all(cell.metadata == {} for cell in solved.cells)
