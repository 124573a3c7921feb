"""A project from check to report, by its commands and by its object."""

import re
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import mmlib
from mmlib.__main__ import main
from mmlib.project import comparing, report, run
from mmlib.project.reading.joining import Measured
from mmlib.project.reading.modalities import MODALITIES


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_check_finds_what_the_function_finds_and_keeps_the_data(folder):
    project = mmlib.Project(folder)
    assert project.check() == mmlib.check_folder(folder)[1]
    assert project.data.fingerprint() == mmlib.load_folder(folder).fingerprint()
    (folder / "samples.csv").write_text("id,label\n", encoding="utf-8")
    assert "samples.csv" in str(project.check()[0]) and project.data is None


def test_to_check_a_folder_takes_no_torch(folder):
    code = f"""
import sys
from mmlib.__main__ import main
assert main(["check", {str(folder)!r}]) == 0
assert "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def count(monkeypatch, module, name):
    """How often a function is called from now on."""
    calls, function = [], getattr(module, name)

    def counted(*args, **kwargs):
        calls.append(name)
        return function(*args, **kwargs)

    monkeypatch.setattr(module, name, counted)
    return calls


def test_a_report_after_a_comparison_reads_judges_and_fits_nothing_again(
    few_models, folder, monkeypatch
):
    project = mmlib.Project(folder)
    outcome = project.compare(quick=True)
    assert str(outcome).splitlines()[-1] == outcome.verdict.others
    calls = [
        count(monkeypatch, run, "read_project"),
        count(monkeypatch, mmlib.fusion, "ladder"),
        count(monkeypatch, comparing, "compare_project"),
        count(monkeypatch, comparing, "verdict"),
        count(monkeypatch, report, "verdict"),
    ]
    assert project.report() is project.report(quick=True) is outcome
    assert calls == [[]] * 5
    page = project.results / "report.html"
    last = f"The report is in {page}; figures/ and tables/ have its parts."
    assert str(outcome).splitlines()[-1] == last
    assert outcome.verdict.answer in (project.results / "report.html").read_text(encoding="utf-8")
    project.report(quick=True, random_state=1)  # another comparison: read, built and judged once
    assert [len(found) for found in calls] == [1, 1, 1, 1, 0]


def test_compare_then_report(few_models, folder, capsys):
    before = contents(folder)
    assert main(["compare", str(folder), "--quick"]) == 0
    said = capsys.readouterr().out
    assert "spectrum only" in said and re.search(r"fusion (helps|does harm)|No gain", said)
    results = folder.with_name("my leaves-results")
    table = pd.read_csv(results / "quick.csv", index_col="model")
    assert list(table.index) == ["spectrum only", "early"]
    kept = [*(results / "fits").iterdir(), *(results / "model").iterdir()]
    written = {path: path.stat().st_mtime_ns for path in kept}
    assert main(["report", str(folder), "--quick"]) == 0
    kept = [*(results / "fits").iterdir(), *(results / "model").iterdir()]
    assert {path: path.stat().st_mtime_ns for path in kept} == written  # nothing is fitted again
    assert "Does fusion help here?" in (results / "report.html").read_text(encoding="utf-8")
    assert contents(folder) == before


def test_a_faulty_folder_is_named_without_a_traceback(folder, capsys):
    (folder / "samples.csv").write_text("id,label\n", encoding="utf-8")
    assert main(["compare", str(folder)]) == 2
    said = capsys.readouterr().err
    assert "samples.csv" in said and "Traceback" not in said


@pytest.mark.parametrize("option", [("--seed", "-1"), ("--seed", "8589934592"), ("--jobs", "0")])
def test_numbers_that_no_run_can_use_are_refused_at_once(option, folder, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["compare", str(folder), *option])
    assert stopped.value.code == 2 and option[1] in capsys.readouterr().err


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


def alone(folder, name):
    """The project with one modality left."""
    if name == "spectrum":
        shutil.rmtree(folder / "images")
    else:
        (folder / "spectra.csv").unlink()


@pytest.mark.parametrize("name", ["spectrum", "image"])
def test_one_modality_is_pointed_out_before_anything_is_fitted(name, folder, monkeypatch, capsys):
    alone(folder, name)
    monkeypatch.setattr(comparing, "compare_project", None)  # would fail
    assert main(["report", str(folder), "--quick"]) == 2
    assert "nothing to fuse" in capsys.readouterr().err
    assert main(["compare", str(folder), "--quick"]) == 3
    assert "nothing to fuse" in capsys.readouterr().out


def test_a_third_modality_is_called_by_its_own_name(folder, monkeypatch, capsys):
    def read_scents(root, samples, ids, findings, known):
        there = (root / "scents.csv").is_file()
        return Measured(np.arange(2.0 * len(ids)).reshape(-1, 2)) if there else None

    monkeypatch.setitem(MODALITIES, "scent", read_scents)
    alone(folder, "spectrum")
    alone(folder, "image")
    assert main(["report", str(folder)]) == 2
    assert "neither spectra nor pictures nor sounds nor texts nor scent" in capsys.readouterr().err
    (folder / "scents.csv").touch()
    assert main(["report", str(folder)]) == 2
    said = capsys.readouterr().err
    assert "holds scent only, so there is nothing to fuse: add spectra.csv, images/" in said
    assert "what scent alone can tell" in said


def test_doubts_about_the_data_are_said_before_the_fits(few_models, folder, capsys):
    table = pd.read_csv(folder / "spectra.csv", index_col=0)
    table.iloc[3] *= 100
    table.to_csv(folder / "spectra.csv")
    assert main(["compare", str(folder), "--quick"]) == 0
    assert "WARNING spectrum (id plant001-leaf1): 1 of 60" in capsys.readouterr().err


def test_an_interruption_says_how_to_go_on(folder, monkeypatch, capsys):
    def stop(*_, **how):
        raise KeyboardInterrupt

    monkeypatch.setattr(comparing, "compare_project", stop)
    assert main(["compare", str(folder), "--quick"]) == 130
    assert "goes on where it was" in capsys.readouterr().err


def by_day(folder, days):
    """The project with a column session in its table of samples."""
    table = pd.read_csv(folder / "samples.csv")
    plants = table["group"].astype("category").cat.codes
    table["session"] = [f"day {code % days}" for code in plants]
    table.to_csv(folder / "samples.csv", index=False)
    return folder


def test_whole_days_are_held_out_where_it_is_asked_for(few_models, folder):
    project = mmlib.Project(by_day(folder, 4))
    outcome = project.compare(quick=True, by="session")
    assert set(outcome.result.data.groups) == {f"day {k}" for k in range(4)}
    assert len(set(project.data.groups)) == 30  # the folder is as it was
    page = project.report()
    assert "come from 4 groups (column session) of" in (project.results / "report.html").read_text(
        encoding="utf-8"
    )
    assert page is outcome  # nothing is compared again
    assert project.report(quick=True, by=None) is not outcome


def test_a_column_that_cuts_through_plants_is_refused_before_anything_is_written(
    few_models, folder, capsys
):
    table = pd.read_csv(folder / "samples.csv")
    table["session"] = np.arange(len(table)) % 2
    table.to_csv(folder / "samples.csv", index=False)
    assert main(["compare", str(folder), "--quick", "--by", "session"]) == 2
    assert "of column 'session': with one of them held out" in capsys.readouterr().err
    assert main(["report", str(folder), "--quick", "--by", "week"]) == 2
    assert "has no column 'week' to split by" in capsys.readouterr().err
    assert not folder.with_name("my leaves-results").exists()
