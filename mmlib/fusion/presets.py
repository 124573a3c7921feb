"""The whole ladder: every fusion of the course with sensible defaults for some data."""

from functools import partial

from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.pipeline import Pipeline, make_pipeline

from ..base import DataError, is_spectrum
from ..data.mapping import Select
from ..features.block_ridge import BlockRidgeClassifier, BlockRidgeRegressor
from ..features.block_selection import BlockSelection
from ..features.blocks import Blocks, feature_blocks, wide_blocks
from ..features.tokens import token_blocks
from ..features.whitened import WhitenedComponents
from ..features.wide import is_picture
from ..nets.taught_pictures import taught_blocks
from .early import early_fusion
from .graph import graph_fusion
from .intermediate import FusionClassifier, FusionRegressor
from .late import late_fusion
from .roles import Ladder, Preset

EPOCHS = {"quick": 20, "full": 60}  # at most; early stopping may end sooner
MANY = 600  # samples, from which on weak components of a spectrum are more than noise
TAUGHT = {"quick": 7, "full": 10}  # how often an encoder sees the pictures that it is taught on


def ladder(data, budget="quick", random_state=0, forests=False, pixels=True):
    """All models of the course for some data, from the single modalities upward.

    All see the same: single modalities, early and late fusion in all columns there are
    (`mmlib.features.blocks.wide_blocks`), nets, graph and forests, which do not stand as many,
    in what `default_block` sums up of them. So what differs between two rungs is where the
    modalities meet.

    Parameters
    ----------
    data : MultimodalData
        Shapes and task are looked at; nothing is fitted.
    budget : {"quick", "full"}
        How long nets may train: 20 epochs or 60 (the graph net, which is quick, 100); and
        encoders of pictures be taught: 7 or 10.
    random_state : int
    forests : bool
        A random forest beside the linear model too, for each modality alone and for early
        fusion. A gain over a weak single model is not a gain of fusion, so ask for it before
        you judge samples that nobody has studied yet.
    pixels : bool
        Models that see pixels and bands alone, too, and no feature that somebody thought about:
        an encoder of pictures is taught first, see `mmlib.nets.taught_pictures`. That takes most
        of the ladder's time, and is done once for all of them in a training part.

    Returns
    -------
    Ladder
        A dict of names to estimators, unfitted, whose `presets` say what each of them is; in
        the order of the ladder: "<modality> only" for each modality, then,
        where there are two or more, "early", "late", "intermediate", "attention",
        "contrastive", "graph", "tensor". Each takes ``data.X``. "late" multiplies probabilities.
        With forests also "<modality> only (forest)" and "early (forest)", and for pictures of 16
        pixels and more "<modality> only (pixels)" and "early (pixels)". Where a class
        has two groups, and so one in a training part, "late" cannot calibrate and takes opinions
        as they are.

    Raises
    ------
    DataError
        For another budget.

    Examples
    --------
    >>> import mmlib
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> list(mmlib.fusion.ladder(leaves))[:4]
    ['spectrum only', 'image only', 'early', 'late']
    """

    if budget not in EPOCHS:
        raise DataError(f"budget is {budget!r}: it must be 'quick' or 'full'.")
    common = {"random_state": random_state}
    net = partial(on_features, data, epochs=EPOCHS[budget], **common)
    families = {"": lambda: None}
    if forests:
        families["forest"] = partial(_forest, data.task, random_state)
    models = {
        Preset(None, (name,), family): _alone(data, name, classifier(), **common)
        for family, classifier in families.items()
        for name in data.modalities
    }
    if len(data.modalities) > 1:
        rule = "product" if data.task == "classification" else "mean"
        fusions = {
            "late": late_fusion(data, rule=rule, must_calibrate=False, **common),
            "intermediate": net(),
            "attention": net(fuse="gate"),
            "contrastive": net(fuse="contrastive"),
            "graph": graph_fusion(data, **common),
            "tensor": net(fuse="tensor"),
        }
        both = tuple(data.modalities)
        for family, classifier in families.items():
            early = early_fusion(data, classifier=classifier(), **common)
            models[Preset("early", both, family)] = early
        models |= {Preset(fusion, both): model for fusion, model in fusions.items()}
    models |= _on_pixels(data, TAUGHT[budget], **common) if pixels else {}
    return Ladder({p.name: m for p, m in models.items()}, {p.name: p for p in models})


def _on_pixels(data, epochs, random_state):
    """Early fusion of what was recorded; pictures by an encoder that is taught to look."""
    shapes = {name: data.X[name].shape[1:] for name in data.modalities}
    blocks = {}
    for name, shape in shapes.items():
        if is_picture(shape):
            made = taught_blocks(epochs=epochs, random_state=random_state)
            blocks[name] = {f"{name}: {part}": steps for part, steps in made.items()}
        elif is_spectrum(tuple(shape)) and len(data) >= MANY:
            blocks[name] = {f"{name}: components": [WhitenedComponents()]}
        else:
            blocks[name] = wide_blocks(name, shape, random_state)
    pictures = [name for name, shape in shapes.items() if is_picture(shape)]
    models = {Preset(None, (name,), "pixels"): _of(data, blocks, [name]) for name in pictures}
    if pictures and len(shapes) > 1:
        models[Preset("early", tuple(shapes), "pixels")] = _of(data, blocks, shapes)
    return models


def _of(data, blocks, names):
    """The blocks of some modalities, and a model that chooses their weights."""
    parts = {
        part: make_pipeline(Select(name), *steps)
        for name in names
        for part, steps in blocks[name].items()
    }
    quantity = data.task == "regression"
    model = BlockRidgeRegressor() if quantity else BlockRidgeClassifier()
    return Pipeline([("blocks", Blocks(parts)), ("model", model)])


def _alone(data, name, classifier, random_state):
    """Early fusion of a single modality: the same steps and the same model."""

    return early_fusion(data, modalities=[name], classifier=classifier, random_state=random_state)


def _forest(task, random_state):

    kind = RandomForestClassifier if task == "classification" else RandomForestRegressor
    return kind(random_state=random_state)


def on_features(data, raw=(), n_components=None, random_state=0, **options):
    """A net whose encoders are given features instead of pixels and bands.

    With some hundred samples this is where a net should begin: a table of features that
    somebody thought about, one linear layer for each modality, and a small head.

    Parameters
    ----------
    data : MultimodalData
        Shapes and task are looked at; nothing is fitted.
    raw : sequence of str
        Modalities that the net shall see as they are.
    n_components : int, optional
        Principal components of a spectrum, see `default_block`.
    random_state : int
    **options
        Of `mmlib.FusionClassifier`, or of `mmlib.FusionRegressor` for a quantity.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Steps "blocks", "selection" (see `mmlib.features.block_selection`) and "model". Give groups
        to ``fit`` by `mmlib.base.fit_options`; `mmlib.compare` does so by itself.

    Examples
    --------
    >>> import mmlib
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = mmlib.fusion.on_features(leaves, epochs=5).fit(leaves.X, leaves.y)
    >>> model.predict_proba(leaves.X).shape
    (100, 5)
    """

    unknown = [name for name in raw if name not in data.modalities]
    if unknown:
        raise DataError(
            f"raw names {unknown[0]!r}, but the modalities are {', '.join(data.modalities)}."
        )
    used = options.get("modalities") or data.modalities
    used = [used] if isinstance(used, str) else used
    encoders = {name: "table" for name in used if name not in raw}
    options = {"encoders": encoders, "random_state": random_state} | options
    estimator = FusionClassifier if data.task == "classification" else FusionRegressor
    blocks = feature_blocks(data, raw, n_components, random_state)
    steps = {"blocks": blocks, "selection": BlockSelection(used), "model": estimator(**options)}
    return Pipeline(list(steps.items()))


def on_tokens(data, n_windows=15, size=8, width=32, random_state=0, **options):
    """A net that is given windows of the spectra and squares of the pictures.

    Parameters
    ----------
    data : MultimodalData
        Shapes and task are looked at; nothing is fitted.
    n_windows, size : int
        See `windows` and `patches`. Spectra are pretreated first (standard normal variate);
        a table of less than 50 columns is a single token.
    width : int
        Length of each token, and of the head's hidden layer.
    random_state : int
    **options
        Of `mmlib.FusionClassifier`, or of `mmlib.FusionRegressor` for a quantity, such as
        ``fuse="co-attention"``.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Steps "blocks" and "model".

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.presets import on_tokens
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = on_tokens(leaves, fuse="co-attention", epochs=2).fit(leaves.X, leaves.y)
    >>> model.predict_proba(leaves.X).shape
    (100, 5)
    """

    used = options.get("modalities") or data.modalities
    used = [used] if isinstance(used, str) else used
    if "encoders" not in options:
        windows = {f"encoders__{name}__own": True for name in used if data.X[name].ndim == 2}
        options = {"encoders": dict.fromkeys(used, "tokens")} | windows | options
    options = {"width": width, "random_state": random_state} | options
    estimator = FusionClassifier if data.task == "classification" else FusionRegressor
    return Pipeline(
        [("blocks", token_blocks(data, n_windows, size)), ("model", estimator(**options))]
    )
