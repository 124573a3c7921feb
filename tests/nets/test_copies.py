"""Changed copies show the same thing from elsewhere: originals first, every kind of change."""

import numpy as np

from mmlib.nets.copies import changed_copies


def test_originals_come_first_and_nothing_of_theirs_changes():
    images = np.random.default_rng(0).integers(0, 256, (3, 20, 30, 2)).astype(np.uint8)
    pool = changed_copies(images, 2, np.random.default_rng(0))
    assert pool.shape == (9, 20, 30, 2) and pool.dtype == np.uint8
    np.testing.assert_array_equal(pool[:3], images)
    np.testing.assert_array_equal(changed_copies(images, 0, np.random.default_rng(0)), images)
    assert (pool[3:6] != pool[6:]).mean() > 0.9


def test_a_copy_may_be_on_the_other_side_and_shows_no_gray_border():
    images = np.full((60, 24, 24, 1), 60, np.uint8)
    images[:, 8:16, 2:8] = 200  # a patch on the left
    pool = changed_copies(images, 1, np.random.default_rng(0))[60:, ..., 0].astype(float)
    right = pool[:, :, 12:].sum((1, 2)) > pool[:, :, :12].sum((1, 2))
    assert 15 < right.sum() < 45
    assert pool.min() > 25  # corners are filled with what is next to them, in any light


def test_turning_keeps_shapes_in_pictures_that_are_no_squares():
    """A disc stays as wide as it is high, on average, wherever it is."""
    y, x = np.mgrid[:80, :160]
    disc = (np.hypot(y - 40, x - 80) < 14).astype(np.uint8)[None, ..., None] * 200
    pool = changed_copies(disc.repeat(80, 0), 1, np.random.default_rng(0))[80:, ..., 0] > 90
    high, wide = pool.any(2).sum(1), pool.any(1).sum(1)
    assert abs(np.log(wide / high)).max() < 0.15 and wide.std() > 1.5


def test_more_than_bytes_stay_as_fine_as_they_are():
    images = np.full((2, 16, 16, 1), 40_000, np.uint16)
    pool = changed_copies(images, 3, np.random.default_rng(0))
    assert pool.dtype == np.uint16 and len(np.unique(pool[2:])) > 500
