"""Slopes, neighbors, references and parts: against scipy, librosa and a calculation by hand."""

import numpy as np
import pytest

import mmlib
from mmlib.features import frames

RNG = np.random.default_rng(0)
TABLE = RNG.normal(size=(4, 12, 3))


def test_slopes_are_those_of_a_straight_line():
    for k in range(2, 10):
        line = np.polyfit(np.arange(-2, 3), TABLE[1, k - 2 : k + 3], 1)[0]
        np.testing.assert_allclose(frames.slopes(TABLE)[1, k], line, atol=1e-12)


def test_slopes_are_the_deltas_of_librosa():
    librosa = pytest.importorskip("librosa", reason='pip install "mmlib[check]" for this oracle')
    for reach in (1, 2, 4):
        theirs = librosa.feature.delta(TABLE[0].T, width=2 * reach + 1, mode="nearest").T
        np.testing.assert_array_equal(frames.slopes(TABLE, reach)[0], theirs)


def test_stored_slopes():
    """Made by librosa 0.11, the first and the last frame repeated."""
    table = (np.arange(6.0) ** 2)[:, None]
    stored = [[0.9], [2.2], [4.0], [6.0], [5.8], [4.1]]
    np.testing.assert_allclose(frames.slopes(table), stored, atol=1e-9)


def test_splice_puts_neighbors_beside_each_frame_and_repeats_the_ends():
    wide = frames.splice(TABLE, reach=2)
    assert wide.shape == (4, 12, 15)
    np.testing.assert_array_equal(wide[2, 5], TABLE[2, 3:8].ravel())
    np.testing.assert_array_equal(wide[2, 0], np.concatenate([TABLE[2, [0, 0, 0, 1, 2]].ravel()]))
    np.testing.assert_array_equal(wide[..., 6:9], TABLE)


def test_a_reference_by_group_leaves_each_group_with_mean_zero_and_spread_one():
    lengths, by = np.array([3, 12, 7, 5]), np.array(["ann", "ben", "ann", "ben"])
    found = frames.reference(TABLE, lengths, by, spread=True)
    for who in ("ann", "ben"):
        own = np.concatenate([found[k, : lengths[k]] for k in np.flatnonzero(by == who)])
        np.testing.assert_allclose(own.mean(0), 0, atol=1e-12)
        np.testing.assert_allclose(own.std(0), 1, atol=1e-12)
    assert all((found[k, n:] == 0).all() for k, n in enumerate(lengths))
    np.testing.assert_allclose(
        frames.reference(TABLE, lengths, by)[0, :3] - TABLE[0, :3],
        -np.concatenate([TABLE[0, :3], TABLE[2, :7]]).mean(0)[None].repeat(3, 0),
    )


def test_a_reference_takes_a_constant_of_the_group_away_and_knows_no_other_group():
    by = np.array([0, 1, 0, 1])
    found = frames.reference(TABLE, by=by)
    moved = TABLE + np.array([5.0, -3.0, 5.0, -3.0])[:, None, None]
    np.testing.assert_allclose(frames.reference(moved, by=by), found, atol=1e-12)
    other = TABLE.copy()
    other[by == 1] *= 9
    np.testing.assert_array_equal(frames.reference(other, by=by)[by == 0], found[by == 0])


def test_without_groups_each_sample_is_its_own_reference_and_its_mean_is_gone():
    found = frames.reference(TABLE)
    np.testing.assert_allclose(found.mean(1), 0, atol=1e-12)
    np.testing.assert_allclose(frames.part_means(found, 1), 0, atol=1e-12)


def test_part_means_by_hand():
    found = frames.part_means(TABLE, 4, [8, 12, 9, 4]).reshape(4, 4, 3)
    np.testing.assert_allclose(found[0, 1], TABLE[0, 2:4].mean(0))
    np.testing.assert_allclose(found[1, 3], TABLE[1, 9:].mean(0))
    np.testing.assert_allclose(found[3], TABLE[3, :4])


def test_zeros_behind_the_end_change_nothing():
    filled = np.concatenate([TABLE, np.zeros((4, 6, 3))], axis=1)
    np.testing.assert_array_equal(frames.part_means(filled, 4), frames.part_means(TABLE, 4))
    np.testing.assert_array_equal(frames.reference(filled)[:, :12], frames.reference(TABLE))
    silent = TABLE.copy()
    silent[:, 5] = 0  # silence within a word belongs to it
    np.testing.assert_allclose(frames.part_means(silent, 1)[0], silent[0].mean(0))


def test_lengths_are_those_of_the_recordings():
    sound = np.zeros((4, 20))
    sound[0, :10], sound[1, 12], sound[2] = 1, 1, 1
    found = frames.lengths_of(sound, width=4, step=2)
    # Frames that lie wholly within the recording: the last begins 4 before its end.
    assert found.tolist() == [4, 5, 9, 1]
    assert frames.lengths_of(sound, 4, 2, at_least=5).tolist() == [5, 5, 9, 5]


def test_what_does_not_fit_is_said():
    with pytest.raises(mmlib.DataError, match="Sample 1 has 2 frames, which are too few for 3"):
        frames.part_means(TABLE, 3, [4, 2, 4, 4])
    with pytest.raises(mmlib.DataError, match="4 samples and 2 values in `by`"):
        frames.reference(TABLE, by=["ann", "ben"])
    for lengths in ([1, 2, 3], [0, 1, 1, 1], [13, 1, 1, 1]):
        with pytest.raises(mmlib.DataError, match="from 1 to 12 for each of the 4 samples"):
            frames.reference(TABLE, lengths)
