"""One sentence on two models, in which no rounding says what the numbers do not."""

from .intervals import FEWEST

LOWER_IS_BETTER = ("log loss", "calibration error", "RMSE", "MAE")
OF_WHOLE_SAMPLES = ("accuracy", "balanced accuracy", "macro F1")
IN_POINTS = (*OF_WHOLE_SAMPLES, "calibration error")


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
    """  # noqa: E501
    difference, low, high, p = found[:4]
    if (difference < 0) != (metric in LOWER_IS_BETTER):
        a, b = b, a
    if difference < 0:
        difference, low, high = -difference, -high, -low
    same = f"{a} and {b} have the same"
    what = f"{metric} of {quantity}" if metric in ("RMSE", "MAE") and quantity else metric
    if difference == 0 and not (low or high):
        return f"{same} {what} in all {folds} folds."
    scale = 100 if metric in IN_POINTS else 1
    way = "lower" if metric in LOWER_IS_BETTER else "higher"
    shown = enough_decimals(*(scale * x for x in (difference, low, high)), decimals)
    size, low, high = (f"{scale * x:z.{shown}f}" for x in (difference, low, high))
    size += {"1": " point"}.get(size, " points") if metric in IN_POINTS else ""
    if p != p:  # NaN
        return (
            f"{a} and {b} cannot be told apart with {counted(groups, 'group')}, {FEWEST} are "
            f"needed: the {what} of {a} is {way} by {size}, and nobody can say how much of it is "
            "luck."
        )
    verdict = f"{a} is better than {b}: its {what}"
    if p >= 0.05:
        verdict = f"{a} and {b} cannot be told apart: the {what} of {a}"
    return f"{verdict} is {way} by {size} (95 % interval {low} to {high}, same {folds} folds)."


def enough_decimals(size, low, high, decimals=0):
    """Decimals with which no number reads as zero that is not, so that signs stay what they are."""
    parts = [x for x in (size, low, high) if round(x, 9) != 0 and x == x]
    while decimals < 9 and any(round(x, decimals) == 0 for x in parts):
        decimals += 1
    return decimals


def counted(number, what):
    """A number with its noun: 1 group, 2 groups."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
