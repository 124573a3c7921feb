"""Moments say where something is and how far it is spread."""

import numpy as np
import torch

from mmlib.nets.moments import MomentPool


def raw(grid):
    """Moments of one channel before standardization."""
    return (grid.flatten() @ MomentPool(1, grid.shape).weights * grid.numel()).numpy()


def test_a_single_place_gives_its_coordinates():
    grid = torch.zeros(5, 9)
    grid[1, 6] = 1
    x, y = 6 / 4 - 1, 1 / 2 - 1
    expected = [1, x, y, x * x - 1 / 3, y * y - 1 / 3, x * y]
    np.testing.assert_allclose(raw(grid), expected, atol=1e-6)


def test_each_channel_has_its_own_six_and_they_are_standardized_in_training():
    pool = MomentPool(channels=3, grid=(4, 4)).train()
    moments = pool(torch.rand(50, 3, 4, 4)).detach()
    assert moments.shape == (50, 18) == (50, pool.width)
    np.testing.assert_allclose(moments.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(moments.std(0, correction=0), 1, atol=0.05)
