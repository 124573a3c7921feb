"""A store that was edited is refused; one that cannot be written is named in a sentence."""

import errno
import json
import os

import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor

import mmlib
from mmlib.base import DataError
from mmlib.evaluation.cache import open_store, write_result
from mmlib.evaluation.jobs import divmod_of, run_jobs


def leaves():
    return mmlib.make_leaves(n_plants=10, leaves_per_plant=2)


def compare(folder, data=None):
    models = {"guess": DummyClassifier()}
    return mmlib.compare(models, data or leaves(), n_folds=2, n_repeats=1, store=folder)


def edit(folder, change):
    """Change the outcome in one stored fit, as an editor would."""
    path = sorted(folder.glob("*.json"))[0]
    found = json.loads(path.read_text(encoding="utf-8"))
    change(found["result"])
    path.write_text(json.dumps(found), encoding="utf-8")
    return path


def better(result):
    result[2]["accuracy"] = 1.0


def surer(result):
    result[1] = [[1.0, *[0.0] * (len(row) - 1)] for row in result[1]]


EDITS = {
    "accuracy": better,
    "log loss": lambda result: result[2].update({"log loss": 0.01}),
    "probabilities": surer,
    "fewer predictions": lambda result: result[0].pop(),
    "an unknown class": lambda result: result[0].__setitem__(0, 77),
    "words": lambda result: result.__setitem__(0, ["good"] * len(result[0])),
    "nothing": lambda result: result.clear(),
    "another score": lambda result: result[2].update({"luck": 1.0}),
    "no seconds": lambda result: result.__setitem__(3, {}),
    "odd choices": lambda result: result.__setitem__(4, {"penalty": [1]}),
    "choices in a list": lambda result: result.__setitem__(4, ["penalty"]),
    "nested": lambda result: result.__setitem__(1, [[[1]]]),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_stored_fit_that_contradicts_itself_is_refused_by_name(name, tmp_path):
    compare(tmp_path)
    path = edit(tmp_path, EDITS[name])
    with pytest.raises(DataError, match=r"was edited or damaged\. Delete that file") as caught:
        compare(tmp_path)
    assert str(path) in str(caught.value)
    path.unlink()
    assert compare(tmp_path).table.loc["guess", "mean"] == compare(None).table.loc["guess", "mean"]


def test_a_store_as_it_was_left_is_taken(tmp_path):
    first = compare(tmp_path)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert compare(tmp_path).table.equals(first.table)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == times


def test_a_stored_fit_of_a_quantity_is_held_against_its_predictions(tmp_path):
    data = leaves()
    data = mmlib.MultimodalData(dict(data.X), data.X["spectrum"][:, 5].astype(float), data.groups,
                                task="regression")  # fmt: skip

    def run():
        return mmlib.compare({"guess": DummyRegressor()}, data, n_folds=2, n_repeats=1,
                             store=tmp_path)  # fmt: skip

    run()
    run()
    edit(tmp_path, lambda result: result[2].update(RMSE=1e-9))
    with pytest.raises(DataError, match="as RMSE, but its predictions"):
        run()


def test_a_result_that_is_a_folder_or_a_store_that_is_a_file_is_named(tmp_path):
    (tmp_path / "fits").write_text("mine", encoding="utf-8")
    for make in (open_store, compare, lambda folder: run_jobs(divmod_of, [], folder)):
        with pytest.raises(DataError, match="fits is no folder"):
            make(tmp_path / "fits")
    (tmp_path / "a.json").mkdir()
    with pytest.raises(DataError, match=r"a.json cannot be written .* What was fitted before"):
        write_result(tmp_path / "a.json", "{}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "fits"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_full_or_locked_disk_is_named_and_leaves_no_rest(number, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(DataError, match=os.strerror(number)):
        compare(tmp_path)
    assert not list(tmp_path.iterdir())
