"""Which modality a model relies on, and what each is worth."""

import numpy as np
import pytest

import mmlib
from mmlib.base import DataError
from mmlib.explain import (
    exchange,
    interaction,
    permutation_drops,
    permutation_partners,
    shapley,
    worth_of_modalities,
)


class Linear:
    """Probability of class 1 is a weighted sum of the spectrum: drops are known exactly."""

    classes_ = np.array([0, 1])
    weights = np.array([0.1, 0.2, 0.0, 0.3])

    def predict_proba(self, X):
        p = X["spectrum"] @ self.weights
        return np.stack([1 - p, p], axis=1)

    def predict(self, X):
        return (np.asarray(X["spectrum"])[:, 0] > 0).astype(int)


@pytest.mark.parametrize("groups", [np.repeat(range(10), 3), [0, 0, 0, 1, 2, 2, 3, 4, 4, 4], None])
def test_a_stranger_is_of_another_group_and_gives_once(groups):
    n = 8 if groups is None else len(groups)
    names = np.arange(n) if groups is None else np.asarray(groups)
    for seed in range(20):
        other = permutation_partners(n, groups, seed)
        assert (names[other] != names).all()
        assert sorted(other) == list(range(n))


def test_one_large_group_still_meets_strangers_only():
    groups = np.array([0] * 8 + [1, 2])
    assert (groups[permutation_partners(10, groups)] != groups).all()
    with pytest.raises(DataError, match="single"):
        permutation_partners(3, [1, 1, 1])


def test_exchange_moves_only_the_columns_asked_for():
    X = {"spectrum": np.arange(12.0).reshape(3, 4), "image": np.arange(3)[:, None]}
    moved = exchange(X, ("spectrum", slice(1, 3)), np.array([1, 2, 0]))
    assert moved["spectrum"][0].tolist() == [0, 5, 6, 3]
    assert moved["image"] is X["image"] and X["spectrum"][0, 1] == 1
    with pytest.raises(DataError, match="smell"):
        exchange(X, "smell", np.array([1, 2, 0]))


def test_what_a_model_does_not_use_costs_nothing_and_what_it_uses_costs_half():
    rng = np.random.default_rng(0)
    spectrum = rng.normal(size=(2000, 4))
    data = mmlib.MultimodalData({"spectrum": spectrum}, (spectrum[:, 0] > 0).astype(int))
    parts = {"used": ("spectrum", [0]), "not used": ("spectrum", slice(1, 4))}
    drops = permutation_drops(Linear(), data, parts, n_repeats=5)
    assert drops.loc["used", "all"] == pytest.approx(50, abs=2)
    assert drops.loc["not used"].eq(0).all()


def test_without_parts_each_modality_is_exchanged_as_a_whole():
    leaves = mmlib.make_leaves(n_plants=15)
    model = mmlib.fusion.early_fusion(leaves).fit(leaves.X, leaves.y)
    whole = {"spectrum": "spectrum", "image": "image"}
    wanted = permutation_drops(model, leaves, whole, n_repeats=2)
    assert permutation_drops(model, leaves, n_repeats=2).equals(wanted)


def test_shapley_of_three_players_by_hand():
    # The airport game: the longest runway needed is paid; closed form.
    cost = {"a": 1.0, "b": 2.0, "c": 4.0}
    sets = [frozenset(s) for s in ("", "a", "b", "c", "ab", "ac", "bc", "abc")]
    worth = {s: max((cost[p] for p in s), default=0.0) for s in sets}
    assert shapley(worth) == pytest.approx({"a": 1 / 3, "b": 1 / 3 + 1 / 2, "c": 1 / 3 + 1 / 2 + 2})
    assert interaction(worth, "a", "b") == -1
    del worth[frozenset("ab")]
    with pytest.raises(DataError, match="missing"):
        shapley(worth)


def test_a_modality_of_noise_is_worth_a_guess():
    rng = np.random.default_rng(1)
    y = np.repeat([0, 1], 150)
    X = {"good": y[:, None] + 0.1 * rng.normal(size=(300, 1)), "noise": rng.normal(size=(300, 3))}
    worth = worth_of_modalities(mmlib.MultimodalData(X, y))
    assert worth[frozenset()] == 50 and worth[frozenset({"good"})] > 99
    assert abs(worth[frozenset({"noise"})] - 50) < 10
    quantity = mmlib.MultimodalData(X, rng.normal(size=300))
    with pytest.raises(DataError, match="classes"):
        worth_of_modalities(quantity)


def test_drops_of_accuracy_need_classes():
    data = mmlib.make_leaves(10, target="chlorophyll")
    with pytest.raises(DataError, match="needs classes"):
        permutation_drops(None, data)
