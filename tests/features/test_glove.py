"""GloVe against its own model, its gradient, and the objective as a tutorial prints it."""

import numpy as np
import pytest
from tasting_notes import named, tasters

from mmlib.features.glove import glove, glove_weight, weighted_regressions
from mmlib.features.text import count_neighbors


def test_glove_gives_seen_pairs_weights_up_to_one_and_unseen_none():
    assert glove_weight([0, 1, 16, 99], x_max=16).tolist() == [0, 0.125, 1, 1]
    assert glove_weight([0, 1, 99], power=0).tolist() == [0, 1, 1]


def test_glove_refits_counts_that_its_own_model_made():
    rng = np.random.default_rng(1)
    one, own = rng.normal(size=(12, 2)), rng.normal(size=12)
    logs = one @ one.T + own[:, None] + own + 3
    fitted = glove(named(np.exp(logs)), 2, n_sweeps=400, ridge=1e-9, x_max=1e-9)[1]
    np.testing.assert_allclose(fitted, logs, atol=1e-4)


def test_glove_stops_where_the_gradient_of_its_loss_is_zero():
    """Half a sweep is exact, and from sweep to sweep the loss falls."""
    rng = np.random.default_rng(2)
    table = rng.poisson(2.0, (15, 15)).astype(float)
    table = table + table.T
    seen = table > 0
    logs, weights = np.log(np.where(seen, table, 1)), glove_weight(table)
    vectors, offsets = rng.normal(size=(15, 3)), rng.normal(size=15)
    found, own = weighted_regressions(weights, logs, vectors, offsets, 0.5)
    residual = found @ vectors.T + own[:, None] + offsets - logs
    np.testing.assert_allclose((weights * residual) @ vectors + 0.5 * found, 0, atol=1e-9)
    np.testing.assert_allclose((weights * residual).sum(1) + 0.5 * own, 0, atol=1e-9)
    losses = [
        (weights * (glove(named(table), 3, n_sweeps=n, ridge=1e-6)[1] - logs) ** 2).sum()
        for n in (1, 3, 10)
    ]
    assert losses[0] > losses[1] > losses[2]


def test_glove_without_weights_over_all_pairs_has_no_minimum():
    """The objective as a tutorial prints it: squared difference to the log share over 2 sigma²."""
    counts = count_neighbors(tasters()[0])
    fitted = glove(counts, size=3)[1]
    with np.errstate(divide="ignore"):
        terms = (fitted - np.log(counts.to_numpy())) ** 2
    assert (counts.to_numpy() == 0).any() and np.isinf(terms.sum())
    for sigma in (0.1, 10):  # no sigma helps
        assert np.isinf((terms / (2 * sigma**2)).sum())


@pytest.mark.parametrize("seed", range(10, 14))
def test_without_weights_frequent_pairs_of_other_notes_are_told_worse(seed):
    notes, _ = tasters(1600, seed, n_words=80)
    first, second = (count_neighbors(part, min_count=3) for part in (notes[:400], notes[400:]))
    second = second.reindex(first.index, axis=0).reindex(first.index, axis=1).fillna(0).to_numpy()
    often = second >= 10
    logs = np.log(np.maximum(second, 1) / 3)  # as many notes as in the first part
    error = {
        power: np.sqrt(np.mean((glove(first, 8, power=power)[1] - logs)[often] ** 2))
        for power in (0.75, 0)
    }
    assert error[0.75] < error[0]
