"""A choice among models is made by the training part alone."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone, is_classifier, is_regressor
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.tree import DecisionTreeRegressor as Tree

import mmlib
from mmlib.base import DataError
from mmlib.data.mapping import Select
from mmlib.data.splits import most_folds
from mmlib.evaluation.nested_choice import ModelSelectionCV

SEEN = []


class Spy(ClassifierMixin, BaseEstimator):
    """Guesses, and remembers which groups it was given."""

    def fit(self, X, y, groups):
        SEEN.append(np.unique(groups))
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.full(len(X["spectrum"]), self.classes_[0])


def good():
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(Select("spectrum"), StandardScaler(), LogisticRegression(max_iter=3000))


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(n_plants=30, leaves_per_plant=3, seed=1)


def test_the_better_model_is_chosen_and_predicts(leaves):
    models = {"guess": DummyClassifier(), "good": good()}
    chosen = ModelSelectionCV(models).fit(leaves.X, leaves.y, leaves.groups)
    alone = clone(good()).fit(leaves.X, leaves.y)
    assert chosen.best_ == "good"
    np.testing.assert_array_equal(chosen.predict(leaves.X), alone.predict(leaves.X))
    np.testing.assert_allclose(chosen.predict_proba(leaves.X), alone.predict_proba(leaves.X))
    np.testing.assert_array_equal(chosen.classes_, leaves.labels)


def test_of_equal_models_the_first_is_kept(leaves):
    for order in (["a", "b"], ["b", "a"]):
        models = {name: good() for name in order}
        assert ModelSelectionCV(models).fit(leaves.X, leaves.y, leaves.groups).best_ == order[0]


def test_inner_folds_keep_groups_whole_and_pass_them_on(leaves):
    SEEN.clear()
    ModelSelectionCV({"spy": Spy()}).fit(leaves.X, leaves.y, leaves.groups)
    assert len(SEEN) == 4  # three inner folds, then all
    inner, whole = SEEN[:3], SEEN[3]
    np.testing.assert_array_equal(whole, np.unique(leaves.groups))
    left_out = [np.setdiff1d(whole, groups) for groups in inner]
    np.testing.assert_array_equal(np.sort(np.concatenate(left_out)), whole)


def test_one_group_a_class_leaves_nothing_to_compare(leaves):
    few = leaves.take(np.isin(leaves.groups, [leaves.groups[leaves.y == k][0] for k in range(5)]))
    assert most_folds(few, 3) == 1
    models = {"guess": DummyClassifier(), "good": good()}
    assert ModelSelectionCV(models).fit(few.X, few.y, few.groups).best_ == "guess"


def test_a_quantity_is_chosen_by_its_error(leaves):
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline

    y = leaves.X["spectrum"][:, 60].astype(float)
    models = {"guess": DummyRegressor(), "ridge": make_pipeline(Select("spectrum"), Ridge(1e-3))}
    chosen = ModelSelectionCV(models).fit(leaves.X, y, leaves.groups)
    assert chosen.best_ == "ridge" and not hasattr(chosen, "predict_proba")


def test_labels_that_chance_decides_give_chance(leaves):
    rng = np.random.default_rng(0)
    noise = mmlib.MultimodalData(
        dict(leaves.X), rng.permutation(leaves.y), leaves.groups, leaves.ids
    )
    models = {"guess": DummyClassifier(strategy="most_frequent"), "good": good()}
    result = mmlib.compare({"chosen": ModelSelectionCV(models)}, noise, n_folds=3, n_repeats=5)
    low, high = result.table.loc["chosen", ["low", "high"]]
    assert low < 0.25 and high < 0.4


def test_it_can_be_scored_and_left_without_a_seed(leaves):
    models = {"guess": DummyClassifier(), "good": good()}
    chosen = ModelSelectionCV(models, random_state=None).fit(leaves.X, leaves.y, leaves.groups)
    assert chosen.score(leaves.X, leaves.y) == chosen.model_.score(leaves.X, leaves.y)


def test_it_is_a_classifier_or_a_regressor_as_its_models_are(leaves):
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline

    classes = ModelSelectionCV({"good": good()})
    quantity = ModelSelectionCV({"ridge": make_pipeline(Select("spectrum"), Ridge())})
    assert is_classifier(classes) and not is_regressor(classes)
    assert is_regressor(quantity) and not is_classifier(quantity)
    in_order = leaves.take(np.argsort(leaves.y, kind="stable"))  # unstratified folds would fail
    scores = cross_val_score(classes, in_order.X, in_order.y, cv=3, scoring="neg_log_loss")
    assert np.isfinite(scores).all()


class Reads(ClassifierMixin, BaseEstimator):
    """Predicts what is in the table."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.asarray(X["table"])[:, 0]


def test_labels_that_are_floats_are_labels_where_the_models_are_classifiers():
    y = np.repeat([0.0, 1.0, 2.0], 60)
    read = y.copy()
    wrong = np.random.default_rng(0).permutation(np.r_[0:60, 120:180])[:60]
    read[wrong] = 2 - read[wrong]  # right in two of three, else off by two: a poor RMSE
    models = {"middle": DummyClassifier(strategy="constant", constant=1), "reads": Reads()}
    chosen = ModelSelectionCV(models).fit({"table": read[:, None]}, y)
    assert chosen.best_ == "reads" and chosen.classes_.tolist() == [0, 1, 2]


def test_whole_numbers_are_a_quantity_where_the_models_are_regressors():
    x = np.arange(60)
    models = {"mean": DummyRegressor(), "tree": good().set_params(logisticregression=Tree())}
    chosen = ModelSelectionCV(models).fit({"spectrum": x[:, None]}, 3 * (x // 5))
    assert chosen.best_ == "tree" and not hasattr(chosen, "classes_")


def test_a_plain_dict_reaches_models_that_need_rows(leaves):
    search = GridSearchCV(good(), {}, cv=2)
    X = dict(leaves.X)
    chosen = ModelSelectionCV({"search": search}, n_folds=2).fit(X, leaves.y)
    assert chosen.score(X, leaves.y) == chosen.score(leaves.X, leaves.y)
    random = DummyClassifier(strategy="stratified", random_state=0)  # counts the rows it is given
    rows = np.zeros((len(leaves), 1))
    guess, itself = ModelSelectionCV({"guess": random}).fit(X, leaves.y), random.fit(rows, leaves.y)
    np.testing.assert_array_equal(guess.predict(X), itself.predict(rows))
    np.testing.assert_array_equal(guess.predict_proba(X), itself.predict_proba(rows))


def test_groups_that_cannot_be_divided_leave_nothing_to_compare():
    """Each class is in two of three groups, so a part with one group lacks a class."""
    y, groups = np.tile([0, 1, 2, 0, 1, 2], 5), np.tile([0, 0, 1, 1, 2, 2], 5)
    X = {"table": np.random.default_rng(0).normal(size=(30, 2))}
    models = {"guess": DummyClassifier(), "reads": Reads()}
    assert ModelSelectionCV(models).fit(X, y, groups).best_ == "guess"


def test_a_single_class_is_still_refused(leaves):
    few = leaves.take(leaves.y == 0)
    with pytest.raises(DataError, match="one class only"):
        ModelSelectionCV({"guess": DummyClassifier()}).fit(few.X, few.y, few.groups)
