"""A spread is learned by likelihood, and conformal intervals keep their promise."""

import numpy as np
import pytest
import torch
from scipy.stats import norm
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.exceptions import DataConversionWarning
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

import mmlib
from mmlib.base import DataError
from mmlib.data.mapping import Samples, Select
from mmlib.evaluation.conformal import (
    ConformalRegressor,
    conformal_radius,
    coverage_of,
    coverage_over_splits,
)
from mmlib.fusion import on_features
from mmlib.fusion.heteroscedastic import GaussianLikelihood, SpreadRegressor, with_spread


def noisy(n=400, seed=0):
    """A line with noise ten times as strong where the second modality says so."""
    rng = np.random.default_rng(seed)
    x, loud = rng.normal(size=(n, 3)), rng.integers(2, size=(n, 1))
    y = x[:, 0] + rng.normal(size=n) * (0.1 + 0.9 * loud[:, 0])
    return Samples(place=x.astype(np.float32), loud=loud.astype(np.float32)), y


def line():
    return make_pipeline(Select("place"), LinearRegression())


# The net that predicts a spread


def test_the_loss_is_the_gaussian_log_density_up_to_a_constant_and_so_are_its_slopes():
    outputs = torch.tensor([[1.0, -0.5], [0.0, 1.2]], dtype=torch.float64, requires_grad=True)
    target = torch.tensor([[2.0], [-1.0]], dtype=torch.float64)
    loss = GaussianLikelihood()(outputs, target)
    mean, log_variance = outputs.detach().numpy().T
    density = norm.logpdf(target.numpy()[:, 0], mean, np.exp(log_variance / 2))
    assert loss.item() == pytest.approx(-density.mean() - np.log(2 * np.pi) / 2)
    loss.backward()
    error, weight = mean - target.numpy()[:, 0], np.exp(-log_variance)
    by_hand = np.column_stack([error * weight, (1 - error**2 * weight) / 2]) / 2
    np.testing.assert_allclose(outputs.grad.numpy(), by_hand)


def test_it_learns_where_the_noise_is():
    model = SpreadRegressor(epochs=60, dropout=0, random_state=0, device="cpu").fit(*noisy(1200))
    X, _ = noisy(600, seed=1)
    mean, spread = model.predict(X, return_std=True)
    loud = X["loud"][:, 0] == 1
    assert 0.7 < np.median(spread[loud]) < 1.4
    assert np.median(spread[~loud]) < 0.35
    assert np.corrcoef(mean, X["place"][:, 0])[0, 1] > 0.97
    np.testing.assert_array_equal(mean, model.predict(X))


def test_several_quantities_have_a_spread_each_in_their_own_unit():
    X, y = noisy(200)
    model = SpreadRegressor(epochs=3, random_state=0).fit(X, np.column_stack([y, 1000 * y]))
    mean, spread = model.predict(X, return_std=True)
    assert mean.shape == spread.shape == (200, 2)
    assert 100 < np.median(spread[:, 1] / spread[:, 0]) < 10_000


@pytest.mark.parametrize("options", [{}, {"auxiliary": 0.5}, {"modality_dropout": 0.3}])
def test_it_keeps_the_contract_of_an_estimator(options):
    X, y = noisy(120)
    model = SpreadRegressor(epochs=3, random_state=0, **options)
    first = clone(model).fit(X, y, groups=np.arange(120) // 4)
    again = clone(model).fit(X, y, groups=np.arange(120) // 4)
    spread = first.predict(X, return_std=True)[1]
    np.testing.assert_array_equal(spread, again.predict(X, return_std=True)[1])
    turned = Samples(loud=X["loud"], place=X["place"])[:7]
    np.testing.assert_allclose(spread[:7], first.predict(turned, return_std=True)[1], rtol=1e-5)
    assert len(cross_val_score(model, X, y, cv=2)) == 2


def test_every_weight_of_the_net_gets_a_slope():
    X, y = noisy(40)
    net = SpreadRegressor(epochs=1, dropout=0, random_state=0).fit(X, y).net_.train()
    inputs = {name: torch.tensor(x).double() for name, x in X.items()}
    GaussianLikelihood()(net(inputs), torch.tensor(y, dtype=torch.float64)[:, None]).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


def test_the_spread_is_the_root_of_the_variance_in_the_unit_of_y():
    rng = np.random.default_rng(0)
    X, y = {"table": rng.normal(size=(40, 3))}, 7 + 30 * rng.normal(size=40)
    model = SpreadRegressor(epochs=1, device="cpu", random_state=0).fit(X, y)
    last = model.net_.head[-1]
    with torch.no_grad():
        last.weight.zero_()
        last.bias.copy_(torch.tensor([0.5, np.log(0.04)]))
    mean, spread = model.predict(X, return_std=True)
    np.testing.assert_allclose(mean, y.mean() + 0.5 * y.std(), rtol=1e-6)
    np.testing.assert_allclose(spread, 0.2 * y.std(), rtol=1e-6)


def test_it_is_saved_and_loaded(tmp_path):
    leaves = mmlib.make_leaves(n_plants=20, target="chlorophyll")
    model = with_spread(leaves, epochs=2).fit(leaves.X, leaves.y)
    loaded = mmlib.load(mmlib.save(model, tmp_path / "model", leaves))
    for one, other in zip(
        model.predict(leaves.X, return_std=True), loaded.predict(leaves.X, return_std=True),
        strict=True,
    ):  # fmt: skip
        np.testing.assert_allclose(one, other)


def test_with_spread_is_on_features_with_another_loss():
    leaves = mmlib.make_leaves(n_plants=10, target="chlorophyll")
    plain, spread = on_features(leaves, width=16), with_spread(leaves, width=16)
    assert isinstance(spread["model"], SpreadRegressor)
    assert spread["model"].get_params() == plain["model"].get_params()
    with pytest.raises(DataError, match="quantity"):
        with_spread(mmlib.make_leaves(n_plants=10))


# The radius


def test_without_groups_it_is_the_known_rank():
    rng = np.random.default_rng(0)
    for n, level in ((9, 0.9), (10, 0.8), (99, 0.95), (50, 0.5), (1, 0.5)):
        scores = rng.permutation(n) + 1.0
        rank = int(np.ceil((n + 1) * level - 1e-9))
        assert conformal_radius(scores, level) == rank
        assert conformal_radius(scores, level, np.arange(n)[::-1]) == rank


def test_each_group_weighs_the_same_whatever_its_size():
    scores = [1.0] * 6 + [2.0, 3.0]  # three groups, a quarter each, and one for the new one
    groups = ["a"] * 6 + ["b", "c"]
    assert [conformal_radius(scores, level, groups) for level in (0.25, 0.3, 0.6, 0.75)] == [
        1, 2, 3, 3,
    ]  # fmt: skip
    assert np.isinf(conformal_radius(scores, 0.76, groups))
    half = [1.0, 4.0, 2.0, 3.0]  # two groups of two: each sample weighs a sixth
    assert conformal_radius(half, 0.5, [0, 0, 1, 1]) == 3


def test_a_new_sample_of_a_new_group_is_held_as_often_as_promised():
    """Samples of a group are nearly one; taking them for independent breaks the promise."""
    rng = np.random.default_rng(0)
    by_group, by_sample = [], []
    for _ in range(3000):
        scores = rng.random((10, 1)) + 0.001 * rng.random((10, 4))
        old, new = scores[:9].ravel(), scores[9, 0]
        by_group.append(new <= conformal_radius(old, 0.86, np.repeat(np.arange(9), 4)))
        by_sample.append(new <= conformal_radius(old, 0.86))
    assert np.mean(by_group) > 0.86
    assert np.mean(by_sample) < 0.83


@pytest.mark.parametrize(
    ("scores", "level", "groups", "said"),
    [
        ([1.0], 1.0, None, "between 0 and 1"),
        ([], 0.5, None, "one a calibration sample"),
        ([1.0, np.nan], 0.5, None, "without NaN"),
        ([1.0, 2.0], 0.5, [1], "groups has 1 row;"),
    ],
)
def test_bad_scores_are_refused(scores, level, groups, said):
    with pytest.raises(DataError, match=said):
        conformal_radius(scores, level, groups)


# Intervals


@pytest.mark.parametrize("spread", [None, "relative"])
def test_intervals_are_those_of_crepes(spread):
    crepes = pytest.importorskip("crepes")
    X, y = noisy()
    y = y + 10
    model = ConformalRegressor(line(), level=0.85, spread=spread).fit(X, y)
    new, _ = noisy(50, seed=2)
    rows = _rows_kept(model, y)
    residuals = y[rows] - model.predict(X[rows])
    sigmas = None if spread is None else (model.predict(X[rows]), model.predict(new))
    other = crepes.ConformalRegressor().fit(residuals, sigmas=sigmas and sigmas[0])
    theirs = other.predict_int(model.predict(new), sigmas=sigmas and sigmas[1], confidence=0.85)
    np.testing.assert_allclose(model.predict_interval(new), theirs)


def test_intervals_are_those_of_mapie():
    regression = pytest.importorskip("mapie.regression")
    X, y = noisy()
    model = ConformalRegressor(line(), level=0.85).fit(X, y)
    rows, new = _rows_kept(model, y), noisy(50, seed=2)[0]
    last = model.estimator_[-1]
    other = regression.SplitConformalRegressor(last, confidence_level=0.85, prefit=True)
    other.conformalize(X["place"][rows], y[rows])
    theirs = other.predict_interval(new["place"])[1][:, :, 0]
    np.testing.assert_allclose(model.predict_interval(new), theirs, rtol=1e-5)


def _rows_kept(model, y):
    """Which rows calibrated, found again by the same division."""
    from sklearn.model_selection import ShuffleSplit

    parts = ShuffleSplit(1, test_size=model.calibration_size, random_state=model.random_state)
    return next(parts.split(y))[1]


class Recorder(RegressorMixin, BaseEstimator):
    """Predicts the mean, and remembers what it was given."""

    def fit(self, X, y, groups=None):
        self.rows_, self.groups_, self.mean_ = X["row"], groups, y.mean()
        return self

    def predict(self, X):
        return np.full(len(X), self.mean_)


def test_no_group_is_on_both_sides_and_the_model_is_told_its_groups():
    groups = np.repeat(np.arange(40), 3)
    X = Samples(row=np.arange(120))
    model = ConformalRegressor(Recorder()).fit(X, np.arange(120.0), groups=groups)
    inner = model.estimator_
    assert not set(inner.groups_) & set(model.groups_)
    np.testing.assert_array_equal(inner.groups_, groups[inner.rows_])
    assert len(model.groups_) + len(inner.groups_) == 120
    assert len(set(model.groups_)) == 12


@pytest.mark.parametrize("spread", [None, "relative", "model"])
def test_the_promise_is_kept_over_many_calibrations(spread):
    kept = []
    model = make_pipeline(Select("place"), _Line())
    for seed in range(150):
        X, y = noisy(130, seed=seed)
        fitted = ConformalRegressor(model, level=0.8, spread=spread).fit(X, y)
        new, truth = noisy(40, seed=1000 + seed)
        kept.append(coverage_of(truth, fitted.predict_interval(new))[0])
    assert 0.785 < np.mean(kept) < 0.84  # 40 calibrate: between 0.8 and 0.8 + 1 / 41


class _Line(LinearRegression):
    """A line that states a useless spread."""

    def predict(self, X, return_std=False):
        mean = super().predict(X)
        return (mean, 1 + np.abs(X[:, 1])) if return_std else mean


def test_intervals_follow_the_spread_that_the_model_states():
    leaves = mmlib.make_leaves(n_plants=60, target="chlorophyll")
    model = ConformalRegressor(with_spread(leaves, epochs=5), spread="model")
    model.fit(leaves.X, leaves.y, groups=leaves.groups)
    low, high = model.predict_interval(leaves.X).T
    mean, spread = model.estimator_.predict(leaves.X, return_std=True)
    np.testing.assert_allclose((high + low) / 2, mean)
    np.testing.assert_allclose((high - low) / spread, (high[0] - low[0]) / spread[0])


def test_it_is_a_model_like_others_in_a_comparison():
    leaves = mmlib.make_leaves(n_plants=60, target="chlorophyll")
    spectrum = mmlib.fusion.ladder(leaves)["spectrum only"]
    model = ConformalRegressor(spectrum, level=0.8)
    result = mmlib.compare({"spectrum": model}, leaves, n_folds=2, n_repeats=1)
    assert result.table.loc["spectrum", "R2"] > 0.6
    assert clone(model).get_params()["estimator__model"] is not spectrum["model"]


def test_a_higher_level_gives_wider_intervals_around_the_same_middle():
    X, y = noisy()
    model = ConformalRegressor(line()).fit(X, y)
    some, more = model.predict_interval(X, level=0.5), model.predict_interval(X, level=0.95)
    assert (more[:, 1] - more[:, 0] > some[:, 1] - some[:, 0]).all()
    np.testing.assert_allclose(some.mean(1), more.mean(1))
    np.testing.assert_allclose(some.mean(1), model.predict(X))


def test_a_promise_that_is_too_bold_is_refused_with_the_number_needed():
    X, y = noisy(100)
    with pytest.raises(DataError, match=r"30 calibration samples cannot promise 0.99: 99"):
        ConformalRegressor(line(), level=0.99).fit(X, y)
    model = ConformalRegressor(line(), level=0.5)
    model.fit(X, y, groups=np.arange(100) // 10)
    before = model.predict_interval(X)
    with pytest.raises(DataError, match="cannot promise"):  # a refit that fails changes nothing
        model.set_params(level=0.99).fit(X, y)
    np.testing.assert_array_equal(model.predict_interval(X, level=0.5), before)
    with pytest.raises(DataError, match=r"3 calibration groups cannot promise 0.9: 9"):
        model.predict_interval(X, level=0.9)


@pytest.mark.parametrize(
    ("options", "rows", "said"),
    [({"spread": "width"}, 100, "spread is 'width'"), ({}, 99, "y has 99 rows")],
)
def test_bad_input_is_refused(options, rows, said):
    X, y = noisy(100)
    with pytest.raises(DataError, match=said):
        ConformalRegressor(line(), **options).fit(X, y[:rows])


def test_coverage_over_splits_is_the_promise_on_average_and_narrows_with_groups():
    rng = np.random.default_rng(0)
    scores, groups = np.abs(rng.normal(size=1000)), np.arange(1000) // 2
    few, _ = coverage_over_splits(scores, groups, 0.8, n_groups=20)
    many, radii = coverage_over_splits(scores, groups, 0.8, n_groups=200)
    assert abs(many.mean() - 0.8) < 0.02 and few.mean() > 0.79
    assert many.std() < few.std() / 2
    assert np.median(radii) == pytest.approx(norm.ppf(0.9), abs=0.06)
    with pytest.raises(DataError, match="500 groups"):
        coverage_over_splits(scores, groups, 0.8, n_groups=500)


def test_intervals_take_a_plain_dict_and_a_target_in_one_column():
    X, y = noisy(n=60)
    model = ConformalRegressor(make_pipeline(Select("place"), LinearRegression()), level=0.8)
    expected = model.fit(X, y).predict_interval(X)
    assert np.array_equal(model.predict_interval(dict(X)), expected)
    assert model.score(dict(X), y) == model.score(X, y)
    with pytest.warns(DataConversionWarning):
        model.fit(X, y[:, None])
    assert np.array_equal(model.predict_interval(X), expected)
