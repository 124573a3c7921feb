"""Graph convolution: the layers of a graph net, apart from how it is trained.

A sample's new vector is a weighted sum over itself and its neighbors. Who the neighbors
are is settled in `mmlib.fusion.neighbors`, what is learned from them in `mmlib.fusion.graph`.
"""

import numpy as np
import torch
from scipy import sparse
from torch import nn


class GraphConvolution(nn.Module):
    """A linear layer, then every sample becomes a weighted sum over itself and its neighbors.

    Parameters
    ----------
    inputs, outputs : int
        Length of the vectors.

    References
    ----------
    Kipf & Welling (2017), doi:10.48550/arXiv.1609.02907.

    Examples
    --------
    >>> import numpy as np, torch
    >>> from mmlib.fusion.graph_layers import GraphConvolution, to_links
    >>> average = to_links(np.array([[0.5, 0.5], [0.5, 0.5]]))
    >>> layer = GraphConvolution(1, 1)
    >>> _ = layer.weight.data.fill_(2.0)
    >>> layer(torch.tensor([[1.0], [3.0]]), average).tolist()
    [[4.0], [4.0]]
    """

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inputs, outputs))
        self.bias = nn.Parameter(torch.empty(outputs))
        self.reset_parameters()

    def reset_parameters(self):
        """Forget what was learned."""
        nn.init.xavier_uniform_(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, x, links):
        """From x, (samples, inputs), and links as `to_links` gives them to (samples, outputs)."""
        receivers, senders, weights = links
        x = x @ self.weight
        sent = weights[:, None] * x.index_select(0, senders)  # (links, outputs)
        return torch.zeros_like(x).index_add(0, receivers, sent) + self.bias


def to_links(matrix, device="cpu", dtype=None):
    """A table of weights as three tensors: who receives, who sends, how much."""

    matrix = sparse.coo_array(matrix)
    pairs = [torch.as_tensor(np.asarray(x, np.int64), device=device) for x in matrix.coords]
    dtype = dtype or torch.get_default_dtype()
    weights = torch.as_tensor(matrix.data, dtype=dtype, device=device)
    return *pairs, weights


class LinkNeighbors(nn.Module):
    """The `fuse` of a graph net: two graph convolutions, and a sample's own vector beside them.

    Before it is called, `place` must say how the samples are linked.

    Parameters
    ----------
    widths : mapping of str to int
        Modality -> length of its vector.
    width : int
        Of the vectors inside.
    dropout : float
    own : bool
        Whether a sample's own vector is passed on as well, past the graph. Without it,
        what tells a sample from its neighbors is averaged away.
    nodes : bool
        One node for each modality of a sample, instead of one for the sample. All widths
        must then be the same.
    """

    def __init__(self, widths, width=32, dropout=0.4, own=True, nodes=False):
        super().__init__()
        self.copies = len(widths) if nodes else 1
        inputs = max(widths.values()) if nodes else sum(widths.values())
        self.first = GraphConvolution(inputs, width)
        self.second = GraphConvolution(width, width)
        self.own = nn.Linear(inputs, width) if own else None
        self.dropout = nn.Dropout(dropout)
        self.width = self.copies * width * (2 if own else 1)

    def place(self, links, rows):
        """Say how the nodes are linked, and which samples' vectors are wanted."""
        self.links, self.rows = links, rows

    def forward(self, encoded):
        vectors = [encoded[name] for name in sorted(encoded)]
        x = self.dropout(torch.cat(vectors, dim=0 if self.copies > 1 else 1))  # (nodes, inputs)
        heard = self.first(x, self.links).relu()
        heard = self.second(self.dropout(heard), self.links)
        if self.own is not None:
            heard = torch.cat([self.own(x).relu(), heard], dim=1)
        heard = heard.reshape(self.copies, -1, heard.shape[1])  # (copies, samples, channels)
        return heard.index_select(1, self.rows).transpose(0, 1).flatten(1)
