"""What a learner has solved is noted in the learner's folder, and nowhere else."""

import json
import os

import pytest

from mmlib.__main__ import main
from mmlib.base import DataError
from mmlib.course.exercise import Exercise, bind
from mmlib.course.progress import SOLVED, exercises_of, note, overview, solved_in
from mmlib.course.start import RECORD

IDS = ["00.1", "00.2"]


def write_notebook(folder, name="00_start.ipynb", ids=IDS):
    cells = [{"cell_type": "code", "source": [f'check("{id}", x)']} for id in ids]
    (folder / name).write_text(json.dumps({"cells": cells}), encoding="utf-8")


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """A learner's folder with one notebook, which is the current folder."""
    (tmp_path / RECORD).write_text("{}", encoding="utf-8")
    write_notebook(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def check():
    make = {"hint": "count again.", "more": "it is two.", "why": "one and one.", "question": "?"}
    return bind([Exercise(id, answer=2, right=[2], wrong=[1, 3], **make) for id in IDS])[0]


def test_a_solved_exercise_is_counted_once_and_stays_solved(mine, check, capsys):
    for answer, solved in ((..., 0), (1, 0), (2, 1), (2, 1), (1, 1)):
        check("00.1", answer)
        assert capsys.readouterr().out.splitlines()[-1] == (
            f"Notebook 00: {solved} of 2 exercises solved."
        )
    assert solved_in(mine) == {"00.1"}


def test_outside_a_learners_folder_nothing_is_written_and_nothing_said(
    tmp_path, monkeypatch, check, capsys
):
    monkeypatch.chdir(tmp_path)
    check("00.1", 2)
    assert capsys.readouterr().out.count("\n") == 1 and list(tmp_path.iterdir()) == []


def test_running_the_solved_notebooks_counts_for_nothing(mine):
    (mine / "solutions").mkdir()
    assert note("00.1", True, IDS, mine / "solutions") == ""
    assert solved_in(mine) == set() and list((mine / "solutions").iterdir()) == []


@pytest.mark.parametrize("content", ["", "no json", "{}", '{"00.1": 1}', "[1, null]", "[[]]"])
def test_a_spoiled_file_counts_as_empty_and_stops_nobody(mine, content):
    (mine / SOLVED).write_text(content, encoding="utf-8")
    assert note("00.2", True, IDS) == "Notebook 00: 1 of 2 exercises solved."
    assert solved_in(mine) == {"00.2"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written_stops_nobody(mine):
    mine.chmod(0o555)
    try:
        assert note("00.1", True, IDS) == ""
    finally:
        mine.chmod(0o755)


def test_the_command_lists_every_notebook_and_what_comes_next(mine, capsys):
    write_notebook(mine, "01_spectra.ipynb", ["01.1", "01.2", "01.3"])
    write_notebook(mine, "01_spectra-new.ipynb", ["01.1", "01.4"])
    for id in ("00.1", "00.2", "01.2"):
        note(id, True, [])
    assert main(["progress"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "00_start: 2 of 2 exercises solved",
        "01_spectra: 1 of 3 exercises solved, open: 01.1, 01.3",
        "3 of 5 exercises are solved. Next: 01_spectra, exercise 01.1.",
    ]
    assert main(["progress", str(mine / "elsewhere")]) == 2
    assert "no folder of the course" in capsys.readouterr().err


def test_from_the_folder_above_my_course_is_found(mine, monkeypatch):
    mine.rename(mine.parent / "my-course")
    monkeypatch.chdir(mine.parent)
    assert overview().startswith("00_start: 0 of 2")
    with pytest.raises(DataError, match="no folder of the course"):
        overview(mine.parent)


def test_exercises_are_those_that_a_notebook_checks_in_its_order(tmp_path):
    write_notebook(tmp_path, "03_judge.ipynb", ["03.2", "03.1", "03.2", "04.1"])
    assert exercises_of(tmp_path / "03_judge.ipynb") == ["03.2", "03.1"]
