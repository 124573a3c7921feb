"""Every model, fresh in every fold, on the same folds."""

import json
from collections.abc import Mapping
from time import perf_counter

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from ..base import DataError, fit_options, with_bar
from ..data.splits import group_folds
from ..features.once import compute_once, know
from ..fusion.roles import presets_of
from .cache import describe, key_of, open_store, read_result, versions, write_result
from .choices import choices_of
from .comparison import Comparison
from .kept_fits import checked_fit
from .metrics import classification_scores, regression_scores


def compare(
    models, data, n_folds=5, n_repeats=5, n_jobs=1, random_state=0, progress=None, store=None
):
    """Score several models on the same folds of the same data.

    In every fold a fresh copy of each model is fitted to the training part, so
    whatever the model holds (scaling, selection) is fitted there too. A model
    whose ``fit`` takes `groups` is given those of the training part.

    Parameters
    ----------
    models : mapping of str to estimator
        Name -> scikit-learn estimator that takes ``data.X``. One of a single modality is
        called "<modality> only", so that `verdict` knows it.
    data : MultimodalData
    n_folds, n_repeats : int
        See `group_folds`. Each model is fitted ``n_folds * n_repeats`` times.
    n_jobs : int
        Fits at the same time, through joblib (-1: one for each core). Each fit uses one
        thread, so that the scores do not depend on it.
    random_state : int
        Of the folds, and of every model whose ``random_state`` is None.
    progress : bool or callable, optional
        A bar with the time left; by default only in a terminal, so that notebooks and
        logs stay clean. In a notebook, True shows it as a widget while it runs. A function is
        told how many fits are done, see `mmlib.base.with_bar`.
    store : str or path, optional
        A folder, made if need be, that keeps the outcome of every fit. Stop the run when
        you like: the next one with the same folder, data and models takes it up. Two runs
        may share it.

    Returns
    -------
    Comparison
        A model that fails in some fold is left out of it, and said to have failed.

    Raises
    ------
    DataError
        When `models` is not such a mapping, or the data cannot be divided.
    RuntimeError
        When all models fail: one sentence that names the first and the fold. It is a
        `DataError` where the model raised one.

    Examples
    --------
    >>> import mmlib
    >>> from sklearn.dummy import DummyClassifier
    >>> data = mmlib.make_leaves(n_plants=10, leaves_per_plant=2)
    >>> result = mmlib.compare({"guess": DummyClassifier()}, data, n_folds=2, n_repeats=2)
    >>> float(result.table.loc["guess", "mean"])
    0.2
    """

    fresh = _check_models(models, random_state)
    presets = presets_of(models, data.modalities)
    folds = group_folds(data, n_folds, n_repeats, random_state)
    earlier = None if store is None else _Kept(store, data)
    known = compute_once(fresh, data.X, n_jobs, progress)
    known = [] if n_jobs == 1 else known  # other processes are told
    jobs = (
        delayed(_try_fold)(model, data, *folds[k], f"{name!r}, repeat {k // n_folds}, "
                           f"fold {k % n_folds}", earlier, known)
        for k in range(len(folds)) for name, model in fresh.items()
    )  # fmt: skip
    # None is 1, unless a joblib context (Dask, say) was set around this call.
    runs = Parallel(n_jobs=None if n_jobs == 1 else n_jobs, return_as="generator")(jobs)
    runs = list(with_bar(runs, len(folds) * len(models), "fits", progress))

    rows = [(name, *divmod(k, n_folds)) for k in range(len(folds)) for name in fresh]
    failed = {}
    for (name, *_), run in zip(rows, runs, strict=True):
        if isinstance(run, Exception):
            failed.setdefault(name, run)
    if len(failed) == len(fresh):
        raise next(iter(failed.values()))
    kept = [(row, run) for row, run in zip(rows, runs, strict=True) if row[0] not in failed]
    rows, runs = map(list, zip(*kept, strict=True))
    names = [name for name in fresh if name not in failed]
    predictions = {name: np.empty((n_repeats, len(data)), data.y.dtype) for name in names}
    probabilities = {}
    for (name, repeat, fold), (predicted, proba, *_) in zip(rows, runs, strict=True):
        test = folds[repeat * n_folds + fold][1]
        predictions[name][repeat, test] = predicted
        if proba is not None:
            shape = (n_repeats, len(data), proba.shape[1])
            probabilities.setdefault(name, np.full(shape, np.nan))[repeat, test] = proba
    # A search may choose a model with probabilities in one fold and one without in another.
    probabilities = {k: v for k, v in probabilities.items() if not np.isnan(v).any()}
    keys = pd.DataFrame(rows, columns=["model", "repeat", "fold"])
    sizes = [(len(train), len(test)) for train, test in folds for _ in names]
    sizes = pd.DataFrame(sizes, columns=["n_train", "n_test"])
    scores = pd.DataFrame([run[2] for run in runs])
    times = pd.DataFrame([run[3] for run in runs]).groupby(keys["model"], sort=False).mean()
    scores = pd.concat([keys, sizes, scores], axis=1)
    presets = {name: presets[name] for name in names}
    failed = {name: str(error) for name, error in failed.items()}
    choices = {name: [run[4] for row, run in kept if row[0] == name] for name in names}
    return Comparison(data, scores, predictions, probabilities, times, presets, failed, choices)


def _check_models(models, random_state):
    if not isinstance(models, Mapping) or not models:
        raise DataError("models must be a mapping from name to estimator, {'early': model}.")
    fresh = {}
    for name, model in models.items():
        try:
            fresh[name] = clone(model)
            _seed(fresh[name], random_state)
        except TypeError:
            raise DataError(
                f"Model {name!r} is a {type(model).__name__}: give an estimator, an object with "
                "fit, predict and get_params."
            ) from None
    return fresh


def _seed(model, random_state):
    """Set every ``random_state`` that is None, also of models in a mapping that it holds."""
    params = model.get_params(deep=True)
    unset = [k for k, v in params.items() if f"__{k}".endswith("__random_state") and v is None]
    model.set_params(**dict.fromkeys(unset, random_state))
    for held in (v for v in params.values() if isinstance(v, Mapping)):
        for part in held.values():
            if hasattr(part, "get_params") and not isinstance(part, type):
                _seed(part, random_state)


class _Kept:
    """The outcomes of earlier fits on the same data, in a folder."""

    def __init__(self, folder, data):
        self.folder, self.data = open_store(folder), data.fingerprint()

    def path(self, model, train, test):
        what = [versions(), self.data, describe(model), train.tolist(), test.tolist()]
        return self.folder / f"{key_of(what)}.json"

    def read(self, path, data, test):
        found = read_result(path)
        return None if found is None else checked_fit(found, path, data, test)

    def write(self, path, outcome):
        predicted, proba, scores, seconds, choices = outcome
        proba = None if proba is None else proba.tolist()
        scores = {name: float(value) for name, value in scores.items()}
        found = [predicted.tolist(), proba, scores, seconds, choices]
        write_result(path, json.dumps({"result": found}))


def _try_fold(*job):
    """What `_run_fold` gives, or the error it raises: the other models go on."""
    try:
        return _run_fold(*job)
    except (DataError, RuntimeError) as error:
        return error


def _run_fold(model, data, train, test, where, kept=None, known=()):
    """Predictions, probabilities (or None), scores, seconds and choices of a model in a fold."""
    know(known)
    if kept is None:
        return _fit_fold(model, data, train, test, where)
    path = kept.path(model, train, test)
    outcome = kept.read(path, data, test)
    if outcome is None:
        outcome = _fit_fold(model, data, train, test, where)
        kept.write(path, outcome)
    return outcome


def _fit_fold(model, data, train, test, where):

    train, test = data.take(train), data.take(test)
    try:
        with threadpool_limits(1):
            start = perf_counter()
            model = clone(model)
            model.fit(train.X, train.y, **fit_options(model, train.groups))
            fitted = perf_counter()
            predicted = np.asarray(model.predict(test.X))
            seconds = {"fit (s)": fitted - start, "predict (s)": perf_counter() - fitted}
            proba = _probabilities(model, train, test) if data.labels is not None else None
        chosen = choices_of(model)
        if predicted.shape != test.y.shape:
            raise DataError(f"predict gives shape {predicted.shape}, not {test.y.shape}")
        if data.task == "regression":
            return predicted, None, regression_scores(test.y, predicted), seconds, chosen
        scores = classification_scores(test.y, predicted, proba, data.labels)
        return predicted, proba, scores, seconds, chosen
    except Exception as error:
        kind = DataError if isinstance(error, DataError) else RuntimeError
        said = " ".join(str(error).split()) or "no message"
        raise kind(f"Model {where} failed with {type(error).__name__}: {said}") from error


def _probabilities(model, train, test):
    if not hasattr(model, "predict_proba"):
        return None
    proba = np.asarray(model.predict_proba(test.X), float)
    classes = getattr(model, "classes_", np.unique(train.y))
    full = np.zeros((len(test), len(test.labels)))  # a subset may lack a class
    full[:, np.searchsorted(test.labels, classes)] = proba
    return full
