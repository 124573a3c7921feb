"""Sentences about digits: true as often as said, and their ceilings."""

import re

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from mmlib.data.clues import PAIRS, SAID, TRUE_OF, digit_sentences, sentence_ceilings

DIGITS = np.repeat(np.arange(10), 400)


def parse(sentence):
    """The property that is said to be there, and the one that is said not to be."""
    turned = re.fullmatch(r"it is not (.+) but (.+)", sentence)
    yes, no = (
        turned.groups()[::-1]
        if turned
        else re.fullmatch(r"it is (.+) but not (.+)", sentence).groups()
    )
    name = {said: key for key, both in SAID.items() for said in both}
    return name[yes], name[no]


def test_what_is_said_is_true_but_for_the_share_that_is_exchanged():
    for wrong in (0, 0.2):
        pairs = [parse(s) for s in digit_sentences(DIGITS, wrong, random_state=3)]
        true = [d in TRUE_OF[yes] and d not in TRUE_OF[no]
                for d, (yes, no) in zip(DIGITS, pairs, strict=True)]  # fmt: skip
        assert np.mean(true) == pytest.approx(1 - wrong, abs=0.03)
        assert set(pairs) <= set(PAIRS)


def test_ceilings_are_reached_by_looking_up_and_not_passed():
    """A table of all sentences, as large as the sample is: its own score is near the ceiling."""
    y, best = np.tile(np.arange(10), 6000), sentence_ceilings(0.1)
    pairs = [parse(s) for s in digit_sentences(y, 0.1, random_state=1)]
    for name, keys in {"in order": pairs, "as a bag": [tuple(sorted(p)) for p in pairs]}.items():
        codes = np.unique(np.array(keys), axis=0, return_inverse=True)[1]
        table = np.zeros((codes.max() + 1, 10))
        np.add.at(table, (codes, y), 1)
        assert (table.argmax(1)[codes] == y).mean() == pytest.approx(best[name], abs=0.012)


def test_without_order_both_readings_are_one_bag():
    counts = CountVectorizer().fit_transform(
        ["it is even but not large", "it is large but not even"]
    )
    assert (counts[0] != counts[1]).nnz == 0
    best = sentence_ceilings(0.5)  # exchanged as often as not: order tells nothing any more
    assert best["in order"] == pytest.approx(best["as a bag"])
    assert sentence_ceilings(0)["as a bag"] == pytest.approx(sentence_ceilings(0.1)["as a bag"])


def test_the_same_number_gives_the_same_sentences():
    np.testing.assert_array_equal(digit_sentences(DIGITS), digit_sentences(DIGITS))
    assert (digit_sentences(DIGITS) != digit_sentences(DIGITS, random_state=1)).any()
