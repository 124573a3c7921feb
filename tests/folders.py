"""A folder of samples in every format that people have: tables, spectra and photographs."""

import csv

import numpy as np

RNG = np.random.default_rng(0)
IDS = [f"probe {k}" for k in range(24)]
LABELS = ["grün" if k % 2 else "müde" for k in range(24)]
AXIS = np.arange(1000.0, 1100.0, 10.0)
VALUES = RNG.random((24, len(AXIS))).round(4)
PICTURES = RNG.integers(0, 256, (24, 12, 16, 3)).astype(np.uint8)


def table(path, rows, delimiter=",", decimal=".", encoding="utf-8"):
    cells = [[str(c).replace(".", decimal) if k else str(c) for k, c in enumerate(r)] for r in rows]
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(cells)


def samples():
    return [["id", "label"], *([i, y] for i, y in zip(IDS, LABELS, strict=True))]


def spectra(axis=AXIS, values=VALUES):
    return [["id", *axis], *([i, *x] for i, x in zip(IDS, values, strict=True))]


def excel(path, rows):
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append([c.item() if hasattr(c, "item") else c for c in row])
    book.save(path)


def files(root, write, ending, values=VALUES, axis=AXIS):
    table(root / "samples.csv", samples())
    (root / "spectra").mkdir()
    for name, x in zip(IDS, values, strict=True):
        write(root / "spectra" / f"{name}{ending}", axis, x)


def pairs(path, axis, x, delimiter="\t", decimal=",", unit="nm"):
    rows = [[f"wavelength ({unit})", "reflectance"], *zip(axis, x, strict=True)]
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            file.write(delimiter.join(str(c).replace(".", decimal) for c in row) + "\r\n")


def photographs(root, save):
    table(root / "samples.csv", samples())
    (root / "images").mkdir()
    for name, picture in zip(IDS, PICTURES, strict=True):
        save(picture, root / "images" / name)
