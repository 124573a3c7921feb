"""Does fusion help here? The answer in sentences, and it may be no.

What is compared was settled before anybody looked: early fusion, the cheapest, against
the best single modality, both with the same kind of model ("early (forest)" against
"spectrum only (forest)"). Choosing that single modality by its score only raises
the bar for "helps"; for "harms" it lowers it a little.
The other fusions are then held against early fusion, and since there are several of
them, their p are corrected (Holm 1979, https://www.jstor.org/stable/4615733).
"""

from typing import NamedTuple

from scipy.stats import t

from ..base import DataError
from .wording import LOWER_IS_BETTER


class Verdict(NamedTuple):
    """What a comparison says about fusion.

    Attributes
    ----------
    helps : bool or None
        Whether early fusion is better than the best single modality; None where that
        cannot be told, False also where it is worse.
    answer : str
        That, and by how much, in a sentence.
    best_single : str
    reference : str
        Early fusion with the same kind of model.
    others : str
        Whether a more elaborate fusion is better than early fusion, in a sentence.
    better : list of str
        Those that are.
    """

    helps: bool | None
    answer: str
    best_single: str
    reference: str
    others: str
    better: list


def verdict(result, reference="early"):
    """Read a comparison of single modalities and fusions.

    Parameters
    ----------
    result : Comparison
        Of `mmlib.fusion.ladder`, or of models called likewise, "<modality> only" and "early".
    reference : str
        The fusion that was settled on beforehand.

    Returns
    -------
    Verdict

    Raises
    ------
    DataError
        When no model is one of a single modality, or none is called as the reference.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.evaluation.verdict import verdict
    >>> from mmlib.features import spectrum_baselines
    >>> from mmlib.fusion.early import early_fusion
    >>> leaves = mmlib.make_leaves(40)
    >>> models = {"spectrum only": spectrum_baselines()["SVM"], "early": early_fusion(leaves)}
    >>> verdict(mmlib.compare(models, leaves, n_repeats=2)).helps
    True
    """
    lower = result.metric in LOWER_IS_BETTER
    mean = result.table["mean"]
    singles = [name for name in result.models if result.presets[name].alone]
    if not singles:
        raise DataError(
            f"No single modality is among {', '.join(result.models)}: name one '<modality> only', "
            "so that there is something to be better than."
        )
    best = mean[singles].idxmin() if lower else mean[singles].idxmax()
    family = result.presets[best].family
    kinds = {(preset.fusion, preset.family): name for name, preset in result.presets.items()}
    reference = kinds.get((reference, family), reference)
    difference, *_, p = result.paired(reference, best)
    helps = None if p >= 0.05 else (difference < 0) == lower
    start = {
        True: "Yes, fusion helps here.",
        False: "No, fusion does harm here.",
        None: "No gain from fusion can be shown here.",
    }[helps]
    answer = f"{start} {_first_up(result.sentence(reference, best, decimals=1))}"
    fusions = [name for name in result.models if name not in (*singles, reference)]
    better = _ahead(result, fusions, reference, lower)
    if not fusions:
        others = "No other fusion was tried."
    elif better:
        gains = (f"{name} ({_gain(result, name, reference)})" for name in better)
        others = f"Better than {reference}, corrected for {len(fusions)} tries: " + (
            f"{', '.join(gains)}."
        )
    else:
        none = f"None of the {len(fusions)} other fusions can"
        none = none if len(fusions) > 1 else f"The other fusion, {fusions[0]}, cannot"
        others = f"{none} be shown to be better than {reference}."
    return Verdict(helps, answer, best, reference, others, better)


def _ahead(result, names, reference, lower):
    """Those that are better than the reference when p is corrected for all of them."""
    tests = {name: result.paired(name, reference) for name in names}
    better, left = [], len(names)
    for name in sorted(names, key=lambda name: tests[name].p):
        if tests[name].p * left >= 0.05:
            break
        left -= 1
        if (tests[name].difference < 0) == lower:
            better.append(name)
    return better


def _gain(result, name, reference):
    size, low, high, _ = result.paired(name, reference)
    scale, unit = (100, " points") if result.metric == "accuracy" else (1, "")
    size, low, high = (scale * x for x in (size, low, high))
    return f"{_brief(size, '+')}{unit}, {_brief(low)} to {_brief(high)}"


def _brief(x, sign=""):
    """Two digits, or all before the point where there are more."""
    return f"{x:{sign}.2g}" if abs(x) < 99.5 else f"{x:{sign}.0f}"


def _first_up(sentence):
    return sentence[:1].upper() + sentence[1:]


def one_standard_error(result):
    """The first model, in the order given, within one standard error of the best.

    Parameters
    ----------
    result : Comparison
        Models from the simplest to the most elaborate, as `mmlib.fusion.ladder` gives them.

    Returns
    -------
    str

    Notes
    -----
    The error is that of the difference on the same folds, by the corrected resampled test.

    References
    ----------
    The one-standard-error rule: Breiman, Friedman, Olshen & Stone (1984), Classification and
    Regression Trees, doi:10.1201/9781315139470, section 3.4.3.

    Examples
    --------
    >>> import mmlib
    >>> from sklearn.dummy import DummyClassifier
    >>> from mmlib.evaluation.verdict import one_standard_error
    >>> leaves = mmlib.make_leaves(20)
    >>> models = {"guess": DummyClassifier(), "guess again": DummyClassifier()}
    >>> one_standard_error(mmlib.compare(models, leaves, n_folds=2, n_repeats=2))
    'guess'
    """

    mean = result.table["mean"]
    best = mean.idxmin() if result.metric in LOWER_IS_BETTER else mean.idxmax()
    folds = len(result.scores) // len(result.models)
    for name in result.models:
        if name == best:
            return name
        difference, low, high, _ = result.paired(name, best)
        error = (high - low) / 2 / t.ppf(0.975, folds - 1)
        if abs(difference) <= error:
            return name
