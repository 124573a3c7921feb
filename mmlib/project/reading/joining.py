"""What was measured, joined to the samples by id; ids that spreadsheets spelled anew are found."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from .findings import some
from .sample_paths import PHOTOS, WAVES


class Measured(NamedTuple):
    """One modality of a folder, as its reader returns it.

    Attributes
    ----------
    values : ndarray
        Samples first, in the order of `ids`.
    axis : ndarray, optional
        Where its columns were measured.
    unit : str, optional
        Of the axis.
    meta : mapping, optional
        What was done to it, kept in ``data.meta`` under these names.
    ids : list of str, optional
        Of the samples that have it, in the order of the table of samples; None for all of them.
    """

    values: np.ndarray
    axis: np.ndarray | None = None
    unit: str | None = None
    meta: Mapping = MappingProxyType({})
    ids: list | None = None


def join_to_samples(what, found, ids, findings):
    """What was found, in the order of the ids; None, with the reasons noted, where it is of no use.

    A sample without one is not in what is returned, which is no fault. One that is broken is.

    Parameters
    ----------
    what : str
        Of which modality, for the sentences.
    found : dict
        Id, as written in its file -> what was read of it, or None where it is broken, which was
        said already. Its id may be unknown: then it may be any that is missing.
    ids : list of str
    findings : Findings

    Returns
    -------
    dict or None
    """
    found = alike(what, found, ids, findings)
    if not found:
        return None
    known = {sample for sample in ids if sample}
    missing = [sample for sample in ids if sample and sample not in found]
    extra = [sample for sample in found if sample not in known]
    repeats = _repeats(extra, set(missing))
    if len(missing) == len(known):
        findings.error(
            what,
            f"no id is that of a sample: {some(found)} against {some(ids)}",
            repeats or "write the ids alike in both",
        )
        return None
    if repeats:
        findings.error(what, f"{none_of(missing)}: {some(missing)}", repeats, samples=missing)
        return None
    unused = [sample for sample in extra if found[sample] is not None]
    if unused:
        findings.warn(
            what, f"{len(unused)} belong{'s' * (len(unused) == 1)} to no sample: {some(unused)}",
            f"{'it is' if len(unused) == 1 else 'they are'} not used",
        )  # fmt: skip
    if any(thing is None for thing in found.values()):
        return None
    return {i: found[i] for i in ids if i in found}


def none_of(missing):
    """That so many samples have none.

    Examples
    --------
    >>> from mmlib.project.reading.joining import none_of
    >>> none_of(["s1"]), none_of(["s1", "s2"])
    ('1 sample has none', '2 samples have none')
    """
    return "1 sample has none" if len(missing) == 1 else f"{len(missing)} samples have none"


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

    007 becomes 7 in a spreadsheet, a list of files holds 7.png, and S8 may be s8 elsewhere. Such
    ids are joined where there is one way to do so, and that is said.

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
    >>> from mmlib.project.reading.joining import alike
    >>> found = Findings()
    >>> alike("picture", {"007": "a", "x8": "b"}, ["7", "8"], found)
    {'7': 'a', 'x8': 'b'}
    >>> print(found[0])
    picture: 007 was taken for id 7 (1 in all); write the ids alike in both.
    """
    known = set(ids)
    missing, extra = [i for i in ids if i not in found], [i for i in found if i not in known]
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
    """Names by what is left without the ending of a file, zeros in front, and capitals."""
    cores, endings = {}, (*PHOTOS, *WAVES)
    for name in names:
        core = next((name[: -len(end)] for end in endings if name.lower().endswith(end)), name)
        core = (core.lstrip("0") or "0") if core.isdigit() else core.casefold()
        cores.setdefault(core, []).append(name)
    return cores
