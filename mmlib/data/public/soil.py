"""LimeSoDa: soils with laboratory values, spectra and sensors."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pooch

from ...base import DataError
from ..dataset import MultimodalData

# The package keeps column names as pickles, which are not loaded here; the order of the
# columns is known for the pinned files, those of this version.
_VERSION = "0.1.5"
_FILES = {
    "SA.112": "3fc4f899e56d4be4648eb2a5673e8c9fb6d193418631c369c9b415839dcad429",
    "BB.250": "be0be54be8d18180fa5e09097bb5cc692578d3f15b1a0caafd45cfb72f515f4a",
}
_BLOCKS = {
    "SA.112": {
        "spectrum": slice(11, 1412),  # near infrared, 1000 to 2400 nm
        "sensors": [5, 6, 7, 8, 9, 10, 1412],  # conductivity, gamma counts, pH electrode
        "terrain": [3, 4, 1413, 1414],  # altitude, slope, NDVI, GNDVI
    },
    "BB.250": {
        "satellite": slice(8, 20),  # ten Sentinel-2 bands, NDVI, GNDVI
        "sensors": [5, 6, 7],  # conductivity, gamma counts, pH electrode
        "terrain": [3, 4],  # altitude, slope
    },
}
_TARGETS = {"organic_carbon": (0, "organic carbon (%)"), "pH": (1, "pH"), "clay": (2, "clay (%)")}
BLOCK = 150.0  # m


def load_soil(name="SA.112", target="pH"):
    """Soil samples of one field, with spectra and sensors. No download: needs an extra.

    Parameters
    ----------
    name : {"SA.112", "BB.250"}
        112 samples with laboratory near-infrared spectra, or 250 samples with Sentinel-2
        bands and coordinates.
    target : {"pH", "organic_carbon", "clay"}

    Returns
    -------
    MultimodalData
        For "SA.112": "spectrum" (112, 1401), 1000 to 2400 nm, "sensors" (112, 7), "terrain"
        (112, 4). There are no coordinates, hence no groups: scores are optimistic. For "BB.250":
        "satellite" (250, 12), "sensors" (250, 3), "terrain" (250, 2); groups are square
        blocks of 150 m, and ``info`` has the coordinates.

    Raises
    ------
    DataError
        For another name, or when the extra "soil" is missing or altered.

    References
    ----------
    Schmidinger et al. (2025), LimeSoDa, https://arxiv.org/abs/2502.20139. License CC BY-SA 4.0.

    Examples
    --------
    >>> import mmlib
    >>> soil = mmlib.load_soil("SA.112", target="pH")  # doctest: +SKIP
    """
    if name not in _FILES:
        raise DataError(f"There is no soil data set {name!r}: take one of {', '.join(_FILES)}.")
    if target not in _TARGETS:
        raise DataError(f"There is no target {target!r}: take one of {', '.join(_TARGETS)}.")
    column, label = _TARGETS[target]
    path = _find(name)
    with np.load(path, allow_pickle=False) as stored:
        table = stored["dataset_data"]
        groups = info = None
        if name == "BB.250":
            place = stored["coordinates_data"]
            info = {"east (m)": place[:, 0], "north (m)": place[:, 1]}
            block = np.floor(place / BLOCK).astype(int)
            groups = np.unique(block, axis=0, return_inverse=True)[1].ravel()
    blocks = _BLOCKS[name]
    return MultimodalData(
        {key: table[:, columns].astype(np.float32) for key, columns in blocks.items()},
        y=table[:, column],
        groups=groups,
        axes={"spectrum": np.arange(1000.0, 2401.0)} if "spectrum" in blocks else None,
        target_names=[label],
        task="regression",
        name=f"soil {name}",
        info=info,
        meta={
            "license": "CC BY-SA 4.0",
            "citation": "Schmidinger et al. (2025), arXiv:2502.20139",
            "split": "no coordinates: optimistic" if groups is None else "by block of 150 m",
        },
    )


def _find(name):
    package = find_spec("LimeSoDa")
    if package is None:
        raise DataError('The soil data come with a package: run pip install "mmlib[soil]".')
    path = Path(package.origin).parent / "data" / f"{name}.npz"
    if not path.is_file() or pooch.file_hash(str(path)) != _FILES[name]:
        raise DataError(
            f"{path} is not the published file, or of another version: run "
            f"pip install --force-reinstall --no-deps limesoda=={_VERSION}."
        )
    return path
