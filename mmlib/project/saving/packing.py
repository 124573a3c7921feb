"""A fitted estimator as plain data, along the table of `mmlib.project.saving.kinds`.

Numbers, texts, lists, dicts and numbered arrays; `mmlib.project.saving.rebuilding` is the way back.
"""

from functools import partial

import numpy as np
from scipy import sparse

from .kinds import NAMED
from .model_file import TYPES
from .rebuilding import line_of, tables


class CannotSave(Exception):
    """The message says what is in the way."""


def state_of(model):
    """A fitted model as plain data.

    Parameters
    ----------
    model : estimator

    Returns
    -------
    node : dict
        What `json` can write; arrays are in it by number.
    arrays : list of ndarray

    Raises
    ------
    CannotSave
        When the table does not know something in it.

    Examples
    --------
    >>> from mmlib.data.mapping import Select
    >>> from mmlib.project.saving.packing import state_of
    >>> from mmlib.project.saving.rebuilding import rebuilt
    >>> node, arrays = state_of(Select("spectrum"))
    >>> node
    {'kind': 'Select', 'settings': {'modality': 'spectrum'}, 'state': {}}
    >>> rebuilt(node, arrays)
    Select(modality='spectrum')
    """
    arrays = []
    return _pack(model, arrays, "it"), arrays


def _pack(value, arrays, where):
    pack = partial(_pack, arrays=arrays, where=where)
    if value is None or isinstance(value, (bool, np.bool_)):
        return None if value is None else bool(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, np.float64):
        return {"float64": float(value)}
    if isinstance(value, float):
        return value
    if isinstance(value, list):
        return [pack(item) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [pack(item) for item in value]}
    if isinstance(value, dict):
        return {"map": [[pack(name), pack(item)] for name, item in value.items()]}
    if isinstance(value, np.generic):
        return {"scalar": _pack_array(np.asarray(value), arrays, where)}
    if isinstance(value, np.ndarray):
        return _pack_array(value, arrays, where)
    if isinstance(value, sparse.csr_array):
        parts = [pack(part) for part in (value.data, value.indices, value.indptr)]
        return {"sparse": [list(value.shape), *parts]}
    if callable(value) and (isinstance(value, (type, partial)) or not hasattr(value, "fit")):
        return _pack_name(value, pack, where)
    return _pack_estimator(value, arrays, where)


def _pack_array(x, arrays, where):
    if x.dtype.kind in "OU":
        texts = x.ravel().tolist()
        if x.ndim != 1 or not all(isinstance(text, str) for text in texts):
            raise CannotSave(f"{where} is an array of {x.dtype}, which is neither numbers nor text")
        return {"texts": texts, "object": x.dtype.kind == "O"}
    x = x.astype(x.dtype.newbyteorder("="), copy=False)
    if not any(np.dtype(kind) == x.dtype for kind in TYPES.values()):
        raise CannotSave(f"{where} is an array of {x.dtype}")
    # Column by column in memory, as parts of singular vectors are: sums differ by the order.
    turned = not x.flags.c_contiguous and x.strides[0] < x.strides[-1]
    arrays.append(x.T if turned else x)
    return {"array": len(arrays) - 1, "turned": bool(turned)}


def _pack_name(value, pack, where):
    inner, options = value, {}
    if isinstance(value, partial) and not value.args:
        inner, options = value.func, value.keywords
    for named in (lambda: NAMED, tables):  # the second loads torch, which linear models do without
        for table in named().values():
            for name, thing in table.items():
                if thing is inner:
                    return {"name": name, "options": pack(options)}
    raise CannotSave(f"{where} is {getattr(value, '__name__', type(value).__name__)}")


def _pack_estimator(value, arrays, where):
    name = type(value).__name__
    line = line_of(name)
    if line is None or line.cls is not type(value):
        raise CannotSave(f"{where} is a {name} of {type(value).__module__}")
    given = {key: getattr(value, key) for key in line.settings}
    given |= {key: getattr(value, key) for key in line.options(given) if hasattr(value, key)}
    state = {key: found for key, found in line.take(value).items() if key not in given}
    usual = set(vars(line.cls(**given))) - set(line.slots)  # which the constructor sets
    odd = [key for key in state if key not in line.slots and key not in usual]
    if odd:
        raise CannotSave(f"the {name} in it has {odd[0]!r}, which is not kept")
    kept = {key: state[key] for key in state if key in line.slots}
    packed = [
        {key: _pack(part, arrays, f"{name}.{key}") for key, part in parts.items()}
        for parts in (given, kept)
    ]
    return {"kind": name, "settings": packed[0], "state": packed[1]}
