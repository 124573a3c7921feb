"""Intermediate fusion: neural nets whose vectors meet, behind scikit-learn's interface.

`FusionClassifier` and `FusionRegressor` are *encoders -> fuse -> head* with every way to meet
of the course, each by a name: ``FusionClassifier(fuse="tensor", fuse__rank=4)``.
"""

import numpy as np
import torch.nn.functional as F
from scipy.optimize import minimize_scalar

from ..nets.estimators import NeuralFusion
from ..nets.fusion_net import Concatenate
from ..nets.targets import PredictsClasses, PredictsQuantities
from .alignment_losses import Adversary, Correlate
from .attention import CoAttention, CrossAttention, Gate
from .contrastive import Contrastive
from .tensor import CompactBilinear, LowRankTensor, OuterProduct
from .transformer import FusionTransformer

FUSES = {
    "concatenate": Concatenate,
    "gate": Gate,
    "co-attention": CoAttention,
    "cross-attention": CrossAttention,
    "transformer": FusionTransformer,
    "contrastive": Contrastive,
    "tensor": LowRankTensor,
    "outer product": OuterProduct,
    "compact bilinear": CompactBilinear,
    "correlate": Correlate,
    "adversary": Adversary,
}


class _Fusion(NeuralFusion):
    """What both kinds share: every way to meet."""

    _fuses = FUSES


class FusionClassifier(PredictsClasses, _Fusion):
    """Neural fusion that predicts a class.

    Every modality goes through an encoder, `fuse` brings the vectors together, and a
    small head decides. With one modality it is the plain network on it.

    Parameters
    ----------
    modalities : str or sequence of str, optional
        Which modalities of `X` to use; all of them where nothing is said.
    fuse : str or callable
        Where the vectors meet: "concatenate", "gate", "co-attention", "cross-attention",
        "transformer", "contrastive", "tensor", "outer product", "compact bilinear", "correlate",
        "adversary"; or a class, or a function from a mapping *modality -> width* to a module,
        as told in `mmlib.nets.fusion_net`.
    encoders : mapping of str to str, callable or Module, optional
        Modality -> "cnn" (for spectra and pictures), "taught" (pictures), "components" (spectra),
        "table", "tokens"; for series (`mmlib.nets.sequences`) "recurrent", "temporal cnn",
        "temporal mean", "words", "frames" (the last two are given what is in `X`, all others
        standardized); or ``make(shape, width)``, a class or
        one of your own;
        or a module that is ready, say pretrained (see `mmlib.nets.pretraining`): a copy of it is
        trained further. Others get `mmlib.nets.encoders.default_encoder`.
    width : int
        Length of each modality's vector, and of the head's hidden layer.
    dropout : float
        In the head.
    modality_dropout : float
        Chance that a training sample's modality is set to zero.
    mixup : float
        Above 0, training batches are mixed with themselves after the encoders, in a share
        drawn from Beta(mixup, mixup): see `mmlib.nets.fusion_net.FusionNet`.
    auxiliary : float
        Weight of an extra loss for each modality deciding alone.
    epochs : int
        At most.
    batch_size : int
        At most; small data gets smaller batches.
    lr, weight_decay : float
        Highest learning rate of a one-cycle schedule, and decay, of AdamW.
    label_smoothing : float
        Classification only. The validation loss is smoothed likewise.
    validation : float, optional
        Share of the training samples set aside for early stopping. Where that would be
        under ten samples, or a whole class, none are, and all epochs are run. Where nothing is
        said, 0.15; but 0 where all encoders were taught without labels or are linear, so that
        few weights are left to learn anything by heart, and nothing has to be calibrated.
    patience : int
        Epochs without a better validation loss before stopping. The best weights are kept.
    augment : callable, optional
        From a training batch to a changed one, such as `mmlib.nets.augment.light`.
    calibrate : bool
        Classification only: fit a temperature on the validation part.
    device : str
        "auto", "cpu", "cuda" or "mps".
    random_state : int, RandomState or None
        The same number gives the same model. No global generator is used or changed.
    verbose : int
        Above 0, a progress bar; on a terminal there is always one.
    **options
        Of the fuse, such as ``fuse__rank=4``, and of encoders, such as
        ``encoders__spectrum__own=True``. ``set_params(fuse=...)`` forgets those of the fuse
        that was there before, and ``set_params(encoders=...)`` those of the encoders.

    Attributes
    ----------
    net_ : FusionNet
    scaling_ : dict of str to (center, scale)
        Measured on the training part: for each band, or each color of a picture. 0 and 1 for
        encoders that want what is in `X`.
    shapes_ : dict of str to tuple
        Shape of one sample.
    history_ : list of dict
        Losses of each epoch.
    classes_ : ndarray
        Labels, sorted, as given in `y`.
    temperature_ : float
        What the logits are divided by; 1 without `calibrate`.

    Raises
    ------
    DataError
        When a modality is missing, has another shape than in training, or holds NaN; when
        there is no fuse or encoder of a name, or it has no such option.

    Examples
    --------
    >>> import numpy as np
    >>> import mmlib
    >>> rng = np.random.default_rng(0)
    >>> y = np.repeat(["raw", "ripe"], 30)
    >>> spectrum = rng.normal(size=(60, 50)) + (y == "ripe")[:, None]
    >>> X = {"spectrum": spectrum, "size": rng.normal(size=(60, 2))}
    >>> model = mmlib.FusionClassifier(fuse="tensor", fuse__rank=4, epochs=10, random_state=0)
    >>> model.fit(X, y).score(X, y) > 0.9
    True
    """

    def _temperature(self, held):
        if not self.calibrate or held is None:
            return 1.0
        return best_temperature(self._outputs(held), held.y.cpu())


class FusionRegressor(PredictsQuantities, _Fusion):
    """Neural fusion that predicts a quantity, or several.

    Parameters, attributes and errors are those of `FusionClassifier`, as far as they do not
    belong to classes.

    Attributes
    ----------
    target_scaling_ : (center, scale)
        Mean and standard deviation of each quantity in training.
    single_ : bool
        Whether `y` had one axis.

    Examples
    --------
    >>> import numpy as np
    >>> import mmlib
    >>> X = {"spectrum": np.random.default_rng(0).normal(size=(80, 50))}
    >>> y = 5 + X["spectrum"][:, :10].sum(1)
    >>> mmlib.FusionRegressor(epochs=20, random_state=0).fit(X, y).predict(X).shape
    (80,)
    """


def best_temperature(outputs, y):
    """What to divide outputs by so that probabilities fit the labels `y` best.

    Guo et al. (2017), On calibration of modern neural networks, arXiv:1706.04599.
    """

    def misfit(log_temperature):
        return F.cross_entropy(outputs / np.exp(log_temperature), y).item()

    return float(np.exp(minimize_scalar(misfit, bounds=(-3, 3), method="bounded").x))
