"""Explaining by covering: which bands, which pixels, and how far that is from the truth.

Works for any fitted model with ``predict_proba``; nothing here looks inside.
"""

import numpy as np
import pandas as pd

from ..base import DataError


def occlude(model, X, what, fill, label=None):
    """How much probability goes when parts of the input are covered.

    Zeiler & Fergus (2014), doi:10.1007/978-3-319-10590-1_53.

    Parameters
    ----------
    model : fitted classifier
    X : mapping of str to array, samples first
    what : sequence of (str, index)
        What to cover, one after the other: a modality, and an index into one sample, such as
        ``slice(0, 10)`` or ``(slice(0, 6), slice(6, 12))``.
    fill : mapping of str to array
        What a sample shows where it is covered: one usual sample of each modality.
    label : optional
        The class asked about.

    Returns
    -------
    ndarray of shape (samples, len(what)), or (samples, len(what), classes) without a `label`

    Raises
    ------
    DataError
        When the model does not know the class.
    """
    column = slice(None)
    if label is not None:
        if label not in model.classes_:
            raise DataError(f"The model does not know the class {label!r}.")
        column = list(model.classes_).index(label)
    before = model.predict_proba(X)[:, column]
    drops = []
    for name, index in what:
        covered = np.array(X[name])
        if covered.dtype.kind in "iub" and not _is_picture(covered):
            covered = covered.astype(float)  # or the fill would be cut to a whole number
        index = index if isinstance(index, tuple) else (index,)
        covered[(slice(None), *index)] = np.asarray(fill[name])[index]
        after = model.predict_proba({key: X[key] if key != name else covered for key in X})
        drops.append(before - after[:, column])
    return np.stack(drops, axis=1)


def occlude_tokens(model, X, modality, usual):
    """How much each probability falls when one token is replaced by the usual one.

    Parameters
    ----------
    model : classifier with ``predict_proba``, or a pipeline that ends in one
        Fitted. Of a pipeline, the steps before the last make the tokens.
    X : mapping of str to array, samples first
    modality : str
        Whose tokens are replaced, one after the other.
    usual : mapping of str to array, samples first
        Say the training samples: the mean of their tokens is put in.

    Returns
    -------
    ndarray of shape (samples, tokens, classes)
        Probability with the token minus probability without it.

    Raises
    ------
    DataError
        When that modality does not consist of tokens.

    References
    ----------
    Zeiler & Fergus (2014), doi:10.1007/978-3-319-10590-1_53.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.explain.occlusion import occlude_tokens
    >>> class Reader:  # only looks at token 1
    ...     def predict_proba(self, X):
    ...         return np.stack([X["a"][:, 1, 0], 1 - X["a"][:, 1, 0]], axis=1)
    >>> sample, usual = {"a": np.full((1, 3, 1), 0.75)}, {"a": np.full((4, 3, 1), 0.25)}
    >>> occlude_tokens(Reader(), sample, "a", usual)[..., 0].tolist()
    [[0.0, 0.5, 0.0]]
    """
    if hasattr(model, "steps"):
        X, usual, model = model[:-1].transform(X), model[:-1].transform(usual), model[-1]
    if modality not in X:
        raise DataError(f"The model sees no tokens of {modality!r}, but {', '.join(X)}.")
    tokens = np.asarray(X[modality])
    if tokens.ndim != 3:
        raise DataError(
            f"{modality!r} has shape {tokens.shape}, which are no tokens: use `on_tokens`."
        )
    usual = {modality: np.asarray(usual[modality]).mean(0)}
    return occlude(model, X, [(modality, place) for place in range(tokens.shape[1])], usual)


def squares(height, width, size):
    """Squares that cover a picture: a list of (rows, columns), slices both.

    Examples
    --------
    >>> from mmlib.explain.occlusion import squares
    >>> len(squares(48, 48, 6)), squares(48, 48, 6)[-1]
    (64, (slice(42, 48, None), slice(42, 48, None)))
    """
    return [
        (slice(top, min(top + size, height)), slice(left, min(left + size, width)))
        for top in range(0, height, size)
        for left in range(0, width, size)
    ]


def paint(values, places, shape):
    """A map ``(samples, *shape)``: each place carries its value from ``(samples, places)``."""
    painted = np.zeros((len(values), *shape))
    for k, place in enumerate(places):
        place = place if isinstance(place, tuple) else (place,)
        painted[(slice(None), *place)] = values[:, k].reshape(-1, *[1] * len(shape))
    return painted


def usual_sample(X):
    """One usual sample of each modality: the mean of each band, the mean color of pictures.

    Parameters
    ----------
    X : mapping of str to array, samples first
        Of the training part.

    Returns
    -------
    dict of str to ndarray
        To cover things with, in `occlude`: each shaped like one sample, pictures of bytes
        rounded.

    Examples
    --------
    >>> from mmlib.explain.occlusion import usual_sample
    >>> X = {"image": np.array([[[[10]], [[30]]], [[[20]], [[20]]]], np.uint8)}
    >>> usual_sample(X)["image"].ravel().tolist()
    [20.0, 20.0]
    """
    usual = {}
    for name, x in X.items():
        mean = x.mean(axis=(0, 1, 2) if x.ndim == 4 else 0)
        usual[name] = np.broadcast_to(mean.round() if _is_picture(x) else mean, x.shape[1:])
    return usual


def _is_picture(x):
    """Pictures of bytes stay bytes; a table of bytes is a table."""
    return x.dtype == np.uint8 and x.ndim > 2


def cover_map(model, X, name, places, usual, label):
    """`occlude` for places of one modality, painted where they lie.

    Parameters
    ----------
    model, X, label
        As for `occlude`.
    name : str
        The modality.
    places : sequence of index
        Such as slices of a spectrum, or what `squares` gives.
    usual : mapping of str to array
        What is put in the place, such as `usual_sample` gives.

    Returns
    -------
    ndarray of shape (samples, bands) or (samples, height, width)
        How much probability of the class goes where a place is covered.

    Raises
    ------
    DataError
        When the model does not know the class.
    """
    drops = occlude(model, X, [(name, place) for place in places], usual, label)
    return paint(drops, places, np.shape(X[name])[1:3])


def on_target(importance, truth):
    """How much of an explanation lies where the truth is, and how much would by chance.

    Parameters
    ----------
    importance : array-like of shape (samples, ...)
        One number for each band or pixel; the sign is dropped.
    truth : array-like of bool, the same shape, or that of one sample

    Returns
    -------
    dict of str to float
        "share" of the importance on the truth; "area", the share of bands or pixels that
        are true, which is what a blind explanation gets; "hits", how often the most
        important place is true.

    Raises
    ------
    DataError
        When the shapes differ.

    Examples
    --------
    >>> from mmlib.explain.occlusion import on_target
    >>> on_target([[0, 3, 1, 0]], [[False, True, False, False]])
    {'share': 0.75, 'area': 0.25, 'hits': 1.0}
    """
    importance = np.abs(np.asarray(importance, float))
    truth = np.asarray(truth, bool)
    if truth.shape not in (importance.shape, importance.shape[1:]):
        raise DataError(
            f"The importance has shape {importance.shape} and the truth {truth.shape}: they must "
            "speak of the same bands or pixels."
        )
    truth = np.broadcast_to(truth, importance.shape).reshape(len(importance), -1)
    importance = importance.reshape(len(importance), -1)
    total = importance.sum(1)
    share = np.divide((importance * truth).sum(1), total, where=total > 0, out=truth.mean(1))
    hits = truth[np.arange(len(truth)), importance.argmax(1)]
    return {
        "share": float(share.mean()),
        "area": float(truth.mean()),
        "hits": float(hits.mean()),
    }


def score_maps(maps, truth):
    """`on_target` for several explanations, in percent.

    Parameters
    ----------
    maps : mapping of str to array-like of shape (samples, ...)
    truth : array-like of bool
        As for `on_target`.

    Returns
    -------
    pandas.DataFrame
        One row for each explanation; columns "share", "area", "hits".

    Examples
    --------
    >>> from mmlib.explain.occlusion import score_maps
    >>> score_maps({"net": [[0, 3, 1, 0]]}, [False, True, False, False]).loc["net"].tolist()
    [75.0, 25.0, 100.0]
    """

    return 100 * pd.DataFrame({name: on_target(x, truth) for name, x in maps.items()}).T
