"""A hyperspectral cube as a table: counts to reflectance, object to spectrum, pictures to texture.

Each sample is treated by itself and no label is looked at, so all of this may be done before a
split. Which wavelengths are kept is another matter: `mmlib.features.wavelengths`.
"""

import numpy as np
from scipy.ndimage import binary_erosion, binary_fill_holes, label
from skimage.feature import graycomatrix, graycoprops, local_binary_pattern

from ..base import DataError

LEVELS = 16  # gray levels of a co-occurrence matrix
GLCM = ("contrast", "homogeneity", "energy", "correlation")
LBP_CODES = 10  # uniform patterns of eight neighbors: 0 to 8 bright ones in a row, and all others
MEASURES = ("mean", "spread", *GLCM, *(f"pattern {k}" for k in range(LBP_CODES)))


def to_reflectance(raw, white, dark, tile=1.0):
    """Counts of a camera to reflectance: what came back, over what a white tile sent back.

    Parameters
    ----------
    raw : array-like of shape (samples, height, width, bands)
        Counts.
    white, dark : array-like of shape (samples, width, bands), or any that broadcasts to it
        Counts of a white tile and of the closed shutter, for each column of the picture, as a
        camera has them that scans line by line.
    tile : float
        Reflectance of the tile, 0 to 1.

    Returns
    -------
    ndarray of float32, shape of `raw`
        May lie below 0 and above 1, by noise and where something shines.

    Raises
    ------
    DataError
        Where the white tile is not brighter than the closed shutter.

    Examples
    --------
    >>> from mmlib.features.cube_measures import to_reflectance
    >>> to_reflectance([[[[1100.0]]]], white=[[[2100.0]]], dark=[[[100.0]]]).tolist()
    [[[[0.5]]]]
    """
    white, dark = np.asarray(white, np.float32), np.asarray(dark, np.float32)
    light = white - dark
    if not (light > 0).all():
        raise DataError(
            f"The white reference is not brighter than the dark one in {int((light <= 0).sum())} "
            "places: were the two exchanged, or was the lamp off?"
        )
    values = np.array(raw, np.float32)  # cubes are large: one copy only
    values -= dark[..., None, :, :]  # the same in every row
    values *= tile / light[..., None, :, :]
    return values


def find_plants(cubes, wavelengths, threshold=0.3):
    """Where leaves are: pixels that send back far more infrared than red light.

    The *normalized difference* of 800 and 670 nm is near 0 for soil, trays and paper and well
    above for anything with chlorophyll. The largest piece is kept and its holes are filled, so
    that dead spots inside a leaf belong to it.

    Parameters
    ----------
    cubes : ndarray of shape (samples, height, width, bands)
        Reflectance.
    wavelengths : array-like of shape (bands,), nm
    threshold : float

    Returns
    -------
    ndarray of bool, shape (samples, height, width)

    Raises
    ------
    DataError
        When the camera sees no red or no infrared, or a picture shows no plant.

    References
    ----------
    Tucker (1979), red and infrared combinations, doi:10.1016/0034-4257(79)90013-0.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.cube_measures import find_plants
    >>> cubes = np.full((1, 4, 4, 2), 0.3)
    >>> cubes[0, 1:3, 1:3] = [0.05, 0.5]  # red, infrared
    >>> int(find_plants(cubes, [670, 800]).sum())
    4
    """
    axis = np.asarray(wavelengths, float)
    red, infrared = (int(np.abs(axis - at).argmin()) for at in (670, 800))
    if abs(axis[red] - 670) > 30 or abs(axis[infrared] - 800) > 50:
        raise DataError(
            f"Plants are found by red (670 nm) and infrared (800 nm), but the camera sees "
            f"{axis.min():g} to {axis.max():g} nm: use mmlib.features.find_object."
        )
    red, infrared = (np.asarray(cubes[..., k], float) for k in (red, infrared))
    green = infrared - red > threshold * np.maximum(infrared + red, 1e-6)
    masks = np.zeros(green.shape, bool)
    for k, one in enumerate(green):
        pieces, count = label(one)
        if not count:
            raise DataError(f"The picture in row {k} shows no plant: leave this sample out.")
        masks[k] = binary_fill_holes(pieces == 1 + np.bincount(pieces.ravel())[1:].argmax())
    return masks


def mean_spectra(cubes, masks, margin=1):
    """Mean spectrum of each object, without its rim.

    Parameters
    ----------
    cubes : ndarray of shape (samples, height, width, bands)
    masks : ndarray of bool, shape (samples, height, width)
    margin : int
        So many pixels at the rim are left out, because they are part object, part background.

    Returns
    -------
    ndarray of shape (samples, bands)

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.cube_measures import mean_spectra
    >>> cubes = np.arange(18.0).reshape(1, 3, 3, 2)
    >>> mean_spectra(cubes, np.ones((1, 3, 3), bool), margin=0).tolist()
    [[8.0, 9.0]]
    """
    return np.array(
        [
            cube[_core(mask, margin)].mean(0, dtype=float)
            for cube, mask in zip(cubes, masks, strict=True)
        ]
    )


def band_table(cubes, masks, margin=1):
    """What the object looks like at each wavelength: its mean, its spread and its texture.

    Texture is taken of the picture over its own mean, so a brighter lamp changes nothing but the
    mean. Two kinds are computed: four properties of the *gray level co-occurrence matrix* (how
    often gray levels are neighbors), averaged over four directions; and how often each *local
    binary pattern* occurs (which of its eight neighbors are at least as bright as a pixel).

    Parameters
    ----------
    cubes, masks, margin
        As for `mean_spectra`.

    Returns
    -------
    ndarray of shape (samples, bands, 16)
        In the order of `MEASURES`.

    References
    ----------
    Haralick, Shanmugam & Dinstein (1973), doi:10.1109/TSMC.1973.4309314; Ojala, Pietikainen &
    Maenpaa (2002), doi:10.1109/TPAMI.2002.1017623.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.cube_measures import MEASURES, band_table
    >>> table = band_table(np.full((1, 6, 6, 2), 0.4), np.ones((1, 6, 6), bool))
    >>> table.shape, dict(zip(MEASURES, table[0, 0].round(2).tolist()))["homogeneity"]
    ((1, 2, 16), 1.0)
    """
    table = np.empty((len(cubes), cubes.shape[-1], len(MEASURES)))
    for k, (cube, mask) in enumerate(zip(cubes, masks, strict=True)):
        core = _core(mask, margin)
        rows, columns = np.flatnonzero(core.any(1)), np.flatnonzero(core.any(0))
        box = (
            slice(max(rows[0] - 1, 0), rows[-1] + 2),
            slice(max(columns[0] - 1, 0), columns[-1] + 2),
        )
        cube, core = cube[box].astype(float), core[box]  # with one pixel around, for neighbors
        pixels = cube[core]
        mean = pixels.mean(0)
        scale = np.maximum(mean, 1e-6)
        gray = np.clip(cube / scale * (LEVELS / 2), 0, LEVELS - 0.01).astype(np.uint8)
        gray = np.where(core[..., None], gray + 1, 0)  # level 0 is beside the object
        table[k, :, 0], table[k, :, 1] = mean, pixels.std(0) / scale
        table[k, :, 2 : 2 + len(GLCM)] = _co_occurrence(gray)
        table[k, :, 2 + len(GLCM) :] = _patterns(cube / scale, core)
    return table


def _core(mask, margin):
    """The object without its rim; all of it where nothing else would be left."""
    core = binary_erosion(mask, iterations=margin) if margin else mask
    return core if core.any() else mask


def _co_occurrence(gray):
    """Properties of the co-occurrence matrix of each band, (bands, 4); level 0 does not count."""
    turns = np.pi / 4 * np.arange(4)
    pairs = np.stack(
        [
            graycomatrix(gray[..., band], [1], turns, LEVELS + 1, symmetric=True)[1:, 1:, 0].sum(2)
            for band in range(gray.shape[-1])
        ],
        axis=2,
    )[..., None]
    return np.column_stack([graycoprops(pairs, name)[:, 0] for name in GLCM])


def _patterns(cube, core):
    """Shares of the uniform local binary patterns in each band, (bands, 10)."""
    shares = np.empty((cube.shape[-1], LBP_CODES))
    with np.errstate(invalid="ignore"):
        for band in range(cube.shape[-1]):
            whole = np.round(cube[..., band] * 1000).astype(np.int32)  # floats are warned of
            code = local_binary_pattern(whole, 8, 1, "uniform")[core].astype(int)
            shares[band] = np.bincount(code, minlength=LBP_CODES) / len(code)
    return shares
