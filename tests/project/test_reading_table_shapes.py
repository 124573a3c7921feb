"""Tables of spectra in the shapes that programs write give the same spectra."""

import numpy as np
import pytest

from mmlib.project.reading.band_names import find_bands
from mmlib.project.reading.findings import Findings
from mmlib.project.reading.spectrum_tables import read_spectra

RNG = np.random.default_rng(0)
IDS = [f"k{k:02d}" for k in range(8)]
AXIS = np.arange(400.0, 500.0, 12.5)
VALUES = RNG.random((8, 8)).round(4)


def line(cells, cut=","):
    return cut.join(str(cell) for cell in cells) + "\n"


def wide(name="{:g}", lead=("id",), ids=IDS, before=()):
    text = line([*lead, *(name.format(a) for a in AXIS)])
    for k, (i, x) in enumerate(zip(ids, VALUES, strict=True)):
        text += line([*(b.format(k=k) for b in before), i, *x])
    return text


def turned(titles, first="nm", above=""):
    text = above + line([first, *titles])
    return text + "".join(line([a, *VALUES[:, j]]) for j, a in enumerate(AXIS))


def long(head="sample_id,wavelength,intensity", extra=""):
    return head + "\n" + "".join(
        f"{i},{a}{extra},{v}\n" for i, x in zip(IDS, VALUES, strict=True)
        for a, v in zip(AXIS, x, strict=True)
    )  # fmt: skip


def pairs(titles, above="", shift=0.0):
    text = above + line(titles)
    for j, a in enumerate(AXIS):
        cells = [(a + shift * (k % 2), VALUES[k, j]) for k in range(8)]
        text += line([cell for pair in cells for cell in pair])
    return text


NAMES = ["spc.{:g}", "spc.X{:g}", "spc{:g}", "X{:g}", "Wavelength_{:g}", "Wvl {:g}", "Abs@{:g}",
         "band {:g}", "scan_abs.{:g}", "scan_visnir.{:g}_ref", "Refl. {:g} nm", "{:g} nm (%)",
         "R2_{:g}", "spectrum_{:g}"]  # fmt: skip
SHAPES = {
    **{f"bands called {name}": wide(name) for name in NAMES},
    "ids that spell a number": wide("X{:g}", ids=IDS),
    "keys and values above": "name,MADE\ndevice,SC-1\n\n" + wide(),
    "columns between id and bands": wide(
        lead=("id", "operator", "temp"), ids=[f"{i},anna,31.5" for i in IDS]
    ),
    "pandas' index": wide(lead=("", "id"), before=("{k}",)),
    "R's names of rows": line(f"X{a:g}" for a in AXIS) + wide().split("\n", 1)[1],
    "cut by blanks": wide("X{:g}", lead=()).replace(",", " "),
    "two levels of names": line(["", *["reflectance"] * 8]) + wide(),
    "the header once more": wide() + wide(),
    "a column a sample": turned(IDS),
    "file names as titles": turned([f"{i}.asd" for i in IDS], "Wavelength"),
    "longer file names as titles": turned([f"{i}.asd.ref.sco" for i in IDS], "Wavelength"),
    "a row of units": line(["Wavelength", *IDS]) + line(["nm", *["%"] * 8])
    + turned(IDS).split("\n", 1)[1],
    "a row a band": long(),
    "a row a band, and dates": long("Sample,Wavelength [nm],Date,Absorbance", ",2024-05-06"),
    "pairs of columns": pairs([c for i in IDS for c in (f"{i} wavelength", i)]),
    "pairs of columns under names": pairs(
        ["Wavelength (nm)", "Abs"] * 8, above=line([c for i in IDS for c in (i, "")])
    ),
}  # fmt: skip
SHAPES["the header once more"] = wide().rsplit("k04", 1)[0] + line(
    ["id", *(f"{a:g}" for a in AXIS)]
) + "k04" + wide().rsplit("k04", 1)[1]  # fmt: skip


def read(root, text, name="spectra.csv", ids=IDS):
    (root / name).write_text(text, encoding="utf-8")
    found = Findings()
    spectra, unit = read_spectra(root, dict.fromkeys(ids), found)
    return spectra, unit, found


@pytest.mark.parametrize("shape", SHAPES)
def test_a_table_of_any_usual_shape(shape, tmp_path):
    spectra, unit, found = read(tmp_path, SHAPES[shape])
    assert not found.of("error") and not found.of("warning"), list(map(str, found))
    assert list(spectra) == IDS and unit == "nm"
    for name, x in zip(IDS, VALUES, strict=True):
        np.testing.assert_allclose(spectra[name][0], AXIS)
        np.testing.assert_allclose(spectra[name][1], x)


def test_titles_that_r_wrote_for_numbers(tmp_path):
    ids = [str(k + 1) for k in range(8)]
    spectra, _, found = read(tmp_path, turned([f"X{i}" for i in ids], ""), ids=ids)
    assert list(spectra) == ids and "column 'X1' was taken for id 1 (8 in all)" in str(found)
    np.testing.assert_allclose(spectra["3"][1], VALUES[2])


def test_each_pair_of_columns_keeps_its_own_axis(tmp_path):
    text = pairs([c for i in IDS for c in (f"{i} wavelength", i)], shift=25)
    spectra, *_ = read(tmp_path, text)
    assert spectra["k00"][0][0] == 400 and spectra["k01"][0][0] == 425


def test_what_is_not_used_is_named(tmp_path):
    text = wide(lead=("id", "operator", "temp"), ids=[f"{i},anna,31.5" for i in IDS])
    _, _, found = read(tmp_path, text)
    assert "not used: operator, temp" in str(found)


FAULTS = {
    "a bare matrix": ("".join(line(x) for x in VALUES), "bare matrix of 8 x 8 numbers"),
    "no header": (wide().split("\n", 1)[1], "its first row is that of sample 'k00'"),
    "colors": (line(["id", "Blue", "Green"]) + "k00,1,2\n", "column 'Blue' is no wavelength"),
    "two sets of bands": (
        line(["id", *(f"raw_{a:g}" for a in AXIS), *(f"snv_{a:g}" for a in AXIS)])
        + "".join(line([i, *x, *x]) for i, x in zip(IDS, VALUES, strict=True)),
        "two sets of bands, as 'raw_400' and 'snv_400'",
    ),
    "a band that is missing everywhere": (
        "\n".join(row + (",475 nm" if k == 0 else ",NaN") for k, row in
                  enumerate(wide().split("\n")[:-1])),
        "1 band(s) are missing in all samples: 475 nm; leave the bands out",
    ),
    "a trait among the bands": (wide().replace("450", "moisture"), "'moisture' is no wavelength"),
    "two values for a band": (
        long("id,wavelength,one,two", ",1"), "so it is open which column to read"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_table_that_cannot_be_read_is_told_its_shape(name, tmp_path):
    text, said = FAULTS[name]
    spectra, _, found = read(tmp_path, text)
    assert not spectra and said in str(found.of("error")[0])
    assert len(found.of("error")) == 1


def test_bands_that_are_only_numbered_are_no_wavelengths(tmp_path):
    text = line(["id", *range(8)]) + "".join(
        line([i, *x]) for i, x in zip(IDS, VALUES, strict=True))  # fmt: skip
    _, unit, found = read(tmp_path, text)
    assert unit == "band" and "numbered from 0 to 7" in str(found.of("warning")[0])


def test_spectra_in_a_folder_of_another_name_are_told(tmp_path):
    (tmp_path / "NIR data").mkdir()
    for name in IDS:
        (tmp_path / "NIR data" / f"{name}.txt").write_text("400 1\n410 2\n")
    found = Findings()
    assert read_spectra(tmp_path, dict.fromkeys(IDS), found)[0] == {}
    assert "NIR data/: it holds spectra (k00.txt" in str(found.of("error")[0])


def test_a_row_of_many_bands_is_no_limit_and_takes_linear_time(tmp_path):
    bands = np.arange(30_000)
    text = line(["id", *(f"{400 + b / 100:.2f}" for b in bands)])
    text += "".join(line([i, *(f"{v:.4f}" for v in RNG.random(len(bands)))]) for i in IDS[:2])
    spectra, *_ = read(tmp_path, text, ids=IDS[:2])
    assert len(spectra["k00"][0]) == 30_000


def test_a_table_of_too_many_rows_is_refused_before_it_is_cut(tmp_path):
    _, _, found = read(tmp_path, "id,400,410\n" + "k00,1,2\n" * 1_000_001)
    assert "1,000,002 rows" in str(found.of("error")[0]) or "1,000,001" in str(found.of("error")[0])


def test_a_pattern_with_two_numbers_varies_in_one():
    assert list(find_bands(["id", "a2_400", "a2_410", "a2_420"]).axis) == [400, 410, 420]
    assert find_bands(["id", "label"]) is None


def test_a_second_table_of_spectra_is_told(tmp_path):
    (tmp_path / "NIR_2.csv").write_text(wide())
    spectra, _, found = read(tmp_path, wide())
    assert list(spectra) == IDS
    assert "NIR_2.csv is not used; keep all spectra in one place" in str(found.of("warning")[0])
