"""A WAV of any depth is the same sound; what is none, or no good one, is said in a sentence."""

import io
import struct

import numpy as np
import pytest
from scipy.io import wavfile

from mmlib.project.reading.findings import Findings
from mmlib.project.reading.wave_files import read_wave

RATE = 8000
TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(2000) / RATE)


def read(path):
    found = Findings()
    return read_wave(path, path.name, found), found


def wave(path, values, rate=RATE):
    wavfile.write(path, rate, values)
    return path


def packed(values, bits=24, tag=1, rate=RATE, channels=1):
    """A WAV of another depth, or of a codec that is not read, written by hand."""
    size = bits // 8
    whole = np.round(values * 2 ** (bits - 1)).astype("<i4")
    body = b"".join(int(v).to_bytes(size, "little", signed=True) for v in whole)
    align = size * channels
    head = struct.pack("<HHIIHH", tag, channels, rate, rate * align, align, bits)
    inner = b"WAVEfmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", len(body))
    return b"RIFF" + struct.pack("<I", len(inner) + len(body)) + inner + body


DEPTHS = {
    "8 bits": np.round(128 + 128 * TONE).astype(np.uint8),
    "16 bits": np.round(32768 * TONE).astype(np.int16),
    "32 bits": np.round(2**31 * TONE).astype(np.int32),
    "floats": TONE.astype(np.float32),
    "doubles": TONE,
}


@pytest.mark.parametrize("depth", DEPTHS)
def test_depths_are_one_scale(depth, tmp_path):
    sound, found = read(wave(tmp_path / "a.wav", DEPTHS[depth]))
    assert not found and sound.rate == RATE and sound.channels == 1
    np.testing.assert_allclose(sound.values, TONE, atol=0.005 if depth == "8 bits" else 2e-5)


def test_24_bits_are_read(tmp_path):
    (tmp_path / "a.wav").write_bytes(packed(TONE))
    sound, found = read(tmp_path / "a.wav")
    assert not found
    np.testing.assert_allclose(sound.values, TONE, atol=1e-6)


def test_channels_are_averaged(tmp_path):
    both = np.stack([TONE, np.zeros_like(TONE)], axis=1).astype(np.float32)
    sound, _ = read(wave(tmp_path / "a.wav", both))
    assert sound.channels == 2
    np.testing.assert_allclose(sound.values, TONE / 2, atol=1e-6)


def whole(x):
    return np.round(32767 * np.clip(x, -1, 1)).astype(np.int16)


FAULTS = {
    "silent": (wave, np.zeros(2000, np.int16), "error", "silent"),
    "constant": (wave, np.full(2000, 7, np.int16), "error", "silent"),
    "short": (wave, whole(TONE[:100]), "error", "it lasts 12 ms; record it again: 25 ms"),
    "empty": (wave, whole(TONE[:0]), "error", "it is empty"),
    "NaN": (wave, np.where(np.arange(2000) == 5, np.nan, TONE), "error", "no numbers (NaN"),
    "clipped": (wave, whole(8 * TONE), "warning", "is clipped"),
    "clipped floats": (wave, np.clip(8 * TONE, -1, 1), "warning", "is clipped"),
    "quiet": (wave, whole(1e-3 * TONE), "warning", "hardly anything is heard"),
    "of another scale": (wave, 30_000 * TONE, "warning", "not from -1 to 1"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_of_recording_are_named(name, tmp_path):
    write, values, level, said = FAULTS[name]
    sound, found = read(write(tmp_path / "a.wav", values))
    assert [f.level for f in found] == [level] and said in str(found[0])
    assert str(found[0]).startswith("a.wav: ") and (sound is None) == (level == "error")


def test_a_loud_tone_is_not_clipped(tmp_path):
    _, found = read(wave(tmp_path / "a.wav", whole(2 * TONE)))
    assert not found


def test_too_long_and_too_large_ones_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("mmlib.project.reading.wave_files.LONGEST", 0.2)
    assert "minutes" in str(read(wave(tmp_path / "a.wav", whole(TONE)))[1][0])
    monkeypatch.setattr("mmlib.project.reading.wave_files.LONGEST", 600)
    monkeypatch.setattr("mmlib.project.reading.wave_files.MOST_VALUES", 1999)
    assert "it has 2,000 values, and 1,999 are the most" in str(read(tmp_path / "a.wav")[1][0])
    monkeypatch.setattr("mmlib.project.reading.wave_files.MOST_BYTES", 3000)
    assert "too many to be safe to open" in str(read(tmp_path / "a.wav")[1][0])


FILES = {
    "another format": (b"ID3\x03" + bytes(4000), "it is no WAV, whatever its name"),
    "nothing": (b"", "it is no WAV"),
    "a picture": (b"RIFF\x00\x10\x00\x00WEBP" + bytes(4000), "it is no WAV"),
    "a codec": (packed(TONE, tag=0x11), "a WAV of a kind that is not read"),
    "no data": (packed(TONE)[:36], "Unexpected end|holds no recording"),
    "a rate of 3": (packed(TONE, rate=3), "3 samples per second, which is none of a sound"),
    "no channels": (packed(TONE, channels=0), "save it anew as WAV"),
}


@pytest.mark.parametrize("name", FILES)
def test_files_that_are_no_sound_are_named(name, tmp_path):
    content, said = FILES[name]
    (tmp_path / "a.wav").write_bytes(content)
    sound, found = read(tmp_path / "a.wav")
    assert sound is None and len(found) == 1
    assert found[0].level == "error" and any(part in str(found[0]) for part in said.split("|"))


def test_a_header_that_promises_more_than_there_is_takes_no_memory_and_is_told(tmp_path):
    content = bytearray(packed(TONE, bits=16))
    content[40:44] = struct.pack("<I", 2**32 - 9)  # four gigabytes of data
    content[4:8] = struct.pack("<I", 2**32 - 1)
    (tmp_path / "a.wav").write_bytes(content)
    sound, found = read(tmp_path / "a.wav")
    assert len(sound.values) == 2000 and "ends before its header says" in str(found[0])


def test_whatever_bytes_are_changed_nothing_is_raised(tmp_path):
    file = io.BytesIO()
    wavfile.write(file, RATE, whole(TONE[:400]))
    rng = np.random.default_rng(0)
    for k in range(80):
        content = bytearray(file.getvalue())
        for place in rng.integers(60 if k % 2 else len(content), size=1 + k % 4):
            content[place] = rng.choice([0, 1, 255, rng.integers(256)])
        end = rng.integers(len(content)) if k % 5 == 0 else len(content)
        (tmp_path / "a.wav").write_bytes(content[:end])
        sound, found = read(tmp_path / "a.wav")
        assert sound is not None or found.of("error")
        assert sound is None or np.isfinite(sound.values).all()
