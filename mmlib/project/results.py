"""The folder of results: beside the project, never in it, and nothing of others is replaced."""

import os
import re
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from ..base import DataError
from .saying import plain

FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")  # by which a cell of a spreadsheet begins to compute
NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?", re.IGNORECASE)

WRITTEN = {
    "quick.csv", "comparison.csv", "report.html", "model", "figures", "tables", "citation.bib",
    "ro-crate-metadata.json",
}  # fmt: skip


def open_results(results, project):
    """Make the folder of results if need be.

    Parameters
    ----------
    results : pathlib.Path
    project : str or path

    Raises
    ------
    DataError
        When it lies in the project, cannot be written, or holds what no comparison wrote.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from mmlib.project.results import open_results
    >>> desk = Path(tempfile.mkdtemp())
    >>> open_results(desk / "pears-results", desk / "pears")
    >>> (desk / "pears-results").is_dir()
    True
    """
    if results.resolve().is_relative_to(Path(project).expanduser().resolve()):
        raise DataError(f"{results} is part of the project: name a folder outside with --results.")
    try:
        results.mkdir(parents=True, exist_ok=True)
        found = {path.name for path in results.iterdir()}
    except OSError as error:
        raise DataError(
            f"{results} cannot be written ({error.strerror}): name a folder with --results."
        ) from None
    if found & WRITTEN and "fits" not in found:  # then they are not of an earlier run
        raise DataError(
            f"{results} holds {min(found & WRITTEN)!r} but no 'fits' of an earlier comparison: "
            "move it away, or name another folder with --results."
        )


@contextmanager
def writing(path):
    """A result that another program holds, as Excel does on Windows, is named.

    Raises
    ------
    DataError
        Instead of an `OSError`.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from mmlib.project.results import writing
    >>> path = Path(tempfile.mkdtemp()) / "table.csv"
    >>> with writing(path):
    ...     path.write_text("id", encoding="utf-8")
    2
    """
    try:
        yield
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({error.strerror or error}): close it in other programs, or "
            "make room, then run this again. What was fitted is kept."
        ) from None


def write_whole(path, content, encoding="utf-8"):
    """Write a file whole or not at all: a full disk leaves what was there, and no half of it.

    Parameters
    ----------
    path : pathlib.Path
    content : str or bytes
    encoding : str
        Of a text.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from mmlib.project.results import write_whole
    >>> path = Path(tempfile.mkdtemp()) / "table.csv"
    >>> write_whole(path, "id")
    >>> path.read_text(), len(list(path.parent.iterdir()))
    ('id', 1)
    """
    aside = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        if isinstance(content, str):
            content = content.encode(encoding, "backslashreplace")
        aside.write_bytes(content)
        os.replace(aside, path)
    except OSError:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


def table_text(table):
    """A table as CSV in which no cell is a formula: such cells begin with an apostrophe.

    A spreadsheet would compute a name like ``=1+1``, or follow a link that it makes.

    Parameters
    ----------
    table : pandas.DataFrame

    Examples
    --------
    >>> import pandas as pd
    >>> from mmlib.project.results import table_text
    >>> print(table_text(pd.DataFrame({"id": ["=1+1", "-5", "a"]})).split())
    ['id', "'=1+1", '-5', 'a']
    """
    table = table.copy()
    for name in table.columns:
        if table[name].dtype.kind not in "biuf":
            table[name] = [_harmless(cell) for cell in table[name]]
    return table.rename(columns=_harmless).to_csv(index=False, lineterminator="\n")


def _harmless(cell):
    text = plain(cell, most=100_000, keep="\n\t\r")
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def predictions_beside(folder):
    """Where predictions of the samples in a folder go: as text, and as a workbook."""
    folder = Path(folder).expanduser().resolve()
    return [folder.with_name(f"{folder.name}-predictions{end}") for end in (".csv", ".xlsx")]


def free_name(folder):
    """Where predictions go if those of an earlier time are there already; else "".

    Parameters
    ----------
    folder : str or path
        Of the new samples.

    Returns
    -------
    str

    Examples
    --------
    >>> from mmlib.project.results import free_name
    >>> free_name("never predicted")
    ''
    """
    first = predictions_beside(folder)
    if not any(map(os.path.lexists, first)):
        return ""
    later = (first[0].with_stem(f"{first[0].stem}-{k}") for k in count(2))
    return str(next(path for path in later if not os.path.lexists(path)))
