"""Sentences about a digit: "it is even but not large". Their order matters; ceilings are known."""

from itertools import permutations

import numpy as np

TRUE_OF = {
    "even": (0, 2, 4, 6, 8),
    "prime": (2, 3, 5, 7),
    "large": (5, 6, 7, 8, 9),
    "square": (0, 1, 4, 9),
    "round": (0, 3, 6, 8, 9),
}
SAID = {
    "even": ("even", "divisible by two"),
    "prime": ("prime", "a prime number"),
    "large": ("large", "above four"),
    "square": ("square", "a square number"),
    "round": ("round", "drawn with curves"),
}
PAIRS = list(permutations(TRUE_OF, 2))


def digit_sentences(digits, wrong=0.1, random_state=0):
    """A sentence that names something true of each digit, and something that is not.

    Parameters
    ----------
    digits : array-like of int, shape (samples,)
        0 to 9.
    wrong : float
        Share of the sentences in which the two are exchanged.
    random_state : int

    Returns
    -------
    ndarray of object (str), shape (samples,)
        Each property in two wordings, each pair in two orders.

    Examples
    --------
    >>> from mmlib.data.clues import digit_sentences
    >>> digit_sentences([1], wrong=0).tolist()
    ['it is not round but a square number']
    """
    rng, sentences = np.random.default_rng(random_state), []
    for digit in np.asarray(digits):
        fitting = [pair for pair in PAIRS if _fits(digit, *pair)]
        yes, no = fitting[rng.integers(len(fitting))]
        if rng.random() < wrong:
            yes, no = no, yes
        yes, no = SAID[yes][rng.integers(2)], SAID[no][rng.integers(2)]
        turned = rng.random() < 0.5
        sentences.append(f"it is not {no} but {yes}" if turned else f"it is {yes} but not {no}")
    return np.array(sentences, object)


def sentence_ceilings(wrong=0.1):
    """Best reachable accuracy for such sentences, with the order of words and without.

    All pairs are counted: of each sentence the digit is taken for which it is most probable.
    Without order "even but not large" and "large but not even" are the same.

    Parameters
    ----------
    wrong : float
        See `digit_sentences`.

    Returns
    -------
    dict of str to float
        "in order" and "as a bag"; digits are equally frequent.

    Examples
    --------
    >>> from mmlib.data.clues import sentence_ceilings
    >>> {name: round(best, 2) for name, best in sentence_ceilings(wrong=0.1).items()}
    {'in order': 0.33, 'as a bag': 0.2}
    """
    chance = np.zeros((10, len(PAIRS)))
    for digit in range(10):
        fitting = [k for k, pair in enumerate(PAIRS) if _fits(digit, *pair)]
        for k in fitting:
            yes, no = PAIRS[k]
            chance[digit, k] += (1 - wrong) / len(fitting)
            chance[digit, PAIRS.index((no, yes))] += wrong / len(fitting)
    turned = [PAIRS.index((no, yes)) for yes, no in PAIRS]
    either = chance + chance[:, turned]
    return {
        "in order": float(chance.max(0).sum() / 10),
        "as a bag": float(either.max(0).sum() / 20),  # each pair was met twice
    }


def _fits(digit, yes, no):
    return digit in TRUE_OF[yes] and digit not in TRUE_OF[no]
