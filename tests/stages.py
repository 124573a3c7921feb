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

ROOT = Path(__file__).resolve().parents[1]
OFFLINE = ROOT / "tests" / "offline"
FETCH = "Real data are at hand"  # the one stage that may use the network
# skorch imports torch_geometric wherever it is installed, and that uses a deprecated decorator.
STRICT = "error,ignore:`torch.jit.script` is deprecated:DeprecationWarning"


def main(arguments=None):
    """Run the stages; return 0 if all of them passed, else 1."""
    parser = argparse.ArgumentParser(prog="tests/stages.py", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the notebooks")
    options = parser.parse_args(arguments)
    results = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        report = Path(scratch) / "report.xml"
        for title, command in list_stages(options.quick, report):
            print(f"\n=== {title}: {' '.join(command[1:])}", flush=True)
            start = time.time()
            report.unlink(missing_ok=True)
            strict = "--nbval" in command
            online = title == FETCH
            code = subprocess.call(command, cwd=ROOT, env=environment(scratch, strict, online))
            results.append((title, count(code, report, command), time.time() - start))
    return summarize(results)


def list_stages(quick, report):
    """Titles and commands, the quickest first."""
    python = sys.executable
    pytest = [python, "-m", "pytest", "-q", "-n", "2", f"--junitxml={report}"]
    notebooks = [*pytest, "--nbval", "--nbval-current-env", "--nbval-cell-timeout=120"]
    stages = [
        ("Style", [python, "-m", "ruff", "check"]),
        ("Layout of the code", [python, "-m", "ruff", "format", "--check"]),
        ("Notebooks match the lessons", [python, "lessons/build.py", "--check"]),
        ("Tests and examples", [*pytest, "--durations=5"]),
    ]
    if not quick:
        stages.append((FETCH, [python, "-m", "mmlib", "fetch"]))
        # One notebook stays on one worker, because its cells share a kernel.
        rerun = [*notebooks, "--dist", "loadfile", "-p", "no:doctest", "-o", "addopts="]
        stages.append(("Notebooks give the same outputs", [*rerun, "notebooks"]))
    return stages


def environment(scratch, strict=False, online=False):
    """No network unless `online`, one thread for each process, none of the user's Jupyter settings.

    With `strict`, every warning of ours is an error, in the kernels of notebooks too.
    """
    paths = [None if online else str(OFFLINE), os.environ.get("PYTHONPATH")]
    private = {
        name: str(Path(scratch) / name.lower())
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    return {
        **{name: value for name, value in os.environ.items() if name != "MPLBACKEND"},
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


def summarize(results):
    """Print the outcome of each stage and of all; return the exit code."""
    print("\n=== Summary")
    for title, (passed, failed, skipped), seconds in results:
        verdict = "ok    " if not failed else "FAILED"
        counts = f"{passed} passed, {failed} failed, {skipped} skipped"
        print(f"{verdict} {title}: {counts} ({seconds:.0f} s)")
    passed, failed, skipped = (sum(result[1][k] for result in results) for k in range(3))
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
