"""What a first comparison tells about a larger one: how sure would its difference be?"""

from typing import NamedTuple

import numpy as np
from scipy.special import nctdtr, stdtrit

from .intervals import FEWEST, OF_SPREADS, unsteadiness, widening


class FirstResults(NamedTuple):
    """What is taken from a comparison of two models to plan the next.

    Attributes
    ----------
    groups : int
        Samples, where no groups were given.
    per_group : float
        Samples in a group, on average.
    alike : float
        Correlation, within groups, of what one model gains on a sample over the other
        (intraclass, by analysis of variance); 0 where groups have one sample.
    discordance : float
        Share of the samples of which one model is right and the other wrong; NaN for a
        quantity.
    error : float
        Of the difference, by the interval of the comparison, in the unit of the score.
    freedom : float
    unsteady : float
        See `mmlib.evaluation.intervals.unsteadiness`.
    score : float
        Of the single modality.
    metric : str
    """

    groups: int
    per_group: float
    alike: float
    discordance: float
    error: float
    freedom: float
    unsteady: float
    score: float
    metric: str

    def error_with(self, groups, per_group=None):
        """The error to expect of the difference with other numbers of groups and samples.

        As if the models trained on more samples were no steadier than these, which is
        cautious.
        """
        per_group = per_group or self.per_group
        spread = OF_SPREADS if self.metric == "RMSE" else 0.0
        factor = [widening(self.unsteady, n, spread) for n in (self.groups, groups)]
        share = [self.alike + (1 - self.alike) / m for m in (self.per_group, per_group)]
        ratio = self.groups / groups * factor[1] / factor[0] * share[1] / share[0]
        return self.error * np.sqrt(ratio)

    def power(self, groups, gain, per_group=None):
        """Share of the studies with so many groups that would show a true gain.

        Parameters
        ----------
        groups : int
        gain : float
            In the unit of the score, above zero.
        per_group : float, optional
            As in these results where it is not given.

        Returns
        -------
        float
            0 with fewer than six groups; NaN where these results have no interval.
        """
        if groups < FEWEST:
            return 0.0
        if not self.freedom >= 1 or not np.isfinite(self.error):
            return np.nan
        freedom = max((groups - 1) * self.freedom / (self.groups - 1), 1.0)
        error = self.error_with(groups, per_group)
        if error == 0:
            return 1.0
        return float(1 - nctdtr(freedom, min(gain / error, 30.0), stdtrit(freedom, 0.975)))


def first_results(result, fused, baseline):
    """What the difference of two models in a comparison tells about a larger study.

    Parameters
    ----------
    result : Comparison
    fused, baseline : str
        Names of two of its models.

    Returns
    -------
    FirstResults

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.evaluation.first_results import first_results
    >>> from mmlib.features import spectrum_baselines
    >>> from mmlib.fusion.early import early_fusion
    >>> leaves = mmlib.make_leaves(40)
    >>> models = {"spectrum only": spectrum_baselines()["SVM"], "early": early_fusion(leaves)}
    >>> result = mmlib.compare(models, leaves, n_repeats=2)
    >>> known = first_results(result, "early", "spectrum only")
    >>> known.groups, known.per_group
    (40, 5.0)
    >>> known.power(40, 0.02) < known.power(2000, 0.02)
    True
    """
    data, right = result.data, result.data.labels is not None
    judged = result.difference(fused, baseline)
    losses = [result.predictions[name] - data.y if not right else result.predictions[name] != data.y
              for name in (fused, baseline)]  # fmt: skip
    losses = [np.asarray(loss, float) if right else np.square(loss) for loss in losses]
    sizes = result.scores[["n_train", "n_test"]].mean()
    group = np.arange(len(data)) if data.groups is None else data.groups
    group = np.unique(group, return_inverse=True)[1]
    return FirstResults(
        groups=int(group.max() + 1),
        per_group=len(group) / int(group.max() + 1),
        alike=likeness((losses[1] - losses[0]).mean(0), group),
        discordance=float((losses[0] != losses[1]).mean()) if right else np.nan,
        error=judged.error,
        freedom=judged.freedom,
        unsteady=unsteadiness(losses, *sizes, counts=right),
        score=float(result.left_out(baseline)[0]),
        metric=result.metric,
    )


def likeness(values, group):
    """How alike values of one group are: their intraclass correlation, 0 to 1.

    Parameters
    ----------
    values : array of shape (samples,)
    group : array of int, shape (samples,)
        0, 1, ..., each at least once.

    Returns
    -------
    float
        0 where no group has two samples, or nothing varies.

    References
    ----------
    One-way analysis of variance: Fisher (1925), Statistical Methods for Research Workers; for
    groups of unequal size Donner (1986), doi:10.2307/1403259.

    Examples
    --------
    >>> from mmlib.evaluation.first_results import likeness
    >>> likeness([1, 1, 0, 0, 1, 1], [0, 0, 1, 1, 2, 2])
    1.0
    """
    values, group = np.asarray(values, float), np.asarray(group)
    sizes = np.bincount(group)
    n, k = len(values), len(sizes)
    if n == k or k < 2:
        return 0.0
    means = np.bincount(group, values) / sizes
    within = np.square(values - means[group]).sum() / (n - k)
    between = (sizes * np.square(means - values.mean())).sum() / (k - 1)
    usual = (n - np.square(sizes).sum() / n) / (k - 1)
    total = between + (usual - 1) * within
    return float(np.clip((between - within) / total, 0, 1)) if total > 0 else 0.0
