"""Colors by a card: what is a factor or a matrix of light is undone."""

import textwrap
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mmlib.base import DataError
from mmlib.data.leaves.setups import CARD, Setup
from mmlib.data.srgb import to_linear, to_stored
from mmlib.features.color_card import ColorCard

rng = np.random.default_rng(0)
KNOWN = 255 * to_stored(CARD)
PICTURES = rng.integers(30, 190, (3, 8, 8, 3), dtype=np.uint8)


def through(pictures, matrix):
    """Pictures of a camera that sees light @ matrix; not rounded."""
    return 255 * to_stored(to_linear(np.asarray(pictures) / 255) @ matrix)


def test_a_gray_patch_undoes_factors_of_light_exactly():
    gains = np.diag([1.3, 0.9, 0.7])
    fitted = ColorCard("gain").fit(through(KNOWN[2:3], gains), known=KNOWN[2:3])
    np.testing.assert_allclose(fitted.matrix_, np.linalg.inv(gains))
    seen = np.rint(through(PICTURES, gains)).astype(np.uint8)
    assert np.abs(fitted.transform(seen).astype(int) - PICTURES).max() <= 1


def test_many_patches_undo_a_matrix_exactly():
    mixing = np.array([[0.8, 0.1, 0.0], [0.1, 0.7, 0.2], [0.05, 0.1, 0.6]])
    fitted = ColorCard().fit(through(KNOWN, mixing), known=KNOWN)
    np.testing.assert_allclose(fitted.matrix_, np.linalg.inv(mixing), atol=1e-8)
    gray = ColorCard("gain").fit(through(KNOWN[2:3], mixing), known=KNOWN[2:3])
    seen = np.rint(through(PICTURES, mixing)).astype(np.uint8)
    errors = [np.abs(c.transform(seen).astype(int) - PICTURES).mean() for c in (fitted, gray)]
    assert errors[0] < 1 < 3 < errors[1]


def test_patches_that_are_cut_off_are_left_out():
    gains = np.diag([2.0, 1.0, 1.0])
    seen = np.minimum(through(KNOWN, gains), 255)
    fitted = ColorCard().fit(seen, known=KNOWN)
    assert not fitted.used_.all() and fitted.used_.sum() > 10
    np.testing.assert_allclose(fitted.matrix_, np.linalg.inv(gains), atol=1e-8)


def test_what_a_setup_does_to_colors_is_undone():
    for seed in range(5):
        away = Setup(seed)
        fitted = ColorCard().fit(away.photograph(), known=Setup(camera=0).photograph())
        np.testing.assert_allclose(fitted.matrix_, np.linalg.inv(away.colors), atol=1e-6)


@pytest.mark.parametrize(
    ("how", "seen", "known", "said"),
    [
        ("table", KNOWN, KNOWN, "how is 'table'"),
        (None, KNOWN[:5], KNOWN[:6], r"shape \(5, 3\) in the picture and \(6, 3\)"),
        (None, KNOWN + 200, KNOWN, "values from 0 to 255"),
        ("gain", [[255, 255, 255]], KNOWN[:1], "0 of 1 patches can be used"),
        ("matrix", KNOWN[:2], KNOWN[:2], "at least 3"),
        ("matrix", KNOWN[1:5], KNOWN[1:5], "all of one hue"),
    ],
)
def test_a_card_that_cannot_tell_is_refused(how, seen, known, said):
    with pytest.raises(DataError, match=said):
        ColorCard(how).fit(seen, known=known)


def test_other_than_bytes_in_three_channels_is_refused():
    fitted = ColorCard().fit(KNOWN, known=KNOWN)
    for wrong in (PICTURES / 255, PICTURES[..., :2]):
        with pytest.raises(DataError, match="bytes in three channels"):
            fitted.transform(wrong)


def test_the_recipe_for_a_folder_brings_two_lights_to_the_same_colors(tmp_path, monkeypatch):
    text = (Path(__file__).parents[2] / "docs" / "transfer.md").read_text(encoding="utf-8")
    block = (
        text.split("### A card in every picture")[1].split("\n\n    ", 1)[1].split("\n\nThis")[0]
    )
    monkeypatch.chdir(tmp_path)
    Path("pears/images").mkdir(parents=True)
    scene = np.full((120, 160, 3), 90, np.uint8)
    scene[10:50, 20:60], scene[10:50, 80:120] = (243, 243, 242), (122, 122, 121)
    for name, gains in {"noon": (1.0, 0.95, 0.8), "dusk": (0.6, 0.7, 0.9)}.items():
        picture = np.rint(through(scene, np.diag(gains))).astype(np.uint8)
        Image.fromarray(picture).save(f"pears/images/{name}.png")
    exec(textwrap.dedent(f"    {block}"), {})
    found = [
        np.asarray(Image.open(f"pears-corrected/images/{name}.png")) for name in ("noon", "dusk")
    ]
    assert np.abs(found[0].astype(int) - scene).max() <= 2
    assert np.abs(found[1].astype(int) - scene).max() <= 2
