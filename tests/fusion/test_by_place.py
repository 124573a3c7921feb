"""Meeting by place tells whether two spots are at one place; meeting as vectors cannot."""

import numpy as np
import pytest
import torch
from torch import nn

import mmlib
from mmlib.fusion.by_place import ByPlace


class Pixels(nn.Module):
    """Each pixel is a token, weighted by what is learned; the vector is the largest."""

    def __init__(self, shape, width):
        super().__init__()
        self.width = width
        self.layer = nn.Conv2d(shape[2], width, 1)

    def tokens(self, x):
        return self.layer(x).flatten(2).transpose(1, 2)

    def forward(self, x):
        return self.tokens(x).amax(1)


def same_place(n, seed):
    """Two pictures of 4 x 4 pixels with one spot each, at the same place or not."""
    rng = np.random.default_rng(seed)
    y, here = rng.permutation(np.arange(n) % 2), rng.integers(16, size=n)
    there = np.where(y == 1, (here + rng.integers(1, 16, size=n)) % 16, here)
    pictures = [np.eye(16)[place].reshape(n, 4, 4, 1) for place in (here, there)]
    return dict(zip(("one", "other"), pictures, strict=True)), y


def test_by_place_learns_what_pooled_vectors_cannot():
    X, y = same_place(240, 231)
    new, truth = same_place(200, 232)
    scores = {}
    for fuse in (ByPlace, "concatenate"):
        model = mmlib.FusionClassifier(
            fuse=fuse, encoders=dict.fromkeys(X, Pixels), width=6, dropout=0, epochs=40,
            batch_size=16, lr=2e-2, validation=0, random_state=0,
        )  # fmt: skip
        scores[fuse] = model.fit(X, y).score(new, truth)
    assert scores[ByPlace] > 0.95
    assert abs(scores["concatenate"] - 0.5) < 1e-9  # every vector is the same: one answer for all


def test_it_is_the_calculation_by_hand_and_the_order_of_names_does_not_matter():
    fuse = ByPlace({"a": 2, "b": 1}, channels=3)
    a, b = torch.rand(2, 5, 2), torch.rand(2, 5, 1)
    linear = fuse.meet[0]
    by_hand = torch.relu(torch.cat([a, b], 2) @ linear.weight.T + linear.bias).amax(1)
    torch.testing.assert_close(fuse({"a": a, "b": b}), by_hand)
    torch.testing.assert_close(fuse({"b": b, "a": a}), by_hand)


def test_other_grids_are_refused():
    fuse = ByPlace({"a": 2, "b": 2})
    with pytest.raises(mmlib.DataError, match=r"'a': 4, 'b': 9"):
        fuse({"a": torch.rand(1, 4, 2), "b": torch.rand(1, 9, 2)})
