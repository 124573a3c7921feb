"""Light changes to training samples that leave their labels alone.

A net that sees every picture shifted learns what stays the same. Only training batches are
changed, never what is predicted. Color is left alone on purpose: in measurements, color is
usually the signal. Mirroring is for those who know that left and right mean nothing in their
pictures: where they do mean something, it destroys what was to be learned.
"""

import torch


def mirror_and_shift(X, shift=1 / 16):
    """Mirror every second picture left to right, and shift the batch a little.

    Parameters
    ----------
    X : mapping of str to tensor
        A training batch. Pictures are (batch, channels, height, width); anything
        else is passed on as it is.
    shift : float
        Largest shift, as a share of height and width. What leaves on one side
        comes back on the other.

    Returns
    -------
    dict of str to tensor
        Randomness comes from torch's generator, which the estimators seed.

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.augment import mirror_and_shift
    >>> batch = {"image": torch.rand(4, 3, 16, 16), "spectrum": torch.rand(4, 50)}
    >>> changed = mirror_and_shift(batch)
    >>> changed["image"].shape, changed["spectrum"] is batch["spectrum"]
    (torch.Size([4, 3, 16, 16]), True)
    """
    return {name: _moved(_mirrored(x), shift) if x.ndim == 4 else x for name, x in X.items()}


def together(X, shift=1 / 16):
    """Mirror and shift pictures that lie on one another, all of a sample in the same way.

    `mirror_and_shift` treats each modality by itself. Where it matters *where* in one picture
    something is that another shows too, that would tear them apart.

    Parameters
    ----------
    X : mapping of str to tensor
        Pictures must have the same height and width.
    shift : float
        As in `mirror_and_shift`.

    Returns
    -------
    dict of str to tensor

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.augment import together
    >>> ct = torch.rand(4, 1, 16, 16)
    >>> changed = together({"ct": ct, "mri": ct})
    >>> torch.equal(changed["ct"], changed["mri"])
    True
    """
    pictures = {name: x for name, x in X.items() if x.ndim == 4}
    if not pictures:
        return dict(X)
    joined = torch.cat(list(pictures.values()), dim=1)
    joined = _moved(_mirrored(joined), shift)
    parts = joined.split([x.shape[1] for x in pictures.values()], dim=1)
    return {**X, **dict(zip(pictures, parts, strict=True))}


def shift(X, most=1 / 16):
    """Shift a batch of pictures a little, and mirror nothing.

    Parameters
    ----------
    X : mapping of str to tensor
    most : float
        Largest shift, as in `mirror_and_shift`.

    Returns
    -------
    dict of str to tensor

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.augment import shift
    >>> shift({"image": torch.rand(4, 3, 16, 16)})["image"].shape
    torch.Size([4, 3, 16, 16])
    """
    return {name: _moved(x, most) if x.ndim == 4 else x for name, x in X.items()}


def jitter(X, gain=0.1, offset=0.2, noise=0.05):
    """Change each spectrum or table row a little, as if it had been measured again.

    Parameters
    ----------
    X : mapping of str to tensor
        A training batch, standardized. Pictures are passed on as they are.
    gain, offset, noise : float
        Spread of a factor common to the row, of a constant added to the row, and of
        what is added to each value; in standard deviations of the training data.

    Returns
    -------
    dict of str to tensor

    Examples
    --------
    >>> import torch
    >>> from mmlib.nets.augment import jitter
    >>> jitter({"spectrum": torch.rand(4, 50)})["spectrum"].shape
    torch.Size([4, 50])
    """
    return {name: x if x.ndim != 2 else _row(x, gain, offset, noise) for name, x in X.items()}


def light(X):
    """`shift` for pictures, `jitter` for spectra and tables: a fair default.

    Examples
    --------
    >>> from mmlib.nets.augment import light
    >>> import mmlib
    >>> model = mmlib.FusionClassifier(augment=light)
    """
    return jitter(shift(X))


def _row(x, gain, offset, noise):
    one = torch.randn(2, len(x), 1, device=x.device)
    return x * (1 + gain * one[0]) + offset * one[1] + noise * torch.randn_like(x)


def _mirrored(x):
    """Every second picture, left to right."""
    chosen = torch.rand(len(x), 1, 1, 1, device=x.device) < 0.5
    return torch.where(chosen, x.flip(3), x)


def _moved(x, shift):
    most = [round(shift * size) for size in x.shape[2:]]
    # One shift for the whole batch: it is a copy of memory, not a gather.
    moves = [int(torch.randint(-m, m + 1, (1,))) for m in most]
    return torch.roll(x, moves, dims=(2, 3)) if any(moves) else x
