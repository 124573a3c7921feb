"""An encoder taught to measure sees what measures see, and where; labels leave it alone."""

import copy

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import GridSearchCV

import mmlib
from mmlib import DataError, FusionClassifier, FusionRegressor
from mmlib.data.mapping import Samples
from mmlib.features.images import ColorTexture
from mmlib.nets.loop import own_randomness
from mmlib.nets.taught import TaughtImage


def blobs(n, seed=0, size=24, dtype=np.uint8):
    """A bright disc on a dark ground; its place, radius and color are drawn."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    place, radius = rng.uniform(-0.4, 0.4, (n, 2, 1, 1)), rng.uniform(0.25, 0.5, n)
    inside = np.hypot(x - place[:, 0], y - place[:, 1]) < radius[:, None, None]
    color = rng.uniform(120, 220, (n, 1, 1, 3))
    pictures = np.where(inside[..., None], color, 40) + rng.normal(0, 8, (n, size, size, 3))
    return pictures.round().clip(0, 255).astype(dtype), place[:, 0, 0, 0], radius


def taught(images, scale=(100.0, 50.0), **options):
    with own_randomness(0):
        encoder = TaughtImage(images.shape[1:], width=8, **options)
        x = torch.from_numpy(images)
        encoder.learn(x, tuple(torch.full((3,), value) for value in scale))
    return encoder.eval()


def columns(encoder, images, scale=(100.0, 50.0)):
    x = (torch.from_numpy(images.astype(float)) - scale[0]) / scale[1]
    with torch.no_grad():
        return encoder.columns(x.permute(0, 3, 1, 2)).numpy()


@pytest.fixture(scope="module")
def encoder():
    return taught(blobs(150)[0], n_pictures=1500)


def test_size_and_place_can_be_read_from_new_pictures(encoder):
    (known, *truths), (new, *new_truths) = blobs(150), blobs(100, seed=1)
    for truth, new_truth in zip(truths, new_truths, strict=True):
        reader = RidgeCV(np.logspace(-2, 4, 13)).fit(columns(encoder, known), truth)
        assert reader.score(columns(encoder, new), new_truth) > 0.8


def test_columns_are_standardized_and_nothing_taught_is_trained_further(encoder):
    known = columns(encoder, blobs(150)[0])
    np.testing.assert_allclose(known.mean(0), 0, atol=1e-9)
    used = known.std(0) > 0
    np.testing.assert_allclose(known[:, used].std(0), 1, atol=0.01)
    trained = [name for name, p in encoder.named_parameters() if p.requires_grad]
    assert trained == ["layer.layer.weight", "layer.layer.bias"]
    before = {k: v.clone() for k, v in encoder.state_dict().items()}
    again = copy.deepcopy(encoder).train()
    again(torch.randn(8, 3, 24, 24).double())  # batch normalization would move its means
    assert all(torch.equal(v, before[k]) for k, v in again.state_dict().items())


def test_it_learns_to_predict_what_it_is_told_to():
    """The same pictures, taught by color alone or by shape alone: each knows its own better."""
    images, _, radius = blobs(150)
    (new, _, new_radius), fits = blobs(100, seed=1), {}
    for name in ("color", "shape"):
        groups = {"color": False, "texture": False, "shape": False} | {name: True}
        encoder = taught(images, n_pictures=900, n_moments=0, targets=ColorTexture(**groups))
        reader = RidgeCV(np.logspace(-2, 4, 13)).fit(columns(encoder, images), radius)
        fits[name] = reader.score(columns(encoder, new), new_radius)
    assert fits["shape"] > fits["color"] + 0.05


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [((16, 16, 1), np.uint8), ((20, 50, 4), np.float32), ((160, 120, 3), np.uint8)],
)
def test_pictures_of_many_sizes_and_numbers(shape, dtype):
    rng = np.random.default_rng(0)
    X = {"image": (rng.uniform(0, 200, (20, *shape))).astype(dtype)}
    quick = {"encoders__image__n_pictures": 40, "encoders__image__epochs": 1, "epochs": 1}
    model = FusionClassifier(encoders={"image": "taught"}, **quick, random_state=0)
    probability = model.fit(X, np.arange(20) % 2).predict_proba(X)
    assert np.isfinite(probability).all()
    assert max(model.net_.encoders["image"].size) <= 64


def test_the_unit_of_pictures_does_not_matter_unless_they_are_bytes():
    images = blobs(40)[0] / 255.0
    quick = {"encoders__image__n_pictures": 80, "encoders__image__epochs": 1, "epochs": 2}
    model = FusionClassifier(encoders={"image": "taught"}, **quick, random_state=0)
    y = np.arange(40) % 2
    one = clone(model).fit({"image": images}, y).predict_proba({"image": images})
    other = clone(model).fit({"image": 3 * images + 1}, y)
    np.testing.assert_allclose(other.predict_proba({"image": 3 * images + 1}), one, atol=1e-6)


def test_too_small_a_picture_is_refused_and_gets_another_encoder_by_default():
    with pytest.raises(DataError, match="at least 16 x 16 pixels and was given 12 x 20"):
        TaughtImage((12, 20, 3))
    small = {"image": np.random.default_rng(0).integers(0, 255, (20, 12, 12, 3), dtype=np.uint8)}
    model = FusionClassifier(epochs=1, random_state=0).fit(small, np.arange(20) % 2)
    assert type(model.net_.encoders["image"]).__name__ == "ImageCNN"


def left_or_right(n, seed):
    """A blob left or right of the middle, and a band shifted or not: four classes."""
    rng = np.random.default_rng(seed)
    side, moved = rng.integers(0, 2, (2, n))
    y, x = np.mgrid[0:1:24j, 0:1:24j]
    place = 0.5 + np.where(side, 0.15, -0.15) + 0.05 * rng.normal(size=n)
    disc = np.hypot(x - place[:, None, None], y - 0.5) < 0.18
    image = (90 + 80 * disc[..., None] + rng.normal(0, 25, (n, 24, 24, 3))).clip(0, 255)
    band = np.arange(80) - 40 - np.where(moved, 2, -2)[:, None] + 0.7 * rng.normal(size=(n, 1))
    spectrum = np.exp(-((band / 6) ** 2)) + 0.15 * rng.normal(size=(n, 80))
    X = Samples(image=image.astype(np.uint8), spectrum=spectrum)
    return X, 2 * side + moved


LOOKING = {"encoders": {"image": "taught", "spectrum": "components"}, "mixup": 1.0}
QUICK = {"encoders__image__n_pictures": 900, "encoders__image__epochs": 3}


def test_left_and_right_are_never_confused_and_meet_a_shifted_band():
    (X, y), (new, truth) = left_or_right(300, 0), left_or_right(300, 1)
    model = FusionClassifier(**LOOKING, **QUICK, random_state=0)
    assert model.fit(X, y).score(new, truth) > 0.85


def test_a_quantity_is_read_from_pixels_and_bands():
    (X, y), (new, truth) = left_or_right(200, 0), left_or_right(100, 1)
    model = FusionRegressor(**LOOKING, **QUICK, random_state=0)
    assert model.fit(X, y).score(new, truth) > 0.6


def test_options_are_found_by_copies_searches_and_saving(tmp_path):
    X, y = left_or_right(40, 0)
    quick = {"encoders__image__n_pictures": 80, "encoders__image__epochs": 1, "epochs": 2}
    model = FusionClassifier(encoders={"image": "taught"}, **quick, random_state=0)
    assert clone(model).get_params() == model.get_params()
    search = GridSearchCV(model, {"encoders__image__n_moments": [0, 5], "mixup": [0.5]}, cv=2)
    best = search.fit(X, y).best_estimator_
    assert best.net_.encoders["image"].patterns.shape[0] in (0, 5) and best.net_.mixup == 0.5
    again = mmlib.load(mmlib.save(best, tmp_path / "model"))
    np.testing.assert_array_equal(again.predict_proba(X), best.predict_proba(X))
    assert all(isinstance(v, np.ndarray) for v in best.__getstate__()["weights_"].values())
