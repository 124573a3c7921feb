"""Does fusion help here? The answer in sentences, and it may be no.

What is compared was settled before anybody looked: early fusion, the cheapest, against
the best single modality. Whoever takes the single modality that won the comparison holds fusion
against the winner of a race, who was lucky besides: the gain looks too small. So the single
modality, and the kind of model of the fusion ("early" or "early (forest)"), are chosen
anew inside each training part, where `with_baseline` put them among the models. Without
that the winner has to do, and the answer says so.
The other fusions are then held against early fusion, and since there are several of
them, their p are corrected (Holm 1979, https://www.jstor.org/stable/4615733).
"""

from typing import NamedTuple

from ..base import DataError
from .chances import Chances, chances, chances_sentence
from .choice import BASELINE, FUSED, better_than_guessing
from .wording import IN_POINTS, LOWER_IS_BETTER, brief

MARGIN = 0.02  # two points; of an error, as a share of that of the single modality


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
    baseline, fused : str
        The two models that were compared: `best_single` and `reference`, or those that were
        chosen inside each fold.
    chances : Chances or None
        That fusion is worse, level within the margin, or better; None where nothing can be told.
    """

    helps: bool | None
    answer: str
    best_single: str
    reference: str
    others: str
    better: list
    baseline: str = ""
    fused: str = ""
    chances: Chances | None = None


def verdict(result, reference="early", margin=MARGIN):
    """Read a comparison of single modalities and fusions.

    Parameters
    ----------
    result : Comparison
        Of `mmlib.fusion.ladder`, or of models called likewise, "<modality> only" and "early".
    reference : str
        The fusion that was settled on beforehand.
    margin : float
        A gain below it does not matter: 0.02 is two points. For RMSE and log loss, a share of
        that of the single modality.

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
    baseline = BASELINE if BASELINE in result.models else best
    fused = FUSED if FUSED in result.models and baseline == BASELINE else reference
    difference, *_, p = result.paired(fused, baseline)
    helps = None if not p < 0.05 else (difference < 0) == lower
    nothing = better_than_guessing(result) == []
    helps = None if nothing else helps
    start = {
        True: "Yes, fusion helps here.",
        False: "No, fusion does harm here.",
        None: "No gain from fusion can be shown here.",
    }[helps]
    start = f"{NOTHING} So nothing can be said about fusion." if nothing else start
    answer = f"{start} {_first_up(result.sentence(fused, baseline, decimals=1))}"
    sizes, share = None, None
    if helps is None and difference and not nothing:
        size = margin if result.metric in IN_POINTS else margin * mean[baseline]
        share, sizes = _chances(result, fused, baseline, size)
        answer = " ".join(filter(None, [answer, sizes]))
    if baseline == best and len(singles) > 1:
        most = "better of 2 and so also the luckier"
        if len(singles) > 2:
            most = f"best of {len(singles)} and so also the luckiest"
        answer += f" The single modality is the {most} one: the true gain may be a little larger."
    fusions = [name for name in result.models if name not in (*singles, reference, BASELINE, FUSED)]
    better = _ahead(result, fusions, reference, lower)
    if not fusions:
        others = "No other fusion was tried."
    elif better:
        gains = (f"{name} ({_gain(result, name, reference)})" for name in better)
        tries = f", corrected for {len(fusions)} tries" if len(fusions) > 1 else ""
        others = f"Better than {reference}{tries}: {', '.join(gains)}."
    else:
        none = f"None of the {len(fusions)} other fusions can"
        none = none if len(fusions) > 1 else f"The other fusion, {fusions[0]}, cannot"
        others = f"{none} be shown to be better than {reference}."
    return Verdict(helps, answer, best, reference, others, better, baseline, fused, share)


NOTHING = "No model is shown to beat guessing."


def _chances(result, fused, baseline, size):
    """The chances of a gain of that size, and the sentence on them."""
    found = result.difference(fused, baseline)
    if result.metric in LOWER_IS_BETTER:
        found = found._replace(mean=-found.mean, low=-found.high, high=-found.low)
    groups = len(result.left_out(fused)) - 1
    kind = "sample" if result.data.groups is None else "group"
    said = chances_sentence(found, size, lambda x: _size(x, result), groups, kind)
    return (chances(found, size) if said else None), said


def _size(x, result):
    if result.metric not in IN_POINTS:
        return brief(x)
    return "1 point" if f"{100 * x:g}" == "1" else f"{100 * x:g} points"


def _ahead(result, names, reference, lower):
    """Those that are better than the reference when p is corrected for all of them."""
    tests = {name: result.paired(name, reference) for name in names}
    better, left = [], len(names)
    for name in sorted(names, key=lambda name: tests[name].p):
        if not tests[name].p * left < 0.05:  # NaN too
            break
        left -= 1
        if (tests[name].difference < 0) == lower:
            better.append(name)
    return better


def _gain(result, name, reference):
    size, low, high, _ = result.paired(name, reference)
    scale = 100 if result.metric in IN_POINTS else 1
    size, low, high = (scale * x for x in (size, low, high))
    apart = (d for d in range(2, 9) if brief(low, d) != brief(high, d))
    digits = next(apart, 2)  # with which an interval has two ends
    size, low, high = brief(size, digits, "+"), brief(low, digits), brief(high, digits)
    unit = "" if scale == 1 else " point" if size in ("+1", "-1") else " points"
    return f"{size}{unit}, {low} to {high}"


def _first_up(sentence):
    return sentence[:1].upper() + sentence[1:]
