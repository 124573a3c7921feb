"""Results that are kept, and found again by what they came from.

A stored result must never be that of another model. A notebook's functions and classes are
told apart by their code and by what they take from the notebook; those of a file of one's own
by the content of that file; those of installed packages by name, since `versions` has the
versions of what models are made of. What a notebook gets by other ways, such as a file read
in `fit`, is not seen.
"""

import hashlib
import json
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from pickle import PicklingError
from types import CodeType, FunctionType, ModuleType

import numpy as np
from joblib.hashing import NumpyHasher

import mmlib

from ..base import DataError


def describe(thing):
    """A short name for an estimator and how it is set: the same in every run, and its own.

    Raises
    ------
    DataError
        When the estimator holds something that cannot be told from another such thing.

    Examples
    --------
    >>> from sklearn.svm import SVC
    >>> from mmlib.evaluation.cache import describe
    >>> describe(SVC(C=1)) == describe(SVC(C=1)), describe(SVC(C=1)) == describe(SVC(C=2))
    (True, False)
    """
    try:
        return _Describer("sha256").hash(thing)[:24]
    except (PicklingError, TypeError, ValueError) as error:
        raise DataError(
            f"A {type(thing).__name__} cannot be told from another one ({error}): leave out "
            "`store`, or set the model up without it."
        ) from error


class _Describer(NumpyHasher):
    """Joblib's hash, which knows arrays and sets, but with code where that has only names.

    The bytes of cloudpickle would not do: they hold what differs from run to run, such as the
    order of a set, the place of a tensor in memory, and a random number for each class.
    """

    def reducer_override(self, thing):
        """What stands for a thing: a callable, its arguments, and content that may recur."""
        if thing is _stand_in:
            return NotImplemented
        if isinstance(thing, FunctionType):
            return _stand_in, (_name(thing),), _content(thing)
        if isinstance(thing, CodeType):  # two lambdas have one name, and a cell is edited
            return _stand_in, (), [thing.co_code, thing.co_names, thing.co_consts]
        if isinstance(thing, type):
            own = thing.__module__ == "__main__"
            return _stand_in, (_name(thing),), _members(thing) if own else _own_file(thing)
        if isinstance(thing, ModuleType):
            return _stand_in, (thing.__name__,)
        if isinstance(thing, dict):  # joblib would overlook what fails two dicts deep
            items = sorted(thing.items(), key=lambda item: str(item[0]))
            return _stand_in, (type(thing),), items
        if isinstance(thing, frozenset):
            return _stand_in, (), set(thing)
        if hasattr(thing, "get_params"):
            return type(thing), (), thing.get_params(deep=False)
        if hasattr(thing, "data_ptr"):  # a tensor
            return type(thing), (), thing.detach().cpu().numpy()
        return NotImplemented

    def memoize(self, thing):
        """Which equal tuples are one and the same differs from process to process."""
        if not isinstance(thing, tuple):
            super().memoize(thing)


def _stand_in():
    """Marks where a thing is written down in another way than joblib's."""


def _name(thing):
    return f"{thing.__module__}.{thing.__qualname__}"


def _content(function):
    """Code and settings, what a function encloses, and what it takes from its notebook."""
    settings = [function.__defaults__, function.__kwdefaults__]
    held = [cell.cell_contents for cell in function.__closure__ or ()]
    if function.__module__ == "__main__":
        found = {name: function.__globals__.get(name) for name in _names(function.__code__)}
        own = {k: v for k, v in found.items() if _is_plain(v) or _is_own(v)}
        return [function.__code__, settings, held, own]
    return [function.__code__, settings, held, _own_file(function)]


def _names(code):
    """All names that code looks up, also inside the functions that it makes."""
    inner = (_names(part) for part in code.co_consts if isinstance(part, CodeType))
    return set(code.co_names).union(*inner)


def _members(own_class):
    """Parents, functions, also those behind properties, and plain settings of a class."""
    own = {k: getattr(v, "__func__", getattr(v, "fget", v)) for k, v in vars(own_class).items()}
    kept = {
        k: v
        for k, v in own.items()
        if isinstance(v, FunctionType) or (k[:2] != "__" and _is_plain(v))
    }
    return [own_class.__bases__, kept]


def _is_own(value):
    return isinstance(value, (FunctionType, type)) and value.__module__ == "__main__"


def _is_plain(value):
    """A number, a text, or some of these."""
    if isinstance(value, (dict, list, tuple, set)):
        return all(map(_is_plain, value.values() if isinstance(value, dict) else value))
    return isinstance(value, (bool, int, float, str, np.generic, np.ndarray))


def _own_file(thing):
    """What the file holds that a thing comes from, unless it is that of an installed package."""
    module = sys.modules.get(thing.__module__)
    path = Path(getattr(module, "__file__", None) or "")
    if thing.__module__.partition(".")[0] in ("__main__", "mmlib") or path.suffix != ".py":
        return []
    if path.is_relative_to(sys.base_prefix) or "site-packages" in path.parts:
        return []
    try:
        return [key_of(path.read_text(encoding="utf-8", errors="replace"))]
    except OSError:
        return []


def versions():
    """What results depend on besides the code that asks: after an update they are made anew."""
    libraries = ("numpy", "scipy", "scikit-learn", "torch", "skorch", "chemotools")
    return [mmlib.__version__, *map(version, libraries)]


def key_of(thing):
    """A short name that belongs to this list or dict of numbers and texts alone."""
    text = json.dumps(thing, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def read_result(path):
    """A stored result, or None where there is none that can be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))["result"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_result(path, text):
    """Write a result whole or not at all, even if the power fails.

    Raises
    ------
    DataError
        When the disk is full, or the folder may not be written.
    """
    aside = None
    try:
        handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(aside, path)
    except OSError as error:
        if aside is not None:
            Path(aside).unlink(missing_ok=True)
        raise DataError(
            f"{path} cannot be written ({error.strerror or error}): make room, or name another "
            "folder, then run this again. What was fitted before is kept."
        ) from None


def open_store(folder):
    """The folder of results, made if need be.

    Raises
    ------
    DataError
        When it is a file, or cannot be made.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"{folder} is no folder that results can be kept in ({error.strerror or error}): move "
            "away what is there, or name another folder."
        ) from None
    return folder
