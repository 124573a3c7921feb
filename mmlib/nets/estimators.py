"""Training: neural fusion behind scikit-learn's interface.

`FusionClassifier` and `FusionRegressor` build a `FusionNet` for the modalities they
are given, standardize the input, train it with early stopping (`mmlib.nets.loop`), and
predict.
"""

import copy
import sys

import numpy as np
import torch
import torch.nn.functional as F
from scipy.optimize import minimize_scalar
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d
from torch import nn

from ..base import DataError, all_or_nothing, varies
from ..data.splits import hold_out
from .encoders import default_encoder
from .fusion_net import Concatenate, FusionNet, by_name
from .loop import Batches, numpy_generator, own_randomness, pick_device, to_device, train_net

_DOC = """
    Every modality goes through an encoder, `fuse` brings the vectors together, and a
    small head decides. With one modality it is the plain network on it.

    Parameters
    ----------
    modalities : str or sequence of str, optional
        Which modalities of `X` to use; all of them where nothing is said.
    fuse : "concatenate" or callable
        Where the vectors meet: from a mapping *modality -> width* to a module, as told
        in `mmlib.nets.fusion_net`. For options use `functools.partial`.
    encoders : mapping of str to callable or Module, optional
        Modality -> ``make(shape, width)``, or a module that is ready, say pretrained:
        a copy of it is trained further. Others get `mmlib.nets.encoders.default_encoder`.
    width : int
        Length of each modality's vector, and of the head's hidden layer.
    dropout : float
        In the head.
    modality_dropout : float
        Chance that a training sample's modality is set to zero.
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
    validation : float
        Share of the training samples set aside for early stopping. Where that would be
        under ten samples, or a whole class, none are, and all epochs are run.
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

    Attributes
    ----------
    net_ : FusionNet
    scaling_ : dict of str to (center, scale)
        Measured on the training part: for each band, or each color of a picture.
    shapes_ : dict of str to tuple
        Shape of one sample.
    history_ : list of dict
        Losses of each epoch.
    temperature_ : float

    Raises
    ------
    DataError
        When a modality is missing, has another shape than in training, or holds NaN.
"""


class NeuralFusion(BaseEstimator):
    """What the classifier and the regressor share."""

    def __init__(
        self,
        modalities=None,
        fuse="concatenate",
        encoders=None,
        width=64,
        dropout=0.4,
        modality_dropout=0.0,
        auxiliary=0.0,
        epochs=40,
        batch_size=64,
        lr=2e-3,
        weight_decay=1e-2,
        label_smoothing=0.1,
        validation=0.15,
        patience=15,
        augment=None,
        calibrate=False,
        device="auto",
        random_state=None,
        verbose=0,
    ):
        self.modalities = modalities
        self.fuse = fuse
        self.encoders = encoders
        self.width = width
        self.dropout = dropout
        self.modality_dropout = modality_dropout
        self.auxiliary = auxiliary
        self.epochs = epochs
        self.batch_size = batch_size
        self.lr = lr
        self.weight_decay = weight_decay
        self.label_smoothing = label_smoothing
        self.validation = validation
        self.patience = patience
        self.augment = augment
        self.calibrate = calibrate
        self.device = device
        self.random_state = random_state
        self.verbose = verbose

    def _fit(self, X, target, strata, n_outputs, groups):
        """Train on `target`, codes or standardized numbers, shape (samples,)."""
        X = self._read(X, len(target))
        rng = numpy_generator(self.random_state)
        valid = hold_out(strata, groups, self.validation, rng)
        self.shapes_ = {name: x.shape[1:] for name, x in X.items()}
        self.n_outputs_ = n_outputs
        self.scaling_ = {name: _measure(x[~valid]) for name, x in X.items()}
        self._as_built = self.get_params(deep=False)
        device = pick_device(self.device)
        with own_randomness(int(rng.integers(2**31)), device):
            self.net_ = to_device(self.build_net(), device).to(memory_format=torch.channels_last)
            train = self._batches(X, device, target, ~valid, training=True)
            held = self._batches(X, device, target, valid) if valid.any() else None
            self._start_from(train)
            self.history_ = train_net(
                self.net_,
                self._criterion(),
                train,
                held,
                epochs=self.epochs,
                lr=self.lr,
                weight_decay=self.weight_decay,
                auxiliary=self.auxiliary,
                patience=self.patience,
                device=device,
                bar=self.verbose > 0 or sys.stderr.isatty(),
            )
        self.net_.to(memory_format=torch.contiguous_format).eval()
        self.temperature_ = 1.0
        if self.calibrate and held is not None and hasattr(self, "classes_"):
            self.temperature_ = _temperature(self._outputs(held), held.y.cpu())
        return self

    def build_net(self):
        """A fresh, untrained `FusionNet` for the shapes seen in `fit`."""
        given = self.encoders or {}
        odd = sorted(set(given) - set(self.shapes_))
        if odd:
            raise DataError(
                f"encoders names {odd[0]!r}, but the modalities are {', '.join(self.shapes_)}."
            )
        encoders = {}
        for name, shape in self.shapes_.items():
            make = given.get(name, default_encoder)
            ready = isinstance(make, nn.Module)
            encoders[name] = copy.deepcopy(make) if ready else make(shape, self.width)
        encoders = by_name(encoders)  # refuses a bad name before `fuse` stumbles over it
        widths = {name: encoder.width for name, encoder in encoders.items()}
        fuse = Concatenate(widths) if self.fuse == "concatenate" else self.fuse(widths)
        head = nn.Sequential(
            nn.Dropout(self.dropout),
            nn.Linear(fuse.width, self.width),
            nn.ReLU(),
            nn.Dropout(self.dropout),
            nn.Linear(self.width, self.n_outputs_),
        )
        alone = {}
        if self.auxiliary and len(widths) > 1:
            alone = {name: nn.Linear(width, self.n_outputs_) for name, width in widths.items()}
        return FusionNet(encoders, fuse, head, alone, self.modality_dropout)

    def __getstate__(self):
        """Everything, with the net's weights as plain arrays: no code is stored."""
        state = super().__getstate__().copy()
        if "net_" in state:
            weights = state.pop("net_").state_dict()
            state["weights_"] = {key: value.cpu().numpy() for key, value in weights.items()}
        return state

    def __setstate__(self, state):
        state = dict(state)
        weights = state.pop("weights_", None)
        super().__setstate__(state)
        if weights is not None:
            # Parameters may have been set anew after the fit: the net is that of the fit.
            now, as_built = dict(vars(self)), getattr(self, "_as_built", {})
            vars(self).update(as_built)
            with own_randomness(0):  # whatever is not among the weights is at least the same
                net = self.build_net()
            vars(self).update(now)
            self.net_ = net
            self.net_.load_state_dict({k: torch.as_tensor(v) for k, v in weights.items()})
            self.net_.eval()

    def _start_from(self, train):
        """Let freshly made encoders look at some training samples, without labels."""
        some = next(
            iter(Batches(train.X, train.scaling, size=min(256, len(train.y)), shuffle=True))
        )
        for name, encoder in self.net_.encoders.items():
            ready = isinstance((self.encoders or {}).get(name), nn.Module)
            if hasattr(encoder, "start_from") and not ready:
                encoder.start_from(some[name])

    def _outputs(self, batches):
        """Outputs of the net, shape (samples, outputs), as a tensor."""
        to_device(self.net_, pick_device(self.device)).eval()
        with torch.inference_mode():
            parts = [self.net_(batch if batches.y is None else batch[0]) for batch in batches]
        return torch.cat(parts).cpu().double()  # in this order: Apple's cards know no float64

    def _predict(self, X):
        check_is_fitted(self, "net_")
        return self._outputs(self._batches(self._read(X), pick_device(self.device)))

    def _batches(self, X, device, target=None, rows=slice(None), training=False):
        """`Batches` of some rows; small data gets small batches, so that it gets steps."""
        X = {name: to_device(x[rows], device) for name, x in X.items()}
        y = None if target is None else to_device(target[rows], device)
        scaling = {
            name: tuple(to_device(value, device) for value in pair)
            for name, pair in self.scaling_.items()
        }
        if not training:
            return Batches(X, scaling, y, size=256)
        size = min(len(y), self.batch_size, max(8, len(y) // 8))
        return Batches(X, scaling, y, size, shuffle=True, augment=self.augment)

    def _read(self, X, n=None):
        """The wanted modalities of `X` as arrays, checked; `n` samples when fitting."""
        if not hasattr(X, "keys"):
            raise DataError(
                f"X is a {type(X).__name__}: it must be a mapping from modality name to array."
            )
        wanted = self.modalities
        if n is None:
            wanted = self.shapes_
        elif wanted is None:
            wanted = X
        wanted = [wanted] if isinstance(wanted, str) else sorted(wanted)
        if not wanted:
            raise DataError("There is no modality to use: X or `modalities` is empty.")
        arrays = {}
        for name in wanted:
            if name not in X:
                raise DataError(f"X has no modality {name!r}: it has {', '.join(X) or 'none'}.")
            x = np.asarray(X[name])
            if not len(x):
                raise DataError(f"{name!r} holds no sample.")
            x = x if x.dtype == np.uint8 else x.astype(float, copy=False)
            if n is None and x.shape[1:] != self.shapes_[name]:
                raise DataError(
                    f"The samples of {name!r} have shape {x.shape[1:]}, but the model was trained "
                    f"on {self.shapes_[name]}: bring them to the same bands or pixels."
                )
            bad = ~np.isfinite(x).reshape(len(x), -1).all(1) if x.dtype != np.uint8 else [False]
            if np.any(bad):
                raise DataError(
                    f"{name!r} holds NaN or infinite values, the first in row "
                    f"{np.flatnonzero(bad)[0]}: fill or drop these samples."
                )
            arrays[name] = x
        lengths = {name: len(x) for name, x in arrays.items()}
        if len({*lengths.values()} | ({n} if n else set())) != 1:
            raise DataError(
                f"Numbers of samples differ: {lengths}" + (f", y has {n}." if n else ".")
            )
        return arrays


class FusionClassifier(ClassifierMixin, NeuralFusion):
    __doc__ = f"""Neural fusion that predicts a class.
{_DOC}
    classes_ : ndarray
        Labels, sorted, as given in `y`.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.nets.estimators import FusionClassifier
    >>> rng = np.random.default_rng(0)
    >>> y = np.repeat(["raw", "ripe"], 30)
    >>> spectrum = rng.normal(size=(60, 50)) + (y == "ripe")[:, None]
    >>> X = {{"spectrum": spectrum, "size": rng.normal(size=(60, 2))}}
    >>> model = FusionClassifier(epochs=10, random_state=0).fit(X, y)
    >>> model.score(X, y) > 0.9
    True
    """

    def _criterion(self):
        return nn.CrossEntropyLoss(label_smoothing=self.label_smoothing)

    def fit(self, X, y, groups=None):
        """Train; `groups` (plant, patient) stay whole when a validation part is set aside."""
        y = column_or_1d(np.asarray(y), warn=True)
        check_classification_targets(y)
        classes, codes = np.unique(y, return_inverse=True)
        if len(classes) < 2:
            raise DataError(f"y holds one class only ({classes[0]}): nothing to tell apart.")
        with all_or_nothing(self):
            self.classes_ = classes
            return self._fit(X, codes, codes, len(classes), groups)

    def predict_proba(self, X):
        """Probability of each class, shape (samples, classes), in the order of `classes_`."""
        return torch.softmax(self._predict(X) / self.temperature_, dim=1).numpy()

    def predict(self, X):
        """Labels, shape (samples,)."""
        best = self.predict_proba(X).argmax(1)
        return self.classes_[best]


class FusionRegressor(RegressorMixin, NeuralFusion):
    __doc__ = f"""Neural fusion that predicts a quantity, or several.
{_DOC}
    target_scaling_ : (center, scale)
        Mean and standard deviation of each quantity in training.
    single_ : bool
        Whether `y` had one axis.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.nets.estimators import FusionRegressor
    >>> X = {{"spectrum": np.random.default_rng(0).normal(size=(80, 50))}}
    >>> y = 5 + X["spectrum"][:, :10].sum(1)
    >>> FusionRegressor(epochs=20, random_state=0).fit(X, y).predict(X).shape
    (80,)
    """

    def _criterion(self):
        return nn.MSELoss()

    def fit(self, X, y, groups=None):
        """Train; `groups` (plant, patient) stay whole when a validation part is set aside."""
        y = np.asarray(y, dtype=np.float64)
        if y.ndim not in (1, 2) or not np.isfinite(y).all():
            raise DataError("y must hold one finite number, or a row of them, for each sample.")
        center, scale = y.mean(0), y.std(0)
        scale = np.where(scale > 0, scale, 1.0)
        target = ((y - center) / scale).reshape(len(y), -1)
        with all_or_nothing(self):
            self.target_scaling_, self.single_ = (center, scale), y.ndim == 1
            return self._fit(X, target, np.zeros(len(y), int), target.shape[1], groups)

    def predict(self, X):
        """Predicted quantities in the unit of `y`, shape (samples,), or (samples, quantities)."""
        outputs = self._predict(X).numpy()
        center, scale = self.target_scaling_
        return center + scale * (outputs[:, 0] if self.single_ else outputs)


def _measure(x):
    """Center and scale for each column, or for each color of a picture."""
    axes = (0,) if x.ndim == 2 else tuple(range(x.ndim - 1))
    center, scale = x.mean(axes, dtype=np.float64), x.std(axes, dtype=np.float64)
    return center, np.where(varies(x), scale, 1)


def _temperature(outputs, y):
    """What to divide outputs by so that probabilities fit the labels `y` best.

    Guo et al. (2017), On calibration of modern neural networks, arXiv:1706.04599.
    """

    def misfit(log_temperature):
        return F.cross_entropy(outputs / np.exp(log_temperature), y).item()

    return float(np.exp(minimize_scalar(misfit, bounds=(-3, 3), method="bounded").x))
