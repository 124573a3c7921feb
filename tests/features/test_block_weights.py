import numpy as np
import pytest
from sklearn.linear_model import Ridge

from mmlib.features.block_weights import _kernel, choose_penalty, choose_weights
from mmlib.features.ridge_left_out import held_out, left_out, log_losses, some_rows

GROUPS = np.repeat(np.arange(10), [1, 2, 3, 3, 3, 3, 3, 4, 4, 4])


def table(columns, seed=0):
    rng = np.random.default_rng(seed)
    Z = rng.normal(size=(30, columns))
    return Z - Z.mean(0), rng.normal(size=(30, 2))


@pytest.mark.parametrize("columns", [5, 80])
@pytest.mark.parametrize("groups", [None, GROUPS])
def test_leaving_out_by_formula_is_leaving_out_and_fitting_anew(columns, groups):
    Z, target = table(columns)
    codes = np.arange(30) if groups is None else groups
    by_hand = np.empty_like(target)
    for k in np.unique(codes):
        out = codes == k
        by_hand[out] = Ridge(30 * 0.1).fit(Z[~out], target[~out]).predict(Z[out])
    U, s, _ = np.linalg.svd(Z, full_matrices=False)
    keep = s > 1e-9
    U, squares = U[:, keep], s[keep] ** 2
    np.testing.assert_allclose(held_out(U, squares / (squares + 3), target, groups), by_hand)
    by_kernel = left_out(_kernel(Z, None), 0.1, target, groups)
    np.testing.assert_allclose(by_kernel, by_hand, atol=1e-3)  # the mean is shrunk a little


@pytest.mark.parametrize("columns", [5, 80])
def test_coefficients_are_those_of_ridge_regression(columns):
    Z, target = table(columns)
    _, _, coef, _ = choose_penalty(Z, target, None, [0.2])
    np.testing.assert_allclose(coef.T, Ridge(30 * 0.2).fit(Z, target).coef_, atol=1e-9)


def test_a_block_of_noise_is_dropped_and_the_order_of_blocks_does_not_matter():
    rng = np.random.default_rng(1)
    y = rng.normal(size=(80, 1))
    tables = {"says it": y + 0.1 * rng.normal(size=(80, 3)), "noise": rng.normal(size=(80, 300))}
    tables = {k: (x - x.mean(0)) / np.sqrt(x.var(0).sum()) for k, x in tables.items()}
    chosen = choose_weights(tables, y, None, [10, 1, 0.1, 0.01], rows=60)
    assert chosen["says it"][0] == 1
    assert chosen["noise"][0] == 0
    backwards = dict(reversed(tables.items()))
    assert choose_weights(backwards, y, None, [10, 1, 0.1, 0.01], rows=60) == chosen


def test_scores_that_are_the_wrong_way_round_are_never_turned():
    """The mean of the others is lower for whoever was left out: that must not count as knowing."""
    truth = np.eye(2)[np.arange(20) % 2]
    means = (truth.sum(0) - truth) / 19
    assert log_losses(means, truth).mean() > np.log(2)


def test_what_chance_says_of_few_samples_chooses_nothing():
    """Nothing is known by any block, so that whatever is dropped or bent is dropped by chance."""
    kept = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        y = np.eye(2)[np.arange(30) % 2]
        tables = {name: rng.normal(size=(30, 4)) for name in "abc"}
        tables = {k: (x - x.mean(0)) / np.sqrt(x.var(0).sum()) for k, x in tables.items()}
        chosen = choose_weights(tables, y, None, [10, 1, 0.1, 0.01], 60, log_losses)
        kept += sum(choice == (1, None) for choice in chosen.values())
    assert kept > 39  # of 60; by the smallest mean alone it is about 33


def test_wide_blocks_join_where_they_know_what_narrow_ones_do_not():
    rng = np.random.default_rng(0)
    y = np.arange(80.0)[:, None] % 2
    tables = {"wide": 0.5 * y + rng.normal(size=(80, 300)), "noise": rng.normal(size=(80, 5))}
    tables = {k: (x - x.mean(0)) / np.sqrt(x.var(0).sum()) for k, x in tables.items()}
    chosen = choose_weights(tables, y, None, [10, 1, 0.1, 0.01], rows=80)
    assert chosen["wide"][0] > 0 and chosen["noise"][0] < chosen["wide"][0]


def test_rows_to_look_at_are_of_all_groups_as_evenly_as_they_allow():
    groups = np.repeat(np.arange(30), 40)
    assert (np.bincount(groups[some_rows(1200, groups, 300)]) == 10).all()
    sizes = np.repeat(np.arange(4), [1, 3, 50, 100])
    assert np.bincount(sizes[some_rows(154, sizes, 60)]).tolist() == [1, 3, 28, 28]
    assert len(some_rows(1200, np.arange(1200), 300)) == len(some_rows(1200, None, 300)) == 300
    assert some_rows(9, groups[:9], 9).tolist() == list(range(9))


def test_of_more_groups_than_rows_those_with_the_first_names_are_not_preferred():
    """Groups are often named after their class."""
    groups = np.repeat(np.arange(500), 2)
    rows = some_rows(1000, groups, 300)
    assert len(np.unique(groups[rows])) == 300
    assert 100 < (groups[rows] >= 300).sum() < 140  # 120 expected
    plants = np.repeat(np.arange(200), 5)
    twice = np.bincount(plants[some_rows(1000, plants, 300)]) == 2
    assert twice.sum() == 100 and 35 < twice[100:].sum() < 65  # by lot, too
