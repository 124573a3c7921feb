"""What an accuracy costs: prices per sample, and a cascade that measures only where it must.

Prices are what a user says a photograph or a spectrum costs, in money or minutes. The cascade
(`mmlib.fusion.cascade`) is fitted and judged on the folds of the comparison; from which
probability on the cheap modality decides is chosen inside each training part.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..base import DataError
from ..data.splits import group_folds
from ..fusion.balanced import as_if_even
from ..fusion.cascade import GIVE_UP, CascadeClassifier
from ..fusion.roles import Preset
from ..plots.prices import plot_costs
from .choice import BASELINE, FUSED
from .metrics import classification_scores
from .plan_wording import percent
from .wording import LOWER_IS_BETTER, enough_decimals

NAME = "cascade"
SHARES = np.linspace(0, 1, 21)


class Prices(NamedTuple):
    """What a sample costs in each modality.

    Attributes
    ----------
    each : dict of str to float
    unit : str
        Such as "EUR" or "min"; may be empty.
    """

    each: dict
    unit: str = ""

    def of(self, modalities):
        """What a sample costs in several modalities together."""
        return float(sum(self.each[name] for name in modalities))

    def said(self, price):
        """A price in words.

        Examples
        --------
        >>> from mmlib.evaluation.cost import Prices
        >>> Prices({"image": 0.5}, "EUR").said(0.5)
        '0.5 EUR'
        """
        return f"{price:.4g} {self.unit}".strip()


class Costs(NamedTuple):
    """Accuracy against cost.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a model, the cheapest first: "price" of a sample, the score and its interval,
        "measured" (percent of the samples that need all modalities), and "best for its price"
        (whether nothing that costs as little is better).
    said : list of str
        What it says, in sentences.
    curve : pandas.DataFrame or None
        "price" and "score" of cascades that measure a given share of the samples; no choice
        between them is made here.
    prices : Prices
    metric : str
    """

    table: pd.DataFrame
    said: list
    curve: pd.DataFrame | None
    prices: Prices
    metric: str

    def plot(self):
        """Score against price.

        Returns
        -------
        fig : matplotlib.figure.Figure
        description : str
        """
        return plot_costs(self.table, self.curve, self.metric, self.prices.unit)


def weigh_costs(result, prices, models=None, judge=None, random_state=0, give_up=GIVE_UP):
    """Hold the score of every model against what its measurements cost.

    Parameters
    ----------
    result : Comparison
        Of single modalities and fusions, as `mmlib.fusion.ladder` names them.
    prices : Prices
    models : mapping of str to estimator, optional
        The ladder that was compared. With it and `judge`, for classes, a cascade is tried:
        the cheapest modality alone, then "early".
    judge : callable, optional
        `mmlib.compare` with the data and settings of the comparison, but for models, n_folds and
        n_repeats.
    random_state : int
        Of the comparison, and of what the cascade holds out.
    give_up : float
        See `CascadeClassifier`.

    Returns
    -------
    Costs

    Raises
    ------
    DataError
        When a modality has no price, or a price is none.

    Examples
    --------
    >>> from functools import partial
    >>> import mmlib
    >>> from mmlib.evaluation.cost import Prices, weigh_costs
    >>> leaves = mmlib.make_leaves(20)
    >>> ladder = mmlib.fusion.ladder(leaves)
    >>> models = {name: ladder[name] for name in ["spectrum only", "image only", "early"]}
    >>> result = mmlib.compare(models, leaves, n_folds=2, n_repeats=1)
    >>> costs = weigh_costs(result, Prices({"image": 1, "spectrum": 9}))
    >>> costs.table["price"].to_dict()
    {'image only': 1.0, 'spectrum only': 9.0, 'early': 10.0}
    """
    check_prices(prices, result.data.modalities)
    presets = {n: p for n, p in result.presets.items() if n not in (BASELINE, FUSED)}
    rows = {name: _row(result, name, prices.of(p.modalities)) for name, p in presets.items()}
    for name, preset in presets.items():
        rows[name]["measured"] = 100.0 * (len(preset.modalities) == len(result.data.modalities))
    said, curve = [_prices_said(prices)], None
    cheap = min(result.data.modalities, key=lambda name: prices.each[name])
    first, second = Preset(None, (cheap,)).name, "early"
    able = judge is not None and {first, second} <= {*(models or {})} & set(result.probabilities)
    if able and len(result.data.modalities) > 1:
        row, text, curve = _cascade(
            result, prices, models, judge, (cheap, first, second), random_state, give_up
        )
        rows[NAME] = row
        said.append(text)
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")
    table["best for its price"] = _frontier(table, result.metric)
    order = np.argsort(table["price"].to_numpy(), kind="stable")
    return Costs(table.iloc[order], said, curve, prices, result.metric)


def check_prices(prices, modalities):
    """Raise a DataError where a modality has no price, or the price is none."""
    lacking = [name for name in modalities if name not in prices.each]
    if lacking:
        raise DataError(f"There is no price for {lacking[0]!r}: add it.")
    for name, price in prices.each.items():
        if not 0 <= price < np.inf:
            raise DataError(f"The price of {name!r} is {price:g}: it must be 0 or more.")


def _row(result, name, price):
    mean, low, high = result.table.loc[name, ["mean", "low", "high"]]
    return {"price": price, "score": mean, "low": low, "high": high}


def _prices_said(prices):
    parts = [f"{prices.said(price)} for the {name}" for name, price in prices.each.items()]
    return f"A sample costs {' and '.join(parts)}."


def _frontier(table, metric):
    """Whether no model that costs as little or less is better."""
    sign = -1 if metric in LOWER_IS_BETTER else 1
    score, price = sign * table["score"].to_numpy(), table["price"].to_numpy()
    return [not (score[price <= own] > mine + 1e-9).any()
            for own, mine in zip(price, score, strict=True)]  # fmt: skip


def _cascade(result, prices, models, judge, who, random_state, give_up):
    """Its row, what it says, and what other shares would have given."""
    cheap, first, second = who
    n_folds, n_repeats = (result.scores[name].nunique() for name in ("fold", "repeat"))
    folds = group_folds(result.data, n_folds, n_repeats, random_state)
    balanced = result.metric == "balanced accuracy"
    cascade = CascadeClassifier(
        models[first], models[second], give_up, balanced, random_state=random_state
    )
    tried = {first: models[first], second: models[second], NAME: cascade}
    found = judge(tried, n_folds=n_folds, n_repeats=n_repeats)
    if NAME in found.failed:
        return _row(result, second, prices.of(result.data.modalities)), found.failed[NAME], None
    sure = _sureness(found.probabilities[first], result.data.y, folds, balanced)
    unsure = np.zeros(sure.shape, bool)
    for k, ((_, test), chose) in enumerate(zip(folds, found.choices[NAME], strict=True)):
        unsure[k // n_folds, test] = sure[k // n_folds, test] < chose["sure from"]
    share = float(unsure.mean())
    least, most = prices.each[cheap], prices.of(result.data.modalities)
    row = _row(found, NAME, least + share * (most - least)) | {"measured": 100 * share}
    score, given_up = found.table["mean"], f"{100 * give_up:.3g} points are"
    given_up = "1 point is" if given_up == "1 points are" else given_up
    text = (
        f"Cascade: every sample is measured by {cheap}, and the others are added where {first!r} "
        f"is unsure. {percent(share).capitalize()} of the samples need all; a sample costs "
        f"{prices.said(row['price'])} on average instead of {prices.said(most)}, and the "
        f"{result.metric} is {score[NAME]:.3f} instead of {score[second]:.3f} of {second!r} "
        f"(difference {_in_points(found.paired(NAME, second))}). From which probability on "
        f"{first!r} is sure was chosen inside each training part, such that no more than "
        f"{given_up} given up there."
    )
    return row, text, _curve(found, first, second, least, most, sure)


def _in_points(gap):
    numbers = [100 * x for x in gap[:3]]
    shown = enough_decimals(*numbers, 1)
    mean, low, high = (f"{x:+z.{shown}f}" for x in numbers)
    if not np.isfinite(gap.low):
        return f"{mean} points, too few groups for an interval"
    return f"{mean} points, 95 % interval {low} to {high}"


def _sureness(proba, y, folds, balanced):
    """Greatest probability of each sample in each repeat; were classes even, if `balanced`."""
    sure = np.empty(proba.shape[:2])
    labels, codes = np.unique(y, return_inverse=True)
    for k, (train, test) in enumerate(folds):
        repeat = k * len(proba) // len(folds)
        said = proba[repeat, test]
        if balanced:
            counts = np.bincount(codes[train], minlength=len(labels))
            said = as_if_even(said, np.maximum(counts, 1) / len(train))
        sure[repeat, test] = said.max(1)
    return sure


def _curve(found, first, second, least, most, sure):
    """Score where the least sure share of the samples is measured, whatever was chosen."""
    y, labels = found.data.y, found.data.labels
    scores = np.zeros((len(SHARES), len(found.predictions[first])))
    for repeat, (own, other) in enumerate(
        zip(found.predictions[first], found.predictions[second], strict=True)
    ):
        order = np.argsort(sure[repeat], kind="stable")
        for k, share in enumerate(SHARES):
            said = own.copy()
            rows = order[: round(share * len(y))]
            said[rows] = other[rows]
            scores[k, repeat] = classification_scores(y, said, None, labels)[found.metric]
    price = least + SHARES * (most - least)
    return pd.DataFrame({"price": price, "score": scores.mean(1)})
