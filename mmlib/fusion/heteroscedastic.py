"""How far off may this prediction be? A net that says so itself.

`SpreadRegressor` is a `FusionRegressor` that predicts a spread beside each mean. Nothing
holds it to what it says: for intervals that keep a promise see `mmlib.evaluation.conformal`.
"""

import numpy as np
import torch.nn.functional as F
from torch import nn

from ..base import DataError
from .intermediate import FusionRegressor
from .presets import on_features


class GaussianLikelihood(nn.Module):
    """Loss of a mean and a log variance: minus the log density of the truth, up to a constant.

    The outputs are all means first, then as many log variances.
    """

    def forward(self, outputs, target):
        mean, log_variance = outputs.chunk(2, dim=1)
        return F.gaussian_nll_loss(mean, target, log_variance.exp())


class SpreadRegressor(FusionRegressor):
    """Neural fusion that predicts a quantity and how far off it expects to be.

    The head has two outputs for each quantity, a mean and the logarithm of a variance, and
    is trained by Gaussian likelihood: a large error is forgiven where a large spread was
    announced, and announcing one costs. For all options see `mmlib.FusionClassifier`.

    References
    ----------
    Nix & Weigend (1994), doi:10.1109/ICNN.1994.374138; Kendall & Gal (2017),
    arXiv:1703.04977.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.fusion.heteroscedastic import SpreadRegressor
    >>> X = {"spectrum": np.random.default_rng(0).normal(size=(80, 50))}
    >>> y = X["spectrum"][:, 0]
    >>> mean, spread = SpreadRegressor(epochs=5, random_state=0).fit(X, y).predict(
    ...     X, return_std=True
    ... )
    >>> mean.shape, spread.shape, bool((spread > 0).all())
    ((80,), (80,), True)
    """

    def build_net(self):
        net = super().build_net()
        net.mixup = 0.0  # mixed samples are further off than true ones: spreads would be too wide
        return net

    def _criterion(self):
        return GaussianLikelihood()

    def _fit(self, X, target, strata, n_outputs, groups):
        return super()._fit(X, target, strata, 2 * n_outputs, groups)

    def predict(self, X, return_std=False):
        """Means in the unit of `y`, and with `return_std` their spreads, in shapes like `y`."""
        outputs = self._predict(X).numpy()
        mean, log_variance = np.split(outputs, 2, axis=1)
        center, scale = self.target_scaling_
        mean, spread = center + scale * mean, scale * np.exp(log_variance / 2)
        if self.single_:
            mean, spread = mean[:, 0], spread[:, 0]
        return (mean, spread) if return_std else mean


def with_spread(data, **options):
    """A net on features that predicts a spread as well: `mmlib.fusion.on_features` for it.

    Parameters
    ----------
    data : MultimodalData
        A regression; shapes are looked at, nothing is fitted.
    **options
        Of `mmlib.fusion.on_features`.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Steps "blocks" and "model"; ``predict(X, return_std=True)`` gives both numbers.

    Raises
    ------
    DataError
        When the data has classes instead of a quantity.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.heteroscedastic import with_spread
    >>> leaves = mmlib.make_leaves(n_plants=20, target="chlorophyll")
    >>> model = with_spread(leaves, epochs=5).fit(leaves.X, leaves.y)
    >>> [part.shape for part in model.predict(leaves.X, return_std=True)]
    [(100,), (100,)]
    """

    if data.task != "regression":
        raise DataError("A spread belongs to a quantity: load data whose task is regression.")
    model = on_features(data, **options)
    net = SpreadRegressor(**model["model"].get_params(deep=False))
    return model.set_params(model=net)
