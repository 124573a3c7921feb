"""Rows of pandas tables go by their index: it holds the ids, whatever order the rows have."""

import numpy as np

from ..base import DataError


def by_index(X, y, groups=None, ids=None, info=None):
    """Rows of all pandas tables in the order of `y`, where their index tells another.

    An index that only counts the rows, as pandas makes it, is none.

    Parameters
    ----------
    X : mapping of str to array-like
    y, groups : array-like
    ids : array-like or mapping, optional
        As for `MultimodalData`; a mapping is obeyed, and no index looked at.
    info : mapping of str to array-like, optional

    Returns
    -------
    X, y, groups, ids, info
        As given, but for the order of rows; `ids` from an index where none were given.

    Raises
    ------
    DataError
        When two tables are indexed by other ids, or in another order that `y` does not tell.

    Examples
    --------
    >>> import pandas as pd
    >>> from mmlib.data.table_index import by_index
    >>> size = pd.DataFrame({"mm": [3, 1]}, index=["b", "a"])
    >>> X, _, _, ids, _ = by_index({"size": size}, pd.Series([0, 1], index=["a", "b"]))
    >>> X["size"]["mm"].tolist(), ids.tolist()
    ([1, 3], ['a', 'b'])
    """
    if not hasattr(X, "items") or hasattr(ids, "items"):
        return X, y, groups, ids, info
    tables = {("X", name): table for name, table in X.items()} | {("y", "y"): y}
    tables |= {("groups", "groups"): groups}
    tables |= {("info", name): table for name, table in (info or {}).items()}
    named = {place: _names(table) for place, table in tables.items()}
    named = {place: names for place, names in named.items() if names is not None}
    if not named:
        return X, y, groups, ids, info
    first = next(iter(named))
    if len(set(named[first])) < len(named[first]) and len(set(map(tuple, named.values()))) == 1:
        return X, y, groups, ids, info  # names that occur twice are no ids, but all agree
    named |= _counted(tables, named[first])
    told = None if ids is None else [str(name) for name in np.ravel(np.asarray(ids))]
    wanted = named.get(("y", "y")) or told or named[first]
    source = "y" if ("y", "y") in named else "ids" if told else first[1]
    for (_, name), names in named.items():
        odd = sorted(set(names) ^ set(wanted))
        if odd or len(set(names)) < len(names):
            fault = f"{odd[0]!r} stands in one of the two only" if odd else "an id occurs twice"
            raise DataError(
                f"The index of {name!r} and the rows of {source!r} do not pair, as {fault}: "
                "use the same ids in both, or give arrays in one order with ids=[...]."
            )
    moved = [name for (_, name), names in named.items() if names != wanted]
    loose = [name for place, name in tables if (place, name) not in named
             and tables[place, name] is not None]  # fmt: skip
    if moved and loose and told is None:
        raise DataError(
            f"{moved[0]!r} lists its rows in another order than {source!r}, and {loose[0]!r} has "
            "no index, so its order is open: give it one, or ids={...} for every table."
        )

    def turned(place, name, table):
        names = named.get((place, name))
        return table if names is None else table.loc[_order(table, names, wanted)]

    X = {name: turned("X", name, table) for name, table in X.items()}
    info = info and {name: turned("info", name, table) for name, table in info.items()}
    groups = turned("groups", "groups", groups)
    return X, turned("y", "y", y), groups, np.asarray(wanted if told is None else ids), info


def _names(table):
    """The ids in the index of a pandas table as text; None for arrays and for a plain count."""
    index = getattr(table, "index", None)
    if index is None or callable(index) or not hasattr(table, "iloc"):
        return None
    if len(index) and type(index).__name__ == "RangeIndex":
        return None
    return [str(name) for name in index]


def _counted(tables, wanted):
    """Tables with a plain count as index, where another table has the same numbers shuffled."""
    found = {}
    for place, table in tables.items():
        index = getattr(table, "index", None)
        if hasattr(table, "iloc") and type(index).__name__ == "RangeIndex":
            names = [str(name) for name in index]
            if set(names) == set(wanted):
                found[place] = names
    return found


def _order(table, names, wanted):
    place = {name: label for name, label in zip(names, table.index, strict=True)}
    return [place[name] for name in wanted]
