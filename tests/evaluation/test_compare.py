"""Judging: folds, scores, intervals, and guards against the ways to fool oneself."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as sk
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.calibration import calibration_curve
from sklearn.compose import TransformedTargetRegressor
from sklearn.dummy import DummyClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from mmlib import DataError, MultimodalData, Select
from mmlib.base import fit_options
from mmlib.data.splits import group_folds, most_folds
from mmlib.evaluation import (
    Comparison,
    calibration_error,
    classification_scores,
    compare,
    interval,
    p_value,
    regression_scores,
    reliability,
)


def table_data(n_groups=30, per_group=4, columns=3, signal=1.0, classes=3, seed=0, **options):
    """Groups with their own offset; the first column tells the classes apart."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(n_groups), per_group)
    y = group % classes
    x = rng.normal(size=(len(y), columns)) + rng.normal(size=(n_groups, columns))[group]
    x[:, 0] += signal * y
    options = {"groups": group, **options}
    return MultimodalData({"table": x}, y=y, **options)


def quantity_data(seed=0, **options):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(60, 2))
    y = 3 * x[:, 0] + rng.normal(size=60)
    return MultimodalData({"table": x}, y=y, target_names=["nitrate (mg)"], **options)


def on_table(model):
    return make_pipeline(Select("table"), model)


# --- folds -------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_folds_keep_groups_whole_test_each_sample_once_and_train_on_every_class(seed):
    rng = np.random.default_rng(seed)
    n_groups = int(rng.integers(15, 40))
    group = rng.permutation(np.repeat(np.arange(n_groups), rng.integers(1, 6, n_groups)))
    y = rng.integers(3, size=n_groups)[group] if seed % 2 else rng.integers(3, size=len(group))
    y[group < 9] = (group % 3)[group < 9]  # at least three groups a class
    data = MultimodalData({"x": np.zeros((len(y), 1))}, y=y, groups=group)
    folds = group_folds(data, n_folds=3, n_repeats=2, random_state=seed)
    assert len(folds) == 6
    for train, test in folds:
        assert not set(group[train]) & set(group[test])
        assert len(train) + len(test) == len(y)
        assert set(y[train]) == {0, 1, 2}
    for repeat in (folds[:3], folds[3:]):
        tested = np.concatenate([test for _, test in repeat])
        assert sorted(tested) == list(range(len(y)))


def test_folds_are_stratified():
    data = table_data(n_groups=60, classes=3)
    for _, test in group_folds(data, n_folds=5):
        assert np.ptp(np.bincount(data.y[test])) <= 4  # one group of four more or less


def test_folds_repeat_with_the_seed_and_differ_between_repeats():
    data = table_data()
    one, two = group_folds(data, 3, 2, random_state=1), group_folds(data, 3, 2, random_state=1)
    for first, second in zip(one, two, strict=True):
        np.testing.assert_array_equal(first[1], second[1])
    assert not all(np.array_equal(one[k][1], one[k + 3][1]) for k in range(3))
    other = group_folds(data, 3, 2, random_state=2)
    assert not all(np.array_equal(one[k][1], other[k][1]) for k in range(3))


def test_classes_of_two_groups_each_can_be_divided_in_two():
    """As in land cover maps, where a class may be two fields of very different size."""
    rng = np.random.default_rng(0)
    sizes = rng.integers(3, 60, size=16)
    group = np.repeat(np.arange(16), sizes)
    data = MultimodalData({"x": np.zeros((len(group), 1))}, y=group // 2, groups=group)
    for seed in range(5):
        for train, test in group_folds(data, n_folds=2, n_repeats=3, random_state=seed):
            assert set(data.y[train]) == set(data.y[test]) == set(range(8))


def test_too_few_groups_names_the_class_and_the_largest_number_of_folds():
    data = table_data(n_groups=7, classes=3, target_names=["oak", "ash", "elm"])
    with pytest.raises(DataError, match=r"Class 'ash' has 2 group\(s\) for 5 folds; use n_folds=2"):
        group_folds(data, 5)
    assert len(group_folds(data, 2)) == 2
    lone = data.take(data.groups != 4)
    with pytest.raises(DataError, match=r"Class 'ash' has 1 group.*measure more"):
        group_folds(lone, 2)
    with pytest.raises(DataError, match=r"has 3 sample\(s\)"):
        group_folds(MultimodalData({"x": np.zeros((6, 1))}, y=[0, 1] * 3), 4)
    with pytest.raises(DataError, match=r"'data' has 2 group\(s\)"):
        group_folds(quantity_data(groups=np.arange(60) % 2), 3)


def test_a_class_that_cannot_stay_in_training_is_an_error():
    """Three classes on three groups, two each: two groups share a fold, and with them a class."""
    group, y = [0, 0, 1, 1, 2, 2], [0, 1, 1, 2, 2, 0]
    data = MultimodalData({"x": np.zeros((6, 1))}, y=y, groups=group)
    with pytest.raises(DataError, match=r"None of 100 divisions into 2 folds has class '[012]'"):
        group_folds(data, 2)


def test_impossible_requests_are_said():
    data = table_data()
    for n_folds, n_repeats in ((1, 1), (5, 0)):
        with pytest.raises(DataError, match="at least 2 and 1"):
            group_folds(data, n_folds, n_repeats)
    with pytest.raises(DataError, match="one class only"):
        group_folds(data.take(data.y == 0), 2)


def test_an_unlucky_division_is_drawn_again(monkeypatch):
    from mmlib.data import splits as folds

    data, divide, states = table_data(), folds._divide, []

    def unlucky_twice(data, y, n_folds, state):
        states.append(state)
        if len(states) < 3:
            return [(np.flatnonzero(y == 0), np.flatnonzero(y != 0))] * n_folds
        return divide(data, y, n_folds, state)

    monkeypatch.setattr(folds, "_divide", unlucky_twice)
    for train, _ in group_folds(data, 3):
        assert set(data.y[train]) == {0, 1, 2}
    assert len(set(states)) == 3


def test_folds_without_groups_and_for_quantities():
    without = table_data(groups=None)
    assert [len(test) for _, test in group_folds(without, 4)] == [30] * 4
    grouped = quantity_data(groups=np.arange(60) // 3)
    for train, test in group_folds(grouped, 4):
        assert not set(grouped.groups[train]) & set(grouped.groups[test])
    assert len(group_folds(quantity_data(), 4)) == 4


# --- scores, against scikit-learn and by hand ---------------------------------


def test_scores_equal_scikit_learns():
    rng = np.random.default_rng(0)
    y, proba = rng.integers(3, size=200), rng.dirichlet(np.ones(3), size=200)
    predicted = proba.argmax(1)
    scores = classification_scores(y, predicted, proba)
    assert scores["accuracy"] == sk.accuracy_score(y, predicted)
    assert scores["balanced accuracy"] == pytest.approx(sk.balanced_accuracy_score(y, predicted))
    assert scores["macro F1"] == pytest.approx(sk.f1_score(y, predicted, average="macro"))
    assert scores["log loss"] == pytest.approx(sk.log_loss(y, proba))


def test_a_class_absent_from_the_test_part_is_left_out_of_averages():
    proba = [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]]
    scores = classification_scores([0, 1, 1], [0, 1, 2], proba)
    assert scores["balanced accuracy"] == 0.75  # class 0: 1 of 1, class 1: 1 of 2
    assert scores["macro F1"] == pytest.approx((1 + 2 / 3) / 2)
    assert scores["log loss"] == pytest.approx(-np.log([0.7, 0.8, 0.2]).mean())


def test_regression_scores_by_hand():
    scores = regression_scores([1, 2, 3, 6], [2, 2, 2, 8])
    rmse = 1.5**0.5
    rpd = (14 / 3) ** 0.5 / rmse
    wanted = {"RMSE": rmse, "R2": 1 - 6 / 14, "MAE": 1.0, "bias": 0.5, "RPD": rpd}
    assert scores == pytest.approx(wanted)
    assert np.isnan(regression_scores([1.0], [2.0])["R2"])


def test_calibration_error_by_hand():
    confidence = np.array([0.55, 0.65, 0.75, 0.95])
    proba = np.stack([confidence, 1 - confidence], axis=1)
    y = [1, 0, 0, 0]  # the least confident is wrong
    # lower half: stated 0.60, right 0.5; upper half: stated 0.85, right 1
    table = reliability(y, proba, bins=2)
    assert table["confidence"].tolist() == pytest.approx([0.6, 0.85])
    assert table["accuracy"].tolist() == [0.5, 1.0]
    assert calibration_error(y, proba, bins=2) == pytest.approx((0.10 + 0.15) / 2)
    assert calibration_error(y, proba, bins=1) == pytest.approx(0.75 - 0.725)


def test_reliability_agrees_with_scikit_learns_calibration_curve():
    rng = np.random.default_rng(1)
    proba = rng.dirichlet(np.ones(4), size=500)
    y = rng.integers(4, size=500)
    table = reliability(y, proba)
    right = (proba.argmax(1) == y).astype(int)
    share, stated = calibration_curve(right, proba.max(1), n_bins=10, strategy="quantile")
    np.testing.assert_allclose(table["accuracy"], share)
    np.testing.assert_allclose(table["confidence"], stated)
    assert table["samples"].tolist() == [50] * 10


def test_bins_of_unequal_size_are_weighted_by_their_samples():
    proba = [[0.6, 0.4]] * 3 + [[0.9, 0.1]]  # equal confidences stay together
    table = reliability([0, 0, 1, 1], proba, bins=2)
    assert table["samples"].tolist() == [3, 1]
    gaps = abs(2 / 3 - 0.6), 0.9
    assert calibration_error([0, 0, 1, 1], proba, bins=2) == pytest.approx(
        (3 * gaps[0] + gaps[1]) / 4
    )


def test_true_probabilities_have_little_calibration_error_and_overstated_ones_much():
    rng = np.random.default_rng(2)
    proba = rng.dirichlet(np.ones(3), size=20_000)
    y = (rng.random(20_000)[:, None] > proba.cumsum(1)).sum(1)
    assert calibration_error(y, proba) < 0.015
    sharper = proba**3 / (proba**3).sum(1, keepdims=True)
    assert calibration_error(y, sharper) > 0.1


def test_calibration_error_does_not_depend_on_row_order_even_when_all_are_equal():
    y = np.array([0] * 50 + [1] * 50)
    proba = np.full((100, 2), 0.5)
    assert calibration_error(y, proba) == pytest.approx(0)  # half of them are right
    shuffled = np.random.default_rng(0).permutation(100)
    assert calibration_error(y[shuffled], proba) == pytest.approx(0)


def test_labels_may_be_names():
    proba = [[0.9, 0.1], [0.3, 0.7]]
    assert calibration_error(["ash", "oak"], proba, ["ash", "oak"], bins=1) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("y", "proba", "says"),
    [
        ([0, 1], [[0.5, 0.5]], "one row for each sample"),
        ([0, 1], [0.5, 0.5], "one row for each sample"),
        ([0, 2], [[0.5, 0.5], [0.5, 0.5]], "y holds 2"),
        ([0, 1], [[0.5, 0.5], [0.5, 0.6]], "Row 1 holds no probabilities"),
        ([0, 1], [[1.5, -0.5], [0.5, 0.5]], "Row 0 holds no probabilities"),
        ([0, 1], [[0.5, 0.5], [np.nan, 0.5]], "Row 1 holds no probabilities"),
    ],
)
def test_what_are_no_probabilities_is_said(y, proba, says):
    with pytest.raises(DataError, match=says):
        calibration_error(y, proba)


# --- intervals ----------------------------------------------------------------


def test_interval_and_p_by_hand():
    values = [0.02, 0.05, 0.01, 0.04]  # mean 0.03, variance 0.001 / 3
    error = np.sqrt((1 / 4 + 20 / 80) * 0.001 / 3)
    mean, low, high = interval(values, n_train=80, n_test=20)
    assert mean == pytest.approx(0.03)
    assert (high - mean, mean - low) == pytest.approx([3.182446 * error] * 2)  # t(0.975; 3)
    # Student's t with 3 degrees of freedom has a distribution function in closed form
    t = 0.03 / error
    share = 0.5 + (np.arctan(t / 3**0.5) + (t / 3**0.5) / (1 + t**2 / 3)) / np.pi
    assert p_value(values, 80, 20) == pytest.approx(2 * (1 - share))


def test_interval_without_overlap_is_the_everyday_one():
    from scipy import stats

    values = np.random.default_rng(0).normal(0.1, 1, size=12)
    low, high = stats.t.interval(0.9, 11, values.mean(), stats.sem(values))
    assert interval(values, 1, 0, level=0.9) == pytest.approx((values.mean(), low, high))
    assert p_value(values, 1, 0) == pytest.approx(stats.ttest_1samp(values, 0).pvalue)


def test_sizes_may_differ_between_folds():
    assert interval([1, 2], [10, 20], [10, 10]) == interval([1, 2], 4, 3)  # ratio 3/4


def test_equal_models_and_single_values():
    assert p_value([0.0, 0.0, 0.0], 80, 20) == 1
    assert p_value([0.1, 0.1, 0.1], 80, 20) < 1e-9
    assert np.isnan(p_value([0.1], 80, 20))
    assert np.isnan(interval([0.1], 80, 20).low)


def test_corrected_test_keeps_its_promise_where_the_plain_t_test_does_not():
    """Two predictors that are truly equally good: the training mean, and zero.

    For samples from N(mu, 1) the expected squared errors are 1 + 1/n and 1 + mu^2,
    so with mu^2 = 1/n nobody is better and 5 % of the tests may say otherwise.
    """
    n, k, repeats, studies = 40, 5, 5, 400
    rng = np.random.default_rng(0)
    corrected = plain = 0
    for _ in range(studies):
        y = rng.normal((k / (n * (k - 1))) ** 0.5, 1, size=n)
        parts = np.array([rng.permutation(n).reshape(k, -1) for _ in range(repeats)])
        test = y[parts.reshape(k * repeats, -1)]
        train_mean = (y.sum() - test.sum(1)) / (n - n // k)
        difference = (test**2).mean(1) - ((test - train_mean[:, None]) ** 2).mean(1)
        corrected += p_value(difference, n - n // k, n // k) < 0.05
        plain += p_value(difference, 1, 0) < 0.05
    assert corrected / studies < 0.1
    assert plain / studies > 0.25


# --- compare ------------------------------------------------------------------


def test_table_scores_and_predictions_fit_together():
    data = table_data()
    models = {"tree": on_table(DecisionTreeClassifier()), "guess": DummyClassifier()}
    result = compare(models, data, n_folds=3, n_repeats=2)
    assert list(result.table.index) == ["tree", "guess"]
    assert list(result.table.columns) == [
        "mean", "low", "high", "balanced accuracy", "macro F1", "log loss", "calibration error",
    ]  # fmt: skip
    assert len(result.scores) == 2 * 3 * 2
    mine = result.scores.query("model == 'tree'")
    row = result.table.loc["tree"]
    assert tuple(row[:3]) == interval(mine["accuracy"], mine["n_train"], mine["n_test"])
    predicted = result.predictions["tree"]
    assert predicted.shape == (2, len(data))
    f1 = [sk.f1_score(data.y, p, average="macro") for p in predicted]
    assert row["macro F1"] == pytest.approx(np.mean(f1))
    np.testing.assert_allclose(result.probabilities["tree"].sum(2), 1)
    for k, (_, test) in enumerate(group_folds(data, 3, 2)):
        expected = (predicted[k // 3, test] == data.y[test]).mean()
        assert mine["accuracy"].iloc[k] == expected
    assert list(result.times.columns) == ["fit (s)", "predict (s)"]
    assert (result.times > 0).all(axis=None)
    assert "tree" in repr(result)


def test_small_errors_are_shown_with_two_digits():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 1))
    small = MultimodalData({"table": x}, 0.001 * x[:, 0] + rng.normal(0, 3e-4, 40))
    model = on_table(LinearRegression())
    shown = repr(compare({"ridge": model}, small, n_folds=4)).split()
    rmse = [float(cell) for cell in shown if cell.startswith("0.000")]
    assert rmse and min(rmse) > 0


def test_confusion_counts_each_sample_once():
    data = table_data(target_names=["ash", "elm", "oak"])
    result = compare({"bayes": on_table(GaussianNB())}, data, n_folds=3, n_repeats=2)
    counts = result.confusion("bayes", repeat=1)
    assert counts.to_numpy().sum() == len(data)
    said = result.predictions["bayes"][1]
    assert counts.loc["ash", "oak"] == ((data.y == 0) & (said == 2)).sum()
    with pytest.raises(DataError, match="no model 'svm' here; there are bayes"):
        result.confusion("svm")


def test_same_numbers_again_and_with_two_jobs():
    data = table_data()
    models = {
        "tree": on_table(DecisionTreeClassifier(max_features=1)),
        "nb": on_table(GaussianNB()),
    }
    one, again = (compare(models, data, 3, 2, n_jobs=1) for _ in range(2))
    two = compare(models, data, 3, 2, n_jobs=2)
    pd.testing.assert_frame_equal(one.scores, again.scores, check_exact=True)
    pd.testing.assert_frame_equal(one.scores, two.scores, check_exact=True)
    pd.testing.assert_frame_equal(one.table, two.table, check_exact=True)


def test_nothing_is_printed_unless_asked_for(capsys):
    data, models = table_data(), {"guess": DummyClassifier()}
    compare(models, data, 2, 1)
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""
    compare(models, data, 2, 1, progress=True)
    assert "fits" in capsys.readouterr().err


def test_models_are_left_as_they_were():
    model = on_table(DecisionTreeClassifier())
    compare({"tree": model}, table_data(), 2, 1)
    assert model[-1].random_state is None
    assert not hasattr(model[-1], "tree_")


def test_a_model_without_probabilities_has_no_log_loss():
    data = table_data()
    models = {"svm": on_table(LinearSVC()), "bayes": on_table(GaussianNB())}
    result = compare(models, data, 3, 2)
    assert result.table.loc["svm", ["log loss", "calibration error"]].isna().all()
    assert result.table.loc["bayes"].notna().all()
    assert list(result.probabilities) == ["bayes"]
    assert result.paired("svm", "bayes").p <= 1
    with pytest.raises(DataError, match="'svm' has no log loss"):
        result.paired("svm", "bayes", "log loss")


class Failing(ClassifierMixin, BaseEstimator):
    """Fails with `error` where the first training sample is not sample 0."""

    def __init__(self, error=ValueError, flat=True):
        self.error, self.flat = error, flat

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        if self.error and X["table"][0, 0] != 0:
            raise self.error("the matrix\nis singular")
        return self

    def predict(self, X):
        return np.zeros(len(X), int) if self.flat else np.zeros((len(X), 1), int)


@pytest.mark.parametrize(
    ("error", "kind", "n_jobs"), [(ValueError, RuntimeError, 2), (DataError, DataError, 1)]
)
def test_a_model_that_fails_is_named_with_its_fold(error, kind, n_jobs):
    data = table_data(groups=None)
    data.X["table"][:, 0] = 0
    folds = group_folds(data, 3, 1)
    bad = next(k for k in range(3) if 0 in folds[k][1])  # sample 0 is tested, not trained on
    data.X["table"][1:, 0] = 1
    says = rf"'odd', repeat 0, fold {bad} failed with {error.__name__}: the matrix is singular"
    with pytest.raises(kind, match=says):
        compare({"odd": Failing(error)}, data, 3, 1, n_jobs=n_jobs)


def test_what_compare_cannot_take_is_said():
    data = table_data()
    for models in ({}, [GaussianNB()], GaussianNB()):
        with pytest.raises(DataError, match="mapping from name to estimator"):
            compare(models, data)
    with pytest.raises(DataError, match="'odd' is a str"):
        compare({"odd": "tree"}, data)
    with pytest.raises(DataError, match="predict gives shape"):
        compare({"odd": Failing(None, flat=False)}, data, 2, 1)


class NeedsGroups(ClassifierMixin, BaseEstimator):
    """As an estimator that stops early on whole groups held back from training."""

    def fit(self, X, y, groups=None):
        assert groups is not None and len(groups) == len(y) == len(X)
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.full(len(X), self.classes_[0])


def test_groups_reach_every_fit_that_takes_them():
    models = {
        "model": NeedsGroups(),
        "last step": on_table(NeedsGroups()),
        "search": GridSearchCV(on_table(GaussianNB()), {}, cv=GroupKFold(3)),
    }
    result = compare(models, table_data(), 3, 1)
    assert result.table["mean"].notna().all()
    with pytest.raises(RuntimeError, match="'model', repeat 0, fold 0 failed with AssertionError"):
        compare({"model": NeedsGroups()}, table_data(groups=None), 3, 1)


def test_groups_reach_a_net_or_a_search_at_the_end_of_nested_pipelines():
    groups = np.arange(4)
    search = GridSearchCV(LogisticRegression(), {"C": [1.0]}, cv=GroupKFold(2))
    nested = make_pipeline(Select("table"), make_pipeline(search))
    assert fit_options(nested, groups).keys() == {"pipeline__gridsearchcv__groups"}
    data = table_data()
    assert compare({"nested": nested}, data, 2, 1).table["mean"].notna().all()


def test_a_test_part_without_some_class_is_scored():
    """Class 2 has fewer groups than would reach every fold with a fair share."""
    group = np.repeat(np.arange(12), 5)
    y = np.where(group < 9, group % 2, 2)
    y[group >= 10] = 2
    x = np.random.default_rng(0).normal(size=(60, 2)) + y[:, None]
    data = MultimodalData({"table": x}, y=y, groups=group)
    result = compare({"bayes": on_table(GaussianNB())}, data, n_folds=3, n_repeats=3)
    assert np.isfinite(result.scores.drop(columns="model").to_numpy(float)).all()
    subset = data.take(y != 1)  # knows three classes, holds two
    result = compare({"bayes": on_table(GaussianNB())}, subset, n_folds=2, n_repeats=1)
    assert result.probabilities["bayes"].shape[2] == 3
    assert (result.probabilities["bayes"][:, :, 1] == 0).all()
    assert result.table.notna().all(axis=None)


# --- which is better ------------------------------------------------------------


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


def test_a_difference_never_reads_as_zero():
    from mmlib.evaluation.comparison import _enough_decimals

    assert _enough_decimals(5.4, 2.1, True, 0) == 0
    assert _enough_decimals(0.04, 0.003, True, 0) == 3
    assert _enough_decimals(0.04, -0.3, False, 0) == 2
    assert _enough_decimals(0.0, 0.0, False, 0) == 0


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


# --- ceilings and pictures --------------------------------------------------------


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


# --- guards -------------------------------------------------------------------------


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


def test_models_inside_a_model_get_the_seed_too():
    from sklearn.ensemble import RandomForestClassifier

    from mmlib.fusion.late import LateFusionClassifier

    forest = on_table(RandomForestClassifier(5))
    model = LateFusionClassifier({"table": forest})
    tables = [compare({"late": model}, table_data(), 2, 1).table for _ in range(2)]
    pd.testing.assert_frame_equal(*tables)
    assert forest[-1].random_state is None


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
    assert flattered["low"] > 0.4


def test_fits_use_one_thread_so_that_sums_do_not_depend_on_the_number_of_jobs():
    import torch
    from threadpoolctl import threadpool_info, threadpool_limits

    def threads():
        return {torch.get_num_threads(), *(pool["num_threads"] for pool in threadpool_info())}

    class CountThreads(DummyClassifier):
        def fit(self, X, y):
            assert threads() == {1}
            return super().fit(X, y)

    with threadpool_limits(2):
        assert 2 in threads()
        compare({"guess": CountThreads()}, table_data(), 2, 1)
        assert 2 in threads()


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


def test_measured_values_that_do_not_differ_have_no_share_to_explain(recwarn):
    for predicted in ([1.0, 2.0, 3.0], [2.0, 2.0, 2.0]):
        scores = regression_scores([2.0, 2.0, 2.0], predicted)
        assert np.isnan(scores["R2"]) and np.isnan(scores["RPD"])
    assert not recwarn


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


def test_log_loss_follows_the_order_of_the_labels_given():
    y, proba = [2, 0, 1, 1], np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.2, 0.2, 0.6]] * 2)[:4]
    right = classification_scores(y, y, proba, [0, 1, 2])
    turned = classification_scores(y, y, proba[:, [2, 0, 1]], [2, 0, 1])
    assert turned == pytest.approx(right)


def test_groups_reach_a_model_of_a_transformed_target():
    class Grouped(RegressorMixin, BaseEstimator):
        def fit(self, X, y, groups=None):
            assert groups is not None and len(groups) == len(y)
            self.fitted_ = True
            return self

        def predict(self, X):
            return np.ones(len(X))

    models = {
        name: TransformedTargetRegressor(model, func=np.log, inverse_func=np.exp)
        for name, model in {"model": Grouped(), "last step": on_table(Grouped())}.items()
    }
    data = quantity_data(groups=np.arange(len(quantity_data())) // 4)
    data.y = np.abs(data.y) + 1
    assert compare(models, data, 2, 1).table["mean"].notna().all()
    assert fit_options(TransformedTargetRegressor(), data.groups) == {}


def test_a_class_that_a_subset_lacks_does_not_count_as_one_without_groups():
    data = table_data()
    assert most_folds(data.take(data.y != 1), 3) == most_folds(data, 3) == 3
