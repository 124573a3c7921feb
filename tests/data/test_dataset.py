"""The data table: every fault said in one sentence, rows joined by id, groups kept whole."""

import numpy as np
import pytest

import mmlib
from mmlib import DataError, MultimodalData, Select

SPECTRA = np.arange(12.0).reshape(6, 2)
IMAGES = np.arange(6 * 4 * 4 * 3).reshape(6, 4, 4, 3).astype(np.uint8)
Y = ["raw", "ripe"] * 3


def build(**changes):
    """A small sound table, with some arguments replaced."""
    arguments = {"X": {"spectrum": SPECTRA, "image": IMAGES}, "y": Y, **changes}
    return MultimodalData(**arguments)


def with_value(value, at=(2, 1)):
    changed = SPECTRA.copy()
    changed[at] = value
    return {"spectrum": changed, "image": IMAGES}


def random_table(seed):
    """Any sizes, groups and classes; every class has at least two groups."""
    rng = np.random.default_rng(seed)
    classes, n_groups = int(rng.integers(2, 5)), int(rng.integers(8, 25))
    sizes = rng.integers(1, 7, size=n_groups)
    group = np.repeat(np.arange(n_groups), sizes)
    of_group = np.concatenate([np.tile(np.arange(classes), 2), rng.integers(classes, size=99)])
    y = of_group[group]
    if seed % 2:  # groups that hold several classes, as plots with several species
        mixed = group >= 2 * classes
        y[mixed] = rng.integers(classes, size=mixed.sum())
    order = rng.permutation(len(y))
    X = {"number": np.arange(len(y))[order].astype(float)}
    return MultimodalData(X, y=y[order], groups=group[order], ids=order)


# --- what is kept --------------------------------------------------------------


def test_a_sound_table_is_kept_as_given():
    data = build(axes={"spectrum": [550, 700]}, groups=[1, 1, 2, 2, 3, 3], name="fruit")
    assert data.modalities == ["spectrum", "image"]
    np.testing.assert_array_equal(data.X["spectrum"], SPECTRA)
    assert data.X["image"].dtype == np.uint8
    assert data.y.tolist() == [0, 1] * 3
    assert data.target_names == ["raw", "ripe"]
    assert data.task == "classification" and data.labels.tolist() == [0, 1]
    assert data.ids.tolist() == list("012345")
    assert data.units == {"spectrum": "nm"}
    assert len(data) == 6
    assert repr(data) == ("<fruit: 6 samples, spectrum (2,), image (4, 4, 3), 2 classes, 3 groups>")


def test_x_is_sliced_along_samples():
    part = build().X[np.array([4, 0])]
    np.testing.assert_array_equal(part["spectrum"], SPECTRA[[4, 0]])
    np.testing.assert_array_equal(part["image"], IMAGES[[4, 0]])


@pytest.mark.parametrize(
    ("y", "task"),
    [
        (["a", "b"] * 3, "classification"),
        ([3, 7] * 3, "classification"),
        ([1.0, 2.0] * 3, "classification"),
        ([True, False] * 3, "classification"),
        ([0.5, 1.0, 2.0, 3.0, 4.0, 5.0], "regression"),
    ],
)
def test_the_task_follows_from_the_target(y, task):
    assert build(y=y).task == task


def test_a_quantity_keeps_its_name_and_whole_numbers_can_be_one():
    data = build(y=[1, 2, 3, 4, 5, 6], task="regression", target_names=["mass (g)"])
    assert data.y.dtype == float and data.target_names == ["mass (g)"] and data.labels is None


def test_the_name_of_a_quantity_may_be_a_plain_string():
    assert build(y=np.linspace(0.1, 1, 6), target_names="mass (g)").target_names == ["mass (g)"]


def test_integer_labels_are_kept_and_falling_axes_allowed():
    data = build(y=[3, 7] * 3, axes={"spectrum": [9000, 4000]}, units={"spectrum": "cm-1"})
    assert data.y.tolist() == [3, 7] * 3
    assert data.target_names == ["3", "7"]
    assert data.units == {"spectrum": "cm-1"}


def test_a_plain_column_becomes_a_table():
    assert build(X={"size": np.arange(6.0)}).X["size"].shape == (6, 1)


# --- joining by id -----------------------------------------------------------------


@pytest.mark.parametrize("seed", range(10))
def test_shuffled_files_give_the_same_table(seed):
    rng = np.random.default_rng(seed)
    ids = np.array([f"s{k}" for k in range(6)])
    sound = build(ids=ids)
    one, two = rng.permutation(6), rng.permutation(6)
    joined = build(
        X={"spectrum": SPECTRA[one], "image": IMAGES[two]},
        ids={"spectrum": ids[one], "image": ids[two], "y": ids},
    )
    for key in sound.X:
        np.testing.assert_array_equal(joined.X[key], sound.X[key])
    assert joined.ids.tolist() == sound.ids.tolist()
    assert joined.y.tolist() == sound.y.tolist()


def test_shuffled_files_give_the_same_predictions():
    from sklearn.pipeline import make_pipeline
    from sklearn.tree import DecisionTreeClassifier

    rng = np.random.default_rng(0)
    ids, order = np.arange(40), rng.permutation(40)
    x, y = rng.normal(size=(40, 3)), np.arange(40) % 2
    tables = {"spectrum": x + y[:, None], "size": x}
    plain = MultimodalData(tables, y=y, ids=ids)
    mixed = MultimodalData(
        {"spectrum": tables["spectrum"][order], "size": x},
        y=y,
        ids={"spectrum": ids[order], "size": ids, "y": ids},
    )
    said = []
    for data in (plain, mixed):
        train, test = data.split(seed=1)
        model = make_pipeline(Select("spectrum"), DecisionTreeClassifier(random_state=0))
        said.append(model.fit(train.X, train.y).predict(test.X))
    np.testing.assert_array_equal(*said)


def test_ids_as_numbers_and_as_text_are_the_same_ids():
    data = build(
        X={"spectrum": SPECTRA},
        ids={"spectrum": [6, 5, 4, 3, 2, 1], "y": list("123456")},
    )
    np.testing.assert_array_equal(data.X["spectrum"], SPECTRA[::-1])


# --- faults ------------------------------------------------------------------------

ABC = list("abcdef")
FAULTS = {
    "no mapping": ({"X": [SPECTRA]}, "X must be a mapping"),
    "empty mapping": ({"X": {}}, "X must be a mapping"),
    "ragged": (
        {"X": {"spectrum": [[1, 2], [3], [4, 5]]}},
        "rows of 'spectrum' differ in length: row 1 has shape (1,), row 0 has (2,)",
    ),
    "text": ({"X": {"spectrum": [["1", "-"]] * 6}}, "'spectrum' holds <U1 values, not numbers"),
    "empty cells": (
        {"X": {"spectrum": np.array([[1, None]] * 6, object)}},
        "'spectrum' holds object values",
    ),
    "lengths": ({"X": {"spectrum": SPECTRA[:5]}}, "'spectrum' has 5 samples but y has 6"),
    "NaN": ({"X": with_value(np.nan)}, "'spectrum' holds 1 value(s) that are NaN or infinite"),
    "inf": ({"X": with_value(-np.inf), "ids": ABC}, "in row 2 (id c), column 1"),
    "groups": ({"groups": [1, 2]}, "y has 6 rows, groups has 2 rows"),
    "ids short": ({"ids": ABC[:5]}, "'ids' has 6 rows but 5 ids"),
    "ids twice": ({"ids": list("abcdea")}, "The id 'a' stands twice in 'ids' (rows 0 and 5)"),
    "ids without y": (
        {"ids": {"spectrum": ABC, "image": ABC}},
        "ids has no entry for 'y'",
    ),
    "ids without a table": ({"ids": {"spectrum": ABC, "y": ABC}}, "no entry for 'image'"),
    "ids twice in a table": (
        {"ids": {"spectrum": list("abcdee"), "image": ABC, "y": ABC}},
        "The id 'e' stands twice in 'spectrum' (rows 4 and 5)",
    ),
    "id missing": (
        {"X": {"spectrum": SPECTRA[:5]}, "ids": {"spectrum": ABC[:5], "y": ABC}},
        "'spectrum' lacks id(s) f (1 missing, 0 unknown)",
    ),
    "id unknown": (
        {
            "X": {"spectrum": np.vstack([SPECTRA, SPECTRA[:1]])},
            "ids": {"spectrum": [*ABC, "z"], "y": ABC},
        },
        "'spectrum' has the unknown id(s) z (0 missing, 1 unknown)",
    ),
    "id misspelled": (
        {"X": {"spectrum": SPECTRA}, "ids": {"spectrum": list("abcdeF"), "y": ABC}},
        "(1 missing, 1 unknown)",
    ),
    "axis of nothing": ({"axes": {"Spectrum": [1, 2]}}, "axes names 'Spectrum', but X has"),
    "axis length": ({"axes": {"spectrum": [1, 2, 3]}}, "has 2 bands but its axis has 3 values"),
    "axis repeats": (
        {"axes": {"spectrum": [550, 550]}},
        "The axis of 'spectrum' repeats 550 at bands 0 and 1",
    ),
    "axis unsorted": (
        {"X": {"spectrum": np.ones((6, 3))}, "axes": {"spectrum": [550, 700, 600]}},
        "is not sorted: 700 is followed by 600 at band 2",
    ),
    "axis NaN": ({"axes": {"spectrum": [550, np.nan]}}, "The axis of 'spectrum'"),
    "info": ({"info": {"day": [1, 2]}}, "info 'day' has 2 rows, y has 6"),
    "y two columns": ({"y": np.zeros((6, 2))}, "y has shape (6, 2)"),
    "y empty cell": ({"y": ["a", " ", "b", "a", "b", "a"]}, "y has no value in row 1 (id 1)"),
    "y None": ({"y": np.array(["a", None] * 3, object)}, "y has no value in row 1"),
    "y NaN": ({"y": [0.5, 1, 2, np.nan, 4, 5], "ids": ABC}, "y has no value in row 3 (id d)"),
    "ragged inside": (
        {"X": {"image": [[[1, 2], [3]]] * 6}},
        "Some sample of 'image' is ragged inside",
    ),
    "one number": ({"X": {"size": 5}}, "'size' has shape (), so it holds no sample"),
    "no sample": ({"X": {"size": np.zeros((0, 3))}, "y": []}, "'size' has shape (0, 3)"),
    "no band": ({"X": {"spectrum": SPECTRA[:, :0]}}, "'spectrum' has shape (6, 0)"),
    "reserved name": ({"X": {"y": SPECTRA}}, "A modality cannot be called 'y'"),
    "axis inf": ({"axes": {"spectrum": [550, np.inf]}}, "is inf at band 1"),
    "axis of text": ({"axes": {"spectrum": ["blue", "red"]}}, "must hold numbers"),
    "groups two columns": ({"groups": np.zeros((6, 2))}, "groups has shape (6, 2)"),
    "groups None": (
        {"groups": np.array(["p", None, *"qrst"], object)},
        "groups has no value in row 1",
    ),
    "groups NaN": ({"groups": [1, 1, 2, 2, np.nan, np.nan]}, "groups has no value in row 4"),
    "ids NaN": ({"ids": [1, 2, np.nan, 4, 5, 6]}, "The id in row 2 of 'ids' is empty"),
    "y inf": ({"y": [0.5, 1, 2, np.inf, 4, 5]}, "y has no value in row 3"),
    "y NaN among names": (
        {"y": np.array(["a", np.nan, *"baba"], object)},
        "y has no value in row 1",
    ),
    "y one number": ({"y": 3}, "y has shape ()"),
    "y mixed": ({"y": np.array(["a", 1] * 3, object)}, "y mixes numbers and text"),
    "quantity as text": ({"task": "regression"}, "a quantity must be numbers"),
    "one class": ({"y": ["ripe"] * 6}, "y holds one class only (ripe)"),
    "names": ({"target_names": ["raw"]}, "target_names has 1 names but y has 2 classes"),
    "task": ({"task": "clustering"}, "task is 'clustering'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_said_in_one_sentence(fault):
    changes, says = FAULTS[fault]
    with pytest.raises(DataError) as caught:
        build(**changes)
    message = str(caught.value)
    assert says in message
    assert message.endswith(".") and "\n" not in message
    assert ". " not in message  # one sentence


@pytest.mark.parametrize("seed", range(20))
def test_a_single_bad_value_anywhere_is_found_where_it_is(seed):
    rng = np.random.default_rng(seed)
    row, column = int(rng.integers(6)), int(rng.integers(2))
    bad = rng.choice([np.nan, np.inf, -np.inf])
    with pytest.raises(DataError, match=rf"row {row} \(id {ABC[row]}\), column {column}"):
        build(X=with_value(bad, (row, column)), ids=ABC)


@pytest.mark.parametrize("seed", range(20))
def test_two_bands_in_the_wrong_order_anywhere_are_found(seed):
    rng = np.random.default_rng(seed)
    axis = np.arange(400.0, 500.0, 10)
    if seed % 2:
        axis = axis[::-1]
    at = int(rng.integers(9))
    axis[[at, at + 1]] = axis[[at + 1, at]]
    with pytest.raises(DataError, match="is not sorted"):
        build(X={"spectrum": np.ones((6, 10))}, axes={"spectrum": axis})


def test_data_errors_are_value_errors():
    assert issubclass(DataError, ValueError)


# --- take and split ------------------------------------------------------------------


def test_take_keeps_rows_together():
    data = build(groups=[1, 1, 2, 2, 3, 3], ids=ABC, info={"day": np.arange(6)})
    for index in ([4, 0], np.array([True, False, False, False, True, False])):
        part = data.take(index)
        rows = np.arange(6)[index]
        assert part.ids.tolist() == [ABC[k] for k in rows]
        assert part.y.tolist() == data.y[rows].tolist()
        assert part.info["day"].tolist() == rows.tolist()
        assert part.groups.tolist() == data.groups[rows].tolist()
        np.testing.assert_array_equal(part.X["image"], IMAGES[rows])
    assert len(data) == 6


def test_class_names_survive_a_subset():
    part = build().take([1, 3])
    assert part.target_names == ["raw", "ripe"] and part.labels.tolist() == [0, 1]


@pytest.mark.parametrize("seed", range(40))
def test_a_split_tears_no_group_and_has_every_class_on_both_sides(seed):
    data = random_table(seed)
    train, test = data.split(test_size=0.3, seed=seed)
    assert not set(train.groups) & set(test.groups)
    assert sorted([*train.ids, *test.ids]) == sorted(data.ids)
    assert set(train.y) == set(data.y) == set(test.y)
    for part in (train, test):  # nothing was paired anew
        rows = part.X["number"][:, 0].astype(int).astype(str)
        assert rows.tolist() == part.ids.tolist()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("test_size", [0.1, 0.25, 0.5])
def test_a_split_comes_near_the_size_asked_for(test_size, seed):
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(200), 3)
    x = {"x": np.zeros((600, 1))}
    plants = MultimodalData(x, y=group % 4, groups=rng.permutation(200)[group])
    plots = MultimodalData(x, y=group % 4, groups=rng.permutation(group))  # of several classes
    quantity = MultimodalData(x, y=rng.normal(size=600))
    for data, tolerance in ((plants, 0.02), (plots, 0.1), (quantity, 0.02)):
        assert len(data.split(test_size, seed)[1]) / 600 == pytest.approx(test_size, abs=tolerance)


def test_a_split_repeats_with_its_seed_only():
    data = random_table(4)
    one, again, other = (data.split(seed=s)[1].ids.tolist() for s in (0, 0, 1))
    assert one == again != other


def test_a_class_with_one_group_stays_in_training():
    group = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    data = MultimodalData({"x": np.zeros((8, 1))}, y=[0, 0, 1, 1, 1, 1, 2, 2], groups=group)
    for seed in range(10):
        train, test = data.split(0.5, seed)
        assert {0, 2} <= set(train.y) and set(test.y) == {1}


def test_what_cannot_be_split_is_said():
    with pytest.raises(DataError, match=r"Class 'ripe' has 1 sample\(s\) \(id f\)"):
        build(y=["raw"] * 5 + ["ripe"], ids=ABC).split()
    with pytest.raises(DataError, match=r"All samples are in one group \(p1\)"):
        build(groups=["p1"] * 6).split()
    with pytest.raises(DataError, match="without taking a whole class out of training"):
        build(y=["raw"] * 3 + ["ripe"] * 3, groups=[1, 1, 1, 2, 2, 2]).split()
    for test_size in (0, 1, -0.2, 25):
        with pytest.raises(DataError, match="must lie between 0 and 1"):
            build().split(test_size)


# --- Select --------------------------------------------------------------------------


def test_select_takes_one_modality_in_a_pipeline():
    from sklearn.base import clone

    select = clone(Select("spectrum"))
    np.testing.assert_array_equal(select.fit_transform(build().X), SPECTRA)
    with pytest.raises(DataError, match="no modality 'audio' here: X has spectrum, image"):
        Select("audio").fit(build().X)
    with pytest.raises(DataError, match="X has ndarray"):
        Select("spectrum").fit(SPECTRA)


def test_names_of_the_package_are_found_late_and_unknown_ones_refused():
    assert mmlib.MultimodalData is MultimodalData
    with pytest.raises(AttributeError, match="Multimodal"):
        mmlib.Multimodal  # noqa: B018
