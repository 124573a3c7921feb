"""``python -m mmlib compare`` and ``report``: the whole comparison on a folder of yours."""

from contextlib import nullcontext
from pathlib import Path

from .checks import DataError
from .folder import load_folder

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
    from .evaluation.verdict import verdict

    data = load_folder(options.dir)
    results = _results_folder(options)
    result = compare_project(data, results / "fits", options)
    path = results / ("quick.csv" if options.quick else "comparison.csv")
    result.table.to_csv(path)
    said = [repr(result), f"The table is in {path}."]
    if len(data.modalities) > 1:
        found = verdict(result)
        said += [found.answer, found.others]
        if report:
            from .report import make_report

            page = results / "report.html"
            page.write_text(make_report(result), encoding="utf-8")
            said.append(f"The report is in {page}.")
    elif report:
        raise DataError(f"{options.dir} holds one modality: there is nothing to fuse.")
    return "\n".join(said)


def compare_project(data, store, options):
    """Every model of the ladder on these data; what `store` holds is not fitted again."""
    from .evaluation import compare
    from .fusion import ladder

    budget = "quick" if options.quick else "full"
    with _backend(options.dask):
        return compare(
            ladder(data, budget, random_state=options.seed),
            data,
            n_folds=_folds(data, 3 if options.quick else 5),
            n_repeats=REPEATS[budget],
            n_jobs=options.jobs,
            seed=options.seed,
            store=store,
        )


def _folds(data, most):
    """As many folds as the rarest class has groups, at most `most`."""
    groups = data.ids if data.groups is None else data.groups
    if data.labels is None:
        return min(most, len(set(groups)))
    return min(most, *(len(set(groups[data.y == label])) for label in data.labels))


def _results_folder(options):
    """Beside the project, which is never written to."""
    project = Path(options.dir).expanduser().resolve()
    beside = project.with_name(f"{project.name}-results")
    results = Path(options.results).expanduser() if options.results else beside
    try:
        results.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"{results} cannot be written ({error.strerror}): name a folder with --results."
        ) from None
    return results


def _backend(address):
    """Fits on this computer, or on a Dask cluster through joblib."""
    if not address:
        return nullcontext()
    try:
        from distributed import Client
    except ImportError:
        raise DataError(
            "--dask needs the package distributed: run pip install 'mmlib[cluster]'."
        ) from None
    import joblib

    try:
        Client(address, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        raise DataError(
            f"No Dask scheduler answers at {address} ({type(error).__name__}): check the address."
        ) from None
    return joblib.parallel_config(backend="dask")
