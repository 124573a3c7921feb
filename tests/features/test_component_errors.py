"""Errors for all numbers of components at once, against scikit-learn, one number at a time."""

import numpy as np
import pytest
from sklearn.covariance import oas
from sklearn.cross_decomposition import PLSRegression
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline

from mmlib.features.component_errors import (
    condense,
    latent,
    principal,
    squared_errors,
    wrong_classes,
)


@pytest.fixture
def parts():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 12)) * np.linspace(3, 0.5, 12)
    Y = X[:, [2, 7]] + X[:, [8, 1]] + rng.normal(size=(60, 2))
    return X[:40], Y[:40], X[40:], Y[40:]


@pytest.mark.parametrize("shape", [(20, 50), (50, 20)])
def test_condensed_rows_keep_their_inner_products(shape):
    X = np.random.default_rng(1).normal(size=shape)
    small = condense(X)
    assert small.shape == (shape[0], min(shape[0] - 1, shape[1]))
    X = X - X.mean(0)
    np.testing.assert_allclose(small @ small.T, X @ X.T, atol=1e-9)


def test_what_does_not_vary_has_no_coordinates():
    assert condense(np.ones((5, 9))).shape == (5, 0)


@pytest.mark.parametrize("targets", [1, 2])
def test_errors_of_principal_components_are_those_of_scikit_learn(parts, targets):
    X, Y, new, truth = parts
    Y, truth = Y[:, :targets], truth[:, :targets]
    found = squared_errors(*_swap(principal(X, Y, new, 9), Y), truth, [0, 1, 4, 9])
    np.testing.assert_allclose(found[0], ((Y.mean(0) - truth) ** 2).sum(1))
    for row, n in zip(found[1:], [1, 4, 9], strict=True):
        said = make_pipeline(PCA(n), LinearRegression()).fit(X, Y).predict(new)
        np.testing.assert_allclose(row, ((said - truth) ** 2).sum(1), rtol=1e-8)


@pytest.mark.parametrize("targets", [1, 2])
def test_errors_of_latent_variables_are_those_of_scikit_learn(parts, targets):
    X, Y, new, truth = parts
    Y, truth = Y[:, :targets], truth[:, :targets]
    found = squared_errors(*_swap(latent(X, Y, new, 8), Y), truth, [1, 3, 8])
    for row, n in zip(found, [1, 3, 8], strict=True):
        pls = PLSRegression(n, scale=False, max_iter=5000, tol=1e-14).fit(X, Y)
        said = pls.predict(new).reshape(truth.shape)
        np.testing.assert_allclose(row, ((said - truth) ** 2).sum(1), rtol=1e-6)


def test_latent_variables_end_where_nothing_is_left_to_explain(parts):
    X = parts[0][:, :3]
    assert latent(X, X[:, :1], X, 9)[0].shape[1] <= 3


def test_wrong_classes_are_those_of_shrunken_discriminant_analysis(parts):
    X, Y, new, truth = parts
    codes, right = (x[:, 0] > 0.5 for x in (Y, truth))
    classes = np.eye(2)[codes.astype(int)]
    T, S = principal(X, None, new, 6)
    means = np.array([T[codes == k].mean(0) for k in (False, True)])
    covariance, _ = oas(T - means[codes.astype(int)], assume_centered=True)
    away = S[:, None] - means
    far = np.einsum("skc,cd,skd->sk", away, np.linalg.inv(covariance), away)
    said = (far / 2 - np.log(classes.mean(0))).argmin(1)
    found = wrong_classes(T, classes, S, np.eye(2)[right.astype(int)], [2, 6])
    assert found.shape == (2, 20) and 0 < found[1].sum() < 20
    np.testing.assert_array_equal(found[1], said != right)


def _swap(scores, Y):
    T, S = scores
    return T, Y, S
