"""Encoders that have seen many pictures before they see a label.

`pretrain_image_encoder` teaches one, on your own unlabeled pictures, to predict what a ruler
and a color chart would measure. A network that somebody else has trained is given in the same
way: any torch module from standardized pictures, (batch, channels, height, width), to vectors,
(batch, width), that has their length as its attribute `width`. So it goes with torchvision::

    backbone = torchvision.models.resnet18(weights="DEFAULT")
    backbone.fc, backbone.width = torch.nn.Identity(), 512
    model = mmlib.FusionClassifier("image", encoders={"image": backbone})
"""

from sklearn.preprocessing import StandardScaler

from ..features.images import ColorTexture
from .augment import mirror_and_shift
from .estimators import NeuralFusion
from .targets import PredictsQuantities


class _Teacher(PredictsQuantities, NeuralFusion):
    """A net that predicts what was measured on its pictures."""


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
    teacher = _Teacher(
        "image",
        width=width,
        augment=mirror_and_shift,  # which changes none of the measures
        mixup=0,
        validation=0,
        epochs=epochs,
        device=device,
        random_state=random_state,
    )
    return teacher.fit({"image": images}, measured).net_.encoders["image"].cpu()
