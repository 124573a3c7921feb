"""Texts of any language to columns: their words, weighted by how few texts have them.

scikit-learn's `TfidfVectorizer` weighs them; its own pattern for words breaks those of India at
their vowel signs, and takes a sentence without blanks for one word. What is learned, from the texts
of the training part alone, is two arrays, which a saved model can hold as data.
"""

import re
import unicodedata

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.validation import check_is_fitted

LONGEST = 60  # letters: what is longer is an address or a code, and no word
# Thai, Lao, Burmese, Khmer, Japanese and Chinese are written without blanks between words.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
RUNS = re.compile(f"[{UNSPACED}\U00020000-\U0003ffff]+|[^\\s{UNSPACED}\U00020000-\U0003ffff]+")
NO_LETTER = re.compile(r"[\W_]")


def words_of(text):
    """The words of a text, in order, in small letters, without those of a single letter.

    Where a script has no blanks between words, each two neighboring signs stand for a word.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str

    Examples
    --------
    >>> from mmlib.features.words import words_of
    >>> words_of("Süß & a bit STRONG-ish"), words_of("苦味强")
    (['süss', 'bit', 'strong', 'ish'], ['苦味', '味强'])
    """
    text = unicodedata.normalize("NFKC", str(text)).casefold()
    text = NO_LETTER.sub(lambda sign: sign[0] if _is_mark(sign[0]) else " ", text)
    words = []
    for run in RUNS.findall(text):
        if re.match(f"[{UNSPACED}\U00020000-\U0003ffff]", run):
            words += [run[k : k + 2] for k in range(len(run) - 1)] or [run]
        elif 1 < len(run) <= LONGEST:
            words.append(run)
    return words


def is_text(shape):
    """Whether samples of this shape are texts: neither rows nor tables, each a single thing."""
    return len(shape) == 0


def _is_mark(sign):
    """Whether it belongs to the letter before it, as vowel signs and accents do."""
    return unicodedata.category(sign)[0] == "M"


class WordWeights(TransformerMixin, BaseEstimator):
    """Each word becomes a column, and each text the weights of its words (TF-IDF).

    A weight is one plus the logarithm of how often the word stands in the text, times one plus
    the logarithm of how few texts have it. Then each row is brought to length 1, so that long
    texts do not count for more. Words that were not in the training part are passed over.

    Parameters
    ----------
    most : int
        Words that are kept, those that most texts have.

    Attributes
    ----------
    words_ : ndarray of str, shape (words,)
        In the order of the columns. Words that a single text has are left out, unless there are
        no others.
    weights_ : ndarray of float, shape (words,)

    References
    ----------
    Spärck Jones (1972), doi:10.1108/eb026526.

    Examples
    --------
    >>> from mmlib.features.words import WordWeights
    >>> weights = WordWeights().fit(["dark and bitter", "bitter", "dark, sour"])
    >>> weights.words_.tolist(), weights.transform(["dark dark", "sweet"]).tolist()
    (['bitter', 'dark'], [[0.0, 1.0], [0.0, 0.0]])
    """

    def __init__(self, most=2000):
        self.most = most

    def fit(self, X, y=None):
        """Learn words and weights from texts, shape (samples,)."""
        found = {}
        for text in X:
            for word in set(words_of(text)):
                found[word] = found.get(word, 0) + 1
        words = np.array(sorted(found), str)
        times = np.array([found[word] for word in words], int)
        least = min(2, times.max(initial=1))
        order = np.argsort(-times, kind="stable")[: self.most]
        kept = np.sort(order[times[order] >= least])
        self.words_ = words[kept]
        self.weights_ = np.log((1 + len(X)) / (1 + times[kept])) + 1
        return self

    def transform(self, X):
        """Weights, shape (texts, words); a column of zeros where no word is known at all."""
        check_is_fitted(self)
        if not len(self.words_):
            return np.zeros((len(X), 1))
        code = {word: k for k, word in enumerate(self.words_.tolist())}
        weigh = TfidfVectorizer(analyzer=words_of, vocabulary=code, sublinear_tf=True)
        weigh.idf_ = self.weights_
        return weigh.transform(X).toarray()
