"""Alignment by words: every instrument's table is read as a description.

Classes are described by the same list of words, a number for each: dry, spotted, red. A
sample of any instrument can then be held beside a sample of another, or beside the
description of a class that was never measured.
"""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted, column_or_1d

from ..base import DataError
from ..data.mapping import Samples, same_rows
from ..data.validation import read_tables


class SemanticAlignment(ClassifierMixin, TransformerMixin, BaseEstimator):
    """Read each table as words, and name the class whose description is nearest.

    Ridge regression goes from the columns to the description of a sample's class: once
    from each table alone, so that tables can be compared in the space of words, and once
    from all side by side, to predict. A class may be named that no training sample has, as
    long as its *words* occurred in the descriptions of others.

    Parameters
    ----------
    descriptions : mapping of label to sequence of float
        What is known of each class, also of classes without training samples: one number
        for each word, all of the same length.
    alpha : float
        Strength of the ridge, for columns of variance 1.

    Attributes
    ----------
    classes_ : ndarray
        The labels that have a description, sorted.
    readers_ : dict of str to fitted pipeline
        One for each modality, and `reader_` for all of them side by side.

    Raises
    ------
    DataError
        When a label of `y` has no description, or descriptions differ in length.

    References
    ----------
    Lampert, Nickisch & Harmeling (2014), attributes for classes never seen,
    doi:10.1109/TPAMI.2013.140; Frome et al. (2013), DeViSE, NeurIPS.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.attributes import SemanticAlignment
    >>> X = {"spectrum": np.array([[0.0], [9.0], [0.0]]), "image": np.array([[0.0], [0.0], [9.0]])}
    >>> words = {"healthy": [0, 0], "dry": [1, 0], "spotted": [0, 1], "dry and spotted": [1, 1]}
    >>> model = SemanticAlignment(words, alpha=0.01).fit(X, ["healthy", "dry", "spotted"])
    >>> model.predict({"spectrum": [[9.0]], "image": [[9.0]]}).tolist()
    ['dry and spotted']
    """

    def __init__(self, descriptions, alpha=1.0):
        self.descriptions = descriptions
        self.alpha = alpha

    def fit(self, X, y):
        """Learn to read; `X` maps each modality to an array, samples first."""
        tables = read_tables(X)
        self.classes_, words = self._words()
        y = column_or_1d(np.asarray(y), warn=True)
        same_rows(tables, y=y)
        unknown = np.setdiff1d(y, self.classes_)
        if len(unknown):
            raise DataError(f"Class {unknown[0]} has no description: give one word list for it.")
        target = words[np.searchsorted(self.classes_, y)]
        self.columns_ = {name: x.shape[1] for name, x in tables.items()}
        self.readers_ = {name: self._reader().fit(x, target) for name, x in tables.items()}
        self.reader_ = self._reader().fit(np.hstack(list(tables.values())), target)
        return self

    def transform(self, X):
        """What each modality that `X` has says by itself, (samples, words), as a mapping."""
        check_is_fitted(self)
        tables = read_tables(X, columns=self.columns_)
        return Samples({name: _said(self.readers_[name], x) for name, x in tables.items()})

    def describe(self, X):
        """What all modalities together say, (samples, words); or the only one that `X` has."""
        check_is_fitted(self)
        tables = read_tables(X, columns=self.columns_)
        if len(tables) == 1:
            ((name, x),) = tables.items()
            return _said(self.readers_[name], x)
        missing = sorted(set(self.columns_) - set(tables))
        if missing:
            raise DataError(f"X has no modality {missing[0]!r}: give all of them, or one.")
        return _said(self.reader_, np.hstack(list(tables.values())))

    def predict(self, X, among=None):
        """The class with the nearest description; `among` these labels, else among all."""
        says = self.describe(X)
        classes, words = self._words()
        if among is not None:
            odd = sorted(set(among) - set(classes.tolist()))
            if odd:
                raise DataError(f"Class {odd[0]} has no description: it cannot be predicted.")
            keep = np.isin(classes, list(among))
            classes, words = classes[keep], words[keep]
        distance = ((says[:, None] - words) ** 2).sum(-1)
        return classes[distance.argmin(1)]

    def _words(self):
        labels = list(self.descriptions)
        lengths = {len(np.atleast_1d(self.descriptions[label])) for label in labels}
        if len(lengths) != 1:
            raise DataError(
                f"Descriptions have {sorted(lengths)} words: each needs the same words, and there "
                "must be at least one description."
            )
        words = np.array([self.descriptions[label] for label in labels], float)
        order = np.argsort(labels, kind="stable")
        return np.asarray(labels)[order], words[order]

    def _reader(self):
        return make_pipeline(StandardScaler(), Ridge(self.alpha))


def _said(reader, x):
    """Words, (samples, words): for a single word scikit-learn's ridge gives no column."""
    return reader.predict(x).reshape(len(x), -1)
