"""Pictures of any size and depth: bounded memory, true axes, and no number without its scale."""

import os
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image

from mmlib.project.reading.findings import Findings
from mmlib.project.reading.picture_formats import read_picture, size_of
from mmlib.project.reading.pictures import LARGEST, read_pictures
from mmlib.project.reading.tiffs import UPRIGHT

RNG = np.random.default_rng(0)


def noise(height, width, channels=3, dtype=np.uint8, most=256):
    return RNG.integers(0, most, (height, width, channels)).astype(dtype)


def smooth(height, width):
    """A picture as a camera takes it: neighbors are alike."""
    return np.asarray(
        Image.fromarray(noise(height // 40, width // 40)).resize((width, height), Image.BICUBIC)
    )


def read(*paths):
    found = Findings()
    read = read_pictures({path.stem: path for path in paths}, found)
    return (None if read is None else read[0]), " ".join(map(str, found))


def tiff(path, array, **options):
    pytest.importorskip("tifffile").imwrite(path, array, **options)
    return path


def averages(picture, height, width):
    planes = [Image.fromarray(picture[..., k].astype(np.float32)) for k in range(3)]
    box = Image.Resampling.BOX
    return np.stack([np.asarray(plane.resize((width, height), box)) for plane in planes], -1)


@pytest.mark.parametrize("ending", ["png", "jpg", "tif"])
def test_a_large_photograph_is_the_average_of_its_areas(ending, tmp_path):
    picture, path = smooth(2400, 3600), tmp_path / f"a.{ending}"
    Image.fromarray(picture).save(path, quality=95)
    small, said = read(path)
    assert small.shape == (1, 85, LARGEST, 3) and "shrunk to 4 %" in said
    expected = averages(np.asarray(Image.open(path)), 85, LARGEST)
    assert np.abs(small[0] - expected).mean() < 1.5 and np.abs(small[0] - expected).max() < 20


@pytest.mark.parametrize("size", [(48, 48), (300, 200), (1000, 700)])
def test_pictures_of_up_to_1000_pixels_are_averaged_as_they_are(size, tmp_path):
    picture, path = noise(*size), tmp_path / "a.png"
    Image.fromarray(picture).save(path)
    small, _ = read(path)
    factor = min(1, LARGEST / max(size))
    expected = averages(picture, *(round(side * factor) for side in size))
    np.testing.assert_array_equal(small[0], np.round(expected))


@pytest.mark.parametrize("ending", ["jpg", "png", "tif"])
@pytest.mark.parametrize("turn", [1, 5, 6, 7])
def test_a_large_photograph_is_turned_as_a_small_one_is(turn, ending, tmp_path):
    picture, exif = smooth(2100, 2800), Image.Exif()
    exif[0x0112] = turn
    Image.fromarray(picture).save(tmp_path / f"a.{ending}", exif=exif, quality=95)
    upright = UPRIGHT.get(turn, lambda x: x)(picture)
    small, _ = read(tmp_path / f"a.{ending}")
    expected = averages(upright, *small.shape[1:3])
    assert np.abs(small[0] - expected).mean() < 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such measure")
def test_no_more_than_one_photograph_is_held_at_full_size(tmp_path):
    """Ten of 24 megapixels would take 720 MB."""
    for k in range(10):
        ending = "jpg" if k else "png"  # of which the first has no smaller form to be read
        Image.new("RGB", (6000, 4000), (k, 90, 90)).save(tmp_path / f"{k}.{ending}")
    code = """
import resource, sys
from pathlib import Path
from mmlib.project.reading.findings import Findings
from mmlib.project.reading.tiffs import UPRIGHT
from mmlib.project.reading.pictures import read_pictures
paths = {path.name: path for path in sorted(Path(sys.argv[1]).iterdir())}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert read_pictures(paths, Findings())[0].shape == (10, 85, 128, 3)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=True
    )
    unit = 1024 if sys.platform == "darwin" else 1  # bytes there, kilobytes elsewhere
    assert int(ran.stdout) / unit < 350


def header_of_png(width, height):
    """A PNG of a few bytes that says it is large."""
    ihdr = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", ihdr) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(60_000, 60_000), (9_000, 8_000)])
def test_too_many_pixels_are_refused_by_the_header_alone(size, tmp_path, monkeypatch):
    (tmp_path / "a.png").write_bytes(header_of_png(*size))
    monkeypatch.setattr(Image.Image, "load", None)
    small, said = read(tmp_path / "a.png")
    assert small is None and "too many" in said and "60 million" in said


def test_a_tiff_of_many_channels_is_refused_by_its_header_alone(tmp_path, monkeypatch):
    tifffile = pytest.importorskip("tifffile")
    path = tiff(tmp_path / "a.tif", np.zeros((7000, 7000, 9), np.uint8), planarconfig="contig",
                compression="zlib")  # fmt: skip
    monkeypatch.setattr(tifffile.TiffPageSeries, "asarray", None)
    found = Findings()
    assert size_of(path, "images/a.tif", found) is None
    assert "441 MB in memory" in str(found[0])


CUBE = noise(3, 4, 200)
LAYOUTS = {
    "channels last": (CUBE, {"planarconfig": "contig"}, CUBE),
    "channels first": (np.moveaxis(CUBE, -1, 0), {"planarconfig": "separate"}, CUBE),
    "axes named": (np.moveaxis(CUBE, -1, 0), {"metadata": {"axes": "CYX"}, "photometric":
                                              "minisblack"}, CUBE),
    "more channels than pixels": (noise(12, 12, 31), {"planarconfig": "contig"}, None),
    "bands on pages": (noise(4, 16, 20), {"photometric": "minisblack"}, None),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_file_says_which_axis_is_the_bands(name, tmp_path):
    array, options, expected = LAYOUTS[name]
    if name == "bands on pages":
        expected = np.moveaxis(array, 0, -1)
    small, _ = read(tiff(tmp_path / "a.tif", array, **options))
    np.testing.assert_array_equal(small[0], array if expected is None else expected)


@pytest.mark.parametrize("shape", [(3, 4, 200), (24, 18, 6), (31, 12, 12)])
def test_pages_that_may_be_rows_or_bands_are_refused(shape, tmp_path):
    path = tiff(tmp_path / "a.tif", noise(*shape), photometric="minisblack", metadata=None)
    small, said = read(path)
    assert small is None and "may be bands or rows" in said


SCALES = {
    "32 bits": (noise(9, 9, 3, np.int32, 256) * 65536, "no scale of pictures"),
    "huge": (noise(9, 9, 3).astype(np.float64) * 1e30, "no scale of pictures"),
    "not a number": (np.full((9, 9, 3), np.nan, np.float32), "no numbers (NaN or infinite)"),
    "missing ones": (noise(9, 9, 3, np.int16, 200) - np.int16(10_000), "values run from -10000"),
    "counts": (noise(9, 9, 3, np.float32, 4000), "not from 0 to 255"),
}


@pytest.mark.parametrize("name", SCALES)
def test_values_of_an_unknown_scale_are_never_taken_in_silence(name, tmp_path):
    array, expected = SCALES[name]
    _, said = read(tiff(tmp_path / "a.tif", array, photometric="rgb"))
    assert expected in said


def test_a_tiff_cut_short_is_no_black_picture(tmp_path):
    path = tiff(tmp_path / "a.tif", noise(40, 40, 6, np.uint16, 60_000), planarconfig="contig")
    path.write_bytes(path.read_bytes()[:-3000])
    small, said = read(path)
    assert small is None and "a.tif" in said


def test_a_raw_file_beside_its_jpeg_is_passed_over_and_told(tmp_path):
    from mmlib.project.reading.sample_paths import PICTURES, find_files

    root = tmp_path / "pears"
    (root / "images").mkdir(parents=True)
    for name in ("k1", "k2"):
        Image.fromarray(noise(9, 9)).save(root / "images" / f"{name}.jpg")
        (root / "images" / f"{name}.CR2").write_bytes(b"raw")
    (root / "images" / "k2.HEIC").write_bytes(b"heic")
    found = Findings()
    paths = find_files(PICTURES, root, {"k1": None, "k2": None}, found)
    assert {path.suffix for path in paths.values()} == {".jpg"} and not found.of("error")
    assert "CR2, HEIC beside a picture that can be read is passed over (3 in all)" in str(found[0])
    (root / "images" / "k3.heic").write_bytes(b"heic")
    find_files(PICTURES, root, {"k1": None, "k2": None, "k3": None}, found)
    assert "k3.heic: HEIC pictures are not read (1 in all)" in str(found.of("error")[0])


def test_a_transparent_palette_is_a_doubt_as_other_transparency_is(tmp_path):
    palette = Image.fromarray(noise(9, 9)).quantize(8)
    palette.save(tmp_path / "a.png", transparency=0)
    small, said = read(tmp_path / "a.png")
    assert small.shape == (1, 9, 9, 3) and "transparent" in said


def test_reading_a_picture_prints_nothing_of_the_library(tmp_path, capfd):
    path = tiff(tmp_path / "a.tif", noise(3, 4, 200), planarconfig="contig")
    assert read_picture(path, "images/a.tif", Findings()) is not None
    (tmp_path / "b.tif").write_bytes(b"II*\0" + os.urandom(50))
    read(tmp_path / "b.tif")
    assert capfd.readouterr() == ("", "")
