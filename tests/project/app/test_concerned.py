"""Which pictures a finding is about."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from mmlib.project.app.concerned import EACH, SIDE, Album, thumbnail
from mmlib.project.reading.findings import Finding


def names(album, *parts):
    return sorted(shown["name"] for shown in album.about(Finding("error", *parts)))


@pytest.fixture
def numbered(leaves):
    """A folder whose ids are plain numbers."""
    pictures = sorted((leaves / "images").iterdir())
    for k, path in enumerate(pictures, 1):
        path.rename(path.with_name(f"{k}.png"))
    (leaves / "samples.csv").write_text(
        "id,label\n" + "".join(f"{k},a\n" for k in range(1, 25)), encoding="utf-8"
    )
    return Album(leaves)


def test_a_number_in_a_sentence_is_no_id(numbered):
    assert names(numbered, "samples", "class 'a' has 2 sample(s)", "measure 5 more") == []
    assert names(numbered, "row 7 (id 3)", "the label is empty", "fill it in") == ["3"]
    twin = "it is the same, number for number, as that of 4"
    assert names(numbered, "picture (id 12)", twin, "") == ["12", "4"]
    assert names(numbered, "picture", "2 samples have none, of 24: 5, 6", "") == ["5", "6"]
    assert names(numbered, "images/11.png", "it is damaged", "") == ["11"]
    assert names(numbered, "image", "3 and 14, of different groups, are alike", "") == ["14", "3"]


def test_a_picture_that_the_table_names_goes_by_its_sample(leaves):
    first, *_ = sorted((leaves / "images").iterdir())
    first.rename(first.with_name("DSC01.png"))
    rows = [f"{first.stem},a,DSC01.png", *(f"s{k},a," for k in range(3))]
    (leaves / "samples.csv").write_text("\n".join(["id,label,image", *rows]), encoding="utf-8")
    assert names(Album(leaves), f"spectrum (id {first.stem})", "it is flat", "") == [first.stem]
    assert names(Album(leaves), "images/DSC01.png", "it is damaged", "") == [first.stem]
    assert names(Album(leaves), "images/DSC01.png.bak", "it is damaged", "") == []


def test_few_are_shown_and_a_folder_without_anything_has_none(leaves, tmp_path):
    stems = sorted(path.stem for path in (leaves / "images").iterdir())
    assert len(names(Album(leaves), "images", f"odd: {', '.join(stems)}", "")) == EACH
    assert Album(leaves).about(Finding("error", f"images/{stems[0]}.png", "odd"), most=0) == []
    assert Album(tmp_path / "nowhere").about(Finding("error", "samples.csv", "odd")) == []


@pytest.mark.parametrize("kind", ["uint8", "uint16", "gray", "alpha", "float"])
def test_any_picture_becomes_a_small_one(kind, tmp_path):
    ramp = np.linspace(0, 1, 400)[None, :, None] * np.ones((200, 1, 3))
    path = tmp_path / ("a.tif" if kind == "float" else "a.png")
    image = {
        "uint8": lambda: Image.fromarray((ramp * 255).astype(np.uint8)),
        "uint16": lambda: Image.fromarray((ramp[..., 0] * 65535).astype(np.uint16)),
        "gray": lambda: Image.fromarray((ramp[..., 0] * 255).astype(np.uint8)),
        "alpha": lambda: Image.fromarray((ramp[..., [0, 1, 2, 2]] * 255).astype(np.uint8)),
        "float": lambda: Image.fromarray(ramp[..., 0].astype(np.float32)),
    }[kind]()
    image.save(path)
    small = np.asarray(Image.open(io.BytesIO(base64.b64decode(thumbnail(path)))).convert("L"))
    assert small.shape == (SIDE // 2, SIDE)
    assert small[:, 0].max() < 10 and small[:, -1].min() > 245


def test_what_is_no_picture_is_none(tmp_path):
    (tmp_path / "a.png").write_bytes(b"no picture")
    assert thumbnail(tmp_path / "a.png") == ""
