"""What a plan says: numbers rounded so that none contradicts another, and one answer in words."""

import numpy as np

from ..base import plural
from .intervals import FEWEST
from .wording import IN_POINTS, brief, counted


def answer(now, needed, at_most, groups, per_group, size, power, kind, most):
    """The answer for one gain in a sentence."""
    each = "" if kind == "sample" else f" of {many(per_group, 'sample')}"
    have, share = many(groups, kind), f"{100 * power:g} %"
    if np.isnan(needed):
        return f"A true gain of {size} lies beyond what was simulated."
    if groups < FEWEST:
        start = f"With {have} nothing can be told, {FEWEST} are needed."
    else:
        start = ""
        if now >= power:
            often = percent(now, [power])
            return f"The {have}{each} show a true gain of {size} in {often} of such studies, which is enough."  # noqa: E501
    if np.isinf(needed):
        number = f"more than {most:,} {plural(kind)}{each}"
    else:
        number = f"{'at most' if at_most else 'about'} {many(up(needed), kind)}{each}"
    end = "" if start else f"; {have} show it in {percent(now, [power])}"
    if not start and np.isnan(now):
        if needed <= groups:
            enough = many(up(needed, groups), kind)
            return f"The {have}{each} are more than enough: {enough} show a true gain of {size} in {share} of such studies."  # noqa: E501
        end = f"; of {have} it is not known" if not at_most else "; of fewer it is not known"
    return f"{start} To show a true gain of {size} in {share} of the studies takes {number}{end}.".lstrip()  # noqa: E501


def many(number, noun):
    """A number with its noun.

    Examples
    --------
    >>> from mmlib.evaluation.plan_wording import many
    >>> many(1, "plant"), many(2.5, "sample"), many(1200, "group")
    ('1 plant', '2.5 samples', '1,200 groups')
    """
    whole = number == int(number) or number >= 999.5
    text = f"{round(number):,}" if whole else f"{number:.3g}"
    return counted(1, noun) if text == "1" else f"{text} {plural(noun)}"


def up(number, enough=np.inf):
    """Two digits, upwards: so many are enough; no more than are known to be.

    Examples
    --------
    >>> from mmlib.evaluation.plan_wording import up
    >>> up(63), up(161), up(1201), up(161, enough=163)
    (63, 170, 1300, 163)
    """
    step = 10 ** max(int(np.floor(np.log10(number))) - 1, 0)
    rounded = int(np.ceil(number / step - 1e-9) * step)
    return int(enough) if number <= enough < rounded else rounded


def shown(needed, most, groups, at_most=False):
    """A number of groups as a cell; infinite is more than `most`, NaN not known.

    Of fewer than `at_most` nothing is known; they might be enough too.
    """
    if np.isnan(needed):
        return "not known"
    if np.isinf(needed):
        return f"over {most:,}"
    return "at most " * at_most + f"{up(needed, groups):,}"


def percent(share, limits=()):
    """Whole percent, which lie on the right side of every limit."""
    if np.isnan(share):
        return "not known"
    if share < 0.005:
        return "under 1 %"
    if share > 0.995:
        return "over 99 %"
    whole = round(100 * share)
    for limit in limits:
        bound = round(100 * limit, 9)
        if share < limit and whole >= bound:
            return f"under {bound:g} %"
        if share >= limit and whole < bound:
            return f"{bound:g} %"
    return f"{whole} %"


def size_of(gain, unit, metric):
    """A gain as text."""
    if metric in IN_POINTS:
        return "1 point" if f"{100 * gain:.3g}" == "1" else f"{100 * gain:.3g} points"
    return f"{100 * gain:.3g} % ({brief(gain * unit)})"
