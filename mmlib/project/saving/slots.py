"""What a place in a saved model may hold, and how a line of the table says it.

A line is a class and the attributes that a fit leaves in it, ``name:what`` for each; settings are
the arguments of the constructor. What a value may be::

    number, whole, truth, text   a single one
    f(k, p)                      an array of finite floats, without blanks; a letter is the same
                                 number throughout the estimator; ``f~`` may hold NaN
    i(k), b(k), labels(k)        whole numbers, truth values, labels of any kind
    array, bytes, sparse         numbers of any shape; uint8 in rows; a sparse table
    #p, none?                    a whole number: that of the letter; None only
    plain                        numbers, texts, arrays, and lists, tuples and dicts of them
    any, PCA                     an estimator of any line; of this line
    {any}, [any], steps          a dict by name, a list, the steps of a pipeline
    @function                    a function of a table in this package, by its name there
    a|b, a?                      one or the other; or None

The lines are in `mmlib.project.saving.kinds` and, for nets, in `mmlib.project.saving.net_kinds`.
"""

import inspect
import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import sparse

LARGEST_SIZE = 100_000_000
PLAIN = {"number": (int, float, np.floating), "whole": int, "truth": bool, "text": str}
HOW = ("memory", "n_jobs", "verbose")  # settings of the computer at hand, not of the model
EVERYWHERE = "n_features_in_:#p feature_names_in_:labels(p)"


class Kind(NamedTuple):
    """A line of the table.

    Attributes
    ----------
    cls : type
    settings : list of str
        Arguments of its constructor that are kept.
    slots : dict of str to str
        What each attribute, or argument, may hold; an argument that is not named, "plain".
    take : callable
        From an estimator to its attributes, without those that cannot be stored as they are.
    put : callable
        From an estimator, built anew, and checked attributes to the fitted estimator.
    options : callable
        From settings to names of further settings, which belong to parts of a net.
    """

    cls: type
    settings: list
    slots: dict
    take: Callable = vars
    put: Callable = lambda estimator, state: vars(estimator).update(state)
    options: Callable = lambda settings: ()


def kind(cls, slots="", **ways):
    """A line: a class, and what it keeps, as ``name:what`` with blanks between them."""
    takes = inspect.signature(cls).parameters.values()
    settings = [p.name for p in takes if p.kind != p.VAR_KEYWORD and p.name not in HOW]
    held = dict(slot.split(":", 1) for slot in f"{EVERYWHERE} {slots}".split())
    return Kind(cls, settings, held, **ways)


def require(fits, what):
    """Raise a `ValueError` where numbers of a model do not belong together."""
    if not fits:
        raise ValueError(what)


def fits(value, what, sizes):
    """Whether a plain value is what a line says; binds letters that are not bound yet."""
    if what == "plain":
        return True
    if what[0] == "#":
        return type(value) is int and 0 <= value <= LARGEST_SIZE and _bind(what[1], value, sizes)
    if what == "array":
        return isinstance(value, np.ndarray) and value.dtype.kind in "fi"
    if what in ("number", "whole", "truth", "text"):
        return isinstance(value, PLAIN[what]) and (what == "truth" or not isinstance(value, bool))
    if what == "bytes":
        return isinstance(value, np.ndarray) and value.dtype == np.uint8 and value.ndim == 2
    if what == "sparse":
        return isinstance(value, sparse.csr_array)
    found = re.fullmatch(r"(f~?|i|b|labels)\((.*)\)", what)
    if found is None or not isinstance(value, np.ndarray):
        return False
    kinds = {"f": "f", "i": "i", "b": "b", "l": "iufbUO"}[what[0]]
    letters = found[2].split(",")
    return (
        value.dtype.kind in kinds
        and value.ndim == len(letters)
        and all(_bind(*pair, sizes) for pair in zip(letters, value.shape, strict=True))
    )


def _bind(letter, size, sizes):
    return letter == "*" or sizes.setdefault(letter, size) == size
