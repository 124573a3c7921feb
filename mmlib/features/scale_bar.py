"""Centimeters from pixels, by a scale bar of known length in the picture."""

import numpy as np

from .segmentation import check_images, find_object

CORNER = 6, 16  # height and width in pixels of the lower left corner that holds the bar


def scale_bar(images):
    """Length in pixels of a light, level scale bar in the lower left corner.

    A pixel that the bar covers in part counts in part.

    Parameters
    ----------
    images : ndarray of uint8, shape (samples, height, width, channels)

    Returns
    -------
    ndarray of shape (samples,)
        NaN where no bar can be seen, say because the picture is overexposed.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.scale_bar import scale_bar
    >>> image = np.full((1, 20, 20, 3), 60, np.uint8)
    >>> image[0, 16, 2:11] = 240
    >>> scale_bar(image).round(1).tolist()
    [9.0]
    """
    images = check_images(images)
    height, width = CORNER
    light = (images[:, -height:, :width].astype(float) ** 2.2).mean(3)  # brightness adds up so
    above = light - np.median(light, axis=1, keepdims=True)
    bar = above[np.arange(len(above)), above.mean(2).argmax(1)]  # the lightest row
    full = np.sort(bar, axis=1)[:, -5:-2].mean(1)
    seen = full > 0.05 * light.mean((1, 2))
    full = np.where(seen, full, np.nan)
    return np.clip(bar / full[:, None], 0, 1).sum(1)


def object_area(images, bar=2.0):
    """Area of the object in each picture, in square units of the bar.

    Parameters
    ----------
    images : ndarray of uint8, shape (samples, height, width, channels)
    bar : float
        True length of the scale bar, say in cm.

    Returns
    -------
    ndarray of shape (samples,)
        NaN where there is no bar to be seen.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.scale_bar import object_area
    >>> image = np.full((1, 20, 20, 3), 60, np.uint8)
    >>> image[0, 16, 2:12] = 240  # 10 pixels are 2 cm
    >>> image[0, 4:12, 5:15] = [20, 160, 20]  # 8 by 10 pixels
    >>> object_area(image).round(1).tolist()
    [3.2]
    """
    pixels = find_object(images).sum((1, 2))
    return pixels * (bar / scale_bar(images)) ** 2
