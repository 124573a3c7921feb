"""Attention maps, and what to hold them against.

`attention_maps` returns the weights a net gave. Whether they explain its answers is another
question, and here are two ways to put it: hide a token and see what the answer does
(`occlude_tokens` of `mmlib.explain.occlusion`), or give the net other weights than its own
(`predict_with`).
"""

import numpy as np
import torch
from scipy.stats import spearmanr

from ..base import DataError
from ..data.mapping import check_samples, same_rows
from ..nets.loop import pick_device, to_device


def attention_maps(model, X):
    """The attention weights of a fitted model for some samples.

    Parameters
    ----------
    model : FusionClassifier, FusionRegressor, or a pipeline that ends in one
        Fitted, with a `fuse` that has `maps`.
    X : mapping of str to array, samples first

    Returns
    -------
    dict of (str, str) to ndarray of shape (samples, heads, tokens, tokens)
        (who asks, who is asked) -> weights; those of one question add up to 1 (in a
        `FusionTransformer`: over all that are asked). For `CoAttention` modality -> (samples,
        tokens), for `Gate` modality -> (samples,).

    Raises
    ------
    DataError
        When the model has no attention.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.attention import Gate
    >>> from mmlib.explain.attention_maps import attention_maps
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = mmlib.fusion.on_features(leaves, fuse=Gate, epochs=2).fit(leaves.X, leaves.y)
    >>> attention_maps(model, leaves.X)["image"].shape
    (100,)
    """
    X, model = _into_net(model, X)
    with torch.inference_mode():
        parts = [model.net_.fuse.maps(model.net_.encode(x)) for x in model.batches(X)]
    return {key: torch.cat([part[key] for part in parts]).cpu().numpy() for key in parts[0]}


def predict_with(model, X, maps):
    """What the model would answer with other attention weights than its own.

    Parameters
    ----------
    model : FusionClassifier, or a pipeline that ends in one
        Fitted, with `Gate` or `CoAttention`.
    X : mapping of str to array, samples first
    maps : dict
        As `attention_maps` returns them: exchanged between samples, made equal, ...

    Returns
    -------
    ndarray of shape (samples, classes)
        Probabilities.

    Raises
    ------
    DataError
        When the model has no attention, or one whose weights cannot be given from outside,
        or is no classifier, or there is not one map for each sample.

    References
    ----------
    Jain & Wallace (2019), Attention is not explanation, doi:10.18653/v1/N19-1357.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.attention import Gate
    >>> from mmlib.explain.attention_maps import attention_maps, predict_with
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = mmlib.fusion.on_features(leaves, fuse=Gate, epochs=2).fit(leaves.X, leaves.y)
    >>> own = attention_maps(model, leaves.X)
    >>> same = predict_with(model, leaves.X, own) - model.predict_proba(leaves.X)
    >>> bool(abs(same).max() < 1e-6)
    True
    """
    X, model = _into_net(model, X)
    net, start, outputs = model.net_, 0, []
    if not hasattr(net.fuse, "pool"):
        raise DataError(
            f"{type(net.fuse).__name__} takes no weights from outside: use Gate or CoAttention."
        )
    if not hasattr(model, "classes_"):  # a softmax over one output would be 1 whatever it is
        raise DataError(f"{type(model).__name__} gives no probabilities: use a classifier.")
    same_rows({**X, **{f"the map of {key}": weights for key, weights in maps.items()}})
    with torch.inference_mode():
        for x in model.batches(X):
            part = {
                key: torch.as_tensor(np.asarray(weights[start : start + len(x)])).to(x[key])
                for key, weights in maps.items()
            }
            outputs.append(net.head(net.fuse.pool(net.encode(x), part)))
            start += len(x)
    outputs = torch.cat(outputs).cpu().double() / model.temperature_
    return outputs.softmax(dim=1).numpy()


def rank_agreement(a, b):
    """Spearman's rank correlation within each sample, averaged over the samples.

    Parameters
    ----------
    a, b : array-like of shape (samples, tokens)

    Returns
    -------
    float
        1: the same order, -1: the opposite one, 0: no relation, or values that are all equal.

    Examples
    --------
    >>> from mmlib.explain.attention_maps import rank_agreement
    >>> rank_agreement([[0.1, 0.2, 0.7]], [[-1, 3, 5]])
    1.0
    """

    pairs = [(x, y) for x, y in zip(a, b, strict=True) if np.ptp(x) > 0 and np.ptp(y) > 0]
    return float(sum(spearmanr(x, y).statistic for x, y in pairs) / len(a))


def _into_net(model, X):
    """What the net itself is given, and the net's estimator, which must have attention."""
    X, _, _ = check_samples(X)
    if hasattr(model, "steps"):
        X, model = model[:-1].transform(X), model[-1]
    net = getattr(model, "net_", None)
    if not hasattr(getattr(net, "fuse", None), "maps"):
        raise DataError(
            f"{type(model).__name__} has no attention to show: fit a net whose fuse is Gate, "
            "CoAttention, CrossAttention or FusionTransformer."
        )
    to_device(net, pick_device(model.device)).eval()
    return X, model
