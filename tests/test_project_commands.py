"""compare and report on a folder, as a new user would try them."""

import re
import shutil

import pandas as pd
import pytest

from mmlib import project
from mmlib.__main__ import main
from mmlib.folder.template import copy_template


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return copy_template(tmp_path_factory.mktemp("user") / "my leaves")


@pytest.fixture(scope="module")
def few_models(request):
    """Two quick models instead of the ladder: the commands are on trial here."""
    from mmlib.features import spectrum_baselines
    from mmlib.fusion.early import early_fusion

    def ladder(data, budget, random_state):
        models = {}
        if "spectrum" in data.modalities:
            models["spectrum only"] = spectrum_baselines(task=data.task)["SVM"]
        return models | {"early": early_fusion(data)}

    patch = pytest.MonkeyPatch()
    patch.setattr("mmlib.fusion.rungs.ladder", ladder)
    yield
    patch.undo()


@pytest.fixture
def folder(template, tmp_path):
    return shutil.copytree(template, tmp_path / "my leaves")


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_compare_then_report(few_models, folder, capsys):
    before = contents(folder)
    assert main(["compare", str(folder), "--quick"]) == 0
    said = capsys.readouterr().out
    assert "spectrum only" in said and re.search(r"fusion (helps|does harm)|No gain", said)
    results = folder.with_name("my leaves-results")
    table = pd.read_csv(results / "quick.csv", index_col="model")
    assert list(table.index) == ["spectrum only", "early"]
    fits = {path: path.stat().st_mtime_ns for path in (results / "fits").iterdir()}
    assert main(["report", str(folder), "--quick"]) == 0
    assert {path: path.stat().st_mtime_ns for path in (results / "fits").iterdir()} == fits
    assert "Does fusion help here?" in (results / "report.html").read_text(encoding="utf-8")
    assert contents(folder) == before


def test_results_go_where_the_user_says(few_models, folder, tmp_path):
    assert main(["compare", str(folder), "--quick", "--results", str(tmp_path / "here")]) == 0
    assert (tmp_path / "here" / "quick.csv").is_file()
    assert not folder.with_name("my leaves-results").exists()


def test_a_faulty_folder_is_named_without_a_traceback(folder, capsys):
    (folder / "samples.csv").write_text("id,label\n", encoding="utf-8")
    assert main(["compare", str(folder)]) == 2
    said = capsys.readouterr().err
    assert "samples.csv" in said and "Traceback" not in said


def test_a_place_that_cannot_be_written_is_named(folder, tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["compare", str(folder), "--results", str(tmp_path / "file" / "x")]) == 2
    assert "--results" in capsys.readouterr().err


def test_a_scheduler_that_does_not_answer_is_named(few_models, folder, capsys):
    pytest.importorskip("distributed")
    assert main(["compare", str(folder), "--quick", "--dask", "tcp://127.0.0.1:1"]) == 2
    assert "No Dask scheduler answers at tcp://127.0.0.1:1" in capsys.readouterr().err


def test_a_missing_dask_is_named(few_models, folder, capsys, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    assert main(["compare", str(folder), "--quick", "--dask", "tcp://127.0.0.1:1"]) == 2
    assert "mmlib[cluster]" in capsys.readouterr().err


def test_as_many_folds_as_the_rarest_class_has_plants():
    from mmlib import make_leaves

    assert project._folds(make_leaves(15), 5) == 3
    assert project._folds(make_leaves(60), 5) == 5
    assert project._folds(make_leaves(15, target="chlorophyll"), 5) == 5
