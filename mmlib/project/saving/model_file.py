"""The one file of a saved model: a header of JSON and the bytes of arrays, nothing else.

The layout is that of safetensors: eight bytes that tell the length of the header, the header,
and the arrays one after the other. The header has the type, shape and place of each array, and
texts under ``__metadata__``. There is no compression to unpack and no name to follow; every
number is checked before memory is asked for. One file, so that one renaming replaces a model.
"""

import json
import math
import os
import re
import stat
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import numpy as np

from ...base import DataError

MODEL, FORMAT = "model.safetensors", "3"
OLDER = ("about.json", "model.skops")  # the files of formats 1 and 2
MOST, MOST_HEADER = 2**30, 2**22  # bytes
TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2",
    "I8": "|i1", "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1", "BOOL": "|b1",
}  # fmt: skip
TEXTS = ("about", "format", "model", "sha256")


def write_file(folder, texts, arrays):
    """Put a model into a folder, in place of an older one, whole or not at all.

    Parameters
    ----------
    folder : pathlib.Path
        Made if need be.
    texts : dict of str to str
        "about" and "model".
    arrays : list of ndarray

    Raises
    ------
    DataError
        When it is too large to be read again, or the folder cannot be written.
    """
    entries, parts, at = {}, [], 0
    for name, x in enumerate(arrays):
        code = next(code for code, kind in TYPES.items() if np.dtype(kind) == x.dtype)
        parts.append(np.ascontiguousarray(x, TYPES[code]).tobytes())
        place = [at, at + len(parts[-1])]
        entries[str(name)] = {"dtype": code, "shape": list(x.shape), "data_offsets": place}
        at = place[1]
    texts = texts | {"format": FORMAT}
    texts["sha256"] = _digest(texts, entries, b"".join(parts))
    header = _json({"__metadata__": texts} | entries).encode()
    header += b" " * (-len(header) % 8)  # arrays begin at a multiple of eight
    if at > MOST or len(header) > MOST_HEADER:
        raise DataError(
            f"The model takes {(at + len(header)) / 1e6:.0f} MB, too many to be read again safely: "
            "train it on fewer samples, or with fewer trees."
        )
    aside = folder / f".{MODEL}.{uuid4().hex}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with aside.open("xb") as file:
                file.writelines([len(header).to_bytes(8, "little"), header, *parts])
                file.flush()
                os.fsync(file.fileno())
            aside.replace(folder / MODEL)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(
            f"{folder} cannot be written ({error.strerror or error}): make room, or name another "
            "folder."
        ) from None


def read_texts(folder):
    """The texts of a model, without its arrays.

    Raises
    ------
    DataError
        When there is no model, or the file is not laid out as `write_file` does it.
    """
    with _opened(folder) as (file, path, size):
        return _header(file, path, size)[0]


def read_file(folder):
    """The texts and arrays of a model, whose checksum is right; errors as `read_texts`."""
    with _opened(folder) as (file, path, size):
        texts, entries = _header(file, path, size)
        data = file.read(size)
    if _digest(texts, entries, data) != texts["sha256"]:
        raise DataError(f"{path} was altered or cut short: copy it again.")
    arrays = []
    for entry in entries.values():
        count, start = math.prod(entry["shape"]), entry["data_offsets"][0]
        x = np.frombuffer(data, TYPES[entry["dtype"]], count, start).reshape(entry["shape"])
        if x.dtype == bool and (x.view(np.uint8) > 1).any():
            raise DataError(f"{path} holds truth values that are neither: copy it again.")
        arrays.append(x.astype(x.dtype.newbyteorder("=")))  # and may be written to
    return texts, arrays


def strict_json(text):
    """What a JSON text holds, of ordinary numbers and texts, no key twice.

    Raises
    ------
    ValueError or RecursionError

    Examples
    --------
    >>> from mmlib.project.saving.model_file import strict_json
    >>> strict_json('{"shape": [3]}')
    {'shape': [3]}
    >>> for text in ('{"a": 1, "a": 2}', "NaN", "1e999", "9" * 30):
    ...     try:
    ...         strict_json(text)
    ...     except ValueError as fault:
    ...         print(fault)
    a key occurs twice
    NaN is no number
    1e999 is no number
    999999999999999999999999999999 is no number
    """
    if re.search(r"\\u[dD][89a-fA-F]", text):
        raise ValueError("half a letter")
    return json.loads(
        text, object_pairs_hook=_once, parse_constant=_number, parse_float=_number, parse_int=_whole
    )


def _once(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _number(text):
    if not math.isfinite(float(text)):
        raise ValueError(f"{text} is no number")
    return float(text)


def _whole(text):
    if len(text) > 20 or not -(2**63) <= int(text) < 2**63:
        raise ValueError(f"{text[:30]} is no number")
    return int(text)


def _json(thing):
    return json.dumps(thing, ensure_ascii=False, allow_nan=False)


def _digest(texts, entries, data):
    found = sha256(_json([texts["about"], texts["format"], texts["model"], entries]).encode())
    found.update(data)
    return found.hexdigest()


@contextmanager
def _opened(folder):
    """The file of a model, open; a pipe, a device or a link is none, and nobody waits for it."""
    path = Path(folder) / MODEL
    flags = [getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")]
    try:
        ordinary = stat.S_ISREG(path.lstat().st_mode)
        handle = os.open(path, os.O_RDONLY | flags[0] | flags[1] | flags[2]) if ordinary else None
    except (FileNotFoundError, NotADirectoryError):
        if any(os.path.lexists(path.with_name(name)) for name in OLDER):
            raise DataError(
                f"{folder} holds a model of an older format, which is not read any more: train "
                "the model again, with python -m mmlib compare or mmlib.save."
            ) from None
        raise DataError(f"There is no model in {folder}: {MODEL} is missing.") from None
    except OSError as error:
        raise DataError(
            f"{path} cannot be opened ({error.strerror or error}): copy the whole folder again."
        ) from None
    except ValueError:  # a name with a NUL in it
        raise DataError(f"There is no model in {str(folder)!r}: check the name.") from None
    if handle is None:
        raise DataError(f"{path} is no ordinary file: copy the whole folder again.")
    file = os.fdopen(handle, "rb")
    with file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):  # exchanged in between
            raise DataError(f"{path} is no ordinary file: copy the whole folder again.")
        if found.st_size > MOST + MOST_HEADER + 8:
            raise DataError(f"{path} is larger than any model that mmlib saves: it is not loaded.")
        yield file, path, found.st_size


def _header(file, path, size):
    """Texts, and type, shape and place of each array, which fill the rest of the file."""
    try:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(MOST_HEADER, size - 8):
            raise ValueError("the header has another length")
        found = strict_json(file.read(length).decode())
        texts = found.pop("__metadata__")
        if not all(isinstance(text, str) for text in texts.values()) or "format" not in texts:
            raise ValueError("it was not written by mmlib")
        if texts["format"] != FORMAT:
            raise DataError(f"{path} was written by another version of mmlib: update mmlib.")
        if set(texts) != set(TEXTS):
            raise ValueError("it was not written by mmlib")
        at = 0
        for name, entry in enumerate(found):
            if entry != str(name):
                raise ValueError("arrays are numbered otherwise")
            at = _checked(found[entry], at)
        if at != size - 8 - length:
            raise ValueError("arrays do not fill the file")
    except DataError:
        raise
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        said = str(error) if type(error) is ValueError else "it is not laid out as a model is"
        raise DataError(
            f"{path} is broken, or no model of mmlib ({said}): copy the whole folder again."
        ) from None
    return texts, found


def _checked(entry, at):
    """Where an array that begins at `at` ends, if it is described as it should be."""
    code, shape, place = entry["dtype"], entry["shape"], entry["data_offsets"]
    whole = all(type(number) is int and 0 <= number <= MOST for number in [*shape, *place])
    if len(entry) != 3 or not whole or len(shape) > 6:
        raise ValueError("an array is not described as it should be")
    end = at + math.prod(shape) * np.dtype(TYPES[code]).itemsize
    if place != [at, end]:
        raise ValueError("an array is not where it should be")
    return end
