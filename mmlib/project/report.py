"""A comparison as one HTML file that can be shown to a supervisor, and the files a paper needs."""

import numpy as np

from ..evaluation.choices import WEIGHT, in_words
from ..evaluation.verdict import verdict
from ..plots.samples import OF_A_FOLDER
from .comparing import FIRST_LOOK
from .crate import NAME, make_crate
from .describing import REFERENCES, citation, left_nothing, made_with, methods, what_it_is
from .page import Figure, Table, text, write_page
from .results import write_whole, writing
from .saying import count, number
from .sections import comparison, mistakes, trust, worth


def make_report(result, title=None, found=None, outcome=None):
    """The comparison as the text of an HTML file.

    Parameters
    ----------
    result : Comparison
        Of single modalities and fusions, as `mmlib.fusion.ladder` names them.
    title : str, optional
    found : Verdict, optional
        `verdict` of the result, where it is known already.
    outcome : Outcome, optional
        Of the run that made it: which model is kept, seed and date.

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
    found = found or verdict(result)
    return write_page(title or _title(result), _sections(result, found, outcome))


def write_report(outcome, folder):
    """Write the report of a run: the page, and beside it every figure and table as files.

    Parameters
    ----------
    outcome : Outcome
    folder : pathlib.Path
        Of results: report.html, figures/ (SVG, and PNG of 300 dots per inch), tables/ (CSV, and
        LaTeX with booktabs), citation.bib, and ro-crate-metadata.json, which describes the run
        for programs.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    DataError
        When a file cannot be written.
    """
    result = outcome.result
    sections = _sections(result, outcome.verdict, outcome)
    page = write_page(_title(result), sections)
    files = {"report.html": page.encode("utf-8", "backslashreplace")}
    for _, parts in sections:
        for part in parts:
            for name, content in {} if isinstance(part, str) else part.files().items():
                stem, end = name.rsplit(".", 1)
                n = next(n for n in range(1, 1000) if f"{stem}{_nth(n)}.{end}" not in files)
                files[f"{stem}{_nth(n)}.{end}"] = content
    files["citation.bib"] = citation().encode()
    described = files | {outcome.table.name: outcome.table.read_bytes()}
    settings = {"quick": outcome.quick, "seed": outcome.seed, "metric": result.metric}
    settings |= {"models": ", ".join(result.models), "kept model": outcome.chosen or "none"}
    crate = make_crate(result.data, described, outcome.verdict.answer, settings, outcome.when)
    files[NAME] = crate.encode("utf-8", "backslashreplace")
    for name, content in files.items():
        with writing(folder / name):
            (folder / name).parent.mkdir(exist_ok=True)
            write_whole(folder / name, content)
    return folder / "report.html"


def _nth(n):
    return "" if n == 1 else f"-{n}"


def _title(result):
    return f"Does fusion help? {result.data.name}"


def _sections(result, found, outcome):
    data = result.data
    best = found.better[0] if found.better else found.reference
    several = data.labels is not None and len(data.modalities) > 1
    sections = [
        ("Does fusion help here?", _answer(result, found, outcome)),
        ("The model that is kept", _kept(outcome) if outcome else []),
        ("The data", _data(data)),
        ("The comparison", comparison(result, found)),
        ("What each model is", _models(result)),
        ("What was chosen inside the folds", _choices(result)),
        ("What is confused" if data.labels is not None else "Predicted and measured",
         mistakes(result, [found.best_single, best])),
        ("What each modality is worth", worth(result, found) if several else []),
        ("Can the probabilities be trusted?",
         trust(result, [found.best_single, best]) if result.probabilities else []),
        ("What a sample costs", _prices(outcome)),
        ("What it costs", _cost(result)),
        ("How it was done", _methods(result, outcome)),
        ("How to cite", _cite(outcome)),
    ]  # fmt: skip
    return [(head, parts) for head, parts in sections if parts]


def _answer(result, found, outcome):
    quick = result.scores["repeat"].nunique() == 1 if outcome is None else outcome.quick
    look = f"<strong>First look.</strong> {text(found.answer)}" if quick else text(found.answer)
    parts = [f'<p class="verdict">{look}</p><p>{text(found.others)}</p>']
    parts += [f"<p>{text(FIRST_LOOK)}</p>"] * quick
    parts += [
        f"<p><strong>Doubt about the data:</strong> {text(doubt)}</p>"
        for doubt in result.data.meta.get("warnings", ())
    ]
    return parts


def _kept(outcome):
    promised = outcome.promised or (
        "What to expect of a model that is chosen by such a table was not estimated in this first "
        "look: its score in the table is too high for that."
    )
    return [f"<p>{text(' '.join(outcome.kept))}</p><p>{text(promised)}</p>"]


def _data(data):
    parts = [f"<p>{count(len(data), 'sample')}.</p>"]
    if data.groups is not None:
        sizes = np.unique(data.groups, return_counts=True)[1]
        each = f"{sizes.min()} to {sizes.max()}" if len(set(sizes)) > 1 else f"{sizes[0]}"
        by = f" (column {text(data.meta['by'])})" if "by" in data.meta else ""
        parts.append(
            f"<p>They come from {count(len(sizes), 'group')}{by} of {each} sample"
            f"{'s' * (each != '1')}; a group was never in training and test at once.</p>"
        )
    else:
        parts.append(
            "<p>No groups were given. If some samples come from the same plant, batch or day, "
            "all scores here are too good.</p>"
        )
    if data.labels is not None:
        rows, grouped = [], data.groups is not None
        for label, name in zip(data.labels, data.target_names, strict=True):
            its = data.y == label
            groups = [len(np.unique(data.groups[its]))] if grouped else []
            rows.append((name, its.sum(), *groups))
        head = ["class", "samples", *["groups"] * grouped]
        caption = f"Samples{' and groups' * grouped} of each class"
        parts.append(Table("classes", head, rows, caption))
    else:
        parts.append(
            f"<p>{text(data.target_names[0])}: from {number(data.y.min())} to "
            f"{number(data.y.max())}, mean {number(data.y.mean())}, standard deviation "
            f"{number(data.y.std(ddof=1))}.</p>"
        )
    for name, plot in OF_A_FOLDER.items():
        if name in data.modalities and data.labels is not None and _drawable(data, name):
            parts.append(Figure(name, *plot(data)))
    if data.meta.get("notes"):
        items = "".join(f"<li>{text(note)}</li>" for note in data.meta["notes"])
        parts.append(f"<p>What was noticed and done when the data were read:</p><ul>{items}</ul>")
    return parts


def _drawable(data, name):
    shape = data.X[name].shape
    if name == "spectrum":
        return name in data.axes and len(shape) == 2
    return len(shape) == 4 and shape[3] in (1, 3)


def _models(result):
    task = result.data.task
    rows = [(name, what_it_is(name, result.presets[name], task)) for name in result.models]
    return [Table("models", ["model", "what it is"], rows, "All models, from the simplest on")]


def _choices(result):
    found = {}  # what several models chose alike stands in one row
    for name in result.models:
        chosen, weights = in_words(result.choices.get(name, [])), []
        for what, said in chosen.items():
            if what.startswith(WEIGHT):
                weights.append(f"{what.removeprefix(WEIGHT)} {said}")
            else:
                found.setdefault((what, said), []).append(name)
        if weights:
            found.setdefault(("weights", "; ".join(weights)), []).append(name)
    rows = [(", ".join(names), *chosen) for chosen, names in found.items()]
    caption = (
        "What each training part chose; of a number the median over the folds, and in brackets its "
        "range"
    )
    return [Table("choices", ["model", "for", "chosen"], rows, caption)] if rows else []


def _prices(outcome):
    """Score against price, where the folder has prices."""
    costs = outcome and outcome.costs
    if not costs:
        return []
    rows = [
        (name, costs.prices.said(row["price"]), *map(number, row[["score", "low", "high"]]),
         f"{row['measured']:.0f}", "yes" if row["best for its price"] else "no")
        for name, row in costs.table.iterrows()
    ]  # fmt: skip
    head = ["model", "price of a sample", costs.metric, "from", "to", "all measured (%)"]
    head.append("best for its price")
    caption = "What a sample costs, and what that gives; the cheapest first"
    said = [f"<p>{text(line)}</p>" for line in costs.said]
    return [*said, Figure("costs", *costs.plot()), Table("costs", head, rows, caption)]


def _cost(result):
    rows = [(name, *map(number, result.times.loc[name])) for name in result.models]
    head = ["model", *result.times.columns]
    return [Table("seconds", head, rows, "Mean seconds of a fold, one thread")]


def _methods(result, outcome):
    return [
        f"<p>{text(methods(result, outcome))}</p><p>{text(made_with(outcome))}</p>"
        f"<p>{text(left_nothing(outcome))}</p>"
    ]


def _cite(outcome):
    items = "".join(f"<li>{text(said)}</li>" for said in REFERENCES.values())
    also = "<p>The file citation.bib, beside this one, has them for LaTeX.</p>" if outcome else ""
    return [
        "<p>Please cite the package as its file CITATION.cff says, the data where they come from, "
        f"and, where you tell of its methods:</p><ul>{items}</ul>{also}"
    ]
