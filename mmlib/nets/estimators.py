"""A net as an estimator: what all neural fusions share, whatever they predict.

`NeuralFusion` reads and scales what it is given, builds a `FusionNet` for it, trains it with
early stopping (`mmlib.nets.loop`), and can be copied and stored. With one of
`mmlib.nets.targets` before it, it predicts: see `mmlib.fusion.intermediate`.
"""

import copy
import sys

import torch
from sklearn.utils.validation import check_is_fitted
from torch import nn

from ..base import DataError
from ..data.splits import hold_out
from .columns import on_columns
from .encoders import TableEncoder
from .fusion_net import FusionNet, by_name, small_head
from .inputs import as_given, as_many_at_once, center_and_scale, read_inputs
from .loop import (
    Batches,
    numpy_generator,
    own_randomness,
    pick_device,
    to_device,
    train_net,
)
from .options import WithOptions


class NeuralFusion(WithOptions):
    """Encoders, a place where their vectors meet, and a head, trained on what `_fit` is given.

    For the parameters see `mmlib.FusionClassifier`. What a net of another kind does in its own
    way is a method: `build_net`, `_measure`, `_batches`, `_start_from`, `_criterion`. Only these
    look at a parameter that is not common to all.
    """

    def __init__(
        self,
        modalities=None,
        fuse="concatenate",
        encoders=None,
        width=64,
        dropout=0.4,
        modality_dropout=0.0,
        mixup=0.0,
        auxiliary=0.0,
        epochs=40,
        batch_size=64,
        lr=2e-3,
        weight_decay=1e-2,
        label_smoothing=0.1,
        validation=None,
        patience=15,
        augment=None,
        calibrate=False,
        device="auto",
        random_state=None,
        verbose=0,
        **options,
    ):
        self.modalities = modalities
        self.fuse = fuse
        self.encoders = encoders
        self.width = width
        self.dropout = dropout
        self.modality_dropout = modality_dropout
        self.mixup = mixup
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
        self._take(options)

    def _fit(self, X, target, strata, n_outputs, groups):
        """Train on `target`, codes or numbers, samples first; return the samples held out."""
        X = read_inputs(X, self.modalities, target, groups)
        rng = numpy_generator(self.random_state)
        self.shapes_ = {name: x.shape[1:] for name, x in X.items()}
        valid = hold_out(strata, groups, self._share_held(), rng)
        self.n_outputs_ = n_outputs
        self._measure(X, valid, groups)
        self._as_built = self.get_params(deep=False)
        device = pick_device(self.device)
        with own_randomness(int(rng.integers(2**31)), device):
            self.net_ = to_device(self.build_net(), device).to(memory_format=torch.channels_last)
            train = self._batches(X, device, target, ~valid, training=True)
            held = self._batches(X, device, target, valid) if valid.any() else None
            self._start_from(train)
            net, *parts = on_columns(self.net_, train, held)
            self.history_ = train_net(
                net,
                self._criterion(),
                *parts,
                epochs=self.epochs,
                lr=self.lr,
                weight_decay=self.weight_decay,
                patience=self.patience,
                device=device,
                bar=self.verbose > 0 or sys.stderr.isatty(),
            )
        self.net_.to(memory_format=torch.contiguous_format).eval()
        return held

    def _share_held(self):
        """Share of the samples to set aside: none where hardly anything is left to be trained."""
        if self.validation is not None:
            return self.validation
        with own_randomness(0):
            encoders = self._build_encoders().values()
        taught = [encoder for encoder in encoders if hasattr(encoder, "columns")]
        plain = [encoder for encoder in encoders if isinstance(encoder, TableEncoder)]
        few_weights = taught and len(taught) + len(plain) == len(encoders)
        return 0.0 if few_weights and not self.calibrate else 0.15

    def build_net(self):
        """A fresh, untrained `FusionNet` for the shapes seen in `fit`."""
        encoders = self._build_encoders()
        widths = {name: encoder.width for name, encoder in encoders.items()}
        fuse = self._part("fuse")(widths, **self._options("fuse"))
        head = small_head(fuse.width, self.width, self.n_outputs_, self.dropout)
        alone = {}
        if self.auxiliary and len(widths) > 1:
            alone = {name: nn.Linear(width, self.n_outputs_) for name, width in widths.items()}
        weights = self.modality_dropout, self.auxiliary, self.mixup
        return FusionNet(encoders, fuse, head, alone, *weights)

    def _build_encoders(self):
        odd = sorted(set(self.encoders or {}) - set(self.shapes_))
        if odd:
            raise DataError(
                f"encoders names {odd[0]!r}, but the modalities are {', '.join(self.shapes_)}."
            )
        encoders = {}
        for name, shape in self.shapes_.items():
            make, options = self._part(f"encoders__{name}"), self._options(f"encoders__{name}")
            ready = isinstance(make, nn.Module)
            encoders[name] = copy.deepcopy(make) if ready else make(shape, self.width, **options)
            if not hasattr(encoders[name], "width"):
                raise DataError(
                    f"The encoder of {name!r} has no width: set its attribute `width` to the "
                    "length of the vectors it gives."
                )
        return by_name(encoders)  # refuses a bad name before `fuse` stumbles over it

    def batches(self, X, device=None, modalities=None):
        """What the fitted net is given for `X`: standardized batches, to look inside the net.

        Parameters
        ----------
        X : mapping of str to array, samples first
        device : str, optional
            Where the batches shall be; where the model is told to compute by default.
        modalities : sequence of str, optional
            Some of the modalities of the training; all of them where nothing is said.

        Returns
        -------
        iterable of Samples of tensors
            Modality -> (batch, ...), pictures as (batch, channels, height, width).

        Raises
        ------
        DataError
            When a modality is missing, has another shape than in training, or holds NaN.
        """
        check_is_fitted(self, "net_")
        wanted = list(self.shapes_) if modalities is None else modalities
        X = read_inputs(X, wanted, shapes=self.shapes_)
        return self._batches(X, pick_device(device or self.device))

    def _predict(self, X):
        return self._outputs(self.batches(X))

    def _outputs(self, batches):
        """Outputs of the net, shape (samples, outputs), as a tensor."""
        to_device(self.net_, pick_device(self.device)).eval()
        with torch.inference_mode():
            parts = [self.net_(batch if batches.y is None else batch[0]) for batch in batches]
        return torch.cat(parts).cpu().double()  # in this order: Apple's cards know no float64

    def _measure(self, X, valid, groups):
        """Measure on the training part what is needed to read any sample."""
        self.scaling_ = {
            name: as_given(x) if self._takes_as_given(name) else center_and_scale(x[~valid])
            for name, x in X.items()
        }

    def _takes_as_given(self, name):
        """Whether an encoder wants no scaling, such as those of `mmlib.nets.sequences`."""
        return getattr(self._part(f"encoders__{name}"), "as_given", False)

    def _batches(self, X, device, target=None, rows=slice(None), training=False):
        """`Batches` of some rows; small data gets small batches, so that it gets steps."""
        X = {name: to_device(x[rows], device) for name, x in X.items()}
        y = None if target is None else to_device(target[rows], device)
        scaling = {
            name: tuple(to_device(value, device) for value in self.scaling_[name]) for name in X
        }
        if not training:
            return Batches(X, scaling, y, as_many_at_once(self.shapes_.values()))
        size = min(len(y), self.batch_size, max(8, len(y) // 8))
        return Batches(X, scaling, y, size, shuffle=True, augment=self.augment)

    def _start_from(self, train):
        """Let freshly made encoders look at some training samples, without labels."""
        some = next(
            iter(Batches(train.X, train.scaling, size=min(256, len(train.y)), shuffle=True))
        )
        for name, encoder in self.net_.encoders.items():
            ready = isinstance((self.encoders or {}).get(name), nn.Module)
            if hasattr(encoder, "start_from") and not ready:
                encoder.start_from(some[name])
            if hasattr(encoder, "learn") and not ready:
                encoder.learn(train.X[name], train.scaling[name])

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
        if weights is None:
            return
        # Parameters may have been set anew after the fit: the net is that of the fit.
        as_built = getattr(self, "_as_built", None) or self.get_params(deep=False)
        like = type(self)(**as_built)
        like.shapes_, like.n_outputs_ = self.shapes_, self.n_outputs_
        with own_randomness(0):  # whatever is not among the weights is at least the same
            self.net_ = like.build_net()
        self.net_.load_state_dict({k: torch.as_tensor(v) for k, v in weights.items()})
        self.net_.eval()
