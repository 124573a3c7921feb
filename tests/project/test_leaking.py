"""Leaks stand among the findings of a folder, with their codes, and in what its data carry."""

import numpy as np
import pytest
from broken_folders import SAMPLES, cell, column, shuffle_labels_to_groups, twin_spectrum

from mmlib.project.reading import leaking
from mmlib.project.reading.load import check_folder


def test_an_operator_who_goes_with_the_label_is_a_warning_with_a_code(project):
    column(SAMPLES, 3, ("operator", lambda k: "ABC"[(k - 1) // 2 % 3]))(project)
    data, findings = check_folder(project)
    (leak,) = [finding for finding in findings if finding.code]
    assert (leak.level, leak.code) == ("warning", "L2") and str(leak).endswith(". [L2]")
    assert data.meta["warnings"] == [str(leak)] and str(leak) in data.meta["notes"]


@pytest.mark.parametrize(("change", "code"), [
    (shuffle_labels_to_groups, "L1"), (twin_spectrum, "L6"), (cell(SAMPLES, 0, 2, "batch"), "L8"),
])  # fmt: skip
def test_what_reading_finds_has_its_code_too(change, code, project):
    change(project)
    assert code in {finding.code for finding in check_folder(project)[1]}


def test_a_sound_folder_has_none(project):
    data, findings = check_folder(project)
    assert not [finding for finding in findings if finding.code] and not data.meta["warnings"]


@pytest.mark.parametrize("error", [ValueError("odd"), np.linalg.LinAlgError("singular")])
def test_a_detector_that_fails_keeps_no_data_back(project, monkeypatch, error):
    def fail(data):
        raise error

    monkeypatch.setattr(leaking, "find_leaks", fail)
    data, findings = check_folder(project)
    assert data is not None and not findings.of("error")
    assert "leaks were not looked for" in str(findings[-1])
