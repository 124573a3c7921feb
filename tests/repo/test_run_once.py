"""A learner's notebook is left out only where the solved one proves the same."""

import ast
import copy
import importlib
import sys
import types
from pathlib import Path

import nbformat
import nbval.kernel
import pytest
import scipy.fft
from nbformat import v4

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "notebooks"))
import run_once  # noqa: E402
import start_again  # noqa: E402

LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
COMMON = ["import math", "numbers = [1, 2]", "def double(x):\n    return 2 * x", "print(math.pi)"]


def pair(stub="answer = ...", solution="answer = 2", after=(), outputs=()):
    """A learner's notebook and the solved one: COMMON, the exercise, and the cells after it."""
    notebooks = []
    for exercise in (stub, solution):
        cells = [v4.new_code_cell(text, id=str(k)) for k, text in enumerate([*COMMON, exercise])]
        cells += [v4.new_code_cell(text, id=str(k + 5)) for k, text in enumerate(after)]
        for cell in cells:
            cell.outputs = [v4.new_output("stream", text=f"{cell.id}\n")]
        notebooks.append(v4.new_notebook(cells=cells))
    return notebooks


def test_only_the_exercise_runs_where_nothing_depends_on_it():
    assert run_once.to_run(*pair(after=["print(double(3))"])) == {"4"}


@pytest.mark.parametrize(
    ("solution", "after", "runs"),
    [
        ("answer = 2", "print(answer)", "45"),
        ("answer = 2", "if answer is not ...:\n    print('solved')", "45"),
        ("answer = sum(numbers)", "print(numbers)", "145"),  # it may have changed them
        ("numbers.append(3)", "print(numbers)", "145"),
        ("answer = double(1)", "print(double(2))", "4"),  # a function stays as it is
        ("math.pi = 3", "print(1)", "034"),
        ("def double(x):\n    return x", "print(double(2))", "245"),
    ],
    ids=str,
)
def test_what_an_exercise_can_reach_runs_with_all_it_needs(solution, after, runs):
    found = run_once.to_run(*pair(solution=solution, after=[after]))
    assert found == set(runs), found


@pytest.mark.parametrize(
    "after",
    [
        ["def show():\n    return answer", "print(show())"],
        ["class Show:\n    def text(self):\n        return answer", "print(Show().text())"],
        ["show = lambda: answer", "print(show())"],
        ["copied = [answer]", "print(copied)"],
        ["kept = []\nkept.append(answer)", "print(kept)"],
        ["x = 1", "print(_)"],
        ["x = 1", "print(globals())"],
        ["x = 1", "eval('print(answer)')"],
    ],
    ids=lambda cells: cells[-1],
)
def test_an_exercise_is_followed_through_functions_and_objects(after):
    assert "6" in run_once.to_run(*pair(after=after))


def test_what_a_function_changes_counts_as_changed_by_the_exercise_that_calls_it():
    cells = ["log = []", "def note():\n    log.append(1)", "def call():\n    note()", "print(log)"]
    learner, solved = ((*cells[:3], exercise, cells[3]) for exercise in ("x = ...", "call()"))
    assert run_once.reached(learner, solved) == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda nb: nb.cells[3].outputs[0].update(text="another\n"),
        lambda nb: nb.cells[3].update(outputs=[]),
        lambda nb: nb.cells[0].outputs.append(v4.new_output("display_data", {"image/png": "A"})),
        lambda nb: nb.cells.pop(),
        lambda nb: nb.cells.append(v4.new_code_cell("1", id="9")),
        lambda nb: nb.cells[2].update(id="other"),
        lambda nb: nb.cells.insert(0, nb.cells.pop(1)),
    ],
    ids=["output", "no output", "figure", "cell missing", "cell too many", "id", "order"],
)
@pytest.mark.parametrize("which", [0, 1], ids=["learner", "solved"])
def test_all_cells_run_where_the_notebooks_disagree(spoil, which):
    notebooks = pair()
    spoil(notebooks[which])
    assert run_once.to_run(*notebooks) == {cell.id for cell in notebooks[0].cells}


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_output_of_a_learners_notebook_can_be_altered_without_being_run(path):
    learner, solved = (
        nbformat.read(file, as_version=4) for file in (path, path.parent / "solutions" / path.name)
    )
    code = [k for k, cell in enumerate(learner.cells) if cell.cell_type == "code"]
    live = run_once.to_run(learner, solved)
    exercises = {
        learner.cells[k].id for k in code if learner.cells[k].source != solved.cells[k].source
    }
    assert exercises and exercises <= live
    for k in code:
        spoiled = copy.copy(learner)
        spoiled.cells = [*learner.cells]
        outputs = [*learner.cells[k].outputs, v4.new_output("stream", text="x")]
        spoiled.cells[k] = nbformat.from_dict({**learner.cells[k], "outputs": outputs})
        assert learner.cells[k].id in live | run_once.to_run(spoiled, solved)


def test_what_the_lessons_import_is_nothing_that_a_cell_could_change():
    fixed = (types.ModuleType, type, types.FunctionType, types.BuiltinFunctionType)
    fixed += (types.MethodType, str, int, float, type(scipy.fft.fft))  # that is a function, too
    for path in LESSONS:
        cells = nbformat.read(path, as_version=4).cells
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        for node in ast.walk(ast.parse(code)):
            imports = node.names if isinstance(node, ast.ImportFrom) else []
            for name in (alias.name for alias in imports if not alias.name.isupper()):
                found = getattr(importlib.import_module(node.module), name, None)
                found = found or importlib.import_module(f"{node.module}.{name}")
                assert isinstance(found, fixed), f"{path.name} imports {name}, a {type(found)}"


@pytest.mark.parametrize(("deaths", "comes_up"), [(0, True), (2, True), (3, False)])
def test_a_kernel_that_dies_at_its_start_is_started_again(deaths, comes_up):
    calls = []

    def start(name, cwd):
        calls.append((name, cwd))
        if len(calls) <= deaths:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return "kernel"

    if comes_up:
        assert start_again.patient(start)("python", cwd="here") == "kernel"
    else:
        with pytest.raises(RuntimeError, match="died before"):
            start_again.patient(start)("python", cwd="here")
    assert calls == [("python", "here")] * (deaths + comes_up)


def test_notebooks_are_run_by_a_kernel_that_is_started_again(monkeypatch):
    monkeypatch.setattr(nbval.kernel, "start_new_kernel", nbval.kernel.start_new_kernel)  # restored
    start_again.pytest_configure(None)
    assert nbval.kernel.start_new_kernel.__wrapped__
    assert nbval.kernel.RunningKernel.__init__.__globals__ is vars(nbval.kernel)
