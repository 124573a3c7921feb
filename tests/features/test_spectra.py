"""Spectra: PLS-DA against an independent computation, and honest baselines."""

import chemotools.baseline
import chemotools.derivative
import chemotools.scatter
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.cross_decomposition import PLSRegression
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline

import mmlib
from mmlib.data.mapping import Samples
from mmlib.features import PLS, PLSDA
from mmlib.features.baselines import spectrum_baselines
from mmlib.features.decomposition import Compress
from mmlib.features.spectra import spectrum_steps
from mmlib.fusion.multiblock import block_importance, multiblock_pls


def toy(n=90, bands=40, classes=3, seed=0):
    """Spectra with one Gaussian peak per class on a common background."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % classes
    band = np.arange(bands)
    peak = np.exp(-0.5 * ((band - 8 - 10 * y[:, None]) / 2) ** 2)
    background = 1 + 0.5 * np.sin(band / 9)
    X = (background + 0.5 * peak) * np.exp(0.1 * rng.standard_normal((n, 1)))
    return X + 0.05 * rng.standard_normal(X.shape), y


def pls_scores(X, Y, n_components):
    """PLS scores by deflation: each weight is the first singular vector of X'Y."""
    X, Y = X - X.mean(0), Y - Y.mean(0)
    scores = []
    for _ in range(n_components):
        w = np.linalg.svd(X.T @ Y)[0][:, 0]
        t = X @ w
        X = X - np.outer(t, t @ X) / (t @ t)
        Y = Y - np.outer(t, t @ Y) / (t @ t)
        scores.append(t)
    return np.column_stack(scores)


def gaussian_posterior(T, y):
    """Class probabilities of Gaussians with one pooled covariance, evaluated at T."""
    classes = np.unique(y)
    means = np.array([T[y == k].mean(0) for k in classes])
    within = T - means[np.searchsorted(classes, y)]
    inverse = np.linalg.inv(within.T @ within / (len(y) - len(classes)))
    logs = np.stack(
        [
            np.log((y == k).mean()) - 0.5 * np.einsum("ij,jk,ik->i", T - m, inverse, T - m)
            for k, m in zip(classes, means, strict=True)
        ],
        axis=1,
    )
    p = np.exp(logs - logs.max(1, keepdims=True))
    return p / p.sum(1, keepdims=True)


def test_plsda_agrees_with_an_independent_computation():
    X, y = toy(n=31)
    X, y = X[y + np.arange(31) % 2 < 3], y[y + np.arange(31) % 2 < 3]  # unequal classes
    model = PLSDA(n_components=4).fit(X, y)
    expected = pls_scores(X, np.eye(3)[y], 4)
    found = model.transform(X)
    signs = np.sign((found * expected).sum(0))
    np.testing.assert_allclose(found * signs, expected, atol=1e-3)
    np.testing.assert_allclose(model.predict_proba(X), gaussian_posterior(expected, y), atol=0.01)


def test_plsda_predicts_the_labels_it_was_given():
    X, y = toy()
    names = np.array(["ripe", "raw", "rotten"])[y]
    model = PLSDA(5).fit(X[:60], names[:60])
    assert model.classes_.tolist() == ["raw", "ripe", "rotten"]
    assert model.score(X[60:], names[60:]) > 0.9
    p = model.predict_proba(X[60:])
    np.testing.assert_allclose(p.sum(1), 1)
    assert (model.classes_[p.argmax(1)] == model.predict(X[60:])).all()
    assert model.decision_function(X[60:]).shape == (30, 3)


def test_plsda_is_a_citizen_of_scikit_learn():
    X, y = toy()
    fresh = clone(PLSDA(3, scale=True))
    assert fresh.get_params() == {"n_components": 3, "scale": True}
    search = GridSearchCV(PLSDA(), {"n_components": [1, 6]}, cv=3).fit(X, y)
    assert search.best_params_["n_components"] == 6


def test_plsda_uses_no_more_components_than_there_are():
    X, y = toy(n=6)
    assert PLSDA(50).fit(X, y).n_components_ == 5
    assert PLSDA(50).fit(X[:, :2].repeat(2, axis=1), y).n_components_ == 2  # rank, not columns


def test_plsda_counts_only_the_components_that_were_found():
    own, other = np.tile([[1.0, -1, 1, -1], [1, 1, -1, -1]], 2)
    y = np.repeat([0.0, 1], 4)
    X = np.column_stack([y + own, own, other])  # two columns say all, the third nothing
    with pytest.warns(UserWarning, match="residual is constant"):
        model = PLSDA(3).fit(X, y)
    assert model.n_components_ == model.transform(X).shape[1] == 2


def test_pls_is_that_of_scikit_learn_with_no_more_components_than_there_are(tmp_path):
    X, _ = toy()
    y = X[:, 3] - X[:, 8]
    theirs = PLSRegression(4, scale=False).fit(X, y)
    np.testing.assert_allclose(PLS(4).fit(X, y).predict(X), theirs.predict(X))
    few = PLS(10).fit(X[:5], y[:5])
    assert few.x_weights_.shape[1] == 4 and few.n_components == 10
    np.testing.assert_allclose(few.predict(X[:5]), y[:5], atol=1e-6)  # five samples, no error left
    assert clone(few).get_params() == {"n_components": 10, "scale": False}
    again = mmlib.load(mmlib.save(few, tmp_path / "model"))
    assert np.array_equal(again.predict(X), few.predict(X))
    with pytest.raises(mmlib.DataError, match="latent variable"):
        PLS().fit(np.ones_like(X), y)


@pytest.mark.parametrize("bands", [4, 30])
def test_a_quantity_needs_neither_ten_bands_nor_ten_samples(bands):
    rng = np.random.default_rng(0)
    X = {"spectrum": rng.normal(size=(9, bands)), "scent": rng.normal(size=(9, 3))}
    data = mmlib.MultimodalData(X, y=X["scent"].sum(1) + X["spectrum"][:, 0])
    model = multiblock_pls(data).fit(data.X, data.y)
    assert model.predict(data.X).shape == (9,) and model.score(data.X, data.y) > 0.5
    assert block_importance(model).shape[1] == 2


def test_plsda_refuses_what_it_cannot_use():
    X, y = toy()
    with pytest.raises(mmlib.DataError, match="one class only"):
        PLSDA().fit(X, np.zeros(len(X), int))
    with pytest.raises(mmlib.DataError, match="latent variable"):
        PLSDA().fit(np.ones_like(X), y)
    with pytest.raises(ValueError, match="NaN"):
        PLSDA().fit(np.where(X == X.max(), np.nan, X), y)


def test_compress_takes_at_most_what_there_is():
    X, _ = toy(n=9)
    assert clone(Compress(20)).fit_transform(X).shape == (9, 8)
    assert Compress(20).fit_transform(X[:, :3]).shape == (9, 3)
    assert len(Compress(4).fit(X).get_feature_names_out()) == 4


def test_preprocessing_treats_each_spectrum_by_itself():
    X, _ = toy()
    steps = make_pipeline(
        chemotools.baseline.AirPls(),
        chemotools.baseline.ArPls(),
        chemotools.derivative.SavitzkyGolay(window_length=11, polyorder=2),
        chemotools.scatter.StandardNormalVariate(),
    ).fit(X)
    one_by_one = np.vstack([steps.transform(X[i : i + 1]) for i in range(len(X))])
    np.testing.assert_allclose(steps.transform(X), one_by_one, atol=1e-9)
    assert one_by_one.shape == X.shape


def test_multiplicative_scatter_correction_remembers_what_it_was_fitted_on():
    X, _ = toy()
    a = chemotools.scatter.MultiplicativeScatterCorrection().fit(X)
    b = clone(a).fit(X[:10] + np.linspace(0, 1, X.shape[1]))
    assert np.abs(a.transform(X[:5]) - b.transform(X[:5])).max() > 0.01  # so: inside the fold


def test_steps_undo_gain_and_offset():
    X, _ = toy()
    steps = make_pipeline(*spectrum_steps()).fit(X)
    np.testing.assert_allclose(steps.transform(X), steps.transform(1.7 * X + 0.3), atol=1e-6)


@pytest.mark.parametrize("name", ["PLS-DA", "SVM", "random forest", "LDA on PCA"])
def test_baselines_learn_signal_and_not_noise(name):
    X, y = toy(n=180)
    groups = np.arange(180) // 4
    data = Samples(spectrum=X, other=np.zeros((180, 2)))
    model = spectrum_baselines()[name]
    cv = StratifiedGroupKFold(3, shuffle=True, random_state=0)
    assert cross_val_score(model, data, y, groups=groups, cv=cv).mean() > 0.85
    noise = np.random.default_rng(1).permutation(y)
    score = cross_val_score(model, data, noise, groups=groups, cv=cv).mean()
    assert abs(score - 1 / 3) < 0.14  # four standard errors of 180 throws of a die


@pytest.mark.parametrize("name", ["PLS", "SVM", "random forest", "ridge on PCA"])
def test_baselines_predict_a_quantity(name):
    X, _ = toy(n=120, classes=1)
    amount = np.random.default_rng(2).uniform(0, 1000, 120)
    X = X + amount[:, None] / 1000 * np.exp(-0.5 * ((np.arange(40) - 30) / 2) ** 2)
    model = spectrum_baselines(task="regression")[name]
    assert cross_val_score(model, Samples(spectrum=X), amount, cv=3).mean() > 0.8


def test_unknown_task_is_refused():
    with pytest.raises(mmlib.DataError, match="task"):
        spectrum_baselines(task="clustering")


def test_spectrum_baselines_come_near_the_ceiling_of_the_leaves_and_not_above():
    data = mmlib.make_leaves(n_plants=160, seed=11)
    ceiling = mmlib.ceilings(data)["spectrum"][0]
    cv = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    score = cross_val_score(
        spectrum_baselines()["PLS-DA"], data.X, data.y, groups=data.groups, cv=cv
    ).mean()
    assert ceiling - 0.08 < score < ceiling + 0.05  # one data set: standard error 0.017
