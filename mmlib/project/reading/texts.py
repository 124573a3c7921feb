"""Texts in the table of samples: tidied, and doubts about them told."""

import re

import numpy as np

from ...features.words import words_of
from .numerals import MISSING

LONGEST = 20_000  # letters
LONG_ENOUGH = 8  # words, from which on nobody writes the same by chance


def read_texts(texts, findings):
    """Id -> text, of those that hold a word; what is empty is not there, which is told elsewhere.

    Parameters
    ----------
    texts : mapping of str to str
        Id -> cell of the table of samples.
    findings : Findings

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> from mmlib.project.reading.findings import Findings
    >>> from mmlib.project.reading.texts import read_texts
    >>> read_texts({"s1": "dark,  smoky", "s2": "", "s3": "n/a"}, Findings())
    {'s1': 'dark, smoky'}
    """
    found, met = {}, {}
    for sample, cell in texts.items():
        text = tidy(cell)
        if not text:
            continue
        if len(text) > LONGEST:
            findings.error(
                f"text (id {sample})",
                f"it has {len(text):,} letters, and {LONGEST:,} are the most",
                "write what matters of it, or keep it in a file of its own",
                samples=[sample],
            )
        found[sample] = text
        key = tuple(words_of(text))
        if len(key) >= LONG_ENOUGH and key in met:
            findings.warn(
                f"text (id {sample})", f"it is the same, word for word, as that of {met[key]}",
                "if one of the two is a copy, find the right one", "L6", [sample, met[key]],
            )  # fmt: skip
        met.setdefault(key, sample)
    if found and not any(map(words_of, found.values())):
        findings.error(
            "text", "no text holds a word of two letters or more",
            "write words, or take the column away",
        )  # fmt: skip
    return found


def doubt_named(texts, labels, findings):
    """Whoever knows the label writes it down, and then a model reads it instead of the sample.

    Parameters
    ----------
    texts : mapping of str to str
        By id.
    labels : mapping of str to str
    findings : Findings

    Examples
    --------
    >>> from mmlib.project.reading.findings import Findings
    >>> from mmlib.project.reading.texts import doubt_named
    >>> found = Findings()
    >>> doubt_named({"s1": "A ripe one", "s2": "raw, hard", "s3": "so ripe"},
    ...             {"s1": "ripe", "s2": "raw", "s3": "ripe"}, found)
    >>> print(found[0].what)
    it names its own label in 3 of 3 samples, and another one in 0
    """
    words = {label: set(words_of(label)) for label in set(labels.values())}
    own, other = [], 0
    for sample, text in texts.items():
        there = set(words_of(text))
        named = {label for label, parts in words.items() if parts and parts <= there}
        own += [sample] * (labels[sample] in named)
        other += bool(named - {labels[sample]})
    if len(own) >= 3 and len(own) > 3 * other:
        findings.warn(
            f"text (id {own[0]})",
            f"it names its own label in {len(own)} of {len(texts)} samples, and another one in "
            f"{other}",
            "if whoever wrote it knew the label, take such words out",
            samples=own,
        )


def tidy(cell):
    """A text with single blanks; "" for what stands for a missing one, or has no letter at all."""
    text = " ".join(cell.split())
    return "" if text.lower() in MISSING or not re.search(r"[^\W_]", text) else text


def as_array(texts):
    """Texts as an array of objects, which is how data hold them, shape (samples,)."""
    return np.array(list(texts), object)
