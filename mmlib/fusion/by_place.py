"""Fusion place by place: pictures on one grid meet before anything forgets where it was."""

import torch
from torch import nn

from ..base import DataError


class ByPlace(nn.Module):
    """At each place of the grid the vectors of all modalities meet; only then is it pooled.

    For pictures that are laid on one another (registered) and have encoders with the same grid of
    tokens. `Concatenate` puts vectors together that were pooled over the picture before: each
    says *what* is there, and none *where*.

    Parameters
    ----------
    widths : mapping of str to int
        Modality -> length of its encoder's vector.
    channels : int
        Numbers kept of each place.

    Raises
    ------
    DataError
        When the modalities have not the same number of places.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.by_place import ByPlace
    >>> fuse = ByPlace({"ct": 16, "mri": 16})
    >>> fuse({"ct": torch.rand(2, 9, 16), "mri": torch.rand(2, 9, 16)}).shape
    torch.Size([2, 12])
    """

    uses_tokens = True

    def __init__(self, widths, channels=12):
        super().__init__()
        self.width = channels
        self.meet = nn.Sequential(nn.Linear(sum(widths.values()), channels), nn.ReLU())

    def forward(self, encoded):
        places = {name: tokens.shape[1] for name, tokens in encoded.items()}
        if len(set(places.values())) > 1:
            raise DataError(
                f"ByPlace needs the same places in every modality, not {places}: give pictures of "
                "one size and the same encoder to all."
            )
        tokens = torch.cat([encoded[name] for name in sorted(encoded)], dim=2)
        return self.meet(tokens).amax(1)  # over the places
