"""What a learner hands in: of which kind it is, as an array, and in words."""

import numbers
from decimal import Decimal

import numpy as np


def kind_of(answer):
    """What sort of answer is expected where this one is right."""
    if answer is None:
        return "any"
    if isinstance(answer, bool):
        return "bool"
    if isinstance(answer, numbers.Number | np.number):
        return "number"
    return "text" if isinstance(answer, str) else "array"


def plain(value):
    """As a numpy array of numbers or texts; None where it is no such thing."""
    try:
        array = np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)
        if array.dtype.kind == "O" and all(map(_is_exact, array.flat)):
            array = array.astype(float)
    except (TypeError, ValueError, RuntimeError, ArithmeticError):
        return None
    return array if array.dtype.kind in "biufcUS" else None


def _is_exact(value):
    """Whether it is a number that numpy keeps as an object, such as Fraction or Decimal."""
    return isinstance(value, numbers.Real | Decimal) and not isinstance(value, bool)


def is_text(answer):
    """Whether it is a text, or a few texts in a list."""
    if isinstance(answer, list | tuple | set | frozenset):
        return len(answer) > 0 and all(isinstance(part, str) for part in answer)
    return isinstance(answer, str)


def describe(value):
    """What was handed in, in words that are the same in every run."""
    if isinstance(value, str):
        return f'the text "{value[:40]}"'
    if isinstance(value, bool | np.bool_ | numbers.Number | np.number):
        return f"{value}"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {value.__name__}"
    if hasattr(value, "shape"):
        return f"an array of shape {tuple(value.shape)}"
    if isinstance(value, list | tuple | dict | set):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a {type(value).__name__}"
