"""Small folders, damaged at random: none may end in a traceback or in a silent wrong number.

    python tests/project/mutations.py 2000 0     2,000 damaged folders, drawn by the seed 0

Each is checked by the command, in this process. `test_mutations.py` runs a few of them.
"""

import codecs
import contextlib
import io
import os
import random
import shutil
import sys
import tempfile
import traceback
from encodings.aliases import aliases
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.io import wavfile

from mmlib.__main__ import main
from mmlib.features.recordings import describe_recording
from mmlib.project import run as project_run
from mmlib.project.reading.load import check_folder

IDS = [f"s{k:02d}" for k in range(12)]
AXIS = np.arange(400.0, 1000.0, 25.0)
NAMES = ["a\nb", "a\x1b[31m", "x" * 240, "..;", 'a"b', "=1+1", "-rf", "%s{0}", "<b>", "$x^{$", "😀",
         "\u202eabc", "a\u0301" * 30, "样品", "$(id)", "con", " lead", "ß"]  # fmt: skip
CELLS = ["", "x", "1e308", "1e309", "NaN", "inf", "1_000", "0x1F", "٣", "9" * 5000, "12%", "1,5",
         "1.234,5", "=1+1", "TRUE", "−0.5", "1 000", "\ufeff0.5", "\0", "#N/A", "y" * 200_000,
         '"', "a\nb", "-1e400"]  # fmt: skip


def numbers(seed=0):
    """Spectra and pictures of the samples, the same in every base."""
    rng = np.random.default_rng(seed)
    pictures = rng.integers(0, 256, (len(IDS), 10, 12, 3)).astype(np.uint8)
    return rng.random((len(IDS), len(AXIS))).round(4), pictures


def _samples(root):
    rows = [f"{i},{'ab'[k % 2]},g{k // 2}" for k, i in enumerate(IDS)]
    (root / "samples.csv").write_text("\n".join(["id,label,group", *rows, ""]), encoding="utf-8")
    (root / "images").mkdir()


def _wide(root):
    rows = [[i, *map(str, x)] for i, x in zip(IDS, numbers()[0], strict=True)]
    rows = [["id", *(f"{a:g}" for a in AXIS)], *rows]
    text = "\n".join([*map(",".join, rows), ""])
    (root / "spectra.csv").write_text(text, encoding="utf-8")


def csv_and_png(root):
    """A wide table, and PNG pictures."""
    _samples(root)
    _wide(root)
    for name, picture in zip(IDS, numbers()[1], strict=True):
        Image.fromarray(picture).save(root / "images" / f"{name}.png")


def pairs_and_tiff(root):
    """A text file a spectrum, and TIFF pictures."""
    _samples(root)
    (root / "spectra").mkdir()
    for name, x, picture in zip(IDS, *numbers(), strict=True):
        rows = ["nm;value", *(f"{a:g};{v}" for a, v in zip(AXIS, x, strict=True)), ""]
        (root / "spectra" / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
        Image.fromarray(picture).save(root / "images" / f"{name}.tif", compression="tiff_lzw")


def jcamp_and_jpeg(root):
    """JCAMP-DX spectra, and JPEG pictures."""
    _samples(root)
    (root / "spectra").mkdir()
    for name, x, picture in zip(IDS, *numbers(), strict=True):
        head = ["##TITLE=a", "##JCAMP-DX=4.24", "##DATA TYPE=INFRARED SPECTRUM",
                "##XUNITS=NANOMETERS", "##YUNITS=REFLECTANCE", "##XFACTOR=1", "##YFACTOR=0.0001",
                f"##FIRSTX={AXIS[0]:g}", f"##LASTX={AXIS[-1]:g}", f"##NPOINTS={len(AXIS)}",
                "##XYDATA=(X++(Y..Y))"]  # fmt: skip
        rows = [f"{a:g} {round(v * 10_000)}" for a, v in zip(AXIS, x, strict=True)]
        text = "\n".join([*head, *rows, "##END="])
        (root / "spectra" / f"{name}.jdx").write_text(text, encoding="utf-8")
        Image.fromarray(picture).save(root / "images" / f"{name}.jpg", quality=95)


def workbook_and_bmp(root):
    """Workbooks, and BMP pictures."""
    import openpyxl

    csv_and_png(root)
    for name in ("samples", "spectra"):
        book = openpyxl.Workbook()
        for line in (root / f"{name}.csv").read_text(encoding="utf-8").splitlines():
            cells = [float(c) if c.replace(".", "").isdigit() else c for c in line.split(",")]
            book.active.append(cells)
        book.save(root / f"{name}.xlsx")
        (root / f"{name}.csv").unlink()
    for path in list((root / "images").iterdir()):
        Image.open(path).save(path.with_suffix(".bmp"))
        path.unlink()


def sounds_and_texts(root):
    """Recordings, and texts in the table of samples; no spectra and no pictures."""
    rows = [f"{i},{'ab'[k % 2]},g{k // 2},{text}" for k, (i, text) in enumerate(WRITTEN.items())]
    text = "\n".join(["id,label,group,text", *rows, ""])
    (root / "samples.csv").write_text(text, encoding="utf-8")
    (root / "sounds").mkdir()
    for name, recording in RECORDED.items():
        wavfile.write(root / "sounds" / f"{name}.wav", RATE, recording)


RATE = 8000
WRITTEN = {name: f"note {k} of a sample" for k, name in enumerate(IDS)}
RECORDED = {
    name: (8000 * np.random.default_rng(k).normal(size=900)).clip(-32000, 32000).astype(np.int16)
    for k, name in enumerate(IDS)
}
BASES = (csv_and_png, pairs_and_tiff, jcamp_and_jpeg, workbook_and_bmp, sounds_and_texts)


def _files(root):
    return sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())


def _one(root, rng):
    """Any file, tables as often as all others together."""
    files = _files(root)
    tables = [path for path in files if path.parent == root]
    return rng.choice(tables if tables and rng.random() < 0.5 else files)


def _text(root, rng):
    files = [path for path in _files(root) if path.suffix in (".csv", ".jdx")]
    return rng.choice(files) if files else None


# Each changes a folder. Of those in CONTENT a number may come out changed without anyone being
# able to know: a flipped bit of a pixel, another digit.
def truncate(root, rng):
    path = _one(root, rng)
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(len(data))])


def empty(root, rng):
    _one(root, rng).write_bytes(b"")


def junk(root, rng):
    path = _one(root, rng)
    path.write_bytes(
        rng.choice([b"", path.read_bytes()]) + rng.randbytes(rng.choice([1, 90, 3000]))
    )


def zeros(root, rng):
    _one(root, rng).write_bytes(bytes(rng.choice([10, 50_000])))


def flip(root, rng):
    path = _one(root, rng)
    data = bytearray(path.read_bytes())
    for _ in range(rng.choice([1, 2, 8, 64])):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)


def swap(root, rng):
    one, other = rng.sample(_files(root), 2)
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)


def rename(root, rng):
    path = rng.choice(_files(root))
    path.rename(path.with_name(rng.choice(NAMES) + rng.choice([path.suffix, path.suffix, ".xyz"])))


def rename_to_bytes(root, rng):
    path = rng.choice(_files(root))
    name = rng.choice([b"\xff\xfe", b"caf\xe9"]) + os.fsencode(path.suffix)
    if sys.platform == "linux":
        os.rename(os.fsencode(path), os.fsencode(path.parent) + b"/" + name)


def remove(root, rng):
    for path in rng.sample(_files(root), rng.choice([1, 1, 2, 9])):
        path.unlink()


def cell(root, rng):
    path = _text(root, rng)
    if path:
        lines = path.read_text(encoding="utf-8").splitlines()
        k, sign = rng.randrange(len(lines)), ";" if ";" in lines[0] else ","
        cells = lines[k].split(sign)
        cells[rng.randrange(len(cells))] = rng.choice(CELLS)
        lines[k] = sign.join(cells)
        path.write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass")


def drop_cell(root, rng):
    path = _text(root, rng)
    if path and path.suffix == ".csv":
        lines = path.read_text(encoding="utf-8").splitlines()
        k, sign = rng.randrange(len(lines)), ";" if ";" in lines[0] else ","
        cells = lines[k].split(sign)
        del cells[rng.randrange(len(cells))]
        lines[k] = sign.join(cells)
        path.write_text("\n".join(lines), encoding="utf-8")


def shuffle_rows(root, rng):
    path = root / rng.choice(["samples.csv", "spectra.csv"])
    if path.is_file():
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        rng.shuffle(rows)
        path.write_text("\n".join([head, *rows]), encoding="utf-8")


def encode(root, rng):
    path = _text(root, rng)
    if path:
        text = path.read_text(encoding="utf-8")
        code = rng.choice(["utf-16", "utf-16-le", "utf-32", "utf-7", "cp037", "utf-8-sig", "gbk"])
        path.write_bytes(text.encode(code, "replace"))


def odd_kind(root, rng):
    path = rng.choice([*_files(root), root / "images"])
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    make = [os.mkdir, lambda p: p.write_text("x"), lambda p: p.symlink_to("gone"),
            lambda p: p.symlink_to(p), lambda p: p.symlink_to("/dev/zero"), os.mkfifo]  # fmt: skip
    rng.choice(make[: 2 if os.name == "nt" else 6])(path)


def unreadable(root, rng):
    rng.choice([root, root / "images", *_files(root)]).chmod(rng.choice([0, 0o444, 0o111]))


def other_picture(root, rng):
    path = rng.choice(sorted((root / "images").iterdir()))
    array = np.asarray(Image.open(path).convert("RGB"))
    kinds = ["P", "LA", "RGBA", "CMYK", "1", "L", "I;16", "F"]
    kind = rng.choice(kinds)
    deep = {"I;16": array[..., 0].astype(np.uint16) * 257, "F": array[..., 0].astype(np.float32)}
    image = Image.fromarray(deep[kind]) if kind in deep else Image.fromarray(array).convert(kind)
    kinds = ["TIFF"] if kind in ("F", "CMYK") else ["TIFF", "PNG"]
    image.save(path, format=rng.choice(kinds))


MUTATIONS = (truncate, empty, junk, zeros, flip, swap, rename, rename_to_bytes, remove, cell,
             drop_cell, shuffle_rows, encode, odd_kind, unreadable, other_picture)  # fmt: skip
CONTENT = (flip, swap, cell, other_picture, truncate, junk, drop_cell)


def differs(data, base):
    """What of the data is not what the base holds, by id; "" where all is."""
    if data is None:
        return ""
    spectra, pictures = numbers()
    if sorted(data.ids) != IDS:
        return f"{len(data.ids)} samples"
    if base is sounds_and_texts:
        rows = [describe_recording(RECORDED[name] / 32768, RATE) for name in data.ids]
        if "sound" not in data.X or not np.allclose(data.X["sound"], rows):
            return "another sound, or none"
        texts = [WRITTEN[name] for name in data.ids]
        return "" if "text" in data.X and data.X["text"].tolist() == texts else "another text"
    for name, expected, off in (("spectrum", spectra, 1e-6), ("image", pictures, 1.0)):
        if name not in data.X:
            return f"no {name}"
        if name == "image" and base is jcamp_and_jpeg:
            continue
        at = [IDS.index(i) for i in data.ids]
        got = data.X[name]
        if got.shape != expected.shape or not np.allclose(got, expected[at], atol=off):
            return f"another {name}"
    return ""


def try_one(base, known, mutation, rng, root):
    """Damage a copy of a base and check it: "" where all is well, else what went wrong."""
    try:
        mutation(root, rng)
    except (OSError, ValueError, IndexError):
        return ""  # nothing was changed in the end
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            with _overheard() as heard:
                code = main(["check", str(root)])
    except BaseException:
        return traceback.format_exc()
    data, findings = heard[0] if heard else (None, [])
    out.flush()
    said = out.buffer.getvalue().decode("utf-8")
    new = [finding for finding in findings if str(finding) not in known]
    if code not in (0, 1) or "Traceback" in said:
        return f"exit code {code}: {said}"
    if len(said) > 20_000 or any(sign in said for sign in "\x1b\0\u202e"):
        return f"{len(said)} letters: {said[:500]!r}"
    if code == 1 and not new:
        return f"no reason: {said}"
    if mutation not in CONTENT and not new and (change := differs(data, base)):
        return f"silently {change}"
    return ""


@contextlib.contextmanager
def _overheard():
    """What `check_folder` gives while a command runs."""
    heard, original = [], project_run.read_project

    def spy(folder, missing):
        found = original(folder, missing)
        heard.append(found[:2])
        return found

    project_run.read_project = spy
    try:
        yield heard
    finally:
        project_run.read_project = original


def run(count, seed=0, say=None, user=None):
    """What went wrong in so many damaged folders, by mutation, base and draw."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        folder, known = Path(folder), {}
        for base in BASES:
            root = folder / base.__name__ / "project"
            root.mkdir(parents=True)
            base(root)
            data, findings = check_folder(root)
            known[base] = {str(finding) for finding in findings}
            assert data is not None and not differs(data, base)
        if user is not None:  # all modules are loaded by now
            for path in (folder, *folder.rglob("*")):
                os.chown(path, user, user)
            os.setuid(user)
        for k in range(count):
            rng = random.Random(f"{seed} {k}")
            mutation, base = MUTATIONS[k % len(MUTATIONS)], rng.choice(BASES)
            root = shutil.copytree(folder / base.__name__ / "project", folder / "now" / "project")
            said = try_one(base, known[base], mutation, rng, root)
            for path in (folder / "now").rglob("*"):
                if path.is_dir() and not path.is_symlink():
                    path.chmod(0o755)
            shutil.rmtree(folder / "now")
            if said:
                wrong.append(f"{k} {mutation.__name__} of {base.__name__}: {said}")
                if say:
                    say(wrong[-1])
    return wrong


if __name__ == "__main__":
    for name in set(aliases.values()):  # which could not be loaded later on
        with contextlib.suppress(LookupError):
            codecs.lookup(name)
    Image.init()
    root = hasattr(os, "getuid") and os.getuid() == 0  # to whom nothing is unreadable
    user = 65534 if root else None
    found = run(int(sys.argv[1]), int(sys.argv[2]), lambda text: print(text, flush=True), user)
    print(f"{sys.argv[1]} damaged folders, {len(found)} faults")
