"""Fetch a file once, check that it is the published one, and keep it.

A file is looked for in the folder that the environment variable ``MMLIB_DATA``
names (a local copy, only ever read), then in the cache, then at its public
address. A file takes its place in the cache only after it was checked.
"""

import contextlib
import errno
import lzma
import os
import sys
import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pooch
import requests

from ...base import DataError

# What a damaged zip archive raises, besides OSError.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,  # encrypted; NotImplementedError: an unknown method
    ValueError,  # an offset before the start of the file
)


def cache_folder():
    """Folder where downloads are kept, one for all projects of this user."""
    return Path(pooch.os_cache("mmlib"))


def fetch(relative, url, checksum):
    """Path of a file that is checked against its SHA-256.

    Parameters
    ----------
    relative : str
        Where the file lies below ``MMLIB_DATA`` and below the cache.
    url : str
        Public address.
    checksum : str
        SHA-256 in hexadecimal.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    DataError
        Without a network, with an altered, cut or unreadable file, without disk space.
    """
    path, there, remedy = _find(relative, "delete it and load again")
    if not there:
        download(url, path, checksum)
    _check(path, checksum, remedy)
    return path


def fetch_tree(relative, url, checksums):
    """Folder with many files, taken from one zip archive; each file is checked.

    Parameters
    ----------
    relative : str
        Folder below ``MMLIB_DATA`` and below the cache, where the archive is
        ``relative`` with ".zip" behind it until it is unpacked.
    url : str
        Public address of the archive. Its files are found by the end of their path,
        because archives put a folder of their own around them.
    checksums : dict of str to str
        Path in the folder -> SHA-256; see `published`.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    DataError
        As `fetch`; it names the first file that is missing, altered or unreadable.
    """
    folder, there, remedy = _find(
        relative, f"delete the folder {cache_folder() / relative} and load again"
    )
    if not there:
        archive = folder.with_name(f"{folder.name}.zip")
        if not _exists(archive, f"delete {archive} and load again"):
            download(url, archive)
        _unpack(archive, folder, checksums)
    for name, checksum in checksums.items():
        if not _exists(folder / name, remedy):
            raise DataError(f"{folder / name} is missing: {remedy}.")
        _check(folder / name, checksum, remedy)
    return folder


def published(name):
    """The checksums listed in a file of this package: path -> SHA-256."""
    with open(Path(__file__).with_name(name), encoding="utf-8") as file:
        return {path: checksum for checksum, path in (line.split() for line in file)}


def download(url, path, checksum=None):
    """Put what `url` sends at `path`; a bad or partial file is never left there."""
    # A bar only where it does not end up in a stored notebook.
    fetch_to = pooch.HTTPDownloader(progressbar=sys.stderr.isatty(), timeout=30)
    by_hand = f"fetch the file on another machine and put it at {path}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=path.parent) as aside:
            part = Path(aside) / path.name
            fetch_to(url, str(part), None)
            if checksum:
                _check(part, checksum, f"load again, or {by_hand}", shown=url)
            part.replace(path)
    except requests.HTTPError as error:
        raise DataError(
            f"{url} answers with code {error.response.status_code}: try again later, or {by_hand}."
        ) from None
    except requests.RequestException:
        raise DataError(
            f"{url} cannot be reached or broke off: connect to the network and load again, or "
            f"{by_hand}."
        ) from None
    except OSError as error:
        raise _disk_fault(error, path.parent) from None


def _find(relative, remedy):
    """Where a file or folder lies or belongs, whether it is there, and what helps if it is bad."""
    root = os.environ.get("MMLIB_DATA")
    if root:
        path, instead = Path(root).expanduser() / relative, "unset MMLIB_DATA to download it"
        if _exists(path, instead):
            return path, True, f"replace it, or {instead}"
    path = cache_folder() / relative
    return path, _exists(path, remedy), remedy


def _exists(path, remedy):
    """Like `Path.exists`, but a place that may not be looked at is a fault, not absent."""
    with _reading(path, remedy):
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
    return True


@contextlib.contextmanager
def _reading(path, remedy):
    """What is there but cannot be read is told in one sentence."""
    try:
        yield
    except OSError as error:
        first = "make it readable, or " if isinstance(error, PermissionError) else ""
        raise DataError(
            f"{path} cannot be read ({error.strerror or error}): {first}{remedy}."
        ) from None


def _check(path, checksum, remedy, shown=None):
    with _reading(path, remedy):
        found = pooch.file_hash(str(path))
    if found != checksum:
        raise DataError(
            f"{shown or path} is not the published file, it was altered or cut short (SHA-256 "
            f"expected {checksum[:16]}..., got {found[:16]}...): {remedy}."
        )


def _unpack(archive, folder, checksums):
    """All files into a folder beside, which gets its name once every one is right."""
    remedy = f"delete {archive} and load again"
    try:
        with _reading(archive, remedy):
            zipped = zipfile.ZipFile(archive)
        with zipped, TemporaryDirectory(dir=folder.parent) as aside:
            part, names = Path(aside) / folder.name, zipped.namelist()
            for wanted, checksum in checksums.items():
                member = next((n for n in names if f"/{n}".endswith(f"/{wanted}")), None)
                if member is None:
                    raise DataError(f"{archive} has no {wanted}: {remedy}.")
                (part / wanted).parent.mkdir(parents=True, exist_ok=True)
                with _reading(archive, remedy):
                    content = zipped.read(member)
                (part / wanted).write_bytes(content)
                _check(part / wanted, checksum, remedy, shown=f"{wanted} in {archive}")
            part.replace(folder)
    except DataError:  # itself a ValueError
        raise
    except _DAMAGED:
        raise DataError(
            f"{archive} cannot be unpacked, it was altered or cut short: {remedy}."
        ) from None
    except OSError as error:
        raise _disk_fault(error, folder) from None
    with contextlib.suppress(OSError):  # only to save space
        archive.unlink()


def _disk_fault(error, folder):
    if error.errno == errno.ENOSPC:
        return DataError(f"The disk is full at {folder}: free some space and load again.")
    return DataError(
        f"Cannot write to {folder} ({error.strerror}): make it writable, or point MMLIB_DATA at a "
        "folder that has the data."
    )
