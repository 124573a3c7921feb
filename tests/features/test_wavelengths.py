"""VIP and selectivity ratio against their formulas; choices stay inside the training part."""

import numpy as np
import pytest
from chemotools.feature_selection import SRSelector, VIPSelector
from sklearn.base import clone
from sklearn.cross_decomposition import PLSRegression
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

from mmlib.base import DataError
from mmlib.features.interval_pls import IntervalSelector
from mmlib.features.wavelengths import (
    BandSelector,
    selection_frequency,
    selectivity_ratio,
    stability,
    vip,
)


def spectra(n=60, bands=20, seed=0):
    """Neighboring bands are alike, as in spectra."""
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.normal(size=(n, bands)), axis=1) + 0.1 * rng.normal(size=(n, bands))


@pytest.fixture(params=[1, 2], ids=["one target", "two targets"])
def fitted(request):
    X = spectra()
    X = X - X.mean(0)
    Y = X[:, [3, 12][: request.param]] + 0.5
    return PLSRegression(4, scale=False).fit(X, Y), X


def test_squares_of_vip_average_to_one(fitted):
    assert np.mean(vip(fitted[0]) ** 2) == pytest.approx(1, abs=1e-9)


def test_vip_is_that_of_chemotools(fitted):
    pls, X = fitted
    assert vip(pls) == pytest.approx(VIPSelector(pls).fit(X).feature_scores_, rel=1e-6)


def test_vip_of_one_latent_variable_is_the_weight_itself():
    X = spectra()
    pls = PLSRegression(1).fit(X, X[:, 5])
    assert vip(pls) == pytest.approx(np.sqrt(20) * np.abs(pls.x_weights_[:, 0]))


def test_selectivity_ratio_is_that_of_chemotools_on_centered_columns():
    X = spectra()
    X = X - X.mean(0)
    pls = PLSRegression(3, scale=False).fit(X, X[:, 4])
    theirs = SRSelector(pls).fit(X).feature_scores_
    assert selectivity_ratio(pls, X) == pytest.approx(theirs, rel=1e-6)


def test_selectivity_ratio_is_explained_over_unexplained_variance():
    """The share explained by a single component is the squared correlation with it."""
    X = spectra()
    pls = PLSRegression(3, scale=False).fit(X, X[:, 4] - X[:, 15])
    told = pls.predict(X).ravel()
    r2 = np.array([np.corrcoef(column, told)[0, 1] ** 2 for column in X.T])
    assert selectivity_ratio(pls, X) == pytest.approx(r2 / (1 - r2), rel=1e-6)


def test_of_several_targets_the_one_that_a_column_follows_best_counts():
    X = spectra()
    pls = PLSRegression(4, scale=False).fit(X, X[:, [3, 12]])
    told = pls.predict(X)
    r2 = np.array([[np.corrcoef(column, t)[0, 1] ** 2 for t in told.T] for column in X.T])
    assert selectivity_ratio(pls, X) == pytest.approx((r2 / (1 - r2)).max(1), rel=1e-6)


def independent(bands=12, seed=1):
    return np.random.default_rng(seed).normal(size=(80, bands))


@pytest.mark.parametrize("score", ["vip", "selectivity ratio"])
def test_the_bands_that_make_the_target_are_kept(score):
    X = independent()
    assert BandSelector(2, score, 3).fit(X, X[:, 1] + X[:, 8]).bands_.tolist() == [1, 8]
    labels = np.where(X[:, 4] > 0, "ripe", "raw")
    assert BandSelector(1, score, 3).fit(X, labels).bands_.tolist() == [4]


def test_kept_bands_are_no_neighbors_and_are_the_best_where_they_may_be():
    X = spectra(bands=40)
    found = BandSelector(5, apart=4).fit(X, X[:, 20])
    assert np.diff(found.bands_).min() >= 4
    assert found.scores_.argmax() in found.bands_


def test_a_table_of_measures_is_chosen_from_by_its_first_and_kept_whole():
    X = independent()
    table = np.stack([X, -X, X**2], axis=2)
    selector = BandSelector(2, n_components=3).fit(table, X[:, 1] + X[:, 8])
    assert selector.bands_.tolist() == [1, 8]
    assert np.array_equal(selector.transform(table), table[:, [1, 8]].reshape(80, 6))


@pytest.mark.parametrize("selector", [BandSelector(3), IntervalSelector(6)], ids=["bands", "ipls"])
def test_nonsense_stays_nonsense_where_each_fold_chooses(selector):
    rng = np.random.default_rng(0)
    scores = []
    for _ in range(8):
        X, labels = rng.normal(size=(40, 60)), rng.permutation(40) % 2
        model = make_pipeline(clone(selector), LinearDiscriminantAnalysis())
        scores.append(cross_val_score(model, X, labels, cv=4).mean())
    assert 0.4 < np.mean(scores) < 0.6


@pytest.mark.parametrize("selector", [BandSelector(2), IntervalSelector(3)], ids=["bands", "ipls"])
def test_a_target_of_one_column_or_whole_numbers_of_classes(selector):
    X = independent()
    as_column = clone(selector).fit(X, X[:, [1]]).bands_
    assert as_column.tolist() == clone(selector).fit(X, X[:, 1]).bands_.tolist()
    assert len(clone(selector).fit(X, np.arange(80) % 3).bands_)


def test_a_constant_band_is_no_obstacle():
    X = independent()
    X[:, 5] = 2.0
    assert 5 not in BandSelector(2, "selectivity ratio", 3).fit(X, X[:, 1] + X[:, 8]).bands_
    assert np.isfinite(BandSelector(2).fit(X, X[:, 1]).scores_).all()


@pytest.mark.parametrize(
    "selector, said",
    [
        (BandSelector(30), "12 bands hold"),
        (BandSelector(2, "loading"), "'vip' or 'selectivity ratio'"),
        (IntervalSelector(13), "12 bands cannot be cut into 13"),
    ],
    ids=["too many", "another score", "too fine"],
)
def test_what_cannot_be_chosen_is_said(selector, said):
    X = independent()
    with pytest.raises(DataError, match=said):
        selector.fit(X, X[:, 0])


def test_stability_is_one_for_equal_choices_and_about_zero_for_chance():
    rng = np.random.default_rng(0)
    assert stability([[1, 5]] * 4, 30) == 1
    drawn = [rng.choice(100, 10, False) for _ in range(200)]
    assert abs(stability(drawn, 100)) < 0.02
    assert stability([[0, 1], [2, 3]], 4) < 0
    assert stability([np.arange(4)] * 2, 4) == 1


def test_stability_of_two_choices_of_equal_size_is_kunchevas_index():
    one, other, n = [0, 1, 2, 3], [2, 3, 4, 5], 20
    kuncheva = (2 - 16 / n) / (4 - 16 / n)
    assert stability([one, other], n) == pytest.approx(kuncheva)
    assert selection_frequency([one, other], n)[:6].tolist() == [0.5, 0.5, 1, 1, 0.5, 0.5]
