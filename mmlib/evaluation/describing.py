"""What tells one model from another, so that a stored result is never that of another model.

A notebook's functions and classes are told apart by their code and by what they take from
the notebook; those of a file of one's own by the content of that file; those of installed
packages by name, since `mmlib.evaluation.jobs.versions` has the versions of what models are
made of. What a notebook gets by other ways, such as a file read in `fit`, is not seen.
"""

import dis
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType

import joblib
import numpy as np
import pandas as pd

from ..base import DataError
from .jobs import key_of


def describe(thing):
    """What an estimator is and how it is set, as lists and texts: the same in every run."""
    if isinstance(thing, (bool, int, float, str, type(None))):
        return thing
    if isinstance(thing, np.generic):
        return thing.item()
    if isinstance(thing, np.ndarray):
        return [str(thing.dtype), list(thing.shape), key_of(thing.ravel().tolist())]
    if isinstance(thing, (list, tuple)):
        return [describe(item) for item in thing]
    if isinstance(thing, Mapping):
        return [[str(key), describe(value)] for key, value in thing.items()]
    if isinstance(thing, (set, frozenset)):  # their order differs from run to run
        return sorted((describe(item) for item in thing), key=str)
    if isinstance(thing, partial):
        return ["partial", describe(thing.func), describe(thing.args), describe(thing.keywords)]
    if isinstance(thing, FunctionType):
        cells = zip(thing.__code__.co_freevars, thing.__closure__ or (), strict=True)
        held = {k: c.cell_contents for k, c in cells if k not in ("__class__", thing.__name__)}
        settings = [describe(thing.__defaults__), describe(thing.__kwdefaults__), describe(held)]
        if thing.__module__ == "__main__":
            settings += [[name, value] for name, value in _around(thing).items()]
        name = f"{thing.__module__}.{thing.__qualname__}"
        return [name, describe(thing.__code__), settings, *_own_file(thing)]
    if isinstance(thing, CodeType):  # two lambdas have one name, and a notebook's cell is edited
        return [thing.co_code.hex(), list(thing.co_names), describe(thing.co_consts)]
    if isinstance(thing, type) and thing.__module__ == "__main__":
        return [thing.__qualname__, describe(thing.__bases__), describe(_members(thing))]
    if hasattr(thing, "get_params") and not isinstance(thing, type):
        return [describe(type(thing)), describe(thing.get_params(deep=False))]
    if hasattr(thing, "__qualname__"):
        own, name = _own_file(thing), f"{thing.__module__}.{thing.__qualname__}"
        return [name, *own] if own else name
    if hasattr(thing, "state_dict"):
        weights = {name: w.detach().cpu().numpy() for name, w in thing.state_dict().items()}
        return [describe(type(thing)), repr(thing), describe(weights)]
    if hasattr(thing, "detach"):
        return [describe(type(thing)), describe(thing.detach().cpu().numpy())]
    # The rest by its attributes or its content, never by where it happens to lie in memory.
    attributes = getattr(thing, "__dict__", None)
    if attributes and not isinstance(thing, (pd.DataFrame, pd.Series)):
        return [describe(type(thing)), describe(attributes)]
    try:
        return [describe(type(thing)), joblib.hash(thing)]
    except Exception as error:
        if attributes is not None:
            return [describe(type(thing)), []]
        raise DataError(
            f"A {type(thing).__name__} in a model cannot be told from another one: leave out "
            "`store`, or set the model up without it."
        ) from error


def _around(function):
    """What a notebook's function takes from its notebook: constants, and functions it calls."""
    found, codes = {}, [function.__code__]
    while codes:
        code = codes.pop()
        codes += [part for part in code.co_consts if isinstance(part, CodeType)]
        for step in dis.get_instructions(code):
            value = function.__globals__.get(step.argval) if step.opname == "LOAD_GLOBAL" else None
            if value is None or step.argval in found:
                continue
            if isinstance(value, FunctionType) and value.__module__ == "__main__":
                found[step.argval] = describe([value.__code__, value.__defaults__])
                codes.append(value.__code__)
            elif isinstance(value, type) and value.__module__ == "__main__":
                own = {k: getattr(v, "__code__", v) for k, v in _members(value).items()}
                found[step.argval] = describe(own)  # its code: methods may name the class itself
                codes += [v for v in own.values() if isinstance(v, CodeType)]
            elif _is_plain(value):
                found[step.argval] = describe(value)
    return found


def _members(own_class):
    """Functions, also those behind properties, and plain settings of a notebook's class."""
    own = {k: getattr(v, "__func__", getattr(v, "fget", v)) for k, v in vars(own_class).items()}
    return {
        k: v
        for k, v in own.items()
        if isinstance(v, FunctionType) or (k[:2] != "__" and _is_plain(v))
    }


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


def _is_plain(value):
    """A number, a text, or some of these."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(item) for key, item in value.items())
    if isinstance(value, (tuple, list)):
        return all(isinstance(item, (bool, int, float, str)) for item in value)
    return isinstance(value, (bool, int, float, str, np.generic, np.ndarray))
