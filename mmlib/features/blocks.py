"""Each modality becomes a block: a table of columns, by steps of its own.

The chemist's pretreatment, once for each instrument. Every rung stands on it: early
fusion puts the blocks side by side, a net takes them as they are.
"""

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin, clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.utils.validation import check_is_fitted, validate_data

from ..base import DataError, fit_options, is_spectrum, varies
from ..data.mapping import Samples, Select
from . import wide
from .decomposition import Compress
from .images import flatten
from .spectra import spectrum_steps
from .spectrum_block import SpectrumBlock
from .words import WordWeights, is_text


class Blocks(TransformerMixin, BaseEstimator):
    """Turn a mapping of modalities into a mapping of blocks.

    Parameters
    ----------
    blocks : mapping of str to transformer
        Name of the block -> what makes it from the whole mapping `X`, beginning with
        `mmlib.Select`. A block may have any name, and several blocks may come from one
        modality.

    Attributes
    ----------
    blocks_ : dict of str to fitted transformer

    Raises
    ------
    DataError
        When `blocks` is empty.

    Examples
    --------
    >>> import mmlib
    >>> from sklearn.decomposition import PCA
    >>> from sklearn.pipeline import make_pipeline
    >>> from mmlib.features.blocks import Blocks
    >>> leaves = mmlib.make_leaves(n_plants=10)
    >>> blocks = Blocks({"spectrum": make_pipeline(mmlib.Select("spectrum"), PCA(5))})
    >>> blocks.fit_transform(leaves.X)["spectrum"].shape
    (50, 5)
    """

    def __init__(self, blocks):
        self.blocks = blocks

    def fit(self, X, y=None, groups=None):
        """Fit every block; `y` and `groups` are passed on, for steps that use them."""
        if not self.blocks:
            raise DataError("Blocks needs at least one block: name -> transformer.")
        self.blocks_ = {
            name: clone(block).fit(X, y, **fit_options(block, groups))
            for name, block in self.blocks.items()
        }
        return self

    def transform(self, X):
        """Mapping of block name to array, samples first; floats unless it is a picture of bytes."""
        check_is_fitted(self)
        made = {name: block.transform(X) for name, block in self.blocks_.items()}
        return Samples({name: _floats(x) for name, x in made.items()})


class BlockScale(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Divide a whole block of columns by one number, so that blocks weigh the same.

    Parameters
    ----------
    by : {"variance", "columns"}
        "variance": by the root of the block's total variance in the training part,
        which is 1 afterwards. "columns": by the root of the number of columns, the
        same thing where each column has variance 1.

    Attributes
    ----------
    scale_ : float
        What the block is divided by; 1 for a block in which nothing varies.

    Raises
    ------
    DataError
        For another value of `by`.

    References
    ----------
    Westerhuis, Kourti & MacGregor (1998), multiblock PCA and PLS,
    doi:10.1002/(SICI)1099-128X(199809/10)12:5<301::AID-CEM515>3.0.CO;2-S.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.blocks import BlockScale
    >>> block = np.array([[3.0, 4.0], [-3.0, -4.0]])  # variances 9 and 16
    >>> BlockScale().fit_transform(block).tolist()
    [[0.6, 0.8], [-0.6, -0.8]]
    """

    def __init__(self, by="variance"):
        self.by = by

    def fit(self, X, y=None):
        """Measure the block, shape (samples, columns)."""
        X = validate_data(self, X, dtype=np.float64)
        if self.by not in ("variance", "columns"):
            raise DataError(f"BlockScale by {self.by!r}: it must be 'variance' or 'columns'.")
        weight = X.shape[1]
        if self.by == "variance":
            weight = X.var(0).sum() if varies(X).any() else 1.0
        self.scale_ = float(np.sqrt(weight))
        return self

    def transform(self, X):
        """The block over `scale_`, same shape."""
        check_is_fitted(self)
        return validate_data(self, X, dtype=np.float64, reset=False) / self.scale_


def feature_blocks(data, raw=(), n_components=None, random_state=0):
    """`Blocks` with the default steps for each modality of some data.

    Parameters
    ----------
    data : MultimodalData
        Only shapes are looked at; nothing is fitted.
    raw : sequence of str
        Modalities that are passed on as they are.
    n_components, random_state
        See `default_block`.

    Returns
    -------
    Blocks

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.features.blocks import feature_blocks
    >>> leaves = mmlib.make_leaves(n_plants=10)
    >>> blocks = feature_blocks(leaves).fit_transform(leaves.X)
    >>> blocks["spectrum"].shape, blocks["image"].shape
    ((50, 15), (50, 111))
    """

    blocks = {}
    for name in data.modalities:
        shape = data.X[name].shape[1:]
        steps = [] if name in raw else default_block(shape, n_components, random_state)
        blocks[name] = make_pipeline(Select(name), *steps)
    return Blocks(blocks)


def wide_blocks(name, shape, random_state=0):
    """All blocks of a modality for a model that stands wide tables and chooses among them.

    Parameters
    ----------
    name : str
        Of the modality, with which the names of its blocks begin.
    shape : tuple of int
        Of one sample.
    random_state : int

    Returns
    -------
    dict of str to list of transformers
        Of a picture see `picture_blocks`. Of a spectrum up to 60 components, and its mean and
        spread, which the standard normal variate takes away. Of a text the weights of its words
        (`mmlib.features.words`). Anything else is what `default_block` makes of it; besides, of
        a very small picture the pixels sorted.

    Raises
    ------
    DataError
        Where there is no default.

    Examples
    --------
    >>> from mmlib.features.blocks import wide_blocks
    >>> list(wide_blocks("leaf", (48, 48, 3)))[3:]
    ['leaf: outline', 'leaf: patches', 'leaf: pixels']
    """
    if wide.is_picture(shape):
        return {f"{name}: {part}": steps for part, steps in wide.picture_blocks().items()}
    if is_text(shape):
        return {name: [WordWeights()]}
    blocks = {name: default_block(shape, random_state=random_state)}
    if len(shape) == 3:
        blocks[f"{name}: sorted"] = wide.sorted_pixels()
    elif is_spectrum(tuple(shape)):
        blocks[name] = [SpectrumBlock(random_state=random_state)]
        blocks[f"{name}: level"] = wide.level_and_spread()
    return blocks


def default_block(shape, n_components=None, random_state=0):
    """Steps that bring a modality to a block of columns, by the shape of one sample.

    Parameters
    ----------
    shape : tuple of int
        Of one sample: ``(bands,)`` or ``(height, width, channels)``; ``()`` of a text, which is
        a single thing.
    n_components : int, optional
        Principal components, at most, of standard normal variates of a spectrum, of the
        patches and pixels of a picture (15 where nothing is said), or of the words of a text (30).
    random_state : int

    Returns
    -------
    list of transformers
        From 50 columns on a row is a spectrum: `SpectrumBlock`, which chooses pretreatment,
        scaling and number of components (20 at most), unless the number is given. Fewer
        columns are a plain table: scaling. A picture: `mmlib.features.wide.picture_union`. A
        patch of fewer than 16 pixels a side shows no object: its pixels are taken as a table.
        A text: components of the weights of its words.

    Raises
    ------
    DataError
        For any other shape.

    Examples
    --------
    >>> from mmlib.features.blocks import default_block
    >>> [type(step).__name__ for step in default_block((9, 9, 1))]
    ['FunctionTransformer', 'StandardScaler', 'Compress']
    """

    if is_text(shape):
        return [WordWeights(), Compress(n_components or 30, random_state=random_state)]
    if len(shape) == 3 and not wide.is_picture(shape):
        many = is_spectrum((np.prod(shape),))  # as many columns as a spectrum has
        steps = [FunctionTransformer(flatten), StandardScaler()]
        return [*steps, Compress(n_components or 15, random_state=random_state)] if many else steps
    if len(shape) == 3:
        return [wide.picture_union(n_components or 15, random_state)]
    if len(shape) != 1:
        raise DataError(
            f"There is no default for samples of shape {tuple(shape)}: give your own block, "
            "a list of transformers, in `blocks`."
        )
    if not is_spectrum(tuple(shape)):
        return [StandardScaler()]
    if n_components is None:
        return [SpectrumBlock(most=20, random_state=random_state)]
    return [*spectrum_steps(derivative=0), Compress(n_components, random_state=random_state)]


def _floats(x):
    x = np.asarray(x)
    return x if x.dtype == np.uint8 else x.astype(float, copy=False)
