"""A corpus of broken folders: each gives its one right message, and nothing is changed."""

import csv
import hashlib
import re
import shutil

import numpy as np
import pytest
from PIL import Image

from mmlib import DataError, load_folder
from mmlib.__main__ import main
from mmlib.project.reading.load import check_folder

IDS = [f"s{k:02d}" for k in range(30)]
AXIS = np.arange(1000, 1100, 10)


def write(path, rows, encoding="utf-8", delimiter=","):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Thirty samples of three classes and fifteen plants, without a fault."""
    root = tmp_path_factory.mktemp("sound") / "project"
    (root / "images").mkdir(parents=True)
    rng = np.random.default_rng(0)
    rows = [[name, "abc"[k // 2 % 3], f"plant {k // 2}"] for k, name in enumerate(IDS)]
    write(root / "samples.csv", [["id", "label", "group"], *rows])
    spectra = [[name, *rng.random(len(AXIS)).round(4)] for name in IDS]
    write(root / "spectra.csv", [["id", *(f"{x} nm" for x in AXIS)], *spectra])
    for name in IDS:
        picture = rng.integers(0, 256, (16, 16, 3)).astype(np.uint8)
        Image.fromarray(picture).save(root / "images" / f"{name}.png")
    return root


@pytest.fixture
def project(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "project")


def cell(file, row, column, value):
    """Change one cell; rows and columns from 0, the header being row 0."""

    def change(root):
        rows = read(root / file)
        rows[row][column] = value
        write(root / file, rows)

    return change


def column(file, number, values):
    """Change or add a whole column under its header; a callable gets the row number."""

    def change(root):
        rows = read(root / file)
        for k, row in enumerate(rows):
            value = values[0] if k == 0 else (values[1](k) if callable(values[1]) else values[1])
            row[number : number + 1] = [value]
        write(root / file, rows)

    return change


def text(file, function, encoding="utf-8"):
    def change(root):
        path = root / file
        path.write_bytes(function(path.read_text(encoding="utf-8")).encode(encoding))

    return change


def remove(name):
    def change(root):
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return change


def without(file, row):
    def change(root):
        rows = read(root / file)
        del rows[row]
        write(root / file, rows)

    return change


def data(name, content):
    def change(root):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(content)

    return change


def picture(name, shape, dtype=np.uint8):
    def change(root):
        Image.fromarray(np.zeros(shape, dtype)).save(root / "images" / name)

    return change


def both(*changes):
    def change(root):
        for one in changes:
            one(root)

    return change


def bomb(root):
    """A picture of 100 million pixels in a few kilobytes."""
    Image.new("1", (10_000, 10_000)).save(root / "images" / "s03.png")


def cut_short(root):
    path = root / "images" / "s03.png"
    path.write_bytes(path.read_bytes()[:300])


def twin_picture(root):
    shutil.copy(root / "images" / "s01.png", root / "images" / "s02.png")


def twin_spectrum(root):
    rows = read(root / "spectra.csv")
    rows[5][1:] = rows[4][1:]
    write(root / "spectra.csv", rows)


def flat(root):
    rows = read(root / "spectra.csv")
    rows[5][1:] = ["0.5"] * len(AXIS)
    write(root / "spectra.csv", rows)


def per_file(root, delimiter=",", decimal="."):
    """Instead of the wide table, one file of two columns for each sample."""
    rows = read(root / "spectra.csv")
    (root / "spectra").mkdir()
    for row in rows[1:]:
        pairs = zip(AXIS, row[1:], strict=True)
        lines = [["nm", "reflectance"]]
        lines += [[f"{x}.0".replace(".", decimal), y.replace(".", decimal)] for x, y in pairs]
        write(root / "spectra" / f"{row[0]}.csv", lines, delimiter=delimiter)
    (root / "spectra.csv").unlink()


def shuffle_labels_to_groups(root):
    rows = read(root / "samples.csv")
    for row in rows[1:]:
        row[2] = f"plant {row[1]}"
    write(root / "samples.csv", rows)


def one_group_class(root):
    rows = read(root / "samples.csv")
    for row in rows[1:]:
        if row[2] == "plant 0":
            row[1] = "rare"
    write(root / "samples.csv", rows)


def rename_ids(function):
    """Other ids everywhere, and no column group; `function` gets the number of the sample."""

    def change(root):
        old = [row[0] for row in read(root / SAMPLES)[1:]]
        names = dict(zip(old, map(function, range(len(old))), strict=True))
        for file, width in ((SAMPLES, 2), (SPECTRA, None)):
            head, *rows = [row[:width] for row in read(root / file)]
            write(root / file, [head, *([names[row[0]], *row[1:]] for row in rows)])
        for path in sorted((root / "images").iterdir()):
            path.rename(path.with_stem(names[path.stem]))

    return change


def quantity(function):
    return column(SAMPLES, 1, ("target", function))


def empty(name):
    def change(root):
        shutil.rmtree(root / name, ignore_errors=True)
        (root / name).mkdir()

    return change


def repeats(suffix="-{}"):
    """Three spectra for each of the first samples, under names that begin with their id."""

    def change(root):
        head, *rows = read(root / SPECTRA)
        rng = np.random.default_rng(1)
        several = [[f"{row[0]}{suffix.format(k)}", *rng.random(len(AXIS)).round(4)]
                   for row in rows[:9] for k in "123"]  # fmt: skip
        write(root / SPECTRA, [head, *several, *rows[9:]])

    return change


def lens_cap(root):
    for level, name in enumerate(("s03", "s04")):
        Image.new("RGB", (16, 16), (level, 0, 0)).save(root / "images" / f"{name}.png")


SAMPLES, SPECTRA = "samples.csv", "spectra.csv"
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
    "spectrum missing": (without(SPECTRA, 4), r"1 sample\(s\) have none: s03"),
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
    "file missing": (both(per_file, remove("spectra/s03.csv")), r"have none: s03"),
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
    "picture missing": (remove("images/s03.png"), r"have none: s03"),
    "named picture missing": (
        column(SAMPLES, 3, ("image", lambda k: "other.png" if k == 4 else f"s{k - 1:02d}.png")),
        "no picture 'other.png'",
    ),
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


DOUBTS = {
    # what belongs together
    **{
        f"a column {name} instead of group": (
            cell(SAMPLES, 0, 2, name),
            f"no column is called group, so column '{name}' holds nothing together; rename it to",
        )
        for name in ("batch", "Plant", "Gruppe", "tree_id", "Lot No.")
    },
    **{
        f"repeats called {name(0)} and {name(1)} without a group": (
            rename_ids(name),
            rf"ids look like repeats \({name(0)}, {name(1)}.*add a column group",
        )
        for name in (
            lambda k: f"apple{k // 2}-{k % 2 + 1}",
            lambda k: f"tree {k // 3} leaf {k % 3}",
            lambda k: f"plant{k // 5:03d}-leaf{k % 5}",
            lambda k: f"{k // 3}_{'abc'[k % 3]}",
            lambda k: f"{k // 2}{'ab'[k % 2]}",
            lambda k: f"leaf {k // 5 + 1}.{k % 5 + 1:02d}",
        )
    },
    "a group in other letters": (
        cell(SAMPLES, 4, 2, "Plant 0"),
        "'Plant 0' differs from 'plant 0' by case, blanks or zeros",
    ),
    "a group with a zero": (cell(SAMPLES, 4, 2, "plant 01"), "'plant 01' differs from 'plant 1'"),
    "a group without a blank": (cell(SAMPLES, 4, 2, "plant1"), "'plant1' differs from 'plant 1'"),
    "a group with a line": (cell(SAMPLES, 4, 2, "plant_1"), "'plant_1' differs from 'plant 1'"),
    "groups from a spreadsheet": (
        column(SAMPLES, 2, ("group", lambda k: f"{k // 2}{'.0' * (k == 9)}")),
        r"row 10: group '4\.0' differs from '4'",
    ),
    "days with the time": (
        column(SAMPLES, 2, ("group", lambda k: f"2024-05-{k // 6 + 1:02d} 09:{k:02d}:00")),
        r"every sample has a group of its own \('2024-05-01 09:01:00'\); write the day without",
    ),
    "a quantity of three groups": (
        both(quantity(lambda k: k), column(SAMPLES, 2, ("group", lambda k: f"day {k % 3}"))),
        r"there are 3 groups only; measure more, or compare with 3 folds \(the command does so",
    ),
    "a class of two plants": (
        column(SAMPLES, 1, ("label", lambda k: "rare" if k < 5 else "ab"[(k - 1) // 2 % 2])),
        r"'rare' has 2 group\(s\); measure more, or compare with 2 folds",
    ),
    # numbers that mean something else
    "a number for what is missing": (
        quantity(lambda k: -999 if k in (4, 9) else k / 7),
        r"row 5: the target -999 is far from all others \(2 rows\); if it stands for a missing",
    ),
    "a slip of the decimal sign": (
        quantity(lambda k: 8000 if k == 9 else 8 + k / 7),
        r"row 10: the target 8000 is far from all others \(1 row\)",
    ),
    "a quantity of two decimals called label": (
        column(SAMPLES, 1, ("label", lambda k: f"8.{k // 2 % 3}")),
        r"numbers with decimals \(8\.0, 8\.1, 8\.2\); for a quantity name the column target",
    ),
    "an error of Excel as a label": (
        lambda root: [cell(SAMPLES, k, 1, "#REF!")(root) for k in range(3, 30, 3)],
        r"the label is '#REF!' \(9 in all\)",
    ),
    "a row that sums up": (
        both(
            cell(SAMPLES, 30, 0, "Mean"),
            cell(SPECTRA, 30, 0, "Mean"),
            lambda root: (root / "images/s29.png").rename(root / "images/Mean.png"),
        ),
        "row 31: the id 'Mean' is the name of a statistic",
    ),
    # folders
    "a cap on the lens": (lens_cap, r"id s03\): it is of one color throughout \(2 in all\)"),
    "an empty folder of pictures": (empty("images"), "images/: it is empty; put the pictures in"),
    "an empty folder of spectra": (empty("spectra"), "spectra/: it is empty; put the spectra in"),
}
FINE = {
    "plain numbers": rename_ids(lambda k: f"s{k:02d}"),
    "numbers after a sign": rename_ids(lambda k: f"leaf-{k + 76:02d}"),
    "wells of a plate": rename_ids(lambda k: f"{'AB'[k // 15]}{k % 15 + 1}"),
    "one to nine of each class": rename_ids(lambda k: f"{'abc'[k // 2 % 3]}_{k // 6 * 2 + k % 2}"),
    "days as ids": rename_ids(lambda k: f"2024-{k // 5 + 1:02d}-{k % 5 * 7 + 1:02d}"),
    "groups apart": column(
        SAMPLES, 2,
        ("group", lambda k: "1 2,12,1.05,1.5,A10,A1,A100,1.1,1.10,10 000,10".split(",")[k % 11]),
    ),
    "classes as whole numbers": column(SAMPLES, 1, ("label", lambda k: f"{k // 2 % 3 + 1}.0")),
    "a skewed quantity": quantity(lambda k: f"{1.2**k:.3f}"),
    "doses": quantity(lambda k: (0, 1, 10, 100)[k % 4]),
    "a column that says nothing of groups": column(SAMPLES, 3, ("color", lambda k: "rg"[k % 2])),
    "dates without repeats": both(
        column(SAMPLES, 3, ("date", lambda k: f"2024-05-{k:02d}")),
    ),
}  # fmt: skip


def fingerprint(root):
    return {
        path.relative_to(root): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
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
    assert message.endswith(".") and "\n" not in message and "Traceback" not in message
    assert main(["check", str(project)]) == 1
    assert message in capsys.readouterr().out
    assert fingerprint(project) == before


@pytest.mark.parametrize("name", DOUBTS)
def test_a_doubtful_folder_is_read_with_its_one_right_warning(name, project):
    change, expected = DOUBTS[name]
    change(project)
    before = fingerprint(project)
    loaded, findings = check_folder(project)
    assert loaded is not None, [str(finding) for finding in findings]
    (warning,) = findings.of("warning")
    assert re.search(expected, str(warning)), str(warning)
    assert loaded.meta["warnings"] == [str(warning)]
    assert fingerprint(project) == before


@pytest.mark.parametrize("name", FINE)
def test_what_is_no_fault_gets_no_warning(name, project):
    FINE[name](project)
    loaded, findings = check_folder(project)
    assert loaded is not None and not findings.of("warning"), [str(finding) for finding in findings]


def test_a_column_that_no_command_uses_is_told(project):
    column(SAMPLES, 3, ("split", lambda k: "test" if k > 20 else "train"))(project)
    loaded, findings = check_folder(project)
    assert "compare draws its own folds" in str(findings[0]) and len(findings) == 1
    assert list(loaded.info["split"][:2]) == ["train", "train"]


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
    for change in ("id twice", "spectrum missing", "picture cut short", "empty label"):
        FAULTS[change][0](project)
    _, findings = check_folder(project)
    assert len(findings.of("error")) >= 4
    with pytest.raises(DataError, match=r"more: python -m mmlib check"):
        load_folder(project)


def test_a_missing_folder_is_named(tmp_path, capsys):
    assert main(["check", str(tmp_path / "nowhere")]) == 1
    assert "there is no such folder" in capsys.readouterr().out


def test_a_link_out_of_the_folder_is_refused(project, tmp_path):
    (tmp_path / "secret.png").write_bytes((project / "images" / "s03.png").read_bytes())
    try:
        (project / "images" / "link.png").symlink_to(tmp_path / "secret.png")
    except OSError:
        pytest.skip("links cannot be made here")
    named = ("image", lambda k: "images/link.png" if k == 4 else f"s{k - 1:02d}.png")
    column(SAMPLES, 3, named)(project)
    _, findings = check_folder(project)
    assert "leaves the folder" in str(findings.of("error")[0])
