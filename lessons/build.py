"""Derive the notebooks from the lesson sources.

    python lessons/build.py            build every lesson
    python lessons/build.py 00 03      build these
    python lessons/build.py --check    prove that the notebooks match the sources; runs nothing

A lesson is `lessons/NN_topic.py` in jupytext's percent format, the only form
that is edited. Two executed notebooks come out of it: `notebooks/NN_topic.ipynb`
for learners, its exercises left as stubs, and `notebooks/solutions/NN_topic.ipynb`,
its exercises solved. An exercise cell holds both versions:

    # %%
    # SOLUTION
    bands = data.X["spectrum"].shape[1]
    # STUB
    # bands = ...
    check("00.1", bands)

The lines from SOLUTION to STUB are the solution. The comment lines after STUB,
up to the first line that is no comment, are the stub. All else is common.

A cell that begins with `# %% tags=["hide-output"]` shows what the learner was asked to
predict: in the learner's notebook, and so in the book, its stored output is folded away until
somebody clicks on it or runs the cell.
"""

import argparse
import ast
import hashlib
import os
import re
import sys
import time
from pathlib import Path

import jupytext
import nbformat
from nbformat import v4

HERE = Path(__file__).resolve().parent
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
ONE_THREAD = {
    f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")
} | {"VECLIB_MAXIMUM_THREADS": "1"}
EXERCISE = re.compile(
    r"^# SOLUTION *\n(?P<solution>.*?)^# STUB *\n(?P<stub>(?:^#[^\n]*(?:\n|\Z))+)", re.M | re.S
)
HIDDEN = "hide-output"
KEPT = ("jupyter", "tags")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
SHOWING = {"check", "display", "hint", "plot_ladder", "print", "show", "static_row"}


class LessonError(Exception):
    """A lesson that cannot be built, or a notebook that does not match its lesson."""


def split_exercise(source, solved):
    """The text of a code cell as the learner gets it, or solved."""
    if source.count("# STUB") + source.count("# SOLUTION") != 2 * len(EXERCISE.findall(source)):
        raise LessonError(
            "# SOLUTION and # STUB must stand on lines of their own, the solution as code after "
            f"the first, the stub as comments after the second:\n{source}"
        )

    def chosen(match):
        text = match["solution"] if solved else re.sub(r"^# ?", "", match["stub"], flags=re.M)
        text = text.strip("\n")
        # As ruff has it: two lines free after a function, one after another block.
        *_, begin = [line for line in text.splitlines() if line and line[0] not in " )]}"]
        inside = text.splitlines()[-1].startswith(" ")
        free = 2 if begin.startswith(("def ", "class ")) else int(inside)
        return text + "\n" * (free + 1)

    return EXERCISE.sub(chosen, source).strip("\n")


def derive(lesson, solved):
    """The notebook of a lesson, not yet executed."""
    text = lesson.read_text(encoding="utf-8")
    notebook = v4.new_notebook(metadata=KERNEL)
    seen = {}
    for cell in jupytext.reads(text, fmt="py:percent").cells:
        if not cell.source.strip():
            raise LessonError(f"{lesson.name} has an empty cell: remove it.")
        name = hashlib.sha256(f"{cell.cell_type} {cell.source}".encode()).hexdigest()[:8]
        seen[name] = seen.get(name, 0) + 1
        name = name if seen[name] == 1 else f"{name}-{seen[name]}"
        if cell.cell_type == "code":
            made = v4.new_code_cell(split_exercise(cell.source, solved), id=name)
            if not solved and HIDDEN in cell.metadata.get("tags", []):
                made.metadata = {"jupyter": {"outputs_hidden": True}, "tags": [HIDDEN]}
        else:
            made = v4.new_markdown_cell(cell.source, id=name)
        notebook.cells.append(made)
    if not notebook.cells:
        raise LessonError(f"{lesson.name} has no cells: start each one with '# %%'.")
    return notebook


def execute(notebook, folder, root, timeout=120):
    """Run a notebook in `folder` on one thread; raise LessonError naming the cell that fails."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    paths = [str(root), str(HERE.parent), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | ONE_THREAD
    environment |= {"PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=40"],
    )
    try:
        client.execute(env=environment)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise LessonError(str(error)) from None
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise LessonError(
                    f"Cell {number} writes to stderr; mend what it warns of:\n"
                    f"{cell.source}\n---\n{output.text}"
                )


def clean(notebook):
    """Drop what differs from run to run: timing, kernel details, ids of widget models."""
    notebook.metadata = nbformat.from_dict(KERNEL)
    for cell in notebook.cells:
        kept = {key: cell.metadata[key] for key in KEPT if key in cell.metadata}
        cell.metadata = nbformat.from_dict(kept)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)
    return notebook


def differences(derived, stored):
    """What in a stored notebook disagrees with its lesson, one sentence each."""
    faults = []
    if stored.metadata != derived.metadata:
        faults.append(f"its metadata are {dict(stored.metadata)}")
    if len(stored.cells) != len(derived.cells):
        faults.append(f"it has {len(stored.cells)} cells, the lesson {len(derived.cells)}")
    count = 0
    for number, (want, have) in enumerate(zip(derived.cells, stored.cells, strict=False)):
        place = f"cell {number} ({want.source.splitlines()[0][:60]!r})"
        for key in ("cell_type", "source", "id", "metadata"):
            if have.get(key) != want[key]:
                faults.append(f"{place}: another {key}")
        if want.cell_type != "code" or have.cell_type != "code":
            continue
        count += 1
        if have.execution_count != count:
            faults.append(f"{place}: execution count {have.execution_count}, not {count}")
        if shows_something(want.source) and not have.outputs:
            faults.append(f"{place}: no output")
    return faults


def shows_something(source):
    """Whether a cell ends in an expression that cannot but leave an output."""
    last = (ast.parse(source).body or [None])[-1]
    if not isinstance(last, ast.Expr):
        return False
    if isinstance(last.value, ast.Call):
        return getattr(last.value.func, "id", "") in SHOWING
    return isinstance(last.value, ast.Attribute | ast.Subscript | ast.JoinedStr | ast.BinOp)


def targets(lesson, root):
    """Where the two notebooks of a lesson go, each with whether it is solved."""
    folder = root / "notebooks"
    name = f"{lesson.stem}.ipynb"
    return {folder / name: False, folder / "solutions" / name: True}


def build(lesson, root):
    """Derive, execute and write both notebooks of a lesson."""
    for target, solved in targets(lesson, root).items():
        start = time.perf_counter()
        notebook = derive(lesson, solved)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            execute(notebook, target.parent, root)
        except LessonError as error:
            raise LessonError(
                f"{lesson.name} ({'solved' if solved else 'stubs'}): {error}"
            ) from None
        text = nbformat.writes(clean(notebook))
        with open(target, "w", encoding="utf-8", newline="\n") as file:
            file.write(text.rstrip("\n") + "\n")
        seconds = time.perf_counter() - start
        print(f"{target.relative_to(root).as_posix()}: {seconds:.0f} s, {len(text) / 1e3:.0f} kB")


def check(lesson, root):
    """Faults of both notebooks of a lesson, without running them."""
    faults = []
    for target, solved in targets(lesson, root).items():
        name = target.relative_to(root).as_posix()
        if not target.exists():
            faults.append(f"{name}: missing")
            continue
        stored = nbformat.read(target, as_version=4)
        faults += [f"{name}: {fault}" for fault in differences(derive(lesson, solved), stored)]
    return faults


def orphans(lessons, root):
    """Notebooks that no lesson makes."""
    made = {target for lesson in lessons for target in targets(lesson, root)}
    found = [*root.glob("notebooks/*.ipynb"), *root.glob("notebooks/solutions/*.ipynb")]
    return [
        f"{path.relative_to(root).as_posix()}: no lesson makes it"
        for path in sorted(found)
        if path not in made
    ]


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", metavar="NN", help="lessons to build, all if none")
    parser.add_argument("--check", action="store_true", help="compare, run nothing")
    parser.add_argument("--root", type=Path, default=HERE.parent, help="folder with lessons/")
    options = parser.parse_args(arguments)
    root = options.root.resolve()
    every = sorted(root.glob("lessons/[0-9][0-9]_*.py"))
    chosen = [p for p in every if not options.numbers or p.name[:2] in options.numbers]
    unknown = set(options.numbers) - {path.name[:2] for path in chosen}
    try:
        if unknown or not chosen:
            raise LessonError(f"No lesson {', '.join(sorted(unknown))} in {root / 'lessons'}.")
        if not options.check:
            for lesson in chosen:
                build(lesson, root)
        faults = [fault for lesson in chosen for fault in check(lesson, root)]
        if not options.numbers:
            faults += orphans(every, root)
        if faults:
            raise LessonError("\n".join([*faults, "Run: python lessons/build.py"]))
    except LessonError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(chosen)} lesson(s): notebooks match their sources")
    return 0


if __name__ == "__main__":
    sys.exit(main())
