"""Explanations against closed forms, another library, and what the simulator planted."""

import sys

import numpy as np
import pytest
import torch

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
from mmlib.explain.information import count, decompose, information, levels, read_out
from mmlib.explain.occlusion import (
    cover_map,
    occlude,
    on_target,
    paint,
    score_maps,
    squares,
    usual_sample,
)
from mmlib.explain.planted import lesion_masks, planted_change, planted_tokens


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


def test_occlusion_of_a_linear_model_is_weight_times_distance():
    X = {"spectrum": np.array([[1.0, 1.0, 1.0, 1.0], [0.0, 0.5, 0.0, 1.0]])}
    usual = {"spectrum": np.array([0.5, 0.0, 9.0, 0.0])}
    what = [("spectrum", slice(0, 2)), ("spectrum", 2), ("spectrum", slice(3, 4))]
    drops = occlude(Linear(), X, what, usual, label=1)
    np.testing.assert_allclose(drops, [[0.25, 0, 0.3], [0.05, 0, 0.3]], atol=1e-12)
    with pytest.raises(DataError, match="class"):
        occlude(Linear(), X, what, usual, label=5)


def test_a_usual_sample_has_the_mean_of_each_band_and_one_mean_color():
    rng = np.random.default_rng(0)
    X = {"spectrum": rng.random((9, 5)), "image": rng.integers(256, size=(9, 4, 6, 3)).astype("u1")}
    usual = usual_sample(X)
    np.testing.assert_allclose(usual["spectrum"], X["spectrum"].mean(0))
    assert usual["image"].shape == (4, 6, 3) and len(np.unique(usual["image"][..., 0])) == 1
    np.testing.assert_allclose(usual["image"][0, 0], X["image"].mean((0, 1, 2)), atol=0.5)


def test_a_cover_map_is_occlusion_painted_where_it_happened():
    X = {"spectrum": np.array([[1.0, 1.0, 1.0, 1.0], [0.0, 0.5, 0.0, 1.0]])}
    usual, windows = {"spectrum": np.zeros(4)}, [slice(0, 2), slice(2, 4)]
    found = cover_map(Linear(), X, "spectrum", windows, usual, label=1)
    np.testing.assert_allclose(found, [[0.3, 0.3, 0.3, 0.3], [0.1, 0.1, 0.3, 0.3]])


def test_scores_of_maps_are_those_of_each_in_percent():
    truth = np.array([True, False, False, False])
    maps = {"right": [[2, 0, 0, 0]], "half": [[1, 0, 1, 0]], "blind": [[0, 0, 0, 0]]}
    table = score_maps(maps, truth)
    assert table["share"].to_dict() == {"right": 100, "half": 50, "blind": 25}
    assert (table["area"] == 25).all()
    assert (
        table.loc["half"] == 100 * np.array(list(on_target(maps["half"], truth).values()))
    ).all()


def test_squares_cover_every_pixel_once_and_paint_fills_them():
    places = squares(10, 7, 3)
    covered = sum(paint(np.eye(len(places))[[k]], places, (10, 7))[0] for k in range(len(places)))
    assert (covered == 1).all()


def test_a_blind_explanation_hits_by_its_area():
    truth = np.zeros((200, 50), bool)
    truth[:, :10] = True
    found = on_target(np.random.default_rng(0).random((200, 50)), truth)
    assert found["share"] == pytest.approx(0.2, abs=0.02)
    assert found["hits"] == pytest.approx(0.2, abs=0.08)
    assert found["area"] == 0.2
    with pytest.raises(DataError, match="shape"):
        on_target(np.zeros((2, 3)), np.zeros((2, 4), bool))


def test_masks_cover_what_was_planted_and_follow_a_split():
    data = mmlib.make_leaves(20, 3, seed=4)
    masks = lesion_masks(data, 20, 3, seed=4)
    cover = masks.mean((1, 2)) / (data.info["area"] * data.info["lesions"])
    assert np.corrcoef(masks.mean((1, 2)), data.info["area"] * data.info["lesions"])[0, 1] > 0.9
    assert cover.std() < cover.mean()
    dark = data.X["image"].mean(-1)
    blight = data.y == 2
    assert dark[blight][masks[blight]].mean() < dark[blight].mean() - 20
    _, test = data.split(seed=0)
    rows = np.flatnonzero(np.isin(data.ids, test.ids))
    assert (lesion_masks(test, 20, 3, seed=4) == masks[rows]).all()
    with pytest.raises(DataError, match="not leaves of"):
        lesion_masks(data, 20, 3, seed=5)


def test_planted_bands_are_where_the_contents_absorb():
    wavelengths = np.arange(400, 2501, 10)
    for condition, low, high in (
        ("drought", 1300, 2500),
        ("phosphorus deficiency", 480, 620),
        ("nitrogen deficiency", 500, 730),
    ):
        at = wavelengths[np.abs(planted_change(condition)).argmax()]
        assert low <= at <= high
    assert not planted_change("blight").any() and not planted_change("healthy").any()
    with pytest.raises(DataError, match="rust"):
        planted_change("rust")


def test_two_drawings_differ_on_the_squares_with_lesions_and_in_the_windows_of_water():
    ill = mmlib.make_leaves(20, seed=4)
    tiles, moved = planted_tokens(ill, mmlib.make_leaves(20, seed=4, lesions=0, water=0))
    pictures = [mmlib.make_leaves(20, seed=4, lesions=k).X["image"].astype(int) for k in (1, 0)]
    differs = np.abs(pictures[0] - pictures[1]).max(axis=-1) > 20
    for leaf, square in np.ndindex(tiles.shape):
        down, across = 8 * (square // 6), 8 * (square % 6)
        share = differs[leaf, down : down + 8, across : across + 8].mean()
        assert tiles[leaf, square] == (share > 0.1)
    assert tiles[ill.y == 2].any() and not tiles[ill.y != 2].any()
    dry = moved[ill.y == 1].mean(axis=0)
    assert not moved[ill.y != 1].any() and abs(400 + 10 * (7 + 14 * dry.argmax()) - 1450) < 70
    with pytest.raises(DataError, match="same samples"):
        planted_tokens(ill, mmlib.make_leaves(20, seed=5))


@pytest.fixture(scope="module")
def net():
    leaves = mmlib.make_leaves(20, 4, seed=0)
    model = mmlib.FusionClassifier(epochs=2, width=8, random_state=0).fit(leaves.X, leaves.y)
    return model, leaves


def test_integrated_gradients_add_up_to_the_change_of_the_logit(net):
    pytest.importorskip("captum")
    from mmlib.explain.gradients import integrated_gradients

    model, leaves = net
    parts, gap = integrated_gradients(model, leaves.X, 2, n_steps=200)
    assert parts["image"].shape == (80, 48, 48) and parts["spectrum"].shape == (80, 211)
    assert gap < 0.01
    # The other way to compute the same sum: outputs for the leaves, and for the usual leaf.
    usual = {
        k: torch.zeros(1, *np.roll(s, 1) if len(s) == 3 else s).double()
        for k, s in model.shapes_.items()
    }
    with torch.no_grad():
        start = model.net_(usual)[0, 2].item()
    change = model._predict(leaves.X).numpy()[:, 2] - start
    total = parts["image"].sum((1, 2)) + parts["spectrum"].sum(1)
    np.testing.assert_allclose(total, change, atol=0.01)


def test_gradients_of_a_linear_net_are_weight_times_distance():
    pytest.importorskip("captum")
    from mmlib.explain.gradients import integrated_gradients
    from mmlib.nets.encoders import TableEncoder

    rng = np.random.default_rng(0)
    X, y = {"table": rng.normal(size=(60, 3))}, np.repeat([0, 1], 30)
    model = mmlib.FusionClassifier(encoders={"table": TableEncoder}, epochs=1, random_state=0)
    model.fit(X, y)
    model.net_.head = torch.nn.Linear(model.net_.fuse.width, 2).double()
    weights = (model.net_.head.weight @ model.net_.encoders["table"].layer.weight)[1]
    center, scale = model.scaling_["table"]
    wanted = (X["table"] - center) / scale * weights.detach().numpy()
    parts, _ = integrated_gradients(model, X, 1, n_steps=3)
    np.testing.assert_allclose(parts["table"], wanted, atol=1e-5)


def test_explaining_changes_neither_the_model_nor_the_random_numbers(net):
    pytest.importorskip("captum")
    from mmlib.explain.gradients import integrated_gradients, scramble

    model, leaves = net
    before, state = model.predict_proba(leaves.X), torch.get_rng_state()
    integrated_gradients(model, leaves.X, 0, n_steps=3)
    other = scramble(model, random_state=1)
    assert np.array_equal(before, model.predict_proba(leaves.X))
    assert torch.equal(state, torch.get_rng_state())
    assert not np.allclose(before, other.predict_proba(leaves.X))
    assert np.array_equal(
        other.predict(leaves.X), scramble(model, random_state=1).predict(leaves.X)
    )


def test_without_captum_it_says_what_to_install(net, monkeypatch):
    from mmlib.explain.gradients import integrated_gradients

    monkeypatch.setitem(sys.modules, "captum.attr", None)
    with pytest.raises(DataError, match=r"pip install captum"):
        integrated_gradients(*net[:1], net[1].X, 0)


def test_what_is_no_net_or_no_class_is_refused(net):
    pytest.importorskip("captum")
    from mmlib.explain.gradients import integrated_gradients, scramble

    with pytest.raises(DataError, match="fitted"):
        integrated_gradients(mmlib.FusionClassifier(), net[1].X, 0)
    with pytest.raises(DataError, match="class"):
        integrated_gradients(net[0], net[1].X, 99)
    with pytest.raises(DataError, match="fitted"):
        scramble(mmlib.FusionClassifier())


def test_drops_of_accuracy_need_classes():
    data = mmlib.make_leaves(10, target="chlorophyll")
    with pytest.raises(DataError, match="needs classes"):
        permutation_drops(None, data)


@pytest.mark.parametrize("kind", [np.int64, bool, np.uint8])
def test_whole_numbers_are_covered_as_exactly_as_others(kind):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    table = np.eye(3)[np.arange(90) % 3].astype(kind)
    model = make_pipeline(mmlib.Select("soil"), LogisticRegression()).fit(
        {"soil": table}, table[:, 0].astype(int)
    )
    drops = [
        cover_map(model, X, "soil", [slice(0, 3)], usual_sample(X), 1)
        for X in ({"soil": table}, {"soil": table.astype(float)})
    ]
    np.testing.assert_allclose(*drops)


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


def test_a_graph_net_is_scrambled_whole_and_has_no_gradients_to_integrate():
    pytest.importorskip("captum")
    from mmlib.explain.gradients import integrated_gradients, scramble
    from mmlib.fusion.graph import GraphClassifier

    X, y = {"table": np.random.default_rng(0).normal(size=(60, 3))}, np.arange(60) % 2
    model = GraphClassifier(epochs=5, random_state=0).fit(X, y)
    learned, drawn = model.net_.state_dict(), scramble(model).net_.state_dict()
    assert not [name for name in learned if torch.equal(learned[name], drawn[name])]
    with pytest.raises(DataError, match="cannot follow a graph"):
        integrated_gradients(model, X, 0)
