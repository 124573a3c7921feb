"""A player's sound is the recording, and it says what there is to hear."""

import io

import numpy as np
import pytest
from scipy.io import wavfile

from mmlib.course import player


def test_a_wav_file_is_the_recording_at_full_loudness():
    sound = 0.01 * np.sin(np.arange(500) / 3)
    rate, found = wavfile.read(io.BytesIO(player.to_wav(sound, 8000)))
    assert rate == 8000 and found.dtype == np.uint8
    np.testing.assert_allclose((found - 128.0) / 127, sound / np.abs(sound).max(), atol=0.5 / 127)
    assert len(player.to_wav(sound)) < len(sound) + 60
    assert player.to_wav(np.zeros(9))[-9:] in {b"\x80" * 9, b"\x80" * 8 + b"\x00"}


def test_the_page_has_a_player_and_the_sentence_below_it(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: shown.append(data))
    player.play([0.0, 1.0], 'He says  "one".')
    (data,) = shown
    assert data["text/plain"] == 'He says "one".'
    assert "<audio controls" in data["text/html"] and "autoplay" not in data["text/html"]
    assert data["text/html"].count("He says &quot;one&quot;.") == 2


def test_a_sound_without_a_sentence_is_refused():
    with pytest.raises(ValueError, match="needs a description"):
        player.play([0.0], "  ")
