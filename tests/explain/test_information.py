"""Information is split as published, and its parts add up."""

import numpy as np
import pytest

import mmlib
from mmlib.base import DataError
from mmlib.explain.information import count, decompose, information, levels, read_out

GATES = {
    "and": (lambda a, b: a & b, (0.3113, 0.0, 0.0, 0.5)),
    "xor": (lambda a, b: a ^ b, (0.0, 0.0, 0.0, 1.0)),
    "copy of both": (lambda a, b: 2 * a + b, (0.0, 1.0, 1.0, 0.0)),
    "first only": (lambda a, b: a, (0.0, 1.0, 0.0, 0.0)),
}


@pytest.mark.parametrize("gate", GATES)
def test_gates_decompose_as_published(gate):
    rule, wanted = GATES[gate]
    table = np.zeros((2, 2, 4))
    for a, b in np.ndindex(2, 2):
        table[a, b, rule(a, b)] = 1
    assert list(decompose(table).values()) == pytest.approx(wanted, abs=1e-3)


def test_two_copies_of_one_coin_are_redundant():
    table = np.zeros((2, 2, 2))
    table[0, 0, 0] = table[1, 1, 1] = 7
    assert decompose(table)["redundant"] == pytest.approx(1)


def test_the_parts_add_up_none_is_negative_and_the_sources_may_change_places():
    table = np.random.default_rng(2).gamma(0.5, size=(3, 4, 2))
    parts, turned = decompose(table), decompose(table.transpose(1, 0, 2))
    whole = information((table / table.sum()).reshape(12, 2))
    assert sum(parts.values()) == pytest.approx(whole)
    assert min(parts.values()) > -1e-3
    assert parts["only a"] == pytest.approx(turned["only b"], abs=1e-4)
    with pytest.raises(DataError, match="three axes"):
        decompose(table[0])


def test_no_other_table_with_the_same_margins_says_less():
    rng = np.random.default_rng(3)
    table = rng.gamma(1.0, size=(2, 2, 2))
    table /= table.sum()
    both = information(table.reshape(4, 2))
    least = both - decompose(table)["synergy"]
    for _ in range(300):  # all tables with these margins: one free number for each label
        shift = rng.uniform(-0.5, 0.5, 2) * np.array([[[1], [-1]], [[-1], [1]]])
        other = table + shift
        if (other >= 0).all():
            assert information(other.reshape(4, 2)) > least - 1e-4


def test_the_parts_bear_the_names_of_the_sources():
    table = np.random.default_rng(2).gamma(0.5, size=(2, 3, 2))
    named = decompose(table, names=["nose", "ear"])
    assert list(named) == ["redundant", "only nose", "only ear", "synergy"]
    assert list(named.values()) == list(decompose(table).values())


def test_a_leaf_is_read_by_a_model_of_other_plants():
    rng = np.random.default_rng(0)
    plant = np.repeat(np.arange(40), 5)
    own = rng.normal(size=40)[plant]  # known plants could be learned by heart
    X = {"plant": np.eye(40)[plant], "size": own[:, None] + 0.1 * rng.normal(size=(200, 1))}
    data = mmlib.MultimodalData(X, own, groups=plant)
    assert np.corrcoef(read_out(data, "size", own), own)[0, 1] > 0.9
    assert np.corrcoef(read_out(data, "plant", own), own)[0, 1] < 0.3
    classes = read_out(data, "size", np.where(own > 0, "large", "small"))
    assert set(classes) == {"large", "small"}
    with pytest.raises(DataError, match="smell"):
        read_out(data, "smell", own)


def test_levels_and_counts():
    codes = levels(np.arange(100.0), 4)
    assert np.bincount(codes).tolist() == [25] * 4
    assert count(codes, codes, codes > 1).shape == (4, 4, 2)


@pytest.mark.parametrize("seed", [1, 23])
def test_where_scaling_is_slow_the_least_is_still_that_of_scipy(seed):
    from scipy.optimize import minimize

    rng = np.random.default_rng(seed)
    table = count(rng.integers(0, 3, 20), rng.integers(0, 3, 20), rng.integers(0, 2, 20)) / 20
    eye = np.eye(18).reshape(18, *table.shape)
    margins = np.hstack([eye.sum(1).reshape(18, -1), eye.sum(2).reshape(18, -1)]).T
    *_, size, basis = np.linalg.svd(margins)
    basis = basis[: (size > 1e-9).sum()]
    start = table.sum(1)[:, None] * table.sum(0)[None] / table.sum((0, 1))
    found = minimize(
        lambda q: information(np.maximum(q, 1e-300).reshape(9, 2)),
        start.ravel(),
        constraints={"type": "eq", "fun": lambda q: basis @ (q - table.ravel())},
        bounds=[(0, 1)] * 18,
        options={"maxiter": 2000, "ftol": 1e-14},
    )
    least = information(table.reshape(9, 2)) - decompose(table)["synergy"]
    assert least == pytest.approx(found.fun, abs=1e-6)
