"""The table of samples says what is to be told."""

import numpy as np
from broken_folders import SAMPLES, column
from folders import AXIS, IDS, LABELS, VALUES, spectra, table

import mmlib
from mmlib.project.reading.load import check_folder


def test_a_column_that_no_command_uses_is_told(project):
    column(SAMPLES, 3, ("split", lambda k: "test" if k > 20 else "train"))(project)
    loaded, findings = check_folder(project)
    assert "compare draws its own folds" in str(findings[0]) and len(findings) == 1
    assert list(loaded.info["split"][:2]) == ["train", "train"]


def test_a_quantity_makes_a_regression(root):
    rows = [["id", "target", "batch no"], *([i, k / 7, k // 3] for k, i in enumerate(IDS))]
    table(root / "samples.csv", rows, delimiter=";", decimal=",")
    table(root / "spectra.csv", spectra())
    data = mmlib.load_folder(root)
    assert data.task == "regression"
    np.testing.assert_allclose(data.y, np.arange(24) / 7)
    assert list(data.info["batch no"][:4]) == ["0", "0", "0", "1"]


def test_spectra_in_the_table_of_samples(root):
    rows = [["id", "label", *(f"X{a:g}" for a in AXIS)]]
    rows += [[i, y, *x] for i, y, x in zip(IDS, LABELS, VALUES, strict=True)]
    table(root / "samples.csv", rows)
    data, findings = check_folder(root)
    np.testing.assert_allclose(data.X["spectrum"], VALUES)
    np.testing.assert_allclose(data.axes["spectrum"], AXIS)
    assert "10 columns are named by numbers" in str(findings[0]) and not data.info
