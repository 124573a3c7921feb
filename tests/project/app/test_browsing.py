"""What the list of folders shows, and what it says where there is nothing to show."""

import os

import pytest

from mmlib import DataError
from mmlib.project.app.browsing import MOST, absolute, list_folder, list_near


def test_folders_are_listed_without_hidden_ones_and_files(tmp_path):
    for name in ("b", "A", ".git", "pears"):
        (tmp_path / name).mkdir()
    (tmp_path / "pears" / "Samples.XLSX").touch()
    (tmp_path / "file").touch()
    found = list_folder(str(tmp_path))
    assert [(entry.name, entry.samples) for entry in found.entries] == [
        ("A", False), ("b", False), ("pears", True),
    ]  # fmt: skip
    assert [part.path for part in found.parents][-2:] == [str(tmp_path.parent), str(tmp_path)]
    assert not found.samples and list_folder(str(tmp_path / "pears")).samples


def test_too_many_folders_are_counted(tmp_path):
    for k in range(MOST + 3):
        (tmp_path / str(k)).mkdir()
    found = list_folder(str(tmp_path))
    assert len(found.entries) == MOST and found.more == 3


@pytest.mark.parametrize("name", ["nowhere", "file", "x" * 1000, "a\0b"])
def test_what_is_no_folder_is_said(name, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match=r"check|choose another") as caught:
        list_folder(str(tmp_path / name))
    assert str(caught.value).count("folder;") <= 1 and len(str(caught.value)) < 400
    assert list_near(str(tmp_path / name)).path == str(tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="who may look into everything")
def test_a_closed_folder_is_said(tmp_path):
    (tmp_path / "closed").mkdir(mode=0)
    with pytest.raises(DataError, match="cannot be looked into"):
        list_folder(str(tmp_path / "closed"))


def test_a_path_is_taken_as_it_is_or_as_it_was_pasted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert absolute(f' "{tmp_path}" \n') == absolute(f"'{tmp_path}'") == tmp_path
    assert absolute("pears") == tmp_path / "pears"
    (tmp_path / "pears ").mkdir()
    assert absolute(str(tmp_path / "pears ")) == tmp_path / "pears "
