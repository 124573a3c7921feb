"""Text from files, made fit to be shown: no terminal takes it for a command, nor is it endless."""

import os
import re
import shlex
import unicodedata
from subprocess import list2cmdline

UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp", "Co")  # controls, directions, halves of letters, line ends
JOINERS = "\u200c\u200d\xad"  # which Persian, Hindi and hyphenation need
ODD = re.compile(r"[^\x20-\x7e]")


def plain(text, most=600, keep=""):
    r"""A text on one line: controls are written as ``\x1b``, what is too long loses its middle.

    Parameters
    ----------
    text : object
    most : int
        Letters.
    keep : str
        Controls that may stay, such as a line feed in what mmlib itself composed.

    Returns
    -------
    str

    Examples
    --------
    >>> from mmlib.project.saying import plain
    >>> print(plain("a\x1b[31m\nb"), plain("x" * 1000, 9))
    a\x1b[31m\nb xxxxxx…xx
    """
    text = str(text)
    if len(text) > most:
        end = most // 4
        text = f"{text[: most - 1 - end]}…{text[-end:]}"
    return ODD.sub(lambda found: found[0] if found[0] in keep else _shown(found[0]), text)


def _shown(letter):
    if letter in JOINERS or unicodedata.category(letter) not in UNSEEN:
        return letter
    return ascii(letter)[1:-1]


def quoted(path):
    """A path as part of a command to copy: one word, and nothing in it that a shell would run.

    Letters, blanks and the like stand in double quotes, which Windows takes as well.

    Examples
    --------
    >>> from mmlib.project.saying import quoted
    >>> quoted("pears"), quoted("$(ls)") != "$(ls)"
    ('pears', True)
    """
    path = str(path)
    if os.name == "nt":
        return list2cmdline([path])
    harmless = " " in path and re.fullmatch(r"[\w ./+-]+", path)
    return f'"{path}"' if harmless else shlex.quote(path)
