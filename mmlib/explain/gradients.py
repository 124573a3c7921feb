"""Explaining a net from inside: integrated gradients along the way from a usual sample.

The gradients are captum's.
"""

import copy

import numpy as np
import torch
from torch import nn

from ..base import DataError
from ..nets.loop import own_randomness, to_device


def integrated_gradients(model, X, label, n_steps=32):
    """What each band and pixel adds to the logit of a class, against a usual sample.

    The slopes of the logit are averaged on the straight way from the usual sample, the mean
    of the training part for each band or color, to the sample, and multiplied by the distance.
    Sundararajan, Taly & Yan (2017), arXiv:1703.01365; the library is captum.

    Parameters
    ----------
    model : FusionClassifier
        Fitted.
    X : mapping of str to array, samples first
    label
        The class asked about.
    n_steps : int
        Stops on the way. More make `gap` smaller.

    Returns
    -------
    parts : dict of str to ndarray
        For each modality what each input adds, in logits; a picture's colors are summed:
        (samples, bands) or (samples, height, width).
    gap : float
        Largest difference between a sample's sum of parts and its logit minus that of
        the usual sample. In an exact explanation it is zero.

    Raises
    ------
    DataError
        When captum is missing, the model is no fitted net or one of a graph, or it does not
        know the class.
    """
    try:
        from captum.attr import IntegratedGradients
    except ImportError:
        raise DataError("Integrated gradients need captum: run pip install captum.") from None
    if not hasattr(model, "net_") or not hasattr(model, "classes_"):
        raise DataError("Integrated gradients need a fitted FusionClassifier.")
    if hasattr(model, "links_"):
        raise DataError(
            "Integrated gradients cannot follow a graph, where a sample also hears its neighbors: "
            "give a FusionClassifier."
        )
    if label not in model.classes_:
        raise DataError(f"The model does not know the class {label!r}.")
    target = list(model.classes_).index(label)
    net, names = to_device(copy.deepcopy(model.net_), "cpu").eval(), list(model.shapes_)

    def logits(*arrays):
        return net(dict(zip(names, arrays, strict=True)))

    method = IntegratedGradients(logits)
    found, gap = {name: [] for name in names}, 0.0
    for batch in model.batches(X, "cpu"):
        inputs = tuple(batch[name].detach() for name in names)
        usual = tuple(torch.zeros_like(x) for x in inputs)  # zero is the mean, once standardized
        added = method.attribute(  # in portions, so that memory does not grow with n_steps
            inputs, usual, target=target, n_steps=n_steps, internal_batch_size=256
        )
        with torch.no_grad():
            change = (logits(*inputs) - logits(*usual))[:, target]
        total = sum(x.flatten(1).sum(1) for x in added)
        gap = max(gap, float((total - change).abs().max()))
        for name, x in zip(names, added, strict=True):
            found[name].append((x.sum(1) if x.ndim == 4 else x).detach().numpy())
    return {name: np.concatenate(parts) for name, parts in found.items()}, gap


def scramble(model, random_state=0):
    """A copy of a fitted net model whose weights are drawn anew: it has learned nothing.

    An explanation that looks the same for it does not explain the model
    (Adebayo et al. 2018, arXiv:1810.03292).

    Parameters
    ----------
    model : FusionClassifier
    random_state : int

    Returns
    -------
    FusionClassifier

    Raises
    ------
    DataError
        When the model is not fitted.
    """
    if not hasattr(model, "net_"):
        raise DataError("Only a fitted net can be scrambled.")
    other = copy.deepcopy(model)
    with own_randomness(random_state):
        for module in other.net_.modules():
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()
        for parameter in (p for p in other.net_.parameters() if p.ndim > 1):
            nn.init.normal_(parameter, std=float(parameter[0].numel()) ** -0.5)
    return other
