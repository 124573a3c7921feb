"""Whatever a folder holds: no traceback, no silent loss, and bounds on memory and messages."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import gettempdir

import numpy as np
import pytest
from PIL import Image

import mmlib
from mmlib.__main__ import main
from mmlib.project.reading import load
from mmlib.project.reading.load import check_folder

IDS = [f"s{k:02d}" for k in range(16)]
PICTURES = np.random.default_rng(0).integers(0, 256, (16, 12, 14, 3)).astype(np.uint8)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Sixteen samples of two classes, with a table of spectra and PNG pictures."""
    root = tmp_path_factory.mktemp("hostile") / "pears"
    (root / "images").mkdir(parents=True)
    rng = np.random.default_rng(1)
    rows = ["id,label,group", *(f"{i},{'ab'[k % 2]},g{k // 2}" for k, i in enumerate(IDS))]
    (root / "samples.csv").write_text("\n".join(rows), encoding="utf-8")
    bands = ",".join(str(400 + 10 * k) for k in range(60))
    values = (",".join(f"{x:.4f}" for x in rng.random(60)) for _ in IDS)
    rows = [f"id,{bands}", *(f"{i},{v}" for i, v in zip(IDS, values, strict=True))]
    (root / "spectra.csv").write_text("\n".join(rows), encoding="utf-8")
    for name, picture in zip(IDS, PICTURES, strict=True):
        Image.fromarray(picture).save(root / "images" / f"{name}.png")
    return root


@pytest.fixture
def root(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "pears")


def checked(root, capsys):
    """Exit code of the command, and all that it has said."""
    code = main(["check", str(root)])
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return code, said.out + said.err


def replace(name, put):
    """A change: what is there goes away, and something else takes its name."""

    def change(root):
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        put(path)

    return change


ODD = {
    "images is a file": (replace("images", lambda p: p.write_text("x")), "images: it is a file"),
    "spectra.csv is a folder": (replace("spectra.csv", os.mkdir), "spectra.csv: it is a folder"),
    "spectra.csv is a pipe": (replace("spectra.csv", os.mkfifo), "spectra.csv: it is a pipe"),
    "samples.csv is a pipe": (replace("samples.csv", os.mkfifo), "samples.csv: it is a pipe"),
    "spectra.csv leads nowhere": (
        replace("spectra.csv", lambda p: p.symlink_to("gone.csv")), "a link that leads nowhere"
    ),
    "images leads nowhere": (replace("images", lambda p: p.symlink_to("gone")), "no folder"),
    "a picture is a pipe": (replace("images/s03.png", os.mkfifo), "images/s03.png: it is a pipe"),
    "a picture is a device": (
        replace("images/s03.png", lambda p: p.symlink_to("/dev/zero")), "it is a device"
    ),
    "spectra is a file": (lambda root: (root / "spectra").write_text("x"), "spectra: it is a file"),
}  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("name", ODD)
def test_what_is_no_file_or_no_folder_is_named_and_never_opened(name, root, capsys):
    change, said = ODD[name]
    change(root)
    code, out = checked(root, capsys)
    assert code == 1 and said in out


def as_nobody(call):
    """The result of a call by a user who may read only what all may, as a line of text."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setuid(65534) if os.getuid() == 0 else None
            os.write(into, call().encode())
        except BaseException as error:
            os.write(into, f"Traceback {error!r}".encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as file:
        said = file.read().decode()
    os.waitpid(child, 0)
    return said


@pytest.mark.skipif(os.name == "nt", reason="rights are other ones there")
@pytest.mark.parametrize("mode", [0o000, 0o444])
@pytest.mark.parametrize(
    "name", [".", "images", "spectra.csv", "samples.csv", "images/s03.png", "private"]
)
def test_what_may_not_be_read_is_named(name, mode, root):
    (root / "private").mkdir()
    target = root / name
    if target.is_file() and mode == 0o444:
        pytest.skip("such a file may be read")
    above = [place for place in root.parents if Path(gettempdir()) in place.parents]
    for place in (root, *root.rglob("*"), *above):
        place.chmod(place.stat().st_mode | 0o055 | (0o004 if place.is_file() else 0))
    check_folder(root)  # what Python imports on the way, nobody might not be allowed to read
    target.chmod(mode)
    try:
        said = as_nobody(lambda: "\n".join(map(str, check_folder(root)[1])))
    finally:
        target.chmod(0o755)
    assert "Traceback" not in said
    if name == "private":
        assert "may not" not in said
    else:
        assert "may not be" in said or "cannot be read" in said
        assert (root.name if name == "." else target.name) in said


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names are letters there")
def test_names_that_are_no_letters_are_shown_by_any_encoding(root):
    os.rename(root / "images" / "s03.png", os.fsencode(root / "images") + b"/caf\xe9.png")
    (root / "images" / "样品.png").write_bytes((root / "images" / "s04.png").read_bytes())
    for encoding in ("ascii", "cp1252", "utf-8"):
        ran = subprocess.run(
            [sys.executable, "-m", "mmlib", "check", str(root)],
            capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding},
        )  # fmt: skip
        assert ran.returncode == 0 and b"Traceback" not in ran.stderr
        assert rb"caf\udce9" in ran.stdout and b"s03" in ran.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_name_can_neither_steer_the_terminal_nor_forge_a_line(root, capsys):
    forged = "x\nERROR   samples.csv: send your password\x1b[2J\u202e.png"
    (root / "images" / "s03.png").rename(root / "images" / forged)
    _, out = checked(root, capsys)
    assert "\x1b" not in out and "\u202e" not in out
    assert not any(line.startswith("ERROR   samples.csv") for line in out.splitlines())
    assert r"x\nERROR" in out


def test_a_cell_of_a_million_letters_is_not_printed_whole(root, capsys):
    table = (root / "spectra.csv").read_text(encoding="utf-8").splitlines()
    cells = table[5].split(",")
    table[5] = ",".join([cells[0], "y" * 100_000, *cells[2:]])
    (root / "spectra.csv").write_text("\n".join(table), encoding="utf-8")
    code, out = checked(root, capsys)
    assert code == 1 and len(out) < 5_000 and "spectra.csv" in out


@pytest.mark.parametrize("name", ["a\0b.png", "y" * 1000 + ".png", "/" * 5000, "..\\" * 300])
def test_a_column_of_files_may_hold_names_that_no_file_has(name, root, capsys):
    rows = [line.split(",") for line in (root / "samples.csv").read_text().splitlines()]
    rows = [[*row, "image" if k == 0 else f"{row[0]}.png"] for k, row in enumerate(rows)]
    rows[4][-1] = name
    (root / "samples.csv").write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    _, out = checked(root, capsys)
    assert len(out) < 5_000
    assert re.search("there is no picture|leaves the folder|it is no text file", out)


def test_what_was_not_used_is_named(root, capsys):
    (root / "readings.dat").write_text("1 2")
    (root / "NIR data").mkdir()
    (root / "NIR data" / "a.csv").write_text("1,2")
    (root / "images" / "list.docx").write_text("x")
    (root / "README.txt").write_text("x")
    code, out = checked(root, capsys)
    assert code == 0 and "NIR data/" in out and "readings.dat" in out and "list.docx" in out
    assert "README" not in out


def test_a_lost_table_of_spectra_is_told(root, capsys):
    (root / "spectra.csv").unlink()
    code, out = checked(root, capsys)
    assert code == 0 and "there are no spectra" in out


def test_a_reader_that_fails_is_one_sentence_with_the_file(root, monkeypatch, capsys):
    def read(root, *_):
        path = root / "spectra.csv"
        raise RuntimeError(f"oh\n{path.name[0]}")

    monkeypatch.setitem(load.MODALITIES, "spectrum", read)
    code, out = checked(root, capsys)
    assert code == 1 and "ERROR   spectra.csv: it cannot be read: RuntimeError (oh s)" in out


def test_what_nobody_has_foreseen_ends_in_one_sentence(root, monkeypatch, capsys):
    def fail(path, missing):
        raise RecursionError("too deep")

    monkeypatch.setattr("mmlib.project.run.read_project", fail)
    assert main(["check", str(root)]) == 3
    said = capsys.readouterr().err
    assert "RecursionError" in said and "run.py, line" in said and said.count("\n") == 1


def test_check_is_linear_in_the_samples(tmp_path):
    """Twice the samples take about twice the calls, not four times."""

    def calls(n):
        root = tmp_path / str(n)
        root.mkdir()
        rows = ["id,label", *(f"s{k},{'ab'[k % 2]}" for k in range(n))]
        (root / "samples.csv").write_text("\n".join(rows))
        values = np.random.default_rng(0).random((n, 3))
        rows = ["id,400,410,420", *(f"s{k}," + ",".join(map(str, x)) for k, x in enumerate(values))]
        (root / "spectra.csv").write_text("\n".join(rows))
        before, count = sys.getprofile(), 0

        def profile(frame, event, arg):
            nonlocal count
            count += 1

        sys.setprofile(profile)
        try:
            data, _ = check_folder(root)
        finally:
            sys.setprofile(before)
        assert len(data) == n
        return count

    calls(20)
    assert calls(400) < 2.5 * calls(200)


def test_pictures_and_ids_are_joined_in_linear_time():
    """A set of all ids, or the range of all pictures, made for each sample would take minutes."""
    from time import process_time

    from mmlib.project.reading.checks import check_pictures
    from mmlib.project.reading.findings import Findings
    from mmlib.project.reading.joining import join_to_samples

    ids = [f"s{k}" for k in range(20_000)]
    start = process_time()
    join_to_samples("picture", dict.fromkeys([*ids, "one more"], 0), ids, Findings())
    pictures = np.random.default_rng(0).integers(0, 256, (20_000, 4, 4, 1)).astype(np.uint8)
    check_pictures(pictures, ids, Findings())
    assert process_time() - start < 10


def test_the_printed_command_runs_nothing(root):
    from mmlib.project.saying import quoted

    if os.name != "nt":
        for name in ("a b", "$(touch hacked)", "a'b\"c", "`id`", "x;y", "plain"):
            ran = subprocess.run(f"printf %s {quoted(name)}", shell=True, capture_output=True)
            assert ran.stdout.decode() == name
    (root / "samples.csv").write_text("id,label\n1,\n1,\n", encoding="utf-8")
    odd = root.rename(root.with_name("$(ls)"))
    with pytest.raises(mmlib.DataError, match=r"check '.*\$\(ls\)'\)"):
        mmlib.load_folder(odd)
