"""What a comparison says, as parts of a page: scores, mistakes, worth, trust."""

import numpy as np

from ..evaluation.metrics import reliability
from ..explain.contribution import interaction, shapley
from ..explain.separation import separation
from ..plots.scores import plot_confusion, plot_predicted, plot_reliability
from .page import Figure, Table, text
from .saying import count, number, p_value, points

ENOUGH = 100  # samples: the share of right ones among 25 is known to 10 points (standard error)


def comparison(result, found):
    """The scores, what failed, and by how much each differs from the best single modality.

    Parameters
    ----------
    result : Comparison
    found : Verdict

    Returns
    -------
    list
        Parts of a page.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.evaluation import verdict
    >>> from mmlib.features import spectrum_baselines
    >>> from mmlib.fusion.early import early_fusion
    >>> from mmlib.project.sections import comparison
    >>> leaves = mmlib.make_leaves(40)
    >>> models = {"spectrum only": spectrum_baselines()["SVM"], "early": early_fusion(leaves)}
    >>> result = mmlib.compare(models, leaves, n_repeats=2)
    >>> [part.name for part in comparison(result, verdict(result))]
    ['scores', 'scores', 'differences']
    """
    scores = result.table
    rows = [(name, *map(number, scores.loc[name])) for name in result.models]
    head = ["model", result.metric, "from", "to", *scores.columns[3:]]
    caption = f"{result.metric}: of all samples, with its 95 % interval; then other scores"
    singles = found.baseline or found.best_single
    pairs = {name: result.paired(name, singles) for name in result.models if name != singles}
    tries = holm([pair.p for pair in pairs.values()])
    tests = [
        (name, *(number(x, "+") for x in pair[:3]), p_value(pair.p), p_value(corrected))
        for (name, pair), corrected in zip(pairs.items(), tries, strict=True)
    ]
    return [
        Figure("scores", *result.plot()),
        Table("scores", head, rows, caption),
        *(f"<p>{text(name)} failed: {text(why)}</p>" for name, why in result.failed.items()),
        Table(
            "differences",
            ["model", "difference", "from", "to", "p", "p, corrected"],
            tests,
            f"Difference to {singles} on the same folds, 95 % interval and p by groups; p is "
            f"corrected for {count(len(pairs), 'comparison')} by the method of Holm",
        ),
    ]


def holm(p):
    """p of several comparisons, corrected so that all hold at once.

    Parameters
    ----------
    p : sequence of float
        NaN is one that could not be told; it counts as a try.

    Returns
    -------
    ndarray

    References
    ----------
    Holm (1979), https://www.jstor.org/stable/4615733.

    Examples
    --------
    >>> from mmlib.project.sections import holm
    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p, float)
    order = np.argsort(p, kind="stable")  # NaN last
    raised = np.fmax.accumulate(p[order] * np.arange(len(p), 0, -1)) if len(p) else p
    corrected = np.empty(len(p))
    corrected[order] = np.where(np.isnan(p[order]), np.nan, np.minimum(raised, 1))
    return corrected


def mistakes(result, names):
    """Where the models named go wrong: classes that are confused, or predictions that are off.

    Examples
    --------
    >>> import mmlib
    >>> from sklearn.dummy import DummyClassifier
    >>> from mmlib.project.sections import mistakes
    >>> leaves = mmlib.make_leaves(20)
    >>> models = {name: DummyClassifier() for name in ("spectrum only", "image only", "early")}
    >>> result = mmlib.compare(models, leaves, n_folds=2, n_repeats=2)
    >>> [part.name for part in mistakes(result, ["early"])[1:]]
    ['confusion early']
    """
    parts = []
    for name in dict.fromkeys(names):
        if result.data.labels is not None:
            picture = plot_confusion(result.confusion(name), result.data.target_names)
        else:
            once = result.predictions[name][0]  # a mean of repeats would be better than a model
            picture = plot_predicted(result.data.y, once, result.data.target_names[0])
        what = "predicted" if result.data.labels is None else "confusion"
        parts += [f"<h3>{text(name)}</h3>", Figure(f"{what} {name}", *picture)]
    return parts


def worth(result, found):
    """Who recognizes which class, and what each modality adds to guessing.

    Examples
    --------
    >>> import mmlib
    >>> from sklearn.dummy import DummyClassifier
    >>> from mmlib.evaluation import verdict
    >>> from mmlib.project.sections import worth
    >>> leaves = mmlib.make_leaves(20)
    >>> models = {name: DummyClassifier() for name in ("spectrum only", "image only", "early")}
    >>> result = mmlib.compare(models, leaves, n_folds=2, n_repeats=2)
    >>> "nothing to share out" in worth(result, verdict(result))[-1]
    True
    """
    family = result.presets[found.best_single].family  # the kind that the verdict is about
    modalities = result.data.modalities
    alone = {p.modalities[0]: name for name, p in result.presets.items()
             if p.alone and p.family == family}  # fmt: skip
    known = {name: alone[name] for name in modalities if name in alone}
    models = [*known.values(), found.reference]
    shares = {}
    for model in models:
        counts = result.confusion(model).to_numpy()
        shares[model] = 100 * counts.diagonal() / counts.sum(1)
    sizes = [int((result.data.y == label).sum()) for label in result.data.labels]
    rows = [
        (f"{name} ({sizes[k]})", *(f"{shares[model][k]:.0f}" for model in models))
        for k, name in enumerate(result.data.target_names)
    ]
    parts = [
        Table(
            "recognized",
            ["class", *models],
            rows,
            "Percent of each class recognized, first repeat; in brackets the number of samples",
        )
    ]
    if len(known) == 2 == len(modalities):
        parts += _shares(result, known, found.reference)
    return parts


def _shares(result, known, fused):
    """What two modalities bring to a fusion; without each group too, so that it has an interval."""
    models = [*known.values(), fused]
    value = {frozenset({name}): 100 * result.left_out(m, "accuracy") for name, m in known.items()}
    value[frozenset(known)] = 100 * result.left_out(fused, "accuracy")
    guessed = np.unique(result.data.y, return_counts=True)[1].max() / len(result.data)
    value[frozenset()] = np.full_like(value[frozenset(known)], 100 * guessed)

    # In points two good modalities seem to repeat each other, since nobody passes 100 %.
    apart = {team: separation(x / 100, len(result.data.labels)) for team, x in value.items()}
    more = interaction(apart, *sorted(known))
    gain = value[frozenset(known)] - value[frozenset()]
    lines = {
        f"{fused.replace('early', 'early fusion')}, beyond naming the most frequent class": gain
    }
    lines |= {f"of that, from the {name}": x for name, x in shapley(value).items()}
    judged = {name: result.judge(values, models) for name, values in lines.items()}
    rows = [(name, *map(points, (x.mean, x.low, x.high))) for name, x in judged.items()]
    low, high = result.judge(more, models)[1:3]
    if not next(iter(judged.values())).low > 0:
        said = "That this fusion beats guessing cannot be shown, so there is nothing to share out."
    elif low > 0:
        said = "The two are understood only together, at least in part."
    elif high < 0:
        said = "One says in part what the other says."
    else:
        said = "Whether they complete or repeat each other cannot be told from so few samples."
    caption = "Points of accuracy with their 95 % intervals, shared out by Shapley values"
    return [Table("worth", ["worth", "points", "from", "to"], rows, caption), f"<p>{said}</p>"]


def trust(result, names):
    """Whether the models named are right as often as they say, where samples allow to tell.

    Examples
    --------
    >>> import mmlib
    >>> from sklearn.dummy import DummyClassifier
    >>> from mmlib.project.sections import trust
    >>> leaves = mmlib.make_leaves(20)
    >>> models = {name: DummyClassifier() for name in ("spectrum only", "image only", "early")}
    >>> result = mmlib.compare(models, leaves, n_folds=2, n_repeats=2)
    >>> "early says 0.2" in trust(result, ["early"])[0].description
    True
    """
    n = len(result.data)
    if n < ENOUGH:
        return [
            f"<p>{count(n, 'sample')} cannot show whether stated probabilities are right as often "
            f"as they say: that takes {ENOUGH} or more.</p>"
        ]
    tables = {}
    for name in dict.fromkeys(names):
        proba = result.probabilities.get(name)
        if proba is not None and np.isfinite(proba[0]).all():
            tables[name] = reliability(result.data.y, proba[0], result.data.labels)
    if tables:
        return [Figure("reliability", *plot_reliability(tables))]
    return [f"<p>{text(' and '.join(dict.fromkeys(names)))} gave none.</p>"]
