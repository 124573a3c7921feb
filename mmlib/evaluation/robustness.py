"""What a model is still worth when an instrument gets worse.

`right_answers` asks fitted models about damaged copies of samples that they did not see
(`mmlib.data.corruptions`), `with_intervals` says how sure the scores are, and `break_even` from
which damage on another model is the better one. Nothing here fits anything.
"""

import numpy as np
import pandas as pd

from ..base import DataError
from ..data.mapping import Samples
from ..fusion.roles import presets_of


def right_answers(models, data, found, see=None, random_state=0):
    """Ask fitted models about damaged copies of samples, and note what they get right.

    Parameters
    ----------
    models : mapping of str to fitted classifier
        Fitted once, on undamaged samples that are not among these.
    data : MultimodalData
        Samples that no model saw. They are damaged before anything is computed from them.
    found : mapping of str to Corruption
        Such as `mmlib.data.corruptions.default_corruptions(data)`.
    see : mapping of str to callable, optional
        Modality -> what happens to its array before the models get it, such as taking
        features of pictures. Nothing may be fitted in it.
    random_state : int
        Of the damage.

    Returns
    -------
    pandas.DataFrame
        One row a sample, with the group as index; True where the answer was right. The
        columns are (corruption, severity, model).

    Raises
    ------
    DataError
        When the data is a regression, and what a corruption raises.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.data.corruptions import Corruption, spectrum_noise
    >>> train, test = mmlib.make_leaves(40).split()
    >>> models = {"early": mmlib.fusion.early_fusion(train).fit(train.X, train.y)}
    >>> noise = {"noise": Corruption(spectrum_noise, "spectrum", "reflectance", (0, 0.05))}
    >>> right_answers(models, test, noise).shape
    (50, 2)
    """

    if data.task != "classification":
        raise DataError("right_answers is for classes: this data is a regression.")
    see = see or {}
    clean = {name: see[name](x) if name in see else x for name, x in data.X.items()}
    right = {}
    for name, corruption in found.items():
        hurt = corruption.modality
        for severity in corruption.severities:
            damaged = corruption.damage(data.X, severity, random_state)[hurt]
            X = clean | {hurt: see[hurt](damaged) if hurt in see else damaged}
            for model, fitted in models.items():
                answers = fitted.predict(Samples(X))
                right[name, severity, model] = np.asarray(answers) == data.y
    names = ["corruption", "severity", "model"]
    groups = np.arange(len(data)) if data.groups is None else data.groups
    return pd.DataFrame(right, index=pd.Index(groups, name="group")).rename_axis(columns=names)


def with_intervals(values, level=0.95, n_draws=1000, random_state=0):
    """Means of columns, with intervals that know that samples of a group are alike.

    Groups are drawn with replacement, whole, as many as there are, again and again: the
    group bootstrap. It says how far the mean may move with other *test* samples; the
    models stay as they are.

    Parameters
    ----------
    values : pandas.DataFrame
        One row a sample, the group as index; what `right_answers` returns, or the
        difference of two of its columns.
    level : float
    n_draws, random_state : int

    Returns
    -------
    pandas.DataFrame
        Columns "mean", "low", "high"; one row for each column of `values`.

    Raises
    ------
    DataError
        For fewer than two groups.

    References
    ----------
    Davison & Hinkley (1997), Bootstrap Methods and Their Application, section 3.8,
    doi:10.1017/CBO9780511802843.

    Examples
    --------
    >>> import pandas as pd
    >>> values = pd.DataFrame({"early": [1, 1, 0, 0, 1, 1]}, index=[7, 7, 8, 8, 9, 9])
    >>> with_intervals(values).round(2).loc["early"].tolist()
    [0.67, 0.0, 1.0]
    """

    names, group = np.unique(values.index, return_inverse=True)
    if len(names) < 2:
        raise DataError("An interval over groups needs at least two groups.")
    table = values.to_numpy(float)
    sums, counts = np.zeros((len(names), table.shape[1])), np.bincount(group)
    np.add.at(sums, group, table)
    rng = np.random.default_rng(random_state)
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=n_draws)
    means = drawn @ sums / (drawn @ counts)[:, None]
    ends = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=0)
    columns = {"mean": table.mean(0), "low": ends[0], "high": ends[1]}
    return pd.DataFrame(columns, index=values.columns)


def break_even(severities, accuracies, floor):
    """The severity from which on a model is worth less than another that needs no such part.

    Parameters
    ----------
    severities, accuracies : array-like of shape (points,)
        A curve, severities rising; between its points it is taken to be straight.
    floor : float
        Accuracy of the other: usually the undamaged modality alone.

    Returns
    -------
    float
        In the unit of the severity; infinite where the curve stays above the floor.

    Examples
    --------
    >>> break_even([0, 10, 20], [0.8, 0.7, 0.5], floor=0.6)
    15.0
    """
    severities, above = np.asarray(severities, float), np.asarray(accuracies, float) - floor
    below = np.flatnonzero(above < 0)
    if not len(below):
        return float("inf")
    k = below[0]
    if k == 0:
        return float(severities[0])
    share = above[k - 1] / (above[k - 1] - above[k])
    return float(severities[k - 1] + share * (severities[k] - severities[k - 1]))


def turning_points(table, found, model="early"):
    """For each corruption: from which severity on a fusion is worth less than the other half.

    The other half is the best model "<modality> only" whose modality is not damaged.

    Parameters
    ----------
    table : pandas.DataFrame
        `with_intervals` of `right_answers`.
    found : mapping of str to mmlib.data.corruptions.Corruption
    model : str
        The fusion.

    Returns
    -------
    pandas.DataFrame
        One row a corruption: "turns at", in the unit of column "unit"; infinite where the
        fusion stays above at all severities of the table.

    Raises
    ------
    DataError
        When the table has no such single model.

    Examples
    --------
    >>> import pandas as pd
    >>> from mmlib.data.corruptions import Corruption, picture_blur
    >>> found = {"blur": Corruption(picture_blur, "image", "pixels", (0, 4))}
    >>> means = {("blur", 0, "early"): 0.8, ("blur", 4, "early"): 0.4}
    >>> means |= {("blur", 0, "spectrum only"): 0.6, ("blur", 4, "spectrum only"): 0.6}
    >>> turning_points(pd.Series(means).to_frame("mean"), found)
          turns at    unit
    blur       2.0  pixels
    """

    rows = {}
    for name, corruption in found.items():
        curves = table.loc[name]["mean"].unstack()
        presets = presets_of(list(curves))
        others = [
            m for m, p in presets.items() if p.alone and p.modalities != (corruption.modality,)
        ]
        if not others:
            raise DataError(f"The table has no single model that {name} leaves alone.")
        floor = curves[others].iloc[0].max()
        at = break_even(curves.index, curves[model], floor)
        rows[name] = {"turns at": at, "unit": corruption.unit}
    return pd.DataFrame.from_dict(rows, orient="index")
