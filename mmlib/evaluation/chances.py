"""What can be said where nothing is proved: chances, and how many groups would be enough."""

from typing import NamedTuple

import numpy as np
from scipy.special import stdtr, stdtrit

from ..base import plural
from .wording import counted


class Chances(NamedTuple):
    """How likely a gain is negative beyond a margin, within it, or positive beyond it."""

    worse: float
    level: float
    better: float


def chances(found, margin):
    """From a difference and its error: where does the true difference lie?

    As a Bayesian would say who held every difference to be equally likely before: a t
    distribution about what was measured.

    Parameters
    ----------
    found : Judged
    margin : float
        Differences below it do not matter, in the unit of the score.

    Returns
    -------
    Chances
        They add up to one; NaN where nothing can be told.

    References
    ----------
    Benavoli, Corani, Demsar & Zaffalon (2017), https://jmlr.org/papers/v18/16-305.html, who
    call the margin a region of practical equivalence.

    Examples
    --------
    >>> from mmlib.evaluation.intervals import Judged
    >>> [round(x, 2) for x in chances(Judged(0.0, 0, 0, 1, 0.02, 1000), margin=0.02)]
    [0.16, 0.68, 0.16]
    """
    if found.error == 0:
        low, high = float(found.mean < -margin), float(found.mean > margin)
    else:
        low = float(stdtr(found.freedom, (-margin - found.mean) / found.error))
        high = float(stdtr(found.freedom, (found.mean - margin) / found.error))
    return Chances(low, 1 - low - high, high)


def times_as_many(found, gain, power=0.8):
    """How many times as many groups would show a true gain, in four of five such studies.

    Parameters
    ----------
    found : Judged
    gain : float
        In the unit of the score.
    power : float

    Returns
    -------
    float
        NaN where nothing can be told.

    Examples
    --------
    >>> from mmlib.evaluation.intervals import Judged
    >>> round(times_as_many(Judged(0.01, -0.05, 0.07, 0.7, 0.03, 60), gain=0.02))
    18
    """
    if not found.freedom > 0:
        return np.nan
    reach = stdtrit(found.freedom, 0.975) + stdtrit(found.freedom, power)
    return float((reach * found.error / gain) ** 2)


def chances_sentence(found, margin, unit, groups, kind="group"):
    """The chances, and how many groups would be enough, in two sentences.

    Parameters
    ----------
    found : Judged
        Of a gain: more is better.
    margin : float
    unit : callable
        From a size to its text, "2 points".
    groups : int
        That were compared.
    kind : str
        What they are called, one of them.

    Returns
    -------
    str
        Empty where nothing can be told.

    Examples
    --------
    >>> from mmlib.evaluation.intervals import Judged
    >>> found = Judged(0.01, -0.05, 0.07, 0.7, 0.03, 60)
    >>> print(chances_sentence(found, 0.02, lambda x: f"{100 * x:g} points", 61, "plant"))
    Worse by more than 2 points: 16 %; level within 2 points: 47 %; better by more: 37 %. About 18 times as many plants would show a gain of 2 points.
    """  # noqa: E501
    if not np.isfinite(found.error):
        return ""
    shares = chances(found, margin)
    size = unit(margin)
    worse, level, better = (_percent(x) for x in shares)
    said = f"Worse by more than {size}: {worse}; level within {size}: {level}; better by more: {better}."  # noqa: E501
    times = times_as_many(found, margin)
    if times <= 1:
        enough = "This" if groups == 1 else "These"
        return f"{said} {enough} {counted(groups, kind)} would show a gain of {size}."
    if times < 9.5:
        often = f"{times:.1f}".removesuffix(".0")
        often = "1.1" if often == "1" else often
    else:
        often = f"{times if times < 99.5 else round(times, -1):.0f}"  # two digits: it is a guess
    often = f"About {often}" if times < 995 else "Some 1,000" if times < 1050 else "Over 1,000"
    return f"{said} {often} times as many {plural(kind)} would show a gain of {size}."


def _percent(share):
    if share < 0.005:
        return "under 1 %"
    return "over 99 %" if share > 0.995 else f"{100 * share:.0f} %"
