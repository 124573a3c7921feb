"""The table of samples: ids, labels or a quantity, groups."""

import re
from collections import Counter

from .band_names import band_columns
from .doubts import SHORTENED, doubt_ids, doubt_no_group
from .findings import some
from .text_tables import ENDINGS as TABLES
from .text_tables import find_folder, find_table, not_read, read_table

DOUBLED = re.compile(r"samples(\.(csv|tsv|txt|xlsx)){2}", re.IGNORECASE)


def read_samples(root, findings, labeled=True, modalities=()):
    """Columns of the table of samples: "id", "y", and those that are there of the others.

    A column with the name of one of the `modalities` tells the file of each sample.
    """
    tables = find_table(root, "samples")
    if len(tables) != 1:
        what = f"it holds {some([t.name for t in tables])}" if tables else "there is no samples.csv"
        inner = [p.parent.name for p in sorted(root.glob("*/samples.*"))]
        doubled = [p.name for p in sorted(root.glob("*.*.*")) if DOUBLED.fullmatch(p.name)]
        what += f" (but the folder {inner[0]} in it has one)" if inner and not tables else ""
        remedy = not_read(root, "samples") if not tables else ""
        if doubled and not tables:
            what += f" (but {some(doubled)}: Windows hides the last ending)"
            remedy = "rename it so that one ending is left"
        others, classes = ([], []) if tables else _instead(root)
        if others and not (inner or doubled or remedy):
            what += f" (but {some(others)})"
            remedy = "if it holds the samples, call it samples.csv (or .xlsx)"
        elif classes and not (inner or doubled or remedy):
            what += f" (but the folders {some(classes)} in images/ look like classes)"
            remedy = "write a table samples.csv with the columns id and label"
        remedy = remedy or (
            "keep one table of samples, with columns id and label"
            if labeled
            else "add a table of the new samples, with a column id"
        )
        findings.error(root.name, what, remedy)
        return None
    table = read_table(tables[0], findings, key="id")
    if table is None:
        return None
    names, file = [name.lower() for name in table.header], tables[0].name
    double = [name for name, n in Counter(names).items() if n > 1 and name]
    if double:
        findings.error(file, f"column {double[0]!r} occurs twice", "rename one")
        return None
    kinds = [name for name in ("label", "target") if name in names]
    if "id" not in names or (labeled and len(kinds) != 1):
        findings.error(
            file,
            f"its columns are {some(table.header, 6)}",
            "it needs a column id" + labeled * " and either label (a class) or target (a quantity)"
            + _renames(table.header, labeled and not kinds),
        )  # fmt: skip
        return None
    columns = {name: [row[k] for row in table.rows] for k, name in enumerate(names) if name}
    lines = [f"{file}, row {line}" for line in table.lines]
    _check_ids(columns["id"], lines, findings)
    samples = {"id": columns["id"], "lines": lines, "table": table}
    if labeled:
        kind = kinds[0]
        for sample, y, where in zip(columns["id"], columns[kind], lines, strict=True):
            if not y:
                findings.error(
                    f"{where} (id {sample})", f"the {kind} is empty",
                    "fill it in, or take the sample out", samples=[sample],
                )  # fmt: skip
        samples |= {"kind": kind, "y": columns[kind]}
        if "group" not in names:
            labels = len(set(columns[kind])) if kind == "label" else 1
            doubt_no_group(table, labels, file, findings)
        if "split" in names:
            findings.note(
                file, "compare draws its own folds; column split is kept in data.info['split']"
            )
    for name in ("group", "split"):
        if name in columns:
            samples[name] = columns[name]
            empty = [i for i, cell in enumerate(columns[name]) if not cell]
            if empty:
                more = f" ({len(empty)} in all)" if len(empty) > 1 else ""
                findings.error(
                    lines[empty[0]], f"the {name} is empty{more}",
                    "fill it in; of merged cells only the first holds it",
                    samples=[columns["id"][i] for i in empty],
                )  # fmt: skip
    for name in modalities:
        if name in columns:
            samples[name] = dict(zip(columns["id"], columns[name], strict=True))
    known = {"id", *kinds, "group", "split", *modalities}
    known |= {names[k] for k in band_columns(table.header)}
    samples["info"] = {name: columns[name] for name in columns if name not in known}
    return samples


def _instead(root):
    """Tables of another name, and folders of pictures that may be classes."""
    others = [path.name for path in sorted(root.iterdir())
              if path.suffix.lower() in TABLES and path.stem.lower() not in ("spectra", "readme")
              and path.is_file()]  # fmt: skip
    images = find_folder(root, "images")
    inner = sorted(path.name for path in images.iterdir() if path.is_dir()) if images else []
    return others, [name for name in inner if name[0] not in "._"]


def _renames(header, labeled):
    """Columns that others call by another name, as a hint."""
    usual = {"id": ("sample", "sample id", "sample_id", "sampleid", "name", "probe", "nr", "no")}
    if labeled:
        usual["label"] = (
            "class", "species", "variety", "cultivar", "type", "condition", "treatment", "category",
            "quality", "grade", "origin", "klasse",
        )  # fmt: skip
        usual["target"] = ("y", "value", "content", "concentration", "response")
    names = [name.lower() for name in header]
    said = [
        f"{header[names.index(other)]!r} to {wanted}"
        for wanted, others in usual.items()
        for other in others
        if other in names and wanted not in names
    ]
    return f": rename {' and '.join(said[:2])}" if said else ""


def _check_ids(ids, lines, findings):
    doubt_ids(ids, lines, findings)
    seen = {}
    for sample, where in zip(ids, lines, strict=True):
        if not sample:
            findings.error(where, "the id is empty", "fill it in, or take the row out")
        elif sample in seen and not SHORTENED.fullmatch(sample):
            findings.error(
                where, f"id {sample!r} was used before ({seen[sample]})", "rename one of the two"
            )
        seen.setdefault(sample, where)
