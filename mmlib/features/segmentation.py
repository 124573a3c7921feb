"""Finding the object in a picture: whatever does not look like the picture's rim."""

import numpy as np
from scipy.ndimage import binary_fill_holes, label

from ..base import DataError

EPS = 0.02  # keeps logarithms of black finite; in units of full scale


def check_images(images):
    """Pictures as an array (samples, height, width, channels), or `DataError`."""
    images = np.asarray(images)
    if images.ndim != 4 or 0 in images.shape:
        raise DataError(
            f"Pictures have shape {images.shape}, but (samples, height, width, channels) is "
            "needed; add a channel to gray pictures with images[..., None]."
        )
    if min(images.shape[1:3]) < 5:
        raise DataError(
            f"Pictures are {images.shape[1]} x {images.shape[2]} pixels: features of color, "
            "texture and shape need at least 5 x 5."
        )
    if images.dtype.kind not in "buif":
        raise DataError(f"Pictures hold {images.dtype} values, not numbers.")
    if images.dtype.kind == "f" and not np.isfinite(images).all():
        row = int(np.flatnonzero(~np.isfinite(images).reshape(len(images), -1).all(1))[0])
        raise DataError(
            f"The picture in row {row} holds NaN or infinite pixels: fill them or drop the sample."
        )
    return images


def find_object(images):
    """Where the object is: pixels unlike the background, in one connected piece.

    The background is the rim of the picture. A plane is laid through the
    logarithm of each channel along the rim, so a lamp that is stronger on one
    side does no harm, and Otsu's threshold cuts the distance to that plane.

    Parameters
    ----------
    images : ndarray of shape (samples, height, width, channels)
        Brightness 0 to 1, or bytes.

    Returns
    -------
    ndarray of bool, shape (samples, height, width)
        All true for a picture in which nothing stands out.

    References
    ----------
    Otsu (1979), threshold, doi:10.1109/TSMC.1979.4310076.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.segmentation import find_object
    >>> image = np.full((1, 9, 9, 3), 200, np.uint8)
    >>> image[0, 3:6, 2:7] = [20, 120, 20]
    >>> int(find_object(image).sum())
    15
    """

    images = check_images(images)
    if images.dtype == np.uint8:
        images = images / 255
    n, height, width, channels = images.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    plane = np.stack([np.ones(x.size), x.ravel(), y.ravel()], axis=1)
    ring = max(1, min(height, width) // 24)
    rim = np.ones((height, width), bool)
    rim[ring:-ring, ring:-ring] = False
    pixels = np.log(images + EPS).reshape(n, height * width, channels)
    at_rim = np.linalg.pinv(plane[rim.ravel()]) @ pixels[:, rim.ravel()]  # (samples, 3, channels)
    away = pixels - (plane @ at_rim).astype(pixels.dtype)
    distance = np.sqrt((away**2).mean(2))
    found = distance > np.maximum(_otsu(distance), 0.01)[:, None]  # below 1 % is noise

    masks = np.ones((n, height, width), bool)
    for i, mask in enumerate(found.reshape(masks.shape)):
        pieces, count = label(mask)
        if count:
            sizes = np.bincount(pieces.ravel())[1:]
            masks[i] = binary_fill_holes(pieces == 1 + sizes.argmax())
    return masks


def _otsu(values, bins=64):
    """Otsu's threshold of each row of `values`, which start at 0."""
    n = len(values)
    top = np.maximum(np.quantile(values, 0.98, axis=1, keepdims=True), 1e-6)
    code = np.minimum(values / top * bins, bins - 1).astype(int)
    count = np.bincount((np.arange(n)[:, None] * bins + code).ravel(), minlength=n * bins)
    count = count.reshape(n, bins).astype(float)
    center = (np.arange(bins) + 0.5) / bins
    below, mass = count.cumsum(1), (count * center).cumsum(1)
    above = below[:, -1:] - below
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = mass / below - (mass[:, -1:] - mass) / above
    between = np.nan_to_num(below * above * gap**2)
    return (between.argmax(1) + 1) / bins * top[:, 0]
