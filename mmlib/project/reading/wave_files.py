"""One file, one sound: a WAV, its channels averaged, its faults named."""

import io
import warnings
from typing import NamedTuple

import numpy as np
from scipy.io import wavfile

from ...features.recordings import LEAST_RATE, MOST_RATE, frame_of
from ...features.sound import as_sound
from .guarding import guard

MOST_BYTES = 250_000_000
MOST_VALUES = 30_000_000  # ten minutes of one channel at 48,000 in a second
LONGEST = 600  # seconds
CUT = "cut out the part that matters"
QUIET = 1e-3  # of full scale: 60 decibels below the loudest
CLIPPED = 1e-3  # share of values that stand at the limit, side by side


class Sound(NamedTuple):
    """What one file holds.

    Attributes
    ----------
    values : ndarray of float, shape (samples,)
        From -1 to 1, whatever the file's depth.
    rate : int
        Samples per second.
    channels : int
        That were averaged.
    """

    values: np.ndarray
    rate: int
    channels: int


def read_wave(path, where, findings):
    """The sound in a file, or None with the reason noted.

    Parameters
    ----------
    path : pathlib.Path
    where : str
        How the file, and its sample, is called in a sentence.
    findings : Findings

    Returns
    -------
    Sound or None
    """
    with guard(where, findings, "save it anew as WAV (PCM)"):
        size = path.stat().st_size
        if size > MOST_BYTES:
            findings.error(where, f"it has {size / 1e6:.0f} MB, too many to be safe to open", CUT)
            return None
        found = _open(path.read_bytes(), where, findings)
        return found and _check(*found, where, findings)
    return None


def _open(content, where, findings):
    """Rate and values as they are stored, (samples, channels)."""
    if content[:4] not in (b"RIFF", b"RIFX", b"RF64") or content[8:12] != b"WAVE":
        findings.error(where, "it is no WAV, whatever its name", "save it anew as WAV (PCM)")
        return None
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            rate, values = wavfile.read(io.BytesIO(content))
        except UnboundLocalError:  # there is no part with data
            findings.error(where, "it holds no recording", "record it again, or copy it anew")
            return None
        except ValueError as error:
            if "format" in str(error):  # a codec
                said = f"it is a WAV of a kind that is not read ({str(error)[:80]})"
                findings.error(where, said, "save it anew as WAV (PCM)")
                return None
            raise
    if any("prematurely" in str(warning.message) for warning in told):
        findings.warn(where, "it ends before its header says", "copy it again")
    return rate, values[:, None] if values.ndim == 1 else values


def _check(rate, stored, where, findings):
    """The sound, where it is one; what sounds odd is told."""
    if not LEAST_RATE <= rate <= MOST_RATE:
        findings.error(
            where, f"it has {rate} samples per second, which is none of a sound",
            f"record it with {LEAST_RATE} to {MOST_RATE}",
        )  # fmt: skip
        return None
    if len(stored) < frame_of(rate)[0]:
        said = f"it lasts {1000 * len(stored) / rate:.0f} ms" if len(stored) else "it is empty"
        findings.error(where, said, "record it again: 25 ms are the least")
        return None
    if len(stored) > LONGEST * rate:
        said = f"it lasts {len(stored) / rate / 60:.0f} minutes, and {LONGEST // 60} are the most"
        findings.error(where, said, CUT)
        return None
    if stored.size > MOST_VALUES:
        said = f"it has {stored.size:,} values, and {MOST_VALUES:,} are the most"
        findings.error(where, said, f"{CUT}, or save it with one channel or a lower rate")
        return None
    if stored.dtype.kind == "f" and not np.isfinite(stored).all():
        findings.error(
            where, "some of its values are no numbers (NaN or infinite)",
            "cut them out, and save it anew",
        )  # fmt: skip
        return None
    values = _scaled(stored)
    if not np.ptp(values, axis=0).any():
        findings.error(where, "it is silent: all its values are the same", "record it again")
        return None
    top = float(np.abs(values).max())
    if stored.dtype.kind == "f" and top > 2:
        findings.warn(
            where, f"its values go up to {top:g}, not from -1 to 1, and are used as they are",
            "save it with 16 bits",
        )  # fmt: skip
    elif np.abs(values - values.mean(0)).max() < QUIET:
        findings.warn(
            where, "hardly anything is heard: it stays under a thousandth of full scale",
            "record it again, with more gain",
        )  # fmt: skip
    if _clipped(stored) > CLIPPED:
        findings.warn(
            where, f"it is clipped: {100 * _clipped(stored):.1f} % of its values are at the limit",
            "record it again, with less gain",
        )  # fmt: skip
    mean = values.mean(1) if stored.shape[1] > 1 else values[:, 0]
    return Sound(mean, int(rate), stored.shape[1])


def _scaled(stored):
    """From -1 to 1; 8 bits are stored without a sign."""
    if stored.dtype.kind == "f":
        return stored.astype(float)
    return stored / 128.0 - 1 if stored.dtype.kind == "u" else as_sound(stored)


def _clipped(stored):
    """The share of values that stand at the limit, three or more side by side."""
    if stored.dtype.kind == "f":
        size = np.abs(stored)
        at = size >= size.max()
    else:
        limits = np.iinfo(stored.dtype)
        at = (stored >= limits.max) | (stored <= limits.min + (stored.dtype.kind == "i"))
    runs = at[:-2] & at[1:-1] & at[2:]
    return float(runs.mean()) if len(runs) else 0.0
