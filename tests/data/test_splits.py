"""Groups stay whole however samples are divided, and every class is where it can be."""

import numpy as np

from mmlib.data.splits import assign_folds, hold_out, split_groups


def test_early_stopping_never_has_a_group_on_both_sides():
    rng = np.random.default_rng(0)
    for seed in range(20):
        groups = rng.integers(0, 25, 150)
        strata = groups % 3
        held = hold_out(strata, groups, 0.15, np.random.default_rng(seed))
        assert not set(groups[held]) & set(groups[~held])
        assert set(strata[held]) == set(strata[~held]) == {0, 1, 2}
        assert 0.05 < held.mean() < 0.35


def test_held_out_samples_have_every_class_and_small_data_has_none():
    strata = np.arange(200) % 4
    held = hold_out(strata, None, 0.15, np.random.default_rng(0))
    assert held.sum() == 32 and set(strata[held]) == {0, 1, 2, 3}
    assert not hold_out(strata[:40], None, 0.15, np.random.default_rng(0)).any()
    assert not hold_out(strata, np.zeros(200), 0.15, np.random.default_rng(0)).any()


def test_no_group_is_on_both_sides_and_classes_are_spread():
    rng = np.random.default_rng(2)
    group = np.repeat(np.arange(60), 3)
    y = rng.permutation(np.arange(60) % 4)[group]
    fold = assign_folds(y, group)
    assert all(len(np.unique(fold[group == g])) == 1 for g in group)
    counts = np.array([[np.sum((fold == k) & (y == c)) for c in range(4)] for k in range(5)])
    assert counts.min() > 0
    assert np.ptp(counts) <= 5  # one group
    assert not np.array_equal(fold, assign_folds(y, group, random_state=1))


def test_a_large_share_leaves_a_sample_of_every_class_in_training():
    strata = np.r_[np.zeros(50, int), 1, 1, 2]
    for share in (0.8, 1.0):
        held = hold_out(strata, None, share, np.random.default_rng(0))
        assert held.any() and set(strata[~held]) == {0, 1, 2}


def test_no_test_part_is_far_larger_than_wanted():
    sizes = {"two": [180, 20], "one large": [80, 5, 5, 5, 5], "many": [70] + [1] * 30}
    for size in sizes.values():
        groups, total = np.repeat(np.arange(len(size)), size), sum(size)
        for seed in range(30):
            test = split_groups(groups, np.zeros(total), 0.2, np.random.default_rng(seed))
            assert 0 < test.sum() <= 0.4 * total
