"""What can be done to a picture before any feature is named.

A few lines each, to be read: what a convolution, a pooling and a pyramid do to
a picture.
"""

import numpy as np
from scipy.signal import correlate2d

from ..base import DataError


def convolve(image, kernel, stride=1):
    """Slide a small weight pattern over a gray picture and sum at each place.

    This is the convolution of neural networks: the kernel is not flipped, and it
    stays inside the picture, which therefore shrinks.

    Parameters
    ----------
    image : array-like of shape (height, width)
    kernel : array-like of shape (rows, columns)
    stride : int
        Step from one place to the next, in pixels.

    Returns
    -------
    ndarray of shape ((height - rows) // stride + 1, (width - columns) // stride + 1)

    Raises
    ------
    DataError
        When either is not two-dimensional, or the kernel is larger than the picture.

    Examples
    --------
    >>> from mmlib.course.pixels import convolve
    >>> convolve([[0, 0, 5, 5]], [[-1, 1]]).tolist()  # an edge detector
    [[0, 5, 0]]
    """
    image, kernel = np.asarray(image), np.asarray(kernel)
    if image.ndim != 2 or kernel.ndim != 2 or np.any(np.less(image.shape, kernel.shape)):
        raise DataError(
            f"A kernel of shape {kernel.shape} cannot slide over a picture of shape {image.shape}: "
            "both need two dimensions, and the kernel must fit in."
        )
    return correlate2d(image, kernel, mode="valid")[::stride, ::stride]


def max_pool(image, size=2):
    """The largest value of each `size` x `size` tile: was the pattern anywhere here?

    Rows and columns that do not fill a tile are dropped. Takes (height, width) or
    (height, width, channels).

    Examples
    --------
    >>> from mmlib.course.pixels import max_pool
    >>> max_pool([[1, 2, 0, 0], [3, 4, 0, 9]]).tolist()
    [[4, 9]]
    """
    return _tiles(image, size).max((1, 3))


def mean_pool(image, size=2):
    """The mean of each `size` x `size` tile: how much of the pattern is here?

    Shapes as for `max_pool`.

    Examples
    --------
    >>> from mmlib.course.pixels import mean_pool
    >>> mean_pool([[1, 2, 0, 0], [3, 4, 0, 8]]).tolist()
    [[2.5, 2.0]]
    """
    return _tiles(image, size).mean((1, 3))


def _tiles(image, size):
    image = np.asarray(image)
    if image.ndim not in (2, 3) or size < 1 or min(image.shape[:2]) < size:
        raise DataError(
            f"A picture of shape {image.shape} has no tiles of {size} x {size} pixels: "
            "give one picture, (height, width) or (height, width, channels), and a smaller tile."
        )
    rows, columns = image.shape[0] // size, image.shape[1] // size
    cut = image[: rows * size, : columns * size]
    return cut.reshape(rows, size, columns, size, *image.shape[2:])


def pyramid(image, levels=3):
    """The picture, and the same at half the resolution, a quarter, ...

    Parameters
    ----------
    image : array-like of shape (height, width) or (height, width, channels)
    levels : int
        Number of pictures, the original included.

    Returns
    -------
    list of ndarray

    Raises
    ------
    DataError
        When the picture is too small for so many levels.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.pixels import pyramid
    >>> [level.shape for level in pyramid(np.zeros((48, 48, 3)), levels=3)]
    [(48, 48, 3), (24, 24, 3), (12, 12, 3)]
    """
    pictures = [np.asarray(image, dtype=float)]
    while len(pictures) < levels:
        pictures.append(mean_pool(pictures[-1]))
    return pictures
