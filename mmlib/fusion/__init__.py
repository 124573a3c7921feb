"""Ways to fuse, one file each, in the order of the course.

Names are imported when they are first used, so that the classical ones need no torch.
"""

import importlib

_HOME = {
    "aligned_fusion": "cca",
    "early_fusion": "early",
    "late_fusion": "late",
    "graph_fusion": "graph",
    "ladder": "presets",
    "on_features": "presets",
}
_MODULES = {
    "aligned",
    "alignment",
    "attention",
    "blocks",
    "contrastive",
    "early",
    "embedding",
    "few_labels",
    "graph",
    "intermediate",
    "late",
    "maps",
    "retrieval",
    "rungs",
    "tensor",
    "tokens",
    "transformer",
}

__all__ = sorted(_HOME)


def __getattr__(name):
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"mmlib.fusion has no name {name!r}; it has {', '.join(__all__)}")


def __dir__():
    return sorted({*__all__, *_MODULES})
