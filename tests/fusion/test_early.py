"""Early fusion: blocks of equal weight, inside every scikit-learn tool."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, cross_val_score
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import mmlib
from mmlib.data.mapping import Samples
from mmlib.features.blocks import default_block
from mmlib.fusion.early import BlockScale, curved_boundary, early_fusion


def toy(n=240, seed=0):
    """The label is the sign of a + b: b is one column, a is spread over 200 like a spectrum."""
    rng = np.random.default_rng(seed)
    hidden = rng.standard_normal((n, 2))
    factors = np.hstack([hidden[:, :1], rng.standard_normal((n, 2))])
    X = Samples(few=hidden[:, 1:], many=factors @ rng.standard_normal((3, 200)))
    return X, (hidden.sum(1) > 0).astype(int)


def test_blocks_have_the_same_total_variance(leaves):
    model = early_fusion(leaves, classifier=SVC()).fit(leaves.X, leaves.y)
    for name, block in model["blocks"].transformer_list:
        assert block.transform(leaves.X).var(0).sum() == pytest.approx(1), name
    assert model["blocks"].transform(leaves.X).var(0).sum() == pytest.approx(2)


@pytest.mark.parametrize("value", [0.1, 1 / 3, 123.456])
def test_a_block_in_which_nothing_varies_is_not_blown_up_by_rounding(value):
    X = np.full((10, 3), value)
    assert X.var(0).sum() > 0  # rounding
    np.testing.assert_array_equal(BlockScale().fit_transform(X), X)


def test_block_scale_on_small_numbers():
    X = np.array([[2.0, 0.0], [-2.0, 0.0], [0.0, 3.0], [0.0, -3.0]])  # variances 2 and 4.5
    np.testing.assert_allclose(BlockScale().fit(X).scale_, np.sqrt(6.5))
    np.testing.assert_allclose(BlockScale("columns").fit(X).scale_, np.sqrt(2))
    scaled = StandardScaler().fit_transform(X)
    by_both = [BlockScale(by).fit(scaled).scale_ for by in ("variance", "columns")]
    np.testing.assert_allclose(*by_both)
    assert BlockScale().fit(np.ones((3, 2))).scale_ == 1
    assert list(BlockScale().fit(X).get_feature_names_out(["a", "b"])) == ["a", "b"]
    with pytest.raises(mmlib.DataError, match="median"):
        BlockScale("median").fit(X)


def test_block_scale_is_learned_from_the_training_part_only():
    X = np.random.default_rng(0).standard_normal((20, 3))
    scale = BlockScale().fit(X)
    np.testing.assert_allclose(scale.transform(10 * X), 10 * scale.transform(X))


def test_without_block_scale_the_wide_block_drowns_the_narrow_one():
    X, y = toy()
    blocks = {"few": StandardScaler(), "many": StandardScaler()}
    scores = {
        scaled: cross_val_score(early_fusion(None, blocks, SVC(), scaled), X, y, cv=5).mean()
        for scaled in (True, False)
    }
    assert scores[True] > scores[False] + 0.05


def test_blocks_are_what_one_would_stack_by_hand():
    X, y = toy()
    blocks = {"few": [StandardScaler()], "many": [StandardScaler(), PCA(3, random_state=0)]}
    model = early_fusion(blocks=blocks, classifier=LogisticRegression(), block_scale=False)
    pca = PCA(3, random_state=0).fit_transform(StandardScaler().fit_transform(X["many"]))
    by_hand = np.hstack([StandardScaler().fit_transform(X["few"]), pca])
    np.testing.assert_allclose(model.fit(X, y)["blocks"].transform(X), by_hand, atol=1e-9)
    expected = LogisticRegression().fit(by_hand, y).predict_proba(by_hand)
    np.testing.assert_allclose(model.predict_proba(X), expected, atol=1e-6)


def test_order_of_the_modalities_in_the_mapping_does_not_matter(leaves):
    model = early_fusion(leaves).fit(leaves.X, leaves.y)
    turned = Samples(image=leaves.X["image"], spectrum=leaves.X["spectrum"])
    np.testing.assert_array_equal(model.predict(turned), model.predict(leaves.X))


def test_a_prediction_does_not_depend_on_the_other_rows(leaves):
    train, test = leaves.split(seed=0)
    model = early_fusion(train).fit(train.X, train.y)
    whole = model.predict_proba(test.X)
    alone = np.vstack([model.predict_proba(test.take([i]).X) for i in range(10)])
    np.testing.assert_allclose(alone, whole[:10], atol=1e-3)


def test_clone_and_grid_search(leaves):
    model = clone(early_fusion(leaves, classifier=SVC()))
    grid = {"model__C": [1e-3, 10], "blocks__spectrum__spectrumblock__random_state": [1]}
    cv = StratifiedGroupKFold(2)
    search = GridSearchCV(model, grid, cv=cv).fit(leaves.X, leaves.y, groups=leaves.groups)
    assert search.best_params_["model__C"] == 10


def test_a_curved_boundary_finds_the_tight_class_inside_the_wide_one():
    rng = np.random.default_rng(0)
    y = np.arange(600) % 2
    wide = 0.3 + 2 * y[:, None]  # the means hardly differ, so that a straight line must fail
    X = Samples(a=rng.normal(0.3 * y[:, None], wide), b=rng.normal(0.3 * y[:, None], wide))
    blocks = {name: StandardScaler() for name in X}
    straight, curved = (
        early_fusion(blocks=blocks, classifier=classifier).fit(X[:400], y[:400])
        for classifier in (LinearDiscriminantAnalysis(), curved_boundary())
    )
    line, bend = straight.score(X[400:], y[400:]), curved.score(X[400:], y[400:])
    assert line < 0.7 and bend > line + 0.1


def test_noise_labels_score_chance(leaves):
    noise = np.random.default_rng(1).permutation(leaves.y)
    cv = StratifiedGroupKFold(3, shuffle=True, random_state=0)
    score = cross_val_score(early_fusion(leaves), leaves.X, noise, groups=leaves.groups, cv=cv)
    assert abs(score.mean() - 0.2) < 0.1


def test_regression_of_what_both_modalities_hold_half_of():
    data = mmlib.make_leaves(n_plants=60, target="chlorophyll", seed=5)
    train, test = data.split(seed=0)
    both = early_fusion(data).fit(train.X, train.y).score(test.X, test.y)
    blocks = {"spectrum": default_block((211,))}
    one = early_fusion(blocks=blocks, task="regression").fit(train.X, train.y)
    assert both > one.score(test.X, test.y) + 0.05
    assert both > 0.7


def test_early_fusion_beats_either_modality_and_stays_below_the_ceiling():
    data = mmlib.make_leaves(n_plants=160, seed=11)
    limits = {key: value for key, (value, _) in mmlib.ceilings(data).items()}
    cv = StratifiedGroupKFold(3, shuffle=True, random_state=0)
    model = early_fusion(data)
    score = cross_val_score(model, data.X, data.y, groups=data.groups, cv=cv).mean()
    assert max(limits["spectrum"], limits["image"]) + 0.1 < score
    assert limits["joint"] - 0.1 < score < limits["joint"] + 0.03  # standard error 0.01


def test_defaults_by_shape():
    def names(shape):
        return [type(step).__name__ for step in default_block(shape)]

    assert names((4,)) == ["StandardScaler"]
    assert names((211,)) == ["SpectrumBlock"]
    assert names((16, 16, 1)) == ["FeatureUnion"]
    with pytest.raises(mmlib.DataError, match="no default"):
        default_block((3, 3))


def test_what_cannot_be_joined_is_refused(leaves):
    with pytest.raises(mmlib.DataError, match="'smell'"):
        early_fusion(leaves, blocks={"smell": StandardScaler()})
    with pytest.raises(mmlib.DataError, match="needs the data"):
        early_fusion()
    with pytest.raises(mmlib.DataError, match="task"):
        early_fusion(leaves, task="clustering")
    with pytest.raises(mmlib.DataError, match="no modality 'image'"):
        early_fusion(leaves).fit(Samples(spectrum=leaves.X["spectrum"]), leaves.y)


def test_the_default_classifier_stands_more_columns_than_samples():
    rng = np.random.default_rng(0)
    y = np.arange(320) % 2
    X = Samples(table=rng.normal(size=(320, 100)) + 0.3 * y[:, None])
    model = early_fusion(blocks={"table": StandardScaler()})
    assert model.fit(X[:100], y[:100]).score(X[100:], y[100:]) > 0.85
