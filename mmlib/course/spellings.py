"""Which answer is meant: the same word in another spelling, order or container.

A learner who knows the answer should not have to guess how it is to be typed. So texts are
compared by their words, and a choice may be named by some of its words, if no other choice has
them.
"""

import re

# Words that say nothing about which choice is meant.
FILLING = {"a", "an", "and", "are", "as", "at", "be", "by", "in", "is", "it", "its", "of"}
FILLING |= {"on", "or", "the", "then", "to", "with"}
TURNING = {"cannot", "neither", "never", "no", "none", "nor", "not", "without"}
NUMBER = re.compile(
    r"([-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[-+]?\d+)?)\s*(%|percent)?[a-z /]*", re.I
)


def words(answer):
    """The words of a text, or of a few texts in a list, in lower case and without punctuation.

    Parameters
    ----------
    answer : str, number, or a list, tuple or set of them

    Returns
    -------
    list of str
        Empty where there are no words.

    Examples
    --------
    >>> from mmlib.course.spellings import words
    >>> words(["Falls, then rises."]), words('"more than 30%"')
    (['falls', 'then', 'rises'], ['more', 'than', '30', 'percent'])
    """
    if isinstance(answer, set | frozenset):
        answer = sorted(map(str, answer))
    if isinstance(answer, list | tuple):
        return [word for part in answer for word in words(part)]
    text = str(answer).casefold().replace("%", " percent ").replace("&", " and ")
    return re.findall(r"[^\W_]+(?:\.\d+)?", text)


def chosen(answer, choices, synonyms=None):
    """Which of a few choices is meant.

    Parameters
    ----------
    answer : str, or a list, tuple or set of str
    choices : sequence
        What may be chosen.
    synonyms : mapping of str to one of the choices, optional
        Other names, used in the text.

    Returns
    -------
    choice
        One of `choices`; None where none is meant, or where more than one may be.

    Examples
    --------
    >>> from mmlib.course.spellings import chosen
    >>> chosen("BETTER", ["fusion is better", "fusion is useless"])
    'fusion is better'
    >>> chosen(["blight", "healthy"], ["healthy and blight", "healthy and drought"])
    'healthy and blight'
    >>> chosen("healthy", ["healthy and blight", "healthy and drought"]) is None
    True
    >>> chosen("joint fusion", ["early", "intermediate"], {"joint": "intermediate"})
    'intermediate'
    """
    said = words(answer)
    names = [(choice, words(choice)) for choice in choices]
    names += [(choice, words(name)) for name, choice in (synonyms or {}).items()]
    telling = [word for word in said if word not in FILLING]
    if not telling:
        return _only(choice for choice, name in names if name == said)
    # From the same words in the same order to a few of them: the first rule that finds one.
    rules = (
        lambda name: name == said,
        lambda name: _telling(name) == telling,
        lambda name: sorted(_telling(name)) == sorted(telling),
        lambda name: set(telling) < set(_telling(name)) and _agree(telling, name),
    )
    for rule in rules:
        if (found := _only(choice for choice, name in names if rule(name))) is not None:
            return found
    inside = [(c, n) for c, n in names if set(_telling(n)) < set(telling)]
    # Who names one choice wholly may say more; "30 %" stands in "more than 30 %" as well.
    whole = [
        (choice, name)
        for choice, name in inside
        if not any(set(_telling(name)) < set(_telling(other)) for _, other in inside)
    ]
    found = _only(choice for choice, _ in whole)
    return found if any(_agree(telling, name) for _, name in whole) else None


def named(answer, choices, synonyms=None):
    """All choices that are named, where several may be.

    Parameters
    ----------
    answer : str, or a list, tuple or set of str
    choices : sequence of str
    synonyms : mapping of str to one of the choices, optional

    Returns
    -------
    found : set of str
    rest : list of str
        Words that belong to no choice.

    Examples
    --------
    >>> from mmlib.course.spellings import named
    >>> found, rest = named("Lesions, and synergy or age", ["water", "lesions", "synergy"])
    >>> sorted(found), rest
    (['lesions', 'synergy'], ['age'])
    """
    said = [word for word in words(answer) if word not in FILLING]
    names = [(choice, words(choice)) for choice in choices]
    names += [(choice, words(name)) for name, choice in (synonyms or {}).items()]
    known = [(choice, name) for choice, name in names if set(name) <= set(said)]
    used = {word for _, name in known for word in name}
    return {choice for choice, _ in known}, [word for word in said if word not in used]


def numbers(answer):
    """The numbers in a text such as ``"1.04 to 4.96"``.

    Examples
    --------
    >>> from mmlib.course.spellings import numbers
    >>> numbers("from 1.04 to 4.96"), numbers("[-1,5; 2]"), numbers("none")
    ([1.04, 4.96], [-1.5, 2.0], [])
    """
    mark = r"\." if "." in answer else "[.,]"
    found = re.findall(rf"(?<![\d.])-?\d+(?:{mark}\d+)?", answer)
    return [float(one.replace(",", ".")) for one in found]


def number(text):
    """The number that a text states, such as ``"0,5"`` or ``"32 %"``; None where it is none.

    Returns
    -------
    float or None
        Of a percentage the share.

    Examples
    --------
    >>> from mmlib.course.spellings import number
    >>> number("640"), number("0,5"), number("32 %"), number("many")
    (640.0, 0.5, 0.32, None)
    """
    found = NUMBER.fullmatch(text.strip().strip("\"'").strip().rstrip(". "))
    if not found:
        return None
    value = float(found[1].replace(",", "."))
    return value / 100 if found[2] else value


def truth(text):
    """True for "yes" and "true", False for "no" and "false", None for any other text.

    Examples
    --------
    >>> from mmlib.course.spellings import truth
    >>> truth("Yes."), truth("false"), truth("perhaps")
    (True, False, None)
    """
    said = " ".join(words(text))
    return {"true": True, "yes": True, "false": False, "no": False}.get(said)


def _telling(name):
    return [word for word in name if word not in FILLING] or name


def _agree(said, name):
    """Whether both negate, or neither."""
    return TURNING.isdisjoint(said) == TURNING.isdisjoint(name)


def _only(found):
    found = list(dict.fromkeys(found))
    return found[0] if len(found) == 1 else None
