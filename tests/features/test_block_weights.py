import numpy as np
import pytest
from sklearn.linear_model import Ridge

from mmlib.features.block_weights import (
    _kernel,
    _left_out,
    choose_penalty,
    choose_weights,
    held_out,
    log_loss,
)

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
    by_kernel = _left_out(_kernel(Z, None), 0.1, target, groups)
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
    assert log_loss(means, truth) > np.log(2)
