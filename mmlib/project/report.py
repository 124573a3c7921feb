"""A comparison as one HTML file that can be shown to a supervisor: no network, no scripts."""

import base64
import html
import platform
import warnings
from importlib.metadata import version

import numpy as np
from matplotlib import font_manager
from matplotlib.text import Text

from ..evaluation.intervals import interval
from ..evaluation.metrics import reliability
from ..evaluation.verdict import verdict
from ..explain.contribution import interaction, shapley
from ..plots.samples import plot_images, plot_spectra
from ..plots.scores import plot_confusion, plot_predicted, plot_reliability
from ..plots.style import to_png

PACKAGES = ("mmlib", "numpy", "scikit-learn", "torch", "chemotools")
SCRIPTS = (
    "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "SimHei",
    "WenQuanYi Zen Hei", "Arial Unicode MS",
)  # fmt: skip
STYLE = """
body { font: 16px/1.5 sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
h1 { font-size: 1.8rem; } h2 { font-size: 1.3rem; margin-top: 2.2rem; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
caption { text-align: left; padding-bottom: .4rem; }
th, td { padding: .25rem .7rem; border-bottom: 1px solid #767676; text-align: right; }
thead th:first-child { text-align: left; } th[scope=row] { text-align: left; font-weight: 600; }
.verdict { border-left: .4rem solid #0072B2; padding: .4rem 1rem; font-size: 1.15rem; }
figure { margin: 1rem 0; } figcaption { color: #404040; } img { max-width: 100%; height: auto; }
"""


def make_report(result, title=None):
    """The comparison as the text of an HTML file.

    Parameters
    ----------
    result : Comparison
        Of single modalities and fusions, as `mmlib.fusion.ladder` names them.
    title : str, optional

    Returns
    -------
    str

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.features import spectrum_baselines
    >>> from mmlib.fusion.early import early_fusion
    >>> from mmlib.project.report import make_report
    >>> leaves = mmlib.make_leaves(40)
    >>> models = {"spectrum only": spectrum_baselines()["SVM"], "early": early_fusion(leaves)}
    >>> page = make_report(mmlib.compare(models, leaves, n_repeats=2))
    >>> "Does fusion help here?" in page
    True
    """
    data, found = result.data, verdict(result)
    title = title or f"Does fusion help? {data.name}"
    best = found.better[0] if found.better else found.reference
    sections = [
        ("Does fusion help here?", _answer(found, data)),
        ("The data", _data(data)),
        ("The comparison", _comparison(result, found)),
        ("What is confused" if data.labels is not None else "Predicted and measured",
         _mistakes(result, [found.best_single, best])),
        *([("What each modality is worth", _worth(result, found))]
          if data.labels is not None and len(data.modalities) > 1 else []),
        *([("Can the probabilities be trusted?", _trust(result, [found.best_single, best]))]
          if result.probabilities else []),
        ("What it costs", _cost(result)),
        ("How it was done", _methods(result)),
    ]  # fmt: skip
    body = "\n".join(
        f"<section><h2>{_text(head)}</h2>\n{part}</section>" for head, part in sections
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><main><h1>{_text(title)}</h1>\n{body}\n</main></body></html>\n"
    )


def _answer(found, data):
    doubts = "".join(
        f"<p><strong>Doubt about the data:</strong> {_text(doubt)}</p>"
        for doubt in data.meta.get("warnings", ())
    )
    return f'<p class="verdict">{_text(found.answer)}</p><p>{_text(found.others)}</p>{doubts}'


def _data(data):
    parts = [f"<p>{_text(len(data))} samples.</p>"]
    if data.groups is not None:
        sizes = np.unique(data.groups, return_counts=True)[1]
        each = f"{sizes.min()} to {sizes.max()}" if len(set(sizes)) > 1 else f"{sizes[0]}"
        parts.append(
            f"<p>They come from {len(sizes)} groups of {each} sample{'s' * (each != '1')}; "
            "a group was never in training and test at once.</p>"
        )
    else:
        parts.append(
            "<p>No groups were given. If some samples come from the same plant, batch or day, "
            "all scores here are too good.</p>"
        )
    if data.labels is not None:
        counts = [(n, int((data.y == y).sum())) for y, n in zip(data.labels, data.target_names,
                                                                 strict=True)]  # fmt: skip
        parts.append(_table(["class", "samples"], counts, "Samples of each class"))
    else:
        parts.append(
            f"<p>{_text(data.target_names[0])}: from {data.y.min():.4g} to {data.y.max():.4g}, "
            f"mean {data.y.mean():.4g}, standard deviation {data.y.std(ddof=1):.3g}.</p>"
        )
    for name, plot in {"spectrum": plot_spectra, "image": plot_images}.items():
        if name in data.modalities and data.labels is not None and _drawable(data, name):
            parts.append(_figure(*plot(data)))
    if data.meta.get("notes"):
        items = "".join(f"<li>{_text(note)}</li>" for note in data.meta["notes"])
        parts.append(f"<p>What was noticed and done when the data were read:</p><ul>{items}</ul>")
    return "".join(parts)


def _drawable(data, name):
    shape = data.X[name].shape
    if name == "spectrum":
        return name in data.axes and len(shape) == 2
    return len(shape) == 4 and shape[3] in (1, 3)


def _comparison(result, found):
    table = result.table
    rows = [(name, *map(_number, table.loc[name])) for name in result.models]
    head = ["model", result.metric, "from", "to", *table.columns[3:]]
    caption = f"{result.metric}: mean over all folds with its 95 % interval; then other scores"
    singles = found.best_single
    pairs = [name for name in result.models if name != singles]
    tests = []
    for name in pairs:
        size, low, high, p = result.paired(name, singles)
        tests.append((name, *(_number(x, "+") for x in (size, low, high)), f"{p:.3f}"))
    return (
        _figure(*result.plot())
        + _table(head, rows, caption)
        + _table(
            ["model", "difference", "from", "to", "p"],
            tests,
            f"Difference to {singles} on the same folds, 95 % interval, corrected resampled t-test",
        )
    )


def _number(x, sign=""):
    """Three decimals, or two digits of what would read as zero; below 1e-12 it is rounding."""
    if not np.isfinite(x):
        return "not given"
    return f"{x:{sign}.2g}" if 1e-12 < abs(x) < 0.0005 else f"{x:{sign}.3f}"


def _mistakes(result, names):
    parts = []
    for name in dict.fromkeys(names):
        if result.data.labels is not None:
            picture = plot_confusion(result.confusion(name), result.data.target_names)
        else:
            once = result.predictions[name][0]  # a mean of repeats would be better than a model
            picture = plot_predicted(result.data.y, once, result.data.target_names[0])
        parts.append(f"<h3>{_text(name)}</h3>" + _figure(*picture))
    return "".join(parts)


def _worth(result, found):
    """Who recognizes which class, and what each modality adds to guessing."""
    kind = found.best_single.partition(" only")[2]  # the kind of model that the verdict is about
    alone = {name: f"{name} only{kind}" for name in result.data.modalities}
    known = {name: model for name, model in alone.items() if model in result.models}
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
        _table(
            ["class", *models],
            rows,
            "Percent of each class recognized, first repeat; in brackets the number of samples",
        )
    ]
    if len(known) == 2 == len(alone):
        parts.append(_shares(result, known, found.reference))
    return "".join(parts)


def _shares(result, known, fused):
    """What two modalities bring to a fusion, fold by fold, so that it has an interval."""
    scores = 100 * result.scores.pivot_table("accuracy", ["repeat", "fold"], "model", sort=False)
    sizes = result.scores[result.scores["model"] == fused][["n_train", "n_test"]].to_numpy().T
    worth = {frozenset(): np.full(len(scores), 100 * result.chance)}
    worth |= {frozenset({name}): scores[model].to_numpy() for name, model in known.items()}
    worth[frozenset(known)] = scores[fused].to_numpy()

    more = interaction(worth, *sorted(known))
    gain = worth[frozenset(known)] - worth[frozenset()]
    lines = {
        f"{fused.replace('early', 'early fusion')}, beyond naming the most frequent class": gain
    }
    lines |= {f"of that, from the {name}": x for name, x in shapley(worth).items()}
    lines["both, beyond the sum of what each is worth alone"] = more
    rows = [(name, *(f"{x:+z.0f}" for x in interval(values, *sizes)))
            for name, values in lines.items()]  # fmt: skip
    _, low, high = interval(more, *sizes)
    if interval(gain, *sizes)[1] <= 0:
        said = "That this fusion beats guessing cannot be shown, so there is nothing to share out."
    elif low > 0:
        said = "The two are understood only together, at least in part."
    elif high < 0:
        said = "One says in part what the other says."
    else:
        said = "Whether they complete or repeat each other cannot be told from so few samples."
    caption = "Points of accuracy with their 95 % intervals, shared out by Shapley values"
    return _table(["worth", "points", "from", "to"], rows, caption) + f"<p>{said}</p>"


def _trust(result, names):
    tables = {}
    for name in dict.fromkeys(names):
        proba = result.probabilities.get(name)
        if proba is not None and np.isfinite(proba[0]).all():
            tables[name] = reliability(result.data.y, proba[0], result.data.labels)
    if tables:
        return _figure(*plot_reliability(tables))
    return f"<p>{_text(' and '.join(dict.fromkeys(names)))} gave none.</p>"


def _cost(result):
    rows = [(name, *(f"{x:.2f}" for x in result.times.loc[name])) for name in result.models]
    return _table(["model", *result.times.columns], rows, "Mean seconds of a fold, one thread")


def _methods(result):
    folds = result.scores[["repeat", "fold"]].drop_duplicates()
    repeats = folds["repeat"].nunique()
    often = (
        f"repeated {repeats} times"
        if repeats > 1
        else "once: a first look, which more repeats (without --quick) may change"
    )
    versions = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return (
        f"<p>Cross-validation with {len(folds) // repeats} folds, {often}; "
        "whatever is fitted, scaling included, was fitted within the training part of each fold. "
        "All models saw the same folds. Intervals and p are those of Nadeau and Bengio (2003), "
        "doi:10.1023/A:1024068626366, which allow for folds that share samples.</p>"
        f"<p>Python {platform.python_version()}, {_text(versions)}.</p>"
        "<p>Please cite the package as its file CITATION.cff says, and the data where they come "
        "from.</p>"
    )


def _version(name):
    try:
        return version(name)
    except ImportError:  # run from a checkout that was not installed
        import mmlib

        return mmlib.__version__ if name == "mmlib" else "?"


def _figure(fig, description):
    _lend_letters(fig)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # the description below has all letters
        png = base64.b64encode(to_png(fig)).decode("ascii")
    text = _text(description)
    return (
        f'<figure><img src="data:image/png;base64,{png}" alt="{text}">'
        f"<figcaption>{text}</figcaption></figure>"
    )


def _lend_letters(fig):
    """Letters that the font of the figure lacks come from others, where the computer has them."""

    own = font_manager.get_font(font_manager.findfont("DejaVu Sans"))
    at_hand = {font.name for font in font_manager.fontManager.ttflist}
    for label in fig.findobj(Text):
        letters = "".join(label.get_text().split())
        if not all(own.get_char_index(ord(letter)) for letter in letters):
            label.set_fontfamily(["DejaVu Sans", *(font for font in SCRIPTS if font in at_hand)])


def _table(head, rows, caption):
    columns = "".join(f'<th scope="col">{_text(name)}</th>' for name in head)
    lines = "".join(
        f'<tr><th scope="row">{_text(row[0])}</th>'
        + "".join(f"<td>{_text(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<table tabindex="0"><caption>{_text(caption)}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{lines}</tbody></table>"
    )


def _text(value):
    return html.escape(str(value), quote=True)
