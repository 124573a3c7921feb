"""A look round a folder before anything is read: what cannot be used, and what was not."""

import os

from .findings import some
from .guarding import kind_of
from .text_tables import ENDINGS as TABLES
from .text_tables import files_of

# Folders, and the modality that is in each.
FOLDERS = {"spectra": "spectrum", "images": "image", "sounds": "sound"}
PASSED_OVER = (".ini", ".db", ".aae", ".thm", ".xmp", ".mov", ".md")  # of systems and cameras
SAID = ("readme", "license", "licence")


def look_round(root, findings):
    """What must not be read: pipes, devices, dead links, and what nobody may look into.

    Parameters
    ----------
    root : pathlib.Path
    findings : Findings

    Returns
    -------
    set of str or None
        Modalities whose files cannot be reached; None where the folder itself, or its table of
        samples, cannot be.
    """
    entries = _entries(root, root.name, findings)
    if entries is None:
        return None
    closed = set()
    for path in entries:
        stem, odd = path.stem.lower(), kind_of(path)
        is_table = stem in ("samples", *FOLDERS) and path.suffix.lower() in TABLES
        if is_table and (odd or path.is_dir()):
            what = f"it is {odd or 'a folder'}, no file"
            findings.error(path.name, what, "put a table in its place")
            closed.add(FOLDERS.get(stem, "samples"))
        elif path.name.lower() in FOLDERS and not path.is_dir():
            findings.error(
                path.name, f"it is {odd or 'a file'}, no folder",
                "rename it, or put a folder with one file a sample in its place",
            )  # fmt: skip
            closed.add(FOLDERS[path.name.lower()])
        elif path.name.lower() in FOLDERS and not _is_open(path, findings):
            closed.add(FOLDERS[path.name.lower()])
    return None if "samples" in closed else closed


def _entries(folder, where, findings):
    """What is in a folder, in order; None, with the reason noted, where nobody may see that."""
    try:
        paths = sorted(folder.iterdir())
        for path in paths:
            path.is_dir()  # raises where names may be listed, but no file looked at
        return paths
    except OSError as error:
        findings.error(
            where, f"it may not be looked into ({error.strerror})", "change who may read it"
        )
        return None


def _is_open(folder, findings):
    """Whether all that is in a folder can be read, pipes and dead links being none of it."""
    if _entries(folder, f"{folder.name}/", findings) is None:  # a walk would pass it over
        return False
    for place, folders, names in os.walk(folder, onerror=None):
        here = folder.__class__(place)
        where = f"{here.relative_to(folder.parent).as_posix()}/"
        if _entries(here, where, findings) is None:
            return False
        folders.sort()
        for name in folders:
            if not os.access(here / name, os.R_OK | os.X_OK):
                findings.error(
                    f"{where}{name}/", "it may not be looked into", "change who may read it"
                )
                return False
        odd = [(name, kind_of(here / name)) for name in sorted(names)]
        for name, kind in [(name, kind) for name, kind in odd if kind and name[0] not in ".~"]:
            findings.error(f"{where}{name}", f"it is {kind}, no file", "copy the file itself")
            return False
    return True


def name_unused(root, used, findings):
    """Say what lies in the folder and was not used, so that nothing is lost in silence.

    Parameters
    ----------
    root : pathlib.Path
    used : collection of pathlib.Path
        Files that were read.
    findings : Findings
    """
    used = {path.relative_to(root).parts[0] for path in used if path.is_relative_to(root)}
    others = []
    for path in sorted(root.iterdir()):
        name = path.name.lower()
        table = path.stem.lower() in ("samples", "spectra", "prices") and not path.is_dir()
        if path.name in used or table or name in FOLDERS or name[0] in ".~":
            continue
        if name.startswith((*SAID, "__macosx")) or path.suffix.lower() in PASSED_OVER:
            continue
        others.append(f"{path.name}/" if path.is_dir() else path.name)
    if others:
        findings.note(root.name, f"not used: {some(others)}")


def name_unread(folder, read, known, findings):
    """Say which files of a folder of pictures or sounds were not read.

    Parameters
    ----------
    folder : pathlib.Path
    read : collection of pathlib.Path
    known : collection of str
        Endings of what belongs to a file that was read, or was named already.
    findings : Findings
    """
    others = [
        path.name for path in files_of(folder)
        if path not in read and path.suffix.lower() not in (*known, *PASSED_OVER)
    ]  # fmt: skip
    if others:
        findings.note(f"{folder.name}/", f"not used: {some(others)}")
