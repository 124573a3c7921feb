"""What was measured is joined by id."""

import numpy as np
from folders import LABELS, PICTURES, VALUES, excel, photographs, samples, spectra, table
from PIL import Image

import mmlib
from mmlib.project.reading.findings import Findings
from mmlib.project.reading.joining import alike
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


def test_ids_that_differ_by_capitals_are_joined_where_there_is_one_way(root):
    photographs(
        root, lambda p, path: Image.fromarray(p).save(path.with_name(f"{path.name.upper()}.png"))
    )
    data, findings = check_folder(root)
    np.testing.assert_array_equal(data.X["image"], PICTURES)
    assert "PROBE 0 was taken for id probe 0 (24 in all)" in str(findings.of("warning")[0])


def test_two_samples_that_differ_by_capitals_are_never_taken_for_one_another():
    findings = Findings()
    assert alike("picture", {"A1": 1}, ["a1", "b1"], findings) == {"a1": 1}
    both = {"X": 1, "x": 2}
    assert alike("picture", both, ["X", "x"], findings) == both
    assert alike("picture", {"ab": 1}, ["aB", "Ab"], findings) == {"ab": 1}


def test_ids_that_a_spreadsheet_shortened_are_named_once(root):
    rows = [["id", "label"], *(["2.02405E+11", y] for y in LABELS)]
    table(root / "samples.csv", rows)
    errors = [str(error) for error in check_folder(root)[1].of("error")]
    assert sum("shortened" in error for error in errors) == 1
    assert "'2.02405E+11' (24 in all)" in errors[0] and "used before" not in "".join(errors)


def test_a_row_without_an_id_is_not_named_among_those_that_lack_everything(root):
    table(root / "samples.csv", [*samples(), ["", "grün"]])
    table(root / "spectra.csv", spectra())
    said = "\n".join(map(str, check_folder(root)[1]))
    assert "the id is empty" in said and ": ;" not in said
