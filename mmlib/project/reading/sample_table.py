"""The table of samples: ids, labels or a quantity, groups; and what is joined to it by id."""

import re
from collections import Counter

from .doubts import doubt_ids, doubt_no_group
from .findings import some
from .picture_paths import ENDINGS
from .spectrum_tables import band_columns
from .text_tables import find_table, not_read, read_table

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
                    "fill it in, or take the sample out",
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
                )  # fmt: skip
    for name in modalities:
        if name in columns:
            samples[name] = dict(zip(columns["id"], columns[name], strict=True))
    known = {"id", *kinds, "group", "split", *modalities}
    known |= {names[k] for k in band_columns(table.header)}
    samples["info"] = {name: columns[name] for name in columns if name not in known}
    return samples


def _renames(header, labeled):
    """Columns that others call by another name, as a hint."""
    usual = {"id": ("sample", "sample id", "sample_id", "sampleid", "name", "probe", "nr", "no")}
    if labeled:
        usual["label"] = ("class", "species", "variety", "type", "treatment", "category", "klasse")
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
        elif sample in seen:
            findings.error(
                where, f"id {sample!r} was used before ({seen[sample]})", "rename one of the two"
            )
        seen.setdefault(sample, where)


def join_to_samples(what, found, ids, findings):
    """What was found, in the order of the ids; None, with the reasons noted, where any lacks.

    Parameters
    ----------
    what : str
        Of which modality, for the sentences.
    found : dict
        Id, as written in its file -> what was read of it, or None where it is broken.
    ids : list of str
    findings : Findings

    Returns
    -------
    dict or None
    """
    found = alike(what, found, ids, findings)
    return {i: found[i] for i in ids} if all_there(what, found, ids, findings) else None


def all_there(what, found, ids, findings):
    """Whether each sample has one; samples without, and ones without a sample, are named.

    None in `found` stands for one that is broken, which was said already. Its id may be
    unknown: then it may be any that is missing.
    """
    if not found:
        return False
    ids = [sample for sample in ids if sample]
    missing = [sample for sample in ids if sample not in found]
    extra = [sample for sample in found if sample not in set(ids)]
    broken = [sample for sample in found if found[sample] is None]
    repeats = _repeats(extra, set(missing))
    if len(missing) == len(ids):
        findings.error(
            what,
            f"no id is that of a sample: {some(found)} against {some(ids)}",
            repeats or "write the ids alike in both",
        )
        return False
    if len(missing) > len(set(broken) & set(extra)):
        findings.error(
            what, f"{len(missing)} sample(s) have none: {some(missing)}",
            repeats or "add it, or take the sample out of the table",
        )  # fmt: skip
    unused = [sample for sample in extra if sample not in broken]
    if unused:
        findings.warn(
            what, f"{len(unused)} belong to no sample: {some(unused)}", "they are not used"
        )
    return not missing and not broken


def _repeats(extra, missing):
    """What to do where several names begin with the id of one sample, as s1-a and s1-b."""
    of = {}
    for name in extra:
        for sign in re.finditer(r"[\s._-]", name):
            if name[: sign.start()] in missing:
                of.setdefault(name[: sign.start()], []).append(name)
    sample, names = max(of.items(), key=lambda item: len(item[1]), default=("", ()))
    if len(names) < 2:
        return ""
    return (
        f"if {some(names)} are repeats of {sample}, average them, or give each a row of its own "
        f"in the table of samples, with {sample} as its group"
    )


def alike(what, found, ids, findings):
    """The found ones under the ids of the samples, where a spreadsheet changed the spelling.

    007 becomes 7 in a spreadsheet, and a list of files holds 7.png. Such ids are joined where
    there is one way to do so, and that is said.

    Parameters
    ----------
    what : str
    found : dict
        Id, as written in its file -> spectrum or picture.
    ids : list of str
    findings : Findings

    Returns
    -------
    dict

    Examples
    --------
    >>> from mmlib.project.reading.findings import Findings
    >>> from mmlib.project.reading.sample_table import alike
    >>> found = Findings()
    >>> alike("picture", {"007": "a", "x8": "b"}, ["7", "8"], found)
    {'7': 'a', 'x8': 'b'}
    >>> print(found[0])
    picture: 007 was taken for id 7 (1 in all); write the ids alike in both.
    """
    missing, extra = [i for i in ids if i not in found], [i for i in found if i not in set(ids)]
    samples, others = _by_core(missing), _by_core(extra)
    taken = {others[core][0]: samples[core][0] for core in samples
             if len(samples[core]) == 1 and len(others.get(core, ())) == 1}  # fmt: skip
    if taken:
        other, sample = next(iter(taken.items()))
        findings.warn(
            what, f"{other} was taken for id {sample} ({len(taken)} in all)",
            "write the ids alike in both",
        )  # fmt: skip
    return {taken.get(name, name): thing for name, thing in found.items()}


def _by_core(names):
    """Names by what is left without the ending of a picture and zeros in front of a number."""
    cores = {}
    for name in names:
        core = next((name[: -len(end)] for end in ENDINGS if name.lower().endswith(end)), name)
        cores.setdefault((core.lstrip("0") or "0") if core.isdigit() else core, []).append(name)
    return cores
