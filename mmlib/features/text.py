"""Texts: word vectors, learned from which words stand near each other.

What scikit-learn lacks: it counts words (`CountVectorizer`) and weights them
(`TfidfVectorizer`), but to it "smoky" and "ashy" are as unlike as "smoky" and "lemon". Here
a word becomes a short vector, learned without labels from its neighbors in a corpus of texts;
`WordMeans` then makes one row of each text. Words are those of scikit-learn's vectorizers.
Other ways to learn vectors are in `mmlib.features.glove` and `mmlib.features.word2vec`.
"""

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils.extmath import randomized_svd
from sklearn.utils.validation import check_is_fitted

from ..base import DataError


def count_neighbors(notes, window=5, min_count=5, by_distance=True):
    """How often any two words stand near each other in the same text.

    Parameters
    ----------
    notes : sequence of str
    window : int
        Two words are neighbors if at most this many steps apart.
    min_count : int
        Rarer words are passed over.
    by_distance : bool
        Neighbors `d` steps apart count 1/d, as in GloVe, and not 1.

    Returns
    -------
    pandas.DataFrame of shape (words, words)
        Symmetric; the index and the columns are the words, the most frequent first.

    Raises
    ------
    DataError
        When no word is that frequent.

    Examples
    --------
    >>> from mmlib.features.text import count_neighbors
    >>> float(count_neighbors(["dark and smoky", "dark, smoky"], min_count=2).loc["dark", "smoky"])
    1.5
    """
    split = CountVectorizer().build_analyzer()
    texts = [split(note) for note in notes]
    words, times = np.unique(np.array([w for text in texts for w in text], str), return_counts=True)
    words = words[np.argsort(-times, kind="stable")][: int((times >= min_count).sum())]
    if not len(words):
        raise DataError(f"No word stands {min_count} times in these texts: lower min_count.")
    code = {word: k for k, word in enumerate(words)}
    first, second, distance = [], [], []
    for text in texts:
        codes = [code.get(word, -1) for word in text]
        for i, a in enumerate(codes):
            for d, b in enumerate(codes[i + 1 : i + 1 + window], start=1):
                if a >= 0 and b >= 0:
                    first.append(a)
                    second.append(b)
                    distance.append(d)
    weight = 1 / np.array(distance, float) if by_distance else np.ones(len(distance))
    pairs = csr_array((weight, (first, second)), shape=(len(words),) * 2).toarray()
    return pd.DataFrame(pairs + pairs.T, index=words, columns=words)


def ppmi(counts, smoothing=0.75):
    """Positive pointwise mutual information: how much more often than by chance, on a log scale.

    Parameters
    ----------
    counts : pandas.DataFrame of shape (words, words)
        See `count_neighbors`.
    smoothing : float
        Power to which the totals of the columns are raised, so that rare words do not count
        for too much; 1 leaves them as they are.

    Returns
    -------
    pandas.DataFrame of shape (words, words)
        The logarithm of the count over the count expected of two unrelated words; 0 where it
        would be negative, or where the pair was never seen.

    References
    ----------
    Levy, Goldberg & Dagan (2015), doi:10.1162/tacl_a_00134.

    Examples
    --------
    >>> import pandas as pd
    >>> from mmlib.features.text import ppmi
    >>> ppmi(pd.DataFrame([[0, 4], [4, 0]]), smoothing=1).round(2).to_numpy().tolist()
    [[0.0, 0.69], [0.69, 0.0]]
    """
    table = np.asarray(counts, float)
    columns = table.sum(0) ** smoothing
    expected = table.sum(1, keepdims=True) * columns / max(columns.sum(), 1e-300)
    ratio = np.divide(table, expected, out=np.ones_like(table), where=table > 0)
    return pd.DataFrame(np.maximum(np.log(ratio), 0), counts.index, counts.columns)


def ppmi_vectors(notes, size=50, window=5, min_count=5):
    """Word vectors by counting: the principal directions of the table that `ppmi` gives.

    Parameters
    ----------
    notes : sequence of str
    size : int
        Numbers in a vector; fewer where there are fewer words.
    window, min_count
        See `count_neighbors`.

    Returns
    -------
    pandas.DataFrame of shape (words, size)
        One row a word.

    References
    ----------
    Levy, Goldberg & Dagan (2015), doi:10.1162/tacl_a_00134.

    Examples
    --------
    >>> from mmlib.features.text import ppmi_vectors
    >>> ppmi_vectors(["dark and smoky", "dark, smoky"], size=2, min_count=2).shape
    (2, 2)
    """
    table = ppmi(count_neighbors(notes, window, min_count))
    size = min(size, len(table))
    left, values, _ = randomized_svd(table.to_numpy(), size, random_state=0)
    return pd.DataFrame(left * np.sqrt(values), table.index)


def nearest(vectors, word, n=5):
    """The words whose vectors point most nearly where that of `word` does.

    Parameters
    ----------
    vectors : pandas.DataFrame of shape (words, size)
    word : str
    n : int

    Returns
    -------
    list of str

    Raises
    ------
    DataError
        When `word` has no vector.

    Examples
    --------
    >>> import pandas as pd
    >>> from mmlib.features.text import nearest
    >>> nearest(pd.DataFrame([[1, 0], [0, 1], [2, 1]], ["tea", "mud", "floral"]), "tea", n=1)
    ['floral']
    """
    if word not in vectors.index:
        raise DataError(f"{word!r} has no vector: it is too rare, or written otherwise.")
    length = np.sqrt((vectors**2).sum(axis=1)).replace(0, 1)
    alike = vectors.div(length, axis=0) @ (vectors.loc[word] / length[word])
    return alike.drop(word).nlargest(n).index.tolist()


class WordMeans(TransformerMixin, BaseEstimator):
    """Each text becomes the mean of the vectors of its words.

    Parameters
    ----------
    vectors : pandas.DataFrame of shape (words, size), or callable
        One row a word. Or what learns such a table from texts, such as `ppmi_vectors`: it
        is then given those of the training part.

    Attributes
    ----------
    vectors_ : pandas.DataFrame

    Raises
    ------
    DataError
        When `vectors` is neither.

    Notes
    -----
    A mean forgets the order: "not bitter but sweet" is "bitter but not sweet". Words without a
    vector are passed over; a text that has no other becomes zeros.

    Examples
    --------
    >>> import pandas as pd
    >>> from mmlib.features.text import WordMeans
    >>> vectors = pd.DataFrame([[1.0, 0.0], [0.0, 1.0]], index=["dark", "fruity"])
    >>> WordMeans(vectors).fit_transform(["Dark!", "dark, fruity", "?"]).tolist()
    [[1.0, 0.0], [0.5, 0.5], [0.0, 0.0]]
    """

    def __init__(self, vectors=ppmi_vectors):
        self.vectors = vectors

    def fit(self, X, y=None):
        """Learn vectors from texts, or take those given."""
        vectors = self.vectors(X) if callable(self.vectors) else self.vectors
        if not isinstance(vectors, pd.DataFrame):
            raise DataError(
                f"vectors is a {type(vectors).__name__}: give a table with one row for each "
                "word, or what makes one of texts, such as ppmi_vectors."
            )
        self.vectors_ = vectors
        return self

    def transform(self, X):
        """Mean vectors, shape (texts, size)."""
        check_is_fitted(self)
        counter = CountVectorizer(vocabulary=list(self.vectors_.index))
        counts = counter.transform(X)
        total = np.asarray(counts.sum(axis=1)).reshape(-1, 1)
        return (counts @ self.vectors_.to_numpy(float)) / np.maximum(total, 1)
