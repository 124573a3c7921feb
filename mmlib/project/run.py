"""``python -m mmlib compare``, ``report`` and ``predict``: a folder of yours, start to end."""

import sys
from contextlib import contextmanager
from copy import copy
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

from .. import fusion
from ..base import DataError, fit_options
from ..data.mapping import Samples
from ..data.splits import most_folds
from ..evaluation.applicability import WithApplicabilityDomain
from ..evaluation.compare import compare
from ..evaluation.nested_choice import ModelSelectionCV
from ..evaluation.verdict import one_standard_error, verdict
from .reading.findings import NOTE, WARNING, Findings, in_short
from .reading.load import check_folder, load_new, raise_first
from .report import make_report
from .saving import load, read_about, save

REPEATS = {"quick": 1, "full": 5}


def run(options, report=False):
    """Compare, write the table and perhaps the report, and say what was found.

    Parameters
    ----------
    options : argparse.Namespace
        With ``dir, quick, results, seed, jobs, dask``.
    report : bool

    Returns
    -------
    str
        What to print.

    Raises
    ------
    DataError
        For a faulty folder, or a scheduler that cannot be reached.
    """

    data, findings = check_folder(options.dir)
    raise_first(findings, options.dir)
    _say_before(data, findings, options, report)
    results = _results_folder(options)
    result = compare_project(data, results / "fits", options)
    path = results / ("quick.csv" if options.quick else "comparison.csv")
    with _writing(path):
        result.table.to_csv(path, encoding="utf-8-sig")  # or Excel takes ü for two letters
    said = [repr(result), f"The table is in {path}."]
    if not options.quick:
        said.append(choose_inside(data, results / "fits", options))
    said.append(keep_model(result, results / "model", options))
    if len(data.modalities) > 1:
        found = verdict(result)
        said += [found.answer, found.others]
        if report:
            page = results / "report.html"
            text = make_report(result)
            with _writing(page):
                page.write_text(text, encoding="utf-8")
            said.append(f"The report is in {page}.")
        elif (results / "report.html").exists():
            said.append("The report.html there is of an earlier run: run report to renew it.")
    return "\n".join(said)


def _say_before(data, findings, options, report):
    """What a user should know before hours of fitting: doubts about the data, no fusion."""
    for line in in_short(findings, levels=(WARNING,)):
        print(line, file=sys.stderr, flush=True)
    if len(data.modalities) > 1:
        return
    has, lacks = ("spectra", "images/") if "spectrum" in data.X else ("pictures", "spectra.csv")
    said = f"{options.dir} holds {has} only, so there is nothing to fuse: add {lacks}"
    if report:
        raise DataError(f"{said}, or run compare, which shows how good the {has} are alone.")
    print(f"{said}. The models of {has} alone are compared.", flush=True)


def compare_project(data, store, options):
    """Every model of the ladder on these data; what `store` holds is not fitted again."""

    budget = "quick" if options.quick else "full"
    with _backend(options.dask):
        return compare(
            fusion.ladder(data, budget, random_state=options.seed, forests=True),
            data,
            n_folds=most_folds(data, 3 if options.quick else 5),
            n_repeats=REPEATS[budget],
            n_jobs=options.jobs,
            random_state=options.seed,
            store=store,
        )


def choose_inside(data, store, options):
    """What to expect from choosing a model by such a table: the choice made inside each fold.

    The best row of a table was chosen by its score, so that score is too high. Here each
    training part makes its own choice, by cross-validation within it, and is judged on
    samples that took no part.
    """

    models = fusion.ladder(data, "quick", random_state=options.seed, forests=True)
    search = ModelSelectionCV(models, random_state=options.seed)
    with _backend(options.dask):
        result = compare(
            {"chosen inside": search}, data, n_folds=most_folds(data, 5), n_repeats=1,
            n_jobs=options.jobs, random_state=options.seed, store=store,
        )  # fmt: skip
    mean, low, high = result.table.loc["chosen inside", ["mean", "low", "high"]]
    return (
        f"Choosing the simplest good model by such a table promises {result.metric} {mean:.3f} "
        f"({low:.3f} to {high:.3f}) on new samples: the choice was made inside each fold."
    )


def keep_model(result, folder, options):
    """Fit the simplest good model on all samples, and save it for `predict`."""

    data, name = result.data, one_standard_error(result)
    budget = "quick" if options.quick else "full"
    model = fusion.ladder(data, budget, random_state=options.seed, forests=True)[name]
    needs = [modality for modality in data.modalities if name.startswith(f"{modality} only")]
    if needs and len(data.modalities) > 1:  # new samples need not have what it does not use
        data = copy(data)
        data.X = Samples({modality: data.X[modality] for modality in needs})
    if len(data) >= 10:  # fewer cannot show what is usual
        model = WithApplicabilityDomain(model)
    save(model.fit(data.X, data.y, **fit_options(model, data.groups)), folder, data)
    return (
        f"The simplest model within one standard error of the best is {name!r}. Trained on all "
        f"samples it is in {folder}; new samples need {' and '.join(data.modalities)}. Use it "
        f'with: python -m mmlib predict "{folder}" DIR'
    )


def predict(options):
    """Apply a saved model to a folder of new samples, and write a table.

    Parameters
    ----------
    options : argparse.Namespace
        With ``model, dir, output``.

    Returns
    -------
    str
        What to print.

    Raises
    ------
    DataError
        When the model or the folder is faulty, they do not fit, or the output exists.
    """

    inner = Path(options.model).expanduser() / "model"
    if (inner / "about.json").is_file():
        raise DataError(f"The model is one folder deeper: give {inner}.")
    known = read_about(options.model)["data"]
    if known is None:
        raise DataError(f"{options.model} does not tell what it was trained on: save it with data.")
    project = Path(options.dir).expanduser().resolve()
    beside = project.with_name(f"{project.name}-predictions.csv")
    path = Path(options.output).expanduser() if options.output else beside
    if path.exists():
        raise DataError(f"{path} is there already: move it, or name another with --output.")
    if not path.parent.is_dir():
        raise DataError(f"There is no folder {path.parent}: make it, or name another in --output.")
    found = Findings()
    ids, X = load_new(options.dir, known, found)
    for line in in_short(found, levels=(WARNING, NOTE)):
        print(line, file=sys.stderr, flush=True)
    model = load(options.model)
    predicted, table = model.predict(X), pd.DataFrame({"id": ids})
    if known["labels"] is None:
        table[f"predicted {known['target_names'][0]}"] = predicted
    else:
        names = dict(zip(known["labels"], known["target_names"], strict=True))
        table["predicted"] = [names[label] for label in predicted.tolist()]
        if hasattr(model, "predict_proba"):
            for label, proba in zip(model.classes_.tolist(), model.predict_proba(X).T, strict=True):
                table[f"probability of {names[label]}"] = proba.round(4)
    new = model.is_new(X) if hasattr(model, "is_new") else {}
    for name, flags in new.items():
        table[f"{name} unlike the training data"] = np.where(flags, "yes", "no")
    try:
        table.to_csv(path, index=False, encoding="utf-8-sig")
    except OSError as error:
        said = error.strerror or error
        raise DataError(
            f"{path} cannot be written ({said}): name another place with --output."
        ) from None
    strange = int(np.any(list(new.values()), axis=0).sum()) if new else 0
    said = f"{len(table)} predictions are in {path}."
    if strange:
        said += (
            f" {strange} of the samples are unlike all the model was trained on: do not trust "
            "what it says of them. (Of samples like those it was trained on, up to "
            f"{100 * model.domain_.alarm_:.0f} % are called so by mistake.)"
        )
    return said


def _results_folder(options):
    """Beside the project, which is never written to."""
    project = Path(options.dir).expanduser().resolve()
    beside = project.with_name(f"{project.name}-results")
    results = Path(options.results).expanduser() if options.results else beside
    if results.resolve().is_relative_to(project):
        raise DataError(f"{results} is part of the project: name a folder outside with --results.")
    try:
        results.mkdir(parents=True, exist_ok=True)
        found = {path.name for path in results.iterdir()}
    except OSError as error:
        raise DataError(
            f"{results} cannot be written ({error.strerror}): name a folder with --results."
        ) from None
    written = found & {"quick.csv", "comparison.csv", "report.html", "model"}
    if written and "fits" not in found:  # then they are not of an earlier run
        raise DataError(
            f"{results} holds {min(written)!r} but no 'fits' of an earlier comparison: "
            "move it away, or name another folder with --results."
        )
    return results


@contextmanager
def _writing(path):
    """A result that another program holds, as Excel does on Windows, is named."""
    try:
        yield
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({error.strerror or error}): close it in other programs, "
            "then run this again. What was fitted is kept."
        ) from None


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
