"""The chain to MFCC: against librosa, against stored numbers, and by what each step is for."""

import numpy as np
import pytest
from scipy.fft import rfft
from scipy.signal import get_window

import mmlib
from mmlib.features import sound


def noise(n=4000, seed=0):
    return np.random.default_rng(seed).normal(size=n)


def chirp(n=2000):
    """A tone that rises, and gets louder; by formula, so that its numbers can be stored."""
    t = np.arange(n) / 8000
    return (0.1 + t) * np.sin(2 * np.pi * (300 + 4000 * t) * t)


def test_stored_numbers_of_a_rising_tone():
    """Made by librosa 0.11 (bank, spectrogram and cosine transform) from the same recording."""
    logs = sound.log_mel(chirp()[None])
    found = sound.mfcc(logs)[0]
    assert found.shape == (23, 13)
    np.testing.assert_allclose(found[[0, 11, 22]][:, [0, 1, 2, 12]], STORED, atol=2e-5)


def test_bands_and_coefficients_are_those_of_librosa():
    librosa = pytest.importorskip("librosa", reason='pip install "mmlib[check]" for this oracle')
    for recording in (noise(), chirp()):
        bank = librosa.filters.mel(sr=8000, n_fft=256, n_mels=26, htk=True, norm=None)
        np.testing.assert_allclose(sound.mel_bank(), bank, atol=1e-6)
        # librosa puts a window of 200 into the middle of 256, so it begins 28 samples earlier.
        power = librosa.feature.melspectrogram(
            y=np.pad(sound.pre_emphasis(recording), 28), sr=8000, n_fft=256, win_length=200,
            hop_length=80, window=get_window("hamming", 200, fftbins=False), center=False,
            power=2, n_mels=26, htk=True, norm=None,
        )  # fmt: skip
        theirs = np.log(np.maximum(power, 1e-8))
        ours = sound.log_mel(recording[None])[0]
        n = len(ours)
        assert theirs.shape[1] >= n
        np.testing.assert_allclose(ours, theirs.T[:n], atol=1e-5)
        coefficients = librosa.feature.mfcc(S=theirs[:, :n], n_mfcc=13, norm="ortho").T
        np.testing.assert_allclose(sound.mfcc(ours), coefficients, atol=1e-4)


def test_one_frame_step_by_step():
    recording = noise()
    lifted = np.concatenate([recording[:1], recording[1:] - 0.97 * recording[:-1]])
    np.testing.assert_allclose(sound.pre_emphasis(recording), lifted)
    frame = lifted[240:440] * np.hamming(200)
    size = np.abs(rfft(np.concatenate([frame, np.zeros(56)]))) ** 2
    expected = np.log(sound.mel_bank() @ size)
    np.testing.assert_allclose(sound.log_mel(recording[None])[0, 3], expected)


def test_blocks_of_recordings_change_nothing():
    many = noise(7 * 900).reshape(7, 900)
    np.testing.assert_array_equal(sound.log_mel(many, at_once=3), sound.log_mel(many))
    np.testing.assert_array_equal(sound.log_mel(many)[5], sound.log_mel(many[5:6])[0])


def test_integers_of_a_sound_card_are_the_same_recording():
    whole = (3000 * noise()).clip(-32768, 32767).astype(np.int16)
    np.testing.assert_array_equal(sound.log_mel([whole]), sound.log_mel(whole[None] / 32768))
    assert np.abs(sound.as_sound(whole)).max() <= 1


def test_loudness_moves_only_the_first_coefficient():
    """A factor is a constant on the logarithmic scale, and a constant is the first cosine."""
    one, louder = (sound.mfcc(sound.log_mel(factor * noise()[None])) for factor in (1, 3))
    np.testing.assert_allclose(louder[..., 1:], one[..., 1:], atol=1e-9)
    np.testing.assert_allclose(louder[..., 0] - one[..., 0], np.sqrt(26) * np.log(9))


def test_a_tone_is_found_in_its_band():
    edges = sound.hertz(np.linspace(0, sound.mel(4000), 28))
    for band in (3, 12, 22):
        tone = np.sin(2 * np.pi * edges[band + 1] * np.arange(2000) / 8000)
        assert (sound.log_mel(tone[None])[0].argmax(axis=1) == band).all()


def test_mel_and_hertz_undo_each_other_and_the_bank_has_no_gap():
    f = np.linspace(0, 4000, 50)
    np.testing.assert_allclose(sound.hertz(sound.mel(f)), f, atol=1e-9)
    bank = sound.mel_bank(20, 512, 16000)
    peaks, at = sound.hertz(np.linspace(0, sound.mel(8000), 22))[1:-1], np.arange(257) * 16000 / 512
    between = (at >= peaks[0]) & (at <= peaks[-1])
    assert bank.shape == (20, 257) and between.sum() > 150 and (bank >= 0).all()
    np.testing.assert_allclose(bank.sum(0)[between], 1)


def test_denoising_brings_a_voice_nearer_to_itself_and_keeps_its_length():
    hiss = 0.05 * noise(12000, seed=3)
    voice = np.concatenate([np.zeros(2000), chirp(4000), np.zeros(2000)])
    clean = sound.denoise(voice + hiss[:8000], hiss[8000:])
    assert clean.shape == voice.shape
    assert np.mean((clean - voice) ** 2) < 0.5 * np.mean(hiss[:8000] ** 2)
    np.testing.assert_allclose(sound.denoise(voice, 1e-9 * hiss), voice, atol=1e-6)


def test_what_cannot_be_cut_or_read_is_said():
    with pytest.raises(mmlib.DataError, match="150 samples is shorter than a frame of 200"):
        sound.log_mel(np.zeros((2, 150)))
    with pytest.raises(mmlib.DataError, match="NaN"):
        sound.log_mel(np.full((1, 400), np.nan))


STORED = [
    [-40.17063, 10.03344, -0.68794, -0.3066],
    [-27.5673, 2.12931, -13.58795, -0.66288],
    [-19.67762, -9.41303, -1.73126, -2.87125],
]
