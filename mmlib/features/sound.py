"""Sound: from a recording to mel-frequency cepstral coefficients (MFCC), step by step.

A recording is cut into short frames; each gets a spectrum, which is averaged in bands as wide as
the ear tells apart, and its logarithm is condensed by a cosine transform. Every step is a line of
scipy. What is done with the frames afterwards (slopes, neighbors, a reference, means over time)
is in `mmlib.features.frames`.
"""

import numpy as np
from scipy.fft import dct, rfft, rfftfreq
from scipy.signal import get_window, istft, lfilter, stft

from ..base import DataError

RATE = 8000  # samples per second: telephone, and the spoken digits
WIDTH, STEP, N_FFT = 200, 80, 256  # at this rate 25 ms, 10 ms, and bins of 31 Hz


def as_sound(recordings):
    """Recordings as floats: integers of a sound card are divided by their largest value.

    Parameters
    ----------
    recordings : array-like of shape (..., samples)

    Returns
    -------
    ndarray of float, same shape

    Raises
    ------
    DataError
        When there are values that are not finite.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.sound import as_sound
    >>> as_sound(np.array([16384, -32768], np.int16)).tolist()
    [0.5, -1.0]
    """
    recordings = np.asarray(recordings)
    if recordings.dtype.kind in "iu":
        return recordings / float(np.iinfo(recordings.dtype).max + 1)
    sound = recordings.astype(float, copy=False)
    if not np.isfinite(sound).all():
        raise DataError("A recording holds NaN or infinite values: fill or drop it.")
    return sound


def pre_emphasis(sound, share=0.97):
    """Each value minus a share of the one before it, which lifts high tones.

    The voice falls by about 6 decibels an octave; this takes the slope away.

    Examples
    --------
    >>> from mmlib.features.sound import pre_emphasis
    >>> pre_emphasis([1.0, 1.0, 3.0], share=0.5).tolist()
    [1.0, 0.5, 2.5]
    """
    return lfilter([1, -share], [1], sound, axis=-1)


def denoise(sound, noise, floor=0.1, width=N_FFT):
    """Turn down every moment of every frequency by what a recording of noise alone has there.

    Parameters
    ----------
    sound : array-like of shape (samples,)
    noise : array-like of shape (samples,)
        A stretch without a voice, from the same microphone.
    floor : float
        Nothing is turned down further than by this factor: silence with holes in it rings.
    width : int
        Samples in a frame.

    Returns
    -------
    ndarray of shape (samples,)

    Notes
    -----
    Wiener's gain, signal over signal and noise, with the signal estimated by spectral
    subtraction: Boll (1979), doi:10.1109/TASSP.1979.1163209.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.sound import denoise
    >>> noise = np.random.default_rng(0).normal(size=4000)
    >>> bool(denoise(noise[:2000], noise[2000:]).std() < 0.5)
    True
    """
    sound, noise = np.asarray(sound, float), np.asarray(noise, float)
    here = stft(sound, nperseg=width)[2]
    usual = np.mean(np.abs(stft(noise, nperseg=width)[2]) ** 2, axis=-1, keepdims=True)
    power = np.maximum(np.abs(here) ** 2, 1e-30)
    gain = np.maximum(1 - usual / power, floor)
    return istft(here * gain, nperseg=width)[1][: len(sound)]


def cut(sound, width=WIDTH, step=STEP):
    """Cut recordings into frames that overlap.

    Parameters
    ----------
    sound : array-like of shape (..., samples)
    width, step : int
        Samples in a frame, and from the start of one to the start of the next.

    Returns
    -------
    ndarray of shape (..., frames, width)
        Not a copy; what is left at the end is not used.

    Raises
    ------
    DataError
        When a recording is shorter than a frame.

    Examples
    --------
    >>> from mmlib.features.sound import cut
    >>> cut([1, 2, 3, 4, 5, 6], width=4, step=2).tolist()
    [[1, 2, 3, 4], [3, 4, 5, 6]]
    """
    sound = np.asarray(sound)
    if sound.shape[-1] < width:
        raise DataError(
            f"A recording of {sound.shape[-1]} samples is shorter than a frame of {width}: "
            "record longer, or choose a smaller width."
        )
    return np.lib.stride_tricks.sliding_window_view(sound, width, axis=-1)[..., ::step, :]


def mel(hertz):
    """Frequency on the mel scale, on which equal steps sound equally far apart.

    Examples
    --------
    >>> from mmlib.features.sound import mel
    >>> round(float(mel(1000)))
    1000
    """
    return 2595 * np.log10(1 + np.asarray(hertz, float) / 700)


def hertz(mel):
    """The frequency of a place on the mel scale; `mel` turned round."""
    return 700 * (10 ** (np.asarray(mel, float) / 2595) - 1)


def mel_bank(n_bands=26, n_fft=N_FFT, rate=RATE):
    """Triangles that overlap, as wide as the ear tells tones apart: weights of each frequency.

    Parameters
    ----------
    n_bands : int
    n_fft : int
        Length of the Fourier transform.
    rate : int
        Samples per second.

    Returns
    -------
    ndarray of shape (bands, n_fft // 2 + 1)

    Examples
    --------
    >>> from mmlib.features.sound import mel_bank
    >>> mel_bank().shape, float(mel_bank().max()) <= 1
    ((26, 129), True)
    """
    edges = hertz(np.linspace(0, mel(rate / 2), n_bands + 2))
    left, peak, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    at = rfftfreq(n_fft, 1 / rate)
    return np.maximum(np.minimum((at - left) / (peak - left), (right - at) / (right - peak)), 0)


def log_mel(
    recordings, rate=RATE, n_bands=26, width=WIDTH, step=STEP, n_fft=N_FFT, share=0.97,
    least=1e-8, at_once=100,
):  # fmt: skip
    """Energy in mel bands, for each moment, on a logarithmic scale.

    Parameters
    ----------
    recordings : array-like of shape (recordings, samples)
    rate : int
        Samples per second.
    n_bands, n_fft
        See `mel_bank`.
    width, step
        See `cut`. Frames get a Hamming window, so that a tone does not leak over all bands.
    share : float
        See `pre_emphasis`.
    least : float
        Less energy is taken for this much: silence has no logarithm.
    at_once : int
        Recordings that are worked on together, for memory's sake.

    Returns
    -------
    ndarray of shape (recordings, frames, bands)

    Raises
    ------
    DataError
        When a recording is shorter than a frame, or not finite.

    References
    ----------
    Davis & Mermelstein (1980), doi:10.1109/TASSP.1980.1163420.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.sound import log_mel
    >>> log_mel(np.zeros((3, 8000))).shape
    (3, 98, 26)
    """
    window, bank = get_window("hamming", width, fftbins=False), mel_bank(n_bands, n_fft, rate).T
    made = []
    for start in range(0, len(recordings), at_once):
        sound = pre_emphasis(as_sound(recordings[start : start + at_once]), share)
        power = np.abs(rfft(cut(sound, width, step) * window, n_fft)) ** 2
        made.append(np.log(np.maximum(power @ bank, least)))
    return np.concatenate(made)


def mfcc(log_bands, n=13):
    """The first coefficients of a cosine transform along the bands.

    Neighboring bands tell nearly the same. The cosine transform comes close to their principal
    components without any data, and its first coefficients keep the smooth part.

    Parameters
    ----------
    log_bands : array-like of shape (..., bands)
        See `log_mel`.
    n : int

    Returns
    -------
    ndarray of shape (..., n)

    References
    ----------
    Davis & Mermelstein (1980), doi:10.1109/TASSP.1980.1163420.

    Examples
    --------
    >>> from mmlib.features.sound import mfcc
    >>> mfcc([3.0, 3.0, 3.0, 3.0], n=2).round(6).tolist()
    [6.0, 0.0]
    """
    return dct(np.asarray(log_bands, float), type=2, norm="ortho", axis=-1)[..., :n]
