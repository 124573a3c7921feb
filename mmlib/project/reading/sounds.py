"""Sounds in a folder: brought to one rate, and each to a row of numbers."""

from math import gcd

import numpy as np
from scipy.signal import resample_poly

from ...features.recordings import describe_recording, frame_of
from .findings import ERROR, Findings, some
from .wave_files import read_wave


def read_sounds(paths, findings, known=None):
    """All sounds as one table; one recording at a time is held in memory.

    Parameters
    ----------
    paths : mapping of str to pathlib.Path
    findings : Findings
    known : TrainedOn, optional
        What a model was trained on: sounds are brought to the rate that they had then.

    Returns
    -------
    table : ndarray of shape (samples, 39)
        See `mmlib.features.recordings.describe_recording`.
    rate : int
        Samples per second that all were brought to. Instead of both, None where one is faulty.
    """
    where = {sample: f"sounds/{path.name} (id {sample})" for sample, path in paths.items()}
    wanted = None if known is None else known.rate
    if wanted == 0:
        findings.error(
            "sounds", "the model does not tell which rate those of its training had",
            "train it anew on a folder with sounds",
        )  # fmt: skip
        return None
    rows, rates, several, faults = {}, {}, [], len(findings.of(ERROR))
    for sample, path in paths.items():
        with findings.about(sample):
            sound = read_wave(path, where[sample], findings)
        if sound is None:
            continue
        rates[sample] = sound.rate
        several += [sample] * (sound.channels > 1)
        if sound.rate < (wanted or 0):
            findings.error(
                where[sample],
                f"it has {sound.rate} samples per second where the model knows {wanted}",
                "record it as those of the training",
                samples=[sample],
            )
        else:
            rows[sample] = _described(sound, wanted or sound.rate)
    if len(findings.of(ERROR)) > faults:
        return None
    rate = wanted or min(rates.values())
    higher = [sample for sample, own in rates.items() if own > rate]
    for sample in higher if wanted is None else ():  # the lowest is known only now
        rows[sample] = _described(read_wave(paths[sample], where[sample], Findings()), rate)
    if several:
        findings.note("sounds", f"{len(several)} of {len(rates)} have several channels; averaged")
    if higher:
        findings.note(
            "sounds",
            f"{len(higher)} of {len(rates)} have more than {rate} samples per second "
            f"({some(higher)}); resampled to {rate}",
        )
    return np.array([rows[sample] for sample in paths]), rate


def _described(sound, rate):
    """Its row, as if it had been recorded at a lower rate."""
    values = sound.values
    if sound.rate > rate:
        both = gcd(sound.rate, rate)
        values = resample_poly(values, rate // both, sound.rate // both)
        values = np.pad(values, (0, max(frame_of(rate)[0] - len(values), 0)))
    return describe_recording(values, rate)
