"""What was read makes sense, or it is said."""

import numpy as np
import pytest
from folders import AXIS, IDS, VALUES, samples, spectra, table

from mmlib.project.reading.load import check_folder


def absorbance(values):
    values[3] = -np.log10(values[3])


def percent(values):
    values[3] *= 100


def slip(values):
    values[3, 5] *= 1000


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (percent, "of another scale: around"),
        (absorbance, "fall where the others rise, as absorbance"),
        (slip, "is far from the"),
    ],
)
def test_one_spectrum_unlike_the_others_is_a_doubt(change, said, root):
    values = np.linspace(0.1, 0.6, len(AXIS)) + VALUES / 20
    change(values)
    table(root / "samples.csv", samples())
    table(root / "spectra.csv", spectra(values=values))
    _, findings = check_folder(root)
    (doubt,) = findings.of("warning")
    assert "(id probe 3)" in str(doubt) and said in str(doubt)


def test_a_quantity_of_one_group_cannot_be_judged(root):
    table(root / "spectra.csv", spectra())
    rows = [[i, k + 0.5, "day 1"] for k, i in enumerate(IDS)]
    table(root / "samples.csv", [["id", "target", "group"], *rows])
    data, findings = check_folder(root)
    assert data is None and "all are of the group 'day 1'" in str(findings)
