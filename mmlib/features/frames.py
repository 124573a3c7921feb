"""Frames: what is done with a table for every moment before a model sees it.

Frames are (samples, frames, columns): of a sound (`mmlib.features.sound`), or of anything else
that was measured again and again. Samples may end earlier than the table: `lengths` says where.
Where nothing is said, a sample ends with its last frame that is not all zeros.
"""

import numpy as np
from scipy.signal import savgol_filter

from ..base import DataError


def lengths_of(recordings, width, step, at_least=1):
    """Frames of each recording that lie within it, where it is followed by zeros.

    Parameters
    ----------
    recordings : array-like of shape (recordings, samples)
    width, step : int
        See `mmlib.features.sound.cut`.
    at_least : int

    Returns
    -------
    ndarray of int, shape (recordings,)

    Examples
    --------
    >>> from mmlib.features.frames import lengths_of
    >>> lengths_of([[1, 2, 3, 4, 0, 0], [1, 2, 3, 4, 5, 6]], width=2, step=2).tolist()
    [2, 3]
    """
    recordings = np.asarray(recordings)
    size = recordings.shape[1]
    ends = size - np.argmax(recordings[:, ::-1] != 0, axis=1)
    ends[~recordings.any(axis=1)] = 0
    frames = (size - width) // step + 1
    return np.clip((ends - width) // step + 1, min(at_least, frames), frames)


def slopes(frames, reach=2):
    """How each column changes from frame to frame; elsewhere called deltas.

    The slope of a straight line through a frame and its neighbors, which is a Savitzky-Golay
    derivative of order one.

    Parameters
    ----------
    frames : array-like of shape (..., frames, columns)
    reach : int
        Neighbors on either side; the first and the last frame are repeated.

    Returns
    -------
    ndarray, same shape

    Examples
    --------
    >>> from mmlib.features.frames import slopes
    >>> slopes([[0.0], [2.0], [4.0], [6.0], [8.0]])[2].round(6).tolist()
    [2.0]
    """
    return savgol_filter(frames, 2 * reach + 1, 1, deriv=1, axis=-2, mode="nearest")


def splice(frames, reach=2):
    """Each frame with its neighbors beside it.

    Parameters
    ----------
    frames : array-like of shape (..., frames, columns)
    reach : int
        Neighbors on either side; the first and the last frame are repeated.

    Returns
    -------
    ndarray of shape (..., frames, (2 * reach + 1) * columns)

    Examples
    --------
    >>> from mmlib.features.frames import splice
    >>> splice([[1], [2], [3]], reach=1).tolist()
    [[1, 1, 2], [1, 2, 3], [2, 3, 3]]
    """
    frames = np.asarray(frames)
    n = frames.shape[-2]
    edges = [(0, 0)] * (frames.ndim - 2) + [(reach, reach), (0, 0)]
    wide = np.pad(frames, edges, mode="edge")
    return np.concatenate([wide[..., k : k + n, :] for k in range(2 * reach + 1)], axis=-1)


def reference(frames, lengths=None, by=None, spread=False):
    """Subtract the mean over time of each sample, or of all samples of a group.

    On a logarithmic scale this divides by a reference, as reflectance is counts over those of a
    white tile. The group is what should not matter: the speaker, the microphone, the day. No
    label is used, and no sample of another group, so that a split by group stays honest.

    Parameters
    ----------
    frames : array-like of shape (samples, frames, columns)
    lengths : array-like of int, shape (samples,), optional
        Frames of each sample; those behind are set to zero.
    by : array-like of shape (samples,), optional
        The groups; each sample by itself where nothing is said.
    spread : bool
        Also divide by the standard deviation.

    Returns
    -------
    ndarray, same shape

    Raises
    ------
    DataError
        When a sample has no frame, or numbers of samples differ.

    References
    ----------
    Mean of a recording: Atal (1974), doi:10.1121/1.1914702.

    Examples
    --------
    >>> from mmlib.features.frames import reference
    >>> low, high = reference([[[1.0], [3.0]], [[5.0], [7.0]]], by=["ann", "ann"])
    >>> low.ravel().tolist(), high.ravel().tolist()
    ([-3.0, -1.0], [1.0, 3.0])
    """
    frames = np.asarray(frames, float)
    inside = _inside(frames, lengths)
    groups = np.arange(len(frames)) if by is None else np.asarray(by)
    if len(groups) != len(frames):
        raise DataError(
            f"There are {len(frames)} samples and {len(groups)} values in `by`: "
            "give one for each sample."
        )
    result = np.zeros_like(frames)
    for group in np.unique(groups):
        mine = groups == group
        own = frames[mine][inside[mine]]
        scale = np.maximum(own.std(0), 1e-6) if spread else 1
        result[mine] = (frames[mine] - own.mean(0)) / scale
    result[~inside] = 0
    return result


def part_means(frames, n=8, lengths=None):
    """The mean of the first part of the frames, of the second, and so on, side by side.

    However long a word was, it becomes one row; `n` of 1 forgets all order.

    Parameters
    ----------
    frames : array-like of shape (samples, frames, columns)
    n : int
        Parts.
    lengths : array-like of int, shape (samples,), optional
        Frames of each sample that are divided into parts.

    Returns
    -------
    ndarray of shape (samples, n * columns)

    Raises
    ------
    DataError
        When a sample has fewer frames than parts.

    Examples
    --------
    >>> from mmlib.features.frames import part_means
    >>> part_means([[[1.0], [3.0], [5.0], [9.0]]], n=2).tolist()
    [[2.0, 7.0]]
    """
    frames = np.asarray(frames, float)
    inside = _inside(frames, lengths)
    short = np.flatnonzero(inside.sum(1) < n)
    if len(short):
        raise DataError(
            f"Sample {short[0]} has {inside[short[0]].sum()} frames, which are too few for {n} "
            "parts: choose fewer parts."
        )
    rows = np.empty((len(frames), n, frames.shape[2]))
    for row, table, own in zip(rows, frames, inside.sum(1), strict=True):
        starts = np.linspace(0, own, n + 1).astype(int)
        row[:] = np.add.reduceat(table[:own], starts[:-1], axis=0) / np.diff(starts)[:, None]
    return rows.reshape(len(frames), -1)


def _inside(frames, lengths):
    """Which frames belong to their sample, (samples, frames)."""
    n, most = frames.shape[:2]
    if lengths is None:
        some = (frames != 0).any(2)
        lengths = np.where(some.any(1), most - some[:, ::-1].argmax(1), 1)
    lengths = np.asarray(lengths)
    if len(lengths) != n or lengths.min(initial=1) < 1 or lengths.max(initial=1) > most:
        raise DataError(f"lengths must hold a number from 1 to {most} for each of the {n} samples.")
    return np.arange(most) < lengths[:, None]
