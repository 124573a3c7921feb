"""Raw modality to features: spectra, pictures.

Names are imported when they are first used.
"""

import importlib

_HOME = {
    "PLS": "decomposition",
    "PLSDA": "decomposition",
    "spectrum_baselines": "baselines",
    "spectrum_steps": "spectra",
    "ColorTexture": "images",
    "find_object": "segmentation",
    "image_baselines": "baselines",
    "with_features": "images",
    "flatten": "images",
    "Compress": "decomposition",
    "object_area": "scale_bar",
    "scale_bar": "scale_bar",
}

__all__ = sorted(_HOME)


def __getattr__(name):
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    if name in {"finals", "foreground", "images", "measures", "pixels", "pls", "scale", "spectra"}:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"mmlib.features has no name {name!r}; it has {', '.join(__all__)}")


def __dir__():
    return __all__
