"""JCAMP-DX: one spectrum of a file, on the axis its data have, or the reason by its name."""

import numpy as np
import pytest

from mmlib.project.reading.findings import Findings
from mmlib.project.reading.spectrum_formats import reader_of

AXIS, VALUES = np.arange(400.0, 440.0, 10), np.array([1.0, 2.0, 4.0, 3.0])


def block(title="x", form="XYPOINTS=(XY..XY)", first=400, last=430, points=4, body=None, more=""):
    body = body or "".join(f"{a:.1f}, {v:.2f}\n" for a, v in zip(AXIS, VALUES, strict=True))
    return (
        f"##TITLE={title}\n##JCAMP-DX=4.24\n##DATA TYPE=INFRARED SPECTRUM\n{more}"
        f"##XUNITS=NANOMETERS\n##YUNITS=ABSORBANCE\n##XFACTOR=1\n##YFACTOR=1\n##FIRSTX={first}\n##LASTX={last}\n"
        f"##NPOINTS={points}\n##{form}\n{body}##END=\n"
    )


def link(*titles):
    head = f"##TITLE=all\n##DATA TYPE=LINK\n##BLOCKS={len(titles)}\n"
    return head + "".join(block(title) for title in titles) + "##END=\n"


XYDATA = {"form": "XYDATA=(X++(Y..Y))", "body": "400 1 2\n420 4 3\n"}
SOUND = {
    "points": block(),
    "rows of values": block(**XYDATA),
    "points under another label": block(form="XYDATA=(XY..XY)", more="##DATA CLASS=XYPOINTS\n"),
    "a link of one": link("only"),
    "the processed one of three": link("PROCESSED SPECTRUM", "DARK SPECTRUM", "REFERENCE SPECTRUM"),
    "lines of an old Mac": block().replace("\n", "\r"),
}
FAULTS = {
    "several spectra": (link("a", "b"), "it holds 2 spectra ('a', 'b')"),
    "a value missing": (block(body="400, 1\n410, ?\n420, 4\n430, 3\n"), "(written ?)"),
    "decimal commas": (block(first="400,0"), "decimal commas (##FIRSTX=400,0)"),
    "too many points": (block(points=10**9), "it claims 1000000000 points"),
    "points that are not there": (block(points=5), "it has 4 values, but NPOINTS says 5"),
    "an axis that contradicts the lines": (
        block(**XYDATA, first=500, last=530),
        "tell an axis from 500 to 530, but its lines begin with 400 to 420",
    ),
    "an axis that contradicts the points": (block(first=900), "FIRSTX is 900, but its points"),
    "peaks only": (block().replace("XYPOINTS", "PEAK TABLE"), "a table of peaks"),
    "pages": ("##TITLE=x\n##NTUPLES=IR\n##PAGE=N=1\n##END=\n", "several tables (NTUPLES)"),
    "no data": ("##TITLE=x\n##JCAMP-DX=5\n##END=\n", "there is no ##XYDATA"),
    "a repeat that never ends": (
        block(**XYDATA | {"body": "400 A0S999999999\n"}, points=100_000), "it claims 100000"
    ),
}  # fmt: skip


@pytest.mark.parametrize("ending", [".jdx", ".jcamp", ".txt"])
@pytest.mark.parametrize("name", SOUND)
def test_the_spectrum_of_a_file(name, ending, tmp_path, capsys):
    path = tmp_path / f"a{ending}"
    path.write_text(SOUND[name], newline="")
    axis, values, unit, kind = reader_of(path)(path, "a", Findings())
    np.testing.assert_allclose([axis, values], [AXIS, VALUES])
    assert (unit, kind) == ("nm", "absorbance")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", FAULTS)
def test_the_reason_is_named_and_nothing_else_is_printed(name, tmp_path, capsys):
    text, said = FAULTS[name]
    path, found = tmp_path / "a.jdx", Findings()
    path.write_text(text)
    assert reader_of(path)(path, "a.jdx", found) is None
    (error,) = found
    assert said in str(error)
    assert capsys.readouterr() == ("", "")
