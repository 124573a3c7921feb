"""Errors on rows held out, for every number of components at once.

Scores of principal components, and those of partial least squares, are nested and orthogonal:
the first five of ten are those of five. So one decomposition of each training part gives the
errors of all numbers, without fitting a model for each.
"""

import numpy as np
from scipy.linalg import eigh

ROUNDING = 1e-10  # of a variance: what is below is no direction of the data


def condense(X, at_most=80):
    """Coordinates of centered rows in the space of their own largest components.

    Distances and inner products stay, and with them all that follows, as far as `at_most` reaches.

    Parameters
    ----------
    X : ndarray of shape (samples, columns)
    at_most : int

    Returns
    -------
    ndarray of shape (samples, components)

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.component_errors import condense
    >>> X = np.random.default_rng(0).normal(size=(5, 90))
    >>> small = condense(X)
    >>> small.shape, bool(np.allclose(small @ small.T, (X - X.mean(0)) @ (X - X.mean(0)).T))
    ((5, 4), True)
    """
    X = X - X.mean(0)
    wide = X.shape[1] > len(X)
    square = X @ X.T if wide else X.T @ X
    last = [max(0, len(square) - at_most), len(square) - 1]
    values, vectors = eigh(square, subset_by_index=last)
    values, vectors = values[::-1], vectors[:, ::-1]
    kept = values > ROUNDING * max(values[0], 1e-300)
    values, vectors = values[kept], vectors[:, kept]
    return vectors * np.sqrt(values) if wide else X @ vectors


def principal(train, Y, test, most):
    """Scores of principal components.

    Parameters
    ----------
    train, test : ndarray of shape (samples, columns)
    Y : ndarray of shape (training samples, targets)
        Not looked at.
    most : int

    Returns
    -------
    (train scores, test scores) : ndarrays with at most `most` columns

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.component_errors import principal
    >>> X = np.random.default_rng(0).normal(size=(30, 4))
    >>> T, _ = principal(X, None, X, 3)
    >>> T.var(0).round(2).tolist() == sorted(T.var(0).round(2), reverse=True)
    True
    """
    mean = train.mean(0)
    train, test = train - mean, test - mean
    values, vectors = eigh(train.T @ train)
    values, vectors = values[::-1][:most], vectors[:, ::-1][:, :most]
    kept = values > ROUNDING * values[0]
    return train @ vectors[:, kept], test @ vectors[:, kept]


def latent(train, Y, test, most):
    """Scores of partial least squares, each of variance 1 in training.

    Parameters and what is returned are those of `principal`; `Y`, one column for each target
    or class, is looked at.

    References
    ----------
    Dayal & MacGregor (1997), Improved PLS algorithms, Journal of Chemometrics 11, 73-85,
    doi:10.1002/(SICI)1099-128X(199701)11:1<73::AID-CEM435>3.0.CO;2-#.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.cross_decomposition import PLSRegression
    >>> from mmlib.features.component_errors import latent
    >>> X = np.random.default_rng(0).normal(size=(30, 4))
    >>> y = X[:, :1] - X[:, 1:2]
    >>> T, _ = latent(X, y, X, 2)
    >>> theirs = PLSRegression(2, scale=False).fit(X, y).transform(X)
    >>> bool(np.allclose(abs(T), abs(theirs / theirs.std(0))))
    True
    """
    mean = train.mean(0)
    train, test = train - mean, test - mean
    rotations = pls_rotations(train, Y, most)
    T = train @ rotations
    spread = np.sqrt((T**2).mean(0))
    return T / spread, test @ rotations / spread


def pls_rotations(X, Y, most, floor=0.0):
    """Weights of the columns of a centered table that give the scores of partial least squares.

    Parameters
    ----------
    X : ndarray of shape (samples, columns)
        Centered.
    Y : ndarray of shape (samples, targets)
    most : int
        Fewer are found where nothing is left that varies with `Y`.
    floor : float
        Covariances with `Y` up to this size are rounding; so are those a hundred million times
        smaller than the largest.

    Returns
    -------
    ndarray of shape (columns, components)

    References
    ----------
    Dayal & MacGregor (1997), Improved PLS algorithms, Journal of Chemometrics 11, 73-85,
    doi:10.1002/(SICI)1099-128X(199701)11:1<73::AID-CEM435>3.0.CO;2-#.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.component_errors import pls_rotations
    >>> X = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    >>> pls_rotations(X, X[:, :1] + X[:, 1:], 2).round(2).tolist()  # one is enough
    [[0.71], [0.71]]
    """
    shared = X.T @ (Y - Y.mean(0))  # (columns, targets), deflated from here on
    floor = max(floor, 1e-8 * np.abs(shared).max(initial=0.0))
    rotations, loadings = [], []
    while len(rotations) < most and np.abs(shared).max(initial=0.0) > floor:
        weight = shared @ eigh(shared.T @ shared)[1][:, -1]
        weight /= np.linalg.norm(weight)
        rotation = weight.copy()
        for p, r in zip(loadings, rotations, strict=True):
            rotation -= (p @ weight) * r
        scores = X @ rotation
        loading = X.T @ scores / (scores @ scores)
        shared = shared - np.outer(loading, scores @ Y)
        rotations.append(rotation)
        loadings.append(loading)
    return np.array(rotations).reshape(len(rotations), X.shape[1]).T


def squared_errors(T, Y, S, truth, counts):
    """Of least squares on the first few of orthogonal scores, for each number of them.

    Parameters
    ----------
    T, S : ndarray of shape (samples, components)
        Of training and test, as `principal` and `latent` give them.
    Y, truth : ndarray of shape (samples, targets)
    counts : sequence of int

    Returns
    -------
    ndarray of shape (counts, test samples)

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.component_errors import squared_errors
    >>> T = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    >>> y = T[:, :1] + T[:, 1:]
    >>> squared_errors(T, y, T, y, [1, 2]).mean(1).tolist()
    [1.0, 0.0]
    """
    slopes = T.T @ (Y - Y.mean(0)) / (T**2).sum(0)[:, None]
    steps = S[:, :, None] * slopes
    said = np.cumsum(np.concatenate([np.zeros((len(S), 1, Y.shape[1])), steps], 1), 1)
    last = T.shape[1]
    said = said[:, [min(n, last) for n in counts]] + Y.mean(0)
    return ((said - truth[:, None]) ** 2).sum(2).T


def wrong_classes(T, Y, S, truth, counts):
    """Whether shrunken discriminant analysis errs, for each number of scores.

    Parameters and what is returned are those of `squared_errors`, with classes as columns of
    zeros and ones.

    References
    ----------
    The shrinkage: Chen, Wiesel, Eldar & Hero (2010), doi:10.1109/TSP.2010.2053029.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.component_errors import wrong_classes
    >>> T = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    >>> Y = np.eye(2)[[0, 0, 1, 1]]
    >>> wrong_classes(T, Y, T, Y, [1]).tolist()
    [[0.0, 0.0, 0.0, 0.0]]
    """
    size = Y.sum(0)
    present = size > 0
    means = (Y.T @ T)[present] / size[present, None]
    within = T - Y[:, present] @ means
    within = within.T @ within / len(T)
    prior = np.log(size[present] / len(T))
    names, right = np.flatnonzero(present), truth.argmax(1)
    errors, counts = np.empty((len(counts), len(S))), np.minimum(counts, T.shape[1])
    for n in np.unique(counts):
        axes = np.linalg.solve(_shrunken(within[:n, :n], len(T)), means[:, :n].T)
        scores = S[:, :n] @ axes - (means[:, :n].T * axes).sum(0) / 2 + prior
        errors[counts == n] = names[scores.argmax(1)] != right
    return errors


def _shrunken(covariance, n_samples):
    """Toward equal variances, by the oracle approximating formula."""
    n = len(covariance)
    mean, square = np.trace(covariance) / n, (covariance**2).mean()
    spread = (n_samples + 1) * (square - mean**2 / n)
    share = 1.0 if spread <= 0 else min(1.0, (square + mean**2) / spread)
    return (1 - share) * covariance + (share * mean + 1e-9) * np.eye(n)
