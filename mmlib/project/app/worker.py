"""The process that does a piece of work: one line in says what, lines out say how it goes.

Everything is done by `mmlib.Project`, as the commands do it.
"""

import base64
import json
import os
import signal
import sys
import threading
import time
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path

import psutil

from ...base import DataError
from ...plots.samples import OF_A_FOLDER
from ...plots.style import to_png
from ..describing import measured_in_words
from ..reading.findings import ERROR, NOTE, WARNING
from ..reading.guarding import last_word
from ..run import Project
from ..saying import count, number, plain
from ..writing import copy_template
from .concerned import Album

MOST_ROWS = 500  # of a table of predictions that the page shows; the file has all
MOST_PICTURES = 60
ALIKE = 3  # findings of one kind that are shown with their pictures


def main():
    """Do the work that the first line of the input asks for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    job = json.loads(sys.stdin.buffer.readline())
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # what a library prints is none of ours
    threading.Thread(target=_end_with, args=(job["server"],), daemon=True).start()

    def tell(**event):
        print(json.dumps(event), file=out, flush=True)

    lines = _Lines(tell)
    with redirect_stdout(lines), redirect_stderr(lines):
        try:
            tell(result=WORK[job["what"]](tell, **job["how"]))
        except (DataError, RuntimeError) as error:
            tell(fault=plain(error, most=2000))
        except Exception as error:
            tell(fault=last_word(error))


class _Lines:
    """Takes what is printed, and tells it line by line."""

    def __init__(self, tell):
        self.tell = tell

    def write(self, text):
        lines = [plain(line) for line in text.splitlines() if line.strip()]
        if lines:
            self.tell(said=lines)

    def flush(self):
        """Nothing is held back."""

    def isatty(self):
        """So that nobody draws a bar."""
        return False


def _end_with(server):
    """End at once when the server has ended: each fit is kept whole or not at all."""
    with suppress(psutil.Error):
        process = psutil.Process(server)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.5)
    os._exit(1)


def check(tell, folder):
    """Findings with their pictures, and what was read."""
    project = Project(folder)
    findings = project.check()
    album, left = Album(folder), MOST_PICTURES
    found = []
    for level in (ERROR, WARNING, NOTE):
        kinds = {}
        for finding in findings.of(level):
            kinds.setdefault(finding.remedy or finding, []).append(finding)
        for alike in kinds.values():
            shown = alike if len(alike) <= ALIKE + 1 else alike[:ALIKE]
            pictures = [album.about(finding, left) for finding in shown]
            left -= sum(map(len, pictures))
            found.append(
                {
                    "level": level,
                    "shown": [
                        {"said": str(finding), "pictures": its}
                        for finding, its in zip(shown, pictures, strict=True)
                    ],
                    "more": [str(finding) for finding in alike[len(shown) :]],
                }
            )
    data = project.data
    figures = []
    for name, plot in OF_A_FOLDER.items():
        if data is not None and name in data.modalities:
            figures.append(_figure(*plot(data)))
    return {
        "found": found,
        "faults": len(findings.of(ERROR)),
        "data": "" if data is None else plain(_read(data), most=2000),
        "alone": plain(project.alone()),
        "quantity": data is not None and data.labels is None,
        "figures": figures,
    }


def _read(data):
    """What was read, and what belongs together in it."""
    groups = "No groups are given, so each sample is taken for independent of the others."
    if data.groups is not None:
        groups = f"They come from {count(len(set(data.groups.tolist())), 'group')}."
    return f"{measured_in_words(data)} {groups}"


def compare(tell, folder, results, quick, missing, **how):
    """The comparison, the model that is kept, and the report."""
    project, steps = Project(folder, results or None, missing), []

    def progress(done, total, what):
        if done == 0:
            steps.append(what)
        tell(progress=[len(steps), done, total, what])

    outcome = project.compare(quick, **how, progress=progress)
    if not project.alone():
        project.report()
    table, found = outcome.result.table, outcome.verdict
    names = {"mean": outcome.result.metric, "low": "from", "high": "to"}
    rows = [[name, *map(number, row)] for name, row in zip(table.index, table.values, strict=True)]
    return {
        "answer": plain(found.answer if found else project.alone(), most=2000),
        "others": plain(found.others, most=2000) if found else "",
        "kept": [plain(line, most=2000) for line in [*outcome.kept, outcome.promised] if line],
        "head": ["model", *(names.get(name, name) for name in table.columns)],
        "rows": rows,
        "failed": [f"{name}: {why}" for name, why in outcome.result.failed.items()],
        "costs": [plain(line, most=2000) for line in outcome.costs.said] if outcome.costs else [],
        "figures": [_figure(*outcome.costs.plot())] if outcome.costs else [],
        "quick": quick,
    }


def plan(tell, folder, results, **how):
    """How many groups show which gain."""
    found = Project(folder, results or None).plan(**how)
    table = found.table
    rows = [[name, *map(_cell, row)] for name, row in zip(table.index, table.values, strict=True)]
    return {
        "answer": plain(found.said, most=2000),
        "caption": f"How many {found.kind}s show a gain",
        "basis": plain(found.basis, most=2000),
        "head": [plain(table.index.name or "gain"), *map(plain, table.columns)],
        "rows": rows,
        "figures": [_figure(*found.plot())],
    }


def predict(tell, folder, new, model, output):
    """Predictions of new samples, in files and as the first rows of a table."""
    found = Project.predict(model, new, output or None)
    table = found.table
    rows = table.head(MOST_ROWS).astype(object).where(table.notna(), "").to_numpy()
    beside = [found.path.with_suffix(end) for end in (".csv", ".xlsx")]
    files = [found.path] if output else [path for path in beside if path.is_file()]
    return {
        "answer": plain(found.said, most=2000),
        "head": [plain(name) for name in table.columns],
        "rows": [[_cell(cell) for cell in row] for row in rows],
        "more": max(0, len(table) - MOST_ROWS),
        "files": [str(Path(path).absolute()) for path in files],
    }


def example(tell, folder):
    """The 60 leaves to try it with."""
    return {"folder": str(copy_template(folder))}


def _figure(fig, description):
    png = base64.b64encode(to_png(fig)).decode("ascii")
    return {"png": png, "said": plain(description, most=2000)}


def _cell(value):
    """A number in four digits at most, or a text."""
    return f"{value:.4g}" if isinstance(value, float) else plain(value)


WORK = {
    "check": check, "compare": compare, "plan": plan, "predict": predict, "example": example,
}  # fmt: skip

if __name__ == "__main__":
    main()
