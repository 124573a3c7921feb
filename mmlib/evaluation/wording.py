"""One sentence on two models, in which no rounding says what the numbers do not."""

from ..base import plural
from .intervals import FEWEST

LOWER_IS_BETTER = ("log loss", "calibration error", "RMSE", "MAE")
OF_WHOLE_SAMPLES = ("accuracy", "balanced accuracy", "macro F1")
IN_POINTS = (*OF_WHOLE_SAMPLES, "calibration error")
NOISE = 1e-9  # of the largest number beside it: what is smaller comes from rounding


def compared(a, b, found, metric, folds, groups, quantity="", decimals=0):
    """Whether one of two models is better, with the interval.

    Parameters
    ----------
    a, b : str
        Names of the models.
    found : tuple
        ``difference, low, high, p``: score of `a` minus that of `b`.
    metric : str
    folds : int
        In which both were compared.
    groups : int
        Of samples, or samples where there are no groups.
    quantity : str
        That a regression predicts.
    decimals : int
        Decimals of the numbers; more are taken where the verdict needs them.

    Returns
    -------
    str

    Examples
    --------
    >>> compared("early", "late", (0.0412, 0.0013, 0.081, 0.04), "accuracy", 25, 60)
    'early is better than late: its accuracy is higher by 4.1 points (95 % interval 0.1 to 8.1, same 25 folds).'
    >>> compared("early", "late", (0.01, -0.04, 0.06, 0.6), "accuracy", 25, 60)
    'early and late cannot be told apart: the accuracy of early is higher by 1 point (95 % interval -4 to 6, same 25 folds).'
    >>> compared("early", "late", (0.0, -0.04, 0.04, 1.0), "accuracy", 25, 60)
    'early and late cannot be told apart: both have the same accuracy (95 % interval of the difference -4 to 4 points, same 25 folds).'
    """  # noqa: E501
    difference, low, high = without_noise(found[:3])
    p = found[3]
    if (difference < 0) != (metric in LOWER_IS_BETTER):
        a, b = b, a
    if difference < 0:
        difference, low, high = -difference, -high, -low
    what = f"{metric} of {quantity}" if metric in ("RMSE", "MAE") and quantity else metric
    if difference == 0 and not (low or high):
        return f"{a} and {b} have the same {what} in all {folds} folds."
    scale = 100 if metric in IN_POINTS else 1
    way = "lower" if metric in LOWER_IS_BETTER else "higher"
    shown = enough_decimals(*(scale * x for x in (difference, low, high)), decimals)
    size, low, high = (f"{scale * x:z.{shown}f}" for x in (difference, low, high))
    level, interval = f"both have the same {what}", "interval of the difference"
    if metric in IN_POINTS:
        size, high = (x + (" point" if x == "1" else " points") for x in (size, high))
    by = f"is {way} by {size}"
    if p != p:  # NaN
        luck = f"the {what} of {a} {by}, and nobody can say how much of it is luck"
        return (
            f"{a} and {b} cannot be told apart with {counted(groups, 'group')}, {FEWEST} are "
            f"needed: {luck if difference else level}."
        )
    if difference:
        interval, high = "interval", high.split()[0]
    ends = f"(95 % {interval} {low} to {high}, same {folds} folds)"
    if p < 0.05 and float(low) > 0:
        return f"{a} is better than {b}: its {what} {by} {ends}."
    held = f"the {what} of {a} {by}" if difference else level
    return f"{a} and {b} cannot be told apart: {held} {ends}."


def enough_decimals(size, low, high, decimals=0):
    """Decimals with which signs stay what they are, and an interval keeps two ends.

    No number reads as zero that is not, and the ends differ as texts if they do as numbers.
    """
    size, low, high = without_noise((size, low, high))
    parts = [x for x in (size, low, high) if x and x == x]
    wide = high - low > NOISE * max(map(abs, parts), default=0)
    while decimals < 20 and (
        any(round(x, decimals) == 0 for x in parts)
        or (wide and round(low, decimals) == round(high, decimals))
    ):
        decimals += 1
    return decimals


def without_noise(numbers):
    """The numbers, those that are nothing beside the largest as zero."""
    largest = max((abs(x) for x in numbers if x == x), default=0)
    return tuple(0.0 if abs(x) <= NOISE * largest else float(x) for x in numbers)


def brief(x, digits=2, sign=""):
    """Two digits, or all before the point where there are more: 0.052, 5.2, 520.

    Examples
    --------
    >>> brief(0.0517), brief(5.17, sign="+"), brief(5170.4), brief(5.17, digits=3)
    ('0.052', '+5.2', '5170', '5.17')
    """
    return f"{x:{sign}z.{digits}g}" if abs(x) < 10**digits - 0.5 else f"{x:{sign}.0f}"


def counted(number, what):
    """A number with its noun: 1 group, 2 groups."""
    return f"{number} {what if number == 1 else plural(what)}"
