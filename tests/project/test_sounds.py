"""Sounds of a folder: found like pictures, brought to one rate, which a model keeps in mind."""

import shutil

import numpy as np
import pytest
from scipy.signal import resample_poly
from sounding_folders import RATE, knock, write_sounding, write_wave

import mmlib
from mmlib import DataError
from mmlib.features.recordings import describe_recording
from mmlib.project.reading.load import check_folder, load_new
from mmlib.project.saving.about import TrainedOn


@pytest.fixture(scope="module")
def fruits(tmp_path_factory):
    return write_sounding(tmp_path_factory.mktemp("sounds") / "fruits", n_groups=15, rest=False)


@pytest.fixture
def folder(fruits, tmp_path):
    return shutil.copytree(fruits, tmp_path / "fruits")


def said(folder):
    data, found = check_folder(folder)
    return data, "\n".join(f"{f.level}: {f}" for f in found)


def test_each_sample_has_the_row_of_its_recording(folder):
    data, found = said(folder)
    assert found == "" and data.modalities == ["sound", "text"]
    rng = np.random.default_rng(0)
    write_wave(folder / "sounds" / "f03b.wav", knock(500, rng))
    row = mmlib.load_folder(folder).X["sound"][list(data.ids).index("f03b")]
    own = np.round(32767 * knock(500, np.random.default_rng(0))) / 32768
    np.testing.assert_allclose(row, describe_recording(own, RATE), rtol=1e-6)
    assert data.meta["rate"] == RATE


def test_all_are_brought_to_the_lowest_rate_and_that_is_said(folder):
    values = knock(300, np.random.default_rng(1), rate=2 * RATE)
    write_wave(folder / "sounds" / "f00a.wav", values, rate=2 * RATE)
    data, found = said(folder)
    assert "note: sounds: 1 of 30 have more than 8000 samples per second (f00a)" in found
    own = np.round(32767 * values) / 32768
    expected = describe_recording(resample_poly(own, 1, 2), RATE)
    np.testing.assert_allclose(data.X["sound"][0], expected, rtol=1e-6)
    low = knock(300, np.random.default_rng(1), rate=RATE // 2)
    write_wave(folder / "sounds" / "f05b.wav", low, rate=RATE // 2)
    data, found = said(folder)
    assert data.meta["rate"] == RATE // 2 and "29 of 30 have more than 4000" in found


def test_a_model_brings_new_sounds_to_its_rate_or_refuses_them(folder):
    known = TrainedOn.of(mmlib.load_folder(folder))
    assert known.rate == RATE
    _, (before,) = load_new(folder, known)
    for path in (folder / "sounds").iterdir():
        write_wave(path, knock(400, np.random.default_rng(len(path.stem)), 2 * RATE), 2 * RATE)
        break
    _, (part,) = load_new(folder, known)
    assert part.X["sound"].shape == before.X["sound"].shape
    write_wave(path, knock(400, np.random.default_rng(0), 4000), 4000)
    with pytest.raises(DataError, match="4000 samples per second where the model knows 8000"):
        load_new(folder, known)


def test_a_model_that_knows_no_rate_says_so(folder):
    data = mmlib.load_folder(folder)
    del data.meta["rate"]
    with pytest.raises(DataError, match="does not tell which rate"):
        load_new(folder, TrainedOn.of(data))


def test_stereo_is_averaged_and_that_is_said(folder):
    from scipy.io import wavfile

    rate, mono = wavfile.read(folder / "sounds" / "f01a.wav")
    before = mmlib.load_folder(folder).X["sound"]
    wavfile.write(folder / "sounds" / "f01a.wav", rate, np.stack([mono, mono], 1))
    data, found = said(folder)
    assert "note: sounds: 1 of 30 have several channels; averaged" in found
    np.testing.assert_allclose(data.X["sound"], before)


def rename(old, new):
    return lambda root: (root / "sounds" / old).rename(root / new)


def named(root, value):
    """A column `sound` in the table of samples: the ids with their ending, but for the first."""
    lines = (root / "samples.csv").read_text(encoding="utf-8").splitlines()
    rows = [f"{line},{line.split(',')[0]}.wav" for line in lines[1:]]
    rows[0] = f"{lines[1]},{value}"
    text = "\n".join([f"{lines[0]},sound", *rows])
    (root / "samples.csv").write_text(text, encoding="utf-8")


CHANGES = {
    "another format": (rename("f00a.wav", "sounds/f00a.mp3"), "MP3 sounds are not read (1 in all); "
                       "save as WAV"),
    "named by a path": (lambda root: named(root, "../f00a.wav"), "sound '../f00a.wav' leaves the "
                        "folder; copy it into sounds/"),
    "named, not there": (lambda root: named(root, "g.wav"), "there is no sound 'g.wav'; copy it"),
    "missing": (lambda root: (root / "sounds" / "f00a.wav").unlink(), "warning: sound: 1 sample "
                "has none, of 30: f00a; it is left out"),
    "one too many": (lambda root: shutil.copy(root / "sounds" / "f00a.wav", root / "sounds" /
                     "g.wav"), "warning: sound: 1 belongs to no sample: g"),
    "twice": (lambda root: shutil.copy(root / "sounds" / "f00a.wav", root / "sounds" / "f03a.wav"),
              "error: sound (id f03a): it is the same, number for number, as that of f00a"),
    "cut short": (lambda root: (root / "sounds" / "f00a.wav").write_bytes(b"RIFF"),
                  "error: sounds/f00a.wav (id f00a): it is no WAV"),
    "astray": (lambda root: (root / "sounds").rename(root / "audio"), "error: audio/: it holds "
               "sounds (f00a.wav, f00b.wav, f01a.wav and 27 more), but there is no folder sounds/"),
    "no folder": (lambda root: [shutil.rmtree(root / "sounds"), (root / "sounds").touch()],
                  "error: sounds: it is a file, no folder"),
    "a remark": (lambda root: (root / "sounds" / "notes.pdf").touch(), "sounds/: not used: "
                 "notes.pdf"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_wrong_with_files_is_said_as_for_pictures(name, folder):
    change, expected = CHANGES[name]
    change(folder)
    assert expected in said(folder)[1]


def test_prices_are_no_spectra_under_another_name(folder):
    (folder / "prices.csv").write_text("modality,price\nsound,1\ntext,2\n", encoding="utf-8")
    data, found = said(folder)
    assert found == "" and data.meta["prices"].each == {"sound": 1.0, "text": 2.0}


def test_sounds_named_in_the_table(folder):
    before = mmlib.load_folder(folder).X["sound"]
    named(folder, "Rec 01.wav")
    (folder / "sounds" / "f00a.wav").rename(folder / "sounds" / "Rec 01.wav")
    np.testing.assert_array_equal(mmlib.load_folder(folder).X["sound"], before)


def test_ids_that_a_spreadsheet_changed_are_joined(folder):
    text = (folder / "samples.csv").read_text(encoding="utf-8").replace("f00a,", "7,")
    (folder / "samples.csv").write_text(text, encoding="utf-8")
    (folder / "sounds" / "f00a.wav").rename(folder / "sounds" / "007.wav")
    assert "sound: 007 was taken for id 7" in said(folder)[1]
