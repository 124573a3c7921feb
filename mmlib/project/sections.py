"""What a comparison says, as parts of a page: scores, mistakes, worth, trust."""

import numpy as np

from ..evaluation.metrics import reliability
from ..explain.contribution import interaction, shapley
from ..explain.separation import separation
from ..plots.scores import plot_confusion, plot_predicted, plot_reliability
from .page import figure, table, text


def comparison(result, found):
    """The scores, what failed, and by how much each differs from the best single modality.

    Parameters
    ----------
    result : Comparison
    found : Verdict

    Returns
    -------
    str
        HTML.

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
    >>> "Difference to spectrum only" in comparison(result, verdict(result))
    True
    """
    scores = result.table
    rows = [(name, *map(_number, scores.loc[name])) for name in result.models]
    head = ["model", result.metric, "from", "to", *scores.columns[3:]]
    caption = f"{result.metric}: of all samples, with its 95 % interval; then other scores"
    singles = found.baseline or found.best_single
    pairs = [name for name in result.models if name != singles]
    tests = []
    for name in pairs:
        size, low, high, p = result.paired(name, singles)
        tests.append((name, *(_number(x, "+") for x in (size, low, high)), _p(p)))
    return (
        figure(*result.plot())
        + table(head, rows, caption)
        + "".join(f"<p>{text(name)} failed: {text(why)}</p>" for name, why in result.failed.items())
        + table(
            ["model", "difference", "from", "to", "p"],
            tests,
            f"Difference to {singles} on the same folds, 95 % interval and p by groups",
        )
    )


def _p(p):
    return "not given" if np.isnan(p) else f"{p:.3f}" if p >= 0.0005 else "under 0.001"


def _number(x, sign=""):
    """Three decimals, or two digits of what would read as zero; below 1e-12 it is rounding."""
    if not np.isfinite(x):
        return "not given"
    return f"{x:{sign}.2g}" if 1e-12 < abs(x) < 0.0005 else f"{x:{sign}.3f}"


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
    >>> "<h3>early</h3>" in mistakes(result, ["early"])
    True
    """
    parts = []
    for name in dict.fromkeys(names):
        if result.data.labels is not None:
            picture = plot_confusion(result.confusion(name), result.data.target_names)
        else:
            once = result.predictions[name][0]  # a mean of repeats would be better than a model
            picture = plot_predicted(result.data.y, once, result.data.target_names[0])
        parts.append(f"<h3>{text(name)}</h3>" + figure(*picture))
    return "".join(parts)


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
    >>> "nothing to share out" in worth(result, verdict(result))
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
        table(
            ["class", *models],
            rows,
            "Percent of each class recognized, first repeat; in brackets the number of samples",
        )
    ]
    if len(known) == 2 == len(modalities):
        parts.append(_shares(result, known, found.reference))
    return "".join(parts)


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
    rows = [(name, f"{x.mean:+z.0f}", *_ends(x.low, x.high)) for name, x in judged.items()]
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
    return table(["worth", "points", "from", "to"], rows, caption) + f"<p>{said}</p>"


def _ends(low, high):
    return [f"{x:+z.0f}" if np.isfinite(x) else "not known" for x in (low, high)]


def trust(result, names):
    """Whether the models named are right as often as they say.

    Examples
    --------
    >>> import mmlib
    >>> from sklearn.dummy import DummyClassifier
    >>> from mmlib.project.sections import trust
    >>> leaves = mmlib.make_leaves(20)
    >>> models = {name: DummyClassifier() for name in ("spectrum only", "image only", "early")}
    >>> result = mmlib.compare(models, leaves, n_folds=2, n_repeats=2)
    >>> "early says 0.2" in trust(result, ["early"])
    True
    """
    tables = {}
    for name in dict.fromkeys(names):
        proba = result.probabilities.get(name)
        if proba is not None and np.isfinite(proba[0]).all():
            tables[name] = reliability(result.data.y, proba[0], result.data.labels)
    if tables:
        return figure(*plot_reliability(tables))
    return f"<p>{text(' and '.join(dict.fromkeys(names)))} gave none.</p>"
