"""Tensor fusion: the vectors are multiplied, every number with every number.

A 1 is put in front of each vector first. So the table of products holds the 1 times 1,
each number alone (times the 1s of the others), and every product. The whole table is
`OuterProduct`. It grows as fast as the widths multiply, and there are two stand-ins:
`LowRankTensor` learns what a linear layer after the table would do without ever building
it, `CompactBilinear` throws the table into few bins.

All three start near a sum, with products small beside the 1: what starts as a product of
small numbers vanishes, and one of large numbers explodes, the more so the more modalities
there are.
"""

import math
from numbers import Integral

import torch
from torch import nn

from ..base import DataError

LARGEST = 100_000  # products per sample that OuterProduct agrees to build
START = 0.3  # size of a starting projection beside the 1


def with_one(x):
    """Put a 1 in front of each vector, (batch, width) -> (batch, 1 + width)."""
    return torch.cat([torch.ones_like(x[:, :1]), x], dim=1)


class OuterProduct(nn.Module):
    """The whole table of products, (batch, product of all 1 + width).

    Parameters
    ----------
    widths : mapping of str to int
        Modality -> length of its vector.
    compress : int, optional
        Bring each vector to this many numbers first, by a linear layer. With None the
        vectors are multiplied as they are, and nothing is learned here.

    Raises
    ------
    DataError
        When the table would hold more than 100,000 numbers, or an option is no
        positive whole number.

    References
    ----------
    Zadeh et al. (2017), Tensor fusion network, doi:10.18653/v1/D17-1115.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.tensor import OuterProduct
    >>> fuse = OuterProduct({"image": 1, "spectrum": 2})
    >>> fuse({"image": torch.tensor([[3.0]]), "spectrum": torch.tensor([[5.0, 7.0]])})
    tensor([[ 1.,  5.,  7.,  3., 15., 21.]])
    """

    def __init__(self, widths, compress=None):
        super().__init__()
        self.names = sorted(widths)
        sizes = [widths[name] for name in self.names]
        if compress is not None:
            _positive(compress=compress)
        self.width = math.prod(1 + (compress or size) for size in sizes)
        if self.width > LARGEST:
            raise DataError(
                f"The outer product of {' x '.join(str(1 + (compress or s)) for s in sizes)} has "
                f"{self.width:,} numbers for each sample: use LowRankTensor, which never builds "
                "it, or a smaller compress."
            )
        self.compress = None
        if compress is not None:
            self.compress = nn.ModuleList(_small(nn.Linear(size, compress)) for size in sizes)

    def forward(self, encoded):
        table = None
        for i, name in enumerate(self.names):
            x = encoded[name] if self.compress is None else self.compress[i](encoded[name])
            x = with_one(x)  # (batch, 1 + width)
            # (batch, so far, 1) * (batch, 1, 1 + width) -> (batch, so far * (1 + width))
            table = x if table is None else (table[:, :, None] * x[:, None]).flatten(1)
        return table


class LowRankTensor(nn.Module):
    """What a linear layer after the whole table would give, without the table.

    The layer's weights form a tensor, (1 + width of each modality, ..., outputs). Here it
    is a sum of `rank` terms, each the product of one factor per modality, and so is what
    comes out: project each vector, multiply the projections, add up over the rank.

    Parameters
    ----------
    widths : mapping of str to int
        Modality -> length of its vector.
    rank : int
        How many products are added up.
    width : int
        Length of the fused vector.

    Attributes
    ----------
    factors : torch.nn.ParameterList
        One for each modality in sorted order, (rank, 1 + width of the modality, width).
    mix : torch.nn.Parameter, (rank,)
    bias : torch.nn.Parameter, (width,)

    Raises
    ------
    DataError
        When an option is no positive whole number.

    Notes
    -----
    The row of each factor that meets the 1 starts at 1 and the others start small, unlike
    in the paper. At first the fused vector is then nearly a sum over the modalities. With
    plain random factors four modalities lose some five points of accuracy on the leaves.

    References
    ----------
    Liu et al. (2018), Low-rank multimodal fusion, doi:10.18653/v1/P18-1209.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.tensor import LowRankTensor
    >>> fuse = LowRankTensor({"image": 64, "spectrum": 64}, rank=4, width=32)
    >>> fuse({"image": torch.rand(5, 64), "spectrum": torch.rand(5, 64)}).shape
    torch.Size([5, 32])
    >>> fuse.tensor().shape
    torch.Size([65, 65, 32])
    """

    def __init__(self, widths, rank=8, width=64):
        super().__init__()
        _positive(rank=rank, width=width)
        self.names = sorted(widths)
        self.width = width
        # A ParameterList, not a plain list: only so does the optimizer find the factors.
        self.factors = nn.ParameterList()
        for name in self.names:
            factor = torch.randn(rank, 1 + widths[name], width) * START / math.sqrt(widths[name])
            factor[:, 0] = 1.0
            self.factors.append(nn.Parameter(factor))
        self.mix = nn.Parameter(torch.randn(rank) / math.sqrt(rank))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, encoded):
        product = 1.0
        for name, factor in zip(self.names, self.factors, strict=True):
            # (batch, 1 + its width) -> (batch, rank, width)
            product = product * torch.einsum("bi,rio->bro", with_one(encoded[name]), factor)
        return torch.einsum("bro,r->bo", product, self.mix) + self.bias

    def tensor(self):
        """The weights that the factors stand for, (1 + width of each modality, ..., width)."""
        terms = self.mix[:, None, None]  # (rank, places so far, width)
        for factor in self.factors:
            terms = torch.einsum("rso,rio->rsio", terms.expand(-1, -1, self.width), factor)
            terms = terms.flatten(1, 2)
        return terms.sum(0).reshape(*(f.shape[1] for f in self.factors), self.width)


class CompactBilinear(nn.Module):
    """The table of products thrown into few bins, (batch, width), without building it.

    Each number of the table goes into one bin, fixed by chance, with a sign fixed by
    chance; what meets in a bin is added. Dot products between tables are kept on average:
    their error shrinks as one over the root of `width`. It takes a Fourier transform,
    because throwing a product into bins is a circular convolution of thrown vectors.

    Parameters
    ----------
    widths : mapping of str to int
        Modality -> length of its vector.
    width : int
        Number of bins, which is the length of the fused vector.

    Attributes
    ----------
    scales : torch.nn.Parameter, (modalities,)
        What each vector is multiplied by before the 1 is put in front; learned.

    Raises
    ------
    DataError
        When `width` is no positive whole number.

    Notes
    -----
    The papers put no 1 in front, and normalize the result. Without the 1 no number is
    there alone, and normalizing hides how much of something a sample holds.

    References
    ----------
    Fukui et al. (2016), Multimodal compact bilinear pooling, doi:10.18653/v1/D16-1044;
    Gao et al. (2016), Compact bilinear pooling, doi:10.1109/CVPR.2016.41. The sketch:
    Pham & Pagh (2013), doi:10.1145/2487575.2487591.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.tensor import CompactBilinear
    >>> fuse = CompactBilinear({"image": 64, "spectrum": 64}, width=256)
    >>> fuse({"image": torch.rand(5, 64), "spectrum": torch.rand(5, 64)}).shape
    torch.Size([5, 256])
    """

    def __init__(self, widths, width=512):
        super().__init__()
        _positive(width=width)
        self.names = sorted(widths)
        self.width = width
        sizes = torch.tensor([float(widths[name]) for name in self.names])
        self.scales = nn.Parameter(START / sizes.sqrt())
        self.throws = nn.ModuleList(CountSketch(1 + widths[name], width) for name in self.names)

    def forward(self, encoded):
        wave = 1.0
        for name, scale, throw in zip(self.names, self.scales, self.throws, strict=True):
            wave = wave * torch.fft.rfft(throw(with_one(scale * encoded[name])))
        return torch.fft.irfft(wave, n=self.width)


class CountSketch(nn.Module):
    """Throw the numbers of a vector into bins, (batch, size) -> (batch, width).

    Bins and signs are drawn once. They are buffers: nothing trains them, but they are
    saved with the weights, which mean nothing without them.

    Parameters
    ----------
    size, width : int

    References
    ----------
    Charikar, Chen & Farach-Colton (2002), doi:10.1007/3-540-45465-9_59.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.tensor import CountSketch
    >>> throw = CountSketch(size=3, width=2)
    >>> throw.bins, throw.signs = torch.tensor([0, 1, 0]), torch.tensor([1.0, 1.0, -1.0])
    >>> throw(torch.tensor([[5.0, 6.0, 7.0]]))
    tensor([[-2.,  6.]])
    """

    def __init__(self, size, width):
        super().__init__()
        self.width = width
        self.register_buffer("bins", torch.randint(width, (size,)))
        self.register_buffer("signs", 2.0 * torch.randint(2, (size,)) - 1.0)

    def forward(self, x):
        return x.new_zeros(len(x), self.width).index_add(1, self.bins, x * self.signs)


def _small(layer):
    nn.init.normal_(layer.weight, std=START / math.sqrt(layer.in_features))
    nn.init.zeros_(layer.bias)
    return layer


def _positive(**options):
    for name, value in options.items():
        if not isinstance(value, Integral) or value < 1:
            raise DataError(f"{name} is {value!r}: it must be a whole number from 1 on.")
