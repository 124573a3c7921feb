"""Hold out whole days, instruments or places: groups by what is known of each sample."""

from copy import copy

import numpy as np

from ..base import DataError


def by_column(data, column):
    """The same samples with the values of a column as groups.

    Parameters
    ----------
    data : MultimodalData
    column : str
        A key of ``data.info``; for a folder, a column of the table of samples.

    Returns
    -------
    MultimodalData
        Of which every split keeps the samples of one day (say) together. ``data.meta["by"]`` names
        the column.

    Raises
    ------
    DataError
        When there is no such column, it holds one value only or an empty one, or a group of the
        data has samples in two of them: held out with one, it would be in training with the other.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.data.by_column import by_column
    >>> by_column(mmlib.make_leaves(n_plants=30), "session")
    <simulated leaves: 150 samples, spectrum (211,), image (48, 48, 3), 5 classes, 6 groups>
    """
    if column not in data.info:
        there = ", ".join(data.info) or "none"
        raise DataError(
            f"{data.name} has no column {column!r} to split by; besides what has a meaning of its "
            f"own there is: {there}."
        )
    values = np.asarray(data.info[column])
    empty = np.flatnonzero([str(value).strip().lower() in ("", "nan") for value in values])
    if len(empty):
        raise DataError(
            f"Column {column!r} is empty for sample {data.ids[empty[0]]} ({len(empty)} in all): "
            "fill it in, since nobody can tell on which side of a split it belongs."
        )
    names, value = np.unique(values, return_inverse=True)
    if len(names) < 2:
        raise DataError(
            f"Column {column!r} is {names[0]} for all samples: to hold one out takes two or more."
        )
    if data.groups is not None:
        groups, first, group = np.unique(data.groups, return_index=True, return_inverse=True)
        torn = np.flatnonzero(value != value[first][group])
        if len(torn):
            name = groups[group[torn[0]]]
            raise DataError(
                f"Group {name} has samples in {names[value[first[group[torn[0]]]]]} and in "
                f"{names[value[torn[0]]]} of column {column!r}: with one of them held out, the "
                "other would be in training. Keep the samples of one of them, or leave the column "
                "group out if such samples share nothing."
            )
    part = copy(data)
    part.groups, part.meta = values, {**data.meta, "by": column}
    return part
