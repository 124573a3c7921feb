"""The same spectra in every format that people have give the same data."""

import numpy as np
import pytest
from folders import AXIS, IDS, RNG, VALUES, files, pairs

import mmlib
from mmlib import DataError
from mmlib.project.reading.load import check_folder
from mmlib.project.reading.spectrum_formats import READERS


def jcamp(path, axis, x):
    lines = ["##TITLE=probe", "##JCAMP-DX=4.24", "##DATA TYPE=INFRARED SPECTRUM"]
    lines += ["##XUNITS=NANOMETERS", "##YUNITS=REFLECTANCE", f"##NPOINTS={len(x)}"]
    lines += ["##XFACTOR=1.0", "##YFACTOR=1.0", f"##FIRSTX={axis[0]}", f"##LASTX={axis[-1]}"]
    lines += ["##XYPOINTS=(XY..XY)", *(f"{a}, {b}" for a, b in zip(axis, x, strict=True))]
    path.write_text("\n".join([*lines, "##END="]), encoding="ascii")


def cube(path, axis, x):
    """A cube of 3 x 4 pixels whose mean spectrum is x."""
    bumps = RNG.normal(0, 0.01, (3, 4, 1))
    values = (x + bumps - bumps.mean()).astype("<f8")
    wavelengths = ", ".join(str(a) for a in axis)
    head = ["ENVI", "samples = 4", "lines = 3", f"bands = {len(axis)}", "header offset = 0"]
    head += ["file type = ENVI Standard", "data type = 5", "interleave = bip", "byte order = 0"]
    head += ["wavelength units = Nanometers", f"wavelength = {{{wavelengths}}}"]
    path.write_text("\n".join(head), encoding="ascii")
    path.with_suffix(".img").write_bytes(values.tobytes())


@pytest.mark.parametrize(
    ("write", "ending"), [(pairs, ".csv"), (pairs, ".txt"), (jcamp, ".jdx"), (jcamp, ".dx")]
)
def test_one_file_for_each_sample(write, ending, root):
    files(root, write, ending)
    data = mmlib.load_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES, atol=1e-9)
    assert data.units["spectrum"] == "nm"


def test_hyperspectral_cubes_give_a_mean_spectrum_and_a_picture(root):
    pytest.importorskip("spectral")
    files(root, cube, ".hdr")
    data = mmlib.load_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES, atol=1e-9)
    (root / "spectra").rename(root / "images")
    assert mmlib.load_folder(root).X["image"].shape == (24, 3, 4, 3)


def test_a_missing_extra_is_named(root, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "spectral.io", None)
    files(root, cube, ".hdr")
    with pytest.raises(DataError, match=r"mmlib\[cubes\]"):
        mmlib.load_folder(root)


def test_remarks_of_an_instrument_above_each_spectrum_are_told_once(root):
    files(root, pairs, ".txt")
    for path in (root / "spectra").iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text("Spectrometer: S\nDate:\t2024\n" + text, encoding="utf-8")
    data, findings = check_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES, atol=1e-9)
    assert len(findings) <= 1


def spc(path, axis, x):
    """The newer format, one spectrum, even axis in nanometers, 32-bit floats."""
    import struct

    head = struct.pack("<BBbbIddI", 0, 0x4B, 0, -128, len(x), axis[0], axis[-1], 1)
    head += struct.pack("<BBB", 3, 0, 0)
    head += b"\0" * (512 - len(head))
    sub = struct.pack("<BbHfffIIf", 0, -128, 0, 0.0, 0.0, 0.0, 0, 0, 0.0) + b"\0" * 4
    path.write_bytes(head + sub + np.asarray(x, "<f4").tobytes())


def test_spc_files(root):
    pytest.importorskip("spc_io")
    files(root, spc, ".spc")
    data = mmlib.load_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES, atol=1e-6)
    np.testing.assert_allclose(data.axes["spectrum"], AXIS)
    assert data.units["spectrum"] == "nm"


def test_a_missing_reader_of_spc_is_named(root, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "spc_io.high_level", None)
    files(root, spc, ".spc")
    with pytest.raises(DataError, match=r"mmlib\[instruments\]"):
        mmlib.load_folder(root)


def test_absorbance_among_transmittance_is_a_fault(root):
    files(root, jcamp, ".jdx")
    path = root / "spectra" / f"{IDS[3]}.jdx"
    path.write_text(path.read_text().replace("REFLECTANCE", "ABSORBANCE"))
    with pytest.raises(DataError, match=r"id probe 3.*quantities: absorbance, reflectance"):
        mmlib.load_folder(root)


def test_a_format_is_a_line_of_the_table_of_readers(root, monkeypatch):
    def doubled(path, where, findings):
        return AXIS, 2 * np.array(path.read_text().split(), float), "nm", "reflectance"

    monkeypatch.setitem(READERS, ".dbl", doubled)
    files(root, lambda path, axis, x: path.write_text(" ".join(map(str, x))), ".DBL")
    data, findings = check_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], 2 * VALUES)
    assert data.units["spectrum"] == "nm" and not findings


def test_a_fault_inside_a_reader_is_not_taken_for_another_kind_of_file(root, monkeypatch):
    files(root, pairs, ".csv")
    monkeypatch.setitem(READERS, ".log", lambda path, where, findings: {}["axis"])
    (root / "spectra" / "notes.log").write_text("dull weather")
    said = str(check_folder(root)[1].of("error")[0])
    assert "KeyError" in said and "axis" in said
