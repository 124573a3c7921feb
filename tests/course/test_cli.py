"""The command line: copies of notebooks, the doctor, and what a mistake looks like."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from mmlib.__main__ import main
from mmlib.course import doctor, start

HEAVY = ["torch", "sklearn", "matplotlib", "pandas", "IPython", "jupyterlab"]


def write_notebook(path, source, output=None):
    cell = nbformat.v4.new_code_cell(source, id="one")
    if output:
        cell.outputs, cell.execution_count = [nbformat.v4.new_output("stream", text=output)], 1
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)


def source_of(path):
    return nbformat.read(path, as_version=4).cells[0].source


@pytest.fixture
def course(tmp_path):
    """A course of one notebook and its solution, and a learner's copies of it."""
    folder = tmp_path / "course"
    write_notebook(folder / "00_start.ipynb", "version 1")
    write_notebook(folder / "solutions" / "00_start.ipynb", "solved 1")
    start.copy_notebooks(folder, tmp_path / "mine")
    return folder


@pytest.fixture
def mine(course, tmp_path):
    return tmp_path / "mine"


def test_first_start_copies_notebooks_and_solutions(mine):
    assert source_of(mine / "00_start.ipynb") == "version 1"
    assert source_of(mine / "solutions" / "00_start.ipynb") == "solved 1"


def test_second_start_does_nothing(course, mine):
    before = {path: path.read_bytes() for path in mine.rglob("*.ipynb")}
    assert not any(start.copy_notebooks(course, mine).values())
    assert before == {path: path.read_bytes() for path in mine.rglob("*.ipynb")}


def test_copy_that_was_only_run_is_updated(course, mine):
    write_notebook(mine / "00_start.ipynb", "version 1", output="42\n")
    write_notebook(course / "00_start.ipynb", "version 2")
    assert start.copy_notebooks(course, mine)["Updated"] == ["00_start.ipynb"]
    assert source_of(mine / "00_start.ipynb") == "version 2"


def test_edited_copy_is_kept_and_each_new_version_put_beside_it(course, mine):
    write_notebook(mine / "00_start.ipynb", "my work")
    assert not any(start.copy_notebooks(course, mine).values())
    for version in ("version 2", "version 3"):
        write_notebook(course / "00_start.ipynb", version)
        *_, beside = start.copy_notebooks(course, mine).values()
        assert beside == ["00_start-new.ipynb"]
        assert source_of(mine / "00_start.ipynb") == "my work"
        assert source_of(mine / "00_start-new.ipynb") == version
    write_notebook(mine / "00_start-new.ipynb", "more work")
    assert not any(start.copy_notebooks(course, mine).values())
    write_notebook(course / "00_start.ipynb", "version 4")
    start.copy_notebooks(course, mine)
    kept = [source_of(mine / f"00_start{end}.ipynb") for end in ("", "-new", "-new-2")]
    assert kept == ["my work", "more work", "version 4"]


def test_without_its_record_a_differing_copy_counts_as_edited(course, mine):
    (mine / start.RECORD).unlink()
    write_notebook(course / "00_start.ipynb", "version 2")
    start.copy_notebooks(course, mine)
    assert source_of(mine / "00_start.ipynb") == "version 1"
    assert source_of(mine / "00_start-new.ipynb") == "version 2"


def test_broken_copy_is_kept(course, mine):
    (mine / "00_start.ipynb").write_text("not a notebook", encoding="utf-8")
    write_notebook(course / "00_start.ipynb", "version 2")
    start.copy_notebooks(course, mine)
    assert (mine / "00_start.ipynb").read_text(encoding="utf-8") == "not a notebook"


def test_picture_pasted_into_a_copy_counts_as_work(course, mine):
    path = mine / "00_start.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"][0]["attachments"] = {"leaf.png": {"image/png": "AA=="}}
    path.write_text(json.dumps(content), encoding="utf-8")
    write_notebook(course / "00_start.ipynb", "version 2")
    start.copy_notebooks(course, mine)
    assert source_of(path) == "version 1"


def test_course_itself_is_no_place_for_copies(course):
    with pytest.raises(start.StartError, match="name a folder of your own"):
        start.copy_notebooks(course, course / "mine")


def test_a_file_in_the_way_is_one_sentence(tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["start", str(tmp_path / "file"), "--no-open"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "name another folder" in said


def test_start_copies_the_course(tmp_path, capsys):
    assert main(["start", str(tmp_path / "mine"), "--no-open"]) == 0
    source = start.find_notebooks()
    names = {path.relative_to(source) for path in source.rglob("[0-9]*.ipynb")}
    copied = {path.relative_to(tmp_path / "mine") for path in tmp_path.rglob("[0-9]*.ipynb")}
    assert names == copied and names
    assert str(tmp_path / "mine") in capsys.readouterr().out


def test_installation_without_notebooks_says_where_they_are(tmp_path, monkeypatch):
    monkeypatch.setattr(start, "__file__", str(tmp_path / "mmlib" / "course" / "start.py"))
    with pytest.raises(start.StartError, match="get the whole course"):
        start.find_notebooks()


@pytest.mark.parametrize("arguments", [["-c", "import mmlib"], ["-m", "mmlib", "--help"]])
def test_import_and_help_load_nothing_heavy(arguments):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True
    )
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert "mmlib" in loaded and not loaded.intersection(HEAVY)


@pytest.mark.parametrize("arguments", [[], ["strat"], ["start", "--nope"]])
def test_unknown_command_is_refused_with_the_usage(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2 and "usage: python -m mmlib" in capsys.readouterr().err


def test_doctor_finds_this_installation_healthy(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MMLIB_DATA", str(tmp_path))
    code = doctor.run()
    said = capsys.readouterr().out
    assert code == 0, said
    assert said.count("\nOK ") + 1 == len(doctor.CHECKS)


def test_doctor_fails_with_a_remedy(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "CHECKS", [doctor.downloads_folder, doctor.disk])
    monkeypatch.setenv("MMLIB_DATA", str(Path("no") / "such" / "folder"))
    assert doctor.run() == 1
    failed, fine, total = capsys.readouterr().out.splitlines()
    assert failed.startswith("FAIL") and "correct or unset it" in failed
    assert fine.startswith("OK") and total == "1 OK, 1 FAIL"


def test_doctor_finds_data_in_the_home_folder(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setenv("MMLIB_DATA", "~/data")
    assert doctor.downloads_folder() == f"{tmp_path / 'data'} (from MMLIB_DATA)"


def test_doctor_notices_a_data_folder_that_cannot_be_read(tmp_path, monkeypatch):
    monkeypatch.setenv("MMLIB_DATA", str(tmp_path))
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: not mode & os.R_OK)
    with pytest.raises(doctor.Trouble, match="cannot be read: make it readable, or unset"):
        doctor.downloads_folder()


def test_doctor_goes_on_after_a_place_that_may_not_be_looked_at(monkeypatch, capsys):
    def refuse(path, **_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.delenv("MMLIB_DATA", raising=False)
    monkeypatch.setattr(doctor.Path, "exists", refuse)
    monkeypatch.setattr(doctor, "CHECKS", [doctor.downloads_folder, doctor.python])
    assert doctor.run() == 1
    failed, fine, total = capsys.readouterr().out.splitlines()
    assert failed.startswith("FAIL  downloads folder") and "(Permission denied): make" in failed
    assert fine.startswith("OK") and total == "1 OK, 1 FAIL"


def test_doctor_notices_that_the_current_folder_is_gone(monkeypatch, capsys):
    def gone():
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(doctor.Path, "cwd", gone)
    checks = [doctor.device, doctor.disk, doctor.this_folder, doctor.python]
    monkeypatch.setattr(doctor, "CHECKS", checks)
    assert doctor.run() == 1
    *failed, fine, total = capsys.readouterr().out.splitlines()
    assert all("this folder cannot be used" in line for line in failed)
    assert fine.startswith("OK") and total == "1 OK, 3 FAIL"


def test_doctor_names_missing_and_outdated_packages(monkeypatch):
    needs = ["no-such-package>=1", "numpy>=999", "numpy>=1", 'ruff>=999; extra == "test"']
    monkeypatch.setattr(doctor.importlib.metadata, "requires", lambda name: needs)
    with pytest.raises(doctor.Trouble) as trouble:
        doctor.packages()
    assert "no-such-package is missing; numpy is " in str(trouble.value)
    assert "ruff" not in str(trouble.value)


@pytest.mark.parametrize("check", ["memory", "disk"])
def test_doctor_notices_when_room_runs_out(check, monkeypatch):
    import psutil

    nothing = type("Room", (), {"available": 1, "free": 1})
    monkeypatch.setattr(psutil, "virtual_memory", lambda: nothing)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda place: nothing)
    with pytest.raises(doctor.Trouble, match="free"):
        getattr(doctor, check)()


def test_doctor_notices_a_folder_that_cannot_be_written(monkeypatch):
    def refuse(dir):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    with pytest.raises(doctor.Trouble, match="cannot be written"):
        doctor.this_folder()


def test_doctor_notices_when_no_kernel_starts(monkeypatch):
    import jupyter_client.manager

    def fail(**options):
        raise RuntimeError("kernel died")

    monkeypatch.setattr(jupyter_client.manager, "start_new_kernel", fail)
    with pytest.raises(doctor.Trouble, match="kernel died"):
        doctor.notebook_kernel()


def test_fetching_unknown_data_is_one_sentence(capsys):
    assert main(["fetch", "moon"]) == 2
    assert "no data set 'moon'" in capsys.readouterr().err


def test_fetching_without_network_says_where_to_put_the_file(tmp_path, monkeypatch, capsys):
    from mmlib.data.public import download, houston

    monkeypatch.delenv("MMLIB_DATA", raising=False)
    monkeypatch.setattr(download, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(houston, "URL", "http://127.0.0.1:9")
    assert main(["fetch"]) == 2
    assert str(tmp_path / "houston2013_train") in capsys.readouterr().err
