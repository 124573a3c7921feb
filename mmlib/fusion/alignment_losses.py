"""Alignment inside a network: losses that bring the vectors of the modalities together.

- `cca_loss`: minus the sum of canonical correlations, for nets ("deep CCA");
- `Correlate`: a fuse with that loss beside the training loss;
- `Adversary`: a fuse with an opponent who tries to tell which modality a vector came from,
  while the encoders learn to deny it the answer.

What a fuse is stands at the top of `mmlib.nets.fusion_net`. The distance of two vectors
is no such loss: at zero weights it is zero.
"""

import torch
import torch.nn.functional as F
from torch import nn

from ..base import DataError


def cca_loss(a, b, shrinkage=0.1):
    """Minus the sum of the canonical correlations of two batches of vectors.

    Parameters
    ----------
    a, b : tensors of shape (batch, width) and (batch, other width)
        Paired row by row.
    shrinkage : float, over 0 to 1
        As in `RegularizedCCA`. Without it a batch that is not much larger than the widths
        correlates perfectly, whatever is in it.

    Returns
    -------
    tensor, a single number
        Between minus the smaller width and 0; gradients flow to `a` and `b`.

    Raises
    ------
    DataError
        When the batches do not pair, or for a shrinkage out of range.

    Notes
    -----
    Covariances are whitened by their Cholesky factors and the singular values of what is
    left are added up, in double precision on the processor: the matrices are small. The
    gradient of this sum needs no gaps between the singular values, unlike that of eigenvectors.

    References
    ----------
    Andrew, Arora, Bilmes & Livescu (2013), Deep canonical correlation analysis, ICML.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.alignment_losses import cca_loss
    >>> a = torch.tensor([[1.0], [2.0], [4.0]])
    >>> round(cca_loss(a, 5 - 3 * a, shrinkage=1e-6).item(), 2)
    -1.0
    """
    if a.ndim != 2 or b.ndim != 2 or len(a) != len(b) or len(a) < 2:
        raise DataError(
            f"cca_loss was given shapes {tuple(a.shape)} and {tuple(b.shape)}: two tables with "
            "as many rows, two at least, are needed."
        )
    if not 0 < shrinkage <= 1:
        raise DataError(f"shrinkage is {shrinkage}: it must lie above 0 and not above 1.")
    a, b = (x.to("cpu", torch.float64) for x in (a, b))
    a, b = a - a.mean(0), b - b.mean(0)
    left, right = _root(a, shrinkage), _root(b, shrinkage)
    across = a.T @ b / len(a)  # (width, other width)
    across = torch.linalg.solve_triangular(left, across, upper=False)
    across = torch.linalg.solve_triangular(right, across.T, upper=False)
    return -torch.linalg.svdvals(across).sum()


class Correlate(nn.Module):
    """Project each vector, put them side by side, and reward what they have in common.

    The reward is `cca_loss`, averaged over the pairs of modalities.

    Parameters
    ----------
    widths : mapping of str to int
        Modality -> length of its vector.
    n_components : int
        Length of each projection.
    weight : float
        Of the reward beside the training loss.
    shrinkage : float
        See `cca_loss`.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.alignment_losses import Correlate
    >>> fuse = Correlate({"image": 64, "spectrum": 32}, n_components=4)
    >>> encoded = {"image": torch.rand(20, 64), "spectrum": torch.rand(20, 32)}
    >>> fuse(encoded).shape, bool(fuse.loss(encoded, y=None) < 0)
    (torch.Size([20, 8]), True)
    """

    def __init__(self, widths, n_components=8, weight=0.1, shrinkage=0.1):
        super().__init__()
        self.weight, self.shrinkage = weight, shrinkage
        self.width = n_components * len(widths)
        self.project = _projections(widths, n_components)

    def forward(self, encoded):
        return torch.cat(_project(self.project, encoded), dim=1)

    def loss(self, encoded, y):
        """The reward of a batch, as a loss; zero for one modality."""
        parts = _project(self.project, encoded)
        pairs = [(a, b) for i, a in enumerate(parts) for b in parts[:i]]
        if not pairs:
            return parts[0].new_zeros(())
        found = sum(cca_loss(a, b, self.shrinkage) for a, b in pairs) / len(pairs)
        return self.weight * found.to(parts[0].device, parts[0].dtype)


class Adversary(nn.Module):
    """Project each vector, put them side by side, and make them hard to tell apart.

    A small net, the *discriminator*, learns to say which modality a projection came from.
    On the way back to the projections and encoders its slopes are turned round, so that
    these learn the opposite.

    Parameters
    ----------
    widths : mapping of str to int
        Modality -> length of its vector.
    shared : int
        Length of each projection.
    hidden : int
        Width of the discriminator.
    weight : float
        Of the discriminator's loss beside the training loss.

    Attributes
    ----------
    discriminator : torch.nn.Module
        From (rows, shared) to one logit for each modality, in sorted order. That it fails in
        the end does not prove that the vectors are alike: a fresh one may succeed.

    Notes
    -----
    The *clouds* of vectors are matched. Nothing pulls the two vectors of one sample together.
    And this is a game, no descent: with large steps both sides may circle for ever.

    References
    ----------
    Ganin et al. (2016), Domain-adversarial training of neural networks, JMLR 17(59).

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.alignment_losses import Adversary
    >>> fuse = Adversary({"image": 64, "spectrum": 32}, shared=16)
    >>> encoded = {"image": torch.rand(20, 64), "spectrum": torch.rand(20, 32)}
    >>> fuse(encoded).shape, fuse.aligned(encoded)["image"].shape
    (torch.Size([20, 32]), torch.Size([20, 16]))
    """

    def __init__(self, widths, shared=16, hidden=32, weight=0.3):
        super().__init__()
        self.weight = weight
        self.width = shared * len(widths)
        self.project = _projections(widths, shared)
        if len(widths) > 1:
            self.discriminator = nn.Sequential(
                nn.Linear(shared, hidden), nn.ReLU(), nn.Linear(hidden, len(widths))
            )

    def aligned(self, encoded):
        """Modality -> its vectors in the shared space, (batch, shared)."""
        return dict(zip(sorted(encoded), _project(self.project, encoded), strict=True))

    def forward(self, encoded):
        return torch.cat(list(self.aligned(encoded).values()), dim=1)

    def loss(self, encoded, y):
        """The discriminator's loss on a batch, turned round for all that comes before it."""
        parts = list(self.aligned(encoded).values())
        if len(parts) == 1:
            return parts[0].new_zeros(())
        vectors = torch.cat([reverse_gradient(part) for part in parts])
        came_from = torch.arange(len(parts), device=vectors.device)
        came_from = came_from.repeat_interleave(len(parts[0]))
        return self.weight * F.cross_entropy(self.discriminator(vectors), came_from)


def reverse_gradient(x):
    """`x` itself on the way forward; on the way back, its gradient with the sign turned round.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.alignment_losses import reverse_gradient
    >>> x = torch.tensor(2.0, requires_grad=True)
    >>> (3 * reverse_gradient(x)).backward()
    >>> x.grad
    tensor(-3.)
    """
    return _Reverse.apply(x)


class _Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.view_as(x)

    @staticmethod
    def backward(ctx, slope):
        return -slope


def _projections(widths, size):
    if int(size) != size or size < 1:
        raise DataError(f"The shared width is {size!r}: it must be a whole number from 1 on.")
    return nn.ModuleList(nn.Linear(widths[name], size) for name in sorted(widths))


def _project(layers, encoded):
    return [layer(encoded[name]) for layer, name in zip(layers, sorted(encoded), strict=True)]


def _root(x, shrinkage):
    """Cholesky factor of the shrunk covariance of centered rows."""
    covariance = x.T @ x / len(x)
    mean = covariance.diagonal().mean()
    eye = torch.eye(len(covariance), dtype=x.dtype)
    # The last term keeps vectors that have all become equal from stopping the training.
    return torch.linalg.cholesky((1 - shrinkage) * covariance + (shrinkage * mean + 1e-12) * eye)
