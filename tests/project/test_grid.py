"""Spectra on different axes are brought to one."""

import numpy as np
import pytest
from folders import AXIS, IDS, VALUES, files, pairs, table

import mmlib
from mmlib import DataError
from mmlib.project.reading.findings import Findings
from mmlib.project.reading.load import check_folder, load_new
from mmlib.project.saving.about import TrainedOn


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
    _, ((_, X),) = load_new(new_samples(root, axis, unit), known, found)
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
