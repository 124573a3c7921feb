"""Texts as rows of word codes, in the order in which they were written."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils.validation import check_is_fitted


class WordCodes(TransformerMixin, BaseEstimator):
    """Each word becomes a number, and each text the row of its numbers.

    Words are those of scikit-learn's vectorizers. The words of the training part get numbers from
    2 on; a word that was not there gets 1, and behind the last word there are zeros.

    Parameters
    ----------
    length : int, optional
        Words that are read of a text; as many as the longest text in training has where nothing
        is said.

    Attributes
    ----------
    vocabulary_ : dict of str to int
    length_ : int

    Examples
    --------
    >>> from mmlib.features.codes import WordCodes
    >>> codes = WordCodes().fit(["not bitter but sweet"])
    >>> codes.transform(["sweet but bitter", "not sour"]).tolist()
    [[5, 3, 2, 0], [4, 1, 0, 0]]
    """

    def __init__(self, length=None):
        self.length = length

    def fit(self, X, y=None):
        """Learn which words there are, from texts."""
        split = CountVectorizer().build_analyzer()
        texts = [split(text) for text in X]
        words = sorted({word for text in texts for word in text})
        self.vocabulary_ = {word: code for code, word in enumerate(words, start=2)}
        self.length_ = self.length or max([1, *map(len, texts)])
        return self

    def transform(self, X):
        """Codes, int, shape (texts, length)."""
        check_is_fitted(self)
        split = CountVectorizer().build_analyzer()
        rows = np.zeros((len(X), self.length_), int)
        for row, text in zip(rows, X, strict=True):
            codes = [self.vocabulary_.get(word, 1) for word in split(text)][: self.length_]
            row[: len(codes)] = codes
        return rows
