"""What simulated leaves were made of is where it was planted."""

import numpy as np
import pytest

import mmlib
from mmlib.base import DataError
from mmlib.explain.planted import lesion_masks, planted_change, planted_tokens


def test_masks_cover_what_was_planted_and_follow_a_split():
    data = mmlib.make_leaves(20, 3, seed=4)
    masks = lesion_masks(data, 20, 3, seed=4)
    cover = masks.mean((1, 2)) / (data.info["area"] * data.info["lesions"])
    assert np.corrcoef(masks.mean((1, 2)), data.info["area"] * data.info["lesions"])[0, 1] > 0.9
    assert cover.std() < cover.mean()
    dark = data.X["image"].mean(-1)
    blight = data.y == 2
    assert dark[blight][masks[blight]].mean() < dark[blight].mean() - 20
    _, test = data.split(seed=0)
    rows = np.flatnonzero(np.isin(data.ids, test.ids))
    assert (lesion_masks(test, 20, 3, seed=4) == masks[rows]).all()
    with pytest.raises(DataError, match="not leaves of"):
        lesion_masks(data, 20, 3, seed=5)


def test_planted_bands_are_where_the_contents_absorb():
    wavelengths = np.arange(400, 2501, 10)
    for condition, low, high in (
        ("drought", 1300, 2500),
        ("phosphorus deficiency", 480, 620),
        ("nitrogen deficiency", 500, 730),
    ):
        at = wavelengths[np.abs(planted_change(condition)).argmax()]
        assert low <= at <= high
    assert not planted_change("blight").any() and not planted_change("healthy").any()
    with pytest.raises(DataError, match="rust"):
        planted_change("rust")


def test_two_drawings_differ_on_the_squares_with_lesions_and_in_the_windows_of_water():
    ill = mmlib.make_leaves(20, seed=4)
    tiles, moved = planted_tokens(ill, mmlib.make_leaves(20, seed=4, lesions=0, water=0))
    pictures = [mmlib.make_leaves(20, seed=4, lesions=k).X["image"].astype(int) for k in (1, 0)]
    differs = np.abs(pictures[0] - pictures[1]).max(axis=-1) > 20
    for leaf, square in np.ndindex(tiles.shape):
        down, across = 8 * (square // 6), 8 * (square % 6)
        share = differs[leaf, down : down + 8, across : across + 8].mean()
        assert tiles[leaf, square] == (share > 0.1)
    assert tiles[ill.y == 2].any() and not tiles[ill.y != 2].any()
    dry = moved[ill.y == 1].mean(axis=0)
    assert not moved[ill.y != 1].any() and abs(400 + 10 * (7 + 14 * dry.argmax()) - 1450) < 70
    with pytest.raises(DataError, match="same samples"):
        planted_tokens(ill, mmlib.make_leaves(20, seed=5))
