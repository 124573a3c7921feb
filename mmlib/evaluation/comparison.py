"""What a comparison says: scores with intervals, and which model beats which."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.metrics import confusion_matrix

from ..base import DataError
from ..data.leaves.ceilings import ceilings
from ..fusion.roles import presets_of
from ..plots.scores import plot_scores
from .intervals import Interval, interval, p_value
from .metrics import classification_scores, regression_scores

LOWER_IS_BETTER = ("log loss", "calibration error", "RMSE", "MAE")
OF_WHOLE_SAMPLES = ("accuracy", "balanced accuracy", "macro F1")
IN_POINTS = (*OF_WHOLE_SAMPLES, "calibration error")


class Paired(NamedTuple):
    """A difference of two models on the same folds: its interval and p."""

    difference: float
    low: float
    high: float
    p: float


class Comparison:
    """Scores of several models on the same folds; what `mmlib.compare` returns.

    Attributes
    ----------
    metric : str
        The score that models are ranked by: "accuracy", or "RMSE" in regression.
    table : pandas.DataFrame
        One row a model: "mean", "low" and "high" of the metric over all folds (see
        `interval`), then the other scores of all samples of a repeat together,
        averaged over the repeats.
    scores : pandas.DataFrame
        One row for each model, repeat and fold, with the sizes of the two parts.
    times : pandas.DataFrame
        Mean seconds of fitting and predicting in a fold; no part of the table, because
        they differ from run to run.
    predictions : dict of str to array of shape (repeats, samples)
        Every sample predicted once in each repeat, by a model that did not see its group.
    probabilities : dict of str to array of shape (repeats, samples, classes)
        Likewise, for the models that give probabilities.
    presets : dict of str to Preset
        What each model is: which modalities, where they meet, what learns.
    chance : float or None
        Accuracy of always naming the most frequent class.
    ceilings : dict of str to (float, float), or None
        Best reachable accuracies and their errors, where the data is simulated.
    """

    def __init__(self, data, scores, predictions, probabilities, times, presets=None):
        self.data = data
        self.scores = scores
        self.predictions = predictions
        self.probabilities = probabilities
        self.times = times
        self.models = list(predictions)
        self.presets = presets or presets_of(self.models, data.modalities)
        self.metric = "accuracy" if data.task == "classification" else "RMSE"
        self.chance = None
        if data.task == "classification":
            self.chance = float(np.unique(data.y, return_counts=True)[1].max() / len(data))

    def __repr__(self):
        return self._rounded().to_string()

    def _repr_html_(self):
        return self._rounded().to_html()

    def _rounded(self):
        """Two decimals, or two digits of the smallest score where that takes more."""
        least = self.table["mean"].min()
        return self.table.round(max(2, 1 - int(np.floor(np.log10(least)))) if least > 0 else 2)

    @cached_property
    def table(self):
        rows = {}
        for name in self.models:
            mine = self.scores[self.scores["model"] == name]
            scores = mine[self.metric]
            if self.metric == "accuracy":
                scores = _at_least_rounding(scores, mine["n_test"])
            bounds = interval(scores, mine["n_train"], mine["n_test"])
            if self.metric == "accuracy":
                bounds = np.clip(bounds, 0, 1)
            if self.metric == "RMSE":
                bounds = np.clip(bounds, 0, None)
            pooled = pd.DataFrame(self._pooled(name)).mean().drop(self.metric)
            rows[name] = dict(zip(Interval._fields, map(float, bounds), strict=True)) | dict(pooled)
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")

    def _pooled(self, name):
        for repeat, predicted in enumerate(self.predictions[name]):
            if self.metric == "RMSE":
                yield regression_scores(self.data.y, predicted)
                continue
            proba = self.probabilities.get(name)
            proba = None if proba is None else proba[repeat]
            yield classification_scores(self.data.y, predicted, proba, self.data.labels)

    @cached_property
    def ceilings(self):
        if self.metric != "accuracy" or not self.data.meta.get("simulation"):
            return None

        return ceilings(self.data)

    def above_ceiling(self, ceilings=None):
        """Models whose whole interval lies above what is possible: there is a leak.

        Parameters
        ----------
        ceilings : mapping of str to (float, float), optional
            Best accuracies and their errors; those of the data when not given. A
            model of one modality is held against that modality's ceiling, and any other
            against the highest.

        Returns
        -------
        list of str
            Empty where nothing is wrong.

        Raises
        ------
        DataError
            When no ceilings are known.
        """
        ceilings = self.ceilings if ceilings is None else ceilings
        if not ceilings:
            raise DataError(f"No ceiling is known for {self.data.name!r}: it is not simulated.")
        top = {key: sum(value) for key, value in ceilings.items()}
        low, highest = self.table["low"], max(top.values())
        own = {n: top.get(p.modalities[0], highest) for n, p in self.presets.items() if p.alone}
        return [name for name in self.models if low[name] > own.get(name, highest)]

    def confusion(self, name, repeat=0):
        """Counts of true (rows) against predicted class (columns) in one repeat."""

        if self.metric != "accuracy":
            raise DataError("A quantity has no confusion matrix: look at the predictions.")
        predicted = self.predictions[self._known(name)][repeat]
        counts = confusion_matrix(self.data.y, predicted, labels=self.data.labels)
        names = self.data.target_names
        return pd.DataFrame(counts, index=pd.Index(names, name="true"),
                            columns=pd.Index(names, name="predicted"))  # fmt: skip

    def paired(self, a, b, metric=None):
        """Score of model `a` minus that of model `b` on the same folds.

        Parameters
        ----------
        a, b : str
            Names of two models.
        metric : str, optional
            A score of ``scores``; `metric` of the comparison when not given.

        Returns
        -------
        Paired
            ``difference, low, high, p``, by the corrected resampled t-test. With many
            pairs some p fall below 0.05 by chance: settle on a pair beforehand. Accuracies
            that differ by nearly as much in every fold are taken to be rounded to whole samples;
            so are balanced accuracy and macro F1.

        Raises
        ------
        DataError
            For an unknown name, or a model without the score.
        """
        metric = metric or self.metric
        known = [c for c in self.scores.columns[5:] if c != "bias"]
        if metric not in known:
            raise DataError(f"There is no score {metric!r} to compare by; try {', '.join(known)}.")
        by_fold = self.scores.pivot(index=["repeat", "fold"], columns="model", values=metric)
        for name in (a, b):
            if by_fold[self._known(name)].isna().any():
                raise DataError(
                    f"Model {name!r} has no {metric} in some fold: choose another score."
                )
        sizes = self.scores.drop_duplicates(["repeat", "fold"]).set_index(["repeat", "fold"])
        sizes = sizes.loc[by_fold.index, "n_train"], sizes.loc[by_fold.index, "n_test"]
        difference = by_fold[a] - by_fold[b]
        one_sign = (difference > 1e-9).all() or (difference < -1e-9).all()
        if metric in OF_WHOLE_SAMPLES and one_sign:
            difference = _at_least_rounding(difference, sizes[1])
        return Paired(*interval(difference, *sizes), p_value(difference, *sizes))

    def sentence(self, a, b, metric=None, decimals=0):
        """One sentence on whether one of two models is better, with the interval.

        Parameters
        ----------
        a, b, metric
            As for `paired`.
        decimals : int
            Decimals of the numbers; more are taken where the verdict needs them.
        """
        metric = metric or self.metric
        difference, low, high, p = self.paired(a, b, metric)
        if (difference < 0) != (metric in LOWER_IS_BETTER):
            a, b = b, a
        if difference < 0:
            difference, low, high = -difference, -high, -low
        what, unit, scale = metric, "", 1
        if metric in IN_POINTS:
            unit, scale = " points", 100
        elif metric in ("RMSE", "MAE"):
            what = f"{metric} of {self.data.target_names[0]}"
        folds = len(self.scores) // len(self.models)
        if difference == low == high == 0:
            return f"{a} and {b} have the same {what} in all {folds} folds."
        shown = _enough_decimals(scale * difference, scale * low, p < 0.05, decimals)
        size, low, high = (f"{scale * x:z.{shown}f}" for x in (difference, low, high))
        unit = " point" if (size, unit) == ("1", " points") else unit
        way = "lower" if metric in LOWER_IS_BETTER else "higher"
        verdict = f"{a} is better than {b}: its {what}"
        if p >= 0.05:
            verdict = f"{a} and {b} cannot be told apart: the {what} of {a}"
        return (
            f"{verdict} is {way} by {size}{unit} "
            f"(95 % interval {low} to {high}, same {folds} folds)."
        )

    def plot(self):
        """The table as a picture, under the ceilings where they are known.

        Returns
        -------
        fig : matplotlib.figure.Figure
        description : str
        """

        label = self.metric
        if label == "RMSE":
            label = f"RMSE, {self.data.target_names[0]}"
        return plot_scores(self.table, ceilings=self.ceilings, chance=self.chance, metric=label)

    def _known(self, name):
        if name not in self.models:
            raise DataError(f"There is no model {name!r} here; there are {', '.join(self.models)}.")
        return name


def _at_least_rounding(scores, n_test):
    """Scores that vary no less than what is rounded to whole samples.

    They may be alike by chance (1/19 and 1/20 in folds of 19 and 20 samples): a spread of next
    to nothing would make two or three folds a proof.
    """
    step = np.sqrt(3) / 6 / np.mean(n_test)
    if len(scores) < 2 or np.std(scores, ddof=1) >= step:
        return scores
    places = np.arange(len(scores)) - (len(scores) - 1) / 2
    return np.mean(scores) + step * places / places.std(ddof=1)


def _enough_decimals(size, low, differ, decimals):
    """Decimals with which a difference, or an end that is not zero, does not read as zero."""
    while decimals < 9 and (
        round(size, decimals) == 0 != round(size, 9) or (differ and round(low, decimals) <= 0)
    ):
        decimals += 1
    return decimals
