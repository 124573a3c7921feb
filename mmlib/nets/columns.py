"""What an encoder will not change any more is computed once, not in every epoch.

An encoder whose first part is learned without labels (`mmlib.nets.taught`,
`mmlib.nets.components`) has two methods beside `forward`: ``learn(x, scaling)``, to be called
with the training samples, and ``columns(x)``, what its last part, `layer`, is given. Only `layer`
is trained on labels.
"""

import copy

import torch

from .fusion_net import by_name
from .inputs import as_many_at_once
from .loop import Batches


def on_columns(net, train, held=None):
    """A net that is given columns where an encoder has such, and batches of them.

    Parameters
    ----------
    net : FusionNet
    train, held : Batches
        Nothing is computed in advance where training batches are augmented.

    Returns
    -------
    net, train, held
        The net shares all that is trained with the one that was given.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.columns import on_columns
    >>> from mmlib.nets.components import SpectrumComponents
    >>> from mmlib.nets.fusion_net import Concatenate, FusionNet
    >>> from mmlib.nets.loop import Batches
    >>> X, scaling = {"nir": torch.rand(40, 60)}, {"nir": (torch.zeros(60), torch.ones(60))}
    >>> encoder = SpectrumComponents(60, width=8)
    >>> encoder.learn(X["nir"], scaling["nir"])
    >>> net = FusionNet({"nir": encoder}, Concatenate({"nir": 8}), torch.nn.Linear(8, 2))
    >>> smaller, train, _ = on_columns(net, Batches(X, scaling, size=40))
    >>> train.X["nir"].shape, bool(torch.allclose(smaller(next(iter(train))), net(X)))
    (torch.Size([40, 22]), True)
    """
    fixed = [name for name, encoder in net.encoders.items() if hasattr(encoder, "columns")]
    if not fixed or train.augment is not None:
        return net, train, held
    small = copy.copy(net)
    small._modules = dict(net._modules)
    small.encoders = by_name(
        {name: e.layer if name in fixed else e for name, e in net.encoders.items()}
    )
    return small, *(
        None if part is None else _looked_at(net, part, fixed) for part in (train, held)
    )


def _looked_at(net, batches, fixed):
    """The same batches, whose modalities in `fixed` are columns, which need no scaling."""
    scaling, X = dict(batches.scaling), dict(batches.X)
    some = {name: X[name] for name in fixed}
    parts = {name: [] for name in fixed}
    with torch.no_grad():
        size = as_many_at_once([x.shape[1:] for x in some.values()])
        for batch in Batches(some, scaling, size=size):
            for name, x in batch.items():
                parts[name].append(net.encoders[name].eval().columns(x))
    for name, columns in parts.items():
        X[name] = torch.cat(columns)
        scaling[name] = (X[name].new_zeros(()), X[name].new_ones(()))
    return Batches(X, scaling, batches.y, batches.size, batches.shuffle)
