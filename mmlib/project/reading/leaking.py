"""Leaks and shortcuts among the findings of a folder, and in what a report says of its data."""

from ...evaluation.leaks import find_leaks
from .findings import WARNING

FAULTS = ArithmeticError, LookupError, MemoryError, RuntimeError, TypeError, ValueError


def tell_leaks(data, findings):
    """Add each leak to the findings, and to the notes and warnings that the data carry.

    Parameters
    ----------
    data : MultimodalData
        Its ``meta["notes"]`` and ``meta["warnings"]`` are those of all findings afterwards.
    findings : Findings

    Examples
    --------
    >>> import numpy as np
    >>> import mmlib
    >>> from mmlib.project.reading.findings import Findings
    >>> from mmlib.project.reading.leaking import tell_leaks
    >>> leaves = mmlib.make_leaves(40, leaves_per_plant=1)
    >>> leaves.info["operator"] = np.where(leaves.y > 2, "A", "B")
    >>> found = Findings()
    >>> tell_leaks(leaves, found)
    >>> [finding.code for finding in found]
    ['L2']
    """
    try:
        leaks = find_leaks(data)
    except FAULTS as error:  # a look for doubts is no reason to refuse the data
        leaks = []
        findings.note("samples", f"leaks were not looked for ({type(error).__name__}: {error})")
    for leak in leaks:
        said = f"{leak.what} ({leak.how}), and {leak.why}"
        if leak.sure:
            findings.warn(leak.where, said, leak.remedy, leak.code)
        else:
            findings.note(leak.where, f"{said}; {leak.remedy}", leak.code)
    data.meta["notes"] = [str(finding) for finding in findings]
    data.meta["warnings"] = [str(finding) for finding in findings.of(WARNING)]
