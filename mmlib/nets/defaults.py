"""Which encoder a modality gets where nothing is said, and what their names are."""

from ..base import is_spectrum
from .components import SpectrumComponents
from .encoders import TableEncoder, TokenEncoder, cnn, default_encoder
from .taught import TaughtImage


def taught_encoder(shape, width=64):
    """Choose an encoder that looks at the training samples before any label does.

    Parameters
    ----------
    shape : tuple of int
        ``(columns,)`` or ``(height, width, channels)``, as in ``X``.
    width : int
        Length of the vector that comes out.

    Returns
    -------
    torch.nn.Module
        `TaughtImage` for a picture from 16 x 16 pixels on, `SpectrumComponents` from 50 columns
        on, else what `mmlib.nets.encoders.default_encoder` gives.

    Examples
    --------
    >>> from mmlib.nets.defaults import taught_encoder
    >>> type(taught_encoder((211,))).__name__, type(taught_encoder((48, 48, 3))).__name__
    ('SpectrumComponents', 'TaughtImage')
    """
    if len(shape) == 3 and min(shape[:2]) >= 16:
        return TaughtImage(shape, width)
    if len(shape) == 1 and is_spectrum(tuple(shape)):
        return SpectrumComponents(shape, width)
    return default_encoder(shape, width)


ENCODERS = {  # what a string names
    "cnn": cnn,
    "taught": TaughtImage,
    "components": SpectrumComponents,
    "table": TableEncoder,
    "tokens": TokenEncoder,
}
