"""Ways to fool oneself that `compare` does not go along with."""

import numpy as np
from grouped_tables import on_table, table_data
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from mmlib import MultimodalData
from mmlib.data.splits import group_folds
from mmlib.evaluation import (
    compare,
)


def noise_data(n=80, columns=1000, seed=0):
    """Labels that have nothing to do with the table."""
    rng = np.random.default_rng(seed)
    return MultimodalData({"table": rng.normal(size=(n, columns))}, y=np.arange(n) % 2)


def test_noise_labels_score_chance():
    models = {
        "tree": on_table(DecisionTreeClassifier()),
        "logistic": on_table(LogisticRegression()),
        "bayes": on_table(GaussianNB()),
    }
    table = compare(models, noise_data(columns=5), n_folds=5, n_repeats=3).table
    assert (table["low"] < 0.5).all() and (table["high"] > 0.5).all()


def test_selection_inside_the_fold_scores_chance_and_before_the_split_far_above():
    data = noise_data()
    inside = on_table(make_pipeline(SelectKBest(k=10), GaussianNB()))
    honest = compare({"model": inside}, data, n_folds=5, n_repeats=2).table.loc["model"]
    chosen = SelectKBest(k=10).fit_transform(data.X["table"], data.y)  # has seen every label
    peeked = MultimodalData({"table": chosen}, y=data.y)
    fooled = compare({"model": on_table(GaussianNB())}, peeked, 5, 2).table.loc["model"]
    assert honest["low"] < 0.5 < honest["high"]
    assert fooled["low"] > 0.6


class Hoarder(ClassifierMixin, BaseEstimator):
    """Remembers every sample it was ever fitted to: cheats if reused between folds."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        rows = map(bytes, np.ascontiguousarray(X["table"]))
        self.memory_ = getattr(self, "memory_", {}) | dict(zip(rows, y, strict=True))
        return self

    def predict(self, X):
        rows = map(bytes, np.ascontiguousarray(X["table"]))
        return np.array([self.memory_.get(row, 0) for row in rows])


def test_every_fold_gets_a_fresh_model():
    data, reused = noise_data(columns=2), Hoarder()
    accuracy = []
    for train, test in group_folds(data, 5, 2):
        train, test = data.take(train), data.take(test)
        accuracy.append((reused.fit(train.X, train.y).predict(test.X) == test.y).mean())
    assert np.mean(accuracy[5:]) == 1.0  # so the cheat works where a model is reused
    fitted_before = Hoarder().fit(data.X, data.y)
    table = compare({"new": Hoarder(), "fitted": fitted_before}, data, 5, 2).table
    assert table["mean"].tolist() == [0.5, 0.5]


def test_splitting_groups_apart_would_flatter():
    """Groups have an offset of their own; a nearest neighbor recognizes the group."""
    data = table_data(n_groups=30, per_group=6, columns=4, signal=0.0, seed=1)
    model = {"nearest": on_table(KNeighborsClassifier(1))}
    torn = MultimodalData({"table": data.X["table"]}, y=data.y)
    whole = compare(model, data, 5, 2).table.loc["nearest"]
    flattered = compare(model, torn, 5, 2).table.loc["nearest"]
    assert whole["low"] < 1 / 3 < whole["high"]
    assert flattered["low"] > 1 / 3
