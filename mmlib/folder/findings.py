"""What is found in a folder: faults, doubts and remarks, each one sentence with its place."""

from typing import NamedTuple

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
    """

    level: str
    where: str
    what: str
    remedy: str = ""

    def __str__(self):
        return f"{self.where}: {self.what}" + (f"; {self.remedy}." if self.remedy else ".")


class Findings(list):
    """All findings of one look at a folder, in the order in which they were made."""

    def error(self, where, what, remedy):
        """Something that must be mended first."""
        self.append(Finding(ERROR, str(where), what, remedy))

    def warn(self, where, what, remedy):
        """Something that may make a result wrong."""
        self.append(Finding(WARNING, str(where), what, remedy))

    def note(self, where, what):
        """What was done to the data, or how something was understood."""
        self.append(Finding(NOTE, str(where), what))

    def of(self, level):
        """The findings of one level."""
        return [finding for finding in self if finding.level == level]


def some(names, most=3):
    """The first few of many names, for a sentence.

    Examples
    --------
    >>> from mmlib.folder.findings import some
    >>> some(["a1", "a2", "a3", "a4", "a5"])
    'a1, a2, a3 and 2 more'
    """
    names = [str(name) for name in names]
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
