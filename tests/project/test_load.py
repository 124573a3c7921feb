"""A corpus of broken folders: each gives its one right message, and nothing is changed."""

import numpy as np
import pytest
from broken_folders import (
    SAMPLES,
    SPECTRA,
    bomb,
    both,
    cell,
    column,
    cut_short,
    data,
    empty,
    fingerprint,
    flat,
    one_group_class,
    per_file,
    picture,
    quantity,
    remove,
    repeats,
    shuffle_labels_to_groups,
    text,
    twin_picture,
    twin_spectrum,
)
from folders import IDS, samples, spectra, table

import mmlib
from mmlib import DataError, load_folder
from mmlib.__main__ import main
from mmlib.project.reading.joining import Measured, join_to_samples
from mmlib.project.reading.load import check_folder, load_new
from mmlib.project.reading.modalities import MODALITIES
from mmlib.project.saving.about import TrainedOn

FAULTS = {
    # the table of samples
    "no table of samples": (remove(SAMPLES), "there is no samples.csv"),
    "two tables of samples": (data("samples.tsv", b"id\tlabel\na\tb\n"), r"samples\.csv.*samples"),
    "empty table": (data(SAMPLES, b""), "no rows under a header"),
    "header only": (data(SAMPLES, b"id,label,group\n"), "no rows under a header"),
    "binary table": (data(SAMPLES, b"\x00\x01\x02" * 50), "it is no text file"),
    "no id column": (cell(SAMPLES, 0, 0, "name"), "needs a column id"),
    "no label column": (cell(SAMPLES, 0, 1, "kind"), "either label"),
    "label and target": (cell(SAMPLES, 0, 2, "target"), "either label"),
    "column twice": (cell(SAMPLES, 0, 2, "label"), "'label' occurs twice"),
    "id twice": (cell(SAMPLES, 5, 0, "s00"), r"row 6: id 's00' was used before \(.*row 2\)"),
    "empty id": (cell(SAMPLES, 5, 0, ""), "row 6: the id is empty"),
    "empty label": (cell(SAMPLES, 5, 1, ""), r"row 6 \(id s04\): the label is empty"),
    "empty group": (cell(SAMPLES, 5, 2, ""), "row 6: the group is empty"),
    "stray cell": (text(SAMPLES, lambda t: t.replace("plant 2\n", "plant 2,x\n", 1)), "4 cells"),
    "label differs by case": (cell(SAMPLES, 5, 1, "C"), "'C' differs from 'c' by case"),
    "label differs by a blank inside": (
        both(
            *(cell(SAMPLES, k, 1, "red apple") for k in (1, 2, 7, 8)),
            cell(SAMPLES, 13, 1, "red  apple"),
            cell(SAMPLES, 14, 1, "red apple"),
        ),
        "by case, blanks or zeros only",
    ),
    "label differs by a zero": (
        column(SAMPLES, 1, ("label", lambda k: f"{k % 2 + 1}{'.0' * (k == 9)}")),
        r"row 10: label '2\.0' differs from '2' by case, blanks or zeros only",
    ),
    "label differs by an underscore": (
        column(
            SAMPLES,
            1,
            ("label", lambda k: "red_apple" if k == 9 else f"red {'apple' if k % 2 else 'pear'}"),
        ),
        "'red_apple' differs from 'red apple'",
    ),
    "a table with two endings": (
        lambda root: (root / SAMPLES).rename(root / "samples.csv.csv"),
        r"no samples\.csv \(but samples\.csv\.csv: .*; rename it so that one ending is left",
    ),
    "a quantity of words": (quantity(lambda k: "ripe" if k % 2 else "raw"), "column label"),
    "a quantity with an error of Excel": (
        quantity(lambda k: "#DIV/0!" if k == 9 else k),
        "row 10: a value is missing",
    ),
    "one class": (column(SAMPLES, 1, ("label", "a")), "all have the label 'a'"),
    "a class with one plant": (one_group_class, r"class 'rare' has 1 group\(s\)"),
    "a class with one sample": (
        both(column(SAMPLES, 2, ("", "")), cell(SAMPLES, 5, 1, "rare")),
        r"class 'rare' has 1 sample\(s\)",
    ),
    "group is the label": (shuffle_labels_to_groups, "group says the same"),
    "split empty": (column(SAMPLES, 3, ("split", lambda k: "" if k == 4 else "x")), "split is em"),
    # a quantity
    "a quantity with a word": (
        column(SAMPLES, 1, ("target", lambda k: "much" if k == 9 else k)),
        "row 10: 'much' is no number",
    ),
    "a quantity missing": (
        column(SAMPLES, 1, ("target", lambda k: "NA" if k == 9 else k)),
        "row 10: a value is missing",
    ),
    "a constant quantity": (column(SAMPLES, 1, ("target", "5.0")), "same everywhere"),
    "mixed decimal signs": (
        column(SAMPLES, 1, ("target", lambda k: "1,5" if k == 3 else f"{k}.5")),
        "decimal comma",
    ),
    # spectra in one table
    "no id in common": (column(SPECTRA, 0, ("id", lambda k: f"x{k}")), "no id is that of a sample"),
    "spectrum id twice": (cell(SPECTRA, 4, 0, "s00"), "'s00' occurs a second time"),
    "spectrum id empty": (cell(SPECTRA, 4, 0, ""), "the id is empty"),
    "not a number": (cell(SPECTRA, 4, 3, "high"), r"row 5 .*1020 nm: 'high' is no number"),
    "NaN": (cell(SPECTRA, 4, 3, "NaN"), "a value is missing"),
    "empty cell": (cell(SPECTRA, 4, 3, ""), "a value is missing"),
    "infinite": (cell(SPECTRA, 4, 3, "inf"), "'inf' is no number"),
    "decimal comma among points": (cell(SPECTRA, 4, 3, "0,5"), "decimal comma"),
    "column without a wavelength": (cell(SPECTRA, 0, 3, "moisture"), "'moisture' is no wavelength"),
    "repeated wavelength": (cell(SPECTRA, 0, 3, "1010 nm"), "1010 is repeated"),
    "unsorted wavelengths": (cell(SPECTRA, 0, 3, "1500 nm"), "1500 is followed by 1030"),
    "a copied spectrum": (twin_spectrum, r"id s04.*number for number, as that of s03"),
    "a flat spectrum": (flat, "it is flat"),
    "no spectra in the table": (data(SPECTRA, b"id,1000,1010\n"), "no rows under a header"),
    "table and files": (data("spectra/s00.csv", b"1,2\n3,4\n"), "keep one place"),
    "two spectra tables": (data("spectra.tsv", b"id\t1\na\t2\n"), "keep one place"),
    # one file for each sample
    "three columns": (
        both(per_file, data("spectra/s03.csv", b"a,b,c\n1,2,3\n2,3,4\n")),
        r"spectra/s03\.csv: it does not hold two columns",
    ),
    "a word in a file": (
        both(per_file, data("spectra/s03.csv", b"nm,r\n1000,0.1\n1010,oops\n")),
        r"spectra/s03\.csv, row 3: 'oops'",
    ),
    "an empty file": (both(per_file, data("spectra/s03.csv", b"")), "no rows under a header"),
    "axes that do not meet": (
        both(per_file, data("spectra/s03.csv", b"nm,r\n1,0.1\n2,0.2\n")),
        "axes do not overlap",
    ),
    "repeated in a file": (
        both(per_file, data("spectra/s03.csv", b"nm,r\n1000,0.1\n1000,0.2\n1010,0.2\n")),
        r"id s03.*1000 is repeated",
    ),
    "two files for an id": (
        both(per_file, data("spectra/s03.txt", b"nm\tr\n1000\t0.1\n1090\t0.2\n")),
        "'s03' has two spectra",
    ),
    "broken JCAMP-DX": (
        both(per_file, remove("spectra/s03.csv"), data("spectra/s03.jdx", b"no spectrum")),
        "no JCAMP-DX spectrum",
    ),
    "SPC": (
        both(per_file, remove("spectra/s03.csv"), data("spectra/s03.spc", b"\0\1")),
        "no SPC spectrum|need the package spc-io",
    ),
    "ASD": (
        both(per_file, remove("spectra/s03.csv"), data("spectra/s03.asd", b"\0\1")),
        "ASD files are not read; export reflectance as text",
    ),
    "broken cube": (
        both(per_file, remove("spectra/s03.csv"), data("spectra/s03.hdr", b"junk")),
        "no ENVI cube|need the package",
    ),
    "spectrum outside": (
        column(SAMPLES, 3, ("spectrum", lambda k: "../../s.csv" if k == 4 else "")),
        "leaves the folder",
    ),
    # pictures
    "picture outside": (
        column(SAMPLES, 3, ("image", lambda k: "../x.png" if k == 4 else f"s{k - 1:02d}.png")),
        "'../x.png' leaves the folder",
    ),
    "picture at an absolute path": (
        column(SAMPLES, 3, ("image", lambda k: "/etc/x.png" if k == 4 else f"s{k - 1:02d}.png")),
        "leaves the folder",
    ),
    "no picture at all": (data("images/s03.png", b"hello"), "no readable picture"),
    "empty picture": (data("images/s03.png", b""), "no readable picture"),
    "picture cut short": (cut_short, "damaged or cut short"),
    "decompression bomb": (bomb, "too many to be safe"),
    "other channels": (picture("s03.png", (16, 16)), r"1 channel\(s\), most pictures have 3"),
    "two pictures for an id": (picture("s03.jpg", (16, 16, 3)), "has the same name"),
    "a copied picture": (twin_picture, "number for number, as that of s01"),
    "broken TIFF": (
        both(remove("images/s03.png"), data("images/s03.tif", b"II*\0junk")),
        "no readable picture|needs tifffile",
    ),
    "pictures in another folder": (
        lambda root: (root / "images").rename(root / "photos"),
        r"photos/: it holds pictures .*put them into images/",
    ),
    "pictures that nobody can read": (
        both(empty("images"), data("images/s03.avif", b"x"), data("images/s04.RW2", b"x")),
        r"images/: it holds no picture that can be read: s03\.avif, s04\.RW2",
    ),
    "repeats as spectra of some samples": (
        repeats(),
        r"9 sample.*if s00-1, s00-2, s00-3 are repeats of s00, average them, or give each a row",
    ),
    "repeats as pictures of all samples": (
        lambda root: [
            path.rename(path.with_stem(f"s{k // 2:02d}_{k % 2}"))
            for k, path in enumerate(sorted((root / "images").iterdir()))
        ],
        "if s00_0, s00_1 are repeats of s00",
    ),
    "pictures of a telephone": (
        both(remove("images/s03.png"), data("images/s03.HEIC", b"x")),
        r"s03\.HEIC: HEIC pictures are not read",
    ),
    "a telephone's picture under another name": (
        data("images/s03.png", b"\0\0\0\x18ftypheic" + b"\0" * 99),
        "but a HEIC",
    ),
    "no picture has the name of a sample": (
        lambda root: [
            path.rename(path.with_stem(f"IMG_{path.stem}"))
            for path in sorted((root / "images").iterdir())
        ],
        "picture: no id is that of a sample: IMG_s00",
    ),
    # what spreadsheets and instruments do
    "a table in another format": (
        lambda root: (root / SAMPLES).rename(root / "samples.numbers"),
        r"samples\.numbers must be saved as",
    ),
    "the folder above": (
        lambda root: [
            (root / "inner").mkdir(),
            *((root / x).rename(root / "inner" / x) for x in (SAMPLES, SPECTRA, "images")),
        ],
        "but the folder inner in it has one",
    ),
    "another name for a column": (cell(SAMPLES, 0, 0, "Sample"), "rename 'Sample' to id"),
    "merged cells": (column(SAMPLES, 2, ("group", lambda k: "" if k % 2 else "x")), "of merged"),
    "a row of units": (
        text(SPECTRA, lambda t: t.replace("\n", "\n-" + ",%" * 10 + "\n", 1)),
        "row 2 .*take the row out if it holds units",
    ),
    "thousands with a comma": (
        column(SAMPLES, 1, ("target", lambda k: f"{k},250" if k % 2 else "990")),
        "'1,250' has three digits after each comma, as a thousands separator",
    ),
    "a thousands separator in the header": (
        cell(SPECTRA, 0, 3, "1,020"),
        "1010 is followed by 1.02; write wavelengths from 1000 without a thousands separator",
    ),
    "thousands with both signs": (
        column(SAMPLES, 1, ("target", lambda k: f"{k},250.5")),
        "thousands separators out",
    ),
    "a quantity called label": (
        column(SAMPLES, 1, ("label", lambda k: k / 7)),
        "name the column target",
    ),
    "files in different units": (
        both(per_file, data("spectra/s03.csv", b"cm-1,r\n1000,0.1\n1010,0.2\n1090,0.2\n")),
        "different wavelengths in: cm-1, nm",
    ),
    "files nobody can read": (
        both(remove(SPECTRA), data("spectra/s00.sed", b"x")),
        "no file that can be read: s00.sed",
    ),
    # the folder
    "nothing but a table": (both(remove(SPECTRA), remove("images")), "neither spectra nor picture"),
    "an empty folder": (both(remove(SPECTRA), remove("images"), remove(SAMPLES)), "no samples.csv"),
}


def test_the_corpus_is_large_enough():
    assert len(FAULTS) >= 60


def test_the_sound_folder_has_no_fault(project):
    loaded, findings = check_folder(project)
    assert not findings, findings
    assert loaded.X["spectrum"].shape == (30, 10) and loaded.X["image"].shape == (30, 16, 16, 3)
    assert loaded.units == {"spectrum": "nm"} and loaded.target_names == ["a", "b", "c"]


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_folder_gets_its_one_right_message(name, project, capsys):
    change, expected = FAULTS[name]
    change(project)
    before = fingerprint(project)
    loaded, findings = check_folder(project)
    errors = findings.of("error")
    assert loaded is None
    assert len(errors) == 1, [str(error) for error in errors]
    message = str(errors[0])
    with pytest.raises(DataError, match=expected):
        load_folder(project)
    assert (
        message.split(" [L")[0].endswith(".") and "\n" not in message and "Traceback" not in message
    )
    assert main(["check", str(project)]) == 1
    assert message in capsys.readouterr().out
    assert fingerprint(project) == before


def test_this_folder_has_the_name_it_bears(project, monkeypatch):
    monkeypatch.chdir(project)
    assert load_folder(".").name == "project"
    FAULTS["no table of samples"][0](project)
    assert str(check_folder(".")[1][0]).startswith("project: there is no samples.csv")
    assert str(check_folder("not here")[1][0]).startswith("not here: there is no such folder")


def test_the_command_for_more_faults_quotes_a_blank(project):
    for change in ("id twice", "empty label"):
        FAULTS[change][0](project)
    spaced = project.rename(project.with_name("my project"))
    with pytest.raises(DataError) as caught:
        load_folder(spaced)
    assert f'mmlib check "{spaced}")' in str(caught.value)


def test_several_faults_are_reported_in_one_pass(project):
    for change in ("id twice", "NaN", "picture cut short", "empty label"):
        FAULTS[change][0](project)
    _, findings = check_folder(project)
    assert len(findings.of("error")) >= 4
    with pytest.raises(DataError, match=r"more: python -m mmlib check"):
        load_folder(project)


def test_a_missing_folder_is_named(tmp_path, capsys):
    assert main(["check", str(tmp_path / "nowhere")]) == 1
    assert "there is no such folder" in capsys.readouterr().out
    (tmp_path / "samples.csv").touch()
    assert main(["check", str(tmp_path / "samples.csv")]) == 1
    assert "samples.csv: this is a file, and no folder" in capsys.readouterr().out


@pytest.fixture
def with_scents(root, monkeypatch):
    """A folder with spectra and smells, each smell in a file that the table of samples names."""

    def read_scents(root, samples, ids, findings, known):
        smells = {i: np.loadtxt(root / "scents" / name) for i, name in samples["scent"].items()}
        smells = join_to_samples("scent", smells, ids, findings)
        values = smells and np.array(list(smells.values()))
        return smells and Measured(values, meta={"nose": "no. 3"}, ids=list(smells))

    monkeypatch.setitem(MODALITIES, "scent", read_scents)
    head, *rows = samples()
    rows = [[*row, f"{k}.txt", k] for k, row in enumerate(rows)]
    table(root / "samples.csv", [[*head, "scent", "row"], *rows])
    table(root / "spectra.csv", spectra())
    (root / "scents").mkdir()
    for k in range(len(IDS)):
        np.savetxt(root / "scents" / f"{k}.txt", [k, k % 2, 1.0])
    return root


def test_a_modality_of_a_folder_is_a_line_of_the_table_of_modalities(with_scents):
    data = mmlib.load_folder(with_scents)
    assert data.modalities == ["spectrum", "scent"]
    np.testing.assert_array_equal(data.X["scent"][:, 0], np.arange(24))
    assert list(data.info) == ["row"] and data.meta["nose"] == "no. 3"
    assert list(data.axes) == ["spectrum"]


def test_new_samples_must_have_the_shape_that_the_model_knows(with_scents):
    known = TrainedOn.of(mmlib.load_folder(with_scents))
    ids, (part,) = load_new(with_scents, known)
    assert ids == IDS and part.X["scent"].shape == (24, 3)
    for path in (with_scents / "scents").iterdir():
        np.savetxt(path, [int(path.stem), 1.0])
    with pytest.raises(DataError, match=r"scent has the shape \(2,\), but .* trained on \(3,\)"):
        load_new(with_scents, known)
