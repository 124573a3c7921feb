"""Form and place of what stands out in a picture, in numbers that noise hardly touches.

`mmlib.features.measures.shape_features` counts pixels of a mask that is either true or
false. Here every pixel belongs to the object to a degree, so that moments average the noise
away: they tell a square from a disk of 12 pixels in a photograph in which nobody would
trace the edge.
"""

import numpy as np
from scipy.ndimage import gaussian_filter
from sklearn.base import BaseEstimator, TransformerMixin

from .shrinking import in_parts, shrink

RINGS = (0.5, 0.85, 1.15, 1.6)  # in radii of the disk of the same area
WAVES = 8  # around the object: 4 is a square, 7 a flower of seven leaves


class Outline(TransformerMixin, BaseEstimator):
    """Moments of whatever stands out from the rim of a picture, each picture by itself.

    Place, area, contrast, length and width, direction, and how the object fills rings around
    its middle: on average, and in 1 to 8 waves around, whichever way it is turned. Brightness
    and contrast of the picture do not matter, nor in how many pieces the object lies.

    Parameters
    ----------
    side : int
        To which the shorter side of a larger picture is brought.
    smooth : float
        Standard deviation, in pixels of a picture of 32 by 32, of the smoothing before.

    References
    ----------
    Hu (1962), moments of a shape, doi:10.1109/TIT.1962.1057692; waves around the middle:
    Teague (1980), Image analysis via the general theory of moments, doi:10.1364/JOSA.70.000920.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.outline import Outline
    >>> picture = np.zeros((1, 32, 32, 1))
    >>> picture[0, 4:12, 20:28] = 1  # upper right
    >>> outline = Outline()
    >>> found = dict(zip(outline.get_feature_names_out(), outline.fit_transform(picture)[0]))
    >>> bool(found["right"] > 0.4), bool(found["down"] < -0.4)
    (True, True)
    """

    def __init__(self, side=32, smooth=1.0):
        self.side = side
        self.smooth = smooth

    def fit(self, X, y=None):
        """Learn nothing."""
        return self

    def transform(self, X):
        """Features, shape (samples, 48)."""
        return in_parts(lambda images: np.stack(list(self._columns(images).values()), 1), X)

    def get_feature_names_out(self, input_features=None):
        """Names of the features, in the order of the columns."""
        return np.array(list(self._columns(np.zeros((1, 5, 5, 1)))), dtype=object)

    def __sklearn_is_fitted__(self):
        return True

    def _columns(self, images):
        images = shrink(images, self.side)
        belongs, contrast = find_degrees(images, self.smooth * min(images.shape[1:3]) / 32)
        _, height, width = belongs.shape
        y, x = np.mgrid[:height, :width] - np.array([height - 1, width - 1])[:, None, None] / 2
        area = belongs.sum((1, 2))

        def average(values):
            return (belongs * values).sum((1, 2)) / np.maximum(area, 1)

        right, down = average(x), average(y)
        dx, dy = x - right[:, None, None], y - down[:, None, None]
        xx, yy, xy = average(dx * dx), average(dy * dy), average(dx * dy)
        both, apart = xx + yy, np.hypot(xx - yy, 2 * xy)
        long, wide = (both + apart) / 2, np.maximum(both - apart, 0) / 2
        radius = np.sqrt((area + 1) / np.pi)
        right, down = 2 * right / width, 2 * down / height
        columns = {
            "right": right,
            "down": down,
            "off middle right": abs(right),
            "off middle down": abs(down),
            "log area": np.log(area / (height * width) + 0.002),
            "contrast": contrast,
            "log length": np.log(long + 1),
            "log width": np.log(wide + 1),
            "width over length": np.sqrt((wide + 0.1) / (long + 0.1)),
            "log spread over area": np.log((both + 0.1) / radius**2),
            "lies along right": (xx - yy) / (both + 0.1),
            "lies along falling diagonal": 2 * xy / (both + 0.1),
        }
        distance = np.hypot(dx, dy)
        turn = (dx + 1j * dy) / np.maximum(distance, 1e-9)
        ring = (distance / radius[:, None, None])[..., None] - np.array(RINGS)
        ring = np.exp(-((ring / 0.25) ** 2))
        size = ring.sum((1, 2)) + 1e-9
        wave = belongs.astype(complex)
        for k in range(WAVES + 1):
            strength = abs(np.einsum("nyx,nyxr->nr", wave, ring)) / size
            for r, at in enumerate(RINGS):
                columns[f"{k} waves at radius {at}"] = strength[:, r]
            wave = wave * turn
        return columns


def find_degrees(images, smooth):
    """To what degree each pixel belongs to what stands out from the rim.

    A plane is laid through each channel along the rim, and the pictures are looked at along
    the one mixture of channels in which they differ most from it.

    Parameters
    ----------
    images : ndarray of float, shape (samples, height, width, channels)
    smooth : float
        Standard deviation of the smoothing, in pixels.

    Returns
    -------
    belongs : ndarray of shape (samples, height, width)
        From 0 to 1.
    contrast : ndarray of shape (samples,)
        Logarithm of how far the object stands out, over the spread along the rim.
    """
    n, height, width, channels = images.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    plane = np.stack([np.ones(x.size), x.ravel(), y.ravel()], axis=1)
    ring = max(1, min(height, width) // 16)
    rim = np.ones((height, width), bool)
    rim[ring:-ring, ring:-ring] = False
    rim = rim.ravel()
    pixels = gaussian_filter(images, (0, smooth, smooth, 0)).reshape(n, -1, channels)
    away = pixels - plane @ (np.linalg.pinv(plane[rim]) @ pixels[:, rim])
    scale = np.sqrt((away**2).mean((1, 2), keepdims=True))
    still = scale <= 1e-9 * np.maximum(abs(pixels).max((1, 2), keepdims=True), 1e-300)
    away = np.where(still, 0, away / np.where(still, 1, scale))
    weighted = away * (away**2).sum(2, keepdims=True)
    mixture = np.linalg.eigh(np.matmul(weighted.transpose(0, 2, 1), away))[1][:, :, -1]
    seen = np.matmul(away, mixture[:, :, None])[:, :, 0]
    seen = seen * np.where((seen**3).sum(1, keepdims=True) < 0, -1, 1)
    bright = np.maximum(seen, 0)
    level = (bright**3).sum(1) / np.maximum((bright**2).sum(1), 1e-9)
    contrast = np.log((level + 0.01) / (seen[:, rim].std(1) + 0.01))
    share = seen / np.maximum(level, 1e-9)[:, None]
    return np.clip(2 * share - 0.5, 0, 1).reshape(n, height, width), contrast
