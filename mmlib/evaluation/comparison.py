"""What a comparison says: scores with intervals, and which model beats which."""

from functools import cached_property
from html import escape
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.metrics import confusion_matrix

from ..base import DataError
from ..data.leaves.ceilings import ceilings
from ..fusion.balanced import is_uneven
from ..fusion.roles import presets_of
from ..plots.scores import plot_scores
from .intervals import OF_SPREADS, Interval, interval_by_groups, smallest_error, unsteadiness
from .left_out import classification_left_out, regression_left_out
from .metrics import classification_scores, regression_scores
from .wording import NOISE, OF_WHOLE_SAMPLES, compared


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
        The score that models are ranked by: "RMSE" in regression, "accuracy" of classes, or
        "balanced accuracy" where the most frequent class is a quarter more frequent than if
        all were alike, since guessing it would win by accuracy.
    table : pandas.DataFrame
        One row a model: "mean", "low" and "high" of the metric (see `interval_by_groups`),
        then the other scores; each of all samples of a repeat together, averaged over the
        repeats. With fewer than six groups there are no ends.
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
    failed : dict of str to str
        Models that could not be fitted, and why; they are nowhere else.
    choices : dict of str to list of dict
        Of each model what it chose in each fold, see `mmlib.evaluation.choices`.
    chance : float or None
        What always naming the most frequent class scores.
    ceilings : dict of str to (float, float), or None
        Best reachable accuracies and their errors, where the data is simulated.
    laboratory_error : float or None
        Standard error of the measured quantity, where known: a floor of the RMSE, drawn by `plot`.
    """

    laboratory_error = None

    def __init__(
        self, data, scores, predictions, probabilities, times, presets=None, failed=None,
        choices=None,
    ):  # fmt: skip
        self.data = data
        self.scores = scores
        self.predictions = predictions
        self.probabilities = probabilities
        self.times = times
        self.models = list(predictions)
        self.presets = presets or presets_of(self.models, data.modalities)
        self._left_out = {}
        self.failed, self.choices = failed or {}, choices or {}
        self.metric, self.chance = "RMSE", None
        if data.task == "classification":
            counts, uneven = np.unique(data.y, return_counts=True)[1], is_uneven(data.y)
            self.metric = "balanced accuracy" if uneven else "accuracy"
            self.chance = float(1 / len(counts) if uneven else counts.max() / len(data))

    def __repr__(self):
        return "\n".join([self._rounded().to_string(), *self._failures()])

    def _repr_html_(self):
        lines = (f"<p>{escape(line)}</p>" for line in self._failures())
        return "".join([self._rounded().to_html(), *lines])

    def _failures(self):
        return [f"{name} failed: {why}" for name, why in self.failed.items()]

    def _rounded(self):
        """Two decimals, or two digits of the smallest score where that takes more."""
        least = self.table["mean"].min()
        return self.table.round(max(2, 1 - int(np.floor(np.log10(least)))) if least > 0 else 2)

    @cached_property
    def table(self):
        rows = {}
        for name in self.models:
            scores = self._repeats(name, classification_scores, regression_scores)
            pooled = pd.DataFrame(scores).mean()
            values = self.left_out(name, self.metric)
            if self.metric == "RMSE" and (values > 0).all():  # a spread: its logarithm is even
                bounds = np.exp(self.judge(np.log(values), [name], spread=1.0)[:3])
            else:
                bounds = self.judge(values, [name], least=float(self.metric in OF_WHOLE_SAMPLES))
                bounds = np.clip(bounds[:3], 0, None if self.metric == "RMSE" else 1)
            bounds = pooled[self.metric], *bounds[1:]  # as scikit-learn has it, to the last digit
            pooled = dict(pooled.drop(self.metric))
            rows[name] = dict(zip(Interval._fields, map(float, bounds), strict=True)) | pooled
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")

    @cached_property
    def _groups(self):
        """Of each sample the number of its group; without groups each is one."""
        if self.data.groups is None:
            return np.arange(len(self.data))
        return np.unique(self.data.groups, return_inverse=True)[1]

    def left_out(self, name, metric=None):
        """A score of all samples, then of all but each group; averaged over the repeats.

        Parameters
        ----------
        name : str
        metric : str, optional
            `metric` of the comparison when not given.

        Returns
        -------
        ndarray of shape (1 + groups,)
        """
        if self._known(name) not in self._left_out:
            kinds = classification_left_out, regression_left_out
            parts = [*self._repeats(name, *kinds, self._groups)]
            self._left_out[name] = {m: np.mean([part[m] for part in parts], 0) for m in parts[0]}
        return self._left_out[name][metric or self.metric]

    def judge(self, values, names, **options):
        """Interval and p of anything computed from `left_out` of the models named.

        Parameters
        ----------
        values : ndarray of shape (1 + groups,)
            From all samples, then without each group.
        names : sequence of str
            The models that it was computed from.
        **options
            `least` or `spread`, see `interval_by_groups`.

        Returns
        -------
        Judged
        """
        right = self.data.labels is not None
        losses = [self.predictions[name] - self.data.y for name in names]
        losses = [np.asarray(loss != 0 if right else np.square(loss), float) for loss in losses]
        sizes = self.scores[["n_train", "n_test"]].mean()
        unsteady = unsteadiness(losses, *sizes, counts=right)
        counts = np.bincount(self._groups)
        return interval_by_groups(values[0], values[1:], counts, unsteady, **options)

    def _repeats(self, name, of_classes, of_quantity, *more):
        """Scores of what was predicted in each repeat."""
        proba = self.probabilities.get(name)
        for repeat, predicted in enumerate(self.predictions[name]):
            if self.data.labels is None:
                yield of_quantity(self.data.y, predicted, *more)
            else:
                stated = None if proba is None else proba[repeat]
                yield of_classes(self.data.y, predicted, stated, self.data.labels, *more)

    @cached_property
    def ceilings(self):
        known = self.metric == "accuracy" and self.data.meta.get("simulation")
        return ceilings(self.data) if known else None

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
        if self.data.labels is None:
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
            ``difference, low, high, p``, by `interval_by_groups`; with fewer than six groups
            ends and p are NaN. With many pairs some p fall below 0.05 by chance: settle on
            a pair beforehand.

        Raises
        ------
        DataError
            For an unknown name, or a model without the score.
        """
        metric = metric or self.metric
        known = [c for c in self.scores.columns[5:] if c != "bias"]
        if metric not in known:
            raise DataError(f"There is no score {metric!r} to compare by; try {', '.join(known)}.")
        for name in (a, b):
            if np.isnan(self.left_out(name, metric)[0]):
                raise DataError(f"Model {name!r} has no {metric}: choose another score.")
        if not self._apart(a, b, metric).any():
            return Paired(0.0, 0.0, 0.0, 1.0)
        return Paired(*self.difference(a, b, metric)[:4])

    def difference(self, a, b, metric=None):
        """What `paired` judges by: the same with its error and degrees of freedom, a `Judged`."""
        values, per_group = self._apart(a, b, metric), len(self.data) / (self._groups.max() + 1)
        least = smallest_error(values[0], (metric or self.metric) in OF_WHOLE_SAMPLES, per_group)
        spread = OF_SPREADS if self.data.labels is None else 0.0
        return self.judge(values, [a, b], least=least, spread=spread)

    def _apart(self, a, b, metric):
        """A score of one less that of the other, as `left_out`; last digits decide nothing."""
        one, other = self.left_out(a, metric), self.left_out(b, metric)
        return np.where(np.abs(one - other) <= NOISE * np.abs(one).max(), 0.0, one - other)

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
        folds, groups = len(self.scores) // len(self.models), self._groups.max() + 1
        quantity = self.data.target_names[0] if self.data.labels is None else ""
        found = self.paired(a, b, metric)
        return compared(a, b, found, metric, folds, groups, quantity, decimals)

    def plot(self):
        """The table as a picture, under the ceilings where they are known.

        Returns
        -------
        fig : matplotlib.figure.Figure
        description : str
        """
        label = self.metric
        label += f", {self.data.target_names[0]}" if label == "RMSE" else ""
        floors = {"laboratory error": self.laboratory_error} if self.laboratory_error else None
        return plot_scores(self.table, self.ceilings, self.chance, label, floors)

    def _known(self, name):
        if name not in self.models:
            raise DataError(f"There is no model {name!r} here; there are {', '.join(self.models)}.")
        return name
