"""One number a day from each instrument: how wet a leaf is, and how wide it looks."""

import numpy as np

from ..data.dataset import MultimodalData
from ..features.measures import shape_features
from ..features.segmentation import find_object

AT_ONCE = 500  # pictures, for memory's sake


def water_index(spectra, wavelengths):
    """Logarithm of reflectance at 1650 nm over that at 1450 nm, a band of water.

    Parameters
    ----------
    spectra : ndarray of shape (..., bands)
    wavelengths : ndarray of shape (bands,), nm

    Returns
    -------
    ndarray of shape (...)
        The more water, the higher; the gain of the instrument cancels.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.day_series import water_index
    >>> round(float(water_index(np.array([0.1, 0.3]), np.array([1450.0, 1650.0]))), 2)
    1.1
    """
    dry, wet = (
        np.asarray(spectra, float)[..., np.abs(wavelengths - nm).argmin()] for nm in (1650, 1450)
    )
    return np.log(dry / wet)


def leaf_width(pictures):
    """Logarithm of width over length of the leaf in each picture, whatever its distance.

    Parameters
    ----------
    pictures : ndarray of shape (..., height, width, channels)

    Returns
    -------
    ndarray of shape (...)
    """
    rows = pictures.reshape(-1, *pictures.shape[-3:])
    parts = [rows[k : k + AT_ONCE] for k in range(0, len(rows), AT_ONCE)]
    found = [shape_features(find_object(part))["width over length"] for part in parts]
    return np.log(np.concatenate(found)).reshape(pictures.shape[:-3])


def day_series(leaves):
    """Leaves of `mmlib.data.leaves.days.make_days` as two series, one number a day.

    Parameters
    ----------
    leaves : MultimodalData

    Returns
    -------
    MultimodalData
        "water" and "width", (leaves, days) each; the rest as it was.

    Examples
    --------
    >>> from mmlib.course.day_series import day_series
    >>> from mmlib.data.leaves.days import make_days
    >>> day_series(make_days(n_plants=4, n_days=5)).X["width"].shape
    (8, 5)
    """
    water = water_index(leaves.X["spectrum"], leaves.axes["spectrum"])
    return MultimodalData(
        {"water": water, "width": leaf_width(leaves.X["image"])},
        y=leaves.y,
        groups=leaves.groups,
        ids=leaves.ids,
        target_names=leaves.target_names,
        name=leaves.name,
        info=leaves.info,
        meta=leaves.meta,
    )


def by_shift(data, shifts=5):
    """Mean product of water and width over all leaves and days, for each shift of the width.

    Parameters
    ----------
    data : MultimodalData
        From `day_series`, over whole periods: the days that a shift moves out at the end come in
        at the front.
    shifts : int
        Days of a period.

    Returns
    -------
    ndarray of shape (shifts,)
    """
    water, width = (x - x.mean(1, keepdims=True) for x in (data.X["water"], data.X["width"]))
    return np.array([np.mean(water * np.roll(width, k, axis=1)) for k in range(shifts)])


def clock_shift(known, new):
    """The shift by which `known`, from `by_shift`, looks most like `new`.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.day_series import clock_shift
    >>> known = np.array([0.3, 0.1, -0.2, -0.2, 0.1])
    >>> clock_shift(known, np.roll(known, 2))
    2
    """
    alike = [np.corrcoef(np.roll(known, k), new)[0, 1] for k in range(len(known))]
    return int(np.argmax(alike))
