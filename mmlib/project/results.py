"""The folder of results: beside the project, never in it, and nothing of others is replaced."""

from contextlib import contextmanager
from pathlib import Path

from ..base import DataError

WRITTEN = {"quick.csv", "comparison.csv", "report.html", "model"}


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
            f"{path} cannot be written ({error.strerror or error}): close it in other programs, "
            "then run this again. What was fitted is kept."
        ) from None
