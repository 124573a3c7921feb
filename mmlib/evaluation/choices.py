"""What models have chosen inside the folds: pretreatment, components, penalties, weights.

A fitted model tells by its attributes what its training part made it choose. These are collected
after each fit, and counted over the folds.
"""

from collections import Counter
from numbers import Real

import numpy as np
from sklearn.pipeline import FeatureUnion

from .wording import brief

WEIGHT = "weight of "
DEEP = 12  # levels of models within models
NUMBERS = {"penalty_": "penalty", "alpha_": "penalty", "sure_from_": "sure from"}
# Attributes, and what was chosen; of a sentence it says that itself.
TEXTS = {"choice_": "", "best_": "model", "kept_": "modalities kept"}


def choices_of(model):
    """What a fitted model has chosen, also in its parts.

    Parameters
    ----------
    model : fitted estimator

    Returns
    -------
    dict of str to str or float
        Such as ``{"spectrum": "SNV, centered, 15 components", "weight of image": 0.4}``.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import RidgeCV
    >>> from mmlib.evaluation.choices import choices_of
    >>> x = np.arange(12.0).reshape(-1, 1)
    >>> choices_of(RidgeCV(alphas=(0.1, 10)).fit(x, x[:, 0]))
    {'penalty': 0.1}
    """
    found = {}
    _collect(model, "", found, set(), 0)
    return found


def _collect(thing, of, found, seen, depth):
    if id(thing) in seen or depth > DEEP:
        return
    seen.add(id(thing))
    if isinstance(thing, dict):
        for name, part in thing.items():
            _collect(part, str(name), found, seen, depth + 1)
    elif isinstance(thing, (list, tuple)):
        for part in thing:
            _collect(part, of, found, seen, depth + 1)
    elif hasattr(thing, "get_params") and not isinstance(thing, type):
        for what, value in _own(thing, of):
            key, n = what, 2
            while key in found:
                key, n = f"{what} ({n})", n + 1
            found[key] = value
        parts = getattr(thing, "__dict__", {})
        if isinstance(thing, FeatureUnion):  # its parts are named by modality, steps are not
            parts = {"": dict(thing.transformer_list)}
        for name, part in parts.items():
            if name != "estimators_":  # of a forest
                _collect(part, of, found, seen, depth + 1)


def _own(model, of):
    """What this one has chosen, and not its parts."""
    last, held = f" of {of}" if of else "", getattr(model, "__dict__", {})
    for name, what in TEXTS.items():
        value = held.get(name)
        if isinstance(value, str):
            yield (f"{what}{last}" if what else of or "the model"), value.split(": ")[0].rstrip(".")
    for name, what in NUMBERS.items():
        value = held.get(name)
        if isinstance(value, Real):
            yield f"{what}{last}", float(value)
    weights = held.get("weights_")
    given = held.get("rule") == "mean" or isinstance(held.get("weights"), dict)
    if isinstance(weights, dict) and not given:
        for name, value in weights.items():
            if isinstance(value, Real):
                yield f"{WEIGHT}{name}", float(value)
    best = held.get("best_params_")
    for name, value in best.items() if isinstance(best, dict) else ():
        yield name, float(value) if isinstance(value, Real) else str(value)[:80]


def in_words(choices, most=3):
    """The choices of one model in all folds, counted.

    Parameters
    ----------
    choices : list of dict
        Of `choices_of`, one for each fold.
    most : int
        Different answers that are told.

    Returns
    -------
    dict of str to str
        What was chosen -> which, and how often.

    Examples
    --------
    >>> from mmlib.evaluation.choices import in_words
    >>> in_words([{"spectrum": "SNV"}, {"spectrum": "MSC"}, {"spectrum": "SNV"}])
    {'spectrum': 'SNV (2 of 3 folds), MSC (1 of 3 folds)'}
    >>> in_words([{"penalty": 0.1}, {"penalty": 0.3}, {"penalty": 0.2}])
    {'penalty': '0.2 (0.1 to 0.3)'}
    """
    found = {}
    for key in dict.fromkeys(key for fold in choices for key in fold):
        values = [fold[key] for fold in choices if key in fold]
        if all(isinstance(value, Real) for value in values):
            low, middle, high = np.quantile(values, [0, 0.5, 1])
            low, middle, high = map(brief, (low, middle, high))
            found[key] = f"{middle} ({low} to {high})" if low != high else middle
            continue
        counts = Counter(map(str, values)).most_common()
        said = [f"{text} ({_folds(n, len(choices))})" for text, n in counts[:most]]
        more = len(counts) - most
        found[key] = ", ".join(said) + f" and {more} other{'s' * (more > 1)}" * (more > 0)
    return found


def _folds(n, of):
    return f"all {of} folds" if n == of > 1 else f"{n} of {of} fold{'s' * (of > 1)}"
