"""What is a number, and what is a thousands separator."""

import numpy as np
from folders import AXIS, IDS, VALUES, files, pairs, spectra, table

from mmlib.project.reading.load import check_folder


def test_thousands_in_another_tables_sign_are_a_doubt(root):
    table(
        root / "samples.csv", [["id", "target"], *([i, f"1.{100 + k}"] for k, i in enumerate(IDS))]
    )
    table(root / "spectra.csv", spectra(), delimiter=";", decimal=",")
    _, findings = check_folder(root)
    assert "though it may be thousands" in str(findings.of("warning")[0])


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
