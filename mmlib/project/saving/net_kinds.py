"""What is kept of nets: the lines of the table that need torch, as in `mmlib.project.saving.kinds`.

A net is built anew from settings by the code of this package. Its weights are a list of arrays
in the order that the new net has them; each must have the shape that is needed there, before
any memory is taken for it.
"""

import re
from functools import partial

import numpy as np
import torch

from ...fusion.embedding import ContrastiveEmbedding
from ...fusion.graph import GraphClassifier, GraphRegressor
from ...fusion.heteroscedastic import SpreadRegressor
from ...fusion.intermediate import FUSES, FusionClassifier, FusionRegressor
from ...fusion.tensor import CountSketch
from ...nets import encoders
from ...nets.augment import jitter, light, mirror_and_shift
from ...nets.components import SpectrumComponents
from ...nets.defaults import ENCODERS
from ...nets.loop import own_randomness
from ...nets.options import known_options
from ...nets.sequences import FramesCNN, RecurrentEncoder, TemporalCNN, TemporalMean, WordLSTM
from ...nets.taught import TaughtImage
from ...nets.taught_pictures import TaughtPictures
from .slots import kind, require

_ENCODERS = (
    encoders.TableEncoder, encoders.SpectrumCNN, encoders.ImageCNN, encoders.TokenEncoder,
    encoders.default_encoder, encoders.cnn, SpectrumComponents, TaughtImage, WordLSTM, FramesCNN,
    RecurrentEncoder, TemporalCNN, TemporalMean,
)  # fmt: skip
NAMED = {
    "augment": {function.__name__: function for function in (jitter, light, mirror_and_shift)},
    "encoder": {make.__name__: make for make in _ENCODERS} | ENCODERS,
    "fuse": {make.__name__: make for make in FUSES.values()} | FUSES,
}
MOST_MODALITIES, MOST_LAYERS = 20, 20
DEVICES = r"auto|cpu|mps|cuda(:\d)?"
_NET = (
    "augment:@augment? encoders:{@encoder}? fuse:@fuse modalities:plain shapes_:plain "
    "n_outputs_:whole scaling_:plain _as_built:any? history_:plain weights_:[array] "
)
_CLASSES, _QUANTITIES = (
    "classes_:labels(c) temperature_:number",
    "target_scaling_:plain single_:truth",
)
_GRAPH = " references_:plain links_:[sparse] transduction_:labels(n)|f(n)|f(n,t)"


def _state(estimator):
    """Weights as a list, and settings of the fit where they have been changed since."""
    state = estimator.__getstate__()
    if "weights_" in state:
        state["weights_"] = list(state["weights_"].values())
        as_built, now = state.get("_as_built"), estimator.get_params(deep=False)
        changed = as_built is not None and as_built != now
        state["_as_built"] = type(estimator)(**as_built) if changed else None
    return state


def _options(cls, settings):
    """Names of all options that the parts of a net have: those in a file must be among them."""
    like, names = cls(**settings), []
    if "fuse" in settings:
        names += [f"fuse__{name}" for name in known_options(like._part("fuse"), 1) or ()]
    for modality in settings.get("encoders") or ():
        part = f"encoders__{modality}"
        names += [f"{part}__{name}" for name in known_options(like._part(part), 2) or ()]
    return names


def _build(estimator, state):
    """The net for the weights, once it is sure that they belong to it."""
    state, cls = dict(state), type(estimator)
    require(re.fullmatch(DEVICES, str(estimator.device)), "device")
    if "weights_" not in state:
        vars(estimator).update(state)
        return
    like = state.pop("_as_built", None) or cls(**estimator.get_params(deep=False))
    require(type(like) is cls, "_as_built")
    like.shapes_, like.n_outputs_ = shapes, n_outputs = state["shapes_"], state["n_outputs_"]
    _check_sizes(like, shapes, n_outputs)
    _check_scaling(state, shapes, n_outputs)
    weights = _named(state.pop("weights_"), like)
    estimator.__setstate__(state | {"_as_built": like.get_params(deep=False), "weights_": weights})
    for part in estimator.net_.modules():
        if isinstance(part, CountSketch):
            require(0 <= part.bins.min() and part.bins.max() < part.width, "bins")


def _named(weights, like):
    """Weights by name, once it is sure that they have the shapes of the net to be built."""
    with own_randomness(0), torch.device("meta"):  # without memory
        wanted = like.build_net().state_dict()
    require(len(weights) == len(wanted), "weights_")
    for x, there in zip(weights, wanted.values(), strict=True):
        kind_there = "f" if there.is_floating_point() else "i"
        require(x.shape == tuple(there.shape) and x.dtype.kind == kind_there, "weights_")
    return dict(zip(wanted, weights, strict=True))


def _listed(estimator):
    state = dict(vars(estimator))
    return state | {"weights_": list(state["weights_"].values())} if "weights_" in state else state


def _teach(estimator, state):
    """An encoder of pictures, whose weights and scaling belong to the shape of the pictures."""
    state = dict(state)
    require(re.fullmatch(DEVICES, str(estimator.device)), "device")
    if "weights_" in state:
        shape = estimator.shape_ = state["shape_"]
        _check_sizes(estimator, {"pictures": shape}, 1)
        _check_scaling({"scaling_": {"pictures": state["scaling_"]}}, {"pictures": shape}, 1)
        state["weights_"] = _named(state["weights_"], estimator)
        require(state["said_"].shape[0] == TaughtImage.taught, "said_")
    vars(estimator).update(state)


def _check_sizes(like, shapes, n_outputs):
    """Before a net is built: no more parts and layers than a net of the course may have."""
    require(isinstance(shapes, dict) and 0 < len(shapes) <= MOST_MODALITIES, "shapes_")
    for name, shape in shapes.items():
        require(isinstance(name, str) and isinstance(shape, tuple) and len(shape) <= 3, "shapes_")
        require(all(type(n) is int and 0 < n <= 1_000_000 for n in shape), "shapes_")
    require(0 < n_outputs <= 100_000, "n_outputs_")
    fuse = getattr(like, "fuse", None)
    layers = getattr(fuse, "keywords", {}).get("layers", getattr(like, "fuse__layers", 1))
    require(type(layers) is int and layers <= MOST_LAYERS, "layers")


def _check_scaling(state, shapes, n_outputs):
    """What data are divided by is above zero, and there is one for each column or color."""
    scaling = state["scaling_"]
    require(isinstance(scaling, dict) and scaling.keys() == shapes.keys(), "scaling_")
    for name, (center, scale) in scaling.items():
        require(np.shape(center) == shapes[name][-1:], "scaling_")
        require(np.shape(scale) in ((), shapes[name][-1:]) and np.min(scale) > 0, "scaling_")
    require(state.get("temperature_", 1.0) > 0, "temperature_")
    if "target_scaling_" in state:
        center, scale = state["target_scaling_"]
        require(np.shape(center) == np.shape(scale) and np.min(scale) > 0, "target_scaling_")
        require(np.size(center) in (n_outputs, n_outputs / 2), "target_scaling_")  # with spreads
    if "references_" in state:
        references, links = state["references_"], state["links_"]
        require(isinstance(references, dict) and references.keys() == shapes.keys(), "references_")
        n = len(next(iter(references.values())))
        for name, x in references.items():
            require(x.dtype.kind == "f" and x.shape == (n, *shapes[name]), "references_")
        require(0 < len(links) <= len(shapes), "links_")
        require(all(x.shape == (n, n) and (x.data >= 0).all() for x in links), "links_")


KINDS = {
    cls.__name__: kind(cls, _NET + slots, take=_state, put=_build, options=partial(_options, cls))
    for cls, slots in (
        (FusionClassifier, _CLASSES),
        (FusionRegressor, _QUANTITIES),
        (SpreadRegressor, _QUANTITIES),
        (GraphClassifier, _CLASSES + _GRAPH),
        (GraphRegressor, _QUANTITIES + _GRAPH),
        (ContrastiveEmbedding, "temperature_:number"),
    )
}
KINDS["TaughtPictures"] = kind(
    TaughtPictures,
    "targets:any? shape_:plain bytes_:truth scaling_:plain weights_:[array] said_:f(t,m)",
    take=_listed,
    put=_teach,
)
