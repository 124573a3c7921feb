"""Samples that lack a modality: they are named, and left out or kept; the rest becomes data."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from ...base import DataError
from ...data.dataset import MultimodalData
from .called import ONE
from .checks import check_target
from .findings import ERROR, WARNING, Findings, some
from .joining import none_of

LEAVE_OUT, KEEP = WAYS = ("leave-out", "keep")
ROWS = ("id", "lines", "y", "group", "split")  # columns of the table of samples


class Found(NamedTuple):
    """What was read of a folder.

    Attributes
    ----------
    root : pathlib.Path
    samples : dict
        Of `read_samples`.
    modalities : dict of str to Measured
    """

    root: Path
    samples: dict
    modalities: dict

    def lacking(self):
        """Modality -> ids of the samples that have none, in order."""
        there = {name: set(m.ids or self.samples["id"]) for name, m in self.modalities.items()}
        return {
            name: [i for i in self.samples["id"] if i not in ids] for name, ids in there.items()
        }

    def rows(self, names):
        """For each sample, whether it has all the modalities named."""
        lacking = self.lacking()
        gaps = set().union(*(lacking[name] for name in names))
        return np.array([i not in gaps for i in self.samples["id"]], bool)

    def values(self, name, rows):
        """Of one modality, for samples that all have it; `rows` are of the table of samples."""
        measured = self.modalities[name]
        if len(measured.values) == len(rows):
            return measured.values  # all of them, in this order: no copy
        at = {sample: k for k, sample in enumerate(measured.ids or self.samples["id"])}
        return measured.values[[at[self.samples["id"][k]] for k in rows]]


class Checked(NamedTuple):
    """A folder that was looked at.

    Attributes
    ----------
    data : MultimodalData or None
        Of the samples that have everything; None where there is an error.
    findings : Findings
    alone : mapping of str to MultimodalData
        For each modality all samples that have it, where incomplete ones are kept; else empty.
    """

    data: MultimodalData | None
    findings: Findings
    alone: Mapping = MappingProxyType({})


def name_incomplete(found, findings, remedy):
    """Say which samples lack what.

    Parameters
    ----------
    found : Found
    findings : Findings
    remedy : {"leave-out", "keep", ""}
        What becomes of them; empty where that is told elsewhere.
    """
    lacking, n = found.lacking(), len(found.samples["id"])
    gaps = [set(ids) for ids in lacking.values()]
    none = set.intersection(*gaps) if gaps else set()
    nothing = [i for i in found.samples["id"] if i and i in none]  # no id: told already
    for name, ids in lacking.items():
        ids = [i for i in ids if i not in none]
        if ids:
            one = len(ids) == 1
            said = {
                LEAVE_OUT: f"{'it is' if one else 'they are'} left out; --missing keep lets "
                f"{'it' if one else 'them'} take part where that can be",
                KEEP: f"{'it takes' if one else 'they take'} no part in the comparison, but "
                f"{'trains' if one else 'train'} the model that can do without",
                "": f"look at {'its row' if one else 'their rows'} in the predictions",
            }[remedy]
            called = ONE.get(name, name)
            what = f"{none_of(ids)}, of {n}: {some(ids, 5)}"
            findings.warn(called, what, said, samples=ids)
    if nothing:
        names = " and no ".join(ONE.get(name, name) for name in lacking)
        what = none_of(nothing).replace("none", f"no {names}")
        said = f"{'it is' if len(nothing) == 1 else 'they are'} left out"
        what += f", of {n}: {some(nothing, 5)}"
        findings.warn(found.root.name, what, said, samples=nothing)


def as_data(found, findings, missing):
    """The samples as data; a class or group that is too small without the incomplete ones is told.

    Parameters
    ----------
    found : Found
    findings : Findings
    missing : {"leave-out", "keep"}

    Returns
    -------
    Checked
    """
    complete = np.flatnonzero(found.rows(found.modalities))
    if len(complete) < len(found.samples["id"]):
        _check_rest(found, complete, findings)
    if findings.of(ERROR):
        return Checked(None, findings)
    try:
        data, alone = _data(found, complete, found.modalities, findings), {}
        if missing == KEEP:
            named = set(data.target_names)
            for name in found.modalities:
                rows = np.flatnonzero(found.rows([name]))
                if data.labels is not None:  # of another class the models know nothing
                    rows = [k for k in rows if found.samples["y"][k] in named]
                alone[name] = _data(found, rows, [name], findings)
    except DataError as error:
        findings.error(found.root.name, str(error).rstrip("."), "mend it and check again")
        return Checked(None, findings)
    return Checked(data, findings, alone)


def _check_rest(found, complete, findings):
    """What is wrong with the labels of the complete samples, and was not with those of all."""
    if not len(complete):
        names = " and ".join(ONE.get(name, name) for name in found.modalities)
        findings.error(
            found.root.name, f"no sample has {names} at once", "write the ids alike in both"
        )
        return
    rest = _columns(found.samples, complete)
    if found.samples["kind"] == "label":
        gone = sorted(set(found.samples["y"]) - set(rest["y"]))
        if gone:
            findings.warn(
                "samples", f"no complete sample is left of the class {some(gone)}",
                "add what is missing, or the class is unknown to all models",
            )  # fmt: skip
    own = Findings()
    check_target(rest | {"y": [str(y) for y in rest["y"]]}, own)
    known = {finding.what for finding in findings}
    for level, _, what, remedy, _, samples in own:
        if what not in known and level in (ERROR, WARNING):
            say = findings.error if level == ERROR else findings.warn
            say(f"the {len(complete)} complete samples", what, remedy, samples=samples)


def _columns(samples, rows):
    return samples | {key: [samples[key][k] for k in rows] for key in ROWS if key in samples}


def _data(found, rows, names, findings):
    """The samples in some rows, with some of the modalities."""
    samples = _columns(found.samples, rows)
    modalities = {name: found.modalities[name] for name in names}
    meta = {
        "notes": [str(finding) for finding in findings],
        "warnings": [str(finding) for finding in findings.of(WARNING)],
    }
    for measured in modalities.values():
        meta |= measured.meta
    info = {key: np.array(column)[rows] for key, column in samples["info"].items()}
    info |= {"split": np.array(samples["split"])} if "split" in samples else {}
    quantity = samples["kind"] == "target"
    return MultimodalData(
        {name: found.values(name, rows) for name in modalities},
        np.asarray(samples["y"]),
        np.array(samples["group"]) if "group" in samples else None,
        ids=samples["id"],
        axes={name: m.axis for name, m in modalities.items() if m.axis is not None},
        units={name: m.unit for name, m in modalities.items() if m.unit is not None},
        target_names=["target"] if quantity else None,
        task="regression" if quantity else "classification",
        name=found.root.resolve().name,
        info=info,
        meta=meta,
    )
