"""Houston 2013: hyperspectral and LiDAR pixels of a city, 15 kinds of land cover."""

import numpy as np
from scipy.io import loadmat
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ...base import DataError
from ..dataset import MultimodalData
from .download import fetch

_COMMIT = "cb0e1287c6011dfa127a9d2fb10991dbb47e9ac1"
URL = f"https://raw.githubusercontent.com/danfenghong/IEEE_TGRS_MDL-RS/{_COMMIT}"
FOLDER = "houston2013_train"
FILES = {  # name here: (path in the repository, SHA-256)
    "FC_HSI_TrSet.mat": (
        "MDL-RS_FC-Nets/HSI_LiDAR_FC/HSI_TrSet.mat",
        "06d547a98f454631c3d57be1e031c946ed2d7cff82d865acb9fa07f0be944321",
    ),
    "CNN_LiDAR_TrSet.mat": (
        "MDL-RS_CNNs/HSI_LiDAR_CNN/LiDAR_TrSet.mat",
        "0b2eeeceaa6cc1686c5cf22dc2be2b8c0f11d52ffb4de8003b71b76044d0fa8f",
    ),
    "FC_TrLabel.mat": (
        "MDL-RS_FC-Nets/HSI_LiDAR_FC/TrLabel.mat",
        "c1185317a8fd0a8b19a87163ca2d57ffc12f490f690e052c74120063f16fe2ae",
    ),
}
CLASSES = (
    "healthy grass, stressed grass, synthetic grass, tree, soil, water, residential, commercial, "
    "road, highway, railway, parking lot 1, parking lot 2, tennis court, running track"
).split(", ")
HEIGHT = 20  # of the 21 channels: the surface model itself


def load_houston2013(profiles=False):
    """Pixels of Houston: reflectance of 144 bands and the heights around them.

    Downloads 5 MB once. The data are those of the IEEE GRSS Data Fusion Contest 2013, for
    research use with citation.

    Parameters
    ----------
    profiles : bool
        Also give the 21 morphological attribute profiles of the heights, as a table.

    Returns
    -------
    MultimodalData
        "spectrum" (2832, 144), 380 to 1050 nm (evenly spaced, approximate); "height"
        (2832, 7, 7, 1), heights scaled to 0-1; 15 classes. Groups are connected regions:
        pixels whose pictures overlap.

    Raises
    ------
    DataError
        When the files cannot be fetched or were altered.

    References
    ----------
    Debes et al. (2014), doi:10.1109/JSTARS.2014.2305441 (the contest);
    Hong et al. (2021), doi:10.1109/TGRS.2020.3016820 (the files).

    Examples
    --------
    >>> import mmlib
    >>> data = mmlib.load_houston2013()  # doctest: +SKIP
    """
    spectrum = _read("FC_HSI_TrSet.mat", "HSI_TrSet")
    channels = _read("CNN_LiDAR_TrSet.mat", "LiDAR_TrSet").reshape(-1, 21, 7, 7)
    label = _read("FC_TrLabel.mat", "TrLabel").ravel().astype(int)
    X = {
        "spectrum": spectrum.astype(np.float32),
        "height": channels[:, HEIGHT, :, :, None].astype(np.float32),
    }
    if profiles:
        X["profiles"] = channels[:, :, 3, 3].astype(np.float32)
    return MultimodalData(
        X,
        y=label - 1,
        groups=find_regions(channels, label),
        axes={"spectrum": np.linspace(380, 1050, 144)},
        target_names=CLASSES,
        name="Houston 2013",
        meta={
            "license": "research use with citation; not to be shared further",
            "citation": "IEEE GRSS Data Fusion Contest 2013, doi:10.1109/JSTARS.2014.2305441",
            "split": "by connected region; some classes have only two, so use 2 folds",
        },
    )


def find_regions(channels, label):
    """Connected regions of pixels, found from their overlapping pictures.

    The files do not say where a pixel was. But the picture of a pixel and that of its
    neighbor share 6 of 7 columns (or rows), number for number, so neighbors can be
    recognized; regions are what neighbors of one class connect. Regions that lie two or
    three pixels apart stay two, although their pictures overlap a little.

    Parameters
    ----------
    channels : ndarray of shape (pixels, channels, 7, 7)
    label : ndarray of shape (pixels,)

    Returns
    -------
    ndarray of int, shape (pixels,)
        Number of the region, counted from 0.
    """

    links = []
    for down, right in [(0, 1), (1, -1), (1, 0), (1, 1)]:
        links += _overlaps(channels, down, right)
    links = [(i, j) for i, j in links if label[i] == label[j]]
    row, column = np.array(links).T if links else np.zeros((2, 0), int)
    graph = coo_array((np.ones(len(row)), (row, column)), shape=(len(label),) * 2)
    return connected_components(graph, directed=False)[1]


def _overlaps(channels, down, right):
    """Pairs (i, j) where picture j is picture i moved by (`down`, `right`) pixels."""
    height, width = channels.shape[2:]
    left, far = max(right, 0), width + min(right, 0)
    moved = channels[:, :, down:, left:far].reshape(len(channels), -1)
    start, stop = max(-right, 0), width - max(right, 0)
    still = channels[:, :, : height - down, start:stop].reshape(len(channels), -1)
    by_content = {}
    for j, content in enumerate(still):
        by_content.setdefault(content.tobytes(), []).append(j)
    found = []
    for i, content in enumerate(moved):
        found += [(i, j) for j in by_content.get(content.tobytes(), ()) if j != i]
    return found


def _read(name, variable):

    path, checksum = FILES[name]
    file = fetch(f"{FOLDER}/{name}", f"{URL}/{path}", checksum)
    contents = loadmat(file, variable_names=[variable])
    if variable not in contents:
        raise DataError(f"{file} has no variable {variable!r}: delete it and load again.")
    return contents[variable]
