"""``python -m mmlib start``: a learner's own copies of the notebooks.

Copies are made so that the course can be updated without touching anybody's
work. A small record in the folder (`RECORD`) holds the fingerprint of each
copy as it was handed out: a copy that still has it was not edited.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

RECORD = ".mmlib-course.json"


class StartError(Exception):
    """The folder cannot be used; the message says why and what to do."""


def run(folder, open_lab=True, browser=True):
    """Copy the notebooks to `folder`, say what was done, and open JupyterLab.

    Parameters
    ----------
    folder : str or Path
        Made if it is not there.
    open_lab : bool
        Whether to start JupyterLab in it afterwards.
    browser : bool
        Whether JupyterLab opens the browser by itself.

    Returns
    -------
    int
        Exit code.

    Raises
    ------
    StartError
        When the notebooks cannot be found or `folder` cannot be used.
    """
    folder = Path(folder).expanduser().absolute()
    source = find_notebooks()
    try:
        report = copy_notebooks(source, folder)
    except OSError as error:
        raise StartError(
            f"{folder} cannot be used ({error.strerror}): name another folder."
        ) from None
    for verdict, names in report.items():
        if names:
            print(f"{verdict}: {', '.join(names)}", flush=True)
    print(f"Your notebooks are in {folder}", flush=True)
    if not open_lab:
        return 0
    first = next(path.name for path in sorted(source.glob("*.ipynb")))
    return open_jupyterlab(folder, first, browser)


def find_notebooks():
    """The course's notebooks: beside the package in a checkout, inside it when installed."""
    package = Path(__file__).resolve().parents[1]
    for place in (package.parent / "notebooks", package / "notebooks"):
        if any(place.glob("*.ipynb")):
            return place
    raise StartError(
        "The notebooks are not part of this installation: get the whole course (git clone, or "
        "its zip file) and run `python course.py open` there."
    )


def copy_notebooks(source, folder):
    """Bring `folder` up to date with `source`; never overwrite what was edited.

    Parameters
    ----------
    source, folder : Path
        `source` may have one level of subfolders (the solutions).

    Returns
    -------
    dict of str to list of str
        What happened -> the files it happened to.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from mmlib.course.start import copy_notebooks
    >>> place = Path(tempfile.mkdtemp())
    >>> (place / "course").mkdir()
    >>> _ = (place / "course" / "00_start.ipynb").write_text("old", encoding="utf-8")
    >>> copy_notebooks(place / "course", place / "mine")["New"]
    ['00_start.ipynb']
    """
    if source.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise StartError(f"{folder} belongs to the course itself: name a folder of your own.")
    folder.mkdir(parents=True, exist_ok=True)
    record_file = folder / RECORD
    record = _read_record(record_file)
    report = {"New": [], "Updated": [], "You changed these, so the new version is beside": []}
    new, updated, beside = report.values()
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        if path.is_dir() or any(part.startswith(".") for part in name.parts):
            continue
        offered = fingerprint(path)
        for target in _names(name):
            key, copy = target.as_posix(), folder / target
            found = fingerprint(copy) if copy.exists() else None
            # Nothing new for this copy, edited or not: it is already the latest version.
            if found == offered or (found and record.get(key) == offered):
                record[key] = offered
                break
            if found is None or found == record.get(key):
                copy.parent.mkdir(parents=True, exist_ok=True)
                _copy_whole(path, copy)
                record[key] = offered
                (beside if target != name else updated if found else new).append(key)
                break
    _write_whole(record_file, json.dumps(record, indent=1, sort_keys=True))
    return report


def fingerprint(path):
    """What identifies a file's content; of a notebook, what its author typed.

    Outputs and counts of a notebook do not enter: running it is no change.
    """
    content = path.read_bytes()
    if path.suffix == ".ipynb":
        try:
            cells = json.loads(content)["cells"]
            typed = [
                [cell["cell_type"], "".join(cell["source"]), cell.get("attachments", {})]
                for cell in cells
            ]
            content = json.dumps(typed, sort_keys=True).encode()
        except (ValueError, KeyError, TypeError):
            pass  # not a notebook any more: compare it as it is
    return hashlib.sha256(content).hexdigest()


def open_jupyterlab(folder, notebook, browser=True):
    """Start JupyterLab in `folder` at `notebook`; return when it is shut down."""
    command = [
        *[sys.executable, "-m", "jupyterlab", "--log-level=ERROR"],
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{notebook}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    # Beside the learner's own settings: no question about JupyterLab's news over notebook 00.
    settings = [str(Path(__file__).with_name("jupyter")), os.environ.get("JUPYTER_CONFIG_PATH")]
    environment = os.environ | {"JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, settings))}
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # in a container there is often nobody else
    print("Opening JupyterLab; to stop it, press Ctrl-C twice here.", flush=True)
    process = subprocess.Popen(command, cwd=folder, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def _names(name):
    """The name itself, then the names for a newer version beside an edited copy."""
    yield name
    yield name.with_name(f"{name.stem}-new{name.suffix}")
    for number in range(2, 1000):
        yield name.with_name(f"{name.stem}-new-{number}{name.suffix}")


def _read_record(path):
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # without a record every differing copy counts as edited
    return record if isinstance(record, dict) else {}


def _copy_whole(source, target):
    """Copy so that an interruption leaves the old file or the new one, never half of one."""
    part = target.with_name(target.name + ".part")
    shutil.copyfile(source, part)
    os.replace(part, target)


def _write_whole(target, text):
    part = target.with_name(target.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, target)
