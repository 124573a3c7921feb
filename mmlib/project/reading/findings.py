"""What is found in a folder: faults, doubts and remarks, each one sentence with its place."""

from contextlib import contextmanager
from typing import NamedTuple

from ..saying import plain

ERROR, WARNING, NOTE = "error", "warning", "note"


class Finding(NamedTuple):
    """One thing that was found.

    Attributes
    ----------
    level : {"error", "warning", "note"}
        An error keeps the data from being used; a warning may make a result wrong; a note
        says what was done to the data.
    where : str
        File, row, id.
    what : str
    remedy : str
        Empty for a note.
    code : str
        Of a leak or shortcut, see `mmlib.evaluation.leaks`; else empty.
    samples : tuple of str
        Ids of all samples that it is about, of which the sentence names only the first few; empty
        where it is about a file or a table as a whole.
    """

    level: str
    where: str
    what: str
    remedy: str = ""
    code: str = ""
    samples: tuple = ()

    def __str__(self):
        said = f"{self.where}: {self.what}" + (f"; {self.remedy}." if self.remedy else ".")
        return f"{said} [{self.code}]" if self.code else said


class Findings(list):
    """All findings of one look at a folder, in the order in which they were made.

    Attributes
    ----------
    signs : set of {"point", "comma"}
        Decimal signs met so far: whoever uses one in a table will hardly use the other in the next.

    Examples
    --------
    Which samples shall be measured again:

    >>> from mmlib.project.reading.findings import Findings
    >>> found = Findings()
    >>> found.error("spectrum (id a1)", "it is flat (2 in all)", "measure it again",
    ...             samples=["a1", "a7"])
    >>> sorted({sample for finding in found for sample in finding.samples})
    ['a1', 'a7']
    """

    def __init__(self):
        super().__init__()
        self.signs = set()
        self._about = ()

    def error(self, where, what, remedy, code="", samples=()):
        """Something that must be mended first."""
        self._add(ERROR, where, what, remedy, code=code, samples=samples)

    def warn(self, where, what, remedy, code="", samples=()):
        """Something that may make a result wrong."""
        self._add(WARNING, where, what, remedy, code=code, samples=samples)

    def note(self, where, what, code="", samples=()):
        """What was done to the data, or how something was understood."""
        self._add(NOTE, where, what, code=code, samples=samples)

    @contextmanager
    def about(self, sample):
        """What is found inside is about this sample, where nothing else is said."""
        before, self._about = self._about, (sample,)
        try:
            yield
        finally:
            self._about = before

    def _add(self, level, *parts, code, samples):
        """Cells and names of files may hold anything, and be of any length."""
        samples = tuple(filter(None, map(str, samples))) or self._about
        said = map(plain, parts, (300, 400, 400))
        self.append(Finding(level, *said, code=code, samples=samples))

    def of(self, level):
        """The findings of one level."""
        return [finding for finding in self if finding.level == level]


def in_short(findings, most=3, levels=(ERROR, WARNING, NOTE)):
    """Lines to print; of many findings that ask for the same thing only the first few.

    Examples
    --------
    >>> from mmlib.project.reading.findings import Findings, in_short
    >>> found = Findings()
    >>> for k in range(9):
    ...     found.error(f"row {k}", "the id is empty", "fill it in")
    >>> print(*in_short(found), sep="\\n")
    ERROR   row 0: the id is empty; fill it in.
    ERROR   row 1: the id is empty; fill it in.
    ERROR   row 2: the id is empty; fill it in.
            and 6 more of this kind.
    """
    kinds = {}
    for level in levels:
        for finding in findings.of(level):
            kinds.setdefault((level, finding.remedy or finding), []).append(finding)
    for (level, _), alike in kinds.items():
        shown = alike if len(alike) <= most + 1 else alike[:most]
        yield from (f"{level.upper():8}{finding}" for finding in shown)
        if len(alike) > len(shown):
            yield f"{'':8}and {len(alike) - len(shown)} more of this kind."


def some(names, most=3):
    """The first few of many names, for a sentence.

    Examples
    --------
    >>> from mmlib.project.reading.findings import some
    >>> some(["a1", "a2", "a3", "a4", "a5"])
    'a1, a2, a3 and 2 more'
    """
    names = list(names)
    more = len(names) - most
    first = ", ".join(plain(name, 80) for name in names[:most])
    return first + (f" and {more} more" if more > 0 else "")
