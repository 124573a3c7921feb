"""The training loop: device, batches, learning rate, early stopping, progress.

skorch runs the loop. What is added is batches cut straight from memory, which is
much faster than loading sample by sample, and losses that see the vectors.
"""

import threading
from contextlib import contextmanager
from functools import partial

import numpy as np
import torch
from skorch import NeuralNet
from skorch.callbacks import Callback, EarlyStopping, LRScheduler

from ..data.mapping import Samples
from .fusion_net import mix


def pick_device(device="auto"):
    """The device to compute on: for "auto" a graphics card where there is one.

    Examples
    --------
    >>> from mmlib.nets.loop import pick_device
    >>> pick_device("cpu")
    device(type='cpu')
    """
    if device != "auto":
        return torch.device(device)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def pick_precision(device):
    """Double precision on a processor, single on a graphics card.

    Processors round the last digit in their own ways. Training magnifies such differences:
    in single precision to whole percents after some hundred steps, in double precision to
    nothing that anybody could see. Cards have little double precision, or none.

    Examples
    --------
    >>> from mmlib.nets.loop import pick_precision
    >>> pick_precision("cpu")
    torch.float64
    """
    return torch.float64 if torch.device(device).type == "cpu" else torch.float32


def to_device(x, device):
    """An array, a tensor or a net on a device, in the precision that belongs to it.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.nets.loop import to_device
    >>> to_device(np.ones(2, np.float32), "cpu").dtype, to_device(np.ones(2, int), "cpu").dtype
    (torch.float64, torch.int64)
    """
    if isinstance(x, np.ndarray):
        # "W": torch warns of arrays that may not be written to, such as joblib's.
        x = torch.from_numpy(np.require(x, requirements=("C", "W")))
    if isinstance(x, torch.nn.Module) or x.is_floating_point():
        x = x.to(pick_precision(device))  # before it moves: Apple's cards know no double
    return x.to(device)


_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def own_randomness(random_state, device="cpu"):
    """Torch's generators start from a number, and new tensors have the precision of `device`.

    Afterwards all go on as if nothing had been. They are global, so that threads which train
    at the same time would disturb each other: one waits for the other.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.loop import own_randomness
    >>> with own_randomness(0):
    ...     first = torch.rand(1)
    >>> with own_randomness(0):
    ...     print(torch.rand(1) == first)
    tensor([True])
    """
    apple = torch.backends.mps.is_available()
    cards = list(range(torch.cuda.device_count()))
    with _ONE_AT_A_TIME, torch.random.fork_rng(cards):
        usual = torch.get_default_dtype()  # in here: outside it may be that of another thread
        before = torch.mps.get_rng_state() if apple else None
        torch.manual_seed(random_state)
        torch.set_default_dtype(pick_precision(device))
        try:
            yield
        finally:
            torch.set_default_dtype(usual)
            if apple:
                torch.mps.set_rng_state(before)


def numpy_generator(random_state):
    """A numpy generator that leaves numpy's global one alone.

    Parameters
    ----------
    random_state : int, RandomState or None

    Returns
    -------
    numpy.random.Generator
    """
    if isinstance(random_state, np.random.RandomState):
        return np.random.default_rng(random_state.randint(2**31))
    return np.random.default_rng(random_state)


class Batches:
    """Cut batches from arrays held in memory, standardized, on the device.

    Parameters
    ----------
    X : mapping of str to tensor, samples first
    scaling : mapping of str to (center, scale), tensors
        Modality -> what to subtract and what to divide by.
    y : tensor, optional
    size : int
        Samples in a batch. A last batch that is not full waits for the next epoch when
        shuffling, so that no step is taken on one or two samples.
    shuffle : bool
        In an order drawn from torch's generator.
    augment : callable, optional
        From a batch's X to a changed one.

    Yields
    ------
    X, y
        Pictures as (batch, channels, height, width). No `y`, no second item.
    """

    def __init__(self, X, scaling, y=None, size=64, shuffle=False, augment=None):
        self.X, self.scaling, self.y = Samples(X), scaling, y
        self.size, self.shuffle, self.augment = size, shuffle, augment

    def __len__(self):
        n = len(self.X)
        return n // self.size if self.shuffle else -(-n // self.size)

    def __iter__(self):
        n = len(self.X)
        order = torch.randperm(n) if self.shuffle else torch.arange(n)
        for i in range(len(self)):
            rows = order[i * self.size : (i + 1) * self.size]
            batch = Samples({name: self._scaled(name, x, rows) for name, x in self.X.items()})
            if self.augment is not None:
                batch = self.augment(batch)
            yield batch if self.y is None else (batch, self.y[rows.to(self.y.device)])

    def _scaled(self, name, x, rows):
        center, scale = self.scaling[name]
        x = (x.index_select(0, rows.to(x.device)).to(center.dtype) - center) / scale
        # A view only: in memory the colors stay together, which convolutions like best.
        return x.permute(0, 3, 1, 2) if x.ndim == 4 else x


def train_net(
    net,
    criterion,
    train,
    held=None,
    epochs=40,
    lr=2e-3,
    weight_decay=1e-2,
    patience=15,
    device="cpu",
    bar=False,
):
    """Train a `FusionNet` in place with AdamW and a one-cycle learning rate.

    Parameters
    ----------
    net : FusionNet
    criterion : Module
        From outputs and targets to a loss.
    train : Batches
        Shuffled, with targets.
    held : Batches, optional
        When the loss on these has not got better for `patience` epochs, training stops.
        The net ends with the weights that were best on them.
    epochs : int
        At most.
    lr, weight_decay : float
    patience : int
    device : str or torch.device
    bar : bool
        Show a progress bar, which is removed in the end.

    Returns
    -------
    list of dict
        ``epoch``, ``train_loss`` and, with `held`, ``valid_loss``.

    References
    ----------
    One-cycle learning rate: Smith & Topin (2019), doi:10.1117/12.2520589.
    """
    policy = torch.optim.lr_scheduler.OneCycleLR
    steps = epochs * len(train)
    callbacks = [LRScheduler(policy, max_lr=lr, total_steps=steps, step_every="batch")]
    if held is not None:
        callbacks.append(EarlyStopping(patience=patience, load_best=True, sink=lambda line: None))
    if bar:
        callbacks.append(_Progress(epochs))
    loop = _Loop(
        net,
        criterion,
        optimizer=torch.optim.AdamW,
        optimizer__weight_decay=weight_decay,
        optimizer__fused=torch.device(device).type in ("cpu", "cuda"),
        lr=lr,
        max_epochs=epochs,
        dataset=_Rows,
        train_split=None if held is None else lambda rows, y=None: (rows, _Rows(held)),
        iterator_train=lambda rows, batch_size: rows.batches,
        iterator_valid=lambda rows, batch_size: rows.batches,
        callbacks=callbacks,
        callbacks__print_log=None,
        device=device,
    )
    loop.fit(_Rows(train), None)
    keep = ("epoch", "train_loss", "valid_loss")
    return [{key: row[key] for key in keep if key in row} for row in loop.history]


class _Rows(torch.utils.data.Dataset):
    """What skorch wants to call a data set: it only carries the batches."""

    def __init__(self, batches, y=None):
        self.batches = batches

    def __len__(self):
        return len(self.batches.y)


class _Loop(NeuralNet):
    """skorch's loop on a net that is asked in two steps, so that losses see the vectors."""

    def infer(self, x, **_):
        return self.module_.encode(x)

    def get_loss(self, encoded, y, X=None, training=False):
        net = self.module_
        if not training:
            return self.criterion_(net.decide(encoded), y)
        mixed, misfit = encoded, self.criterion_
        if net.mixup and len(y) > 1:
            mixed, share, other = mix(encoded, net.mixup)
            misfit = partial(self._mixed, share, y[other.to(y.device)])
        loss = misfit(net.decide(mixed), y)
        for output in net.decide_alone(mixed).values():
            loss = loss + net.auxiliary_weight * misfit(output, y)
        return loss + net.fuse.loss(encoded, y) if hasattr(net.fuse, "loss") else loss

    def _mixed(self, share, other, output, y):
        """For squared errors this is the error of the mixed targets, up to a constant."""
        return share * self.criterion_(output, y) + (1 - share) * self.criterion_(output, other)


class _Progress(Callback):
    """A bar on a terminal, or wherever asked for; it leaves nothing behind."""

    def __init__(self, epochs):
        self.epochs = epochs

    def on_train_begin(self, net, **_):
        from tqdm.auto import tqdm

        self.bar_ = tqdm(total=self.epochs, unit="epoch", leave=False)

    def on_epoch_end(self, net, **_):
        self.bar_.update()

    def on_train_end(self, net, **_):
        self.bar_.close()
