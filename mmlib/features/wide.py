"""The blocks of a model that stands wide tables: all there is to see, side by side."""

import numpy as np
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from .decomposition import Compress
from .images import ColorTexture
from .once import Once
from .outline import Outline
from .patch_features import PatchFeatures
from .thumbnail import Thumbnail

MEASURES = {"color": (None, -18), "texture": (-18, -7), "shape": (-7, None)}  # of ColorTexture
SMALL = 16  # pixels a side, under which a picture shows no object


def is_picture(shape):
    """Whether samples of this shape are pictures large enough to show an object."""
    return len(shape) == 3 and min(shape[:2]) >= SMALL


def picture_blocks():
    """What can be seen in a picture, in six blocks of scaled columns.

    Returns
    -------
    dict of str to list of transformers
        "color", "texture" and "shape" of the object; "outline": place and form of all that
        stands out; "patches": edges, bars, spots and ripples; "pixels": a thumbnail.

    Examples
    --------
    >>> from mmlib.features.wide import picture_blocks
    >>> list(picture_blocks())
    ['color', 'texture', 'shape', 'outline', 'patches', 'pixels']
    """
    blocks = {
        name: [Once(ColorTexture()), FunctionTransformer(columns, kw_args={"start": a, "stop": b})]
        for name, (a, b) in MEASURES.items()
    }
    parts = {"outline": Outline(), "patches": PatchFeatures(), "pixels": Thumbnail()}
    blocks |= {name: [Once(part)] for name, part in parts.items()}
    return {name: [*steps, StandardScaler()] for name, steps in blocks.items()}


def picture_union(n_components=15, random_state=0):
    """All that can be seen in a picture, in one table of few columns, for nets and trees.

    Parameters
    ----------
    n_components : int
        Principal components, at most, of patches and of pixels.
    random_state : int

    Returns
    -------
    sklearn.pipeline.FeatureUnion

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.features.wide import picture_union
    >>> leaves = mmlib.make_leaves(n_plants=10)
    >>> picture_union().fit_transform(leaves.X["image"]).shape
    (50, 111)
    """
    union = []
    for name, steps in picture_blocks().items():
        if name in ("patches", "pixels"):
            steps += [Compress(n_components, random_state=random_state), StandardScaler()]
        union.append((name, make_pipeline(*steps)))
    return FeatureUnion(union)


def columns(table, start=None, stop=None):
    """Some neighboring columns of a table."""
    return np.asarray(table)[:, start:stop]


def sort_pixels(pictures):
    """Pixels of each picture from dark to bright, without its mean: whichever way it is turned.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.wide import sort_pixels
    >>> sort_pixels(np.array([[[[3.0], [1.0]], [[2.0], [2.0]]]])).tolist()
    [[-1.0, 0.0, 0.0, 1.0]]
    """
    pictures = np.asarray(pictures, float)
    pixels = np.sort(pictures.reshape(len(pictures), -1, pictures.shape[3]), axis=1)
    return (pixels - pixels.mean(1, keepdims=True)).reshape(len(pixels), -1)


def sorted_pixels():
    """Steps that bring a very small picture to a block of `sort_pixels`."""
    return [FunctionTransformer(sort_pixels), StandardScaler()]


def mean_and_spread(spectra):
    """Mean and standard deviation of each spectrum, shape (samples, 2).

    Examples
    --------
    >>> from mmlib.features.wide import mean_and_spread
    >>> mean_and_spread([[1.0, 3.0]]).tolist()
    [[2.0, 1.0]]
    """
    spectra = np.asarray(spectra, float)
    return np.stack([spectra.mean(1), spectra.std(1)], axis=1)


def level_and_spread():
    """Steps that bring a spectrum to a block of `mean_and_spread`."""
    return [FunctionTransformer(mean_and_spread), StandardScaler()]
