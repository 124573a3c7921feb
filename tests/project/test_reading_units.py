"""The unit of an axis is read, or follows from evidence, or is asked for."""

import numpy as np
import pytest

from mmlib.project.reading.axis_units import guess_unit, unit_in_remarks
from mmlib.project.reading.findings import Findings
from mmlib.project.reading.spectrum_tables import read_spectra
from mmlib.project.reading.text_tables import Table


@pytest.mark.parametrize(
    ("remarks", "unit"),
    [
        ("Technique: Raman\nLaser: 785 nm", "cm-1"),
        ("Laser: 532 nm", ""),
        ("Resolution: 4 cm-1", "cm-1"),
        ("XUNITS\tNANOMETERS\nScan speed\t400 nm/min", "nm"),
        ("ExcitationWavelength = 532\nXDataKind = nm\nRamanSignal = 0.4", "nm"),
        ("Spectro (cm-1)= 940\nX (µm)= 0", ""),
        ("", ""),
    ],
)
def test_remarks(remarks, unit):
    assert unit_in_remarks(remarks) == unit


@pytest.mark.parametrize(
    ("low", "high", "falls", "unit", "sure"),
    [
        (400, 1000, False, "nm", True),
        (350, 2500, False, "nm", True),
        (650, 4000, True, "cm-1", True),
        (4000, 10000, False, "cm-1", True),
        (101, 1754, False, "cm-1", False),  # Raman
        (900, 1800, True, "cm-1", False),  # mid infrared
        (200, 800, True, "nm", True),  # a spectrophotometer
        (1100, 2500, True, "nm", False),
        (0.4, 2.5, False, "um", True),
    ],
)
def test_numbers(low, high, falls, unit, sure):
    assert guess_unit(low, high, falls) == (unit, sure)


def folder(root, axis):
    head = ",".join(["id", *(f"{a:g}" for a in axis)])
    rows = [f"{i}," + ",".join(f"{a % 7 + k}" for a in axis) for k, i in enumerate("ab")]
    (root / "spectra.csv").write_text("\n".join([head, *rows]))


def test_where_it_is_open_the_unit_is_asked_for_and_may_stand_in_the_table_of_samples(tmp_path):
    folder(tmp_path, np.arange(1800.0, 900, -50))
    found = Findings()
    assert read_spectra(tmp_path, {"a": None, "b": None}, found)[1] == "cm-1"
    assert "add a column unit to the table of samples" in str(found.of("warning")[0])
    samples = Table(["id", "unit"], [["a", "nm"], ["b", "nm"]], [2, 3])
    found = Findings()
    assert read_spectra(tmp_path, {"a": None, "b": None}, found, samples)[1] == "nm"
    assert not found.of("warning")
