"""Encoders that have seen many pictures before they see a label.

Two ways to come by one: teach it, on your own unlabeled pictures, to predict what a
ruler and a color chart would measure (`pretrain_image_encoder`), or take a network
that was trained on a million labeled photographs (`imagenet_encoder`).
"""

import importlib

from sklearn.preprocessing import StandardScaler

from ..base import DataError
from ..features.images import ColorTexture
from .augment import light
from .estimators import FusionRegressor


def pretrain_image_encoder(images, epochs=10, width=64, device="auto", random_state=0):
    """Train an image encoder without labels: it learns to predict hand-made features.

    The 33 features of `mmlib.features.ColorTexture` can be computed for any picture, so
    any number of unlabeled pictures will do. An encoder that can predict them has found
    the object, its shape, its spots and its colors.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, channels), uint8
    epochs : int
    width : int
        Length of the encoder's vector.
    device : str
        "auto", "cpu", "cuda" or "mps".
    random_state : int

    Returns
    -------
    mmlib.nets.encoders.ImageCNN
        Pass it to ``FusionClassifier(encoders={"image": encoder})``, which trains a copy
        further.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.nets.pretraining import pretrain_image_encoder
    >>> leaves = mmlib.make_leaves(n_plants=10)
    >>> encoder = pretrain_image_encoder(leaves.X["image"], epochs=1)
    >>> model = mmlib.FusionClassifier("image", encoders={"image": encoder}, epochs=1)
    """

    measured = StandardScaler().fit_transform(ColorTexture().fit_transform(images))
    teacher = FusionRegressor(
        "image",
        width=width,
        augment=light,
        validation=0,
        epochs=epochs,
        device=device,
        random_state=random_state,
    )
    return teacher.fit({"image": images}, measured).net_.encoders["image"].cpu()


def imagenet_encoder(shape, width):
    """An encoder with a backbone trained on ImageNet (ResNet-18; He et al. 2016).

    Use it as ``FusionClassifier("image", encoders={"image": imagenet_encoder})``. Pictures are
    enlarged to 112 pixels at least, since the backbone halves them five times.

    Parameters
    ----------
    shape : (int, int, int)
        Height, width and channels of a picture; 3 channels.
    width : int
        Length of the vector.

    Returns
    -------
    torch.nn.Module

    Raises
    ------
    DataError
        Without torchvision, without a network on first use, or for other than 3 channels.

    References
    ----------
    He et al. (2016), doi:10.1109/CVPR.2016.90.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.nets.pretraining import imagenet_encoder
    >>> model = mmlib.FusionClassifier("image", encoders={"image": imagenet_encoder})
    """
    from torch import nn

    if shape[2] != 3:
        raise DataError(f"ImageNet pictures have 3 channels, these have {shape[2]}.")
    try:  # no extra: the right version of torchvision depends on that of torch
        models = importlib.import_module("torchvision.models")
    except ImportError:
        raise DataError(
            "The ImageNet backbone needs torchvision: install the version that belongs to your "
            "torch (pip install torchvision), or use pretrain_image_encoder instead."
        ) from None
    try:
        backbone = models.resnet18(weights=models.ResNet18_Weights.DEFAULT)
    except OSError:
        raise DataError(
            "The ImageNet weights (45 MB) could not be downloaded: connect to the network once, "
            "or use pretrain_image_encoder instead."
        ) from None
    backbone.fc = nn.Linear(backbone.fc.in_features, width)
    scale = max(1.0, 112 / min(shape[:2]))
    enlarge = nn.Upsample(scale_factor=scale, mode="bilinear", align_corners=False)
    encoder = nn.Sequential(enlarge, backbone)
    encoder.width = width
    return encoder
