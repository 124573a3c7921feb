"""What notebook 09 says in words, checked again over five simulated samples."""

from functools import cache

import numpy as np
import pytest
from scipy.sparse import diags_array
from sklearn.linear_model import LogisticRegression

import mmlib
from mmlib.course import mistakes
from mmlib.evaluation.few_labels import label_few
from mmlib.features import ColorTexture
from mmlib.features.blocks import feature_blocks
from mmlib.fusion.early import early_fusion
from mmlib.fusion.graph import GraphClassifier, graph_fusion
from mmlib.fusion.intermediate import FusionClassifier
from mmlib.fusion.neighbors import homophily, neighbor_graph, normalize
from mmlib.fusion.presets import on_features
from mmlib.nets.encoders import TableEncoder

SEEDS = range(101, 106)
AS_IT_IS = {"spectrum": [], "image": []}


@cache
def simulate(seed, plants=240, strength=1.0):
    knobs = ("water", "lesions", "redness", "synergy")
    data = mmlib.make_leaves(plants, seed=seed, **dict.fromkeys(knobs, strength))
    data.X["image"] = ColorTexture().fit_transform(data.X["image"])
    return data


@cache
def tables(data):
    return feature_blocks(data).fit_transform(data.X)


@pytest.fixture(scope="module")
def samples():
    return [simulate(seed, strength=1.0) for seed in SEEDS]


@pytest.fixture(scope="module")
def gaps(samples):
    """How far each kind of net is above early fusion on 1,500 new leaves, for each seed."""
    new = simulate(1000, plants=300)
    gaps = {"plain": [], "own": [], "intermediate": []}
    for data in samples:
        blocks = feature_blocks(data).fit(data.X)
        X, X_new = blocks.transform(data.X), blocks.transform(new.X)
        early = early_fusion(blocks=AS_IT_IS).fit(X, data.y).score(X_new, new.y)
        models = {
            "plain": GraphClassifier(own=False, random_state=0),
            "own": GraphClassifier(random_state=0),
            "intermediate": FusionClassifier(
                encoders=dict.fromkeys(X, TableEncoder), random_state=0
            ),
        }
        for name, model in models.items():
            gaps[name].append(model.fit(X, data.y, data.groups).score(X_new, new.y) - early)
    return {name: np.array(gap) for name, gap in gaps.items()}


def test_neighbors_by_both_share_the_class_more_often_than_by_either(samples):
    for data in samples:
        blocks = tables(data)
        alone = [homophily(neighbor_graph({k: x}), data.y) for k, x in blocks.items()]
        union = homophily(neighbor_graph(blocks, graph="union"), data.y)
        assert homophily(neighbor_graph(blocks), data.y) > max(*alone, union) + 0.1


def test_with_all_labels_the_plain_graph_loses(gaps):
    assert (gaps["plain"] < -0.05).all()


def test_the_own_vector_repairs_the_loss_and_wins_nothing_over_the_net_without_graph(gaps):
    assert (gaps["own"] - gaps["plain"]).mean() > 0.05
    assert abs((gaps["own"] - gaps["intermediate"]).mean()) < 0.03


def gains(plants, strength=1.0):
    """Of the transductive net over logistic regression on the diagnosed leaves."""
    found = []
    for seed in SEEDS:
        data = simulate(seed, strength=strength)
        X, known = tables(data), label_few(data, plants, seed)
        linear = LogisticRegression(C=3, solver="newton-cholesky")
        no_graph = early_fusion(blocks=AS_IT_IS, classifier=linear).fit(X[known], data.y[known])
        net = GraphClassifier(own=False, epochs=50, random_state=0)
        net.fit_transductive(X[known], data.y[known], X[~known], data.groups[known])
        right = (net.transduction_ == data.y[~known]).mean()
        found.append(right - no_graph.score(X[~known], data.y[~known]))
    return np.array(found)


def test_with_one_plant_of_each_and_clear_clusters_neighbors_help():
    assert gains(1, strength=2.0).mean() > 0.03


def test_with_many_labels_they_do_not():
    assert gains(24, strength=2.0).mean() < 0.01


def test_where_classes_overlap_they_do_not_either():
    assert gains(1).mean() < 0.03


def test_a_chain_of_rows_measures_the_sort_order(samples):
    ceiling = mmlib.ceilings(mmlib.load_leaves())["joint"][0]
    by_plant = []
    for data in samples:
        columns = np.hstack([x / np.sqrt(x.var(0).sum()) for x in tables(data).values()])
        rng = np.random.default_rng(0)
        test = np.isin(data.groups, rng.permutation(240)[:60])
        mix = normalize(diags_array([np.ones(1199), np.ones(1199)], offsets=[-1, 1]))

        def score(order, mix, data=data, test=test, columns=columns):
            heard, y, held = mix @ (mix @ columns[order]), data.y[order], test[order]
            model = LogisticRegression(C=30, solver="newton-cholesky").fit(heard[~held], y[~held])
            return model.score(heard[held], y[held])

        shuffled = rng.permutation(1200)
        assert score(np.argsort(data.y, kind="stable"), mix) > ceiling + 0.05
        assert score(shuffled, mix) < score(shuffled, np.eye(1200)) - 0.15
        by_plant.append(score(np.arange(1200), mix))
    assert min(by_plant) > ceiling - 0.02 and np.mean(by_plant) > ceiling + 0.015  # siblings


def test_siblings_flatter_a_random_split_with_a_graph_or_without(samples):
    claims = []
    for data in samples:
        spectra = mmlib.MultimodalData({"spectrum": data.X["spectrum"]}, data.y, data.groups)
        options = {"own": False, "siblings": True, "n_neighbors": 3, "n_components": 15}
        models = graph_fusion(spectra, **options), on_features(spectra, n_components=15)
        claims.append([mistakes.split_at_random(model, spectra, n_folds=2) for model in models])
    reported, fair = np.moveaxis(np.mean(claims, axis=0), 1, 0)  # (models,) each
    assert (reported > fair + 0.03).all()


def test_links_find_siblings_where_nobody_forbids_it(samples):
    for data in samples:
        spectrum = {"spectrum": tables(data)["spectrum"]}
        near = neighbor_graph(spectrum, n_neighbors=3)
        apart = neighbor_graph(spectrum, n_neighbors=3, groups=data.groups)
        assert homophily(near, data.groups) > 0.03  # blind: 0.003
        assert homophily(near, data.y) > homophily(apart, data.y) + 0.01
