"""Around each call of a reader: whatever a file makes it raise becomes one sentence with its name.

The libraries that read pictures, cubes and tables raise many kinds of errors at broken files, and
some print or warn on their own. What a folder holds is never a reason for a traceback.
"""

import logging
import os
import stat
import warnings
from contextlib import contextmanager
from pathlib import Path

from ..saying import plain


@contextmanager
def guard(where, findings, remedy="save it anew, or copy it again"):
    """A fault of a reader is noted under `where`; the block ends there.

    Parameters
    ----------
    where : str
        How the file is called in a sentence.
    findings : Findings
    remedy : str
        What to do where the cause does not tell.

    Examples
    --------
    >>> from mmlib.project.reading.findings import Findings
    >>> from mmlib.project.reading.guarding import guard
    >>> found = Findings()
    >>> with guard("images/a.png", found):
    ...     raise PermissionError(13, "Permission denied")
    >>> print(found[0])
    images/a.png: it may not be read (Permission denied); change who may read it, or copy it anew.
    """
    try:
        with quiet():
            yield
    except Exception as error:  # readers raise many kinds
        findings.error(where, *cause(error, remedy))


def cause(error, remedy="save it anew, or copy it again"):
    """What an error says about a file, and what to do, as two parts of a sentence."""
    said = " ".join(str(getattr(error, "strerror", None) or error).split())[:120]
    said = f" ({said})" if said else ""
    if isinstance(error, PermissionError):
        return f"it may not be read{said}", "change who may read it, or copy it anew"
    if isinstance(error, FileNotFoundError):
        return "it is not there any more", "copy it again"
    if isinstance(error, MemoryError):
        return "it needs more memory than there is", "make it smaller"
    if isinstance(error, (OSError, EOFError)):
        return f"it is damaged or cut short{said}", "copy it again"
    return f"it cannot be read: {type(error).__name__}{said}", remedy


def file_of(error):
    """The file that was being read when an error came, or None where that cannot be told.

    The system names it in its own errors; else it is what the innermost function calls `path`.
    """
    if getattr(error, "filename", None):
        return str(error.filename)
    found, trace = None, error.__traceback__
    while trace is not None:
        path = trace.tb_frame.f_locals.get("path")
        found = path if isinstance(path, Path) else found
        trace = trace.tb_next
    return None if found is None else str(found)


def last_word(error):
    """What nobody has foreseen, in a sentence that names the file and the place in mmlib."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if f"{os.sep}mmlib{os.sep}" in file:
            place = f"{os.path.basename(file)}, line {trace.tb_lineno}"
        trace = trace.tb_next
    at = f" at {file_of(error)}" if file_of(error) else ""
    said = f"mmlib stopped{at}: {type(error).__name__}, {error} ({place})."
    remedy = "This is a fault of mmlib: please report this line."
    if isinstance(error, OSError):
        remedy = "Look whether the file is there, and the disk neither full nor locked."
    return plain(f"{said} {remedy}")


@contextmanager
def quiet():
    """No warnings and no log of libraries: odd metadata, which no model sees."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def kind_of(path):
    """What a path is where it is no file and no folder: "a pipe", "a link that leads nowhere".

    Returns
    -------
    str
        Empty for regular files and folders.
    """
    try:
        mode = path.stat().st_mode
    except PermissionError:
        return ""  # which is said where it is read
    except (OSError, RuntimeError, ValueError):
        return "a link that leads nowhere"
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return ""
    return "a pipe" if stat.S_ISFIFO(mode) else "a device or a socket"
