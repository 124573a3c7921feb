"""The same samples in every format that people have give the same data."""

import csv

import numpy as np
import pytest
from PIL import Image

import mmlib
from mmlib import DataError
from mmlib.__main__ import main
from mmlib.project.about import TrainedOn
from mmlib.project.reading.findings import Findings
from mmlib.project.reading.joining import Measured, join_to_samples
from mmlib.project.reading.load import MODALITIES, check_folder, load_new
from mmlib.project.reading.spectrum_formats import READERS
from mmlib.project.writing import copy_template, write_folder

RNG = np.random.default_rng(0)
IDS = [f"probe {k}" for k in range(24)]
LABELS = ["grün" if k % 2 else "müde" for k in range(24)]
AXIS = np.arange(1000.0, 1100.0, 10.0)
VALUES = RNG.random((24, len(AXIS))).round(4)
PICTURES = RNG.integers(0, 256, (24, 12, 16, 3)).astype(np.uint8)


def table(path, rows, delimiter=",", decimal=".", encoding="utf-8"):
    cells = [[str(c).replace(".", decimal) if k else str(c) for k, c in enumerate(r)] for r in rows]
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(cells)


def samples():
    return [["id", "label"], *([i, y] for i, y in zip(IDS, LABELS, strict=True))]


def spectra(axis=AXIS, values=VALUES):
    return [["id", *axis], *([i, *x] for i, x in zip(IDS, values, strict=True))]


def excel(path, rows):
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append([c.item() if hasattr(c, "item") else c for c in row])
    book.save(path)


WAYS = {
    "comma, point": {},
    "semicolon, decimal comma": {"delimiter": ";", "decimal": ","},
    "tab, decimal comma": {"delimiter": "\t", "decimal": ","},
    "comma, quoted decimal comma": {"decimal": ","},
    "byte-order mark": {"encoding": "utf-8-sig"},
    "Latin-1": {"encoding": "latin-1"},
    "UTF-16": {"encoding": "utf-16"},
}


@pytest.fixture
def root(tmp_path):
    (tmp_path / "my data").mkdir()
    return tmp_path / "my data"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("ending", ["csv", "txt"])
def test_tables_as_people_export_them(way, ending, root):
    table(root / f"samples.{ending}", samples(), **WAYS[way] | {"decimal": "."})
    table(root / f"spectra.{ending}", spectra(), **WAYS[way])
    data = mmlib.load_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES)
    np.testing.assert_allclose(data.axes["spectrum"], AXIS)
    assert data.target_names == ["grün", "müde"]
    assert [data.target_names[list(data.labels).index(y)] for y in data.y] == LABELS


def test_chinese_labels_in_gbk(root):
    rows = [["id", "label"], *([i, "缺水" if k % 2 else "健康"] for k, i in enumerate(IDS))]
    table(root / "samples.csv", rows, encoding="gbk")
    table(root / "spectra.csv", spectra())
    data, findings = check_folder(root)
    assert sorted(data.target_names) == sorted(["缺水", "健康"])
    assert "read as GBK" in str(findings[0])


def test_excel(root):
    excel(root / "samples.xlsx", samples())
    excel(root / "spectra.xlsx", spectra())
    data = mmlib.load_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES)
    assert list(data.ids) == IDS


def test_a_broken_workbook_is_named(root):
    (root / "samples.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(DataError, match=r"samples\.xlsx: it cannot be read"):
        mmlib.load_folder(root)


def test_rows_in_another_order_are_joined_by_id(root):
    table(root / "samples.csv", samples())
    head, *rows = spectra()
    table(root / "spectra.csv", [head, *rows[::-1]])
    np.testing.assert_allclose(mmlib.load_folder(root).X["spectrum"], VALUES)


def files(root, write, ending, values=VALUES, axis=AXIS):
    table(root / "samples.csv", samples())
    (root / "spectra").mkdir()
    for name, x in zip(IDS, values, strict=True):
        write(root / "spectra" / f"{name}{ending}", axis, x)


def pairs(path, axis, x, delimiter="\t", decimal=",", unit="nm"):
    rows = [[f"wavelength ({unit})", "reflectance"], *zip(axis, x, strict=True)]
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            file.write(delimiter.join(str(c).replace(".", decimal) for c in row) + "\r\n")


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


def test_a_falling_axis_is_turned_round_and_told(root):
    table(root / "samples.csv", samples())
    table(root / "spectra.csv", spectra(np.arange(4000.0, 3900.0, -10.0)))
    data, findings = check_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES[:, ::-1])
    assert data.units["spectrum"] == "cm-1"
    assert "turned round" in " ".join(map(str, findings))


@pytest.mark.parametrize(
    ("low", "step", "unit"),
    [(400.0, 10.0, "nm"), (4000.0, 10.0, "cm-1"), (1.0, 0.1, "um")],
)
def test_the_unit_that_was_guessed_is_told(low, step, unit, root):
    table(root / "samples.csv", samples())
    table(root / "spectra.csv", spectra(low + step * np.arange(len(AXIS))))
    data, findings = check_folder(root)
    assert f"taken as {unit}" in " ".join(map(str, findings))
    if unit == "um":
        assert data.units["spectrum"] == "nm" and data.axes["spectrum"][0] == 1000


def test_spectra_on_different_axes_are_resampled_and_told(root):
    files(root, pairs, ".csv")
    finer = np.arange(980.0, 1120.0, 2.0)
    pairs(root / "spectra" / f"{IDS[0]}.csv", finer, np.interp(finer, AXIS, VALUES[0]))
    data, findings = check_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES, atol=1e-9)
    assert "resampled to 10 bands" in " ".join(map(str, findings))


def trained_on_two_axes(root, unit="nm", scale=1.0):
    """What is known of a model whose spectra, in two grids, were brought to the coarser one."""
    files(root, pairs, ".csv")
    for k, (name, x) in enumerate(zip(IDS, VALUES, strict=True)):
        axis = AXIS if k % 2 else np.arange(980.0, 1120.0, 2.0)
        x = np.interp(axis, AXIS, x)
        pairs(root / "spectra" / f"{name}.csv", (axis * scale).round(6), x, unit=unit)
    return TrainedOn.of(mmlib.load_folder(root))


def new_samples(root, axis, unit="nm"):
    """A folder beside, with spectra in one grid."""
    new = root.with_name("new")
    new.mkdir()
    table(new / "samples.csv", [["id"], *([i] for i in IDS)])
    values = [np.interp(axis * (1000 if unit == "um" else 1), AXIS, x) for x in VALUES]
    head = ["id", *(f"{a:.10g} {unit}" for a in axis)]
    table(new / "spectra.csv", [head, *([i, *x] for i, x in zip(IDS, values, strict=True))])
    return new


@pytest.mark.parametrize("trained", [("nm", 1.0), ("um", 0.001)])
@pytest.mark.parametrize(
    ("axis", "unit"),
    [
        (AXIS, "nm"),
        (np.arange(980.0, 1120.0, 2.0), "nm"),
        (np.linspace(1000.000001, 1090.0, 46), "nm"),
        (np.arange(0.98, 1.12, 0.002), "um"),
        (AXIS / 1000, "um"),
    ],
)
def test_a_model_of_resampled_spectra_takes_the_grids_it_was_made_of(trained, axis, unit, root):
    known, found = trained_on_two_axes(root, *trained), Findings()
    assert known.resampled and known.units == {"spectrum": "nm"}
    _, X = load_new(new_samples(root, axis, unit), known, found)
    np.testing.assert_allclose(X["spectrum"], VALUES, atol=1e-6)
    resampled = len(axis) != len(AXIS)
    assert ("bands that the model was trained on" in " ".join(map(str, found))) >= resampled


@pytest.mark.parametrize(
    ("axis", "unit"),
    [
        (np.arange(1020.0, 1100.0, 2.0), "nm"),
        (np.arange(980.0, 1120.0, 20.0), "nm"),
        (np.arange(980.0, 1120.0, 2.0), "cm-1"),
    ],
)
def test_a_model_of_resampled_spectra_refuses_what_does_not_cover_them(axis, unit, root):
    known = trained_on_two_axes(root)
    said = f"they have {len(axis)} bands .* but the model was trained on 10 from 1000 to 1090 nm"
    with pytest.raises(DataError, match=said):
        load_new(new_samples(root, axis, unit), known)


def test_a_model_of_one_grid_takes_no_other(root):
    files(root, pairs, ".csv")
    known = TrainedOn.of(mmlib.load_folder(root))
    assert not known.resampled
    with pytest.raises(DataError, match="but the model was trained on 10"):
        load_new(new_samples(root, np.arange(980.0, 1120.0, 2.0)), known)


def photographs(root, save):
    table(root / "samples.csv", samples())
    (root / "images").mkdir()
    for name, picture in zip(IDS, PICTURES, strict=True):
        save(picture, root / "images" / name)


def test_the_ending_that_browsers_save_is_jpeg(root):
    photographs(root, lambda p, path: Image.fromarray(p).save(f"{path}.jfif", "JPEG"))
    assert mmlib.load_folder(root).X["image"].shape == PICTURES.shape


@pytest.mark.parametrize("ending", [".png", ".tif", ".bmp"])
def test_pictures_without_loss(ending, root):
    photographs(root, lambda p, path: Image.fromarray(p).save(f"{path}{ending}"))
    np.testing.assert_array_equal(mmlib.load_folder(root).X["image"], PICTURES)


def test_jpeg(root):
    photographs(root, lambda p, path: Image.fromarray(p).save(f"{path}.JPG", quality=95))
    assert mmlib.load_folder(root).X["image"].shape == PICTURES.shape


def test_gray_pictures_of_16_bits_keep_their_depth(root):
    deep = (PICTURES[..., 0].astype(np.uint16) * 257) + 1
    table(root / "samples.csv", samples())
    (root / "images").mkdir()
    for name, picture in zip(IDS, deep, strict=True):
        Image.fromarray(picture).save(root / "images" / f"{name}.png")
    image = mmlib.load_folder(root).X["image"]
    assert image.dtype == np.float32 and image.shape == (24, 12, 16, 1)
    np.testing.assert_allclose(image[..., 0], deep / 257, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_many_channels(dtype, root):
    tifffile = pytest.importorskip("tifffile")
    six = np.concatenate([PICTURES, PICTURES], axis=-1).astype(dtype)
    table(root / "samples.csv", samples())
    (root / "images").mkdir()
    for name, picture in zip(IDS, six, strict=True):
        tifffile.imwrite(root / "images" / f"{name}.tif", picture, planarconfig="contig")
    image = mmlib.load_folder(root).X["image"]
    assert image.shape == (24, 12, 16, 6)
    np.testing.assert_allclose(image, six / (257 if dtype == np.uint16 else 1), rtol=1e-5)


def test_a_photograph_is_turned_as_the_camera_was_held(root):
    def save(picture, path):
        exif = Image.Exif()
        exif[0x0112] = 6  # turn by 90 degrees clockwise to view
        Image.fromarray(picture).save(f"{path}.png", exif=exif)

    photographs(root, save)
    expected = np.rot90(PICTURES, -1, axes=(1, 2))
    np.testing.assert_array_equal(mmlib.load_folder(root).X["image"], expected)


def test_pictures_of_different_sizes_keep_their_scale(root):
    table(root / "samples.csv", samples())
    (root / "images").mkdir()
    for k, name in enumerate(IDS):
        picture = np.full((300 if k == 0 else 600, 400, 3), 200, np.uint8)
        picture[100:200, 100:200] = k  # always 100 x 100 pixels
        Image.fromarray(picture).save(root / "images" / f"{name}.png")
    data, findings = check_folder(root)
    image = data.X["image"]
    assert image.shape == (24, 128, 85, 3)
    areas = (image[..., 0] < 100).sum((1, 2))
    assert areas.max() - areas.min() <= 0.15 * areas.max()
    said = " ".join(map(str, findings))
    assert "shrunk to 21 %" in said and "padded to" in said


def test_a_quantity_makes_a_regression(root):
    rows = [["id", "target", "batch no"], *([i, k / 7, k // 3] for k, i in enumerate(IDS))]
    table(root / "samples.csv", rows, delimiter=";", decimal=",")
    table(root / "spectra.csv", spectra())
    data = mmlib.load_folder(root)
    assert data.task == "regression"
    np.testing.assert_allclose(data.y, np.arange(24) / 7)
    assert list(data.info["batch no"][:4]) == ["0", "0", "0", "1"]


def test_pictures_named_in_the_table(root):
    rows = [["id", "label", "image"]]
    rows += [[i, y, f"IMG_{k:04d}.png"] for k, (i, y) in enumerate(zip(IDS, LABELS, strict=True))]
    table(root / "samples.csv", rows)
    (root / "images").mkdir()
    for k, picture in enumerate(PICTURES):
        Image.fromarray(picture).save(root / "images" / f"IMG_{k:04d}.png")
    np.testing.assert_array_equal(mmlib.load_folder(root).X["image"], PICTURES)


def test_pictures_named_by_the_paths_of_another_computer(root):
    rows = [["id", "label", "image"]]
    rows += [[i, y, rf"C:\Users\Ann\{i}.png"] for i, y in zip(IDS, LABELS, strict=True)]
    photographs(root, lambda p, path: Image.fromarray(p).save(f"{path}.png"))
    table(root / "samples.csv", rows)
    np.testing.assert_array_equal(mmlib.load_folder(root).X["image"], PICTURES)


def test_zeros_that_a_spreadsheet_took_from_the_ids_are_told(root):
    photographs(root, lambda p, path: None)
    rows = [["id", "label"], *([k, y] for k, y in enumerate(LABELS))]
    excel(root / "samples.xlsx", rows)
    (root / "samples.csv").unlink()
    for k, picture in enumerate(PICTURES):
        Image.fromarray(picture).save(root / "images" / f"{k:03d}.png")
    data, findings = check_folder(root)
    np.testing.assert_array_equal(data.X["image"], PICTURES)
    assert "000 was taken for id 0 (24 in all)" in str(findings.of("warning")[0])


def test_ids_that_a_spreadsheet_took_for_dates(root):
    from datetime import date, timedelta

    days = [date(2024, 3, 1) + timedelta(k) for k in range(24)]
    excel(root / "samples.xlsx", [["id", "label"], *zip(days, LABELS, strict=True)])
    table(
        root / "spectra.csv", [["id", *AXIS], *([d, *x] for d, x in zip(days, VALUES, strict=True))]
    )
    assert mmlib.load_folder(root).ids[0] == "2024-03-01"


def test_a_title_above_the_header_a_second_sheet_and_excels_own_mark(root):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Remarks"])
    sheet = book.create_sheet("Data")
    for row in [["Trial in May", None], *samples()]:
        sheet.append(row)
    book.save(root / "samples.xlsx")
    table(root / "spectra.csv", spectra(), delimiter=";", decimal=",")
    text = (root / "spectra.csv").read_text(encoding="utf-8")
    (root / "spectra.csv").write_text("sep=;\n# a remark, two\n" + text, encoding="utf-8")
    data, findings = check_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES)
    said = " ".join(map(str, findings))
    assert "2 sheets 'Data' was read" in said and "('Trial in May')" in said


@pytest.mark.parametrize("more", [[], ["7"]])
def test_a_sign_within_a_text_does_not_cut_the_table(more, root):
    head, *rows = samples()
    rows = [[*row, *more, "moldy; brown" if k % 4 else "fine"] for k, row in enumerate(rows)]
    table(root / "samples.csv", [[*head, *["row"] * len(more), "remark"], *rows])
    table(root / "spectra.csv", spectra())
    data, findings = check_folder(root)
    assert data is not None, [str(finding) for finding in findings]
    assert list(data.info["remark"][:2]) == ["fine", "moldy; brown"]


def test_a_remark_with_a_comma_above_decimal_commas_cuts_nothing(root):
    files(root, lambda path, axis, x: pairs(path, axis.astype(int), x + 0.25, ";"), ".txt")
    for path in (root / "spectra").iterdir():
        text = path.read_text(encoding="utf-8").split("\n", 1)[1]
        path.write_text("Lab 3, May\n" + text, encoding="utf-8")
    np.testing.assert_allclose(mmlib.load_folder(root).X["spectrum"], VALUES + 0.25, atol=1e-9)


def test_a_table_with_a_column_for_each_sample(root):
    table(root / "samples.csv", samples())
    turned = [["wavelength (nm)", *IDS], *([a, *x] for a, x in zip(AXIS, VALUES.T, strict=True))]
    table(root / "spectra.csv", turned, delimiter=";", decimal=",")
    data, findings = check_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES)
    assert "turned round" in str(findings[0]) and "no unit" not in str(findings)


def test_spectra_in_the_table_of_samples(root):
    rows = [["id", "label", *(f"X{a:g}" for a in AXIS)]]
    rows += [[i, y, *x] for i, y, x in zip(IDS, LABELS, VALUES, strict=True)]
    table(root / "samples.csv", rows)
    data, findings = check_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES)
    np.testing.assert_allclose(data.axes["spectrum"], AXIS)
    assert "10 columns are named by numbers" in str(findings[0]) and not data.info


def test_the_unit_may_stand_above_the_ids(root):
    table(root / "samples.csv", samples())
    table(root / "spectra.csv", [["Wavenumber (cm⁻¹)", *AXIS], *spectra()[1:]])
    assert mmlib.load_folder(root).units["spectrum"] == "cm-1"


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


def absorbance(values):
    values[3] = -np.log10(values[3])


def percent(values):
    values[3] *= 100


def slip(values):
    values[3, 5] *= 1000


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (percent, "of another scale: around"),
        (absorbance, "fall where the others rise, as absorbance"),
        (slip, "is far from the"),
    ],
)
def test_one_spectrum_unlike_the_others_is_a_doubt(change, said, root):
    values = np.linspace(0.1, 0.6, len(AXIS)) + VALUES / 20
    change(values)
    table(root / "samples.csv", samples())
    table(root / "spectra.csv", spectra(values=values))
    _, findings = check_folder(root)
    (doubt,) = findings.of("warning")
    assert "(id probe 3)" in str(doubt) and said in str(doubt)


def test_absorbance_among_transmittance_is_a_fault(root):
    files(root, jcamp, ".jdx")
    path = root / "spectra" / f"{IDS[3]}.jdx"
    path.write_text(path.read_text().replace("REFLECTANCE", "ABSORBANCE"))
    with pytest.raises(DataError, match=r"id probe 3.*quantities: absorbance, reflectance"):
        mmlib.load_folder(root)


def test_thousands_in_another_tables_sign_are_a_doubt(root):
    table(
        root / "samples.csv", [["id", "target"], *([i, f"1.{100 + k}"] for k, i in enumerate(IDS))]
    )
    table(root / "spectra.csv", spectra(), delimiter=";", decimal=",")
    _, findings = check_folder(root)
    assert "though it may be thousands" in str(findings.of("warning")[0])


def test_what_systems_leave_behind_is_passed_over(root):
    files(root, pairs, ".csv")
    (root / "images").mkdir()
    for folder in (root, root / "spectra", root / "images"):
        for name in ("._probe 0.csv", ".DS_Store", "Thumbs.db", "~$samples.xlsx"):
            (folder / name).write_bytes(b"\0\1\2")
    np.testing.assert_allclose(mmlib.load_folder(root).X["spectrum"], VALUES, atol=1e-9)


def test_letters_as_a_mac_writes_them_and_folders_in_capitals(root):
    from unicodedata import normalize

    names = [f"Blüte {k}" for k in range(24)]
    table(root / "samples.csv", [["id", "label"], *zip(names, LABELS, strict=True)])
    (root / "IMAGES" / "mai").mkdir(parents=True)
    for name, picture in zip(names, PICTURES, strict=True):
        Image.fromarray(picture).save(root / "IMAGES" / "mai" / f"{normalize('NFD', name)}.PNG")
    np.testing.assert_array_equal(mmlib.load_folder(root).X["image"], PICTURES)


def tiffs(root, pictures, **options):
    tifffile = pytest.importorskip("tifffile")
    table(root / "samples.csv", samples())
    (root / "images").mkdir()
    for name, picture in zip(IDS, pictures, strict=True):
        tifffile.imwrite(root / "images" / f"{name}.tif", picture, **options)


def test_colors_of_16_bits_keep_their_depth_and_turn(root):
    deep = PICTURES.astype(np.uint16) * 257 + 1
    turn = [(274, "H", 1, 6, False)]
    tiffs(root, deep, photometric="rgb", extratags=turn)
    image = mmlib.load_folder(root).X["image"]
    np.testing.assert_allclose(image, np.rot90(deep, -1, axes=(1, 2)) / 257, rtol=1e-6)


def test_twelve_bits_in_sixteen_are_a_doubt(root):
    tiffs(root, PICTURES.astype(np.uint16) * 16, photometric="rgb")
    _, findings = check_folder(root)
    assert "is 4080, of 65535" in str(findings.of("warning")[0])


def test_pictures_from_0_to_1_are_brought_to_255(root):
    tiffs(root, (PICTURES / 255).astype(np.float32), photometric="rgb")
    data, findings = check_folder(root)
    np.testing.assert_allclose(data.X["image"], PICTURES, atol=1e-3)
    assert "multiplied by 255" in str(findings[0])


def test_bands_on_pages_are_channels_and_several_pictures_are_refused(root):
    tiffs(root, np.moveaxis(np.concatenate([PICTURES, PICTURES], -1), -1, 1),
          photometric="minisblack")  # fmt: skip
    assert mmlib.load_folder(root).X["image"].shape == (24, 12, 16, 6)
    tifffile = pytest.importorskip("tifffile")
    tifffile.imwrite(root / "images" / f"{IDS[0]}.tif", PICTURES[:4], photometric="rgb")
    with pytest.raises(DataError, match="one picture in the file"):
        mmlib.load_folder(root)


def test_many_findings_of_a_kind_are_shown_in_short(root, capsys):
    table(root / "samples.csv", samples())
    table(root / "spectra.csv", [spectra()[0], *(row for row in spectra()[1:] for _ in "ab")])
    assert main(["check", str(root)]) == 1
    said = capsys.readouterr().out
    assert said.count("second time") == 3 and "and 21 more of this kind." in said


def test_the_template_is_a_sound_project_and_is_never_overwritten(tmp_path, capsys):
    assert main(["start", "--template", str(tmp_path / "mine")]) == 0
    assert main(["check", str(tmp_path / "mine")]) == 0
    assert "60 samples" in capsys.readouterr().out
    assert main(["start", "--template", str(tmp_path / "mine")]) == 2
    with pytest.raises(DataError, match="not empty"):
        copy_template(tmp_path / "mine")


@pytest.mark.parametrize("trait", ["1200 kernel weight", "800/680"])
def test_a_trait_that_begins_with_a_number_is_no_band(trait, root):
    head, *rows = samples()
    rows = [[*row, *x, x[0] + 30] for row, x in zip(rows, VALUES, strict=True)]
    table(root / "samples.csv", [[*head, *AXIS, trait], *rows])
    data = mmlib.load_folder(root)
    np.testing.assert_allclose(data.axes["spectrum"], AXIS)
    assert list(data.info) == [trait]


def test_ids_that_are_wavelengths_too_do_not_turn_the_table(root):
    axis = np.arange(1000, 1100)
    ids = [str(1000 + k) for k in range(len(IDS))]
    rows = [[i, y] for i, y in zip(ids, LABELS, strict=True)]
    table(root / "samples.csv", [["id", "label"], *rows])
    values = np.random.default_rng(1).random((len(ids), len(axis))).round(4)
    wide = [["id", *axis], *([i, *x] for i, x in zip(ids, values, strict=True))]
    table(root / "spectra.csv", wide[:-1])
    data, findings = check_folder(root)
    assert data is None and f"have none: {ids[-1]}" in str(findings)
    turned = [["nm", *ids], *([a, *x] for a, x in zip(axis, values.T, strict=True))]
    table(root / "spectra.csv", turned)
    np.testing.assert_allclose(mmlib.load_folder(root).X["spectrum"], values)


def named_scans(root, name):
    """Spectra in two folders, whose names mislead: the table of samples says whose they are."""
    for k, x in enumerate(VALUES):
        path = root / "spectra" / f"day{k % 2}" / f"{IDS[-1 - k // 2]}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        pairs(path, AXIS, x, ";")
    rows = [[i, y, name(k)] for k, (i, y) in enumerate(zip(IDS, LABELS, strict=True))]
    table(root / "samples.csv", [["id", "label", "spectrum"], *rows])


@pytest.mark.parametrize("start", ["", "spectra/", "spectra\\"])
def test_spectra_in_inner_folders_are_those_the_table_names(start, root):
    named_scans(root, lambda k: f"{start}day{k % 2}/{IDS[-1 - k // 2]}.csv")
    np.testing.assert_allclose(mmlib.load_folder(root).X["spectrum"], VALUES)


def test_a_spectrum_that_the_table_names_wrongly_is_not_replaced_by_another(root):
    files(root, pairs, ".txt")
    rows = [[i, y, "scan9.txt" if i == IDS[3] else ""] for i, y in samples()[1:]]
    table(root / "samples.csv", [["id", "label", "spectrum"], *rows])
    data, findings = check_folder(root)
    assert data is None and "there is no spectrum 'scan9.txt'" in str(findings)


def test_values_with_three_decimals_are_neither_thousands_nor_remarks(root):
    values = VALUES.copy()
    values[:, :4] += 1
    values = values.round(2) + 0.001  # three decimals each, over whole wavelengths

    def as_text(path, axis, x):
        pairs(path, axis.astype(int), [f"{one:.3f}" for one in x], decimal=".")

    files(root, as_text, ".txt", values)
    data, findings = check_folder(root)
    np.testing.assert_allclose(data.axes["spectrum"], AXIS)
    np.testing.assert_allclose(data.X["spectrum"], values, atol=1e-6)
    assert not findings


def test_a_group_in_two_spellings_and_names_that_mean_missing_are_doubts(root):
    table(root / "spectra.csv", spectra())
    groups = [f"plant {k // 2}" for k in range(len(IDS))]
    groups[1], groups[5] = "Plant 0", "NA"
    labels = ["NA" if k % 6 == 2 else "none" if k % 6 == 3 else y for k, y in enumerate(LABELS)]
    rows = zip(IDS, labels, groups, strict=True)
    table(root / "samples.csv", [["id", "label", "group"], *rows])
    _, findings = check_folder(root)
    said = " ".join(map(str, findings))
    assert "group 'Plant 0' differs from 'plant 0'" in said
    assert "the group is 'NA' (1 in all)" in said and "the label is 'NA' (4 in all)" in said
    assert "label is 'none'" not in said


def test_a_quantity_of_one_group_cannot_be_judged(root):
    table(root / "spectra.csv", spectra())
    rows = [[i, k + 0.5, "day 1"] for k, i in enumerate(IDS)]
    table(root / "samples.csv", [["id", "target", "group"], *rows])
    data, findings = check_folder(root)
    assert data is None and "all are of the group 'day 1'" in str(findings)


def test_what_is_written_is_read_with_its_unit(tmp_path):
    data = mmlib.MultimodalData({"spectrum": VALUES}, LABELS, ids=IDS,
                                axes={"spectrum": AXIS}, units={"spectrum": "cm-1"})  # fmt: skip
    back = mmlib.load_folder(write_folder(data, tmp_path / "new"))
    assert back.units == data.units
    np.testing.assert_allclose(back.axes["spectrum"], AXIS)


@pytest.mark.parametrize("name", ["a/b", "../a", "a:b", "a.", ".a", IDS[5].upper()])
def test_an_id_that_cannot_name_a_picture_is_refused_before_anything_is_written(name, tmp_path):
    data = mmlib.MultimodalData({"image": PICTURES}, LABELS, ids=[*IDS[:-1], name])
    with pytest.raises(DataError, match=r"cannot name a picture|differ by case only"):
        write_folder(data, tmp_path / "new")
    assert not list(tmp_path.iterdir())


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


@pytest.fixture
def with_scents(root, monkeypatch):
    """A folder with spectra and smells, each smell in a file that the table of samples names."""

    def read_scents(root, samples, ids, findings, known):
        smells = {i: np.loadtxt(root / "scents" / name) for i, name in samples["scent"].items()}
        smells = join_to_samples("scent", smells, ids, findings)
        return smells and Measured(np.array(list(smells.values())), meta={"nose": "no. 3"})

    monkeypatch.setitem(MODALITIES, "scent", read_scents)
    head, *rows = samples()
    rows = [[*row, f"{k}.txt", k] for k, row in enumerate(rows)]
    table(root / "samples.csv", [[*head, "scent", "row"], *rows])
    table(root / "spectra.csv", spectra())
    (root / "scents").mkdir()
    for k in range(len(IDS)):
        np.savetxt(root / "scents" / f"{k}.txt", [k, k % 2, 1.0])
    return root


def test_a_modality_of_a_folder_is_a_line_of_the_table_of_modalities(with_scents):
    data = mmlib.load_folder(with_scents)
    assert data.modalities == ["spectrum", "scent"]
    np.testing.assert_array_equal(data.X["scent"][:, 0], np.arange(24))
    assert list(data.info) == ["row"] and data.meta["nose"] == "no. 3"
    assert list(data.axes) == ["spectrum"]


def test_new_samples_must_have_the_shape_that_the_model_knows(with_scents):
    known = TrainedOn.of(mmlib.load_folder(with_scents))
    ids, X = load_new(with_scents, known)
    assert ids == IDS and X["scent"].shape == (24, 3)
    for path in (with_scents / "scents").iterdir():
        np.savetxt(path, [int(path.stem), 1.0])
    with pytest.raises(DataError, match=r"scent has the shape \(2,\), but .* trained on \(3,\)"):
        load_new(with_scents, known)
