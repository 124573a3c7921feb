"""word2vec: what its guessing ends at, that it repeats itself, and what a missing extra says."""

import sys

import numpy as np
import pandas as pd
import pytest
from tasting_notes import tasters

from mmlib import DataError
from mmlib.features.text import nearest
from mmlib.features.word2vec import word2vec


def test_skip_gram_with_random_words_ends_at_the_mutual_information():
    """Levy & Goldberg (2014): of one pair, the best product is the log ratio minus log k."""
    together, word, neighbor, total, k = 30.0, 100.0, 60.0, 1000.0, 5
    products = np.linspace(-5, 5, 200001)
    negative = k * word * neighbor / total
    loss = together * np.logaddexp(0, -products) + negative * np.logaddexp(0, products)
    best = np.log(together * total / (word * neighbor)) - np.log(k)
    assert products[loss.argmin()] == pytest.approx(best, abs=1e-3)


def test_word2vec_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "gensim.models", None)
    monkeypatch.setitem(sys.modules, "gensim", None)
    with pytest.raises(DataError, match=r'pip install "mmlib\[text\]"'):
        word2vec(["dark"] * 9)


@pytest.mark.parametrize("skip_gram", [False, True])
def test_word2vec_finds_words_of_one_kind_and_repeats_itself(skip_gram):
    pytest.importorskip("gensim", reason='needs pip install "mmlib[text]"')
    notes, _ = tasters(1000)
    one, two = (word2vec(notes, 8, skip_gram) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    assert nearest(one, "fruit2", 1)[0].startswith("fruit")
    with pytest.raises(DataError, match="lower min_count"):
        word2vec(["only rare words"])
