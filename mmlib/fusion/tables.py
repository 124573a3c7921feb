"""Tables whose rows belong together: what alignment checks before it starts."""

import numpy as np

from ..data import DataError


def read_tables(X, at_least=1, columns=None):
    """Check tables, and bring them to floats in a sorted order.

    Parameters
    ----------
    X : mapping of str to array, samples first
        Samples of any shape become rows.
    at_least : int
        Tables that are needed.
    columns : mapping of str to int, optional
        Tables that were there in training, and their columns.

    Returns
    -------
    dict of str to ndarray of shape (samples, columns)

    Raises
    ------
    DataError
        When `X` is no mapping, has too few tables, one that was not there in training or
        had other columns, or one without rows or with numbers that are not finite.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.tables import read_tables
    >>> read_tables({"image": np.zeros((3, 8, 8, 3))})["image"].shape
    (3, 192)
    """
    if not hasattr(X, "keys"):
        raise DataError(
            f"X is a {type(X).__name__}: it must be a mapping from modality name to table."
        )
    names = sorted(X)
    odd = [name for name in names if columns is not None and name not in columns]
    if odd:
        raise DataError(
            f"Modality {odd[0]!r} was not there in training, only {', '.join(columns)}."
        )
    if len(names) < at_least:
        raise DataError(
            f"X has {', '.join(names) or 'no modality'}: at least {at_least} are needed."
        )
    tables = {}
    for name in names:
        x = np.asarray(X[name], float)
        if x.ndim < 2 or not x.size:
            raise DataError(f"{name!r} has shape {x.shape}: a table with rows is needed.")
        tables[name] = x = x.reshape(len(x), -1)
        bad = np.flatnonzero(~np.isfinite(x).all(1))
        if len(bad):
            raise DataError(
                f"{name!r} holds NaN or infinite values, the first in row {bad[0]}: "
                "fill or drop these samples."
            )
        if columns is not None and x.shape[1] != columns[name]:
            raise DataError(
                f"{name!r} has {x.shape[1]} columns, but there were {columns[name]} in training."
            )
    return tables


def check_paired(tables):
    """Return the tables, or raise `DataError` where their rows cannot be paired.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.tables import check_paired
    >>> sorted(check_paired({"a": np.zeros((3, 2)), "b": np.zeros((3, 5))}))
    ['a', 'b']
    """
    lengths = {name: len(x) for name, x in tables.items()}
    if len(set(lengths.values())) > 1:
        raise DataError(f"Numbers of samples differ, so that rows cannot be paired: {lengths}.")
    return tables
