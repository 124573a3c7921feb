"""Gradients add up to what a net answers, and change nothing."""

import sys

import numpy as np
import pytest
import torch

import mmlib
from mmlib.base import DataError


@pytest.fixture(scope="module")
def net():
    leaves = mmlib.make_leaves(20, 4, seed=0)
    cnn = {"spectrum": "cnn", "image": "cnn"}
    model = mmlib.FusionClassifier(encoders=cnn, epochs=2, width=8, random_state=0)
    return model.fit(leaves.X, leaves.y), leaves


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
        outputs = torch.cat([model.net_(batch) for batch in model.batches(leaves.X, "cpu")])
    change = outputs.numpy()[:, 2] - start
    total = parts["image"].sum((1, 2)) + parts["spectrum"].sum(1)
    np.testing.assert_allclose(total, change, atol=0.01)


def test_gradients_reach_the_pixels_through_a_taught_encoder():
    pytest.importorskip("captum")
    from mmlib.explain.gradients import integrated_gradients

    leaves = mmlib.make_leaves(20, 3, seed=0)
    encoders = {"spectrum": "components", "image": "taught"}
    few = {"encoders__image__n_pictures": 60, "encoders__image__epochs": 1}
    model = mmlib.FusionClassifier(encoders=encoders, epochs=2, random_state=0, **few)
    model.fit(leaves.X, leaves.y)
    some = {name: x[:4] for name, x in leaves.X.items()}
    parts, gap = integrated_gradients(model, some, 0, n_steps=64)
    size = np.abs(sum(part.reshape(4, -1).sum(1) for part in parts.values())).max()
    assert gap < 0.05 * size
    assert all(np.abs(part).max() > 0 for part in parts.values())


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
