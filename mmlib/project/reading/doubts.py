"""Doubts about the table of samples: what belongs together, and what may be no sample."""

import re
from collections import Counter

import numpy as np

from .findings import some
from .numerals import MISSING, is_number

POSSIBLE_NAMES = {"", "none", "-", "?"}  # empty was said already; the others may be a control
GROUPS = {
    "group", "groups", "grp", "gruppe", "batch", "lot", "charge", "plant", "tree", "plot",
    "field", "day", "date", "run", "session", "patient", "person", "subject", "donor", "animal",
}  # fmt: skip
SHORTENED = re.compile(r"\d[.,]\d+[eE]\+\d+")  # an id in a spreadsheet
STATISTICS = {
    "mean", "average", "avg", "median", "sd", "std", "stdev", "mittelwert", "min", "max", "sum",
    "total",
}  # fmt: skip
# apple0-1, tree 3 leaf 2 and 12_a are repeats of apple0, tree 3 and 12, as is 12a; A1 to A12
# are plain names.
REPEAT = re.compile(r"(.*[^\s._-])[\s._-]+(?:[a-z]*\s?\d{1,2}|[a-z])|(.*\d)[a-z]", re.IGNORECASE)
DATE = re.compile(r"\d{4}[-._]\d\d?[-._]\d\d?")


def spelling(name):
    """What is left of a name without case, blanks, underscores and zeros that mean nothing.

    Examples
    --------
    >>> from mmlib.project.reading.doubts import spelling
    >>> [spelling(name) for name in ("Plant 01", "plant_1", "1.0", "1 2", "12", "1.05", "A10")]
    ['plant1', 'plant1', '1', '1 2', '12', '1.05', 'a10']
    """
    bare = re.sub(r"[\s_]+", " ", name.lower()).strip()
    bare = re.sub(r"(?<!\d) | (?!\d)", "", bare)  # between two numbers it tells them apart
    bare = re.sub(r"(?<![\d.,])(\d+)[.,]00?$", r"\1", bare)
    return re.sub(r"(?<![\d.,])0+(?=\d)", "", bare) or name


def doubt_no_group(table, labels, where, findings):
    """Samples that belong together but are not said to would be in training and test at once.

    Parameters
    ----------
    table : Table
        Of samples, without a column group.
    labels : int
        How many classes there are; 1 for a quantity.
    where : str
    findings : Findings
    """
    columns = dict(zip(table.header, zip(*table.rows, strict=True), strict=True))
    for name, cells in columns.items():
        plain = re.sub(r"[\s_.-]*(id|no|nr|number|name)?\.?$", "", name.lower())
        if plain in GROUPS and 1 < len(set(cells)) < len(cells):
            findings.warn(
                where, f"no column is called group, so column {name!r} holds nothing together",
                "rename it to group if its samples belong together", "L8",
            )  # fmt: skip
            return
    ids = next(cells for name, cells in columns.items() if name.lower() == "id")
    members = {}
    for sample in ids:
        match = None if DATE.fullmatch(sample) else REPEAT.fullmatch(sample)
        members.setdefault((match[1] or match[2]) if match else sample, []).append(sample)
    repeats = [names for names in members.values() if 2 <= len(names) <= 10]
    mean = len(ids) / len(members)
    if len(members) > labels and 2 <= mean <= 10 and 2 * sum(map(len, repeats)) >= len(ids):
        findings.warn(
            where, f"no column is called group, but ids look like repeats ({some(repeats[0])})",
            "add a column group that names the plant, batch or day if such samples share one",
            "L8",
        )  # fmt: skip


def doubt_ids(ids, lines, findings):
    """Rows that sum up a table are none of its samples; 2.02405E+11 was once a longer id."""
    rounded = [k for k, sample in enumerate(ids) if SHORTENED.fullmatch(sample)]
    if rounded:
        findings.error(
            lines[rounded[0]],
            f"a spreadsheet has shortened the id to {ids[rounded[0]]!r} ({len(rounded)} in all)",
            "make the column a text there, and write or paste the ids once more",
        )
    for sample, where in zip(ids, lines, strict=True):
        if sample.lower().rstrip(".:") in STATISTICS:
            findings.warn(
                where, f"the id {sample!r} is the name of a statistic, so the row may be no sample",
                "take the row out if it sums up others",
            )  # fmt: skip


def doubt_groups(groups, lines, findings):
    """One group written in two ways, or one for each sample, holds nothing together."""
    doubt_missing("group", groups, lines, findings)
    if len(set(groups)) == len(groups) and all(re.search(r"\d:\d\d", g) for g in groups):
        findings.warn(
            lines[0], f"every sample has a group of its own ({groups[0]!r})",
            "write the day without the time",
        )  # fmt: skip
    usual, count = {}, Counter(groups)
    for group, where in zip(groups, lines, strict=True):
        first = usual.setdefault(spelling(group), group)
        if group != first and count.pop(group, None):  # each spelling once
            findings.warn(
                where, f"group {group!r} differs from {first!r} by case, blanks or zeros only",
                "write them alike if they are one",
            )  # fmt: skip


def doubt_missing(what, names, lines, findings):
    """NA, as programs write what is missing, makes a class or a group of its own."""
    odd = [i for i, name in enumerate(names)
           if name.lower() in MISSING - POSSIBLE_NAMES and name != "Na"]  # fmt: skip
    if odd:
        findings.warn(
            lines[odd[0]],
            f"the {what} is {names[odd[0]]!r} ({len(odd)} in all), which is taken for its name",
            "if it stands for a missing one, fill it in or take the sample out",
        )


def doubt_labels(count, findings):
    """Classes that are numbers with decimals may be a quantity."""
    if all(map(is_number, count)) and any(float(y.replace(",", ".")) % 1 for y in count):
        findings.warn(
            "samples", f"the labels are numbers with decimals ({some(sorted(count))})",
            "for a quantity name the column target",
        )  # fmt: skip


def doubt_target(values, lines, findings, factor=5):
    """A number such as -999, which stands for a missing value, would rule every fit."""
    distinct = np.unique(values)
    if len(distinct) < max(3, len(values) / 3):  # doses are planned, such as 0, 1, 10, 100
        return
    for far, near, rest in (
        (distinct[0], distinct[1], distinct[1:]), (distinct[-1], distinct[-2], distinct[:-1]),
    ):  # fmt: skip
        if abs(far - near) > factor * np.ptp(rest):
            rows = np.flatnonzero(values == far)
            findings.warn(
                lines[rows[0]],
                f"the target {far:g} is far from all others ({len(rows)} "
                f"row{'s' * (len(rows) > 1)})",
                "if it stands for a missing value, leave the sample out",
            )
