"""The same photographs in every format that people have give the same data."""

import numpy as np
import pytest
from folders import IDS, PICTURES, photographs, samples, table
from PIL import Image

import mmlib
from mmlib import DataError
from mmlib.project.reading.load import check_folder


@pytest.mark.parametrize("ending", [".png", ".tif", ".bmp"])
def test_pictures_without_loss(ending, root):
    photographs(root, lambda p, path: Image.fromarray(p).save(f"{path}{ending}"))
    np.testing.assert_array_equal(mmlib.load_folder(root).X["image"], PICTURES)


def test_jpeg(root):
    photographs(root, lambda p, path: Image.fromarray(p).save(f"{path}.JPG", quality=95))
    assert mmlib.load_folder(root).X["image"].shape == PICTURES.shape


def test_gray_pictures_of_16_bits_keep_their_depth(root):
    deep = (PICTURES[..., 0].astype(np.uint16) * 257) + 1
    table(root / "samples.csv", samples())
    (root / "images").mkdir()
    for name, picture in zip(IDS, deep, strict=True):
        Image.fromarray(picture).save(root / "images" / f"{name}.png")
    image = mmlib.load_folder(root).X["image"]
    assert image.dtype == np.float32 and image.shape == (24, 12, 16, 1)
    np.testing.assert_allclose(image[..., 0], deep / 257, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_many_channels(dtype, root):
    tifffile = pytest.importorskip("tifffile")
    six = np.concatenate([PICTURES, PICTURES], axis=-1).astype(dtype)
    table(root / "samples.csv", samples())
    (root / "images").mkdir()
    for name, picture in zip(IDS, six, strict=True):
        tifffile.imwrite(root / "images" / f"{name}.tif", picture, planarconfig="contig")
    image = mmlib.load_folder(root).X["image"]
    assert image.shape == (24, 12, 16, 6)
    np.testing.assert_allclose(image, six / (257 if dtype == np.uint16 else 1), rtol=1e-5)


def test_a_photograph_is_turned_as_the_camera_was_held(root):
    def save(picture, path):
        exif = Image.Exif()
        exif[0x0112] = 6  # turn by 90 degrees clockwise to view
        Image.fromarray(picture).save(f"{path}.png", exif=exif)

    photographs(root, save)
    expected = np.rot90(PICTURES, -1, axes=(1, 2))
    np.testing.assert_array_equal(mmlib.load_folder(root).X["image"], expected)


def test_pictures_of_different_sizes_keep_their_scale(root):
    table(root / "samples.csv", samples())
    (root / "images").mkdir()
    for k, name in enumerate(IDS):
        picture = np.full((300 if k == 0 else 600, 400, 3), 200, np.uint8)
        picture[100:200, 100:200] = k  # always 100 x 100 pixels
        Image.fromarray(picture).save(root / "images" / f"{name}.png")
    data, findings = check_folder(root)
    image = data.X["image"]
    assert image.shape == (24, 128, 85, 3)
    areas = (image[..., 0] < 100).sum((1, 2))
    assert areas.max() - areas.min() <= 0.15 * areas.max()
    said = " ".join(map(str, findings))
    assert "shrunk to 21 %" in said and "padded to" in said


def tiffs(root, pictures, **options):
    tifffile = pytest.importorskip("tifffile")
    table(root / "samples.csv", samples())
    (root / "images").mkdir()
    for name, picture in zip(IDS, pictures, strict=True):
        tifffile.imwrite(root / "images" / f"{name}.tif", picture, **options)


def test_colors_of_16_bits_keep_their_depth_and_turn(root):
    deep = PICTURES.astype(np.uint16) * 257 + 1
    turn = [(274, "H", 1, 6, False)]
    tiffs(root, deep, photometric="rgb", extratags=turn)
    image = mmlib.load_folder(root).X["image"]
    np.testing.assert_allclose(image, np.rot90(deep, -1, axes=(1, 2)) / 257, rtol=1e-6)


def test_twelve_bits_in_sixteen_are_a_doubt(root):
    tiffs(root, PICTURES.astype(np.uint16) * 16, photometric="rgb")
    _, findings = check_folder(root)
    assert "is 4080, of 65535" in str(findings.of("warning")[0])


def test_pictures_from_0_to_1_are_brought_to_255(root):
    tiffs(root, (PICTURES / 255).astype(np.float32), photometric="rgb")
    data, findings = check_folder(root)
    np.testing.assert_allclose(data.X["image"], PICTURES, atol=1e-3)
    assert "multiplied by 255" in str(findings[0])


def test_bands_on_pages_are_channels_and_several_pictures_are_refused(root):
    tiffs(root, np.moveaxis(np.concatenate([PICTURES, PICTURES], -1), -1, 1),
          photometric="minisblack")  # fmt: skip
    assert mmlib.load_folder(root).X["image"].shape == (24, 12, 16, 6)
    tifffile = pytest.importorskip("tifffile")
    tifffile.imwrite(root / "images" / f"{IDS[0]}.tif", PICTURES[:4], photometric="rgb")
    with pytest.raises(DataError, match="one picture in the file"):
        mmlib.load_folder(root)
