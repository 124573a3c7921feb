"""The comparison of a folder: its numbers, its schedulers, and the model that is kept."""

import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier

import mmlib
from mmlib.__main__ import main
from mmlib.data.splits import most_folds
from mmlib.evaluation.choice import Choice
from mmlib.features import spectrum_baselines
from mmlib.fusion.balanced import balanced
from mmlib.fusion.early import early_fusion
from mmlib.project import comparing
from mmlib.project.saving.about import read_about
from mmlib.project.saving.model_file import MODEL
from mmlib.project.writing import write_folder


def test_as_many_folds_as_the_rarest_class_has_plants():
    assert most_folds(mmlib.make_leaves(15), 5) == 3
    assert most_folds(mmlib.make_leaves(60), 5) == 5
    assert most_folds(mmlib.make_leaves(15, target="chlorophyll"), 5) == 5


def test_a_scheduler_that_does_not_answer_is_named(few_models, folder, capsys):
    pytest.importorskip("distributed")
    assert main(["compare", str(folder), "--quick", "--dask", "tcp://127.0.0.1:1"]) == 2
    assert "No Dask scheduler answers at tcp://127.0.0.1:1" in capsys.readouterr().err


def test_a_missing_dask_is_named(few_models, folder, capsys, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    assert main(["compare", str(folder), "--quick", "--dask", "tcp://127.0.0.1:1"]) == 2
    assert "mmlib[cluster]" in capsys.readouterr().err


def test_a_model_that_fails_is_named_without_a_traceback(folder, monkeypatch, capsys):
    def ladder(data, budget, random_state, forests, pixels):
        return {"spectrum only": DummyClassifier(strategy="constant", constant="none")}

    monkeypatch.setattr("mmlib.fusion.ladder", ladder)
    assert main(["compare", str(folder), "--quick"]) == 2
    said = capsys.readouterr().err
    assert "'spectrum only'" in said and "Traceback" not in said


@pytest.mark.skipif(
    not (Path(os.environ.get("MMLIB_DATA", "")) / "idtrees2020" / "raw").is_dir(),
    reason="needs a local copy: MMLIB_DATA with the folder idtrees2020/raw",
)
def test_a_real_data_set_as_a_folder_gives_the_same_numbers(few_models, tmp_path):
    for package in ("tifffile", "imagecodecs", "shapefile"):
        pytest.importorskip(package, reason='needs pip install "mmlib[trees]"')
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
    models = mmlib.fusion.ladder(trees, "quick", 0, forests=True, pixels=False)
    models = balanced(models, trees.y)
    direct = mmlib.compare(models, trees, n_folds=most_folds(trees, 3), n_repeats=1).table
    np.testing.assert_allclose(said[["mean", "low", "high"]], direct[["mean", "low", "high"]])


def test_the_full_run_says_what_choosing_by_its_table_is_worth(few_models, folder, capsys):
    assert main(["compare", str(folder)]) == 0
    said = capsys.readouterr().out
    promised = float(re.search(r"promises accuracy (\d\.\d+) ", said)[1])
    table = pd.read_csv(folder.with_name("my leaves-results") / "comparison.csv", index_col=0)
    assert 0.2 < promised < table["mean"].max()
    chosen, share = re.search(r"'(.+)' was chosen in (\d+)% of these draws", said).groups()
    assert chosen in table.index and int(share) >= 50  # of two models


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


def test_a_kept_model_that_is_damaged_or_of_other_data_is_made_again(few_models, folder):
    project = mmlib.Project(folder)
    path = project.compare(quick=True).model / MODEL
    first = path.read_bytes()
    path.write_bytes(first[:-10])
    project.compare(quick=True)
    expected = mmlib.load(path.parent).predict(project.data.X)
    table = pd.read_csv(folder / "samples.csv")
    table["label"] = table["label"].replace("healthy", "well")
    table.to_csv(folder / "samples.csv", index=False)
    again = project.compare(quick=True)
    assert "well" in read_about(again.model).data.target_names
    assert mmlib.load(again.model).predict(project.data.X).shape == expected.shape


def test_the_best_of_simple_models_is_kept_for_the_data_it_uses(few_models, folder, monkeypatch):
    only = Choice("spectrum only", "spectrum only", 0.0, "")
    monkeypatch.setattr(comparing, "best_model", lambda result: only)
    outcome = mmlib.Project(folder).compare(quick=True)
    assert outcome.chosen == "spectrum only"
    assert list(read_about(outcome.model).data.shapes) == ["spectrum"]


def test_where_no_model_beats_guessing_none_is_kept(few_models, folder, capsys):
    table = pd.read_csv(folder / "samples.csv")
    plants = table["group"].unique()
    label = dict(
        zip(plants, np.random.default_rng(0).permutation(np.arange(len(plants)) % 5), strict=True)
    )
    table["label"] = [f"kind {label[plant]}" for plant in table["group"]]
    table.to_csv(folder / "samples.csv", index=False)
    outcome = mmlib.Project(folder).compare(quick=True)
    assert outcome.model is outcome.chosen is None
    assert "No model is shown to beat guessing. So no model is kept." in outcome.said
    assert outcome.verdict.helps is None and not (outcome.table.parent / "model").exists()


def test_a_failing_model_is_a_row_that_says_why(folder, monkeypatch):
    def ladder(data, budget, random_state, forests, pixels):
        odd = DummyClassifier(strategy="constant", constant="none")
        return {
            "spectrum only": spectrum_baselines()["SVM"],
            "early": early_fusion(data),
            "odd": odd,
        }

    monkeypatch.setattr("mmlib.fusion.ladder", ladder)
    outcome = mmlib.Project(folder).compare(quick=True)
    table = pd.read_csv(outcome.table, index_col="model")
    assert "constant" in table.loc["odd", "failed"] and table["failed"].notna().sum() == 1
    assert "odd failed: Model 'odd', repeat 0, fold 0" in str(outcome)


def with_rare_drought(plants, rare, seed):
    """Healthy leaves, and leaves of a few plants that were dry."""
    leaves = mmlib.make_leaves(5 * plants, leaves_per_plant=2, seed=seed)
    names = [str(leaves.target_names[label]) for label in leaves.y]
    rows = [k for k, name in enumerate(names) if name in ("healthy", "drought")]
    dry = np.array(names) == "drought"
    few = list(dict.fromkeys(leaves.groups[dry].tolist()))
    left = set(few[rare:])
    leaves = leaves.take([k for k in rows if leaves.groups[k] not in left])
    labels = [str(leaves.target_names[label]) for label in leaves.y]
    return mmlib.MultimodalData(leaves.X, labels, leaves.groups, leaves.ids, axes=leaves.axes)


def test_a_rare_class_is_found_and_predict_says_how(few_models, tmp_path, capsys):
    folder = write_folder(with_rare_drought(60, 7, seed=5), tmp_path / "study")
    assert main(["compare", str(folder), "--quick"]) == 0
    said = capsys.readouterr().out
    assert "Classes are uneven, so models decide for the class whose probability is largest" in said
    new = with_rare_drought(30, 30, seed=6)
    model = folder.with_name("study-results") / "model"
    assert main(["predict", str(model), str(write_folder(new, tmp_path / "new"))]) == 0
    said = capsys.readouterr().out
    table = pd.read_csv(tmp_path / "new-predictions.csv")
    truth = np.array([new.target_names[label] for label in new.y])
    most_probable = np.where(table["probability of drought"] > 0.5, "drought", "healthy")
    dry = truth == "drought"
    found = (table["predicted"].to_numpy() == "drought")[dry].mean()
    assert found > 0.7 > 0.6 > (most_probable == "drought")[dry].mean()
    differ = (table["predicted"].to_numpy() != most_probable).sum()
    assert f"{differ} of the predicted classes are not the most probable one" in said
