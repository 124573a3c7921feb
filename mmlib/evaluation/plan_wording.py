"""What a plan says: numbers rounded so that none contradicts another, and one answer in words."""

import numpy as np

from .intervals import FEWEST
from .wording import IN_POINTS


def answer(now, needed, groups, per_group, size, power, kind, most):
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
        number = f"more than {most:,} {kind}s{each}"
    else:
        number = f"about {many(up(needed), kind)}{each}"
    end = "" if start else f"; {have} show it in {percent(now, [power])}"
    return f"{start} To show a true gain of {size} in {share} of the studies takes {number}{end}.".lstrip()  # noqa: E501


def many(number, noun):
    """A number with its noun.

    Examples
    --------
    >>> from mmlib.evaluation.plan_wording import many
    >>> many(1, "plant"), many(2.5, "sample"), many(1200, "group")
    ('1 plant', '2.5 samples', '1,200 groups')
    """
    text = f"{int(number):,}" if number == int(number) else f"{number:.3g}"
    return f"{text} {noun}" if text == "1" else f"{text} {noun}s"


def up(number):
    """Two digits, upwards: so many are enough.

    Examples
    --------
    >>> from mmlib.evaluation.plan_wording import up
    >>> up(63), up(161), up(1201)
    (63, 170, 1300)
    """
    step = 10 ** max(int(np.floor(np.log10(number))) - 1, 0)
    return int(np.ceil(number / step - 1e-9) * step)


def shown(needed, most):
    """A number of groups as a cell; infinite is more than `most`, NaN not known."""
    if np.isnan(needed):
        return "not known"
    return f"over {most:,}" if np.isinf(needed) else f"{up(needed):,}"


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
    return f"{100 * gain:.3g} % ({gain * unit:.2g})"
