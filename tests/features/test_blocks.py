import numpy as np
import pytest
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

import mmlib
from mmlib import DataError, Select
from mmlib.features.blocks import Blocks, default_block, feature_blocks


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(20)


def test_a_block_is_what_its_own_steps_make(leaves):
    steps = make_pipeline(Select("spectrum"), PCA(3, random_state=0))
    made = Blocks({"scores": steps}).fit_transform(leaves.X)
    expected = clone(steps).fit_transform(leaves.X)
    np.testing.assert_allclose(made["scores"], expected, atol=1e-4)


def test_blocks_are_fitted_on_the_training_part_only(leaves):
    train, test = leaves.split()
    blocks = feature_blocks(leaves).fit(train.X)
    alone = blocks.transform(test.take([3]).X)
    together = blocks.transform(test.X)
    for name in alone:
        np.testing.assert_allclose(alone[name][0], together[name][3], rtol=1e-5, atol=1e-6)
    assert abs(blocks.transform(train.X)["image"].mean(0)).max() < 1e-5
    assert abs(together["image"].mean(0)).max() > 0.01


def test_the_given_steps_stay_unfitted(leaves):
    steps = make_pipeline(Select("spectrum"), PCA(3))
    Blocks({"spectrum": steps}).fit(leaves.X)
    assert not hasattr(steps[-1], "components_")


def test_raw_modalities_pass_unchanged(leaves):
    made = feature_blocks(leaves, raw=["image"]).fit_transform(leaves.X)
    assert made["image"].dtype == np.uint8
    np.testing.assert_array_equal(made["image"], leaves.X["image"])


def test_no_blocks_are_refused(leaves):
    with pytest.raises(DataError, match="at least one block"):
        Blocks({}).fit(leaves.X)


def test_a_net_on_features_can_be_tuned(leaves):
    model = mmlib.fusion.on_features(leaves, epochs=2)
    search = GridSearchCV(model, {"model__width": [4, 8]}, cv=2).fit(leaves.X, leaves.y)
    assert search.best_estimator_["model"].width in (4, 8)


def test_a_net_on_features_of_a_quantity_is_a_regressor():
    leaves = mmlib.make_leaves(20, target="chlorophyll")
    model = mmlib.fusion.on_features(leaves, epochs=2).fit(leaves.X, leaves.y)
    assert model.predict(leaves.X).shape == leaves.y.shape


def test_an_unknown_raw_modality_is_refused(leaves):
    with pytest.raises(DataError, match="raw names 'sound'"):
        mmlib.fusion.on_features(leaves, raw=["sound"])


def test_a_patch_too_small_to_show_an_object_is_a_table_of_its_pixels():
    rng = np.random.default_rng(0)
    for shape in [(7, 7, 1), (9, 9, 4)]:
        x = rng.normal(size=(40, *shape))
        table = make_pipeline(*default_block(shape)).fit_transform(x)
        pixels = x.reshape(40, -1)
        assert table.shape == (40, 49 if shape[2] == 1 else 15)
        if shape[2] == 1:
            np.testing.assert_allclose(table, (pixels - pixels.mean(0)) / pixels.std(0))
