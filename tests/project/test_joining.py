"""What was measured is joined by id."""

import numpy as np
from folders import LABELS, PICTURES, VALUES, excel, photographs, samples, spectra, table
from PIL import Image

import mmlib
from mmlib.project.reading.load import check_folder


def test_rows_in_another_order_are_joined_by_id(root):
    table(root / "samples.csv", samples())
    head, *rows = spectra()
    table(root / "spectra.csv", [head, *rows[::-1]])
    np.testing.assert_allclose(mmlib.load_folder(root).X["spectrum"], VALUES)


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
