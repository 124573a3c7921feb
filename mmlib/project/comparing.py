"""Every model of the ladder on a user's data, and the one that is kept."""

import json
from copy import copy
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sklearn.base import clone

from .. import fusion
from ..base import fit_options
from ..data.mapping import Samples
from ..data.splits import most_folds
from ..evaluation.applicability import ApplicabilityDomain, WithApplicabilityDomain
from ..evaluation.baseline import with_baseline
from ..evaluation.cache import describe, key_of, read_result, versions, write_result
from ..evaluation.choice import best_model, better_than_guessing
from ..evaluation.compare import compare
from ..evaluation.comparison import Comparison
from ..evaluation.cost import Costs, weigh_costs
from ..evaluation.laboratory import check_laboratory_error, laboratory_sentence
from ..evaluation.verdict import NOTHING, Verdict, verdict
from ..evaluation.winners_curse import expected_score
from ..evaluation.wording import LOWER_IS_BETTER
from ..fusion.balanced import balanced
from ..fusion.fallbacks import RegressorWithFallbacks, WithFallbacks
from ..fusion.roles import presets_of
from .cluster import backend
from .describing import EVENLY
from .reading.called import ONE
from .results import write_whole, writing
from .saving import digest_of, save
from .saving.about import TrainedOn
from .saying import quoted

FIRST_LOOK = "A first look, with one repeat and short training: a full run may change it."


@dataclass
class Outcome:
    """What a comparison of a folder gave; printed, the sentences that say so.

    Attributes
    ----------
    result : Comparison
    verdict : Verdict or None
        None where there is one modality only.
    table : pathlib.Path
        The file of scores.
    model : pathlib.Path or None
        The folder of the model that was kept; None where no model is shown to beat guessing.
    chosen : str or None
        Name of that model.
    said : list of str
    kept : list of str
        Which model is kept and why, and what decides where a sample lacks something.
    promised : str
        What to expect of a model that was chosen by such a table; empty in a first look.
    quick : bool
    seed : int
    dask : str or None
    when : datetime.datetime
    costs : Costs or None
        Where the folder has prices.
    ending : str
        Of the report, where there is something to say.
    """

    result: Comparison
    verdict: Verdict | None
    table: Path
    model: Path | None
    chosen: str | None
    said: list
    kept: list
    promised: str
    quick: bool
    seed: int
    dask: str | None
    when: datetime
    costs: Costs | None = None
    ending: str = ""

    def __str__(self):
        return "\n".join([*self.said, *filter(None, [self.ending])])


def compare_project(
    data, results, quick=False, random_state=0, n_jobs=1, dask=None, sel=None, alone=(),
    progress=None,
):  # fmt: skip
    """Compare, write the table, and keep a model; what was fitted before is not fitted again.

    Parameters
    ----------
    data : MultimodalData
    results : pathlib.Path
        A folder that is there.
    quick, random_state, n_jobs, dask, sel, progress
        See `Project.compare`.
    alone : mapping of str to MultimodalData, optional
        For each modality all samples that have it. Then the model that is kept can do without the
        others, see `choose_fallbacks`.

    Returns
    -------
    Outcome

    Examples
    --------
    See ``tests/project/test_comparing.py``.
    """
    sel = None if sel is None else check_laboratory_error(sel, data.task)
    budget, store = "quick" if quick else "full", results / "fits"
    models = ladder_for(data, budget, random_state)
    how = {"n_jobs": n_jobs, "random_state": random_state, "store": store}
    judge = partial(compare, data=data, **how, progress=progress)
    path = results / ("quick.csv" if quick else "comparison.csv")
    with backend(dask):
        n_folds, n_repeats = (3, 1) if quick else (5, 5)
        rungs = with_baseline(models, random_state=random_state)
        result = judge(rungs, n_folds=most_folds(data, n_folds), n_repeats=n_repeats)
        result.laboratory_error = sel
        with writing(path):
            # The bytes in front mark UTF-8, or Excel takes ü for two letters.
            table = _with_failures(result).to_csv(lineterminator="\n")
            write_whole(path, table, "utf-8-sig")
        promised = "" if quick else promise(result)
        prices, costs = data.meta.get("prices"), None
        if prices:
            costs = weigh_costs(result, prices, models, judge, random_state)
    if len(data.modalities) > 1:
        found = verdict(result)
    else:
        found = None
    floor = []
    if sel is not None:
        best = best_model(result).best
        floor = [laboratory_sentence(best, *result.table.loc[best, ["mean", "low", "high"]], sel)]
    said = [repr(result), f"The table is in {path}.", *filter(None, [promised]), *floor]
    said += [f"{EVENLY}."] * (result.metric == "balanced accuracy")
    chosen = folder = None
    if better_than_guessing(result) == []:
        kept = [f"{NOTHING} So no model is kept."]
        said += kept
    else:
        choice, folder = best_model(result), results / "model"
        chosen = choice.name
        fallbacks, told = choose_fallbacks(result, models, alone, judge)
        needs = data.modalities if fallbacks else result.presets[chosen].modalities
        needs = keep_model(models[chosen], needs, data, results, fallbacks, alone)
        kept = [choice.answer, f"New samples need {' and '.join(needs)}.", *told]
        said.append(
            f"{choice.answer} Trained on all samples it is in {folder}; new samples need "
            f"{' and '.join(needs)}. Use it with: python -m mmlib predict {quoted(folder)} DIR"
        )
        said += told
    if found:
        said += [FIRST_LOOK] * quick + [found.answer, found.others]
    kept += floor
    said += costs.said if costs else []
    run = {"quick": quick, "seed": random_state, "dask": dask, "when": datetime.now()}
    return Outcome(result, found, path, folder, chosen, said, kept, promised, costs=costs, **run)


def ladder_for(data, budget, random_state):
    """All models of the ladder; those of uneven classes decide for balanced accuracy."""
    models = fusion.ladder(data, budget, random_state=random_state, forests=True, pixels=False)
    return models if data.labels is None else balanced(models, data.y)


def _with_failures(result):
    """The table with a row for each model that failed, which says why."""
    table = result.table.copy()
    for name, why in result.failed.items():
        table.loc[name, "failed"] = why
    return table


def promise(result):
    """What to expect from choosing a model by such a table, in a sentence.

    The best row of a table was chosen by its score, so that score is too high.
    """
    found = expected_score(result)
    first, share = next(iter(found.chosen.items()), ("", 0))
    units = "samples" if result.data.groups is None else "groups"
    return (
        f"Choosing the best model by such a table promises {result.metric} {_interval(*found[:3])} "
        f"on new samples: the choice was made on {units} drawn by lot, many times, and judged on "
        f"the others. {first!r} was chosen in {share:.0%} of these draws."
    )


def _score(result, name):
    return _interval(*result.table.loc[name, ["mean", "low", "high"]])


def _interval(mean, low, high):
    ends = f"{low:.3f} to {high:.3f}" if low <= high else "too few groups for an interval"
    return f"{mean:.3f} ({ends})"


def choose_fallbacks(result, models, alone, judge):
    """Which model decides where a sample has one modality only, and what to expect of it.

    It is the best one of that modality, and none where that is not shown to beat guessing.

    Parameters
    ----------
    result : Comparison
        Of the samples that have everything.
    models : mapping of str to estimator
    alone : mapping of str to MultimodalData
        For each modality all samples that have it.
    judge : function
        `compare` with its settings.

    Returns
    -------
    fallbacks : dict of str to estimator
        By modality.
    said : list of str
        A sentence on each.
    """
    good, fallbacks, said = better_than_guessing(result), {}, []
    presets = presets_of(models, result.data.modalities)
    for name in alone if len(alone) > 1 else ():
        mean = result.table["mean"][
            [model for model in result.models if model in models
             and presets[model].alone and presets[model].modalities == (name,)]
        ]  # fmt: skip
        called, data = ONE.get(name, name), alone[name]
        if mean.empty:
            continue
        best = mean.idxmin() if result.metric in LOWER_IS_BETTER else mean.idxmax()
        if good is not None and best not in good:
            said.append(
                f"A sample that has a {called} only will get no prediction, since {best!r} is not "
                "shown to beat guessing."
            )
            continue
        fallbacks[name] = models[best]
        found = result
        if len(data) > len(result.data):
            found = judge({best: models[best]}, data=data, n_folds=most_folds(data, 5), n_repeats=1)
        said.append(
            f"Where a sample has a {called} only, {best!r} decides: {found.metric} "
            f"{_score(found, best)} on the {len(data)} samples that have one."
        )
    return fallbacks, said


def keep_model(model, needs, data, results, fallbacks=(), alone=()):
    """Fit a model on all samples, and save it for `predict`, unless it is there already.

    With fallbacks these are fitted to all samples in `alone` that they can use.

    Returns
    -------
    list of str
        The modalities that new samples must have: not those that the model does not use.
    """
    data = copy(data)
    data.X = Samples({name: data.X[name] for name in data.modalities if name in needs})
    model = clone(model)
    if fallbacks:
        kind = RegressorWithFallbacks if data.labels is None else WithFallbacks
        model = kind(model, {name: clone(fallback) for name, fallback in fallbacks.items()})
    guarded = len(data) >= 10  # fewer cannot show what is usual
    known, prints = asdict(TrainedOn.of(data)), [alone[name].fingerprint() for name in fallbacks]
    what = describe(WithApplicabilityDomain(model) if guarded else model)
    key = key_of([versions(), data.fingerprint(), prints, what, known])
    record, folder = results / "fits" / f"{key}.json", results / "model"
    if (digest_of(folder) or "none") != read_result(record):
        if fallbacks:
            parts = {name: (alone[name].X, alone[name].y, alone[name].groups) for name in fallbacks}
            model.fit_apart((data.X, data.y, data.groups), parts)
        else:
            model.fit(data.X, data.y, **fit_options(model, data.groups))
        if guarded:
            fitted, model = model, WithApplicabilityDomain(clone(model))
            model.domain_ = ApplicabilityDomain().fit(data.X, groups=data.groups)
            model.model_ = fitted
        save(model, folder, data)
        write_result(record, json.dumps({"result": digest_of(folder)}))
    return data.modalities
