"""Long runs that can be stopped: what is done is kept, and not done again."""

import json

import pandas as pd
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from ..base import DataError, with_bar
from .cache import key_of, open_store, read_result, versions, write_result


def run_jobs(function, settings, folder, n_jobs=1, progress=None):
    """Call `function` with every setting, several at a time, and keep each result.

    Each result is a small file of its own in `folder`, written at once and whole. Stop the
    run when you like and start it again: what is done is read, not computed. Two runs may
    share a folder; at worst they compute a job twice, with the same result. An update of
    mmlib, scikit-learn or torch makes everything anew; after changing `function` itself, use
    another folder.

    Parameters
    ----------
    function : callable
        From keyword arguments to a dict of numbers and texts, or a list of such dicts
        (several rows). Defined in a module, so that other processes can import it.
    settings : sequence of dict
        Keyword arguments, numbers and texts (or dicts of these). What the result depends on
        must be among them, seeds too.
    folder : str or path
        Made if need be.
    n_jobs : int
        Calls at the same time, through joblib (-1: one for each core).
    progress : bool or callable, optional
        A bar with the time left; by default only in a terminal. See `mmlib.base.with_bar`.

    Returns
    -------
    pandas.DataFrame
        One row for each result, in the order of `settings`: the setting, then the result.

    Raises
    ------
    DataError
        When a job fails: which one, and why. All others that were done are kept.

    Examples
    --------
    >>> import tempfile
    >>> from mmlib.evaluation.jobs import run_jobs
    >>> table = run_jobs(divmod_of, [{"a": 7, "b": 2}, {"a": 9, "b": 4}], tempfile.mkdtemp())
    >>> table["quotient"].tolist()
    [3, 2]
    """

    folder = open_store(folder)
    paths = [folder / f"{_key(function, setting)}.json" for setting in settings]
    results = [read_result(path) for path in paths]
    todo = [i for i, found in enumerate(results) if found is None]
    # None is 1, unless a joblib context (Dask, say) was set around this call.
    runs = Parallel(n_jobs=None if n_jobs == 1 else n_jobs, return_as="generator")(
        delayed(_run)(function, settings[i], paths[i]) for i in todo
    )
    done = len(settings) - len(todo)
    runs = with_bar(runs, len(settings), "jobs", progress, done)
    for i, result in zip(todo, runs, strict=True):
        results[i] = result
    rows = [
        _flat(setting) | row
        for setting, result in zip(settings, results, strict=True)
        for row in (result if isinstance(result, list) else [result])
    ]
    return pd.DataFrame(rows)


def divmod_of(a, b):
    """A job for the example: quotient and remainder."""
    return {"quotient": a // b, "remainder": a % b}


def _key(function, setting):
    """A name for the result: the same for the same function and setting."""
    try:
        return key_of([versions(), function.__module__, function.__qualname__, setting])
    except TypeError as error:
        raise DataError(
            f"Setting {setting!r} cannot be written as text ({error}): use numbers and words."
        ) from None


def _run(function, setting, path):

    try:
        with threadpool_limits(1):
            result = function(**setting)
        text = json.dumps({"setting": setting, "result": result})
    except Exception as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise DataError(f"The job {setting} failed: {said}") from error
    write_result(path, text)
    return json.loads(text)["result"]


def _flat(setting):
    """Nested settings as columns of their own."""
    flat = {}
    for name, value in setting.items():
        flat |= value if isinstance(value, dict) else {name: value}
    return flat
