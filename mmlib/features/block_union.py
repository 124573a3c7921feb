"""Blocks side by side in one table, with groups for those that choose by them."""

import numpy as np
from sklearn.pipeline import FeatureUnion

from ..base import fit_options


class BlockUnion(FeatureUnion):
    """scikit-learn's `FeatureUnion` that hands groups to the blocks whose steps take them.

    Its own `fit` passes every argument to every block, so that none may differ.

    Parameters
    ----------
    transformer_list : list of (str, transformer)
        And all others of `sklearn.pipeline.FeatureUnion`.

    Examples
    --------
    >>> import mmlib
    >>> from sklearn.pipeline import make_pipeline
    >>> from mmlib.features import SpectrumBlock
    >>> from mmlib.features.block_union import BlockUnion
    >>> leaves = mmlib.make_leaves(n_plants=30)
    >>> steps = make_pipeline(mmlib.Select("spectrum"), SpectrumBlock())
    >>> union = BlockUnion([("spectrum", steps)]).fit(leaves.X, leaves.y, leaves.groups)
    >>> "groups held out" in steps[-1].choice_
    True
    """

    def fit(self, X, y=None, groups=None):
        """Fit every block on `X`, with `y` and `groups` of shape (samples,)."""
        if self._takes(groups):
            self.fit_transform(X, y, groups)
            return self
        return super().fit(X, y)

    def fit_transform(self, X, y=None, groups=None):
        """Fit every block, and return their columns side by side."""
        if not self._takes(groups):
            return super().fit_transform(X, y)
        weights, parts = self.transformer_weights or {}, []
        for name, block in self.transformer_list:
            if block == "passthrough":
                parts.append(np.asarray(X) * weights.get(name, 1))
            elif block != "drop":
                columns = block.fit_transform(X, y, **fit_options(block, groups))
                parts.append(columns * weights.get(name, 1))
        return np.hstack(parts)

    def _takes(self, groups):
        blocks = [block for _, block in self.transformer_list if hasattr(block, "fit")]
        return any(fit_options(block, groups) for block in blocks)
