"""Spectra in one table or in a folder, with their axis and its unit."""

import numpy as np
import pytest
from folders import AXIS, IDS, LABELS, VALUES, files, pairs, samples, spectra, table

import mmlib
from mmlib.project.reading.load import check_folder


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


def test_a_table_with_a_column_for_each_sample(root):
    table(root / "samples.csv", samples())
    turned = [["wavelength (nm)", *IDS], *([a, *x] for a, x in zip(AXIS, VALUES.T, strict=True))]
    table(root / "spectra.csv", turned, delimiter=";", decimal=",")
    data, findings = check_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES)
    assert "turned round" in str(findings[0]) and "no unit" not in str(findings)


def test_the_unit_may_stand_above_the_ids(root):
    table(root / "samples.csv", samples())
    table(root / "spectra.csv", [["Wavenumber (cm⁻¹)", *AXIS], *spectra()[1:]])
    assert mmlib.load_folder(root).units["spectrum"] == "cm-1"


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
    assert len(data) == 23
    assert f"1 sample has no spectrum, of 24: {ids[-1]}; it is left out" in str(findings[-1])
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
    assert len(data) == 23 and IDS[3] not in data.ids
    assert "there is no spectrum 'scan9.txt'" in str(findings)
