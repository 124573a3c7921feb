"""What a comparison says: which model is better, and which score is too good to be true."""

import numpy as np
import pandas as pd
import pytest
from grouped_tables import on_table, quantity_data, table_data
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier

from mmlib import DataError, MultimodalData
from mmlib.evaluation import (
    Comparison,
    classification_scores,
    compare,
)


def test_better_is_said_only_where_the_interval_allows_it():
    data = table_data(n_groups=60, signal=2.0)
    models = {
        "bayes": on_table(GaussianNB()),
        "neighbors": on_table(KNeighborsClassifier(9)),
        "guess": DummyClassifier(),
    }
    result = compare(models, data, n_folds=5, n_repeats=3)
    better = result.sentence("bayes", "guess")
    assert better == result.sentence("guess", "bayes")
    difference, low, high, p = result.paired("bayes", "guess")
    assert p < 0.05 and low > 0
    assert better == (
        f"bayes is better than guess: its accuracy is higher by {100 * difference:.0f} points "
        f"(95 % interval {100 * low:.0f} to {100 * high:.0f}, same 15 folds)."
    )
    assert result.sentence("bayes", "guess", "log loss").startswith(
        "bayes is better than guess: its log loss is lower by 0."
    )
    close = result.paired("bayes", "neighbors")
    assert close.low < 0 < close.high and close.p > 0.05
    assert "cannot be told apart" in result.sentence("bayes", "neighbors")
    for known, metric in (("svm", None), ("guess", "speed")):
        with pytest.raises(DataError, match="There is no"):
            result.paired("bayes", known, metric)


def test_a_model_cannot_be_told_from_itself():
    data = table_data()
    models = {name: on_table(GaussianNB()) for name in ("one", "two")}
    result = compare(models, data, 3, 2)
    assert result.paired("one", "two") == (0, 0, 0, 1)
    same = "one and two have the same accuracy in all 6 folds."
    assert result.sentence("one", "two") == same


def test_last_digits_make_no_model_better():
    """The same predictions up to rounding, in a regression of which each group says the same."""
    data = quantity_data(groups=np.arange(60) // 2)
    models = {name: on_table(LinearRegression()) for name in ("one", "two")}
    result = compare(models, data, n_folds=4, n_repeats=2)
    result.predictions["two"] = result.predictions["one"] * (1 + 1e-14)
    assert result.paired("one", "two") == (0, 0, 0, 1)
    assert "have the same RMSE" in result.sentence("one", "two")


@pytest.mark.parametrize(
    "paired, numbers",
    [
        ((0.054, 0.021, 0.087, 0.01), "5 points (95 % interval 2 to 9,"),
        ((0.0004, 0.00003, 0.0008, 0.01), "0.040 points (95 % interval 0.003 to 0.080,"),
        ((0.0004, -0.003, 0.004, 0.6), "0.04 points (95 % interval -0.30 to 0.40,"),
        ((0.0, -0.01, 0.01, 1.0), "same accuracy (95 % interval of the difference -1 to 1 point,"),
    ],
)
def test_a_difference_never_reads_as_zero(paired, numbers, monkeypatch):
    result = folds_with_errors({"a": 2, "b": 4})
    monkeypatch.setattr(result, "paired", lambda a, b, metric: paired)
    assert numbers in result.sentence("a", "b")


def test_quantities_are_compared_by_rmse_in_their_unit():
    data = quantity_data(groups=np.arange(60) // 2)
    models = {"line": on_table(LinearRegression()), "mean": on_table(_mean_only())}
    result = compare(models, data, n_folds=4, n_repeats=2)
    assert list(result.table.columns) == ["mean", "low", "high", "R2", "MAE", "bias", "RPD"]
    assert result.table.loc["line", "mean"] == pytest.approx(1, abs=0.25)  # the noise
    assert result.metric == "RMSE" and result.chance is None and result.ceilings is None
    sentence = result.sentence("mean", "line")
    assert sentence.startswith("line is better than mean: its RMSE of nitrate (mg) is lower by 2")
    with pytest.raises(DataError, match="no confusion matrix"):
        result.confusion("line")
    with pytest.raises(DataError, match="No ceiling is known"):
        result.above_ceiling()


def _mean_only():
    from sklearn.dummy import DummyRegressor

    return DummyRegressor()


def test_ceilings_and_chance_come_from_the_data():
    import mmlib

    leaves = mmlib.make_leaves(n_plants=20, leaves_per_plant=2)
    result = compare({"guess": DummyClassifier()}, leaves, 2, 1)
    assert result.ceilings == mmlib.ceilings(leaves)
    assert result.chance == 0.2
    assert result.above_ceiling() == []
    description = result.plot()[1]
    assert "guess 0.20" in description and "joint" in description and "Chance: 0.20" in description
    measured = compare({"guess": DummyClassifier()}, table_data(), 2, 1)
    assert measured.ceilings is None
    assert "Ceilings" not in measured.plot()[1]


def test_a_model_that_saw_the_labels_is_above_its_ceiling():
    """The label itself stands in the table: a leak."""
    data = table_data(n_groups=40, signal=50.0)
    models = {"table only": on_table(GaussianNB()), "early": on_table(GaussianNB())}
    result = compare(models, data, 4, 2)
    assert result.table["low"].min() > 0.9
    ceilings = {"table": (0.5, 0.01), "joint": (1.0, 0.0)}
    assert result.above_ceiling(ceilings) == ["table only"]
    assert result.above_ceiling({"joint": (0.8, 0.3)}) == []  # within the error
    assert result.above_ceiling({"joint": (0.8, 0.0)}) == ["table only", "early"]


def test_a_ceiling_inside_the_interval_is_no_leak():
    result = compare({"bayes": on_table(GaussianNB())}, table_data(), 4, 2)
    mean, low, high = result.table.loc["bayes", ["mean", "low", "high"]]
    assert low < mean < high
    assert result.above_ceiling({"joint": ((low + mean) / 2, 0.0)}) == []
    assert result.above_ceiling({"joint": (low - 0.01, 0.0)}) == ["bayes"]


class Blunder(ClassifierMixin, BaseEstimator):
    """Right but for so many samples of each test part."""

    def __init__(self, wrong=0):
        self.wrong = wrong

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        y = X["table"][:, 0].astype(int)
        y[: self.wrong] = 1 - y[: self.wrong]
        return y


@pytest.mark.parametrize("n", [40, 39])  # folds of 20 and 20 samples, or of 20 and 19
def test_one_sample_in_each_of_few_folds_is_no_proof(n):
    y = np.arange(n) % 2
    data = MultimodalData({"table": y[:, None].astype(float)}, y)
    models = {"all": Blunder(), "one": Blunder(1), "half": Blunder(10)}
    result = compare(models, data, n_folds=2, n_repeats=1)
    size, low, high, p = result.paired("all", "one")
    assert size == pytest.approx(0.05, abs=0.002) and low < 0 < high and p > 0.05
    assert result.paired("all", "half").p < 0.05


def folds_with_errors(wrong, n=40):
    """A comparison in which model k has wrong[k] errors in each of two folds."""
    data = MultimodalData({"table": np.zeros((n, 1))}, np.arange(n) % 2)
    fold, rows, predictions = np.arange(n) // (n // 2), [], {}
    for name, errors in wrong.items():
        predicted = data.y.copy()
        for k in range(2):
            predicted[np.flatnonzero(fold == k)[:errors]] ^= 1
        predictions[name] = predicted[None]
        for k in range(2):
            scores = classification_scores(data.y[fold == k], predicted[fold == k], None, [0, 1])
            rows.append({"model": name, "repeat": 0, "fold": k, "n_train": 20, "n_test": 20})
            rows[-1] |= scores
    return Comparison(data, pd.DataFrame(rows), predictions, {}, None)


@pytest.mark.parametrize("metric", ["accuracy", "balanced accuracy", "macro F1"])
def test_two_folds_with_the_same_difference_are_no_proof(metric):
    result = folds_with_errors({"a": 2, "b": 4})
    assert result.paired("a", "b", metric).p > 0.05
    assert "cannot be told apart" in result.sentence("a", "b", metric)


@pytest.mark.parametrize("errors", [0, 2])
def test_folds_that_agree_do_not_make_an_accuracy_certain(errors):
    mean, low, high = folds_with_errors({"a": errors}).table.loc["a", ["mean", "low", "high"]]
    assert mean == pytest.approx(1 - errors / 20)
    assert low < mean - 0.05 and high == min(1, high)


def grouped(n_groups, wrong, repeats=2):
    """Model k errs in the first wrong[k] of five samples of each group."""
    y = np.arange(5 * n_groups) % 2
    data = MultimodalData({"table": np.zeros((len(y), 1))}, y, groups=np.arange(len(y)) // 5)
    said = {n: np.where(np.arange(len(y)) % 5 < k, 1 - y, y) for n, k in wrong.items()}
    rows = [
        {"model": name, "repeat": r, "fold": 0, "n_train": 4 * n_groups, "n_test": n_groups}
        | classification_scores(y, predicted, None, [0, 1])
        for name, predicted in said.items()
        for r in range(repeats)
    ]
    predictions = {name: np.array([predicted] * repeats) for name, predicted in said.items()}
    return Comparison(data, pd.DataFrame(rows), predictions, {}, None)


def test_with_five_groups_models_are_not_told_apart_and_the_table_has_no_ends():
    few, enough = grouped(5, {"a": 1, "b": 3}), grouped(8, {"a": 1, "b": 3})
    assert few.table[["low", "high"]].isna().all(axis=None)
    assert few.table["mean"].tolist() == pytest.approx([0.8, 0.4])
    assert np.isnan(few.paired("a", "b").p)
    assert "cannot be told apart with 5 groups" in few.sentence("a", "b")
    assert enough.paired("a", "b").p < 0.05 and "a is better" in enough.sentence("a", "b")
    assert "have the same accuracy" in grouped(5, {"a": 1, "b": 1}).sentence("a", "b")


def test_a_comparison_of_few_groups_is_drawn_without_intervals():
    description = grouped(5, {"a": 1, "b": 3}).plot()[1]
    assert "a 0.80, b 0.40" in description


def test_more_samples_of_the_same_groups_do_not_make_one_surer():
    data = table_data(n_groups=12, per_group=3, signal=0.5)
    rows = np.repeat(np.arange(len(data)), 10)
    copies = MultimodalData(
        {"table": data.X["table"][rows]}, data.y[rows], groups=data.groups[rows]
    )
    widths = []
    for table in (data, copies):
        result = compare({"bayes": on_table(GaussianNB())}, table, 4, 2)
        widths.append(np.subtract(*result.table.loc["bayes", ["high", "low"]]))
    assert widths[1] == pytest.approx(widths[0], rel=0.35)
