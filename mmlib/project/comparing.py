"""Every model of the ladder on a user's data, and the one that is kept."""

import json
from contextlib import contextmanager
from copy import copy
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import joblib
from sklearn.base import clone

from .. import fusion
from ..base import DataError, fit_options
from ..data.mapping import Samples
from ..data.splits import most_folds
from ..evaluation.applicability import WithApplicabilityDomain
from ..evaluation.baseline import with_baseline
from ..evaluation.cache import describe, key_of, read_result, versions, write_result
from ..evaluation.choice import best_model, better_than_guessing
from ..evaluation.compare import compare
from ..evaluation.comparison import Comparison
from ..evaluation.laboratory import check_laboratory_error, laboratory_sentence
from ..evaluation.nested_choice import ModelSelectionCV
from ..evaluation.verdict import NOTHING, Verdict, verdict
from .results import write_whole, writing
from .saving import digest_of, save
from .saving.about import TrainedOn
from .saying import quoted


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
    ending : str
        Of the report, where there is something to say.
    """

    result: Comparison
    verdict: Verdict | None
    table: Path
    model: Path | None
    chosen: str | None
    said: list
    ending: str = ""

    def __str__(self):
        return "\n".join([*self.said, *filter(None, [self.ending])])


def compare_project(data, results, quick=False, random_state=0, n_jobs=1, dask=None, sel=None):
    """Compare, write the table, and keep a model; what was fitted before is not fitted again.

    Parameters
    ----------
    data : MultimodalData
    results : pathlib.Path
        A folder that is there.
    quick, random_state, n_jobs, dask, sel
        See `Project.compare`.

    Returns
    -------
    Outcome

    Examples
    --------
    See ``tests/project/test_comparing.py``.
    """
    sel = None if sel is None else check_laboratory_error(sel, data.task)
    budget, store = "quick" if quick else "full", results / "fits"
    models = fusion.ladder(data, budget, random_state=random_state, forests=True)
    judge = partial(compare, data=data, n_jobs=n_jobs, random_state=random_state, store=store)
    path = results / ("quick.csv" if quick else "comparison.csv")
    with _backend(dask):
        n_folds, n_repeats = (3, 1) if quick else (5, 5)
        rungs = with_baseline(models, random_state=random_state)
        result = judge(rungs, n_folds=most_folds(data, n_folds), n_repeats=n_repeats)
        result.laboratory_error = sel
        with writing(path):
            # The bytes in front mark UTF-8, or Excel takes ü for two letters.
            table = _with_failures(result).to_csv(lineterminator="\n")
            write_whole(path, table, "utf-8-sig")
        said = [repr(result), f"The table is in {path}."]
        if not quick:
            said.append(choose_inside(data, judge, random_state))
    if sel is not None:
        best = best_model(result).best
        said.append(
            laboratory_sentence(best, *result.table.loc[best, ["mean", "low", "high"]], sel)
        )
    if len(data.modalities) > 1:
        found = verdict(result)
    else:
        found = None
    chosen = folder = None
    if better_than_guessing(result) == []:
        said.append(f"{NOTHING} So no model is kept.")
    else:
        choice, folder = best_model(result), results / "model"
        chosen = choice.name
        kept = keep_model(models[chosen], result.presets[chosen].modalities, data, results)
        said.append(
            f"{choice.answer} Trained on all samples it is in {folder}; new samples need "
            f"{' and '.join(kept)}. Use it with: python -m mmlib predict {quoted(folder)} DIR"
        )
    if found:
        said += [found.answer, found.others]
    return Outcome(result, found, path, folder, chosen, said)


def _with_failures(result):
    """The table with a row for each model that failed, which says why."""
    table = result.table.copy()
    for name, why in result.failed.items():
        table.loc[name, "failed"] = why
    return table


def choose_inside(data, judge, random_state):
    """What to expect from choosing a model by such a table: the choice made inside each fold.

    The best row of a table was chosen by its score, so that score is too high. Here each
    training part makes its own choice, by cross-validation within it, and is judged on
    samples that took no part. Nets train as short as in a quick comparison.
    """
    models = fusion.ladder(data, "quick", random_state=random_state, forests=True)
    search = ModelSelectionCV(models, random_state=random_state)
    result = judge({"chosen inside": search}, n_folds=most_folds(data, 5), n_repeats=1)
    mean, low, high = result.table.loc["chosen inside", ["mean", "low", "high"]]
    return (
        f"Choosing the best model by such a table promises {result.metric} {mean:.3f} "
        f"({low:.3f} to {high:.3f}) on new samples: the choice was made inside each fold."
    )


def keep_model(model, needs, data, results):
    """Fit a model on all samples, and save it for `predict`, unless it is there already.

    Returns
    -------
    list of str
        The modalities that new samples must have: not those that the model does not use.
    """
    data = copy(data)
    data.X = Samples({name: data.X[name] for name in data.modalities if name in needs})
    model = clone(model)
    if len(data) >= 10:  # fewer cannot show what is usual
        model = WithApplicabilityDomain(model)
    known = asdict(TrainedOn.of(data))
    key = key_of([versions(), data.fingerprint(), describe(model), known])
    record, folder = results / "fits" / f"{key}.json", results / "model"
    if (digest_of(folder) or "none") != read_result(record):
        save(model.fit(data.X, data.y, **fit_options(model, data.groups)), folder, data)
        write_result(record, json.dumps({"result": digest_of(folder)}))
    return data.modalities


@contextmanager
def _backend(address):
    """Fits on this computer, or on a Dask cluster through joblib."""
    if not address:
        yield
        return
    try:
        from distributed import Client
    except ImportError:
        raise DataError(
            "--dask needs the package distributed: run pip install 'mmlib[cluster]'."
        ) from None

    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        raise DataError(
            f"No Dask scheduler answers at {address} ({type(error).__name__}): check the address."
        ) from None
    with client, joblib.parallel_config(backend="dask"):
        yield
