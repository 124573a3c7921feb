"""A recording becomes one row, of the same meaning at any rate and length."""

import numpy as np
import pytest
from sounding_folders import knock

from mmlib import DataError
from mmlib.base import is_spectrum
from mmlib.features import recordings, sound
from mmlib.features.recordings import column_names, describe_recording, frame_of


def noise(n, seed=0):
    return 0.1 * np.random.default_rng(seed).normal(size=n)


def test_mean_and_spread_are_those_of_the_coefficients():
    one = noise(4000)
    table = sound.mfcc(sound.log_mel(one[None]))[0]
    row = describe_recording(one, 8000)
    np.testing.assert_allclose(row[:13], table.mean(0))
    np.testing.assert_allclose(row[26:], table.std(0))
    assert len(row) == len(column_names()) == 39
    assert not is_spectrum((len(row),))  # a plain table to all models


def test_the_course_is_the_slope_for_what_changes_evenly():
    rising = noise(16_000) * np.exp(np.linspace(0, 2, 16_000))
    row = dict(zip(column_names(), describe_recording(rising, 8000), strict=True))
    table = sound.mfcc(sound.log_mel(rising[None]))[0][:, 0]
    line = np.polyfit(np.linspace(0, 1, len(table)), table, 1)[0]
    assert row["loudness, course"] == pytest.approx(line * 2 * np.sqrt(2) / np.pi**2, rel=0.05)
    turned = describe_recording(rising[::-1], 8000)[13]
    assert turned == pytest.approx(-row["loudness, course"], rel=0.05)


def test_a_long_recording_is_described_in_parts_with_the_same_result(monkeypatch):
    one = noise(30_000)
    whole = describe_recording(one, 8000)
    monkeypatch.setattr(recordings, "AT_ONCE", 7)
    np.testing.assert_allclose(describe_recording(one, 8000), whole)


@pytest.mark.parametrize("rate", [1000, 11_025, 44_100, 192_000])
def test_any_rate_gives_finite_columns_that_tell_pitches_apart(rate):
    rng = np.random.default_rng(0)
    low, high = (describe_recording(knock(p, rng, rate), rate) for p in (0.05 * rate, 0.2 * rate))
    assert np.isfinite(low).all() and np.abs(low - high).max() > 1


@pytest.mark.parametrize(
    ("values", "rate", "said"),
    [
        (noise(frame_of(8000)[0] - 1), 8000, "shorter than a frame of 200"),
        (noise(900), 900, "900 samples per second"),
        (noise(900) * np.nan, 8000, "NaN"),
    ],
)
def test_what_is_no_sound_is_refused(values, rate, said):
    with pytest.raises(DataError, match=said):
        describe_recording(values, rate)


def test_silence_has_a_row():
    assert np.isfinite(describe_recording(np.zeros(4000), 8000)).all()
