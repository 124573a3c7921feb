"""The error of the laboratory is a floor: no model is seen to be nearer to values than they are."""

import numpy as np

from ..base import DataError
from .wording import brief


def check_laboratory_error(sel, task):
    """The standard error of the laboratory as a number, or a `DataError`.

    Examples
    --------
    >>> from mmlib.evaluation.laboratory import check_laboratory_error
    >>> check_laboratory_error(0.2, "regression")
    0.2
    """
    if task != "regression":
        raise DataError("A laboratory error belongs to a quantity: the labels here are classes.")
    if not (np.isfinite(sel) and sel > 0):
        raise DataError(f"The laboratory error is {sel:g}: give it above zero, in the unit of y.")
    return float(sel)


def own_error(rmse, sel):
    """What is left of an RMSEP when the error of the laboratory is taken out of it.

    Both errors are independent, since the model never saw the values it is judged by, so
    their squares add up.

    Parameters
    ----------
    rmse : float
    sel : float
        Standard error of the laboratory, as a standard deviation, in the same unit.

    Returns
    -------
    float
        0 where the RMSEP is no larger than the laboratory error.

    References
    ----------
    DiFoggio (1995), Examination of some misconceptions about near-infrared analysis, Applied
    Spectroscopy 49(1), 67-75, doi:10.1366/0003702953963247.

    Examples
    --------
    >>> from mmlib.evaluation.laboratory import own_error
    >>> round(own_error(0.5, 0.3), 3), own_error(0.2, 0.3)
    (0.4, 0)
    """
    return float(np.sqrt(rmse**2 - sel**2)) if rmse > sel else 0


def laboratory_sentence(name, rmse, low, high, sel):
    """How near a model comes to the floor, in a sentence.

    Parameters
    ----------
    name : str
    rmse, low, high : float
        RMSEP and the ends of its interval; NaN where there are none.
    sel : float

    Returns
    -------
    str

    Examples
    --------
    >>> from mmlib.evaluation.laboratory import laboratory_sentence
    >>> print(laboratory_sentence("early", 0.5, 0.4, 0.6, 0.3))
    Of the RMSEP of early, 0.5, the laboratory error of 0.3 is a part; without it 0.4 would be left.
    """
    of, floor, left = brief(rmse, 3), brief(sel, 3), brief(own_error(rmse, sel))
    start = f"Of the RMSEP of {name}, {of}, the laboratory error of {floor} is a part;"
    if low > sel or (rmse > sel and np.isnan(low)):
        return f"{start} without it {left} would be left."
    if rmse > sel:
        return (
            f"{start} without it {left} would be left, or nothing: the "
            "interval reaches the laboratory error, and better values are needed to see a better "
            "model."
        )
    start = f"The RMSEP of {name}, {of}, is not above the laboratory error of {floor}"
    if high < sel:
        return (
            f"{start}, nor is its interval, and on new samples no model can be seen below it: the "
            "laboratory error is smaller than was said, or something leaks."
        )
    return f"{start}: better values are needed to see a better model."
