"""What a saved model tells of itself is checked before anything relies on it."""

import json

import numpy as np
import pytest

import mmlib
from mmlib import DataError
from mmlib.project.about import ABOUT, About, TrainedOn, read_about


@pytest.fixture
def written(tmp_path):
    """A folder with an ``about.json`` that is as it should be, and what stands in it."""
    about = About("0" * 64, "Pipeline", {"python": "3"}, TrainedOn.of(mmlib.make_leaves(5)))
    (tmp_path / ABOUT).write_text(about.to_json(), encoding="utf-8")
    assert read_about(tmp_path) == about
    return tmp_path, json.loads(about.to_json())


def write(folder, found):
    (folder / ABOUT).write_text(json.dumps(found), encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no model in"),
        ("{", "no model in"),
        ("[]", "another version"),
        ('{"format": 99}', "update mmlib"),
        ('{"format": 1, "data": null}', r"about\.json is of format 1, .*: train the model again"),
        ('{"format": 2}', "'sha256'"),
    ],
)
def test_a_folder_without_a_model_of_this_format_is_named(text, said, tmp_path):
    if text:
        (tmp_path / ABOUT).write_text(text, encoding="utf-8")
    for read in (read_about, mmlib.load):
        with pytest.raises(DataError, match=said):
            read(tmp_path)


@pytest.mark.parametrize(
    ("field", "value"),
    [("sha256", 3), ("model", None), ("versions", []), ("versions", {"torch": 2}), ("data", [])],
)
def test_a_field_of_another_type_is_named(field, value, written):
    folder, found = written
    write(folder, found | {field: value})
    with pytest.raises(DataError, match=f"under {field!r}: copy the whole folder again"):
        read_about(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"shapes": {"spectrum": 211}},
        {"shapes": {"spectrum": [True]}},
        {"axes": {"spectrum": ["400"]}},
        {"units": {"spectrum": None}},
        {"shrunk": "1"},
        {"resampled": 1},
        {"labels": [[0]]},
        {"labels": [0, 1]},  # of five classes
        {"more": 1},
    ],
)
def test_data_described_otherwise_are_refused(change, written):
    folder, found = written
    write(folder, found | {"data": found["data"] | change})
    with pytest.raises(DataError, match="under 'data'"):
        read_about(folder)


def test_a_description_that_lacks_something_is_refused(written):
    folder, found = written
    del found["data"]["resampled"]
    write(folder, found)
    with pytest.raises(DataError, match="under 'data'"):
        read_about(folder)


@pytest.mark.parametrize("y", [[0, 1] * 4, ["a", "ü"] * 4, [True, False] * 4, np.arange(8) / 3])
def test_labels_of_every_kind_come_back(y, tmp_path):
    known = TrainedOn.of(mmlib.MultimodalData({"size": np.arange(8.0)[:, None]}, y))
    write(tmp_path, json.loads(About("", "", {}, known).to_json()))
    assert read_about(tmp_path).data == known


def test_how_the_data_were_read_is_kept():
    leaves = mmlib.make_leaves(5)
    assert (TrainedOn.of(leaves).shrunk, TrainedOn.of(leaves).resampled) == (1.0, False)
    leaves.meta |= {"shrunk": 0.5, "resampled": True}
    assert (TrainedOn.of(leaves).shrunk, TrainedOn.of(leaves).resampled) == (0.5, True)
