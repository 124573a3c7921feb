"""Folders to choose from, by path: nothing is copied, and no file is opened."""

import os
import re
import string
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ...base import DataError
from ..reading.text_tables import ENDINGS
from ..saying import plain

MOST = 1000  # folders in a list
ENDS = tuple(ENDINGS)


class Entry(NamedTuple):
    """A folder in a list.

    Attributes
    ----------
    name : str
    path : str
    samples : bool
        Whether a table of samples lies in it.
    """

    name: str
    path: str
    samples: bool


class Listing(NamedTuple):
    """What there is to choose in a folder.

    Attributes
    ----------
    path : str
    parents : list of Entry
        From the top down to the folder itself.
    entries : list of Entry
    samples : bool
    more : int
        How many folders are not in the list.
    """

    path: str
    parents: list
    entries: list
    samples: bool
    more: int


def list_folder(path):
    """The folders in a folder, without hidden ones.

    Parameters
    ----------
    path : str
        "" is the home of the user.

    Returns
    -------
    Listing

    Raises
    ------
    DataError
        Where there is no such folder, or nobody may look into it.

    Examples
    --------
    >>> import tempfile
    >>> from mmlib.project.app.browsing import list_folder
    >>> from mmlib.project.writing import copy_template
    >>> folder = copy_template(tempfile.mkdtemp() + "/leaves")
    >>> found = list_folder(str(folder))
    >>> found.samples, [entry.name for entry in found.entries]
    (True, ['images'])
    """
    folder = absolute(path) if path else Path.home()
    try:
        if not folder.is_dir():
            what = "this is a file, and no folder" if folder.exists() else "there is no such folder"
            raise DataError(f"{plain(folder, 300)}: {what}; check the path.")
        with os.scandir(folder) as found:
            inner = sorted(
                (
                    entry.name
                    for entry in found
                    if not entry.name.startswith(".") and _is_dir(entry)
                ),
                key=str.lower,
            )
    except DataError:
        raise
    except (OSError, ValueError) as error:  # a name of 1,000 letters, or one with a NUL
        said = getattr(error, "strerror", None) or error
        raise DataError(
            f"{plain(folder, 300)} cannot be looked into ({said}): choose another."
        ) from None
    entries = [
        Entry(name, str(folder / name), _has_samples(folder / name)) for name in inner[:MOST]
    ]
    above = [folder, *folder.parents][::-1]
    parents = [Entry(part.name or str(part), str(part), False) for part in above]
    if os.name == "nt":
        drives = [f"{letter}:\\" for letter in string.ascii_uppercase]
        others = [Entry(drive, drive, False) for drive in drives if os.path.isdir(drive)]
        entries += others if len(above) == 1 else []
    return Listing(str(folder), parents, entries, _has_samples(folder), max(0, len(inner) - MOST))


def list_near(path):
    """The folders in the last part of a path that can be looked into, or else in the home.

    Examples
    --------
    >>> import tempfile
    >>> from mmlib.project.app.browsing import list_near
    >>> folder = tempfile.mkdtemp()
    >>> list_near(folder + "/pears/no such folder").path == folder
    True
    """
    with suppress(DataError):
        for folder in absolute(path).parents:
            with suppress(DataError):
                return list_folder(str(folder))
    return list_folder("")


def absolute(path):
    """A path as it was typed or pasted, with the quotes that a file manager puts around it.

    Examples
    --------
    >>> from mmlib.project.app.browsing import absolute
    >>> absolute('"/data/my pears"').name
    'my pears'
    """
    try:
        if not os.path.lexists(path):
            path = path.strip()
            path = path[1:-1] if re.fullmatch(r"(['\"]).+\1", path) else path
        return Path(os.path.abspath(Path(path).expanduser()))
    except (RuntimeError, ValueError) as error:
        raise DataError(f"{path}: this is no path ({error}); check it.") from None


def _is_dir(entry):
    try:
        return entry.is_dir()
    except OSError:
        return False


def _has_samples(folder):
    try:
        with os.scandir(folder) as found:
            names = [entry.name.lower() for _, entry in zip(range(5000), found, strict=False)]
    except OSError:
        return False
    return any(name.startswith("samples.") and name.endswith(ENDS) for name in names)
