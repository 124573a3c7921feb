"""How many labeled tasters do word vectors save? Counting against vectors, few labels or many.

`stored` gives the table that notebook 20 draws, made by ``python benchmarks/words.py``, because
two of its models need the extra "text"; `run` makes it, or a part of it, anew.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler

from ..base import DataError
from ..data.mapping import Select
from ..evaluation.intervals import interval
from ..features.glove import glove
from ..features.text import WordMeans, count_neighbors, ppmi_vectors
from ..features.word2vec import word2vec

TASTERS = (10, 30, 100, 300, 1000)
SIZE = 25
COUNTING = "TF-IDF"
LEARNERS = {  # what learns vectors from texts
    "PPMI + SVD": lambda notes: ppmi_vectors(notes, SIZE),
    "GloVe": lambda notes: glove(count_neighbors(notes), SIZE, ridge=1)[0],
    "CBOW": lambda notes: word2vec(notes, SIZE),
    "skip-gram": lambda notes: word2vec(notes, SIZE, skip_gram=True),
}


def counting_model():
    """Weighted word counts, then logistic regression; it takes a mapping with "notes".

    Examples
    --------
    >>> from mmlib.course.word_study import counting_model
    >>> model = counting_model().fit({"notes": ["smoky", "lemon"]}, ["B", "A"])
    >>> model.predict({"notes": ["so smoky"]}).tolist()
    ['B']
    """
    words = TfidfVectorizer(sublinear_tf=True)
    return make_pipeline(Select("notes"), words, LogisticRegression(C=0.3, max_iter=1000, tol=1e-8))


def vector_model(vectors=ppmi_vectors):
    """The mean of the words' vectors, then logistic regression; it takes a mapping with "notes".

    Parameters
    ----------
    vectors : pandas.DataFrame of shape (words, size), or callable
        As for `WordMeans`.
    """
    # Means of many words are short vectors; only their direction counts.
    steps = WordMeans(vectors), Normalizer(), StandardScaler()
    return make_pipeline(
        Select("notes"), *steps, LogisticRegression(C=0.01, max_iter=1000, tol=1e-8)
    )


def run(data, tasters=TASTERS, learners=tuple(LEARNERS), draws=10, only=None, random_state=0):
    """Accuracy on new tasters of every model and each number of labeled tasters.

    The tasters are dealt into as many parts as there are draws. In a draw one part is the test;
    the labeled tasters come from the next parts; vectors are learned from all tasters but the
    test's, without labels.

    Parameters
    ----------
    data : MultimodalData
        See `mmlib.load_coffee`.
    tasters : sequence of int
        How many are labeled.
    learners : sequence of str
        Keys of `LEARNERS`. `COUNTING` is always there.
    draws : int
    only : sequence of int, optional
        Which of the draws to make; all of them where nothing is said.
    random_state : int
        Of the dealing.

    Returns
    -------
    pandas.DataFrame
        "tasters", "draw", "model", "accuracy".

    Raises
    ------
    DataError
        When more tasters are wanted than are outside a test part, or vectors need an extra
        that is missing.
    """
    everybody = np.unique(data.groups)
    parts = np.array_split(np.random.default_rng(random_state).permutation(everybody), draws)
    rows = []
    for draw in range(draws) if only is None else only:
        part = parts[draw]
        others = np.concatenate([*parts[draw + 1 :], *parts[:draw]])
        if max(tasters) > len(others):
            raise DataError(f"{max(tasters)} tasters are wanted, but {len(others)} are left.")
        test = data.take(np.isin(data.groups, part))
        texts = data.X["notes"][~np.isin(data.groups, part)]
        models = {COUNTING: counting_model()}
        models |= {name: vector_model(LEARNERS[name](texts)) for name in learners}
        for n in tasters:
            train = data.take(np.isin(data.groups, others[:n]))
            for name, model in models.items():
                score = model.fit(train.X, train.y).score(test.X, test.y)
                rows.append((n, draw, name, round(score, 4)))
    return pd.DataFrame(rows, columns=["tasters", "draw", "model", "accuracy"])


def stored():
    """The table of the whole study, as `run` gives it."""
    return pd.read_csv(Path(__file__).with_name("word_study.csv"))


def means(table, over=None, everybody=2162):
    """Mean accuracy with its 95 % interval, or that of the gain over one of the models.

    Draws share no test taster, and no labeled one as long as there are enough for all. Beyond
    that the interval is corrected for what they share, see `mmlib.evaluation.interval`.

    Parameters
    ----------
    table : pandas.DataFrame
        See `run`.
    over : str, optional
        Gains are taken draw by draw.
    everybody : int
        Tasters in all.

    Returns
    -------
    pandas.DataFrame
        Indexed by "model" and "tasters": "mean", "low", "high".

    Examples
    --------
    >>> from mmlib.course.word_study import means, stored
    >>> list(means(stored(), over="TF-IDF").columns)
    ['mean', 'low', 'high']
    """
    wide = table.pivot(index=["tasters", "draw"], columns="model", values="accuracy")
    if over is not None:
        wide = wide.sub(wide[over], axis=0).drop(columns=over)
    rows = {}
    for name in filter(wide.columns.__contains__, dict.fromkeys(table["model"])):
        for n, values in wide[name].groupby(level="tasters"):
            shared = everybody / len(values) if n * len(values) > everybody else 0
            rows[name, n] = interval(values, n_train=n, n_test=shared)
    found = pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high"])
    found.index = pd.MultiIndex.from_tuples(found.index, names=["model", "tasters"])
    return found
