"""Every model, fresh in every fold, on the same folds."""

import numpy as np
import pandas as pd
import pytest
from grouped_tables import on_table, quantity_data, table_data
from sklearn import metrics as sk
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.compose import TransformedTargetRegressor
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from mmlib import DataError, MultimodalData, Select
from mmlib.base import fit_options
from mmlib.data.splits import group_folds
from mmlib.evaluation import compare


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
    predicted = result.predictions["tree"]
    assert row["mean"] == pytest.approx((predicted == data.y).mean())
    assert row["low"] < row["mean"] < row["high"]
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


def test_one_failing_model_does_not_stop_the_others():
    data = table_data(groups=None)
    data.X["table"][:, 0] = 1
    models = {"odd": Failing(), "bayes": on_table(GaussianNB())}
    result = compare(models, data, 3, 2)
    assert list(result.table.index) == result.models == list(result.presets) == ["bayes"]
    why = "'odd', repeat 0, fold 0 failed with ValueError: the matrix is singular"
    assert why in result.failed["odd"] and set(result.scores["model"]) == {"bayes"}
    assert repr(result).endswith(f"odd failed: {result.failed['odd']}")
    assert "odd failed" in result._repr_html_()
    alone = compare({"bayes": models["bayes"]}, data, 3, 2)
    pd.testing.assert_frame_equal(result.table, alone.table)


def test_guessing_cannot_win_where_classes_are_uneven():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [95, 5])
    noise = MultimodalData({"table": rng.normal(size=(100, 2))}, y)
    result = compare({"guess": DummyClassifier()}, noise, 5, 1)
    assert result.metric == "balanced accuracy" and result.chance == 0.5
    assert (
        result.table.loc["guess", "mean"] == 0.5 and result.table.loc["guess", "accuracy"] == 0.95
    )
    nearly = MultimodalData({"table": rng.normal(size=(100, 2))}, np.repeat([0, 1], [55, 45]))
    result = compare({"guess": DummyClassifier()}, nearly, 5, 1)
    assert result.metric == "accuracy" and result.chance == 0.55


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


def test_models_inside_a_model_get_the_seed_too():
    from sklearn.ensemble import RandomForestClassifier

    from mmlib.fusion.late import LateFusionClassifier

    forest = on_table(RandomForestClassifier(5))
    model = LateFusionClassifier({"table": forest})
    tables = [compare({"late": model}, table_data(), 2, 1).table for _ in range(2)]
    pd.testing.assert_frame_equal(*tables)
    assert forest[-1].random_state is None


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
