"""What can be wrong with a table of samples, each fault said in one sentence.

Every function here returns what it was given, in a tidy form, or raises
`DataError` with what is wrong, where, and what to do. Nothing is repaired in
silence.
"""

import numpy as np
from sklearn.utils.multiclass import type_of_target

from ..base import DataError
from .mapping import check_samples, same_rows


def join(X, y, groups, ids):
    """Bring every modality into the row order of `y`."""
    if y.ndim != 1:
        raise DataError(f"y has shape {y.shape}: it must hold one value for each sample.")
    n = len(y)
    if groups is not None:
        if groups.ndim != 1:
            raise DataError(
                f"groups has shape {groups.shape}: it must hold one value for each sample."
            )
        same_rows({}, y=y, groups=groups)
        empty = _is_empty(groups)
        if empty.any():
            row = int(np.flatnonzero(empty)[0])
            raise DataError(
                f"groups has no value in row {row}: name the group of every sample, "
                "a group of its own where it has none."
            )
    tables = ids if hasattr(ids, "items") else None
    for key, value in X.items():
        if tables is None and len(value) != n:
            raise DataError(
                f"{key!r} has {len(value)} samples but y has {n}: give the ids of each "
                "table (ids={...}) so that the rows can be joined."
            )
    if tables is None:
        ids = np.arange(n).astype(str) if ids is None else _check_ids("ids", ids, n)
        return X, ids
    for key in [*X, "y"]:
        if key not in tables:
            raise DataError(f"ids has no entry for {key!r}: every table needs its own.")
    wanted = _check_ids("y", tables["y"], n)
    joined = {}
    for key, value in X.items():
        have = _check_ids(key, tables[key], len(value))
        row = {sample: i for i, sample in enumerate(have)}
        missing = [sample for sample in wanted if sample not in row]
        extra = sorted(set(have) - set(wanted))
        if missing or extra:
            fault = "lacks" if missing else "has the unknown"
            names = (missing or extra)[:5]
            raise DataError(
                f"{key!r} {fault} id(s) {', '.join(map(str, names))} "
                f"({len(missing)} missing, {len(extra)} unknown): every sample needs one row "
                "in every table; add them, or leave these samples out of all tables."
            )
        joined[key] = value[[row[sample] for sample in wanted]]
    return joined, wanted


def _check_ids(table, ids, n):
    ids = np.asarray(ids)
    if len(ids) != n:
        raise DataError(f"{table!r} has {n} rows but {len(ids)} ids.")
    empty = _is_empty(ids)
    if empty.any():
        raise DataError(
            f"The id in row {np.flatnonzero(empty)[0]} of {table!r} is empty: give every row one."
        )
    ids = ids.astype(str)
    values, counts = np.unique(ids, return_counts=True)
    if (counts > 1).any():
        twice = values[counts > 1][0]
        rows = np.flatnonzero(ids == twice)[:2]
        raise DataError(
            f"The id {str(twice)!r} stands twice in {table!r} (rows {rows[0]} and {rows[1]}): "
            "ids must be unique; rename one or average the two."
        )
    return ids


def _is_empty(values):
    """Where a list of names has no name: None, NaN or blank."""
    if values.dtype.kind == "f":
        return np.isnan(values)
    return np.array([v is None or v != v or str(v).strip() == "" for v in values], bool)


def check_axes(X, axes):
    """Return the axes as float arrays: one value for each band, sorted, none twice."""
    checked = {}
    for key, axis in (axes or {}).items():
        if key not in X:
            raise DataError(f"axes names {key!r}, but X has {', '.join(X)}.")
        try:
            axis = np.asarray(axis, dtype=float)
        except (TypeError, ValueError) as error:
            raise DataError(f"The axis of {key!r} must hold numbers ({error}).") from None
        if axis.shape != (X[key].shape[-1],):
            raise DataError(
                f"{key!r} has {X[key].shape[-1]} bands but its axis has {axis.size} values."
            )
        if not np.isfinite(axis).all():
            at = int(np.flatnonzero(~np.isfinite(axis))[0])
            raise DataError(f"The axis of {key!r} is {axis[at]} at band {at}: fill it in.")
        steps = np.diff(axis)
        if (steps == 0).any():
            at = int(np.flatnonzero(steps == 0)[0])
            raise DataError(
                f"The axis of {key!r} repeats {axis[at]:g} at bands {at} and {at + 1}: "
                "drop or average one of the two."
            )
        if not ((steps > 0).all() or (steps < 0).all()):
            at = int(np.flatnonzero(np.sign(steps) != np.sign(steps[0]))[0])
            raise DataError(
                f"The axis of {key!r} is not sorted: {axis[at]:g} is followed by "
                f"{axis[at + 1]:g} at band {at + 1}; sort the bands together with the axis."
            )
        checked[key] = axis
    return checked


def check_info(info, y):
    """Return `info` as a dict of arrays with as many rows as `y`."""
    info = {str(key): np.asarray(value) for key, value in (info or {}).items()}
    same_rows({f"info {key!r}": value for key, value in info.items()}, y=y)
    return info


def check_finite(X, ids):
    """Refuse NaN and infinite values."""
    for key, value in X.items():
        if value.dtype.kind != "f":
            continue
        bad = ~np.isfinite(value).reshape(len(value), -1)
        if bad.any():
            row, column = np.argwhere(bad)[0]
            raise DataError(
                f"{key!r} holds {int(bad.sum())} value(s) that are NaN or infinite, the first "
                f"in row {row} (id {ids[row]}), column {column}: fill or drop these samples."
            )


def guess_task(y):
    """Floats with decimals are a quantity; anything else is a class."""
    if y.dtype.kind == "f" and type_of_target(y[np.isfinite(y)]) == "continuous":
        return "regression"
    return "classification"


def check_target(y, ids, task, target_names):
    """Return `y` (classes as integers) and the names of the classes or the quantity."""
    missing = ~np.isfinite(y) if y.dtype.kind == "f" else _is_empty(y)
    if missing.any():
        row = int(np.flatnonzero(missing)[0])
        raise DataError(
            f"y has no value in row {row} (id {ids[row]}): fill it in or leave the sample out."
        )
    if isinstance(target_names, str):
        target_names = [target_names]
    if target_names is not None:
        target_names = [str(name) for name in target_names]
    if task == "regression":
        if y.dtype.kind not in "iuf":
            raise DataError(f"y holds {y.dtype} values: a quantity must be numbers.")
        return y.astype(float), target_names or ["target"]
    try:
        labels, codes = np.unique(y, return_inverse=True)
    except TypeError:
        raise DataError("y mixes numbers and text as class labels: use one of the two.") from None
    if len(labels) < 2:
        raise DataError(
            f"y holds one class only ({labels[0]!s}): there is nothing to tell apart; "
            "add samples of another class."
        )
    if target_names is None:
        target_names = [str(label) for label in labels]
    if len(target_names) != len(labels):
        raise DataError(
            f"target_names has {len(target_names)} names but y has {len(labels)} classes."
        )
    return (y if y.dtype.kind in "iu" else codes), list(target_names)


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
        had other columns, or one without rows or with numbers that are not finite; or when
        the rows do not pair.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.data.validation import read_tables
    >>> read_tables({"image": np.zeros((3, 8, 8, 3))})["image"].shape
    (3, 192)
    """
    X, _, _ = check_samples(X)
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
