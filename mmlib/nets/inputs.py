"""What a net is given: the wanted modalities as checked arrays, and how they are scaled."""

import numpy as np

from ..base import DataError, varies
from ..data.mapping import Samples, check_samples
from ..features.words import is_text


def read_inputs(X, modalities=None, y=None, groups=None, shapes=None):
    """The wanted modalities of `X` as arrays in sorted order of their names, checked.

    Parameters
    ----------
    X : mapping of str to array, samples first
    modalities : str or sequence of str, optional
        All of `X` where nothing is said.
    y, groups : array-like of shape (samples,), optional
        What must have a row for each sample.
    shapes : mapping of str to tuple, optional
        Modality -> shape that a sample must have, that of the training samples.

    Returns
    -------
    Samples
        Pictures of bytes as they are, all else in double precision.

    Raises
    ------
    DataError
        When a modality is missing or empty, holds texts or NaN, has another shape than in
        training, or numbers of samples differ.

    Examples
    --------
    >>> from mmlib.nets.inputs import read_inputs
    >>> read_inputs({"size": [[1, 2]], "notes": ["big"]}, "size")
    {'size': array([[1., 2.]])}
    """
    X, _, _ = check_samples(X, y, groups, modalities)
    if not list(X):
        raise DataError("There is no modality to use: X or `modalities` is empty.")
    arrays = {}
    for name in sorted(X):
        x = X[name]
        if not len(x):
            raise DataError(f"{name!r} holds no sample.")
        if is_text(x.shape[1:]) and x.dtype.kind in "OU":
            raise DataError(
                f"{name!r} holds texts, and a net takes numbers: put "
                "mmlib.features.blocks.feature_blocks before it in a pipeline."
            )
        x = x if x.dtype == np.uint8 else x.astype(float, copy=False)
        if shapes is not None and x.shape[1:] != shapes[name]:
            raise DataError(
                f"The samples of {name!r} have shape {x.shape[1:]}, but the model was trained "
                f"on {shapes[name]}: bring them to the same bands or pixels."
            )
        bad = ~np.isfinite(x).reshape(len(x), -1).all(1) if x.dtype != np.uint8 else [False]
        if np.any(bad):
            raise DataError(
                f"{name!r} holds NaN or infinite values, the first in row "
                f"{np.flatnonzero(bad)[0]}: fill or drop these samples."
            )
        arrays[name] = x
    return Samples(arrays)


def center_and_scale(x):
    """Mean and standard deviation of each column, or of each color of a picture."""
    axes = tuple(range(x.ndim - 1))
    center, scale = x.mean(axes, dtype=np.float64), x.std(axes, dtype=np.float64)
    return center, np.where(varies(x), scale, 1)


def as_given(x):
    """A center of 0 and a scale of 1, for what must stay as it is, such as word codes."""
    return np.zeros(x.shape[-1:]), np.ones(x.shape[-1:])


def as_many_at_once(shapes, most=256):
    """Samples in a batch that is only looked at: fewer where they are large, for memory's sake.

    Examples
    --------
    >>> from mmlib.nets.inputs import as_many_at_once
    >>> as_many_at_once([(48, 48, 3), (211,)]), as_many_at_once([(400, 600, 3)])
    (256, 23)
    """
    values = sum(np.prod(shape, dtype=int) for shape in shapes)
    return int(max(1, min(most, 2**24 // values)))
