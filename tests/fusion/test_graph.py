import copy
import warnings

import numpy as np
import pytest
import torch
from scipy import sparse
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neighbors import kneighbors_graph

import mmlib
from mmlib.base import DataError
from mmlib.data.mapping import Samples
from mmlib.evaluation.few_labels import label_few
from mmlib.fusion.graph import GraphClassifier, GraphRegressor, graph_fusion
from mmlib.fusion.graph_layers import GraphConvolution, LinkNeighbors, to_links
from mmlib.fusion.neighbors import GRAPHS, homophily, neighbor_graph, normalize

PATH = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]], float)  # 0 - 1 - 2 - 3


def toy(n=80, classes=2, widths=(5, 3), signal=2.0, seed=0):
    """Tables whose first column is the class; four samples make a group."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) // 4 % classes
    X = {f"m{k}": rng.normal(size=(n, width)) for k, width in enumerate(widths)}
    for x in X.values():
        x[:, 0] += signal * y
    return Samples(**X), np.array([f"class {k:02d}" for k in y]), np.arange(n) // 4


def quick(**options):
    return GraphClassifier(
        **{"epochs": 20, "n_neighbors": 4, "random_state": 0, "device": "cpu", **options}
    )


def test_normalized_adjacency_of_a_path_is_the_one_worked_out_by_hand():
    six, two, three = 1 / np.sqrt(6), 1 / 2, 1 / 3  # degrees with the own link: 2, 3, 3, 2
    by_hand = [[two, six, 0, 0], [six, three, three, 0], [0, three, three, six], [0, 0, six, two]]
    np.testing.assert_allclose(normalize(PATH).toarray(), by_hand)
    np.testing.assert_allclose(normalize(sparse.csr_matrix(PATH)).toarray(), by_hand)


def test_normalize_keeps_a_constant_on_a_ring_and_weights_count():
    ring = np.roll(np.eye(5), 1, 0) + np.roll(np.eye(5), -1, 0)
    np.testing.assert_allclose(normalize(ring) @ np.ones(5), 1)
    pair = np.array([[0, 3.0], [3.0, 0]])
    np.testing.assert_allclose(normalize(pair).toarray(), [[0.25, 0.75], [0.75, 0.25]])


def test_convolution_has_the_values_and_gradients_of_the_dense_formula():
    generator = torch.Generator().manual_seed(0)
    layer = GraphConvolution(3, 2).double()
    x = torch.randn(4, 3, generator=generator, dtype=torch.double, requires_grad=True)
    down = torch.randn(4, 2, generator=generator, dtype=torch.double)
    dense = normalize(PATH).toarray()
    receivers, senders, weights = to_links(dense)
    out = layer(x, (receivers, senders, weights.double()))
    (out * down).sum().backward()
    dense = dense.astype(np.float32).astype(float)  # links are kept in single precision
    w, xs, d = (t.detach().numpy() for t in (layer.weight, x, down))
    np.testing.assert_allclose(out.detach(), dense @ xs @ w + layer.bias.detach().numpy())
    np.testing.assert_allclose(layer.weight.grad, (dense @ xs).T @ d, rtol=1e-10)
    np.testing.assert_allclose(x.grad, dense.T @ d @ w.T, rtol=1e-10)
    np.testing.assert_allclose(layer.bias.grad, d.sum(0), rtol=1e-10)


def test_convolution_agrees_with_torch_geometric():
    nn = pytest.importorskip("torch_geometric.nn")
    layer, other = GraphConvolution(3, 2), nn.GCNConv(3, 2)
    other.lin.weight.data = layer.weight.data.T.clone()
    x, links = torch.rand(4, 3), to_links(normalize(PATH))
    edges = torch.from_numpy(np.array(PATH.nonzero()))
    torch.testing.assert_close(layer(x, links), other(x, edges))


@pytest.mark.parametrize("own", [False, True])
def test_two_layers_match_the_formula_of_the_paper(own):
    fuse = LinkNeighbors({"a": 2, "b": 1}, width=3, own=own).eval()
    a = normalize(PATH).toarray().astype(np.float32)
    fuse.place(to_links(a), torch.tensor([2, 0]))
    encoded = {"b": torch.rand(4, 1), "a": torch.rand(4, 2)}
    x = np.hstack([encoded["a"], encoded["b"]])
    w1, w2 = fuse.first.weight.detach().numpy(), fuse.second.weight.detach().numpy()
    expected = a @ np.maximum(a @ x @ w1, 0) @ w2
    if own:
        alone = fuse.own(torch.from_numpy(x)).detach().numpy()
        expected = np.hstack([np.maximum(alone, 0), expected])
    np.testing.assert_allclose(fuse(encoded).detach(), expected[[2, 0]], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("graph", GRAPHS)
def test_links_are_those_of_scikit_learn(graph):
    X, _, _ = toy(60)
    scaled = [(x - x.mean(0)) / np.sqrt(x.var(0).sum()) for x in X.values()]
    tables = [np.hstack(scaled)] if graph == "together" else scaled
    parts = [kneighbors_graph(x, 7).toarray() for x in tables]
    parts = [np.maximum(part, part.T) for part in parts]
    expected = {
        "together": parts[0],
        "union": np.maximum(parts[0], parts[-1]),
        "sum": sum(parts),
        "nodes": np.block([[parts[0], np.eye(60)], [np.eye(60), parts[-1]]]),
    }[graph]
    np.testing.assert_array_equal(neighbor_graph(X, 7, graph).toarray(), expected)


def test_members_of_a_group_are_no_neighbors_and_others_fill_in():
    X, _, groups = toy()
    links = neighbor_graph(X, 5, groups=groups)
    assert homophily(neighbor_graph(X, 5), groups) > 0 == homophily(links, groups)
    assert links.sum(axis=1).min() >= 5


def test_homophily_of_graphs_worked_out_by_hand():
    assert homophily(PATH, [0, 0, 1, 1]) == pytest.approx(2 / 3)
    assert homophily(PATH + np.eye(4), [0, 1, 0, 1]) == 0
    with pytest.raises(DataError, match="4 samples but there are 3 labels"):
        homophily(PATH, [0, 0, 1])
    with pytest.raises(DataError, match="No two samples are linked"):
        homophily(np.eye(3), [0, 0, 1])


def test_as_many_whole_groups_of_each_class_are_labeled():
    leaves = mmlib.make_leaves(20, leaves_per_plant=3)
    known = label_few(leaves, 2, random_state=1)
    assert np.bincount(leaves.y[known]).tolist() == [6] * 5
    assert not set(leaves.groups[known]) & set(leaves.groups[~known])
    assert (known != label_few(leaves, 2, random_state=2)).any()
    with pytest.raises(DataError, match="has 4 group"):
        label_few(leaves, 5)
    leaves.groups = None
    with pytest.raises(DataError, match="no groups"):
        label_few(leaves, 1)


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("own", [False, True])
def test_it_learns_and_every_parameter_gets_a_gradient(graph, own):
    X, y, groups = toy(120, signal=4)
    model = quick(graph=graph, own=own, epochs=60).fit(X, y, groups=groups)
    assert model.score(X, y) > 0.9
    net = model.net_.train()
    net(next(iter(model.batches(X[:5], "cpu")))).square().sum().backward()
    missing = [
        name for name, p in net.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0
    ]
    assert missing == []


@pytest.mark.parametrize("graph", GRAPHS)
def test_a_prediction_does_not_depend_on_who_else_is_predicted(graph):
    X, y, _ = toy()
    new, _, _ = toy(40, seed=1)
    model = quick(graph=graph).fit(X, y)
    together = model.predict_proba(new)
    alone = np.vstack([model.predict_proba(new[[i]]) for i in range(8)])
    np.testing.assert_allclose(alone, together[:8], atol=1e-6)
    others = Samples(**{name: np.vstack([x[:8], x[:8] + 1e-3]) for name, x in new.items()})
    np.testing.assert_allclose(model.predict_proba(others)[:8], together[:8], atol=1e-6)


def test_a_new_sample_is_what_the_formula_says():
    """References keep their own degrees; the new sample divides by its own and theirs."""
    X, y, _ = toy(30, widths=(2,))
    new, _, _ = toy(3, widths=(2,), seed=5)
    model = quick(n_neighbors=3, own=False).fit(X, y)
    net, known = model.net_, model.references_["m0"].astype(float)
    x = (new["m0"] - X["m0"].mean(0)) / np.sqrt(X["m0"].var(0).mean())
    a = np.zeros((31, 31))
    a[:30, :30] = model.links_[0].toarray()
    a[30, np.argsort(((known - x[0]) ** 2).sum(1))[:3]] = 1
    a += np.eye(31)
    a = a / np.sqrt(np.outer(a.sum(1), a.sum(1)))
    with torch.no_grad():
        h = net.encoders["m0"](torch.from_numpy(np.vstack([known, x[:1]]))).numpy()
        w1, w2 = net.fuse.first.weight.numpy(), net.fuse.second.weight.numpy()
        first = np.maximum(a @ h @ w1 + net.fuse.first.bias.numpy(), 0)
        heard = a @ first @ w2 + net.fuse.second.bias.numpy()
        expected = torch.softmax(net.head(torch.from_numpy(heard[30:])), 1)
    np.testing.assert_allclose(model.predict_proba(new)[:1], expected, atol=1e-5)


def test_unlabeled_samples_join_the_graph_only_when_asked():
    X, y, _ = toy(40, signal=3)
    new, truth, _ = toy(100, signal=3, seed=1)
    far = Samples(**{name: x * 3 + 1 for name, x in new.items()})
    alone = quick(own=False).fit(X, y)
    assert not hasattr(alone, "transduction_")
    with_new = quick(own=False, epochs=60).fit_transductive(X, y, new)
    assert with_new.transduction_.shape == (100,)
    assert (with_new.transduction_ == truth).mean() > 0.8
    assert len(with_new.references_["m0"]) == 140 > len(alone.references_["m0"])
    assert with_new.predict(far).shape == (100,)
    assert not hasattr(with_new, "_unlabeled")


def test_in_transduction_a_few_labels_are_enough_where_samples_form_clusters():
    rng = np.random.default_rng(0)
    angle = rng.uniform(0, np.pi, 300)
    side = np.arange(300) % 2  # two moons: no straight line parts them
    moons = np.c_[np.cos(angle) + side, np.sin(angle) * (1 - 2 * side) + 0.4 * side]
    X = Samples(place=moons + 0.05 * rng.normal(size=(300, 2)))
    few = np.arange(300) < 6
    model = quick(own=False, epochs=100).fit_transductive(X[few], side[few], X[~few])
    inductive = quick(own=False, epochs=100, n_neighbors=2).fit(X[few], side[few])
    gain = (model.transduction_ == side[~few]).mean() - inductive.score(X[~few], side[~few])
    assert gain > 0.05


def test_groups_stay_out_of_each_others_neighborhood_unless_siblings_are_allowed():
    X, y, groups = toy(60)
    model = quick(validation=0).fit(X, y, groups=groups)
    assert homophily(model.links_[0], groups) == 0
    assert homophily(quick(validation=0, siblings=True).fit(X, y, groups).links_[0], groups) > 0
    joined = quick(validation=0).fit_transductive(X[:40], y[:40], X[40:], groups=groups[:40])
    assert homophily(joined.links_[0][:40, :40], groups[:40]) == 0


def test_the_validation_part_is_whole_groups_outside_the_graph():
    X, y, groups = toy(120)
    model = quick(validation=0.25).fit(X, y, groups=groups)
    kept = {tuple(row) for row in model.references_["m0"].round(4).tolist()}
    center, scale = model.scaling_["m0"]
    known = (X["m0"] - center) / scale
    inside = np.array([tuple(row) in kept for row in known.round(4).tolist()])
    assert 70 < inside.sum() < 110
    assert not set(groups[inside]) & set(groups[~inside])


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize(("classes", "widths"), [(2, (4,)), (3, (4, 9)), (50, (60, 7, 2))])
def test_one_to_three_modalities_of_any_width(graph, classes, widths):
    X, y, _ = toy(400 if classes == 50 else 80, classes, widths)
    proba = quick(graph=graph, epochs=3).fit(X, y).predict_proba(X)
    assert proba.shape == (len(y), classes)
    np.testing.assert_allclose(proba.sum(1), 1)


def test_the_order_of_the_modalities_does_not_matter():
    X, y, _ = toy()
    backwards = Samples(**dict(reversed(X.items())))
    expected = quick().fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(quick().fit(backwards, y).predict_proba(X), expected)


def test_the_seed_decides_and_global_generators_are_left_alone():
    X, y, _ = toy()
    before = torch.get_rng_state()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        a = quick().fit(X, y).predict_proba(X)
    assert torch.equal(torch.get_rng_state(), before)
    np.testing.assert_array_equal(a, clone(quick()).fit(X, y).predict_proba(X))
    assert not np.allclose(a, quick(random_state=1).fit(X, y).predict_proba(X))


def test_it_can_be_cross_validated_tuned_and_compared():
    X, y, groups = toy()
    assert cross_val_score(quick(), X, y, cv=3).mean() > 0.7
    search = GridSearchCV(quick(epochs=3), {"n_neighbors": [2, 4], "graph": ["sum"]}, cv=2)
    assert search.fit(X, y).best_params_["n_neighbors"] in (2, 4)
    data = mmlib.MultimodalData(X, y, groups)
    result = mmlib.compare({"graph": quick()}, data, n_folds=2, n_repeats=1)
    assert result.table.loc["graph", "mean"] > 0.7


def test_noise_labels_and_noise_tables_score_chance():
    rng = np.random.default_rng(0)
    X, y, _ = toy(200, signal=0)
    assert abs(cross_val_score(quick(), X, rng.permutation(y), cv=4).mean() - 0.5) < 0.12
    X, y, groups = toy(200)
    data = mmlib.MultimodalData(X, rng.permutation(50)[groups] % 2, groups)
    result = mmlib.compare({"graph": quick()}, data, n_folds=4, n_repeats=1)
    assert abs(result.table["mean"].item() - 0.5) < 0.15


def test_regression_predicts_in_the_unit_of_y():
    X, _, groups = toy(200)
    y = 500 + 40 * X["m0"][:, 0] + 40 * X["m1"][:, 1]
    model = GraphRegressor(random_state=0, device="cpu").fit(X[:150], y[:150], groups[:150])
    assert model.score(X[150:], y[150:]) > 0.7
    model.fit_transductive(X[:150], y[:150], X[150:])
    assert np.corrcoef(model.transduction_, y[150:])[0, 1] > 0.8


def test_a_saved_model_predicts_the_same(tmp_path):
    leaves = mmlib.make_leaves(20)
    model = graph_fusion(leaves, epochs=3, graph="nodes").fit(leaves.X, leaves.y)
    again = mmlib.load(mmlib.save(model, tmp_path, leaves))
    np.testing.assert_array_equal(again.predict_proba(leaves.X), model.predict_proba(leaves.X))


def test_what_does_not_fit_is_refused_in_a_sentence():
    X, y, _ = toy(40)
    pictures = Samples(image=np.zeros((40, 8, 8, 3), np.uint8))
    with pytest.raises(DataError, match="a graph needs tables: put mmlib"):
        quick().fit(pictures, y)
    with pytest.raises(DataError, match="n_neighbors is 60, but there are 40 samples"):
        neighbor_graph(X, n_neighbors=60)
    with pytest.raises(DataError, match="n_neighbors is 0"):
        quick(n_neighbors=0).fit(X, y)
    with pytest.raises(DataError, match="graph is 'star'"):
        quick(graph="star").fit(X, y)
    with pytest.raises(DataError, match="groups has 3 rows"):
        quick().fit(X, y, groups=[1, 2, 3])
    with pytest.raises(DataError, match="trained on"):
        quick().fit(X, y).predict({"m0": X["m0"][:, :2], "m1": X["m1"]})
    with pytest.raises(DataError, match="no modality 'm1'"):
        quick().fit_transductive(X, y, {"m0": X["m0"]})
    with pytest.raises(DataError, match="Numbers of samples differ"):
        neighbor_graph({"a": X["m0"], "b": X["m1"][:5]})
    with pytest.raises(DataError, match="groups has 3 rows"):
        neighbor_graph(X, groups=[1, 2, 3])
    with pytest.raises(DataError, match="table of finite numbers"):
        neighbor_graph({"a": X["m0"] * np.nan})


def test_another_fit_forgets_what_was_said_of_unlabeled_samples():
    X, y, _ = toy()
    model = quick(epochs=2).fit_transductive(X, y, X[:10])
    assert len(model.transduction_) == 10
    assert not hasattr(model.fit(X, y), "transduction_")


def test_a_graph_with_fewer_samples_than_neighbors_links_them_all():
    X, y, _ = toy(12)
    most = quick(n_neighbors=11, validation=0).fit(X, y)
    more = quick(n_neighbors=60, validation=0).fit(X, y)
    assert (most.links_[0] != more.links_[0]).nnz == 0
    np.testing.assert_array_equal(more.predict_proba(X), most.predict_proba(X))


def test_a_net_can_be_copied_after_its_parameters_were_set_anew():
    X, y, _ = toy()
    model = quick(epochs=2).fit(X, y)
    again = copy.deepcopy(model.set_params(width=16))
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
