"""Which exercises a learner has solved, kept in the learner's own folder and nowhere else.

`python -m mmlib start` makes that folder and leaves a record in it. Where there is no such record
beside the notebook, nothing is written. The solved notebooks, in a folder below, count for nothing.
"""

import json
import os
import re
from pathlib import Path

from ..base import DataError
from .start import RECORD

SOLVED = ".mmlib-progress.json"


def note(id, solved, ids, folder=None):
    """Remember that an exercise was tried or solved, and say how far the notebook is.

    Parameters
    ----------
    id : str
        Such as ``"03.1"``.
    solved : bool
    ids : collection of str
        All exercises of the notebook.
    folder : str or Path, optional
        Where the notebook is; the current folder when not given.

    Returns
    -------
    str
        A sentence; empty outside a learner's folder, and where the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from mmlib.course.progress import note
    >>> mine = Path(tempfile.mkdtemp())
    >>> note("03.1", True, ["03.1", "03.2"], mine)
    ''
    >>> _ = (mine / ".mmlib-course.json").write_text("{}", encoding="utf-8")
    >>> note("03.1", True, ["03.1", "03.2"], mine)
    'Notebook 03: 1 of 2 exercises solved.'
    """
    folder = Path.cwd() if folder is None else Path(folder)
    if not (folder / RECORD).is_file():
        return ""
    known = solved_in(folder)
    if solved and id not in known:
        known.add(id)
        try:
            part = folder / f"{SOLVED}.part"
            part.write_text(json.dumps(sorted(known), indent=0), encoding="utf-8")
            os.replace(part, folder / SOLVED)
        except OSError:
            return ""
    return f"Notebook {id[:2]}: {len(known & set(ids))} of {len(ids)} exercises solved."


def solved_in(folder):
    """Ids of the exercises solved in a learner's folder; none where nothing was noted.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    set of str
    """
    try:
        found = json.loads((Path(folder) / SOLVED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    return {one for one in found if isinstance(one, str)} if isinstance(found, list) else set()


def overview(folder=None):
    """A line for each notebook of a learner's folder: how many exercises are solved.

    Parameters
    ----------
    folder : str or Path, optional
        The current folder, or ``my-course`` in it, when not given.

    Returns
    -------
    str

    Raises
    ------
    DataError
        When the folder is none that `python -m mmlib start` has made.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from mmlib.course.progress import overview
    >>> mine = Path(tempfile.mkdtemp())
    >>> _ = (mine / ".mmlib-course.json").write_text("{}", encoding="utf-8")
    >>> _ = (mine / "00_start.ipynb").write_text('check("00.1", x) check("00.2", y)')
    >>> print(overview(mine))
    00_start: 0 of 2 exercises solved
    0 of 2 exercises are solved. Next: 00_start, exercise 00.1.
    """
    usual = "." if Path(RECORD).is_file() else "my-course"
    folder = Path(usual if folder is None else folder).expanduser()
    if not (folder / RECORD).is_file():
        raise DataError(
            f"{folder} is no folder of the course: name yours, or make one with "
            "`python -m mmlib start`."
        )
    solved, lines, total, done, first = solved_in(folder), [], 0, 0, ""
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        if "-new" in path.stem:
            continue
        ids = exercises_of(path)
        here = [id for id in ids if id in solved]
        total, done = total + len(ids), done + len(here)
        left = [id for id in ids if id not in solved]
        if left and not first:
            first = f"{path.stem}, exercise {left[0]}"
        lines.append(f"{path.stem}: {len(here)} of {len(ids)} exercises solved")
        if here and left:
            lines[-1] += f", open: {', '.join(left)}"
    lines.append(f"{done} of {total} exercises are solved.")
    if first:
        lines[-1] += f" Next: {first}."
    return "\n".join(lines)


def exercises_of(path):
    """Ids of the exercises that a notebook checks, in its order.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of str
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    number = re.escape(path.name[:2])
    return list(dict.fromkeys(re.findall(rf'check\(\\?"({number}\.\d+)\\?"', text)))
