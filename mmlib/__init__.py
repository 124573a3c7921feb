"""mmlib: the helper package of a course on fusing spectra with images.

Everything in it is the same picture, *encoders -> fuse -> head*: each modality
is turned into numbers, the numbers meet somewhere, something decides.

Names are imported when they are first used, so that ``import mmlib`` is quick.
"""

import importlib

__version__ = "0.1.0"

_HOME = {
    "MultimodalData": "data.dataset",
    "DataError": "base",
    "Select": "data.dataset",
    "load_leaves": "data.leaves",
    "make_leaves": "data.leaves",
    "ceilings": "data.leaves.ceilings",
    "load_houston2013": "data.public.houston",
    "load_idtrees2020": "data.public.trees",
    "load_soil": "data.public.soil",
    "load_digits_and_speech": "data.public.speech",
    "load_ct_mri": "data.public.medical",
    "load_folder": "project.reading.load",
    "check_folder": "project.reading.load",
    "compare": "evaluation.compare",
    "save": "project.saving",
    "load": "project.saving",
    "FusionClassifier": "nets.estimators",
    "FusionRegressor": "nets.estimators",
    "SpreadRegressor": "fusion.heteroscedastic",
    "ConformalRegressor": "evaluation.conformal",
}
_MODULES = {
    "augment",
    "checks",
    "conformal",
    "corruptions",
    "data",
    "datasets",
    "encoders",
    "evaluation",
    "exercises",
    "explain",
    "features",
    "folder",
    "fusion",
    "leaves",
    "loop",
    "missing",
    "novelty",
    "plots",
    "pretraining",
    "robustness",
    "saving",
    "splits",
    "training",
    "uncertainty",
    "widgets",
}

__all__ = sorted(_HOME)


def __getattr__(name):
    if name in _HOME:
        return getattr(importlib.import_module(f"mmlib.{_HOME[name]}"), name)
    if name in _MODULES:
        return importlib.import_module(f"mmlib.{name}")
    raise AttributeError(f"mmlib has no name {name!r}; it has {', '.join(__all__)}")


def __dir__():
    return sorted({*__all__, *_MODULES, "__version__"})
