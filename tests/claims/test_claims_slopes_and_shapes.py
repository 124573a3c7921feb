"""Three mistakes of notebook 06 do harm whatever the numbers: a wrong slope, two wrong shapes."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

SEEDS = range(101, 106)


@pytest.mark.parametrize("seed", SEEDS)
def test_steps_along_y_x_over_p_raise_the_loss(seed):
    rng = np.random.default_rng(seed)
    x, truth = torch.tensor(rng.normal(size=(60, 4))), torch.arange(60) % 3
    x[:, 0] += truth  # the first number tells the classes apart
    slopes = {"(P - y) x": lambda P, Y: (P - Y).T @ x, "y x / P": lambda P, Y: (Y / P).T @ x}
    for name, slope in slopes.items():
        weights, losses = torch.zeros(3, 4), []
        for _step in range(5):
            losses.append(cross_entropy(x @ weights.T, truth).item())
            P = (x @ weights.T).softmax(dim=1)
            weights = weights - 0.1 * slope(P, torch.eye(3)[truth]) / 60
        assert (np.diff(losses) > 0).all() if name == "y x / P" else (np.diff(losses) < 0).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_series_beside_a_vector_is_refused_until_it_is_pooled(seed):
    torch.manual_seed(seed)
    series, vector = torch.rand(8, 20, 16), torch.rand(8, 32)
    with pytest.raises(RuntimeError, match="same number of dimensions"):
        torch.cat([series, vector], dim=1)
    assert torch.cat([series.mean(dim=1), vector], dim=1).shape == (8, 48)


@pytest.mark.parametrize("seed", SEEDS)
def test_joined_vectors_do_not_fit_and_added_ones_forget_who_said_what(seed):
    torch.manual_seed(seed)
    a, b, layer = torch.rand(8, 1024), torch.rand(8, 1024), nn.Linear(1024, 5, bias=False)
    with pytest.raises(RuntimeError, match="cannot be multiplied"):
        layer(torch.cat([a, b], dim=1))
    wide = nn.Linear(2048, 5, bias=False)
    turned = torch.cat([b, a], dim=1)
    torch.testing.assert_close(layer(a + b), layer(b + a))
    assert (wide(torch.cat([a, b], dim=1)) - wide(turned)).abs().max() > 0.1
    wide.weight.data = torch.cat([layer.weight, layer.weight], dim=1).detach()
    torch.testing.assert_close(layer(a + b), wide(turned))
