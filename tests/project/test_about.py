"""What a saved model tells of itself is checked before anything relies on it."""

import json

import numpy as np
import pytest

import mmlib
from mmlib import DataError
from mmlib.project.saving.about import About, TrainedOn, about_of


@pytest.fixture
def written():
    """A description that is as it should be, as it stands in the file."""
    about = About("Pipeline", {"python": "3"}, TrainedOn.of(mmlib.make_leaves(5)))
    assert about_of(about.to_json()) == about
    return json.loads(about.to_json())


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3", '{"model": 1}', "[" * 100_000, "{}"])
def test_a_text_that_is_no_description_is_refused(text):
    with pytest.raises(DataError, match="under 'model': copy the whole folder again"):
        about_of(text)


@pytest.mark.parametrize(
    ("field", "value"),
    [("model", None), ("versions", []), ("versions", {"torch": 2}), ("data", [])],
)
def test_a_field_of_another_type_is_named(field, value, written):
    with pytest.raises(DataError, match=f"under {field!r}: copy the whole folder again"):
        about_of(json.dumps(written | {field: value}))


@pytest.mark.parametrize(
    "change",
    [
        {"shapes": {"spectrum": 211}},
        {"shapes": {"spectrum": [True]}},
        {"shapes": {"spectrum": [-211], "image": [48, 48, 3]}},
        {"shapes": {"spectrum": [211], "image": [20_000, 20_000, 3]}},
        {"shapes": {"spectrum": [211], "image": [48.5, 48, 3]}},
        {"shapes": {"spectrum": [210], "image": [48, 48, 3]}},  # the axis has 211
        {"shapes": {}},
        {"axes": {"spectrum": ["400"]}},
        {"axes": {"sound": [1.0]}},
        {"units": {"spectrum": None}},
        {"units": {"sound": "Hz"}},
        {"rate": -1},
        {"rate": 10**9},
        {"rate": True},
        {"rate": "8000"},
        {"shrunk": "1"},
        {"shrunk": -1},
        {"shrunk": 0},
        {"shrunk": 2.0},
        {"samples": 0},
        {"resampled": 1},
        {"task": "guessing"},
        {"task": "regression"},  # which has no labels
        {"labels": None},
        {"labels": [[0]]},
        {"labels": [0, 1]},  # of five classes
        {"labels": [0, 1, 2, 3, 3]},
        {"target_names": [1, 2, 3, 4, 5]},
        {"more": 1},
    ],
)
def test_data_described_otherwise_are_refused(change, written):
    with pytest.raises(DataError, match="under 'data'"):
        about_of(json.dumps(written | {"data": written["data"] | change}))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(number, written):
    text = json.dumps(written).replace('"shrunk": 1.0', f'"shrunk": {number}')
    with pytest.raises(DataError, match="does not say what it should"):
        about_of(text)


def test_models_that_were_saved_before_there_were_sounds_tell_no_rate(written):
    del written["data"]["rate"]
    assert about_of(json.dumps(written)).data.rate == 0


def test_texts_and_sounds_are_described():
    X = {"text": ["sweet", "sour", "sweet"], "sound": np.zeros((3, 39))}
    data = mmlib.MultimodalData(X, ["a", "b", "a"], meta={"rate": 44100})
    known = TrainedOn.of(data)
    assert known.shapes == {"text": [], "sound": [39]} and known.rate == 44100
    about = About("Pipeline", {}, known)
    assert about_of(about.to_json()) == about


def test_a_description_that_lacks_something_is_refused(written):
    del written["data"]["resampled"]
    with pytest.raises(DataError, match="under 'data'"):
        about_of(json.dumps(written))


def test_the_file_is_named(written):
    with pytest.raises(DataError, match="pears/model"):
        about_of("{", "pears/model")


@pytest.mark.parametrize("y", [[0, 1] * 4, ["a", "ü"] * 4, [True, False] * 4, np.arange(8) / 3])
def test_labels_of_every_kind_come_back(y):
    known = TrainedOn.of(mmlib.MultimodalData({"size": np.arange(8.0)[:, None]}, y))
    assert about_of(About("", {}, known).to_json()).data == known


def test_how_the_data_were_read_is_kept():
    leaves = mmlib.make_leaves(5)
    assert (TrainedOn.of(leaves).shrunk, TrainedOn.of(leaves).resampled) == (1.0, False)
    leaves.meta |= {"shrunk": 0.5, "resampled": True}
    assert (TrainedOn.of(leaves).shrunk, TrainedOn.of(leaves).resampled) == (0.5, True)
