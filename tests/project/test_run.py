"""compare and report on a folder, as a new user would try them."""

import os
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mmlib.__main__ import main
from mmlib.data.splits import most_folds
from mmlib.project import run as project
from mmlib.project.writing import copy_template


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return copy_template(tmp_path_factory.mktemp("user") / "my leaves")


@pytest.fixture(scope="module")
def few_models(request):
    """Two quick models instead of the ladder: the commands are on trial here."""
    from mmlib.features import spectrum_baselines
    from mmlib.fusion.early import early_fusion

    def ladder(data, budget, random_state, forests):
        models = {}
        if "spectrum" in data.modalities:
            models["spectrum only"] = spectrum_baselines(task=data.task)["SVM"]
        return models | {"early": early_fusion(data)}

    patch = pytest.MonkeyPatch()
    patch.setattr("mmlib.fusion.ladder", ladder)
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


def test_results_never_replace_what_no_comparison_wrote(folder, tmp_path, capsys):
    mine = tmp_path / "thesis" / "comparison.csv"
    mine.parent.mkdir()
    mine.write_text("a table of mine", encoding="utf-8")
    assert main(["compare", str(folder), "--results", str(mine.parent)]) == 2
    assert "comparison.csv" in capsys.readouterr().err
    assert mine.read_text(encoding="utf-8") == "a table of mine"


@pytest.mark.parametrize("inside", [".", "results"])
def test_results_do_not_go_into_the_project(inside, folder, capsys):
    before = contents(folder)
    assert main(["compare", str(folder), "--results", str(folder / inside)]) == 2
    assert "--results" in capsys.readouterr().err
    assert contents(folder) == before


def test_a_faulty_folder_is_named_without_a_traceback(folder, capsys):
    (folder / "samples.csv").write_text("id,label\n", encoding="utf-8")
    assert main(["compare", str(folder)]) == 2
    said = capsys.readouterr().err
    assert "samples.csv" in said and "Traceback" not in said


def test_a_place_that_cannot_be_written_is_named(folder, tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["compare", str(folder), "--results", str(tmp_path / "file" / "x")]) == 2
    assert "--results" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["quick.csv", "report.html"])
def test_a_result_that_another_program_holds_is_named(name, few_models, folder, tmp_path, capsys):
    (tmp_path / "here" / "fits").mkdir(parents=True)  # of an earlier run
    (tmp_path / "here" / name).mkdir()  # no file can be written there, as in one that Excel holds
    assert main(["report", str(folder), "--quick", "--results", str(tmp_path / "here")]) == 2
    assert f"{name} cannot be written" in capsys.readouterr().err


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

    assert most_folds(make_leaves(15), 5) == 3
    assert most_folds(make_leaves(60), 5) == 5
    assert most_folds(make_leaves(15, target="chlorophyll"), 5) == 5


def unlabeled(folder, name, rows=7):
    """A copy of the project without labels, as new samples would come."""
    new = shutil.copytree(folder, folder.with_name(name))
    table = pd.read_csv(new / "samples.csv").drop(columns=["label", "group"])
    table.head(rows).to_csv(new / "samples.csv", index=False)
    return new


@pytest.fixture(scope="module")
def compared(few_models, template, tmp_path_factory):
    """A project that was compared, with its results beside it."""
    folder = shutil.copytree(template, tmp_path_factory.mktemp("compared") / "my leaves")
    assert main(["compare", str(folder), "--quick"]) == 0
    return folder


@pytest.fixture
def model(compared):
    return compared.with_name("my leaves-results") / "model"


def test_new_samples_get_a_table_of_predictions(compared, model, tmp_path, capsys):
    new = unlabeled(compared, "new")
    before = contents(new)
    assert main(["predict", str(model), str(new)]) == 0
    output = new.with_name("new-predictions.csv")
    assert output.read_bytes().startswith(b"\xef\xbb\xbf")  # so that Excel reads UTF-8
    table = pd.read_csv(output)
    assert table.columns[0] == "id"
    assert len(table) == 7 and contents(new) == before
    shares = table.filter(like="probability of")
    assert shares.shape[1] == 5 and (shares.sum(axis=1).sub(1).abs() < 0.001).all()
    best = shares.idxmax(axis=1).str.removeprefix("probability of ")
    assert best.tolist() == table["predicted"].tolist()
    assert set(table["image unlike the training data"]) <= {"yes", "no"}
    assert main(["predict", str(model), str(new)]) == 2  # nothing is overwritten
    assert "--output" in capsys.readouterr().err


def test_predictions_are_those_of_the_model(compared, model, tmp_path):
    import mmlib

    output = tmp_path / "out.csv"
    assert main(["predict", str(model), str(compared), "--output", str(output)]) == 0
    data = mmlib.load_folder(compared)
    wanted = [data.target_names[y] for y in mmlib.load(model).predict(data.X)]
    assert pd.read_csv(output)["predicted"].tolist() == wanted


def cut_bands(folder):
    table = pd.read_csv(folder / "spectra.csv")
    table.iloc[:, :150].to_csv(folder / "spectra.csv", index=False)


def gray(folder):
    from PIL import Image

    for path in (folder / "images").iterdir():
        Image.open(path).convert("L").save(path)


def larger(folder):
    from PIL import Image

    for path in (folder / "images").iterdir():
        Image.open(path).resize((96, 96)).save(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (cut_bands, "149 bands from 400 to 1880 nm, but the model was trained on 211"),
        (gray, "1 channel"),
        (larger, "96 x 96 pixels in 3 channel"),
        (lambda folder: shutil.rmtree(folder / "images"), "has no image"),
        (lambda folder: (folder / "samples.csv").unlink(), "samples.csv"),
    ],
)
def test_samples_that_do_not_fit_the_model_are_refused(change, said, compared, model, capsys):
    new = unlabeled(compared, f"new {said[:6]}")
    change(new)
    assert main(["predict", str(model), str(new)]) == 2
    found = capsys.readouterr().err
    assert said in found and "Traceback" not in found
    assert not new.with_name(f"{new.name}-predictions.csv").exists()


def test_a_sample_unlike_the_training_data_is_named(compared, model, capsys):
    new = unlabeled(compared, "strange")
    table = pd.read_csv(new / "spectra.csv", index_col=0)
    table.iloc[0] = table.iloc[0].to_numpy()[::-1]
    table.to_csv(new / "spectra.csv")
    assert main(["predict", str(model), str(new)]) == 0
    found = pd.read_csv(new.with_name("strange-predictions.csv"))
    assert found["spectrum unlike the training data"].tolist() == ["yes"] + ["no"] * 6
    said = capsys.readouterr().out
    # 60 leaves, one modality or two: the farthest training leaf is the limit
    assert "do not trust" in said and re.search(r"up to [23] % are called so by mistake", said)


@pytest.mark.parametrize("option", [("--seed", "-1"), ("--seed", "8589934592"), ("--jobs", "0")])
def test_numbers_that_no_run_can_use_are_refused_at_once(option, folder, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["compare", str(folder), *option])
    assert stopped.value.code == 2 and option[1] in capsys.readouterr().err


def test_a_model_that_fails_is_named_without_a_traceback(folder, monkeypatch, capsys):
    from sklearn.dummy import DummyClassifier

    def ladder(data, budget, random_state, forests):
        return {"spectrum only": DummyClassifier(strategy="constant", constant="none")}

    monkeypatch.setattr("mmlib.fusion.ladder", ladder)
    assert main(["compare", str(folder), "--quick"]) == 2
    said = capsys.readouterr().err
    assert "'spectrum only'" in said and "Traceback" not in said


def test_an_older_report_beside_a_new_table_is_named(few_models, folder, capsys):
    assert main(["report", str(folder), "--quick"]) == 0
    assert "earlier run" not in capsys.readouterr().out
    assert main(["compare", str(folder), "--quick", "--seed", "1"]) == 0
    assert "report.html there is of an earlier run" in capsys.readouterr().out


def test_doubts_of_one_kind_are_told_in_few_lines(few_models, folder, capsys):
    table = pd.read_csv(folder / "samples.csv")
    table["group"] = [
        name.replace(" ", "  ") if k % 2 else name for k, name in table["group"].items()
    ]
    table.to_csv(folder / "samples.csv", index=False)
    assert main(["compare", str(folder), "--quick"]) == 0
    said = capsys.readouterr().err
    assert said.count("differs from") == 3 and "more of this kind" in said


def test_a_place_for_predictions_that_is_not_there_is_named(compared, model, tmp_path, capsys):
    output = tmp_path / "nowhere" / "out.csv"
    assert main(["predict", str(model), str(compared), "--output", str(output)]) == 2
    assert f"There is no folder {output.parent}" in capsys.readouterr().err


def test_nine_samples_are_compared_and_kept_without_a_guard(few_models, folder, capsys):
    table = pd.read_csv(folder / "samples.csv").iloc[:9]
    table = table.assign(group=range(9), label=["a", "b", "c"] * 3)
    table.to_csv(folder / "samples.csv", index=False)
    assert main(["compare", str(folder), "--quick"]) == 0
    assert "Trained on all" in capsys.readouterr().out
    kept = folder.with_name("my leaves-results") / "model"
    assert main(["predict", str(kept), str(folder)]) == 0
    assert "unlike" not in capsys.readouterr().out


def test_no_model_is_named(compared, tmp_path, capsys):
    assert main(["predict", str(tmp_path), str(compared)]) == 2
    assert "no model" in capsys.readouterr().err


def test_a_quantity_is_compared_and_predicted(folder, few_models, capsys):
    table = pd.read_csv(folder / "samples.csv").drop(columns="label")
    table["target"] = pd.read_csv(folder / "spectra.csv").iloc[:, 16].to_numpy() * 10
    table.to_csv(folder / "samples.csv", index=False)
    assert main(["compare", str(folder), "--quick"]) == 0
    model = folder.with_name("my leaves-results") / "model"
    output = folder.with_name("out.csv")
    assert main(["predict", str(model), str(folder), "--output", str(output)]) == 0
    found = pd.read_csv(output)["predicted target"]
    assert found.corr(table["target"]) > 0.9


@pytest.mark.skipif(
    not (Path(os.environ.get("MMLIB_DATA", "")) / "idtrees2020" / "raw").is_dir(),
    reason="needs a local copy: MMLIB_DATA with the folder idtrees2020/raw",
)
def test_a_real_data_set_as_a_folder_gives_the_same_numbers(few_models, tmp_path):
    for package in ("tifffile", "imagecodecs", "shapefile"):
        pytest.importorskip(package, reason='needs pip install "mmlib[trees]"')
    import mmlib
    from mmlib.project.writing import write_folder

    trees = mmlib.load_idtrees2020()
    trees = mmlib.MultimodalData(
        {name: trees.X[name] for name in ("spectrum", "image")},
        trees.y,
        trees.groups,
        trees.ids,
        target_names=trees.target_names,
    )
    folder = write_folder(trees, tmp_path / "trees")
    assert main(["compare", str(folder), "--quick"]) == 0
    said = pd.read_csv(tmp_path / "trees-results" / "quick.csv", index_col="model")
    models = mmlib.fusion.ladder(trees, "quick", 0, forests=True)
    direct = mmlib.compare(models, trees, n_folds=most_folds(trees, 3), n_repeats=1).table
    np.testing.assert_allclose(said[["mean", "low", "high"]], direct[["mean", "low", "high"]])


def test_the_full_run_says_what_choosing_by_its_table_is_worth(few_models, folder, capsys):
    assert main(["compare", str(folder)]) == 0
    said = capsys.readouterr().out
    promised = float(re.search(r"promises accuracy (\d\.\d+) ", said)[1])
    table = pd.read_csv(folder.with_name("my leaves-results") / "comparison.csv", index_col=0)
    assert 0.2 < promised < table["mean"].max() + 0.1  # of two models, chosen without peeking


def test_quantities_are_chosen_by_their_error(few_models, folder, capsys):
    table = pd.read_csv(folder / "samples.csv").drop(columns="label")
    table["target"] = np.arange(len(table)) % 7 + 0.5
    table.to_csv(folder / "samples.csv", index=False)
    assert main(["compare", str(folder)]) == 0
    assert re.search(r"promises RMSE [12]\.\d+ \(", capsys.readouterr().out)


def test_a_dask_cluster_gives_the_same_numbers(few_models, folder, tmp_path):
    distributed = pytest.importorskip("distributed")
    here, there = tmp_path / "here", tmp_path / "there"
    assert main(["compare", str(folder), "--quick", "--results", str(here)]) == 0
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, protocol="tcp://",
        dashboard_address=None,
    ) as cluster:  # fmt: skip
        address = cluster.scheduler_address
        command = ["compare", str(folder), "--quick", "--results", str(there), "--dask", address]
        assert main(command) == 0
    for name in ("mean", "low", "high"):
        tables = [pd.read_csv(place / "quick.csv")[name] for place in (here, there)]
        np.testing.assert_array_equal(*tables)


def alone(folder, name):
    """The project with one modality left."""
    if name == "spectrum":
        shutil.rmtree(folder / "images")
    else:
        (folder / "spectra.csv").unlink()


@pytest.mark.parametrize("name", ["spectrum", "image"])
def test_one_modality_is_pointed_out_before_anything_is_fitted(name, folder, monkeypatch, capsys):
    alone(folder, name)
    monkeypatch.setattr(project, "compare_project", None)  # would fail
    assert main(["report", str(folder), "--quick"]) == 2
    assert "nothing to fuse" in capsys.readouterr().err
    with pytest.raises(TypeError):
        main(["compare", str(folder), "--quick"])
    assert "nothing to fuse" in capsys.readouterr().out


def test_one_modality_is_compared_and_predicted(folder, capsys):
    alone(folder, "spectrum")
    assert main(["compare", str(folder), "--quick"]) == 0
    model = folder.with_name("my leaves-results") / "model"
    assert main(["predict", str(model), str(unlabeled(folder, "new"))]) == 0


def test_new_samples_need_only_what_the_model_uses(folder, monkeypatch, capsys):
    monkeypatch.setattr(
        "mmlib.evaluation.verdict.simplest_good_enough", lambda result: "spectrum only"
    )
    assert main(["compare", str(folder), "--quick"]) == 0
    assert "new samples need spectrum." in capsys.readouterr().out
    new = unlabeled(folder, "new")
    (new / "images" / "plant000-leaf0.png").write_bytes(b"broken")
    model = folder.with_name("my leaves-results") / "model"
    outputs = [folder.with_name(name) for name in ("with.csv", "without.csv")]
    assert main(["predict", str(model), str(new), "--output", str(outputs[0])]) == 0
    shutil.rmtree(new / "images")
    assert main(["predict", str(model), str(new), "--output", str(outputs[1])]) == 0
    assert outputs[0].read_text() == outputs[1].read_text()
    assert "image unlike" not in outputs[0].read_text()


def test_doubts_about_the_data_are_said_before_the_fits(few_models, folder, capsys):
    table = pd.read_csv(folder / "spectra.csv", index_col=0)
    table.iloc[3] *= 100
    table.to_csv(folder / "spectra.csv")
    assert main(["compare", str(folder), "--quick"]) == 0
    assert "WARNING spectrum (id plant001-leaf1): 1 of 60" in capsys.readouterr().err


def test_an_interruption_says_how_to_go_on(folder, monkeypatch, capsys):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(project, "compare_project", stop)
    assert main(["compare", str(folder), "--quick"]) == 130
    assert "goes on where it was" in capsys.readouterr().err


def test_the_folder_of_results_is_no_model(compared, tmp_path, capsys):
    assert main(["predict", str(compared.with_name("my leaves-results")), str(compared)]) == 2
    assert "one folder deeper" in capsys.readouterr().err


def test_doubts_about_new_samples_are_said(compared, model, capsys):
    new = unlabeled(compared, "doubtful")
    table = pd.read_csv(new / "spectra.csv", index_col=0)
    table.iloc[0] *= 100
    table.to_csv(new / "spectra.csv")
    assert main(["predict", str(model), str(new)]) == 0
    assert "WARNING spectrum" in capsys.readouterr().err
