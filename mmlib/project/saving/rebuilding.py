"""The way back from plain data to a fitted estimator, along the table `kinds`.

Every class is a line of the table that is allowed at that place, every attribute is one that the
line names, and every value is checked by what the line says of it. Estimators are built by their
constructors; no name in the data is ever imported, looked up in a module, or called.
"""

from functools import partial
from inspect import signature

import numpy as np
from scipy import sparse

from .. import saving  # whose `net_kinds`, which takes torch, is loaded for nets alone
from .kinds import KINDS, NAMED
from .slots import fits

MOST_ESTIMATORS, MOST_NETS, DEEPEST, MOST_LETTERS = 5000, 50, 60, 2**24
LARGEST = 1_000_000  # of a whole number among settings: some ask for as much memory


def rebuilt(node, arrays):
    """The model that `state_of` described.

    Parameters
    ----------
    node : dict
    arrays : list of ndarray

    Returns
    -------
    estimator

    Raises
    ------
    Exception
        Of many kinds, where the data do not describe a model; nothing has happened then.
    """
    reader = _Reader(arrays)
    model = reader.read(node, "any", {}, "the model")
    if reader.unused:
        raise ValueError("an array belongs nowhere")
    return model


def line_of(name):
    """The line of the table for a class of this name, or None."""
    return KINDS.get(name) or saving.net_kinds.KINDS.get(name)


def tables():
    """Functions and classes that a setting may name, by the kind of setting."""
    return NAMED | saving.net_kinds.NAMED


class _Reader:
    """Reads one model; knows which arrays are still to be used, and how much was built."""

    def __init__(self, arrays):
        self.unused = dict(enumerate(arrays))
        self.estimators = self.nets = self.depth = self.letters = 0

    def read(self, node, what, sizes, where):
        """What stands at a place where `what` may stand; letters are bound in `sizes`."""
        if what.endswith("?"):
            if node is None:
                return None
            what = what[:-1]
        read = partial(self.read, sizes=sizes, where=where)
        if what[0] == "{":
            return {_text(key): read(item, what[1:-1]) for key, item in _only(node, "map")}
        if what[0] == "[":
            return [read(item, what[1:-1]) for item in _list(node)]
        if what == "steps":
            return [self._step(item, where) for item in _list(node)]
        if what[0] == "@":
            return self._function(node, what[1:], where)
        if isinstance(node, dict) and "kind" in node:
            return self._estimator(node, what.split("|"), where)
        value = self._plain(node, where, gaps="f~" in what)
        if not any(fits(value, option, sizes) for option in what.split("|")):
            raise ValueError(where)
        return value

    def _step(self, node, where):
        name, part = _only(node, "tuple")
        known = part in ("passthrough", "drop", None) if not isinstance(part, dict) else False
        return _text(name), part if known else self.read(part, "any", {}, where)

    def _function(self, node, table, where):
        named = NAMED.get(table) or tables()[table]
        if isinstance(node, str) and node in named:
            return node
        if set(node) != {"name", "options"}:
            raise ValueError(where)
        options = self._plain(node["options"], where)
        thing = named[_text(node["name"])]
        if not isinstance(options, dict) or not set(options) <= set(signature(thing).parameters):
            raise ValueError(where)
        _modest(options, where)
        return partial(thing, **options) if options else thing

    def _estimator(self, node, allowed, where):
        if set(node) != {"kind", "settings", "state"}:
            raise ValueError(where)
        name = _text(node["kind"])
        line = line_of(name)
        if line is None or not {"any", name} & set(allowed):
            raise ValueError(f"{where}, where {name[:40]!r} has no place")
        self.estimators, self.depth = self.estimators + 1, self.depth + 1
        self.nets += "weights_" in node["state"]
        if self.estimators > MOST_ESTIMATORS or self.nets > MOST_NETS or self.depth > DEEPEST:
            raise ValueError("more estimators than any model has")
        sizes, settings = {}, {}
        for names in (lambda: line.settings, lambda: line.options(settings)):
            for key in names():  # those of the table, not those of the file
                if key in node["settings"]:
                    what, at = line.slots.get(key, "plain"), f"{name}.{key}"
                    settings[key] = self.read(node["settings"][key], what, sizes, at)
                    if what == "plain" and key != "random_state":
                        _modest(settings[key], at)
        for part, known in (("settings", settings), ("state", line.slots)):
            odd = [key for key in node[part] if key not in known]
            if odd:
                raise ValueError(f"{name}, of which {odd[0][:40]!r} is not known")
        estimator = line.cls(**settings)
        if hasattr(estimator, "_parameter_constraints"):  # scikit-learn's own check of settings
            estimator._validate_params()
        state = {
            key: self.read(node["state"][key], what, sizes, f"{name}.{key}")
            for key, what in line.slots.items()
            if key in node["state"] and key not in settings
        }
        line.put(estimator, state)
        self.depth -= 1
        return estimator

    def _plain(self, node, where, gaps=False):
        """Numbers, texts and arrays; finite, unless there may be gaps."""
        plain = partial(self._plain, where=where, gaps=gaps)
        if isinstance(node, list):
            return [plain(item) for item in node]
        if not isinstance(node, dict):
            return node
        if set(node) == {"array", "turned"}:
            x = self.unused.pop(_whole(node["array"]))
            if x.dtype.kind == "f" and not gaps and not np.isfinite(x).all():
                raise ValueError(f"{where}, which has NaN or infinite numbers")
            return x.T if node["turned"] is True else x
        if set(node) == {"texts", "object"}:
            texts = [_text(text) for text in _list(node["texts"])]
            self.letters += max(map(len, texts), default=1) * len(texts)  # each as wide as all
            if self.letters > MOST_LETTERS:
                raise ValueError(f"{where}, which takes too much room")
            return np.array(texts, dtype=object if node["object"] is True else str)
        if set(node) == {"sparse"}:
            shape, *parts = node["sparse"]
            data, indices, indptr = (plain(part) for part in parts)
            made = sparse.csr_array((data, indices, indptr), tuple(map(_whole, shape)))
            made.check_format(full_check=True)  # compiled code would follow any index
            return made
        ((tag, inner),) = node.items()
        if tag == "float64" and isinstance(inner, float):
            return np.float64(inner)
        if tag == "scalar":
            return plain(inner).reshape(())[()]
        if tag == "tuple":
            return tuple(plain(item) for item in _list(inner))
        if tag == "map":
            found = {plain(key): plain(item) for key, item in _list(inner)}
            if len(found) == len(inner):
                return found
        raise ValueError(where)


def _modest(value, where):
    """Settings ask for no more than a computer can do."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            _modest(item, where)
    elif isinstance(value, int) and abs(value) > LARGEST:
        raise ValueError(f"{where}, which is {value}")


def _only(node, tag):
    if not isinstance(node, dict) or set(node) != {tag}:
        raise ValueError(f"a {tag} is missing")
    return _list(node[tag])


def _list(node):
    if not isinstance(node, list):
        raise ValueError("a list is missing")
    return node


def _text(node):
    if not isinstance(node, str):
        raise ValueError("a text is missing")
    return node


def _whole(node):
    if type(node) is not int or node < 0:
        raise ValueError("a number is missing")
    return node
