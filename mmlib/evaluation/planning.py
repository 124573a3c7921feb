"""How many groups would show which gain? Asked before measuring, or after a first look.

Before anything is measured the answer is read off a table of simulated studies
(`power_table`). After a first comparison it follows from that one (`first_results`): how often
two models disagree, and how alike samples of a group are in it. Both use the interval that the
study will be judged by, `interval_by_groups`.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..base import DataError, plural
from ..plots.plans import plot_power
from .first_results import first_results
from .intervals import FEWEST
from .plan_wording import answer, many, percent, shown, size_of
from .power_table import power_from_table, power_table
from .verdict import verdict
from .wording import IN_POINTS

GAINS, SHARES = (0.02, 0.04, 0.08, 0.12), (0.05, 0.1, 0.2)  # of an accuracy, of an error
POWER = 0.8  # four of five studies
MOST = 100_000  # groups


class Plan(NamedTuple):
    """How many groups show which gain; printed, a sentence and a table.

    Attributes
    ----------
    said : str
        The answer for one gain.
    basis : str
        What it was computed from.
    table : pandas.DataFrame
        For each gain: how many groups show it in half, four of five and nine of ten studies, and
        what share of the studies with as many groups as there are.
    curves : pandas.DataFrame
        Power for each number of groups (index) and gain (columns).
    groups : int
    power : float
        That is wanted.
    kind : str
        What a group is called.
    """

    said: str
    basis: str
    table: pd.DataFrame
    curves: pd.DataFrame
    groups: int
    power: float
    kind: str

    def __str__(self):
        return f"{self.said} {self.basis}\n{self.table.to_string()}"

    def plot(self):
        """Power against the number of groups.

        Returns
        -------
        fig : matplotlib.figure.Figure
        description : str
        """
        return plot_power(self.curves, self.power, self.groups, self.kind)


def plan(
    groups=30, per_group=5, alike=0.5, accuracy=0.8, classes=2, gain=0.04, power=POWER,
    kind="group",
):  # fmt: skip
    """Plan a study that compares a fusion with the best single modality, before measuring.

    Parameters
    ----------
    groups, per_group, alike, accuracy, classes
        See `mmlib.evaluation.power_table.power_from_table`.
    gain : float
        That the sentence is about: 0.04 is four points.
    power : float
        Share of such studies that are to show it.
    kind : str
        What a group is called, one of them.

    Returns
    -------
    Plan

    Raises
    ------
    DataError
        For numbers that no study has.

    Examples
    --------
    >>> from mmlib.evaluation.planning import plan
    >>> plan(30, per_group=5).said[:69]
    'To show a true gain of 4 points in 80 % of the studies takes about 18'
    """
    _check("groups", groups, 1)
    _check("per_group", per_group, 1)
    _check("classes", classes, 2)
    _check("alike", alike, 0, 1)
    _check_wanted(gain, power)
    low, high = (power_table()["accuracy"].agg(how) for how in ("min", "max"))
    _check("accuracy", accuracy, low, high)
    kind = "sample" if per_group == 1 else kind

    def known(n, gain):
        return power_from_table(n, per_group, alike, accuracy, gain, classes)

    kinds = "two classes" if classes < 3 else "three classes or more"
    basis = (
        f"That is read off simulated studies of {kinds} in which the better modality alone is "
        f"right for {100 * accuracy:.3g} %"
    )
    if per_group > 1:
        basis += f" and samples of a {kind} are alike by {alike:.2g}"
    table = power_table()
    most = int(
        table["groups"][table["per_group"] >= min(per_group, table["per_group"].max())].max()
    )
    return _plan(known, f"{basis}.", groups, per_group, gain, power, kind, most, 0.0)


def plan_from(result, gain=None, power=POWER, per_group=None, kind="group"):
    """Plan a larger study from the comparison of a small one.

    Parameters
    ----------
    result : Comparison
        Of single modalities and fusions; the two that `verdict` compares are taken.
    gain : float, optional
        That the sentence is about, 0.04 (four points) where nothing is said; for RMSE and log loss
        a share of that of the single modality, 0.1.
    power : float
        Share of such studies that are to show it.
    per_group : float, optional
        Samples in a group of the new study, where these are others than now.
    kind : str
        What a group is called, one of them.

    Returns
    -------
    Plan

    Raises
    ------
    DataError
        When there are too few groups for an interval, or no single modality was compared.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.evaluation.planning import plan_from
    >>> from mmlib.features import spectrum_baselines
    >>> from mmlib.fusion.early import early_fusion
    >>> leaves = mmlib.make_leaves(40)
    >>> models = {"spectrum only": spectrum_baselines()["SVM"], "early": early_fusion(leaves)}
    >>> found = plan_from(mmlib.compare(models, leaves, n_repeats=2), kind="plant")
    >>> "first results" in found.basis
    True
    """
    judged = verdict(result)
    fused, single = judged.fused, judged.baseline
    known = first_results(result, fused, single)
    if not np.isfinite(known.error):
        raise DataError(
            f"{many(known.groups, kind)} cannot tell how sure a larger study would be: {FEWEST} "
            "are needed."
        )
    points = known.metric in IN_POINTS
    gain = (0.04 if points else 0.1) if gain is None else gain
    _check_wanted(gain, power)
    _check("per_group", per_group or 1, 1)
    if result.data.groups is None:
        kind, per_group = "sample", 1
    scale = 1.0 if points else known.score
    basis = f"That follows from your first results: {fused} against {single}"
    if known.discordance == known.discordance:
        basis += f", of which one is right and the other wrong for {percent(known.discordance)}"
    if known.per_group > 1:
        basis += f"; samples of a {kind} are alike in it by {known.alike:.2f}"
    unit = 0.0 if points else known.score

    def power_of(n, gain):
        return known.power(n, scale * gain, per_group)

    each = per_group or known.per_group
    return _plan(
        power_of, f"{basis}.", known.groups, each, gain, power, kind, MOST, unit, known.metric
    )


def _plan(known, basis, groups, per_group, gain, power, kind, most, unit, metric="accuracy"):
    """Curves, the numbers needed, and the words."""
    at = np.geomspace(FEWEST, most, 160).round().astype(int)
    at = np.unique([*at, *([groups] if FEWEST <= groups <= most else [])])
    gains = sorted({*(GAINS if metric in IN_POINTS else SHARES), gain})
    names = {g: size_of(g, unit, metric) for g in gains}
    full = pd.DataFrame({g: [known(n, g) for n in at] for g in gains}, index=at)
    wanted = sorted({0.5, power, 0.9})
    table = {}
    for g in gains:
        needed = {p: _needed(full[g], p) for p in wanted}
        row = {
            f"{plural(kind)} for {100 * p:g} %": shown(n, most, groups, _at_most(full[g], n))
            for p, n in needed.items()
        }
        now = percent(known(groups, g), wanted)
        row[f"with {many(groups, kind)}"] = now if groups >= FEWEST else "none"
        table[names[g]] = row
    table = pd.DataFrame.from_dict(table, orient="index").rename_axis("true gain")
    last = at.searchsorted(min(most, max(4 * groups, _last(full, wanted[-1], most))))
    curves = full.iloc[: last + 1].rename(columns=names)
    needed = _needed(full[gain], power)
    said = answer(known(groups, gain), needed, _at_most(full[gain], needed), groups, per_group,
                 names[gain], power, kind, most)  # fmt: skip
    return Plan(said, basis, table, curves, groups, power, kind)


def _needed(curve, power):
    """The smallest number of groups that reaches a power; inf beyond, NaN where unknown."""
    if curve.isna().all():
        return np.nan
    above = np.flatnonzero(curve >= power)  # from there on it does not fall
    return float(curve.index[above[0]]) if len(above) else np.inf


def _at_most(curve, needed):
    """Whether nothing is known of fewer groups, which might be enough too."""
    below = curve[curve.index < needed]
    return bool(np.isfinite(needed) and len(below) and np.isnan(below.iloc[-1]))


def _last(curves, power, most):
    """As many groups as the figure needs: those that show the smallest gain that can be shown."""
    needed = [_needed(curves[g], power) for g in curves]
    finite = [n for n in needed if np.isfinite(n)]
    return 1.5 * max(finite, default=most)


def _check_wanted(gain, power):
    _check("gain", gain, 0.001, 1)
    _check("power", power, 0.05, 0.99)


def _check(name, value, low, high=np.inf):
    if not low <= value <= high:
        to = "or more" if high == np.inf else f"to {high:g}"
        raise DataError(f"{name} is {value:g}: a study has {low:g} {to}.")
