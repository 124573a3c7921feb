"""What the table of a study says: gains, and the simplest model that will do.

The tables are those of `mmlib.course.study`. Seeds have leaves of their own, so that intervals
over seeds need no correction for shared training samples.
"""

import pandas as pd

from ..base import DataError
from ..evaluation.intervals import interval

KEYS = ["situation", "per_class"]


def gains(table, over="early", score="accuracy"):
    """How much better each model is than one of them, in each situation.

    Parameters
    ----------
    table : pandas.DataFrame
        As `run` and `stored` give it.
    over : str
        The model to compare with. Differences are taken seed by seed.
    score : str

    Returns
    -------
    pandas.DataFrame
        "situation", "per_class", "model", and "mean", "low", "high" of the difference: a
        95 % t-interval over the seeds, each of which has leaves of its own.

    Raises
    ------
    DataError
        For an unknown model, or fewer than two seeds.
    """
    if over not in set(table["model"]):
        raise DataError(f"There is no model {over!r}: {', '.join(table['model'].unique())}.")
    wide = table.pivot(index=[*KEYS, "seed"], columns="model", values=score)
    rows = []
    for keys, part in wide.groupby(level=KEYS, sort=False):
        if len(part) < 2:
            raise DataError(f"{keys} was run with one seed: two at least make an interval.")
        for name in wide.columns:
            bounds = interval(part[name] - part[over], n_train=1, n_test=0)
            rows.append([*keys, name, *bounds])
    order = {name: i for i, name in enumerate(table["model"].unique())}
    found = pd.DataFrame(rows, columns=[*KEYS, "model", "mean", "low", "high"])
    return found.sort_values("model", key=lambda names: names.map(order), kind="stable")


def decide(table, margin=0.01):
    """The decision table: in each situation the simplest model that is good enough.

    Good enough means: that the best model is ahead by more than `margin` is not shown,
    the interval of the difference reaches down to it. Simplest means: first in the order
    of the ladder.

    Parameters
    ----------
    table : pandas.DataFrame
    margin : float
        Difference in accuracy that would not matter to you.

    Returns
    -------
    pandas.DataFrame
        For each situation and number of leaves "best" and "simplest good enough", each
        with its mean accuracy.
    """
    order = list(table["model"].unique())
    rows = []
    for keys, part in table.groupby(KEYS, sort=False):
        mean = part.groupby("model")["accuracy"].mean()
        best = mean.idxmax()
        against = gains(part, over=best).set_index("model")
        enough = [name for name in order if against.loc[name, "high"] >= -margin]
        rows.append([*keys, best, mean[best], enough[0], mean[enough[0]]])
    columns = [*KEYS, "best", "its accuracy", "simplest good enough", "accuracy"]
    return pd.DataFrame(rows, columns=columns)
