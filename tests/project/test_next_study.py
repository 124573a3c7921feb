"""A plan for a folder: from its own comparison where there is one, else from simulated studies."""

import re

import pandas as pd
import pytest

import mmlib
from mmlib.__main__ import main
from mmlib.evaluation.planning import plan
from mmlib.project import next_study


def test_before_a_comparison_the_folder_gives_its_size(folder):
    found = mmlib.Project(folder).plan(gain=0.08)
    wanted = plan(30, per_group=2, classes=5, gain=0.08)
    assert found.said == wanted.said and found.table.equals(wanted.table)
    assert found.basis.endswith("it will follow from your own results.")


def test_after_a_comparison_the_plan_is_read_from_it_and_nothing_is_fitted(
    compared, monkeypatch, few_models
):
    fits = [path for path in compared.with_name("my leaves-results").rglob("*.json")]
    found = mmlib.Project(compared).plan()
    assert "first results: early against spectrum only" in found.basis and found.groups == 30
    assert fits == [path for path in compared.with_name("my leaves-results").rglob("*.json")]
    project = mmlib.Project(compared)
    project.compare(quick=True)
    monkeypatch.setattr(next_study, "compare", None)  # the outcome is at hand
    assert str(project.plan()) == str(found)
    with pytest.raises(mmlib.DataError, match="so accuracy follows from its results"):
        project.plan(accuracy=0.8)
    with pytest.raises(mmlib.DataError, match="so accuracy and alike follow from its results"):
        project.plan(accuracy=0.8, alike=0.2)


def test_the_command_prints_the_plan_and_draws_it_once(compared, few_models, tmp_path, capsys):
    figure = tmp_path / "plan.png"
    assert main(["plan", str(compared), "--gain", "8", "--figure", str(figure)]) == 0
    said = capsys.readouterr().out
    assert "a true gain of 8 points" in said and "with 30 groups" in said
    assert figure.read_bytes()[:4] == b"\x89PNG"
    before = figure.read_bytes()
    assert main(["plan", "--figure", str(figure)]) == 2
    assert "is there already" in capsys.readouterr().err and figure.read_bytes() == before
    assert main(["plan", "--figure", str(tmp_path / "no" / "plan.png")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_without_a_folder_the_command_takes_numbers(capsys):
    options = ["--groups", "60", "--per-group", "1", "--gain", "1", "--accuracy", "90"]
    assert main(["plan", *options, "--classes", "3", "--power", "50"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"gain of 1 point in 50 % of the studies takes .* samples; 60 samples", said)
    assert "right for 90 %" in said
    assert main(["plan", "--accuracy", "0.8"]) == 2
    assert "accuracy is 0.008: a study has 0.6 to 0.9" in capsys.readouterr().err


def test_what_the_folder_tells_is_not_asked_for(folder, capsys):
    assert main(["plan", str(folder), "--groups", "12"]) == 2
    assert "groups: " in (said := capsys.readouterr().err) and "tells that" in said


def test_a_quantity_without_a_comparison_and_one_modality_are_named(folder, tmp_path):
    leaves = mmlib.make_leaves(12, target="chlorophyll")
    quantity = mmlib.project.writing.write_folder(leaves, tmp_path / "quantity")
    with pytest.raises(mmlib.DataError, match="run compare --quick first"):
        mmlib.Project(quantity).plan()
    (folder / "spectra.csv").unlink()
    with pytest.raises(mmlib.DataError, match="nothing to fuse"):
        mmlib.Project(folder).plan()


def test_groups_may_be_the_values_of_a_column(folder, few_models, capsys):
    table = pd.read_csv(folder / "samples.csv")
    table["session"] = pd.factorize(table["group"])[0] % 8
    table.to_csv(folder / "samples.csv", index=False)
    found = mmlib.Project(folder).plan(gain=0.08, by="session")
    assert found.groups == 8 and "Groups are the values of column session." in found.basis
    assert main(["plan", str(folder), "--by", "session", "--gain", "8"]) == 0
    assert "with 8 groups" in capsys.readouterr().out
    assert main(["compare", str(folder), "--quick", "--by", "session"]) == 0
    fits = sorted(folder.with_name("my leaves-results").rglob("*.json"))
    project = mmlib.Project(folder)
    found = project.plan(by="session")  # from the fits of that comparison
    assert found.groups == 8 and "first results" in found.basis
    assert sorted(folder.with_name("my leaves-results").rglob("*.json")) == fits
    project.compare(quick=True)
    assert project.plan().groups == 30 and project.plan(by="session").groups == 8
    capsys.readouterr()
    assert main(["plan", str(folder), "--by", "week"]) == 2
    assert main(["plan", "--by", "session"]) == 2
    said = capsys.readouterr().err
    assert "has no column 'week'" in said and "name the folder that has this column" in said
