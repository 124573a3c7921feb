"""Which fusion, when? The whole ladder over knobs, label budgets and seeds.

`score_ladder` is one job of that run: simulate, train every model, score it on new
plants. The table that belongs to the course was made by ``benchmarks/which_one.py`` and is
read by `stored`; `mmlib.course.study_findings` says what follows from it.
"""

from importlib import resources
from time import perf_counter

import pandas as pd
from sklearn.metrics import log_loss

from .. import fusion
from ..base import DataError, fit_options
from ..data import leaves
from ..evaluation.jobs import run_jobs
from ..features.images import with_features

SITUATIONS = {  # name -> knobs of the simulation that are not 1
    "as bundled": {},
    "no synergy": {"synergy": 0.0},
    "picture knows nothing new": {"lesions": 0.0, "synergy": 0.0},
    "both see the same": {"water": 0.0, "lesions": 0.0, "synergy": 0.0},
    "only together": {"water": 0.0, "lesions": 0.0, "redness": 0.0},
}
LEAVES_PER_CLASS = (10, 40, 240)
NEW_PLANTS = 400  # 2,000 leaves to score on


def settings(situations=tuple(SITUATIONS), per_class=LEAVES_PER_CLASS, seeds=range(5)):
    """All combinations, as `run_jobs` wants them.

    Parameters
    ----------
    situations : sequence of str
        Keys of `SITUATIONS`.
    per_class : sequence of int
        Labeled leaves of each class.
    seeds : sequence of int

    Returns
    -------
    list of dict

    Examples
    --------
    >>> from mmlib.course.study import settings
    >>> settings(["no synergy"], [10], [3])
    [{'situation': 'no synergy', 'per_class': 10, 'seed': 3}]
    """
    return [
        {"situation": situation, "per_class": int(n), "seed": int(seed)}
        for situation in situations
        for n in per_class
        for seed in seeds
    ]


def score_ladder(situation, per_class, seed, only=None):
    """Train every model of the ladder on some leaves, and score it on new ones.

    Parameters
    ----------
    situation : str
        A key of `SITUATIONS`.
    per_class : int
        Labeled leaves of each class; five of a plant.
    seed : int
    only : list of str, optional
        Names of models; all where nothing is said.

    Returns
    -------
    list of dict
        For each model "model", "accuracy", "log_loss", "fit_seconds" and "parameters" (0
        for models that are no nets).
    """

    if situation not in SITUATIONS:
        raise DataError(f"There is no situation {situation!r}: {', '.join(SITUATIONS)}.")
    knobs = SITUATIONS[situation]
    train = with_features(leaves.make_leaves(max(5, per_class), seed=seed, **knobs))
    new = with_features(leaves.make_leaves(NEW_PLANTS, seed=seed + 100_000, **knobs))
    rows = []
    for name, model in fusion.ladder(train, random_state=seed).items():
        if only is not None and name not in only:
            continue
        start = perf_counter()
        model.fit(train.X, train.y, **fit_options(model, train.groups))
        seconds = perf_counter() - start
        proba = model.predict_proba(new.X)
        rows.append(
            {
                "model": name,
                "accuracy": float((model.classes_[proba.argmax(1)] == new.y).mean()),
                "log_loss": float(log_loss(new.y, proba, labels=model.classes_)),
                "fit_seconds": round(seconds, 3),
                "parameters": count_parameters(model),
            }
        )
    return rows


def count_parameters(model):
    """Trained weights of the nets in a fitted model; 0 where there are none."""
    last = model[-1] if hasattr(model, "steps") else model
    net = getattr(last, "net_", None)
    return 0 if net is None else sum(p.numel() for p in net.parameters())


def run(folder, n_jobs=1, progress=None, **choice):
    """All jobs of `settings(**choice)`, resumable; see `mmlib.evaluation.jobs.run_jobs`."""
    return run_jobs(score_ladder, settings(**choice), folder, n_jobs, progress)


def stored(which="leaves"):
    """A table that belongs to the course, made by ``benchmarks/which_one.py``.

    Parameters
    ----------
    which : {"leaves", "real"}

    Returns
    -------
    pandas.DataFrame
        "leaves": one row for each situation, number of leaves, seed and model. "real": one
        row for each real data set and model, with "gain", "low" and "high" over the best
        single modality, with the interval of `mmlib.compare`, which counts groups.

    Examples
    --------
    >>> from mmlib.course.study import stored
    >>> stored()["seed"].nunique() >= 5
    True
    """
    files = {which: f"study_{which}.csv" for which in ("leaves", "real")}
    if which not in files:
        raise DataError(f"There is no table {which!r}: 'leaves' or 'real'.")
    with resources.files(__package__).joinpath(files[which]).open(encoding="utf-8") as file:
        return pd.read_csv(file)
