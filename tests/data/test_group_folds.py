"""Folds keep groups whole, test each sample once, and train on every class."""

import numpy as np
import pytest
from grouped_tables import quantity_data, table_data
from sklearn.model_selection import StratifiedGroupKFold

from mmlib import DataError, MultimodalData
from mmlib.data.splits import group_folds, most_folds


@pytest.mark.parametrize("seed", range(6))
def test_folds_keep_groups_whole_test_each_sample_once_and_train_on_every_class(seed):
    rng = np.random.default_rng(seed)
    n_groups = int(rng.integers(15, 40))
    group = rng.permutation(np.repeat(np.arange(n_groups), rng.integers(1, 6, n_groups)))
    y = rng.integers(3, size=n_groups)[group] if seed % 2 else rng.integers(3, size=len(group))
    y[group < 9] = (group % 3)[group < 9]  # at least three groups a class
    data = MultimodalData({"x": np.zeros((len(y), 1))}, y=y, groups=group)
    folds = group_folds(data, 3, 2, seed)
    assert len(folds) == 6
    for train, test in folds:
        assert not set(group[train]) & set(group[test])
        assert len(train) + len(test) == len(y)
        assert set(y[train]) == {0, 1, 2}
    for repeat in (folds[:3], folds[3:]):
        tested = np.concatenate([test for _, test in repeat])
        assert sorted(tested) == list(range(len(y)))


def test_folds_are_stratified():
    data = table_data(n_groups=60, classes=3)
    for _, test in group_folds(data, n_folds=5):
        assert np.ptp(np.bincount(data.y[test])) <= 4  # one group of four more or less


def test_folds_repeat_with_the_seed_and_differ_between_repeats():
    data = table_data()
    one, two = group_folds(data, 3, 2, 1), group_folds(data, 3, 2, 1)
    for first, second in zip(one, two, strict=True):
        np.testing.assert_array_equal(first[1], second[1])
    assert not all(np.array_equal(one[k][1], one[k + 3][1]) for k in range(3))
    other = group_folds(data, 3, 2, 2)
    assert not all(np.array_equal(one[k][1], other[k][1]) for k in range(3))


def test_classes_of_two_groups_each_can_be_divided_in_two():
    """As in land cover maps, where a class may be two fields of very different size."""
    rng = np.random.default_rng(0)
    sizes = rng.integers(3, 60, size=16)
    group = np.repeat(np.arange(16), sizes)
    data = MultimodalData({"x": np.zeros((len(group), 1))}, y=group // 2, groups=group)
    for seed in range(5):
        for train, test in group_folds(data, 2, 3, seed):
            assert set(data.y[train]) == set(data.y[test]) == set(range(8))


def test_too_few_groups_names_the_class_and_the_largest_number_of_folds():
    data = table_data(n_groups=7, classes=3, target_names=["oak", "ash", "elm"])
    with pytest.raises(DataError, match=r"Class 'ash' has 2 group\(s\) for 5 folds; use n_folds=2"):
        group_folds(data, 5)
    assert len(group_folds(data, 2)) == 2
    lone = data.take(data.groups != 4)
    with pytest.raises(DataError, match=r"Class 'ash' has 1 group.*measure more"):
        group_folds(lone, 2)
    with pytest.raises(DataError, match=r"has 3 sample\(s\)"):
        group_folds(MultimodalData({"x": np.zeros((6, 1))}, y=[0, 1] * 3), 4)
    with pytest.raises(DataError, match=r"'data' has 2 group\(s\)"):
        group_folds(quantity_data(groups=np.arange(60) % 2), 3)


def test_a_class_that_cannot_stay_in_training_is_an_error():
    """Three classes on three groups, two each: two groups share a fold, and with them a class."""
    group, y = [0, 0, 1, 1, 2, 2], [0, 1, 1, 2, 2, 0]
    data = MultimodalData({"x": np.zeros((6, 1))}, y=y, groups=group)
    with pytest.raises(DataError, match=r"None of 100 divisions into 2 folds has class '[012]'"):
        group_folds(data, 2)


def test_impossible_requests_are_said():
    data = table_data()
    for n_folds, n_repeats in ((1, 1), (5, 0)):
        with pytest.raises(DataError, match="at least 2 and 1"):
            group_folds(data, n_folds, n_repeats)
    with pytest.raises(DataError, match="one class only"):
        group_folds(data.take(data.y == 0), 2)


def test_an_unlucky_division_is_drawn_again(monkeypatch):
    data, divide, states = table_data(), StratifiedGroupKFold.split, []

    def unlucky_twice(self, X, y, groups):
        states.append(self.random_state)
        if len(states) < 3:
            return [(np.flatnonzero(y == 0), np.flatnonzero(y != 0))] * self.n_splits
        return divide(self, X, y, groups)

    monkeypatch.setattr(StratifiedGroupKFold, "split", unlucky_twice)
    for train, _ in group_folds(data, 3):
        assert set(data.y[train]) == {0, 1, 2}
    assert len(set(states)) == 3


def test_folds_without_groups_and_for_quantities():
    without = table_data(groups=None)
    assert [len(test) for _, test in group_folds(without, 4)] == [30] * 4
    grouped = quantity_data(groups=np.arange(60) // 3)
    for train, test in group_folds(grouped, 4):
        assert not set(grouped.groups[train]) & set(grouped.groups[test])
    assert len(group_folds(quantity_data(), 4)) == 4


def test_a_class_that_a_subset_lacks_does_not_count_as_one_without_groups():
    data = table_data()
    assert most_folds(data.take(data.y != 1), 3) == most_folds(data, 3) == 3
