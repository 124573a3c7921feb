"""Late fusion: rules by hand, scikit-learn as the oracle, folds that keep groups whole."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier, StackingRegressor, VotingClassifier
from sklearn.exceptions import DataConversionWarning, NotFittedError
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, PredefinedSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC

import mmlib
from mmlib import DataError, Select
from mmlib.data.mapping import Samples
from mmlib.data.splits import assign_folds
from mmlib.fusion.late import RULES, LateFusionClassifier, late_fusion
from mmlib.fusion.rules import learn_weights


def two_views(n=300, classes=3, noise=1.0, seed=0):
    """Two tables that are independent given the class, five samples to a group."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(n // 5), 5)
    y = rng.permutation(np.arange(n // 5) % classes)[group]
    angle = 2 * np.pi * y / classes
    center = np.column_stack([np.cos(angle), np.sin(angle)])
    views = {name: center + noise * rng.normal(size=(n, 2)) for name in "ab"}
    return Samples(**views), y, group


def pair(model=None):
    return {name: make_pipeline(Select(name), model or LogisticRegression()) for name in "ab"}


@pytest.fixture(scope="module")
def views():
    return two_views()


# scikit-learn as the oracle


def test_mean_without_calibration_is_soft_voting(views):
    X, y, group = views
    ours = LateFusionClassifier(pair(), calibration=None).fit(X, y, group).predict_proba(X)
    theirs = VotingClassifier(list(pair().items()), voting="soft").fit(X, y).predict_proba(X)
    np.testing.assert_allclose(ours, theirs)


@pytest.mark.parametrize(
    ("method", "classes"), [("temperature", 3), ("temperature", 2), ("sigmoid", 2), ("isotonic", 2)]
)
def test_calibration_is_that_of_scikit_learn(method, classes):
    X, y, group = two_views(classes=classes)
    ours = LateFusionClassifier(pair(), calibration=method).fit(X, y, group).opinions(X)["a"]
    cv = PredefinedSplit(assign_folds(y, group))
    theirs = CalibratedClassifierCV(pair()["a"], method=method, cv=cv, ensemble=False).fit(X, y)
    np.testing.assert_allclose(ours, theirs.predict_proba(X), atol=1e-5)


@pytest.mark.parametrize("rule", ["mean", "stacking"])
def test_regression_is_that_of_scikit_learn(rule, views):
    X, y, group = views
    models = pair(Ridge())
    ours = late_fusion(models=models, rule=rule, task="regression").fit(X, y, group).predict(X)
    cv = PredefinedSplit(assign_folds(np.zeros(len(y), int), group))
    stack = StackingRegressor(list(models.items()), LinearRegression(), cv=cv).fit(X, y)
    mean = np.mean([clone(model).fit(X, y).predict(X) for model in models.values()], axis=0)
    np.testing.assert_allclose(ours, mean if rule == "mean" else stack.predict(X))


def test_stacking_is_a_logistic_regression_on_held_out_logarithms(views):
    X, y, group = views
    model = LateFusionClassifier(pair(), "stacking", calibration=None).fit(X, y, group)
    fold, held, order = assign_folds(y, group), [], []
    for k in range(5):
        fitted = [m.fit(X[fold != k], y[fold != k]) for m in pair().values()]
        held.append(np.hstack([m.predict_log_proba(X[fold == k]) for m in fitted]))
        order.append(y[fold == k])
    by_hand = LogisticRegression(max_iter=1000, tol=1e-10).fit(
        np.vstack(held), np.concatenate(order)
    )
    final = np.hstack([m.fit(X, y).predict_log_proba(X) for m in pair().values()])
    np.testing.assert_allclose(model.predict_proba(X), by_hand.predict_proba(final), atol=1e-4)


# Held out means held out


class Remembers(BaseEstimator):
    """Knows every group it was fitted to: sure and right about it, sure and wrong elsewhere."""

    def fit(self, X, y, groups):
        self.classes_, self.seen_ = np.unique(y), set(groups)
        return self

    def predict_proba(self, X):
        known = np.isin(X["a"][:, 0], list(self.seen_))
        return np.eye(2)[np.where(known, 1, 0)] * 0.9 + 0.05


def test_a_model_that_knows_its_groups_by_heart_gets_no_weight():
    """Were groups torn apart inside, it would look perfect there."""
    group = np.repeat(np.arange(40), 5)
    y = (group % 2).astype(int)
    X = Samples(a=group[:, None], b=y[:, None] + np.random.default_rng(0).normal(size=(200, 1)))
    models = {"a": Remembers(), "b": make_pipeline(Select("b"), LogisticRegression())}
    model = LateFusionClassifier(models, "weighted", calibration=None).fit(X, y, group)
    assert model.weights_["a"] < 0.5
    assert model.models_["a"].seen_ == set(group)


def test_weights_are_not_learned_where_the_models_were_trained():
    """A forest is sure and right on its own samples, so there it would get all the weight."""
    X, y, group = two_views(noise=2.0)
    X["a"] = np.random.default_rng(1).normal(size=X["a"].shape)  # nothing to know
    models = pair() | {"a": make_pipeline(Select("a"), RandomForestClassifier(50, random_state=0))}
    model = LateFusionClassifier(models, "weighted", calibration=None).fit(X, y, group)
    trained = np.array([m.predict_proba(X)[np.arange(len(y)), y] for m in model.models_.values()])
    assert learn_weights(trained)[0] > 0.9
    assert model.weights_["a"] < 0.3


def test_noise_labels_score_chance():
    X, _, group = two_views(600)
    y = np.random.default_rng(3).permutation(120)[group] % 3
    new = two_views(600, seed=9)[0]
    truth = np.random.default_rng(4).integers(3, size=600)
    for rule in RULES:
        score = late_fusion(models=pair(), rule=rule).fit(X, y, group).score(new, truth)
        assert abs(score - 1 / 3) < 0.07, rule  # 3.6 standard errors


# Any data, any model


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("calibration", [None, "temperature", "sigmoid", "isotonic"])
def test_probabilities_add_up_and_the_answer_is_the_largest(rule, calibration, views):
    X, y, group = views
    names = np.array(["x", "y", "z"])[y]
    model = LateFusionClassifier(pair(), rule, calibration).fit(X, names, group)
    proba = model.predict_proba(X)
    np.testing.assert_allclose(proba.sum(1), 1)
    assert (proba >= 0).all()
    assert (model.classes_[proba.argmax(1)] == model.predict(X)).all()
    assert model.score(X, names) > 0.6


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("modalities", [1, 2, 3])
@pytest.mark.parametrize("classes", [2, 50])
def test_one_to_three_modalities_and_two_to_fifty_classes(rule, modalities, classes):
    rng = np.random.default_rng(0)
    y = np.arange(10 * classes) % classes
    X = Samples(**{k: 4 * np.eye(classes)[y] + rng.normal(size=(len(y), classes))
                     for k in "abc"[:modalities]})  # fmt: skip
    models = {k: make_pipeline(Select(k), LogisticRegression()) for k in X}
    model = late_fusion(models=models, rule=rule, n_folds=3).fit(X, y)
    assert model.predict_proba(X).shape == (len(y), classes)
    assert model.score(X, y) > 0.8


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("calibration", [None, "temperature", "sigmoid", "isotonic"])
def test_a_class_with_one_group_or_one_sample_breaks_nothing(rule, calibration, views):
    X, y, group = (part.copy() for part in views)
    y[group == 7], y[group == 8] = 3, 4  # one group each, so never held out
    X["a"][group == 7] += 5
    model = LateFusionClassifier(pair(), rule, calibration).fit(X, y, group)
    assert model.predict_proba(X).shape == (300, 5)
    assert (model.predict(X)[y < 3] == y[y < 3]).mean() > 0.6
    y[:] = y % 3
    y[0] = 3
    model = LateFusionClassifier(pair(), rule, calibration).fit(X, y)
    assert np.isfinite(model.predict_proba(X)).all()


@pytest.mark.parametrize("calibration", [None, "temperature"])
def test_a_class_that_could_not_be_held_out_can_still_be_predicted(calibration, views):
    X, y, group = (part.copy() for part in views)
    y[group == 7] = 3
    X["a"][group == 7] += 8
    model = LateFusionClassifier(pair(), "product", calibration).fit(X, y, group)
    assert (model.predict(X)[group == 7] == 3).all()


def test_a_class_missing_in_one_inner_training_part(views):
    X, y, group = (part.copy() for part in views)
    y[np.isin(group, [3, 4])] = 3  # two groups: two of five folds hold one of them
    model = LateFusionClassifier(pair(), "weighted", "isotonic").fit(X, y, group)
    assert model.calibrators_["a"].present_.all()


def test_a_support_vector_machine_has_scores_and_no_probabilities(views):
    X, y, group = views
    for classes in (3, 2):
        rows = y < classes
        models = pair(SVC())
        model = late_fusion(models=models).fit(X[rows], y[rows], group[rows])
        assert model.score(X[rows], y[rows]) > 0.7
        own = model.opinions(X[rows])["a"]
        assert (own.argmax(1) == model.models_["a"].predict(X[rows])).mean() > 0.99


def test_calibration_makes_a_boaster_honest():
    X, y, group = two_views(1500, noise=1.5)
    new, truth, _ = two_views(3000, noise=1.5, seed=5)
    louder = make_pipeline(FunctionTransformer(np.tile, kw_args={"reps": (1, 8)}), Gaussian())
    models = {"a": make_pipeline(Select("a"), louder), "b": pair()["b"]}
    errors, scores = {}, {}
    for calibration in (None, "temperature", "sigmoid", "isotonic"):
        model = LateFusionClassifier(models, "mean", calibration).fit(X, y, group)
        own = model.opinions(new)["a"]
        errors[calibration] = mmlib.evaluation.calibration_error(truth, own)
        scores[calibration] = model.score(new, truth)
    for calibration in ("temperature", "sigmoid", "isotonic"):
        assert errors[calibration] < 0.05 < 0.15 < errors[None]
        assert scores[calibration] > scores[None] + 0.03


def Gaussian():
    from sklearn.naive_bayes import GaussianNB

    return GaussianNB()


def test_order_of_modalities_and_neighbors_do_not_matter(views):
    X, y, group = views
    for rule in RULES:
        model = late_fusion(models=pair(), rule=rule).fit(X, y, group)
        expected = model.predict_proba(X)
        turned = Samples(b=X["b"], a=X["a"])
        np.testing.assert_allclose(model.predict_proba(turned), expected)
        np.testing.assert_allclose(model.predict_proba(X[:1]), expected[:1])
        np.testing.assert_allclose(model.predict_proba(dict(X)), expected)
        swapped = {name: pair()[name] for name in "ba"}
        other = late_fusion(models=swapped, rule=rule).fit(turned, y, group)
        np.testing.assert_allclose(other.predict_proba(X), expected, atol=1e-3)


def test_clone_cross_validation_and_grid_search(views):
    X, y, _ = views
    model = late_fusion(models=pair())
    assert np.isfinite(cross_val_score(model, X, y, cv=3)).all()
    grid = {"rule": list(RULES), "calibration": [None, "temperature"]}
    search = GridSearchCV(clone(model), grid, cv=2, error_score="raise").fit(X, y)
    assert search.best_params_.keys() == grid.keys()
    assert not hasattr(search.estimator, "models_")


def test_compare_hands_the_groups_on(views):
    X, y, group = views
    data = mmlib.MultimodalData(X, y, group)
    models = {"a": Greedy(), "b": pair()["b"]}
    mmlib.compare({"late": late_fusion(models=models)}, data, n_folds=2, n_repeats=1)
    with pytest.raises(TypeError, match="groups"):
        late_fusion(models=models).fit(X, y)


class Greedy(DummyClassifier):
    def fit(self, X, y, groups):
        assert len(groups) == len(y)
        return super().fit(X, y)


def test_defaults_are_close_to_the_ceilings_of_single_modalities():
    alone, together = [], []
    for seed in (3, 13, 23):  # one pair of samples may be unlucky
        leaves, new = mmlib.make_leaves(120, seed=seed), mmlib.make_leaves(120, seed=seed + 1)
        model = late_fusion(leaves).fit(leaves.X, leaves.y, leaves.groups)
        opinions = model.opinions(new.X)
        alone.append({name: (own.argmax(1) == new.y).mean() for name, own in opinions.items()})
        together.append(model.score(new.X, new.y))
    limits = mmlib.ceilings(leaves)
    for name in alone[0]:
        mean = np.mean([scores[name] for scores in alone])
        assert limits[name][0] - 0.07 < mean < limits[name][0] + 0.03
    assert np.mean(together) > 0.69


def test_blocks_are_made_once_and_without_labels():
    leaves = mmlib.make_leaves(20)
    made = []

    class Counts(BaseEstimator):
        def fit(self, X, y=None):
            assert y is None
            made.append(len(X))
            return self

        def transform(self, X):
            return {"bands": X["spectrum"][:, ::50]}

    models = {"spectrum": make_pipeline(Select("bands"), LogisticRegression())}
    model = LateFusionClassifier(models, blocks=Counts()).fit(leaves.X, leaves.y, leaves.groups)
    assert made == [100]
    assert model.predict(leaves.X).shape == (100,)


def test_own_models_stand_beside_default_ones():
    leaves = mmlib.make_leaves(20)
    own = make_pipeline(Select("spectrum"), SVC())
    model = late_fusion(leaves, {"spectrum": own}).fit(leaves.X, leaves.y, leaves.groups)
    assert list(model.models_) == ["spectrum", "image"]
    assert isinstance(model.models_["spectrum"][-1], SVC)
    assert model.models_["spectrum"][-1].n_features_in_ == 211


def test_weighted_and_stacked_regression_find_the_modality_that_knows():
    rng = np.random.default_rng(0)
    X = Samples(a=rng.normal(size=(200, 1)), b=rng.normal(size=(200, 1)))
    y = X["a"][:, 0] + 0.1 * rng.normal(size=200)
    mean, weighted, stacked = (
        late_fusion(models=pair(Ridge()), rule=rule, task="regression").fit(X, y)
        for rule in ("mean", "weighted", "stacking")
    )
    assert weighted.weights_["a"] > 0.95
    assert mean.score(X, y) < 0.9 < min(weighted.score(X, y), stacked.score(X, y))


def test_what_cannot_be_fused_is_refused_in_one_sentence(views):
    X, y, _ = views
    leaves = mmlib.make_leaves(10)
    with pytest.raises(DataError, match="'smell'"):
        late_fusion(leaves, models={"smell": SVC()})
    with pytest.raises(DataError, match="needs the data"):
        late_fusion()
    with pytest.raises(DataError, match="task"):
        late_fusion(leaves, task="clustering")
    with pytest.raises(DataError, match="rule is 'max'"):
        late_fusion(models=pair(), rule="max").fit(X, y)
    with pytest.raises(DataError, match="rule is 'product'"):
        late_fusion(models=pair(Ridge()), rule="product", task="regression").fit(X, y)
    with pytest.raises(DataError, match="calibration is 'platt'"):
        late_fusion(models=pair(), calibration="platt").fit(X, y)
    with pytest.raises(DataError, match="one class only"):
        late_fusion(models=pair()).fit(X, np.zeros(300))
    with pytest.raises(DataError, match="n_folds is 1"):
        late_fusion(models=pair(), n_folds=1).fit(X, y)
    with pytest.raises(DataError, match="y has 299"):
        late_fusion(models=pair()).fit(X, y[1:])
    with pytest.raises(DataError, match="mapping from modality"):
        LateFusionClassifier([SVC()]).fit(X, y)
    with pytest.raises(DataError, match="Nothing can be held out"):
        late_fusion(models=pair()).fit(X, y, y)
    with pytest.raises(DataError, match="Ridge has neither"):
        models = pair() | {"b": make_pipeline(Select("b"), Ridge())}
        late_fusion(models=models, calibration=None).fit(X, y).predict(X)
    with pytest.raises(DataError, match="no modality 'b'"):
        late_fusion(models=pair()).fit(Samples(a=X["a"]), y)


@pytest.mark.parametrize("rule", ["weighted", "stacking"])
def test_it_can_be_saved_without_pickle(rule, views, tmp_path):
    X, y, group = views
    model = late_fusion(models=pair(), rule=rule, calibration="isotonic").fit(X, y, group)
    again = mmlib.load(mmlib.save(model, tmp_path))
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))


@pytest.mark.parametrize("rule", ["mean", "weighted", "stacking"])
def test_a_regression_takes_a_plain_dict_and_a_target_in_one_column(rule):
    rng = np.random.default_rng(0)
    X = {"a": rng.normal(size=(30, 4)), "b": rng.normal(size=(30, 3))}
    y = X["a"][:, 0] + X["b"][:, 0]
    models = {name: make_pipeline(Select(name), Ridge()) for name in X}
    model = late_fusion(models=models, rule=rule, task="regression").fit(X, y)
    expected = model.predict(Samples(**X))
    assert np.array_equal(model.predict(X), expected)
    with pytest.warns(DataConversionWarning):
        model.fit(X, y[:, None])
    assert np.array_equal(model.predict(X), expected)


def test_a_second_fit_forgets_what_the_first_rule_has_learned():
    X, y, _ = two_views(n=60)
    model = late_fusion(models=pair(), rule="weighted").fit(X, y)
    assert hasattr(model, "weights_")
    assert not hasattr(model.set_params(rule="stacking").fit(X, y), "weights_")
    assert not hasattr(model.set_params(rule="mean").fit(X, y), "stacker_")


def test_labels_may_stand_in_one_column():
    X, y, _ = two_views(n=60)
    model = late_fusion(models=pair())
    expected = model.fit(X, y).predict_proba(X)
    with pytest.warns(DataConversionWarning):
        model.fit(X, y[:, None])
    assert np.array_equal(model.predict_proba(X), expected)


@pytest.mark.parametrize("classes", [("a", "b", "rare"), ("a", "a", "rare")])
def test_stacking_can_name_a_class_that_was_never_held_out(classes):
    y = np.repeat(classes, [40, 40, 10])
    group = np.r_[np.arange(80) // 4, [99] * 10]
    code = np.unique(y, return_inverse=True)[1]
    rng = np.random.default_rng(0)
    X = Samples(**{name: rng.normal(size=(90, 3)) + 6 * np.eye(3)[code] for name in "ab"})
    model = late_fusion(models=pair(), rule="stacking").fit(X, y, group)
    proba = model.predict_proba(X)
    np.testing.assert_allclose(proba.sum(1), 1)
    assert (model.predict(X) == y).all()
    said = np.mean(list(model.opinions(X).values()), axis=0)
    np.testing.assert_allclose(proba[:, -1], said[:, -1])  # of "rare" nothing was learned


@pytest.mark.parametrize("wrap", [lambda model: model, lambda model: GridSearchCV(model, {})])
def test_scores_of_pairs_of_classes_are_refused(wrap, views):
    X, y, _ = views
    pairs = late_fusion(models=pair(wrap(SVC(decision_function_shape="ovo"))))
    with pytest.raises(DataError, match=r'pairs of classes, .* use decision_function_shape="ovr"'):
        pairs.fit(X, y)
    two = y < 2  # a single pair is no matter
    assert pairs.fit(X[two], y[two]).score(X[two], y[two]) > 0.7


def test_without_groups_to_hold_out_it_may_do_without_calibration(views):
    X, y, _ = views
    loose = late_fusion(models=pair(), must_calibrate=False).fit(X, y, y)
    plain = late_fusion(models=pair(), calibration=None).fit(X, y, y)
    assert loose.calibrators_ is None
    np.testing.assert_array_equal(loose.predict_proba(X), plain.predict_proba(X))
    assert late_fusion(models=pair(), must_calibrate=False).fit(X, y).calibrators_
    with pytest.raises(DataError, match="Nothing can be held out"):
        late_fusion(models=pair(), rule="weighted", must_calibrate=False).fit(X, y, y)


def test_a_fit_that_fails_changes_nothing(views):
    X, y, _ = views
    model = late_fusion(models=pair(), rule="weighted")
    with pytest.raises(DataError, match="Nothing can be held out"):
        model.fit(X, y, y)
    with pytest.raises(NotFittedError):
        model.predict(X)
    before = model.fit(X, y).predict_proba(X)
    with pytest.raises(DataError, match="Nothing can be held out"):
        model.fit(X, np.array(["left", "middle", "right"])[y], y)
    np.testing.assert_array_equal(model.predict_proba(X), before)
    assert set(model.predict(X)) == {0, 1, 2}
