"""A corpus of doubtful folders: each is read with its one right warning."""

import re

import pytest
from broken_folders import (
    SAMPLES,
    SPECTRA,
    both,
    cell,
    column,
    empty,
    fingerprint,
    lens_cap,
    quantity,
    rename_ids,
)
from folders import IDS, LABELS, spectra, table

from mmlib.project.reading.load import check_folder

DOUBTS = {
    # what belongs together
    **{
        f"a column {name} instead of group": (
            cell(SAMPLES, 0, 2, name),
            f"no column is called group, so column '{name}' holds nothing together; rename it to",
        )
        for name in ("batch", "Plant", "Gruppe", "tree_id", "Lot No.")
    },
    **{
        f"repeats called {name(0)} and {name(1)} without a group": (
            rename_ids(name),
            rf"ids look like repeats \({name(0)}, {name(1)}.*add a column group",
        )
        for name in (
            lambda k: f"apple{k // 2}-{k % 2 + 1}",
            lambda k: f"tree {k // 3} leaf {k % 3}",
            lambda k: f"plant{k // 5:03d}-leaf{k % 5}",
            lambda k: f"{k // 3}_{'abc'[k % 3]}",
            lambda k: f"{k // 2}{'ab'[k % 2]}",
            lambda k: f"leaf {k // 5 + 1}.{k % 5 + 1:02d}",
        )
    },
    "a group in other letters": (
        cell(SAMPLES, 4, 2, "Plant 0"),
        "'Plant 0' differs from 'plant 0' by case, blanks or zeros",
    ),
    "a group with a zero": (cell(SAMPLES, 4, 2, "plant 01"), "'plant 01' differs from 'plant 1'"),
    "a group without a blank": (cell(SAMPLES, 4, 2, "plant1"), "'plant1' differs from 'plant 1'"),
    "a group with a line": (cell(SAMPLES, 4, 2, "plant_1"), "'plant_1' differs from 'plant 1'"),
    "groups from a spreadsheet": (
        column(SAMPLES, 2, ("group", lambda k: f"{k // 2}{'.0' * (k == 9)}")),
        r"row 10: group '4\.0' differs from '4'",
    ),
    "days with the time": (
        column(SAMPLES, 2, ("group", lambda k: f"2024-05-{k // 6 + 1:02d} 09:{k:02d}:00")),
        r"every sample has a group of its own \('2024-05-01 09:01:00'\); write the day without",
    ),
    "a quantity of three groups": (
        both(quantity(lambda k: k), column(SAMPLES, 2, ("group", lambda k: f"day {k % 3}"))),
        r"there are 3 groups only; measure more, or compare with 3 folds \(the command does so",
    ),
    "a class of two plants": (
        column(SAMPLES, 1, ("label", lambda k: "rare" if k < 5 else "ab"[(k - 1) // 2 % 2])),
        r"'rare' has 2 group\(s\); measure more, or compare with 2 folds",
    ),
    # numbers that mean something else
    "a number for what is missing": (
        quantity(lambda k: -999 if k in (4, 9) else k / 7),
        r"row 5: the target -999 is far from all others \(2 rows\); if it stands for a missing",
    ),
    "a slip of the decimal sign": (
        quantity(lambda k: 8000 if k == 9 else 8 + k / 7),
        r"row 10: the target 8000 is far from all others \(1 row\)",
    ),
    "a quantity of two decimals called label": (
        column(SAMPLES, 1, ("label", lambda k: f"8.{k // 2 % 3}")),
        r"numbers with decimals \(8\.0, 8\.1, 8\.2\); for a quantity name the column target",
    ),
    "an error of Excel as a label": (
        lambda root: [cell(SAMPLES, k, 1, "#REF!")(root) for k in range(3, 30, 3)],
        r"the label is '#REF!' \(9 in all\)",
    ),
    "a row that sums up": (
        both(
            cell(SAMPLES, 30, 0, "Mean"),
            cell(SPECTRA, 30, 0, "Mean"),
            lambda root: (root / "images/s29.png").rename(root / "images/Mean.png"),
        ),
        "row 31: the id 'Mean' is the name of a statistic",
    ),
    # folders
    "a cap on the lens": (lens_cap, r"id s03\): it is of one color throughout \(2 in all\)"),
    "an empty folder of pictures": (empty("images"), "images/: it is empty; put the pictures in"),
    "an empty folder of spectra": (empty("spectra"), "spectra/: it is empty; put the spectra in"),
}
FINE = {
    "plain numbers": rename_ids(lambda k: f"s{k:02d}"),
    "numbers after a sign": rename_ids(lambda k: f"leaf-{k + 76:02d}"),
    "wells of a plate": rename_ids(lambda k: f"{'AB'[k // 15]}{k % 15 + 1}"),
    "one to nine of each class": rename_ids(lambda k: f"{'abc'[k // 2 % 3]}_{k // 6 * 2 + k % 2}"),
    "days as ids": rename_ids(lambda k: f"2024-{k // 5 + 1:02d}-{k % 5 * 7 + 1:02d}"),
    "groups apart": column(
        SAMPLES, 2,
        ("group", lambda k: "1 2,12,1.05,1.5,A10,A1,A100,1.1,1.10,10 000,10".split(",")[k % 11]),
    ),
    "classes as whole numbers": column(SAMPLES, 1, ("label", lambda k: f"{k // 2 % 3 + 1}.0")),
    "a skewed quantity": quantity(lambda k: f"{1.2**k:.3f}"),
    "doses": quantity(lambda k: (0, 1, 10, 100)[k % 4]),
    "a column that says nothing of groups": column(SAMPLES, 3, ("color", lambda k: "rg"[k % 2])),
    "dates without repeats": both(
        column(SAMPLES, 3, ("date", lambda k: f"2024-05-{k:02d}")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBTS)
def test_a_doubtful_folder_is_read_with_its_one_right_warning(name, project):
    change, expected = DOUBTS[name]
    change(project)
    before = fingerprint(project)
    loaded, findings = check_folder(project)
    assert loaded is not None, [str(finding) for finding in findings]
    (warning,) = findings.of("warning")
    assert re.search(expected, str(warning)), str(warning)
    assert loaded.meta["warnings"] == [str(warning)]
    assert fingerprint(project) == before


@pytest.mark.parametrize("name", FINE)
def test_what_is_no_fault_gets_no_warning(name, project):
    FINE[name](project)
    loaded, findings = check_folder(project)
    assert loaded is not None and not findings.of("warning"), [str(finding) for finding in findings]


def test_a_group_in_two_spellings_and_names_that_mean_missing_are_doubts(root):
    table(root / "spectra.csv", spectra())
    groups = [f"plant {k // 2}" for k in range(len(IDS))]
    groups[1], groups[5] = "Plant 0", "NA"
    labels = ["NA" if k % 6 == 2 else "none" if k % 6 == 3 else y for k, y in enumerate(LABELS)]
    rows = zip(IDS, labels, groups, strict=True)
    table(root / "samples.csv", [["id", "label", "group"], *rows])
    _, findings = check_folder(root)
    said = " ".join(map(str, findings))
    assert "group 'Plant 0' differs from 'plant 0'" in said
    assert "the group is 'NA' (1 in all)" in said and "the label is 'NA' (4 in all)" in said
    assert "label is 'none'" not in said
