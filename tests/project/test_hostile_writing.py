"""What is written: whole or not at all, one sentence where it cannot be, no formula, no markup."""

import errno
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mmlib
from mmlib.__main__ import main
from mmlib.base import DataError
from mmlib.features import spectrum_baselines
from mmlib.project import results
from mmlib.project.page import POLICY, text, write_page
from mmlib.project.results import table_text, write_whole
from mmlib.project.writing import copy_template, write_folder


@pytest.fixture
def full(monkeypatch):
    """A disk on which nothing more finds room."""

    def fail(path, *_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "write_bytes", fail)
    monkeypatch.setattr(results.os, "replace", fail)
    return fail


def small():
    return mmlib.make_leaves(n_plants=10, leaves_per_plant=2)


@pytest.fixture
def saved(tmp_path):
    leaves = small()
    model = spectrum_baselines()["SVM"].fit({"spectrum": leaves.X["spectrum"]}, leaves.y)
    folder = mmlib.save(model, tmp_path / "model", leaves)
    return folder, write_folder(leaves.take(range(4)), tmp_path / "new")


def test_what_cannot_be_written_whole_leaves_what_was_there(tmp_path, full):
    path = tmp_path / "report.html"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(OSError, match="No space"):
        write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "old" and list(tmp_path.iterdir()) == [path]


def test_predictions_that_found_no_room_are_not_in_the_way_next_time(saved, tmp_path, monkeypatch):
    model, new = saved
    monkeypatch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(DataError, match=r"new-predictions\.csv cannot be written"):
        mmlib.Project.predict(model, new)
    monkeypatch.undo()
    assert not list(tmp_path.glob("*predictions*"))
    assert len(mmlib.Project.predict(model, new).table) == 4


def test_a_template_that_found_no_room_is_not_in_the_way_next_time(tmp_path, monkeypatch, capsys):
    before = Path.mkdir

    def fail(path, *args, **how):
        if path.name == "images":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        before(path, *args, **how)

    monkeypatch.setattr(Path, "mkdir", fail)
    assert main(["start", str(tmp_path / "mine"), "--template"]) == 2
    said = capsys.readouterr().err
    assert "mine cannot be written" in said and said.count("\n") == 1
    assert not list(tmp_path.iterdir())
    monkeypatch.undo()
    assert copy_template(tmp_path / "mine").is_dir()


def test_a_template_keeps_its_hands_off_what_is_there(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match="not empty"):
        copy_template(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_no_cell_of_a_table_is_a_formula_and_numbers_stay_numbers():
    cells = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1", "-5", "+1e3", "s-1"]
    table = pd.DataFrame({"id": cells, "=HYPERLINK(1)": np.arange(9) - 4})
    read = pd.read_csv(pd.io.common.StringIO(table_text(table)), dtype=str)
    assert list(read.columns) == ["id", "'=HYPERLINK(1)"]
    assert [cell[0] == "'" for cell in read["id"]] == [True] * 6 + [False] * 3
    assert list(read.iloc[:, 1]) == [str(k - 4) for k in range(9)]
    assert list(table["id"]) == cells  # only what is written


def test_ids_of_predictions_are_no_formulas(saved, tmp_path):
    model, new = saved
    for name in ("samples.csv", "spectra.csv"):
        old = (new / name).read_text(encoding="utf-8")
        first = old.splitlines()[1].split(",")[0]
        (new / name).write_text(old.replace(first, "=HYPERLINK(1)"), encoding="utf-8")
    (new / "images" / f"{first}.png").rename(new / "images" / "=HYPERLINK(1).png")
    made = mmlib.Project.predict(model, new)
    assert made.table["id"][0] == "=HYPERLINK(1)"
    assert "\n'=HYPERLINK(1)," in made.path.read_text(encoding="utf-8-sig")


def test_a_page_forbids_scripts_and_requests_besides_escaping():
    page = write_page("<script>", [("a\x1b\0", text("<img src=x onerror=alert(1)>\ud800"))])
    assert f'http-equiv="Content-Security-Policy" content="{POLICY}"' in page
    assert "default-src 'none'" in POLICY and "<script>" not in page and "<img" not in page
    assert "\x1b" not in page and "\0" not in page
    page.encode()


def test_a_report_that_found_no_room_is_named(few_models, folder, monkeypatch, capsys):
    assert main(["compare", str(folder), "--quick"]) == 0
    monkeypatch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    assert main(["report", str(folder), "--quick"]) == 2
    said = capsys.readouterr().err
    assert "cannot be written (full)" in said and "Traceback" not in said
