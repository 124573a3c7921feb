"""Settings judged on groups held out inside the training part, and the one to take."""

import numpy as np

from ..data.splits import assign_folds
from .component_errors import condense, latent, squared_errors, wrong_classes

SLACK = 0.5  # standard errors of a difference within which the simpler setting is taken
TIE = 1e-9  # a difference that is rounding


def held_out_errors(X, y, groups, scores, counts, random_state=0, repeats=None):
    """Error of each sample when its group is held out, for each number of components.

    Parameters
    ----------
    X : ndarray of shape (samples, columns)
        Pretreated and scaled.
    y : ndarray of shape (samples,) or (samples, targets)
        Floats are quantities, all else classes.
    groups : array-like of shape (samples,) or None
    scores : {`principal`, `latent`}
        Of `mmlib.features.component_errors`.
    counts : sequence of int
    random_state : int
        Of the five folds.
    repeats : int, optional
        How often the folds are dealt: three times with fewer than 300 samples, else once.

    Returns
    -------
    ndarray of shape (counts, samples), or None
        Squared errors in units of the variance, or the share of wrong answers. None where
        nothing can be held out or nothing varies.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.component_errors import principal
    >>> from mmlib.features.held_out import held_out_errors
    >>> X = np.random.default_rng(0).normal(size=(40, 3))
    >>> held_out_errors(X, X[:, 0] + X[:, 1], None, principal, [1, 3]).mean(1).round(1)[1]
    np.float64(0.0)
    """
    Y, classes = target_columns(y)
    T = condense(X)
    if not T.shape[1]:
        return None
    errors = np.zeros((len(counts), len(T)))
    repeats = repeats or (1 if len(T) >= 300 else 3)
    judge = squared_errors if classes is None else wrong_classes
    strata = np.zeros(len(T), int) if classes is None else classes
    for repeat in range(repeats):
        fold = assign_folds(strata, groups, 5, random_state + repeat)
        for k in np.unique(fold):
            train, test = T[fold != k], T[fold == k]
            if len(train) < 2:
                return None
            A, B = scores(train, Y[fold != k], test, min(max(counts), len(train) - 1))
            errors[:, fold == k] += judge(A, Y[fold != k], B, Y[fold == k], counts) / repeats
    return errors


def best_setting(errors, groups=None, slack=SLACK):
    """The first setting that is as good as the best, by the paired one-standard-error rule.

    "As good" is within `slack` standard errors of the *difference* from the best, over groups.
    Differences on the same samples are known far better than either error, so this gives away
    less than the usual rule.

    Parameters
    ----------
    errors : ndarray of shape (settings, samples)
        The simplest setting first.
    groups : array-like of shape (samples,), optional
    slack : float
        0: the best, and the simplest only where errors are equal.

    Returns
    -------
    int

    References
    ----------
    The rule, unpaired: Hastie, Tibshirani & Friedman (2009), The Elements of Statistical
    Learning, doi:10.1007/978-0-387-84858-7, section 7.10.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.held_out import best_setting
    >>> best_setting(np.array([[1.0, 0, 1, 1], [0, 1, 0, 0], [0, 1, 0, 0]]))
    1
    """
    group = np.arange(errors.shape[1]) if groups is None else np.unique(groups, False, True)[1]
    size = np.bincount(group)
    sums = np.array([np.bincount(group, row) for row in errors])
    mean = sums.sum(1) / size.sum()
    best = int(np.flatnonzero(mean <= mean.min() + TIE)[0])
    away = sums - sums[best]
    error = away.std(1, ddof=min(1, len(size) - 1)) * np.sqrt(len(size)) / size.sum()
    return int(np.flatnonzero(mean - mean[best] <= slack * error + TIE)[0])


def latent_variables(X, y, groups=None, most=20, random_state=0):
    """How many latent variables partial least squares should have, by samples held out.

    Those with the smallest error, the fewest where errors are equal. Fewer still, by the usual
    one-standard-error rule, cost more than they saved wherever it was measured.

    Parameters
    ----------
    X : ndarray of shape (samples, columns)
    y : ndarray of shape (samples,) or (samples, targets)
        Floats are quantities, all else classes.
    groups : array-like of shape (samples,), optional
        What is held out together.
    most : int
    random_state : int
        Of the folds.

    Returns
    -------
    (int, str)
        The number, and how it came about as a sentence.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.held_out import latent_variables
    >>> X = np.random.default_rng(0).normal(size=(40, 3)) * [5, 1, 1]
    >>> latent_variables(X, X[:, 1])[1]
    '3 latent variables: of 1 to 20 the best on samples held out'
    """
    counts = range(1, most + 1)
    one_group = groups is not None and len(np.unique(groups)) < 2
    errors = None
    if not one_group:
        repeats = 10 if len(X) < 300 else 1
        errors = held_out_errors(X, y, groups, latent, counts, random_state, repeats)
    if errors is None:
        used = min(most, 10)
        return used, f"{used} latent variables, not chosen: nothing can be held out"
    used = best_setting(errors, groups, slack=0) + 1
    unit = "samples" if groups is None else "groups"
    plural = "" if used == 1 else "s"
    how = f"of 1 to {most} the best on {unit} held out"
    return used, f"{used} latent variable{plural}: {how}"


def target_columns(y):
    """Columns to predict, and classes as numbers, or None for quantities.

    Parameters
    ----------
    y : array-like of shape (samples,) or (samples, targets)
        Floats are quantities, all else classes.

    Returns
    -------
    Y : ndarray of shape (samples, targets or classes)
        Quantities with mean 0 and variance 1; or a column of zeros and ones for each class.
    codes : ndarray of int, shape (samples,), or None

    Examples
    --------
    >>> from mmlib.features.held_out import target_columns
    >>> target_columns(["raw", "ripe"])[0].tolist(), target_columns([1.0, 3.0])[0].tolist()
    ([[1.0, 0.0], [0.0, 1.0]], [[-1.0], [1.0]])
    """
    y = np.asarray(y)
    if y.dtype.kind == "f":
        Y = y.reshape(len(y), -1).astype(float)
        spread = Y.std(0)
        return (Y - Y.mean(0)) / np.where(spread > 0, spread, 1), None
    names, codes = np.unique(y, return_inverse=True)
    return np.eye(len(names))[codes], codes
