"""A comparison in the words a paper needs: what each model is, how it was done, what to cite."""

import platform
from importlib.metadata import version

import mmlib

from ..evaluation.choice import BASELINE, FUSED
from ..features.words import is_text
from ..fusion.early import default_model
from .saying import count

MEETING = {
    "early": "the features of {all} stand side by side in one table, on which one model is fitted: "
    "{learner}",
    "late": "a model for each modality ({learner}); {opinions}",
    "intermediate": "a net: an encoder for each modality, whose vectors stand side by side before "
    "the net decides",
    "attention": "as intermediate, but the vectors are averaged with weights that the net gives "
    "anew for each sample",
    "contrastive": "as intermediate, and the encoders are also taught to bring the vectors of one "
    "sample together",
    "graph": "a net on a graph in which each sample is linked with those that it resembles",
    "tensor": "as intermediate, but each number of one vector is multiplied with each of the other",
}
LEARNERS = {
    "LinearDiscriminantAnalysis": "linear discriminant analysis with a shrunken covariance",
    "RidgeCV": "ridge regression, whose penalty is chosen inside the training part",
    "BlockRidgeClassifier": "ridge regression, whose penalty and weights of blocks are chosen "
    "inside the training part",
}
LEARNERS["BlockRidgeRegressor"] = LEARNERS["BlockRidgeClassifier"]
FAMILIES = {
    "forest": "a random forest of 200 trees",
    "pixels": "a net that is given pixels and bands, and no feature that somebody thought about",
}
OPINIONS = {
    "classification": "the probabilities that they state, calibrated, are multiplied",
    "regression": "what they state is averaged",
}
INSIDE = {
    BASELINE: "the single modality that inner folds of each training part choose",
    FUSED: "the kind of early fusion that inner folds of each training part choose",
}
EVENLY = (
    "Classes are uneven, so models decide for the class whose probability is largest in proportion "
    "to the share of that class among the training samples, which is what balanced accuracy "
    "rewards; probabilities stay as they are"
)
PACKAGES = ("numpy", "scipy", "scikit-learn", "torch", "chemotools")
REFERENCES = {
    "bell2002": "Bell, R. M., McCaffrey, D. F. (2002). Bias reduction in standard errors for "
    "linear regression with multi-stage samples. Survey Methodology 28(2), 169-181.",
    "holm1979": "Holm, S. (1979). A simple sequentially rejective multiple test procedure. "
    "Scandinavian Journal of Statistics 6(2), 65-70.",
    "menon2013": "Menon, A., Narasimhan, H., Agarwal, S., Chawla, S. (2013). On the statistical "
    "consistency of algorithms for binary classification under class imbalance. Proceedings of "
    "the 30th International Conference on Machine Learning, 603-611.",
    "tsamardinos2018": "Tsamardinos, I., Greasidou, E., Borboudakis, G. (2018). Bootstrapping the "
    "out-of-sample predictions for efficient and accurate cross-validation. Machine Learning 107, "
    "1895-1922. doi:10.1007/s10994-018-5714-4",
    "pedregosa2011": "Pedregosa, F., et al. (2011). Scikit-learn: machine learning in Python. "
    "Journal of Machine Learning Research 12, 2825-2830.",
}


def what_it_is(name, preset, task):
    """A model in a line.

    Parameters
    ----------
    name : str
    preset : Preset
    task : {"classification", "regression"}

    Returns
    -------
    str

    Examples
    --------
    >>> from mmlib.fusion.roles import Preset
    >>> from mmlib.project.describing import what_it_is
    >>> what_it_is("spectrum only (forest)", Preset(None, ("spectrum",), "forest"), "regression")
    'the spectrum alone: a random forest of 200 trees'
    """
    if name in INSIDE:
        return INSIDE[name]
    usual = LEARNERS.get(type(default_model(task)).__name__, "a linear model")
    learner = FAMILIES.get(preset.family, preset.family or usual)
    if preset.alone:
        return f"the {preset.modalities[0]} alone: {learner}"
    if preset.family == "pixels":
        return f"{' and '.join(preset.modalities)}: {learner}"
    said = MEETING.get(preset.fusion, "a model that mmlib has no words for")
    both = " and ".join(preset.modalities) or "all modalities"
    return said.format(all=both, learner=learner, opinions=OPINIONS[task])


def measured_in_words(data):
    """What was measured, on how many samples: one sentence.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.project.describing import measured_in_words
    >>> print(measured_in_words(mmlib.make_leaves(n_plants=10, leaves_per_plant=1))[:68])
    10 samples of 5 classes were measured by spectrum (211 bands from 40
    """
    measured = []
    for name, x in data.X.items():
        axis, shape = data.axes.get(name), x.shape[1:]
        if is_text(shape):
            how = "one for each sample"
        elif name == "sound" and data.meta.get("rate"):
            how = f"{count(shape[0], 'column')} from {data.meta['rate']} values per second"
        elif len(shape) == 3:
            how = f"{shape[0]} x {shape[1]} pixels, {count(shape[2], 'channel')}"
        elif axis is not None and len(axis):
            unit = data.units.get(name, "nm")
            how = f"{count(len(axis), 'band')} from {axis[0]:g} to {axis[-1]:g} {unit}"
        else:
            how = count(shape[0], "column")
        measured.append(f"{name} ({how})")
    n = len(data)
    if data.labels is not None:
        of = f" of {count(len(data.labels), 'class', 'classes')}"
    else:
        of = f", for the quantity {data.target_names[0]},"
    said = f"{count(n, 'sample')}{of} {'was' if n == 1 else 'were'} measured by "
    return f"{said}{' and '.join(measured)}."


def data_in_words(data):
    """What was measured, and what was never torn apart in a comparison: two sentences."""
    said = measured_in_words(data)
    if data.groups is None:
        return (
            f"{said} No groups were given, so each sample was taken for independent of the others."
        )
    groups = len(set(data.groups.tolist()))
    by = f" (column {data.meta['by']})" if "by" in data.meta else ""
    return (
        f"{said} They come from {count(groups, 'group')}{by}; a group was never in training and "
        "test at once."
    )


def methods(result, outcome=None):
    """How the comparison was made, as a paragraph for a paper.

    Parameters
    ----------
    result : Comparison
    outcome : Outcome, optional
        Of the run, where there was one.

    Returns
    -------
    str
    """
    folds = result.scores[["repeat", "fold"]].drop_duplicates()
    repeats, tries = folds["repeat"].nunique(), len(result.models) - 1
    often = f"repeated {repeats} times" if repeats > 1 else "once"
    said = [
        data_in_words(result.data),
        f"{count(len(result.models), 'model')} {'was' if not tries else 'were'} judged by "
        f"cross-validation with {count(len(folds) // repeats, 'fold')}, {often}, all on the same "
        "folds. Whatever is fitted or chosen, scaling included, was fitted and chosen within the "
        "training part of each fold.",
    ]
    if BASELINE in result.models:
        fused = f", and {FUSED} the kind of early fusion," * (FUSED in result.models)
        said.append(
            f"{BASELINE.capitalize()} is the single modality{fused} that inner folds of each "
            "training part choose, so that no test sample takes part in the choice."
        )
    said.append(
        f"The {result.metric} is that of all test samples together. Its interval (95 %) and p are "
        "those of a t-test on what each group adds to a score (a jackknife over groups; Bell and "
        "McCaffrey 2002), made wider for the luck in training, as described in the documentation "
        "of mmlib."
    )
    if outcome is not None and result.metric == "balanced accuracy":
        said.append(f"{EVENLY} (Menon et al. 2013).")
    if tries > 0:
        said.append(
            f"p of the {count(tries, 'difference')} to one reference "
            f"{'is' if tries == 1 else 'are'} also given corrected by the method of Holm (1979); "
            "that of fusion against the single modality was settled on beforehand."
        )
    if outcome is not None and outcome.promised:
        said.append(
            "What a model that was chosen by its score will reach on new samples was estimated by "
            "drawing groups with replacement, 1000 times, choosing on those that were drawn and "
            "judging on the others (Tsamardinos et al. 2018)."
        )
    return " ".join(said)


def made_with(outcome=None):
    """Date, seed and versions, in a sentence or two."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    said = f"Python {platform.python_version()}, mmlib {mmlib.__version__}, {versions}."
    if outcome is not None:
        said = f"Made on {outcome.when:%Y-%m-%d} with the seed {outcome.seed}. {said}"
    return said


def left_nothing(outcome=None):
    """Where the data went: nowhere, but for a cluster that the user named."""
    if outcome is not None and outcome.dask:
        return "The Dask cluster that was named made the fits; nothing else left this computer."
    return "Nothing left this computer."


def citation():
    """What to cite, as the text of a BibTeX file."""
    own = (
        "@software{mmlib,\n  author = {{The mmlib maintainers}},\n"
        "  title = {{mmlib: a course on fusing spectra with images}},\n"
        f"  version = {{{mmlib.__version__}}}\n}}\n"
    )
    others = (f"@misc{{{key},\n  note = {{{said}}}\n}}\n" for key, said in REFERENCES.items())
    return "\n".join([own, *others])
