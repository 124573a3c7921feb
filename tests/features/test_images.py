"""Pictures: features on shapes whose numbers are known, and plain-numpy filters."""

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
import torch
from scipy.stats import spearmanr
from sklearn.base import clone
from sklearn.model_selection import StratifiedGroupKFold, cross_val_score

import mmlib
from mmlib.course import pixels
from mmlib.features.baselines import image_baselines
from mmlib.features.images import ColorTexture
from mmlib.features.measures import color_features, shape_features, texture_features
from mmlib.features.segmentation import find_object

GREEN, GRAY = (60, 140, 40), (150, 150, 150)


def ellipse(size=48, a=18, b=9, turn=0.0, inside=GREEN, outside=GRAY, slope=0.0):
    """One picture of an ellipse with half axes a, b (pixels), turned by `turn` degrees."""
    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    t = np.radians(turn)
    u, v = np.cos(t) * x + np.sin(t) * y, np.cos(t) * y - np.sin(t) * x
    mask = (u / a) ** 2 + (v / b) ** 2 <= 1
    image = np.where(mask[..., None], inside, outside) * np.exp(slope * x / size)[..., None]
    return np.clip(np.round(image), 0, 255).astype(np.uint8), mask


def column(images, name):
    features = ColorTexture().fit(images)
    return features.transform(images)[:, list(features.get_feature_names_out()).index(name)]


@pytest.mark.parametrize("slope", [0.0, 0.6])
def test_object_is_found_also_under_uneven_light(slope):
    image, mask = ellipse(turn=30, slope=slope)
    assert (find_object(image[None])[0] == mask).mean() > 0.995


def test_only_the_largest_piece_is_the_object_and_its_holes_are_filled():
    image, mask = ellipse()
    image[44:46, 3:12] = 255  # a scale bar
    image[22:26, 22:26] = GRAY  # a hole that looks like background
    assert (find_object(image[None])[0] == mask).all()


def test_empty_picture_is_all_object_and_its_features_are_finite():
    flat = np.full((2, 16, 16, 3), 77, np.uint8)
    assert find_object(flat).all()
    assert np.isfinite(ColorTexture().fit_transform(flat)).all()


@pytest.mark.parametrize("turn", [0, 25, 90])
def test_shape_of_an_ellipse(turn):
    _, mask = ellipse(turn=turn)
    shape = {key: value[0] for key, value in shape_features(mask[None]).items()}
    assert shape["width over length"] == pytest.approx(0.5, abs=0.02)
    assert shape["box width over length"] == pytest.approx(0.5, abs=0.03)
    assert shape["area"] == pytest.approx(np.pi * 18 * 9 / 48**2, rel=0.02)
    assert shape["ellipse filled"] == pytest.approx(1, abs=0.02)
    assert shape["box filled"] == pytest.approx(np.pi / 4, abs=0.05)


def test_teeth_make_the_outline_rough():
    _, smooth = ellipse()
    toothed = smooth.copy()
    toothed[:, ::3] = ellipse(b=12)[1][:, ::3]
    rough = shape_features(np.stack([smooth, toothed]))
    assert rough["roughness"][1] > rough["roughness"][0] + 1
    assert rough["outline"][1] > rough["outline"][0] + 1


def test_color_moments_against_numpy():
    rng = np.random.default_rng(0)
    image = rng.random((1, 12, 12, 3)).astype(np.float32)
    mask = rng.random((1, 12, 12)) < 0.5
    color = color_features(image, mask)
    red = image[0, ..., 0][mask[0]].astype(float)
    assert color["mean red"][0] == pytest.approx(red.mean(), abs=1e-5)
    assert color["spread red"][0] == pytest.approx(red.std(), abs=1e-5)
    third = ((red - red.mean()) ** 3).mean()
    assert color["skew red"][0] == pytest.approx(np.cbrt(third), abs=1e-3)


def test_the_mean_of_many_pixels_keeps_its_digits():
    image = np.full((1, 3000, 3000, 1), 0.7, np.float32)
    color = color_features(image, np.ones((1, 3000, 3000), bool))
    assert color["mean gray"][0] == pytest.approx(0.7, abs=1e-6)
    assert color["spread gray"][0] == pytest.approx(0, abs=1e-6)


def test_relative_color_does_not_depend_on_the_exposure():
    bright, _ = ellipse(inside=(80, 200, 60))
    dark, _ = ellipse(inside=(40, 100, 30), outside=(75, 75, 75))
    images = np.stack([bright, dark])
    names = ("relative red", "mean red")
    relative, mean = (column(images, name) for name in names)
    assert abs(relative[0] - relative[1]) < 0.06 < abs(mean[0] - mean[1])


def test_dark_share_is_the_share_of_spots():
    image, mask = ellipse()
    image[20:26, 18:24] = (40, 20, 10)
    columns = texture_features(image[None] / np.float32(255), mask[None])
    core = scipy.ndimage.binary_erosion(mask, np.ones((3, 3)))
    share = np.exp(columns["dark share 50"][0]) - 0.005
    assert share == pytest.approx(36 / core.sum(), rel=1e-3)


def test_edges_know_their_direction():
    stripes = 0.3 + 0.2 * (np.arange(24) // 3 % 2) * np.ones((24, 1))
    images = np.stack([stripes, stripes.T])[..., None].astype(np.float32)
    columns = texture_features(images, np.ones((2, 24, 24), bool))
    assert columns["edges 0"][0] > columns["edges 90"][0] + 1  # steps along a row
    assert columns["edges 90"][1] > columns["edges 0"][1] + 1


@pytest.mark.parametrize(
    "shape", [(16, 16, 1), (64, 64, 4), (7, 7, 21), (48, 20, 3), (5, 5, 2), (33, 16, 3)]
)
@pytest.mark.parametrize("dtype", ["uint8", "float32", "uint16"])
def test_any_size_and_number_of_channels(shape, dtype):
    images = (np.random.default_rng(0).random((6, *shape)) * 200).astype(dtype)
    model = ColorTexture().fit(images)
    features = model.transform(images)
    assert np.isfinite(features).all()
    assert features.shape == (6, len(model.get_feature_names_out()))
    assert len(set(model.get_feature_names_out())) == features.shape[1]


def test_features_do_not_depend_on_the_other_pictures(leaves):
    images = leaves.X["image"]
    model = ColorTexture().fit(images[:7])
    whole = model.transform(images)
    order = np.random.default_rng(0).permutation(len(images))
    np.testing.assert_allclose(model.transform(images[order]), whole[order], atol=2e-3)
    alone = np.vstack([model.transform(images[i : i + 1]) for i in range(40)])
    np.testing.assert_allclose(alone, whole[:40], atol=2e-3)


def test_clone_and_choice_of_groups(leaves):
    model = clone(ColorTexture(color=False, shape=True, texture=False))
    assert model.get_params() == {"color": False, "shape": True, "texture": False}
    assert model.fit_transform(leaves.X["image"][:3]).shape == (3, 7)
    with pytest.raises(mmlib.DataError, match="leave out"):
        ColorTexture(False, False, False).fit(leaves.X["image"][:3])


def test_bad_pictures_are_refused_in_a_sentence(leaves):
    images = leaves.X["image"][:3]
    broken = images.astype(float)
    broken[1, 2, 3, 0] = np.nan
    with pytest.raises(mmlib.DataError, match="row 1 holds NaN"):
        ColorTexture().fit(broken)
    with pytest.raises(mmlib.DataError, match="shape"):
        ColorTexture().fit(images[..., 0])
    with pytest.raises(mmlib.DataError, match="5 x 5"):
        ColorTexture().fit(images[:, :4])
    with pytest.raises(mmlib.DataError, match="fitted on 3"):
        ColorTexture().fit(images).transform(images / 255)


def test_features_follow_what_the_leaf_pictures_were_drawn_from(leaves):
    images, truth = leaves.X["image"], leaves.info
    assert spearmanr(column(images, "dark share 15"), truth["lesions"])[0] > 0.75
    assert spearmanr(column(images, "width over length"), truth["maturity"])[0] > 0.85
    assert spearmanr(column(images, "relative green"), truth["anthocyanins"])[0] < -0.7
    assert spearmanr(column(images, "roughness"), truth["maturity"])[0] > 0.5


def test_image_baselines_come_near_the_ceiling_of_the_leaves_and_not_above():
    data = mmlib.make_leaves(n_plants=160, seed=11)
    ceiling = mmlib.ceilings(data)["image"][0]
    cv = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    model = image_baselines()["LDA on PCA"]
    features = model[:2].fit_transform(data.X)  # of each picture by itself: no leak
    score = cross_val_score(model[2:], features, data.y, groups=data.groups, cv=cv).mean()
    assert ceiling - 0.08 < score < ceiling + 0.05  # one data set: standard error 0.017


def test_noise_labels_score_chance(leaves):
    noise = np.random.default_rng(1).permutation(leaves.y)
    cv = StratifiedGroupKFold(3, shuffle=True, random_state=0)
    for name in ("SVM", "SVM on pixels"):
        model = image_baselines()[name]
        score = cross_val_score(model, leaves.X, noise, groups=leaves.groups, cv=cv).mean()
        assert abs(score - 0.2) < 0.1, name  # four standard errors of 300 throws


def test_convolve_and_pooling_agree_with_torch_and_scipy():
    rng = np.random.default_rng(0)
    image, kernel = rng.random((11, 9)), rng.random((3, 2))
    correlated = scipy.signal.correlate2d(image, kernel, mode="valid")
    np.testing.assert_allclose(pixels.convolve(image, kernel), correlated)
    tensor = torch.tensor(image)[None, None]
    strided = torch.nn.functional.conv2d(tensor, torch.tensor(kernel)[None, None], stride=2)
    np.testing.assert_allclose(pixels.convolve(image, kernel, stride=2), strided[0, 0])
    largest = torch.nn.functional.max_pool2d(tensor, 2)[0, 0]
    np.testing.assert_allclose(pixels.max_pool(image), largest)
    mean = torch.nn.functional.avg_pool2d(tensor, 3)[0, 0]
    np.testing.assert_allclose(pixels.mean_pool(image, 3), mean)


def test_pyramid_keeps_the_mean_and_says_when_it_ends():
    image = np.random.default_rng(0).random((16, 16, 3))
    levels = pixels.pyramid(image, 5)
    assert levels[-1].shape == (1, 1, 3)
    np.testing.assert_allclose(levels[-1][0, 0], image.mean((0, 1)))
    with pytest.raises(mmlib.DataError, match="tiles"):
        pixels.pyramid(image, 6)


def test_kernel_larger_than_the_picture_is_refused():
    with pytest.raises(mmlib.DataError, match="kernel"):
        pixels.convolve(np.ones((3, 3)), np.ones((4, 1)))
