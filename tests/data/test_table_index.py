"""The index of a pandas table holds ids: rows are joined by it, or refused."""

import numpy as np
import pandas as pd
import pytest

from mmlib import DataError, MultimodalData

IDS = [f"s{k}" for k in range(6)]
FRAME = pd.DataFrame(np.arange(18.0).reshape(6, 3), index=IDS)
Y = pd.Series(list("ababab"), index=IDS)


@pytest.mark.parametrize("seed", range(5))
def test_tables_in_any_order_pair_by_their_index(seed):
    rng = np.random.default_rng(seed)
    one, two, order = (rng.permutation(IDS) for _ in range(3))
    data = MultimodalData(
        {"a": FRAME.loc[one], "b": 2 * FRAME.loc[two]},
        Y.loc[order],
        groups=pd.Series(range(6), index=IDS).loc[rng.permutation(IDS)],
        info={"day": pd.Series(range(6), index=IDS).loc[one]},
    )
    assert list(data.ids) == list(order)
    np.testing.assert_array_equal(data.X["b"], 2 * data.X["a"])
    np.testing.assert_array_equal(data.X["a"], FRAME.loc[order])
    assert [f"s{g}" for g in data.groups] == list(order) == [f"s{d}" for d in data.info["day"]]
    assert list(data.y) == [int(i[1:]) % 2 for i in order]


def test_a_list_of_ids_tells_the_order_of_what_has_no_index():
    data = MultimodalData({"a": FRAME.iloc[::-1]}, Y.to_numpy(), ids=IDS)
    np.testing.assert_array_equal(data.X["a"], FRAME)


def test_a_shuffled_count_is_an_index_too():
    frame = FRAME.reset_index(drop=True)
    data = MultimodalData({"a": frame.sample(frac=1, random_state=1)}, Y.reset_index(drop=True))
    np.testing.assert_array_equal(data.X["a"][np.argsort(data.ids.astype(int))], frame)
    assert [int(i) % 2 for i in data.ids] == list(data.y)


def test_a_plain_count_is_no_index():
    X = {"a": FRAME.reset_index(drop=True), "b": FRAME.to_numpy()}
    data = MultimodalData(X, list("ababab"))
    assert list(data.ids) == list("012345")


FAULTS = {
    "an order that nothing tells": (
        lambda: MultimodalData({"a": FRAME, "b": FRAME.iloc[::-1]}, Y.to_numpy()),
        "'b' lists its rows in another order than 'a', and 'y' has no index",
    ),
    "other ids": (
        lambda: MultimodalData({"a": FRAME.rename(index={"s3": "z"})}, Y),
        "The index of 'a' and the rows of 'y' do not pair, as 's3' stands in one of the two only",
    ),
    "an id twice": (
        lambda: MultimodalData({"a": FRAME.rename(index={"s3": "s2"})}, Y),
        "do not pair",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_does_not_pair_is_refused(name):
    make, said = FAULTS[name]
    with pytest.raises(DataError, match=said):
        make()


def test_an_index_that_repeats_is_no_id_where_nothing_is_to_be_joined():
    twice = pd.Series(list("ababab"), index=[0, 1, 2] * 2)
    data = MultimodalData({"a": FRAME.to_numpy()}, twice)
    assert list(data.ids) == list("012345") and list(data.y) == [0, 1] * 3
