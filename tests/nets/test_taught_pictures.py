"""A taught encoder as columns: learned once from the same, and blind only where it may be."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline

import mmlib
from mmlib import DataError
from mmlib.data.eye_test import make_eye_test
from mmlib.data.mapping import Samples, Select
from mmlib.features import once
from mmlib.features.block_ridge import BlockRidgeClassifier
from mmlib.features.blocks import Blocks
from mmlib.nets import taught_pictures
from mmlib.nets.taught_pictures import TaughtPictures, taught_blocks

QUICK = {"n_pictures": 90, "epochs": 1}


def pictures(n=30, seed=0, size=16):
    return np.random.default_rng(seed).integers(0, 255, (n, size, size, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def taught():
    return TaughtPictures(**QUICK).fit(pictures())


@pytest.fixture
def counted(monkeypatch):
    """How often an encoder learned, with nothing kept from before."""
    calls, learn = [], taught_pictures.TaughtImage.learn
    monkeypatch.setattr(taught_pictures, "_learned", type(taught_pictures._learned)())
    monkeypatch.setattr(once, "_rows", type(once._rows)())

    def counting(self, x, scaling):
        calls.append(len(x))
        return learn(self, x, scaling)

    monkeypatch.setattr(taught_pictures.TaughtImage, "learn", counting)
    return calls


def test_what_was_learned_is_kept_and_the_same_as_learned_anew(counted):
    first, again = (TaughtPictures(**QUICK).fit(pictures()) for _ in range(2))
    assert counted == [30]
    first.weights_["origin"][:] = 7  # whoever changes his own changes nobody else's
    taught_pictures._learned.clear()
    anew = TaughtPictures(**QUICK).fit(pictures())
    assert counted == [30, 30]
    assert all(np.array_equal(again.weights_[name], x) for name, x in anew.weights_.items())
    np.testing.assert_array_equal(again.transform(pictures(5)), anew.transform(pictures(5)))


def test_other_pictures_settings_and_seeds_learn_for_themselves(counted):
    for model, seed in [({}, 0), ({}, 1), ({"random_state": 1}, 0), ({"n_moments": 3}, 0)]:
        TaughtPictures(**QUICK | model).fit(pictures(seed=seed))
    assert len(counted) == 4
    for _ in range(2):
        TaughtPictures(**QUICK, random_state=None).fit(pictures())
    assert len(counted) == 6


def test_blocks_and_models_of_one_training_part_share_an_encoder_and_a_look(counted):
    X = Samples(image=pictures())
    blocks = {k: make_pipeline(Select("image"), *v) for k, v in taught_blocks(**QUICK).items()}
    made = [Blocks(blocks).fit_transform(X) for _ in range(2)]
    assert counted == [30]
    assert {name: x.shape[1] for name, x in made[0].items()} == {
        "taught": 64, "moments": 10, "measures": 33,
    }  # fmt: skip
    assert list(taught_blocks(n_moments=0)) == ["taught", "measures"]


def test_a_comparison_shows_it_no_sample_that_is_left_out(counted):
    X = Samples(image=pictures(20))
    blocks = {k: make_pipeline(Select("image"), *v) for k, v in taught_blocks(**QUICK).items()}
    once.compute_once({"model": Blocks(blocks)}, X, n_jobs=2)
    assert not counted


def test_only_the_measures_are_the_same_for_a_mirrored_picture(taught):
    some = pictures(6, seed=3)
    one, other = taught.transform(some), taught.transform(some[:, :, ::-1])
    np.testing.assert_allclose(one[:, 74:], other[:, 74:], atol=1e-9)
    assert abs(one[:, :74] - other[:, :74]).max() > 0.01


def test_left_and_right_are_told_apart_by_the_model_that_chooses_among_the_blocks():
    data = make_eye_test("position", n=400, size=24, seed=3)
    train, new = data.take(np.arange(250)), data.take(np.arange(250, 400))
    steps = taught_blocks(n_pictures=750, epochs=3)
    blocks = Blocks({k: make_pipeline(Select("image"), *v) for k, v in steps.items()})
    model = make_pipeline(blocks, BlockRidgeClassifier()).fit(train.X, train.y)
    assert model.score(new.X, new.y) > 0.85


def test_a_row_depends_on_no_other(taught):
    some = pictures(6, seed=3)
    alone = np.vstack([taught.transform(some[i : i + 1]) for i in range(6)])
    np.testing.assert_allclose(taught.transform(some), alone, atol=1e-9)


def test_saving_and_copying(taught, tmp_path):
    again = mmlib.load(mmlib.save(taught, tmp_path))
    np.testing.assert_array_equal(again.transform(pictures(4)), taught.transform(pictures(4)))
    assert clone(taught).get_params() == taught.get_params()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (pictures(4, size=20), "was taught on"),
        (pictures(4) / 255, "hold other numbers"),
        (np.full((2, 16, 16, 3), np.nan), "NaN"),
    ],
)
def test_pictures_unlike_those_it_knows_are_refused(given, message, taught):
    with pytest.raises(DataError, match=message):
        taught.transform(given)


def test_too_small_pictures_are_refused_and_nothing_is_left_behind():
    model = TaughtPictures()
    with pytest.raises(DataError, match="at least 16 x 16"):
        model.fit(pictures(size=12))
    assert not hasattr(model, "shape_")
