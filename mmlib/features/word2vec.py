"""word2vec by gensim, an optional package: vectors of a small network that guesses neighbors."""

import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer

from ..base import DataError


def word2vec(notes, size=50, skip_gram=False, window=5, min_count=5, epochs=30, random_state=0):
    """Word vectors of a small network that guesses neighbors, by gensim.

    Parameters
    ----------
    notes : sequence of str
    size, window, min_count
        As in `mmlib.features.text.ppmi_vectors`.
    skip_gram : bool
        From a word guess each neighbor; otherwise from all neighbors guess the word (CBOW).
    epochs : int
        Passes over all texts.
    random_state : int

    Returns
    -------
    pandas.DataFrame of shape (words, size)

    Raises
    ------
    DataError
        When the extra "text" is missing, or no word is that frequent.

    References
    ----------
    Mikolov et al. (2013), doi:10.48550/arXiv.1310.4546.

    Examples
    --------
    >>> from mmlib.features.word2vec import word2vec
    >>> vectors = word2vec(["dark and smoky"] * 9, size=4)  # doctest: +SKIP
    """
    try:
        from gensim.models import Word2Vec
    except ImportError:
        raise DataError(
            'word2vec is trained by one more package: run pip install "mmlib[text]".'
        ) from None
    split = CountVectorizer().build_analyzer()
    texts = [split(note) for note in notes]
    if not (pd.Series([w for text in texts for w in text]).value_counts() >= min_count).any():
        raise DataError(f"No word stands {min_count} times in these texts: lower min_count.")
    options = {"negative": 10, "workers": 1}  # several workers would give other vectors each time
    net = Word2Vec(
        texts, vector_size=size, window=window, min_count=min_count, sg=int(skip_gram),
        epochs=epochs, seed=random_state, **options,
    )  # fmt: skip
    return pd.DataFrame(net.wv.vectors.astype(float), net.wv.index_to_key)
