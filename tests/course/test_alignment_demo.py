"""Nets that learn scores on any loss, and decisions on aligned scores."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

import mmlib
from mmlib.base import DataError
from mmlib.course.alignment_demo import learn_scores, play_and_judge
from mmlib.features.blocks import feature_blocks
from mmlib.fusion import aligned_fusion
from mmlib.fusion.alignment_losses import cca_loss
from mmlib.fusion.cca import RegularizedCCA, correlations

rng = np.random.default_rng(0)
SHARED = rng.normal(size=(200, 1))
TABLES = {
    "spectrum": 100 * np.hstack([rng.normal(size=(200, 2)), SHARED]) + 7,
    "image": np.hstack([SHARED + 0.1 * rng.normal(size=(200, 1)), rng.normal(size=(200, 1))]),
}


def distance(a, b):
    return ((a - b) ** 2).sum(axis=1).mean()


def correlate(a, b):
    return cca_loss(a, b, shrinkage=0.01)


def test_a_distance_collapses_and_a_correlation_does_not():
    spreads, steps = {}, 600
    for loss in (distance, correlate):
        scores = learn_scores(TABLES, loss, n_components=1, steps=steps)(TABLES)
        spreads[loss] = scores["image"].std()
    assert spreads[distance] < 0.15 and spreads[correlate] > 0.3
    assert abs(correlations(scores)[0]) > 0.98


def test_a_bend_finds_what_no_weighted_sum_can():
    x = rng.normal(size=(300, 1))
    tables = {"a": x, "b": x**2}
    found = {}
    for hidden in (None, 16):
        score = learn_scores(tables, correlate, hidden, n_components=1)
        found[hidden] = abs(correlations(score(tables))[0])  # a turned score is as good
    assert found[None] < 0.3 and found[16] > 0.9


def test_new_samples_are_brought_to_the_units_of_the_known_and_scored_one_by_one():
    score = learn_scores(TABLES, distance, steps=5)
    part = score({name: table[3:5] for name, table in TABLES.items()})
    for name in TABLES:
        np.testing.assert_allclose(part[name], score(TABLES)[name][3:5], rtol=1e-4, atol=1e-4)
    other_unit = {name: 1000 * table for name, table in TABLES.items()}
    again = learn_scores(other_unit, distance, steps=5)(other_unit)
    np.testing.assert_allclose(again["image"], score(TABLES)["image"], rtol=1e-3, atol=1e-3)


def test_the_seed_decides_and_torch_goes_on_as_before():
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    first, again, other = (
        learn_scores(TABLES, distance, steps=1, random_state=k)(TABLES)["image"] for k in (0, 0, 1)
    )
    assert torch.rand(1) == expected
    assert (first == again).all() and (first != other).any()


def test_tables_that_do_not_pair_are_refused():
    with pytest.raises(DataError, match="at least 2"):
        learn_scores({"image": TABLES["image"]}, distance)
    with pytest.raises(DataError, match="cannot be paired"):
        learn_scores(TABLES | {"image": TABLES["image"][:9]}, distance)


@pytest.mark.parametrize("constant", [1.0, 0.1])  # the mean of many 0.1 is not quite 0.1
def test_a_constant_column_does_no_harm(constant):
    tables = TABLES | {"image": np.c_[TABLES["image"], np.full(200, constant)]}
    scores = learn_scores(tables, distance, steps=3)(tables)
    assert np.abs(scores["image"]).max() < 100


def test_judges_are_asked_about_the_new_samples():
    y = (SHARED[:, 0] > 0).astype(int)
    trained, fresh, found = play_and_judge(TABLES, y, TABLES, shared=2)
    assert 0 <= found <= 1 and 0.3 <= trained <= 1 and 0.3 <= fresh <= 1
    # Samples of which the instruments are far apart are told apart by the fresh judge.
    moved = TABLES | {"image": TABLES["image"] + 50}
    assert play_and_judge(TABLES, y, moved, shared=2)[1] > 0.95


def test_aligned_fusion_decides_on_the_scores_alone():
    leaves = mmlib.make_leaves(n_plants=30)
    tables = feature_blocks(leaves).fit_transform(leaves.X, leaves.y)
    scores = RegularizedCCA(3, shrinkage=0.01).fit_transform(tables)
    last = LogisticRegression(max_iter=1000)
    model = aligned_fusion(leaves, n_components=3, classifier=last).fit(leaves.X, leaves.y)
    seen = model[:-1].transform(leaves.X)
    np.testing.assert_allclose(seen, np.hstack([scores["image"], scores["spectrum"]]))
    averaged = aligned_fusion(leaves, n_components=3, average=True).fit(leaves.X, leaves.y)
    mean = (scores["image"] + scores["spectrum"]) / 2
    np.testing.assert_allclose(averaged[:-1].transform(leaves.X), mean)
    assert averaged.score(leaves.X, leaves.y) > 0.4


def test_classes_may_be_short_whole_numbers():
    y = (SHARED[:, 0] > 0).astype(np.int32)
    assert play_and_judge(TABLES, y, TABLES) == play_and_judge(TABLES, y.astype(int), TABLES)
