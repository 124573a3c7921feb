"""How often fusion is shown to help, read off a table of simulated studies."""

from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

from .intervals import FEWEST

AXES = ("classes", "groups", "per_group", "alike", "accuracy", "gain")
LOGARITHMIC = ("groups", "per_group")
BEYOND = {"classes": "both", "per_group": "both", "alike": "both", "groups": "low"}


@cache
def power_table():
    """The table that is part of the package; ``benchmarks/power.py`` made it.

    Returns
    -------
    pandas.DataFrame
        Columns "classes", "groups", "per_group" (samples in a group), "alike" (the share of the
        variance of what is measured that a group has in common), "accuracy" (of the best single
        modality), "gain" (of fusion, as a share of all samples) and "power" (share of
        the studies in which fusion is shown to help).

    Examples
    --------
    >>> from mmlib.evaluation.power_table import power_table
    >>> list(power_table().columns[:3])
    ['classes', 'groups', 'per_group']
    """
    return pd.read_csv(Path(__file__).with_name("power.csv"))


@cache
def _grid():
    """Values along each axis, and the power as a normal score, NaN where nothing was simulated."""
    table = power_table()
    axes = [np.unique(table[name]) for name in AXES]
    at = tuple(np.searchsorted(a, table[name]) for a, name in zip(axes, AXES, strict=True))
    scores = np.full([len(a) for a in axes], np.nan)
    scores[at] = norm.ppf(table["power"].clip(0.0005, 0.9995))
    return axes, scores


def power_from_table(groups, per_group=5, alike=0.5, accuracy=0.8, gain=0.04, classes=2):
    """Share of such studies in which fusion is shown to help.

    "Shown" is what `mmlib.evaluation.verdict` means by it: by the interval of
    `mmlib.evaluation.interval_by_groups`, five repeats of five folds.

    Parameters
    ----------
    groups : int
        Plants, batches, days: what a split keeps together.
    per_group : float
        Samples in each. More than ten are taken as ten, which is cautious.
    alike : float
        How alike samples of a group are in what is measured: the share of the variance that
        they have in common, 0 to 1. Less than 0.2 is taken as 0.2.
    accuracy : float
        Of the best single modality on new groups.
    gain : float
        By how much fusion is truly better: 0.04 is four points.
    classes : int
        Four stand for three and for more.

    Returns
    -------
    float
        Between entries of the table by interpolation; 0 with fewer than six groups, of
        which nothing is concluded. NaN beyond what was simulated.

    Examples
    --------
    >>> from mmlib.evaluation.power_table import power_from_table
    >>> power_from_table(20, gain=0.04) < 0.2 < 0.8 < power_from_table(300, gain=0.06)
    True
    """
    if groups < FEWEST:
        return 0.0
    axes, scores = _grid()
    wanted = (2 if classes < 3 else 4, groups, per_group, alike, accuracy, gain)
    sides = []
    for name, axis, x in zip(AXES, axes, wanted, strict=True):
        if name in BEYOND:
            x = np.clip(x, axis[0], axis[-1] if BEYOND[name] == "both" else None)
        if not axis[0] <= x <= axis[-1]:
            return np.nan
        sides.append(_sides(*(np.log([*axis]), np.log(x)) if name in LOGARITHMIC else (axis, x)))
    found = sum(
        np.prod([weight for _, weight in corner]) * scores[tuple(k for k, _ in corner)]
        for corner in product(*sides)
    )
    return float(norm.cdf(found))


def _sides(axis, x):
    """The one or two places on an axis beside a value, each with its weight."""
    k = int(np.clip(np.searchsorted(axis, x, side="right") - 1, 0, len(axis) - 2))
    share = (x - axis[k]) / (axis[k + 1] - axis[k])
    return [(j, w) for j, w in ((k, 1 - share), (k + 1, share)) if w > 1e-9]
