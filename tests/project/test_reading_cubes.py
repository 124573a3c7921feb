"""ENVI cubes: the mean of the pixels that hold data, or the reason by its name."""

import numpy as np
import pytest

from mmlib.project.reading.findings import Findings
from mmlib.project.reading.spectrum_formats import reader_of
from mmlib.project.reading.spectrum_tables import read_spectra

pytest.importorskip("spectral")
AXIS, MEAN = np.array([400.0, 500.0, 600.0]), np.array([0.2, 0.4, 0.3])
HEAD = {
    "samples": 4, "lines": 3, "bands": 3, "header offset": 0, "file type": "ENVI Standard",
    "data type": 5, "interleave": "bip", "byte order": 0, "wavelength units": "Nanometers",
    "wavelength": "{400, 500, 600}",
}  # fmt: skip


def cube(folder, name="a", ending=".img", header=".hdr", top=None, cut=None, **changes):
    """Three by four pixels that are all alike, but for the first row."""
    values = np.broadcast_to(MEAN, (3, 4, 3)).copy()
    if top is not None:
        values[0] = top
    head = HEAD | {key.replace("_", " "): value for key, value in changes.items()}
    order = {"bip": (0, 1, 2), "bil": (0, 2, 1), "bsq": (2, 0, 1)}.get(head["interleave"])
    values = values.transpose(order or (0, 1, 2)).astype("<i2" if head["data type"] == 2 else "<f8")
    (folder / f"{name}{ending}").write_bytes(values.tobytes()[:cut])
    lines = [f"{key} = {value}" for key, value in head.items() if value is not None]
    (folder / f"{name}{header}").write_text("\n".join(["ENVI", *lines]))
    return folder / f"{name}{header}"


SOUND = {
    "plain": {}, "bands by rows": {"interleave": "bil"}, "bands first": {"interleave": "bsq"},
    "no byte order": {"byte_order": None}, "raw": {"ending": ".raw"}, "no ending": {"ending": ""},
    "a header named after the data": {"ending": ".dat", "header": ".dat.hdr"},
    "NaN": {"top": np.nan},
    "the value to ignore": {"top": -9999.0, "data_ignore_value": "-9.99900000e+03"},
    "one band to ignore": {"top": [0.2, -1.0, 0.3], "data_ignore_value": -1},
    "zero around": {"top": 0.0}, "-10000 around": {"top": -10000.0},
    "a list of good bands": {"bbl": "{1.0, 1.0, 1.0}"},
    "capitals": {"Wavelength_Units": "nm"},
}  # fmt: skip
FAULTS = {
    "cut short": ({"cut": 200}, "a.img is cut short: 200 of 288 bytes; copy it again"),
    "empty": ({"cut": 0}, "cut short: 0 of 288"),
    "larger than it is": ({"lines": 10**8}, "cut short: 288 of"),
    "no pixels": ({"samples": 0}, "samples = 0"),
    "a library": ({"file_type": "ENVI Spectral Library"}, "spectral library of 3 spectra"),
    "other wavelengths": ({"wavelength": "{400, 500}"}, "2 wavelengths for 3 bands"),
    "words as wavelengths": ({"wavelength": "{a, b, c}"}, "the wavelength 'a'"),
    "no wavelengths": ({"wavelength": None}, "names no wavelengths"),
    "no interleave": ({"interleave": None}, "lacks 'interleave'"),
    "complex numbers": ({"data_type": 6}, "data type = 6, which is not read"),
    "nothing but background": ({"data_ignore_value": 0.2}, "no pixel of it holds data"),
}


@pytest.mark.parametrize("name", SOUND)
def test_the_mean_of_pixels_with_data(name, tmp_path, recwarn, capsys):
    path = cube(tmp_path, **SOUND[name])
    axis, values, unit, _ = reader_of(path)(path, "a.hdr", Findings())
    np.testing.assert_allclose([axis, values], [AXIS, MEAN])
    assert unit == "nm" and not recwarn and capsys.readouterr() == ("", "")


def test_what_was_left_out_is_told(tmp_path):
    path, found = cube(tmp_path, top=0.0, bbl="{1, 0, 1}"), Findings()
    axis, *_ = reader_of(path)(path, "a.hdr", found)
    assert list(axis) == [400, 600]
    assert "4 of 12 pixels without data" in str(found) and "1 bands that its header" in str(found)


@pytest.mark.parametrize("name", FAULTS)
def test_the_reason_is_named(name, tmp_path, capsys):
    changes, said = FAULTS[name]
    path, found = cube(tmp_path, **changes), Findings()
    assert reader_of(path)(path, "a.hdr", found) is None
    assert said in str(found.of("error")[0]) and len(found.of("error")) == 1
    assert capsys.readouterr() == ("", "")


def test_a_header_without_its_data(tmp_path):
    path, found = cube(tmp_path), Findings()
    (tmp_path / "a.img").unlink()
    assert reader_of(path)(path, "a.hdr", found) is None
    assert "its data file is not beside it" in str(found[0])


def test_the_data_of_a_cube_are_no_file_that_was_not_used(tmp_path):
    (tmp_path / "spectra").mkdir()
    cube(tmp_path / "spectra", "a", ".dat", ".dat.hdr")
    cube(tmp_path / "spectra", "b")
    found = Findings()
    assert list(read_spectra(tmp_path, {"a": None, "b": None}, found)[0]) == ["a", "b"]
    assert not found
