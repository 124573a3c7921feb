"""What SO-PLS, ROSA and ComDim share: blocks become a few scores, and a plain model takes these.

The three differ only in how they come to their scores. All scores are weighted sums of the
columns of the blocks, uncorrelated in training and of variance 1, so that explained variance
simply adds up. How many there are is chosen inside the training part,
see `mmlib.fusion.score_choice`.
"""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.validation import check_is_fitted

from ..base import DataError
from ..data.mapping import Select, check_samples
from ..features.blocks import Blocks, default_block
from ..features.held_out import target_columns
from .early import names_and_task
from .score_choice import choose


def scores_fusion(scores, data=None, blocks=None, task=None, modalities=None, random_state=0):
    """Blocks to scores, and least squares or discriminant analysis on these.

    Parameters
    ----------
    scores : transformer
        `mmlib.fusion.sopls.SOPLS`, `mmlib.fusion.rosa.ROSA` or `mmlib.fusion.comdim.ComDim`.
    data, blocks, task, random_state
        As for `mmlib.fusion.early_fusion`.
    modalities : sequence of str, optional
        Which modalities to use, in this order; all, in the order of `blocks` or the data, where
        nothing is said.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Steps "blocks", "scores" and "model". It takes the whole mapping `X`.

    Raises
    ------
    DataError
        When neither `data` nor `blocks` names a modality, or one is named that is not there.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.block_scores import scores_fusion
    >>> from mmlib.fusion.sopls import SOPLS
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = scores_fusion(SOPLS({"spectrum": 3, "image": 2}), leaves)
    >>> model.fit(leaves.X, leaves.y).predict(leaves.X).shape
    (100,)
    """
    blocks = dict(blocks or {})
    names, task = names_and_task(data, blocks, task, "scores_fusion", "blocks")
    if modalities is not None:
        unknown = [name for name in modalities if name not in names]
        if unknown or not modalities:
            raise DataError(
                f"modalities names {unknown[0]!r}, but there are {', '.join(names)}."
                if unknown
                else "modalities is empty: name at least one."
            )
        names = list(modalities)
    made = {}
    for name in names:
        steps = blocks.get(name)
        if steps is None:
            steps = default_block(data.X[name].shape[1:], random_state=random_state)
        steps = list(steps) if isinstance(steps, (list, tuple)) else [steps]
        made[name] = make_pipeline(Select(name), *steps)
    last = LinearRegression() if task == "regression" else LinearDiscriminantAnalysis()
    return Pipeline([("blocks", Blocks(made)), ("scores", scores), ("model", last)])


class BlockScores(TransformerMixin, BaseEstimator):
    """Scores of several blocks; what is common to those who know how to find them.

    A subclass has `_walk`, which gives scores of a training and a test part for all numbers of
    them, `_solve`, which gives the weights for one setting, and `_wanted`.

    Attributes
    ----------
    means_ : dict of str to ndarray of shape (columns,)
        Of each block, in the order of the blocks.
    weights_ : dict of str to ndarray of shape (columns, scores)
        Scores are the centered blocks times these, added up over blocks.
    sources_ : ndarray of str, shape (scores,)
        The block that each score was taken from; "all" where all blocks have a part in it.
    loadings_ : dict of str to ndarray of shape (columns, scores)
        How each column varies with each score.
    explained_ : ndarray of shape (blocks + 1, scores)
        Share of the variance of each block, and at last of the target, in training.
    choice_ : str
        How many scores were taken, and how that came about.
    settings_ : ndarray of int, shape (settings, numbers)
        What was tried: numbers of scores, the fewest in all first. Empty where nothing was tried.
    errors_ : ndarray of shape (settings,)
        Their errors on samples held out; see `held_out_error`.
    """

    def fit(self, X, y, groups=None):
        """Find the scores of a mapping of tables, each of shape (samples, columns).

        `y` are quantities (floats) or classes; `groups`, of shape (samples,), say which samples
        are held out together where the number of scores is chosen.
        """
        X, y, groups = check_samples(X, y, groups)
        tables = {name: _table(name, x) for name, x in X.items()}
        if len(X) < 2:
            raise DataError(f"{type(self).__name__} needs 2 samples or more, not {len(X)}.")
        means = {name: x.mean(0) for name, x in tables.items()}
        centered = [x - means[name] for name, x in tables.items()]
        Y, _ = target_columns(y)
        setting, how = self._wanted(list(tables)), "as told"
        settings, errors = np.zeros((0, 1), int), np.zeros(0)
        if setting is None:
            settings, errors, best = choose(self._walk, list(tables.values()), y, groups)
            setting, unit = settings[best], "samples" if groups is None else "groups"
            how = f"the best of {len(errors)} settings on {unit} held out"
        weights, sources = self._solve(centered, Y - Y.mean(0), setting)
        if not weights.shape[1]:
            raise DataError(
                f"{type(self).__name__} finds no score: nothing in the blocks varies with the "
                "target, or none was wanted."
            )
        T = np.hstack(centered) @ weights
        weights = weights / np.sqrt((T**2).mean(0))
        T = T / np.sqrt((T**2).mean(0))
        ends = np.cumsum([x.shape[1] for x in centered])[:-1]
        self.means_ = means
        self.weights_ = dict(zip(tables, np.split(weights, ends), strict=True))
        self.sources_ = np.array(["all" if k < 0 else list(tables)[k] for k in sources])
        self.loadings_ = {n: x.T @ T / len(T) for n, x in zip(tables, centered, strict=True)}
        self.explained_ = np.array([_explained(T, x) for x in [*centered, Y - Y.mean(0)]])
        counts = {n: int((self.sources_ == n).sum()) for n in dict.fromkeys(self.sources_)}
        self.choice_ = f"scores: {', '.join(f'{k} of {n}' for n, k in counts.items())}; {how}"
        self.settings_, self.errors_ = settings, errors
        return self

    def transform(self, X):
        """Scores, shape (samples, scores)."""
        check_is_fitted(self)
        X, _, _ = check_samples(X, modalities=list(self.means_))
        parts = []
        for name, weights in self.weights_.items():
            x = _table(name, X[name])
            if x.shape[1] != len(weights):
                raise DataError(
                    f"Block {name!r} has {x.shape[1]} columns; in training it had {len(weights)}."
                )
            parts.append((x - self.means_[name]) @ weights)
        return np.sum(parts, axis=0)


class CommonScores(BlockScores):
    """Block scores of which there is one number for all blocks together; see ROSA and ComDim.

    Parameters
    ----------
    n_components : int, optional
        Chosen on samples held out, where nothing is said.

    Attributes
    ----------
    most : int
        Scores to choose from, of the class.
    """

    most = 20

    def __init__(self, n_components=None):
        self.n_components = n_components

    def _wanted(self, names):
        if self.n_components is None:
            return None
        if not isinstance(self.n_components, (int, np.integer)) or self.n_components < 1:
            raise DataError(f"n_components is {self.n_components!r}: give a number from 1.")
        return (int(self.n_components),)

    def _walk(self, train, Y, test):
        means = [x.mean(0) for x in train]
        train = [x - mean for x, mean in zip(train, means, strict=True)]
        test = np.hstack([x - mean for x, mean in zip(test, means, strict=True)])
        weights, _ = self._solve(train, Y - Y.mean(0), (min(self.most, len(Y) - 2),))
        yield (), np.hstack(train) @ weights, test @ weights, range(1, weights.shape[1] + 1)


def held_out_error(model):
    """What was tried when the number of scores was chosen: the points of the Mage plot.

    Parameters
    ----------
    model : Pipeline of `scores_fusion`, or the scores themselves; fitted

    Returns
    -------
    pandas.Series
        Error on samples held out inside the training part: mean squared error as a share of the
        variance or, for classes, share of wrong answers. The index has the number of scores of
        each block (SO-PLS), or in all, the fewest first.

    Raises
    ------
    DataError
        When the number was given, so that nothing was tried.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.block_scores import held_out_error
    >>> from mmlib.fusion.sopls import SOPLS
    >>> x = np.random.default_rng(0).normal(size=(40, 2))
    >>> scores = SOPLS().fit({"a": x[:, :1], "b": x[:, 1:]}, x.sum(1))
    >>> held_out_error(scores).idxmin() == (1, 1)
    True
    """
    scores = model["scores"] if hasattr(model, "steps") else model
    check_is_fitted(scores)
    if not len(scores.errors_):
        raise DataError("The numbers of scores were told: leave out n_components to try them.")
    numbers = scores.settings_
    if numbers.shape[1] == 1:
        index = pd.Index(numbers[:, 0], name="scores")
    else:
        index = pd.MultiIndex.from_arrays(numbers.T, names=list(scores.means_))
    return pd.Series(scores.errors_, index, name="error on samples held out")


def explained_variance(model):
    """What each score explains of each block and of the target, in the training part.

    Parameters
    ----------
    model : Pipeline of `scores_fusion`, or the scores themselves; fitted

    Returns
    -------
    pandas.DataFrame
        One row for each score, with the block it was taken from; one column for each block and
        one for "target", as shares of 1. Scores do not correlate, so shares add up.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.block_scores import explained_variance, scores_fusion
    >>> from mmlib.fusion.sopls import SOPLS
    >>> leaves = mmlib.make_leaves(n_plants=20, target="chlorophyll")
    >>> model = scores_fusion(SOPLS({"spectrum": 2, "image": 1}), leaves)
    >>> explained_variance(model.fit(leaves.X, leaves.y)).index.tolist()
    [(1, 'spectrum'), (2, 'spectrum'), (3, 'image')]
    """
    scores = model["scores"] if hasattr(model, "steps") else model
    check_is_fitted(scores)
    index = pd.MultiIndex.from_tuples(
        list(enumerate(scores.sources_.tolist(), 1)), names=["score", "block"]
    )
    return pd.DataFrame(scores.explained_.T, index, [*scores.means_, "target"])


def deflate(T, X):
    """`X` without what varies with the centered, uncorrelated scores `T`; and how it did."""
    if not T.shape[1]:
        return X, np.zeros((0, X.shape[1]))
    along = T.T @ X / (T**2).sum(0)[:, None]
    return X - T @ along, along


def _table(name, x):
    if x.ndim != 2 or x.dtype.kind not in "fiub" or not x.shape[1]:
        raise DataError(
            f"Block {name!r} has shape {x.shape}: a table of numbers is wanted, one row for each "
            "sample; say in `blocks` how it becomes one."
        )
    x = x.astype(np.float64)
    if not np.isfinite(x).all():
        raise DataError(f"Block {name!r} has cells that are no number: fill them in first.")
    return x


def _explained(T, X):
    along = (T.T @ X) ** 2
    total = (X**2).sum()
    return along.sum(1) / len(T) / total if total > 0 else np.zeros(T.shape[1])
