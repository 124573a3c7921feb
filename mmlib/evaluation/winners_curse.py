"""What to expect of a model that was chosen by its score: less than that score."""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from .choice import BASELINE, FUSED, best_and_kept
from .intervals import FEWEST


class Expected(NamedTuple):
    """Score on new samples of the model that is chosen.

    Attributes
    ----------
    mean, low, high : float
        `low` and `high` hold 95 % of the draws; NaN with fewer than six groups.
    chosen : dict of str to float
        In which share of the draws each model was chosen, the most frequent first.
    """

    mean: float
    low: float
    high: float
    chosen: dict


def expected_score(result, draws=1000, random_state=0):
    """What the model that `mmlib.evaluation.choice.best_model` chooses will score.

    Groups are drawn from the comparison, as many as there are, so that some come several times
    and others not at all. The model is chosen on those that were drawn, and judged on those that
    were not. Nothing is fitted anew.

    Parameters
    ----------
    result : Comparison
    draws : int
    random_state : int

    Returns
    -------
    Expected

    References
    ----------
    Tsamardinos, Greasidou & Borboudakis (2018), Bootstrapping the out-of-sample predictions for
    efficient and accurate cross-validation, doi:10.1007/s10994-018-5714-4.

    Examples
    --------
    >>> import mmlib
    >>> from sklearn.dummy import DummyClassifier
    >>> from mmlib.evaluation.winners_curse import expected_score
    >>> leaves = mmlib.make_leaves(20)
    >>> guess = {k: DummyClassifier(strategy="uniform", random_state=k) for k in range(9)}
    >>> result = mmlib.compare(guess, leaves, n_folds=2, n_repeats=1)
    >>> bool(expected_score(result).mean < result.table["mean"].max())
    True
    """
    names = [name for name in result.models if name not in (BASELINE, FUSED)]
    sums, counts = _by_group(result, names)
    rng, n_groups, metric = np.random.default_rng(random_state), len(counts), result.metric
    times, found = np.zeros(len(names)), []
    for _ in range(draws):
        drawn = np.bincount(rng.integers(0, n_groups, n_groups), minlength=n_groups)
        if drawn.all():
            continue
        _, kept = best_and_kept(np.nanmean(_by_class(drawn, sums, counts, metric), 0), metric)
        times[kept] += 1
        found.append(_by_class(drawn == 0, sums[:, :, [kept]], counts, metric)[:, 0])
    if not found:
        return Expected(np.nan, np.nan, np.nan, {})
    found = np.array(found)  # where no group of a class was left to judge, its mean over the draws
    found = np.where(np.isnan(found), np.nanmean(found, 0), found).mean(1)
    ends = np.quantile(found, [0.025, 0.975]) if n_groups >= FEWEST else (np.nan, np.nan)
    order = np.argsort(-times, kind="stable")
    chosen = {names[k]: float(times[k] / times.sum()) for k in order if times[k]}
    return Expected(float(np.mean(found)), *map(float, ends), chosen)


def _by_group(result, names):
    """What is right (or squared errors) added up for each group, and counts.

    Shapes (groups, classes, models, repeats) and (groups, classes); where classes do not count
    alike, all samples are of one. What is right is averaged over the repeats.
    """
    data = result.data
    values = np.array([result.predictions[name] for name in names])
    if data.labels is None:
        values = np.square(values - data.y)
    else:
        values = (values == data.y).mean(1, keepdims=True)
    alike = result.metric == "balanced accuracy"
    classes = np.unique(data.y, return_inverse=True)[1] if alike else np.zeros(len(data), int)
    groups = np.arange(len(data)) if data.groups is None else data.groups
    groups = np.unique(groups, return_inverse=True)[1]
    shape = groups.max() + 1, classes.max() + 1
    cells = groups * shape[1] + classes
    member = csr_array(
        (np.ones(len(data)), (cells, np.arange(len(data)))), (np.prod(shape), len(data))
    )
    sums = member @ values.reshape(-1, len(data)).T
    return sums.reshape(*shape, *values.shape[:2]), member.sum(1).reshape(shape)


def _by_class(weights, sums, counts, metric):
    """Score of each class and model, where each group counts as often as `weights` says.

    NaN for a class that no group has.
    """
    counts = (weights @ counts)[:, None, None]
    means = np.tensordot(weights, sums, 1) / np.where(counts > 0, counts, np.nan)
    return (np.sqrt(means) if metric == "RMSE" else means).mean(2)
