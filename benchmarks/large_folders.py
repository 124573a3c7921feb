"""What large folders cost: Excel tables of spectra by `check`, 10,000 samples by `compare --quick`.

``python benchmarks/large_folders.py FOLDER [--compare]`` writes them into FOLDER where they are
not there yet (500 and 5,000 rows of 700 bands in workbooks; 10,000 pictures of 16 x 16 pixels
beside 60 bands as CSV), and prints processor seconds and the largest memory of each command, on
one thread. With ``--compare`` the comparison is stopped as by Ctrl-C after six fits, and started
again.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from openpyxl import Workbook
from PIL import Image

ONE = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
rng = np.random.default_rng(5)


def spectra(labels, bands):
    """Smooth curves, of which one place differs between the classes."""
    t, n = np.linspace(0, 1, bands), len(labels)
    waves = np.sin(np.outer(np.arange(1, 7) * np.pi, t))
    place = np.exp(-(((t - 0.6) / 0.05) ** 2))
    common = 0.4 + 0.2 * np.sin(3 * t) + 0.02 * rng.normal(size=(n, 6)) @ waves
    return common + 0.012 * np.outer(labels, place) + rng.normal(0, 0.004, (n, bands))


def write_excel(folder, n, bands=700):
    """Two workbooks: the samples, and a row of bands for each."""
    folder.mkdir(parents=True)
    labels = rng.integers(0, 2, n)
    tables = {
        "samples": [["id", "label"], *([f"s{k}", "ab"[y]] for k, y in enumerate(labels))],
        "spectra": [
            ["id", *np.linspace(900, 2298, bands).tolist()],
            *([f"s{k}", *row] for k, row in enumerate(spectra(labels, bands).round(5).tolist())),
        ],
    }
    for name, rows in tables.items():
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
        book.save(folder / f"{name}.xlsx")


def write_tiny(folder, n=10_000, bands=60):
    """Groups of five samples, with a picture of 16 x 16 pixels and a row of bands for each."""
    (folder / "images").mkdir(parents=True)
    labels = rng.integers(0, 3, n)
    rows = [f"s{k},{'abc'[y]},p{k // 5}" for k, y in enumerate(labels)]
    (folder / "samples.csv").write_text("\n".join(["id,label,group", *rows]), encoding="utf-8")
    head = ",".join(["id", *map(str, np.linspace(400, 1000, bands).round(1))])
    values = spectra(labels, bands).round(5).tolist()
    rows = [",".join([f"s{k}", *map(str, row)]) for k, row in enumerate(values)]
    (folder / "spectra.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    for k, y in enumerate(labels):
        picture = rng.normal(110, 18, (16, 16, 3))
        picture[4:12, 4:12] += [6 * y, 8, -5 * y]
        Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(folder / f"images/s{k}.png")


def measure(*command, stop_after=None, fits=None):
    """Processor seconds, MB, and the exit code of a command in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mmlib", *map(str, command)], env=os.environ | ONE, stdout=-3
    )
    while stop_after and len(list(fits.glob("*.json"))) < stop_after:
        time.sleep(0.2)
    if stop_after:
        process.send_signal(signal.SIGINT)
    _, status, used = os.wait4(process.pid, 0)
    seconds = used.ru_utime + used.ru_stime
    return seconds, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def main():
    root = Path(sys.argv[1])
    print("| folder | command | processor seconds | peak MB | exit code |\n|---|---|---|---|---|")

    def show(name, command, found):
        print(f"| {name} | {command} | {found[0]:.0f} | {found[1]:.0f} | {found[2]} |", flush=True)

    for n in (500, 5000):
        folder = root / f"excel-{n}"
        if not folder.exists():
            write_excel(folder, n)
        show(folder.name, "check", measure("check", folder))
    folder = root / "tiny-10000"
    if not folder.exists():
        write_tiny(folder)
    show(folder.name, "check", measure("check", folder))
    if "--compare" in sys.argv:
        command, fits = ("compare", folder, "--quick"), root / "tiny-10000-results" / "fits"
        show(folder.name, "compare --quick, stopped", measure(*command, stop_after=6, fits=fits))
        print(f"{len(list(fits.glob('*.json')))} fits are kept")
        show(folder.name, "the same again", measure(*command))


if __name__ == "__main__":
    main()
