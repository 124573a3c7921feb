"""Changed copies of pictures: turned, mirrored, scaled, shifted, in other light.

For what is *measured on each copy*, so that nothing has to stay the same and nothing is lost: a
mirrored copy has its blob on the other side, and what is measured on it says so. For labels,
which are not measured anew, a mirror may change the truth: see `mmlib.nets.augment`.
"""

import numpy as np
import torch
import torch.nn.functional as F

TURN, SCALE, SHIFT = 25.0, 0.2, 0.06  # degrees; logarithm of the factor; share of the side
LIGHT, TINT, NOISE = 0.12, 0.06, 2 / 255  # spread of logarithms; of full scale
AT_ONCE = 400  # pictures, so that memory does not grow with their number


def changed_copies(images, n_copies, rng):
    """The pictures, followed by `n_copies` changed copies of all of them.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, channels), uint8 or uint16
        The type's full range is black to white.
    n_copies : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n * (1 + n_copies), height, width, channels), of the same type

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.nets.copies import changed_copies
    >>> images = np.full((2, 16, 16, 3), 100, np.uint8)
    >>> changed_copies(images, 4, np.random.default_rng(0)).shape
    (10, 16, 16, 3)
    """
    parts = [images[i : i + AT_ONCE] for i in range(0, len(images), AT_ONCE)]
    copies = [_changed(part, rng) for _ in range(n_copies) for part in parts]
    return np.concatenate([images, *copies])


def _changed(images, rng):
    n, height, width, channels = images.shape
    full = np.iinfo(images.dtype).max
    x = torch.from_numpy(images.astype(float)).permute(0, 3, 1, 2)
    angle = np.radians(rng.uniform(-TURN, TURN, n))
    size = np.exp(rng.uniform(-SCALE, SCALE, n))
    mirror = rng.choice([-1.0, 1.0], (2, n))
    move = 2 * rng.uniform(-SHIFT, SHIFT, (2, n))  # the sides are 2 long
    cos, sin = size * np.cos(angle), size * np.sin(angle)
    across = np.stack([cos * mirror[0], -sin * mirror[1] * height / width, move[0]], axis=1)
    down = np.stack([sin * mirror[0] * width / height, cos * mirror[1], move[1]], axis=1)
    places = torch.from_numpy(np.stack([across, down], axis=1))
    grid = F.affine_grid(places, x.shape, align_corners=False)
    x = F.grid_sample(x, grid, padding_mode="reflection", align_corners=False).numpy()
    light = LIGHT * rng.normal(size=(n, 1, 1, 1)) + TINT * rng.normal(size=(n, channels, 1, 1))
    x = x * np.exp(light) + NOISE * full * rng.normal(size=x.shape)
    return x.round().clip(0, full).astype(images.dtype).transpose(0, 2, 3, 1)
