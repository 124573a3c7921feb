"""Every test of the course, one stage after the other; ``python course.py test`` runs this.

A stage in which no test ran has failed. The last line says how many tests
passed and failed in all stages together.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import processors

ROOT = Path(__file__).resolve().parents[1]
OFFLINE = ROOT / "tests" / "offline"
PLUGINS = ROOT / "tests" / "notebooks"
FETCH = "Real data are at hand"  # the one stage that may use the network
LONGEST = 1800  # seconds that a stage under another instruction set may take
STRICT = ",".join(
    [
        "error",
        # skorch imports torch_geometric wherever it is installed: a deprecated decorator.
        "ignore:`torch.jit.script` is deprecated:DeprecationWarning",
        # tornado asks for an event loop before there is one: from Python 3.12 on no kernel starts.
        "ignore:There is no current event loop:DeprecationWarning",
    ]
)


def main(arguments=None):
    """Run the stages; return 0 if all of them passed, else 1."""
    options = build_parser().parse_args(arguments)
    results, notes = [], []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        report = Path(scratch) / "report.xml"
        stages = [] if options.processors is not None else list_stages(options.quick, report)
        stages = [(title, command, {}) for title, command in stages]
        if options.processors is not None or options.changed:
            try:
                more, notes = processor_stages(report, options.processors, options.changed)
            except ValueError as error:
                print(error, file=sys.stderr)
                return 1
            stages += more
        for title, command, variables in stages:
            print(f"\n=== {title}: {' '.join(command[1:])}", flush=True)
            start = time.time()
            report.unlink(missing_ok=True)
            env = environment(scratch, "--nbval" in command, title == FETCH) | variables
            code = run(command, env, LONGEST if variables else None)
            results.append((title, count(code, report, command), time.time() - start))
    return summarize(results, notes)


def build_parser():
    """The options, those of `course.py test` that concern the stages."""
    parser = argparse.ArgumentParser(prog="tests/stages.py", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--processors", nargs="*", metavar="NN")
    parser.add_argument("--changed", metavar="COMMIT")
    return parser


def run(command, env, longest=None):
    """Exit code of a command; 1 if it took longer than so many seconds."""
    try:
        return subprocess.call(command, cwd=ROOT, env=env, timeout=longest)
    except subprocess.TimeoutExpired:
        print(f"Stopped: this took longer than {longest} s.", flush=True)
        return 1


def list_stages(quick, report):
    """Titles and commands, the quickest first."""
    python = sys.executable
    # Neighbors stay on one worker, since they often share what was fitted once for all of them.
    tests = [*pytest(report), "--durations=10", "--dist", "worksteal"]
    stages = [
        ("Style", [python, "-m", "ruff", "check"]),
        ("Layout of the code", [python, "-m", "ruff", "format", "--check"]),
        ("Notebooks match the lessons", [python, "lessons/build.py", "--check"]),
        ("Tests and examples", [*tests, "-m", "not claims"] if quick else tests),
    ]
    if not quick:
        stages.append((FETCH, [python, "-m", "mmlib", "fetch"]))
        stages.append(("Notebooks give the same outputs", rerun(report, ["notebooks"])))
    return stages


def pytest(report):
    return [sys.executable, "-m", "pytest", "-q", "-n", "2", f"--junitxml={report}"]


def rerun(report, paths, seconds=120):
    """Run notebooks and compare every output; what a learner's shares with the solved one once."""
    strict = ["--nbval", "--nbval-current-env", f"--nbval-cell-timeout={seconds}"]
    plugins = ["-p", "run_once", "-p", "start_again"]
    # One notebook stays on one worker, because its cells share a kernel.
    alone = ["--dist", "loadfile", "-p", "no:doctest", "-o", "addopts="]
    return [*pytest(report), *strict, *plugins, *alone, *paths]


def processor_stages(report, numbers, since):
    """Stages that run notebooks under each instruction set of this processor, and what to say.

    `numbers` are those of the notebooks, all if there are none; with the
    commit `since` they are those that changed after it. Raises ValueError for
    a notebook or a commit that there is not.
    """
    every = {path.name[:2]: path.name for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")}
    unknown = set(numbers or []) - set(every)
    if unknown or not every:
        raise ValueError(f"There is no notebook {', '.join(sorted(unknown))}: see notebooks/.")
    chosen, notes = sorted(numbers or every), []
    if since:
        found, said = processors.choose(ROOT, since)
        chosen = [number for number in found if number in chosen]
        notes.append(f"Instruction sets: {said}.")
    names = [every[number] for number in chosen]
    paths = [f"notebooks/{folder}{name}" for name in names for folder in ("", "solutions/")]
    possible, impossible = processors.settings()
    if impossible and paths:
        notes.append(f"Instruction sets: {impossible}.")
    for note in notes:
        print(note, flush=True)
    title = f"Notebooks {', '.join(chosen)}, instructions: "
    command = rerun(report, paths, seconds=300)  # old instructions are slow
    return [(title + name, command, possible[name]) for name in possible if paths], notes


def environment(scratch, strict=False, online=False):
    """No network unless `online`, one thread for each process, none of the user's Jupyter settings.

    With `strict`, every warning of ours is an error, in the kernels of notebooks too.
    """
    paths = [None if online else str(OFFLINE), str(PLUGINS) if strict else None]
    paths.append(os.environ.get("PYTHONPATH"))
    chosen_elsewhere = ("MPLBACKEND", "NPY_DISABLE_CPU_FEATURES", "OPENBLAS_L2_SIZE")
    private = {
        name: str(Path(scratch) / name.lower())
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    return {
        **{name: value for name, value in os.environ.items() if name not in chosen_elsewhere},
        **private,
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        **{f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")},
        "VECLIB_MAXIMUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        **({"PYTHONWARNINGS": STRICT} if strict else {}),
    }


def count(code, report, command):
    """Passed, failed and skipped tests of a stage that ended with exit code `code`."""
    if "pytest" not in command:
        return (int(code == 0), int(code != 0), 0)
    passed = failed = skipped = 0
    if report.is_file():
        for suite in ElementTree.parse(report).iter("testsuite"):
            wrong = int(suite.get("failures")) + int(suite.get("errors"))
            passed += int(suite.get("tests")) - wrong - int(suite.get("skipped"))
            failed += wrong
            skipped += int(suite.get("skipped"))
    if not failed and (code or not passed):
        failed = 1  # nothing ran, or pytest itself broke
    return passed, failed, skipped


def summarize(results, notes=()):
    """Print the outcome of each stage, the notes, and the outcome of all; return the exit code."""
    print("\n=== Summary")
    for title, (passed, failed, skipped), seconds in results:
        verdict = "ok    " if not failed else "FAILED"
        counts = f"{passed} passed, {failed} failed, {skipped} skipped"
        print(f"{verdict} {title}: {counts} ({seconds:.0f} s)")
    for note in notes:
        print(f"       {note}")
    passed, failed, skipped = (sum(result[1][k] for result in results) for k in range(3))
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
