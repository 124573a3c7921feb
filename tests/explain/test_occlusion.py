"""Covering shows what a model reads, and maps are held to the truth."""

import numpy as np
import pytest

import mmlib
from mmlib.base import DataError
from mmlib.explain.occlusion import (
    cover_map,
    occlude,
    occlude_tokens,
    on_target,
    paint,
    score_maps,
    squares,
    usual_sample,
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


@pytest.fixture(scope="module")
def on_pictures():
    """The default model of early fusion on spectra and photographs, and other leaves."""
    train, new = mmlib.make_leaves(30, 4, seed=0).split(test_size=0.4, seed=0)
    return mmlib.fusion.early_fusion(train).fit(train.X, train.y), train, new


def test_the_map_of_a_model_on_blocks_of_a_picture_is_what_covering_does(on_pictures):
    model, train, new = on_pictures
    usual, places = usual_sample(train.X), squares(48, 48, 24)
    X = {name: x[:2] for name, x in new.X.items()}
    found = cover_map(model, X, "image", places, usual, label=2)
    assert found.shape == (2, 48, 48) and np.abs(found).max() > 0
    covered = X | {"image": X["image"].copy()}
    covered["image"][:, 24:, :24] = usual["image"][24:, :24]
    wanted = model.predict_proba(X)[:, 2] - model.predict_proba(covered)[:, 2]
    np.testing.assert_allclose(found[:, 40, 3], wanted)


def test_a_model_on_blocks_has_no_tokens_and_it_is_said(on_pictures):
    model, train, new = on_pictures
    for name in train.X:
        with pytest.raises(DataError, match="tokens"):
            occlude_tokens(model, new.X, name, train.X)


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
