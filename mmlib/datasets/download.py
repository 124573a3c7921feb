"""Fetch a file once, check that it is the published one, and keep it.

A file is looked for in the folder that the environment variable ``MMLIB_DATA``
names (a local copy, only ever read), then in the cache, then at its public
address.
"""

import errno
import os
import zipfile
from hashlib import sha256
from pathlib import Path

from ..checks import DataError


def cache_folder():
    """Folder where downloads are kept, one for all projects of this user."""
    import pooch

    return Path(pooch.os_cache("mmlib"))


def local_copy(relative):
    """Path below ``MMLIB_DATA``, or None when there is no such file or folder."""
    root = os.environ.get("MMLIB_DATA")
    path = Path(root).expanduser() / relative if root else None
    return path if path is not None and path.exists() else None


def fetch(relative, url, checksum=None):
    """Path of a file that is checked against its SHA-256.

    Parameters
    ----------
    relative : str
        Where the file lies below ``MMLIB_DATA`` and below the cache.
    url : str
        Public address.
    checksum : str, optional
        SHA-256 in hexadecimal. None for an archive whose contents are checked instead.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    DataError
        Without a network, with an altered or cut file, without disk space.
    """
    path = local_copy(relative)
    if path is None:
        path = cache_folder() / relative
        if not path.exists():
            _download(url, path, checksum)
    if checksum and digest(path) != checksum:
        raise DataError(
            f"{path} is not the published file (SHA-256 {digest(path)[:12]}..., expected "
            f"{checksum[:12]}...): it was altered or cut short; delete it and load again."
        )
    return path


def digest(path):
    """SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        state = sha256()
        while block := file.read(1 << 20):
            state.update(block)
    return state.hexdigest()


def tree_digest(folder, files):
    """One SHA-256 for many files: of the lines "checksum  path", sorted by path."""
    lines = [f"{digest(Path(folder) / name)}  {name}\n" for name in sorted(files)]
    return sha256("".join(lines).encode()).hexdigest()


def fetch_tree(relative, url, files, checksum):
    """Folder with `files`, taken from a zip archive and checked by `tree_digest`.

    Members of the archive are found by the end of their path, because archives put
    a folder of their own around them.
    """
    folder = local_copy(relative) or cache_folder() / relative
    missing = [name for name in files if not (folder / name).is_file()]
    if missing and local_copy(relative):
        raise DataError(
            f"{folder} lacks {len(missing)} file(s), the first is {missing[0]}: complete this "
            "local copy, or unset MMLIB_DATA to download."
        )
    if missing:
        archive = fetch(f"{relative}.zip", url)
        _unpack(archive, folder, files)
    if tree_digest(folder, files) != checksum:
        raise DataError(
            f"The files in {folder} are not the published ones: some were altered or cut short; "
            "delete the folder and load again."
        )
    return folder


def _unpack(archive, folder, files):
    try:
        with zipfile.ZipFile(archive) as zipped:
            names = zipped.namelist()
            for wanted in files:
                member = next((n for n in names if ("/" + n).endswith("/" + wanted)), None)
                if member is None:
                    raise DataError(f"{archive} has no {wanted}: delete it and load again.")
                target = folder / wanted
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(zipped.read(member))
    except zipfile.BadZipFile:
        raise DataError(
            f"{archive} cannot be read, it was cut short: delete it and load again."
        ) from None
    except OSError as error:
        raise _disk_fault(error, folder) from None


def _download(url, path, checksum):
    import pooch
    import requests

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pooch.retrieve(
            url,
            known_hash=f"sha256:{checksum}" if checksum else None,
            fname=path.name,
            path=path.parent,
            downloader=pooch.HTTPDownloader(progressbar=_on_terminal(), timeout=30),
        )
    except requests.RequestException:
        raise DataError(
            f"{url} cannot be reached: connect to the network and try again, or fetch the file "
            f"on another machine and put it at {path}."
        ) from None
    except ValueError:  # pooch: the checksum differs; it keeps nothing
        raise DataError(
            f"What {url} sent is not the published file: the download was cut short or the file "
            f"has changed; try again, or put the right file at {path}."
        ) from None
    except OSError as error:
        raise _disk_fault(error, path.parent) from None


def _disk_fault(error, folder):
    if error.errno == errno.ENOSPC:
        return DataError(f"The disk is full at {folder}: free some space and load again.")
    return DataError(
        f"Cannot write to {folder} ({error.strerror}): make it writable, or point MMLIB_DATA at a "
        "folder that has the data."
    )


def _on_terminal():
    """A progress bar only where it does not end up in a stored notebook."""
    import sys

    return sys.stderr.isatty()
