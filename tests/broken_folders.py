"""A sound folder, and each way in which one may be broken or doubtful."""

import csv
import hashlib
import shutil

import numpy as np
from PIL import Image

IDS = [f"s{k:02d}" for k in range(30)]
AXIS = np.arange(1000, 1100, 10)


def write(path, rows, encoding="utf-8", delimiter=","):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


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


def fingerprint(root):
    return {
        path.relative_to(root): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }
