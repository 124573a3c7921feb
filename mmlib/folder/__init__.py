"""Your own folder of photographs and spectra, read and checked.

    my_project/
      samples.csv     id, label (or target), and as you like: group, split, image, spectrum
      spectra.csv     one row a sample: id, then one column for each wavelength
      images/         one picture a sample, named by its id

Instead of spectra.csv there may be a folder ``spectra/`` with a file for each sample.
Tables may be CSV, TSV or Excel. `check_folder` reports every fault in one pass;
`load_folder` gives the data, or says what is wrong. Nothing in the folder is changed.
"""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..data import DataError, MultimodalData, _slice_dict
from .findings import ERROR, Finding, Findings, some
from .pictures import find_pictures, inside, read_pictures
from .sense import check_axis, check_spectra, check_target, check_twins
from .spectra import common_grid, read_spectra
from .tables import find_table, read_table
from .writing import write_folder

__all__ = ["Finding", "Findings", "check_folder", "load_folder", "load_new", "write_folder"]


def load_folder(folder):
    """Read a folder of photographs and spectra.

    Parameters
    ----------
    folder : str or path
        Laid out as told above.

    Returns
    -------
    MultimodalData
        With "spectrum", "image" or both. Notes on what was done to the data are in
        ``data.meta["notes"]``.

    Raises
    ------
    DataError
        When something must be mended first: the first fault, and how many more there are.

    Examples
    --------
    >>> import tempfile
    >>> import mmlib
    >>> from mmlib.folder.template import copy_template
    >>> project = copy_template(tempfile.mkdtemp() + "/my_project")
    >>> mmlib.load_folder(project)
    <my_project: 60 samples, spectrum (211,), image (48, 48, 3), 5 classes, 30 groups>
    """
    data, findings = check_folder(folder)
    _raise_first(findings, folder)
    return data


def check_folder(folder):
    """Look for every fault of a folder in one pass.

    Parameters
    ----------
    folder : str or path

    Returns
    -------
    data : MultimodalData or None
        None where there is an error.
    findings : Findings
        Errors, warnings and notes, each with file, row and remedy.
    """
    root, findings = Path(folder).expanduser(), Findings()
    found = _read(root, findings)
    if found is None:
        return None, findings
    check_target(found.samples, findings)
    if findings.of(ERROR):
        return None, findings
    return _as_data(root, found, findings), findings


def load_new(folder, known):
    """New samples for a saved model: no labels needed, the rest as the model knows it.

    Parameters
    ----------
    folder : str or path
        As for `load_folder`; a label, where there is one, is not looked at.
    known : dict
        What `mmlib.saving.read_about` tells under "data".

    Returns
    -------
    ids : list of str
    X : SliceDict
        The modalities of the model.

    Raises
    ------
    DataError
        When the folder is faulty, lacks a modality, or its wavelengths or channels are not
        those the model was trained on.
    """
    root, findings = Path(folder).expanduser(), Findings()
    found = _read(root, findings, known)
    _raise_first(findings, folder)
    for name in known["shapes"]:
        if name not in found.X:
            raise DataError(f"{root.name} has no {name}, which the model was trained on: add it.")
    return found.samples["id"], _slice_dict({name: found.X[name] for name in known["shapes"]})


def _raise_first(findings, folder):
    errors = findings.of(ERROR)
    if errors:
        more = f" ({len(errors) - 1} more: python -m mmlib check {folder})"
        raise DataError(f"{errors[0]}{more if len(errors) > 1 else ''}")


class _Found(NamedTuple):
    samples: dict
    X: dict
    axes: dict
    units: dict
    shrunk: float


def _read(root, findings, known=None):
    """All that is in the folder, faults among the findings; None where nothing could be read.

    With `known`, what a model was trained on, labels may be absent and shapes must fit.
    """
    if not root.is_dir():
        findings.error(root, "there is no such folder", "check the name")
        return None
    samples = _read_samples(root, findings, labeled=known is None)
    if samples is None:
        return None
    named = samples.get("spectrum", {})
    for sample, name in named.items():
        if name and inside(root, name) is None:
            findings.error(
                f"samples (id {sample})",
                f"spectrum {name!r} leaves the folder",
                "copy it into spectra/ and write its name only",
            )
    spectra, unit = read_spectra(root, named, findings)
    paths = find_pictures(root, samples.get("image", dict.fromkeys(samples["id"])), findings)
    X, axes, units, shrunk = {}, {}, {}, 1.0
    ids = list(dict.fromkeys(filter(None, samples["id"])))
    if _all_there("spectrum", spectra, ids, findings):
        grid = common_grid({i: spectra[i] for i in ids}, unit, findings)
        if grid:
            axes["spectrum"], X["spectrum"], units["spectrum"] = grid
            check_spectra(X["spectrum"], ids, findings)
            if known is not None:
                check_axis(axes["spectrum"], units["spectrum"], known, findings)
    if _all_there("picture", paths, ids, findings):
        pictures = read_pictures({i: paths[i] for i in ids}, findings, known=known)
        if pictures is not None:
            X["image"], shrunk = pictures
            check_twins(X["image"], ids, "picture", findings)
    if not X and not findings.of(ERROR):
        findings.error(
            root.name, "there are neither spectra nor pictures", "add spectra.csv or images/"
        )
    return _Found(samples, X, axes, units, shrunk)


def _read_samples(root, findings, labeled=True):
    """Columns of the table of samples: "id", "y", and those that are there of the others."""
    tables = find_table(root, "samples")
    if len(tables) != 1:
        what = f"it holds {some([t.name for t in tables])}" if tables else "there is no samples.csv"
        findings.error(root.name, what, "keep one table of samples, with columns id and label")
        return None
    table = read_table(tables[0], findings)
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
            "it needs a column id" + labeled * " and either label (a class) or target (a quantity)",
        )
        return None
    columns = {name: [row[k] for row in table.rows] for k, name in enumerate(names) if name}
    lines = [f"{file}, row {line}" for line in table.lines]
    _check_ids(columns["id"], lines, findings)
    samples = {"id": columns["id"], "lines": lines}
    if labeled:
        kind = kinds[0]
        for sample, y, where in zip(columns["id"], columns[kind], lines, strict=True):
            if not y:
                findings.error(f"{where} (id {sample})", f"the {kind} is empty", "fill it in")
        samples |= {"kind": kind, "y": columns[kind]}
    for name in ("group", "split"):
        if name in columns:
            samples[name] = columns[name]
            empty = [i for i, cell in enumerate(columns[name]) if not cell]
            if empty:
                findings.error(lines[empty[0]], f"the {name} is empty", "fill it in")
    for name in ("image", "spectrum"):
        if name in columns:
            samples[name] = dict(zip(columns["id"], columns[name], strict=True))
    known = {"id", *kinds, "group", "split", "image", "spectrum"}
    samples["info"] = {name: columns[name] for name in columns if name not in known}
    return samples


def _check_ids(ids, lines, findings):
    seen = {}
    for sample, where in zip(ids, lines, strict=True):
        if not sample:
            findings.error(where, "the id is empty", "fill it in")
        elif sample in seen:
            findings.error(
                where, f"id {sample!r} was used before ({seen[sample]})", "rename one of the two"
            )
        seen.setdefault(sample, where)


def _all_there(what, found, ids, findings):
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
    if len(missing) == len(ids):
        findings.error(
            what,
            f"no id is that of a sample: {some(found)} against {some(ids)}",
            "write the ids alike in both",
        )
        return False
    if len(missing) > len(set(broken) & set(extra)):
        findings.error(
            what, f"{len(missing)} sample(s) have none: {some(missing)}",
            "add it, or take the sample out of the table",
        )  # fmt: skip
    unused = [sample for sample in extra if sample not in broken]
    if unused:
        findings.warn(
            what, f"{len(unused)} belong to no sample: {some(unused)}", "they are not used"
        )
    return not missing and not broken


def _as_data(root, found, findings):
    samples, X = found.samples, found.X
    notes = [str(finding) for finding in findings]
    info = {k: np.array(v) for k, v in samples["info"].items()}
    info |= {"split": np.array(samples["split"])} if "split" in samples else {}
    try:
        return MultimodalData(
            {name: X[name] for name in ("spectrum", "image") if name in X},
            np.asarray(samples["y"]),
            np.array(samples["group"]) if "group" in samples else None,
            ids=samples["id"],
            axes=found.axes,
            units=found.units,
            target_names=["target"] if samples["kind"] == "target" else None,
            task="regression" if samples["kind"] == "target" else "classification",
            name=root.resolve().name,
            info=info,
            meta={"notes": notes, "shrunk": found.shrunk},
        )
    except DataError as error:
        findings.error(root.name, str(error).rstrip("."), "mend it and check again")
        return None
