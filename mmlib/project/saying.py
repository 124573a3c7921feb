"""What is shown: text from files, made harmless and not endless; numbers, in one way; plurals."""

import os
import re
import shlex
import unicodedata
from subprocess import list2cmdline

import numpy as np

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


def number(x, sign=""):
    """Three decimals, or two digits of what would read as zero; below 1e-12 it is rounding.

    Examples
    --------
    >>> from mmlib.project.saying import number
    >>> number(0.5), number(0.000123, "+"), number(float("nan"))
    ('0.500', '+0.00012', 'not given')
    """
    if not np.isfinite(x):
        return "not given"
    return f"{x:{sign}.2g}" if 1e-12 < abs(x) < 0.0005 else f"{x:{sign}.3f}"


def p_value(p):
    """A p, as everywhere in the report; what is under 0.05 does not read as if it were not.

    Examples
    --------
    >>> from mmlib.project.saying import p_value
    >>> p_value(0.0123), p_value(1e-9), p_value(0.0499), p_value(float("nan"))
    ('0.012', 'under 0.001', 'under 0.050', 'not given')
    """
    if 0.0495 <= p < 0.05:
        return "under 0.050"
    return "not given" if np.isnan(p) else f"{p:.3f}" if p >= 0.0005 else "under 0.001"


def points(x, sign="+"):
    """Hundredths of a score, with one decimal, or a digit of what would read as zero.

    Examples
    --------
    >>> from mmlib.project.saying import points
    >>> points(-3.04), points(0.01), points(float("nan"))
    ('-3.0', '+0.01', 'not given')
    """
    if 1e-9 < abs(x) < 0.05:
        return f"{x:{sign}.1g}"
    return f"{x:{sign}z.1f}" if np.isfinite(x) else "not given"


def count(n, one, many=None):
    """So many of something.

    Examples
    --------
    >>> from mmlib.project.saying import count
    >>> count(1, "group"), count(2, "group"), count(3, "class", "classes")
    ('1 group', '2 groups', '3 classes')
    """
    return f"{n} {one if n == 1 else many or f'{one}s'}"
