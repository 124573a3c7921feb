"""Groups by a column: whole days are held out, or it is said why not."""

import numpy as np
import pytest

import mmlib
from mmlib.base import DataError
from mmlib.data.by_column import by_column
from mmlib.data.splits import group_folds

LEAVES = mmlib.make_leaves(n_plants=60)


def test_no_day_is_on_both_sides_of_a_split():
    data = by_column(LEAVES, "session")
    for train, test in group_folds(data, n_folds=3):
        assert not set(LEAVES.info["session"][train]) & set(LEAVES.info["session"][test])
        assert not set(LEAVES.groups[train]) & set(LEAVES.groups[test])
    assert data.meta["by"] == "session" and "by" not in LEAVES.meta
    assert len(set(LEAVES.groups)) == 60  # as before
    assert data.fingerprint() != LEAVES.fingerprint()  # so that no stored fit is taken for it


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("week", None, "no column 'week' to split by"),
        ("session", np.zeros(300), "is 0.0 for all samples"),
        ("session", ["", *["a", "b"] * 149, "b"], "is empty for sample plant000-leaf0"),
        ("session", np.arange(300) % 2, "Group 0 has samples in 0 and in 1 of column 'session'"),
    ],
)
def test_a_column_that_cannot_divide_is_refused(column, values, said):
    data = LEAVES.take(np.arange(300))
    if values is not None:
        data.info[column] = np.asarray(values)
    with pytest.raises(DataError, match=said):
        by_column(data, column)


def test_without_groups_nothing_is_torn():
    data = LEAVES.take(np.arange(300))
    data.groups, data.info["session"] = None, np.arange(300) % 2
    assert len(set(by_column(data, "session").groups)) == 2
