"""Each sample finds its picture, and nothing outside of the folder."""

import numpy as np
import pytest
from broken_folders import SAMPLES, column
from folders import IDS, LABELS, PICTURES, photographs, table
from PIL import Image

import mmlib
from mmlib.project.reading.load import check_folder


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


def test_the_ending_that_browsers_save_is_jpeg(root):
    photographs(root, lambda p, path: Image.fromarray(p).save(f"{path}.jfif", "JPEG"))
    assert mmlib.load_folder(root).X["image"].shape == PICTURES.shape


def test_pictures_named_in_the_table(root):
    rows = [["id", "label", "image"]]
    rows += [[i, y, f"IMG_{k:04d}.png"] for k, (i, y) in enumerate(zip(IDS, LABELS, strict=True))]
    table(root / "samples.csv", rows)
    (root / "images").mkdir()
    for k, picture in enumerate(PICTURES):
        Image.fromarray(picture).save(root / "images" / f"IMG_{k:04d}.png")
    np.testing.assert_array_equal(mmlib.load_folder(root).X["image"], PICTURES)


def test_pictures_named_by_the_paths_of_another_computer(root):
    rows = [["id", "label", "image"]]
    rows += [[i, y, rf"C:\Users\Ann\{i}.png"] for i, y in zip(IDS, LABELS, strict=True)]
    photographs(root, lambda p, path: Image.fromarray(p).save(f"{path}.png"))
    table(root / "samples.csv", rows)
    np.testing.assert_array_equal(mmlib.load_folder(root).X["image"], PICTURES)
