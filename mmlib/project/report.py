"""A comparison as one HTML file that can be shown to a supervisor."""

import platform
from importlib.metadata import version

import numpy as np

import mmlib

from ..evaluation.choice import BASELINE, FUSED
from ..evaluation.verdict import verdict
from ..plots.samples import plot_images, plot_spectra
from .page import figure, table, text, write_page
from .sections import comparison, mistakes, trust, worth

CHOSEN_INSIDE = (
    f" {BASELINE.capitalize()} is the single modality, and {FUSED} the kind of early fusion, that "
    "inner folds of each training part choose, so that no test sample takes part in the choice."
)
PACKAGES = ("numpy", "scikit-learn", "torch", "chemotools")


def make_report(result, title=None, found=None):
    """The comparison as the text of an HTML file.

    Parameters
    ----------
    result : Comparison
        Of single modalities and fusions, as `mmlib.fusion.ladder` names them.
    title : str, optional
    found : Verdict, optional
        `verdict` of the result, where it is known already.

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
    data, found = result.data, found or verdict(result)
    best = found.better[0] if found.better else found.reference
    sections = [
        ("Does fusion help here?", _answer(found, data)),
        ("The data", _data(data)),
        ("The comparison", comparison(result, found)),
        ("What is confused" if data.labels is not None else "Predicted and measured",
         mistakes(result, [found.best_single, best])),
        *([("What each modality is worth", worth(result, found))]
          if data.labels is not None and len(data.modalities) > 1 else []),
        *([("Can the probabilities be trusted?", trust(result, [found.best_single, best]))]
          if result.probabilities else []),
        ("What it costs", _cost(result)),
        ("How it was done", _methods(result)),
    ]  # fmt: skip
    return write_page(title or f"Does fusion help? {data.name}", sections)


def _answer(found, data):
    doubts = "".join(
        f"<p><strong>Doubt about the data:</strong> {text(doubt)}</p>"
        for doubt in data.meta.get("warnings", ())
    )
    return f'<p class="verdict">{text(found.answer)}</p><p>{text(found.others)}</p>{doubts}'


def _data(data):
    parts = [f"<p>{text(len(data))} samples.</p>"]
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
        parts.append(table(["class", "samples"], counts, "Samples of each class"))
    else:
        parts.append(
            f"<p>{text(data.target_names[0])}: from {data.y.min():.4g} to {data.y.max():.4g}, "
            f"mean {data.y.mean():.4g}, standard deviation {data.y.std(ddof=1):.3g}.</p>"
        )
    for name, plot in {"spectrum": plot_spectra, "image": plot_images}.items():
        if name in data.modalities and data.labels is not None and _drawable(data, name):
            parts.append(figure(*plot(data)))
    if data.meta.get("notes"):
        items = "".join(f"<li>{text(note)}</li>" for note in data.meta["notes"])
        parts.append(f"<p>What was noticed and done when the data were read:</p><ul>{items}</ul>")
    return "".join(parts)


def _drawable(data, name):
    shape = data.X[name].shape
    if name == "spectrum":
        return name in data.axes and len(shape) == 2
    return len(shape) == 4 and shape[3] in (1, 3)


def _cost(result):
    rows = [(name, *(f"{x:.2f}" for x in result.times.loc[name])) for name in result.models]
    return table(["model", *result.times.columns], rows, "Mean seconds of a fold, one thread")


def _methods(result):
    folds = result.scores[["repeat", "fold"]].drop_duplicates()
    repeats = folds["repeat"].nunique()
    often = (
        f"repeated {repeats} times"
        if repeats > 1
        else "once: a first look, which more repeats (without --quick) may change"
    )
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"<p>Cross-validation with {len(folds) // repeats} folds, {often}; "
        "whatever is fitted, scaling included, was fitted within the training part of each fold. "
        "All models saw the same folds. Intervals and p are those of a t-test on what each group "
        "adds to a score (a jackknife over groups; Bell and McCaffrey 2002), made wider for the "
        "luck in training, as described in the documentation of mmlib."
        f"{CHOSEN_INSIDE * (BASELINE in result.models)}</p>"
        f"<p>Python {platform.python_version()}, mmlib {mmlib.__version__}, {text(versions)}.</p>"
        "<p>Please cite the package as its file CITATION.cff says, and the data where they come "
        "from.</p>"
    )
