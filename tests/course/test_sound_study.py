"""The study of three modalities: who is left out, what is stored, and what it says."""

import inspect

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.dummy import DummyClassifier

import mmlib
from mmlib.course import sound_study as study
from mmlib.evaluation.intervals import interval_by_groups


def toy(n=60, seed=0):
    """Six speakers whose sound and picture tell the digit, without any download."""
    rng = np.random.default_rng(seed)
    y = np.tile(np.arange(10), n // 10)
    t = np.arange(1200) / 8000
    audio = np.array([np.sin(2 * np.pi * (300 + 300 * digit) * t) for digit in y])
    audio = (9000 * audio * rng.uniform(0.5, 1, (len(y), 1))).astype(np.int16)
    picture = np.eye(10)[y][:, :8, None] + 0.1 * rng.normal(size=(len(y), 8, 8))
    groups = np.repeat(["a", "b", "c", "d", "e", "f"], len(y) // 6)
    X = {"audio": audio, "image": picture[..., None].astype(np.float32)}
    return mmlib.MultimodalData(X, y, groups)


def test_the_stored_table_is_whole():
    table = study.stored()
    names = {*study.models(), *study.PRODUCT.values()}
    assert set(table["model"]) == names and table["speaker"].nunique() == 6
    pairings = table["pairing"].nunique()
    assert pairings >= 2 and len(table) == len(names) * 6 * pairings
    assert table["accuracy"].between(0.1, 1).all()


def test_the_lesson_s_sentences_stand_in_the_stored_table():
    gain = study.means(study.stored(), over="product of nets")["mean"]
    assert (gain < 0).all(), gain
    speakers = study.stored().pivot_table(index="speaker", columns="model", values="accuracy")
    before = speakers["sound only, net"].sort_values()
    more = speakers["product of nets"][before.index] - before
    assert more.min() > 0 and more[:2].min() > more[2:].max()
    mean = study.means(study.stored())["mean"]
    alone = mean[["sound only, linear", "sound only, net"]].max()
    fused = [*study.PRODUCT.values(), study.EARLY, study.JOINT]
    assert mean[fused].min() > alone
    assert mean["product of linear models"] > mean["sound only, linear"]


def test_three_modalities_are_referenced_texts_and_pictures():
    data = study.three_modalities(toy())
    assert data.X["sound"].shape == (60, 13, 13) and data.X["picture"].shape == (60, 8, 8, 1)
    assert all(isinstance(text, str) for text in data.X["sentence"])
    for who in np.unique(data.groups):
        np.testing.assert_allclose(data.X["sound"][data.groups == who].mean((0, 1)), 0, atol=1e-9)


def test_linear_models_and_their_product_on_a_speaker_left_out():
    data = study.three_modalities(toy())
    fitted = {name: model for name, model in study.models().items() if "linear" in name}
    table = study.run(data, fitted, only=["b"]).set_index("model")["accuracy"]
    assert set(table.index) == {*fitted, "product of linear models"}
    assert table["sound only, linear"] > 0.9 and table["picture only, linear"] > 0.6
    assert table["product of linear models"] > 0.9


def test_nothing_of_the_tested_speaker_reaches_a_model():
    data = study.three_modalities(toy())
    guess = {"guess": DummyClassifier(strategy="most_frequent")}
    data.y = np.where(data.groups == "c", 7, data.y % 3)
    table = study.run(data, guess, only=["c", "d"]).set_index("speaker")["accuracy"]
    assert table["c"] == 0 and table["d"] < 0.5


def test_a_net_takes_all_three_and_learns_a_little():
    data = study.three_modalities(toy())
    model = study.net(*study.ENCODERS, epochs=3).fit(data.X, data.y)
    assert model.predict_proba(data.X).shape == (60, 10)
    assert type(model[-1].net_.encoders["picture"]) is study.DigitCNN


def test_another_microphone_is_a_constant_and_leaves_zeros_and_others_alone():
    x, picture = torch.ones(5, 4, 3), torch.ones(5, 1, 2, 2)
    x[:, 3] = 0
    changed = study.other_microphone({"sound": x, "picture": picture})
    moved = changed["sound"] - x
    assert (moved[:, 3] == 0).all() and changed["picture"] is picture
    torch.testing.assert_close(moved[:, :3], moved[:, :1].expand(5, 3, 3))
    assert moved[:, 0].std() > 0.1 and (x[:, :3] == 1).all()


def test_means_are_over_speakers_with_the_interval_of_compare():
    rows = [
        (p, s, "one", v + p / 100) for p in (0, 1) for s, v in zip("abcdef", range(6), strict=True)
    ]
    rows += [(p, s, "two", 0.0) for p, s, *_ in rows]
    table = pd.DataFrame(rows, columns=["pairing", "speaker", "model", "accuracy"])
    found = study.means(table, over="two").loc["one"]
    values = np.arange(6) + 0.005
    without = [np.delete(values, k).mean() for k in range(6)]
    np.testing.assert_allclose(found, interval_by_groups(values.mean(), without, np.ones(6))[:3])
    assert list(study.means(table).index) == ["one", "two"]


def test_what_the_lesson_prints_is_short():
    for part in (study.DigitCNN, study.other_microphone):
        lines = inspect.getsource(part).splitlines()
        assert len(lines) <= 12 and max(map(len, lines)) <= 95


def test_a_stride_reaches_the_encoder_of_the_sound():
    options = study.net("sound")[-1].get_params()
    assert options["encoders__sound__stride"] == 4
    with pytest.raises(KeyError):
        study.net("scent")
