"""Long runs that can be stopped: what is done is kept, and found again by what it came from.

A stored result must never be that of another model. A notebook's functions and classes are
told apart by their code and by what they take from the notebook; those of a file of one's own
by the content of that file; those of installed packages by name, since `versions` has the
versions of what models are made of. What a notebook gets by other ways, such as a file read
in `fit`, is not seen.
"""

import dis
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from types import CodeType, FunctionType

import joblib
import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

import mmlib

from ..base import DataError


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


def run_jobs(function, settings, folder, n_jobs=1, progress=None):
    """Call `function` with every setting, several at a time, and keep each result.

    Each result is a small file of its own in `folder`, written at once and whole. Stop the
    run when you like and start it again: what is done is read, not computed. Two runs may
    share a folder; at worst they compute a job twice, with the same result. An update of
    mmlib, scikit-learn or torch makes everything anew; after changing `function` itself, use
    another folder.

    Parameters
    ----------
    function : callable
        From keyword arguments to a dict of numbers and texts, or a list of such dicts
        (several rows). Defined in a module, so that other processes can import it.
    settings : sequence of dict
        Keyword arguments, numbers and texts (or dicts of these). What the result depends on
        must be among them, seeds too.
    folder : str or path
        Made if need be.
    n_jobs : int
        Calls at the same time, through joblib (-1: one for each core).
    progress : bool, optional
        A bar with the time left; by default only in a terminal.

    Returns
    -------
    pandas.DataFrame
        One row for each result, in the order of `settings`: the setting, then the result.

    Raises
    ------
    DataError
        When a job fails: which one, and why. All others that were done are kept.

    Examples
    --------
    >>> import tempfile
    >>> from mmlib.evaluation.cache import run_jobs
    >>> table = run_jobs(divmod_of, [{"a": 7, "b": 2}, {"a": 9, "b": 4}], tempfile.mkdtemp())
    >>> table["quotient"].tolist()
    [3, 2]
    """

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{_key(function, setting)}.json" for setting in settings]
    results = [read_result(path) for path in paths]
    todo = [i for i, found in enumerate(results) if found is None]
    # None is 1, unless a joblib context (Dask, say) was set around this call.
    runs = Parallel(n_jobs=None if n_jobs == 1 else n_jobs, return_as="generator")(
        delayed(_run)(function, settings[i], paths[i]) for i in todo
    )
    if sys.stderr.isatty() if progress is None else progress:
        from tqdm.auto import tqdm

        done = len(settings) - len(todo)
        runs = tqdm(runs, total=len(settings), initial=done, desc="jobs", leave=False)
    for i, result in zip(todo, runs, strict=True):
        results[i] = result
    rows = [
        _flat(setting) | row
        for setting, result in zip(settings, results, strict=True)
        for row in (result if isinstance(result, list) else [result])
    ]
    return pd.DataFrame(rows)


def divmod_of(a, b):
    """A job for the example: quotient and remainder."""
    return {"quotient": a // b, "remainder": a % b}


def _key(function, setting):
    """A name for the result: the same for the same function and setting."""
    try:
        return key_of([versions(), function.__module__, function.__qualname__, setting])
    except TypeError as error:
        raise DataError(
            f"Setting {setting!r} cannot be written as text ({error}): use numbers and words."
        ) from None


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


def _run(function, setting, path):

    try:
        with threadpool_limits(1):
            result = function(**setting)
        text = json.dumps({"setting": setting, "result": result})
    except Exception as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise DataError(f"The job {setting} failed: {said}") from error
    write_result(path, text)
    return json.loads(text)["result"]


def write_result(path, text):
    """Write a result whole or not at all, even if the power fails."""
    handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(aside, path)


def _flat(setting):
    """Nested settings as columns of their own."""
    flat = {}
    for name, value in setting.items():
        flat |= value if isinstance(value, dict) else {name: value}
    return flat
