"""What is found is said in short."""

import numpy as np
import pandas as pd
import pytest
from folders import samples, spectra, table
from PIL import Image

from mmlib import Project
from mmlib.__main__ import main


def test_many_findings_of_a_kind_are_shown_in_short(root, capsys):
    table(root / "samples.csv", samples())
    table(root / "spectra.csv", [spectra()[0], *(row for row in spectra()[1:] for _ in "ab")])
    assert main(["check", str(root)]) == 1
    said = capsys.readouterr().out
    assert said.count("second time") == 3 and "and 21 more of this kind." in said


def spectra_of(folder, change):
    frame = pd.read_csv(folder / "spectra.csv", dtype={0: str})
    frame = change(frame)
    frame.to_csv(folder / "spectra.csv", index=False)


def flat(folder, ids):
    def change(frame):
        for k, sample in enumerate(ids):  # at different heights, or they would be copies, too
            frame.loc[frame["id"] == sample, frame.columns[1:]] = 0.5 + k
        return frame

    spectra_of(folder, change)


def no_number(folder, ids):
    def change(frame):
        frame[frame.columns[5]] = frame[frame.columns[5]].astype(object)
        frame.loc[frame["id"].isin(ids), frame.columns[5]] = "bad"
        return frame

    spectra_of(folder, change)


def no_spectrum(folder, ids):
    spectra_of(folder, lambda frame: frame[~frame["id"].isin(ids)])


def other_scale(folder, ids):
    def change(frame):
        frame.iloc[frame["id"].isin(ids).to_numpy(), 1:] *= 100
        return frame

    spectra_of(folder, change)


def one_color(folder, ids):
    for sample in ids:
        Image.fromarray(np.full((48, 48, 3), 99, np.uint8)).save(folder / f"images/{sample}.png")


def cut_short(folder, ids):
    for sample in ids:
        path = folder / f"images/{sample}.png"
        path.write_bytes(path.read_bytes()[:60])


def no_label(folder, ids):
    frame = pd.read_csv(folder / "samples.csv", dtype=str)
    frame.loc[frame["id"].isin(ids), "label"] = ""
    frame.to_csv(folder / "samples.csv", index=False)


FAULTS = {
    "flat": flat, "no number": no_number, "spectrum": no_spectrum, "scale": other_scale,
    "one color": one_color, "images/": cut_short, "is empty": no_label,
}  # fmt: skip


@pytest.mark.parametrize("said", FAULTS)
def test_a_finding_holds_the_ids_of_all_its_samples(said, folder):
    ids = sorted(pd.read_csv(folder / "samples.csv")["id"])[3:50:9]  # six, of which three are said
    FAULTS[said](folder, ids)
    found = Project(folder).check()
    about = [finding for finding in found if said in str(finding)]
    assert about and sorted({s for finding in about for s in finding.samples}) == ids


def test_a_file_as_a_whole_is_about_no_sample(folder):
    assert [finding.samples for finding in Project(folder).check()] == [()]
