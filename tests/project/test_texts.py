"""Texts of the table of samples: kept as they are, empty ones missing, copies and clues named."""

import numpy as np
import pytest

import mmlib
from mmlib import DataError
from mmlib.project.reading.findings import Findings
from mmlib.project.reading.load import check_folder
from mmlib.project.reading.texts import read_texts
from mmlib.project.writing import write_folder


def fruits(texts, **more):
    n = len(texts)
    values = np.random.default_rng(0).random((n, 60))
    X = {"spectrum": values, "text": texts}
    return mmlib.MultimodalData(X, ["a", "b"] * (n // 2), ids=[f"s{k}" for k in range(n)], **more)


NOTES = [f"süß, “{k} Tage” 苦味 \U0001f34b" if k % 2 else f'sour; "{k}", a bit' for k in range(20)]


def test_texts_are_written_and_read_back_to_the_letter(tmp_path):
    data = mmlib.load_folder(write_folder(fruits(NOTES), tmp_path / "fruits"))
    assert data.modalities == ["spectrum", "text"] and data.X["text"].tolist() == NOTES
    assert data.info == {} and data.X["text"].dtype == object
    assert data.fingerprint() != fruits([*NOTES[:-1], "x"], name=data.name).fingerprint()


@pytest.mark.parametrize("text", ["two\nlines", "a  b", " a", "n/a", "?!"])
def test_a_text_that_would_not_be_read_back_is_refused(text, tmp_path):
    with pytest.raises(DataError, match="text of s0 would not be read back"):
        write_folder(fruits([text, *NOTES[1:]]), tmp_path / "fruits")
    assert not list(tmp_path.iterdir())


def test_samples_without_a_text_are_named_and_left_out(tmp_path):
    folder = write_folder(fruits(NOTES), tmp_path / "fruits")
    path = folder / "samples.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1:3] = ["s0,a,", "s1,b, n/a"]
    path.write_text("\n".join(lines), encoding="utf-8")
    data, found = check_folder(folder)
    assert len(data) == 18 and len(found) == 2  # with the unit of the axis
    assert "text: 2 samples have none, of 20: s0, s1; they are left out" in str(found[-1])


def test_a_column_without_any_text_is_no_modality(tmp_path):
    folder = write_folder(fruits(NOTES), tmp_path / "fruits")
    path = folder / "samples.csv"
    lines = [line.split(",")[:2] for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [",".join([*cells, "text" if k == 0 else ""]) for k, cells in enumerate(lines)]
    path.write_text("\n".join(rows), encoding="utf-8")
    assert mmlib.load_folder(folder).modalities == ["spectrum"]


LONG = "one two three four five six seven eight"
DOUBTS = {
    "a copy": ({"s1": LONG, "s2": f"{LONG}!"}, "warning: text (id s2): it is the same, word for "
               "word, as that of s1"),
    "a book": ({"s1": "word " * 9000}, "error: text (id s1): it has 44,999 letters"),
    "no words": ({"s1": "3", "s2": "x"}, "error: text: no text holds a word of two letters"),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBTS)
def test_doubts_about_texts(name):
    texts, expected = DOUBTS[name]
    found = Findings()
    read_texts(texts, found)
    assert expected in f"{found[0].level}: {found[0]}" and len(found) == 1


def test_the_same_short_text_may_be_written_twice():
    found = Findings()
    assert len(read_texts({"s1": "sweet and sour", "s2": "Sweet and sour"}, found)) == 2
    assert not found


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["0.1", "0.2", "nan", "0,4"], "not numbers"),
        (["sweet", "", "sour", " "], "an empty text in row 1 \\(2 in all\\)"),
        (["sweet", 3.0, "sour", "a"], "not numbers"),
        (["sweet", None, "sour", "a"], "no value \\(None\\)"),
    ],
)
def test_data_take_texts_and_nothing_that_may_be_something_else(texts, said):
    with pytest.raises(DataError, match=said):
        mmlib.MultimodalData({"notes": texts}, y=["a", "b", "a", "b"])
    data = mmlib.MultimodalData({"notes": ["sweet", "7", "sour", "a"]}, y=["a", "b", "a", "b"])
    assert repr(data) == "<data: 4 samples, notes (), 2 classes>"


def test_a_text_that_names_the_label_is_doubted(tmp_path):
    data = fruits([f"{note} ({'class a' if k % 2 else 'B'})" for k, note in enumerate(NOTES)])
    data.target_names = ["B", "class a"]
    _, found = check_folder(write_folder(data, tmp_path / "fruits"))
    told = [str(f) for f in found if f.where.startswith("text")]
    assert len(told) == 1 and "names its own label in 10 of 20 samples, and another" in told[0]
    data.target_names = ["sour", "Tage"]  # in all of its own, and in no other
    _, found = check_folder(write_folder(data, tmp_path / "named"))
    assert any("names its own label in 20 of 20" in str(f) for f in found)
    _, found = check_folder(write_folder(fruits(NOTES), tmp_path / "innocent"))
    assert not any(f.where.startswith("text") for f in found)
