"""Raw modality to features: spectra, pictures.

Names are imported when they are first used.
"""

import importlib

_HOME = {
    "PLS": "pls",
    "PLSDA": "pls",
    "spectrum_baselines": "spectra",
    "spectrum_steps": "spectra",
    "ColorTexture": "images",
    "find_object": "foreground",
    "image_baselines": "images",
    "with_features": "images",
    "convolve": "pixels",
    "flatten": "pixels",
    "gray_histogram": "pixels",
    "max_pool": "pixels",
    "mean_pool": "pixels",
    "power_spectrum": "pixels",
    "pyramid": "pixels",
    "Compress": "finals",
    "object_area": "scale",
    "scale_bar": "scale",
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
