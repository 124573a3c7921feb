"""Words become codes in their order, and strangers are known as such."""

import numpy as np
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer

from mmlib.features.codes import WordCodes

TEXTS = ["Not bitter, but sweet!", "sweet", "bitter bitter coffee"]


def test_codes_stand_in_the_order_of_the_words_and_zeros_behind():
    codes = WordCodes().fit(TEXTS)
    word = {code: word for word, code in codes.vocabulary_.items()}
    rows = codes.transform(TEXTS)
    assert rows.shape == (3, 4) and rows.dtype.kind == "i"
    assert [word[c] for c in rows[0]] == ["not", "bitter", "but", "sweet"]
    assert rows[1, 1:].tolist() == [0, 0, 0] and rows[2, 0] == rows[2, 1]


def test_words_are_those_of_scikit_learn():
    vocabulary = set(CountVectorizer().fit(TEXTS).vocabulary_)
    assert set(WordCodes().fit(TEXTS).vocabulary_) == vocabulary


def test_unknown_words_get_the_code_one_and_long_texts_are_cut():
    codes = WordCodes().fit(TEXTS)
    assert codes.transform(["sweet tea", "tea tea tea tea tea"])[:, :2].tolist() == [
        [codes.vocabulary_["sweet"], 1], [1, 1]
    ]  # fmt: skip
    assert codes.transform(["sweet " * 9]).shape == (1, 4)
    assert clone(codes).set_params(length=2).fit(TEXTS).transform(TEXTS).shape == (3, 2)


def test_nothing_is_learned_from_texts_that_are_only_transformed():
    codes = WordCodes().fit(TEXTS)
    before = codes.transform(TEXTS)
    codes.transform(["entirely other words"])
    np.testing.assert_array_equal(codes.transform(TEXTS), before)
    assert WordCodes().fit([""]).transform(["", "word"]).tolist() == [[0], [1]]
