"""One text file, one spectrum: the numbers are found, whatever stands around them."""

import numpy as np
import pytest

from mmlib.project.reading.findings import Findings
from mmlib.project.reading.spectrum_formats import kind_of, reader_of
from mmlib.project.reading.spectrum_tables import read_spectra
from mmlib.project.reading.text_block import find_block

AXIS = np.array([400.0, 412.5, 425.0, 437.5])
VALUES = np.array([0.358, 0.3722, 0.3821, 0.4009])
NUMBERS = list(zip(AXIS, VALUES, strict=True))


def rows(cut="\t", comma=False, axis="{:.2f}", value="{:.4f}", end="\n"):
    text = "".join(axis.format(a) + cut + value.format(v) + end for a, v in NUMBERS)
    return text.replace(".", ",") if comma else text


LAYOUTS = {
    "tab": rows(),
    "semicolon and decimal comma": rows(";", comma=True),
    "comma": rows(","),
    "comma, blank and decimal comma": rows(", ", comma=True),
    "one blank": rows(" "),
    "aligned by blanks": "".join(f"{a:>12.3f}{v:>14.5f}\n" for a, v in NUMBERS),
    "powers of ten": rows(" ", axis="{:.18e}", value="{:.18e}"),
    "lines of an old Mac": rows(end="\r"),
    "a delimiter at the end": rows(";", end=";\n"),
    "doubled tabs in the header": "#Wave\t\t#Intensity\n" + rows("\t\t"),
    "quotes and decimal commas": "".join(
        f'"{a:.1f}","{v:.4f}"\n'.replace(".", ",") for a, v in NUMBERS
    ),
    "remarks with commas": "Made by, for test, 2024\nSample: a, leaf\nnm,R\n" + rows(","),
    "a line that ends the data": "Mode: x\n>>>Begin<<<\n"
    + rows()
    + ">>>>>End Spectral Data<<<<<\n",
    "settings below": rows() + "\n\nModel:\t\tDU4\nExposure (s):\t\t0.1\n",
    "bytes that fill a name up": "name: U1" + 30 * "\0" + "\nWave;R\n[nm];[%]\n" + rows(";"),
    "keys and values above": "Date;2024\nScans;79\nWave;R\n" + rows(";"),
    "a number of points above": "4\n#DATA\n" + rows(),
}


@pytest.mark.parametrize("ending", [".txt", ".dpt", ".ttt", ".asc", ".prn", ".dat", ".XY", ".a"])
def test_no_ending_hides_a_text(ending, tmp_path):
    path = tmp_path / f"a{ending}"
    path.write_text(LAYOUTS["remarks with commas"])
    axis, values, unit, _ = reader_of(path)(path, "a", Findings())
    np.testing.assert_allclose([axis, values], [AXIS, VALUES])
    assert unit == "nm"


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_numbers_are_found_in_every_layout(name, tmp_path):
    path, found = tmp_path / "a.txt", Findings()
    path.write_bytes(LAYOUTS[name].encode())
    axis, values, *_ = reader_of(path)(path, "a", found)
    np.testing.assert_allclose(axis, AXIS)
    np.testing.assert_allclose(values, VALUES, atol=6e-5)
    assert not found.of("error") and not found.of("warning")


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8-sig"])
def test_encodings(encoding, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(("Wellenlänge (nm)\tZähler\n" + rows()).encode(encoding))
    axis, _, unit, _ = reader_of(path)(path, "a", Findings())
    assert list(axis) == list(AXIS) and unit == "nm"


def test_what_stands_around_the_numbers_is_kept_and_the_row_of_each_known():
    block = find_block("Lab, 2\n\nnm;R\n400;1\n401;2\n402;3\nEnd")
    assert block.titles == ["nm", "R"] and block.lines == [4, 5, 6]
    assert block.above == ["Lab, 2"] and block.below == ["End"] and block.more is None


def columns(*names, values=3):
    head = ";".join(names)
    return head + "\n" + "".join(
        f"{a};" + ";".join(f"{v * 10**k:.4f}" for k in range(len(names) - 1)) + "\n"
        for a, v in NUMBERS
    )  # fmt: skip


@pytest.mark.parametrize(
    ("names", "power"),
    [
        (("Wave", "Sample", "Dark", "Reference", "Reflectance"), 3),
        (("Wavelength", "Reflectance", "SD"), 0),
        (("Wvl", "Rad. (Ref.)", "Rad. (Target)", "Reflect. %"), 2),
        (("W", "D", "R", "S", "P"), 3),
    ],
)
def test_of_several_columns_the_result_is_taken_and_told(names, power, tmp_path):
    path, found = tmp_path / "a.txt", Findings()
    path.write_text(columns(*names))
    _, values, *_ = reader_of(path)(path, "a", found)
    np.testing.assert_allclose(values, VALUES * 10**power, rtol=1e-3)
    assert f"of {len(names)} columns" in str(found) and names[1] in str(found)


def test_a_column_that_counts_is_not_the_axis(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Pixel;Wavelength;Counts\n" + "".join(
        f"{k};{a};{v}\n" for k, (a, v) in enumerate(NUMBERS)))  # fmt: skip
    np.testing.assert_allclose(reader_of(path)(path, "a", Findings())[:2], [AXIS, VALUES])


@pytest.mark.parametrize(
    "names",
    [("Wavelength", "Average", "Red", "Green"), ("a", "b", "c"), ("Wavelength", "%R", "%T"),
     ("Wavelength", "Wavelength", "Dark", "Sample")],
)  # fmt: skip
def test_where_the_column_is_open_it_is_asked(names, tmp_path):
    path, found = tmp_path / "a.txt", Findings()
    path.write_text(columns(*names))
    assert reader_of(path)(path, "a", found) is None
    assert f"but {len(names)} ({names[0]}, {names[1]}" in str(found.of("error")[0])


FAULTS = {
    "a word among the numbers": (rows() + "450.00\toops\n460\t0.4\n", "row 5: 'oops' is no number"),
    "a value left out": (rows() + "450.00\n460\t0.4\n", "row 5: a value is missing"),
    "two tables": (rows() + "\nWave\tDark\n" + rows(), "row 7: a second table of numbers begins"),
    "thousands": ("nm;R\n400;1.234,5\n410;1.334,5\n", "thousands separators"),
    "no numbers": ("hello\nworld\n", "no rows of numbers"),
    "nothing": ("", "it is empty"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_one_sentence(name, tmp_path):
    text, said = FAULTS[name]
    path, found = tmp_path / "a.txt", Findings()
    path.write_text(text)
    assert reader_of(path)(path, "a.txt", found) is None
    (error,) = found.of("error")
    assert said in str(error)


def project(root, texts):
    (root / "spectra").mkdir()
    for name, data in texts.items():
        (root / "spectra" / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    found = Findings()
    return *read_spectra(root, dict.fromkeys(["a", "b", "c"]), found), found


def test_files_of_many_endings_and_remarks_that_are_told_once(tmp_path):
    head = "Made by me\nnm,R\n"
    texts = {
        f"{s}{e}": head + rows(",") for s, e in zip("abc", (".csv", ".dpt", ".k"), strict=True)
    }
    spectra, unit, found = project(tmp_path, texts)
    assert list(spectra) == ["a", "b", "c"] and unit == "nm"
    assert len([f for f in found if "above the numbers" in f.what]) == 1


def test_a_file_that_is_no_spectrum_is_named(tmp_path):
    texts = {"a.txt": rows(), "b.txt": rows(), "c.txt": rows(), "README.txt": "dull weather",
             "thumb.png": b"\x89PNG\r\n\x1a\n\0\0"}  # fmt: skip
    spectra, _, found = project(tmp_path, texts)
    assert list(spectra) == ["a", "b", "c"]
    (warning,) = found.of("warning")
    assert "2 file(s) were not used: README.txt, thumb.png" in str(warning)


def test_a_file_of_a_sample_that_cannot_be_read_is_a_fault(tmp_path):
    spectra, _, found = project(tmp_path, {"a.txt": rows(), "b.txt": "x", "c.txt": rows()})
    assert spectra["b"] is None and "spectra/b.txt: it holds no rows" in str(found.of("error")[0])


def test_what_a_file_holds_decides_its_kind(tmp_path):
    heads = {
        b"##TITLE=x\n##JCAMP-DX=4": "JCAMP-DX", b"ENVI\nsamples = 1": "ENVI", b"1\t2\n": "text",
        b"\n\n\xfe\xfe\0\0": "OPUS", b"Spectral Data File": "OMNIC", b"\x93NUMPY": "arrays",
        b"MATLAB 5.0 MAT-file": "arrays", b"\x89PNG\r\n": "other", b"\1\2\3\4\5": "other",
        b"ASD\0" + 20 * b"\0": "ASD", b"ASD FieldSpec, text\n1\t2": "text",
    }  # fmt: skip
    for k, (head, kind) in enumerate(heads.items()):
        path = tmp_path / f"{k}.txt"
        path.write_bytes(head)
        assert kind_of(path) == kind, head
