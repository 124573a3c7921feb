"""Mixing vectors and losses: what is mixed with what, by how much, and when."""

import numpy as np
import torch
from torch import nn

import mmlib
from mmlib.fusion.heteroscedastic import SpreadRegressor
from mmlib.nets.fusion_net import Concatenate, FusionNet, mix
from mmlib.nets.loop import Batches, own_randomness, train_net


class Watched(nn.Linear):
    """Keeps what it was given."""

    def forward(self, x):
        self.given = [*getattr(self, "given", []), (self.training, x.detach().clone())]
        return super().forward(x)


def test_all_vectors_of_a_sample_are_mixed_with_those_of_the_same_other_sample():
    encoded = {"a": torch.arange(8.0)[:, None].repeat(1, 3), "b": 10 * torch.arange(8.0)[:, None]}
    with own_randomness(0):
        mixed, share, other = mix(encoded, 1.0)
    expected = share * torch.arange(8.0) + (1 - share) * other
    torch.testing.assert_close(mixed["a"], expected[:, None].repeat(1, 3))
    torch.testing.assert_close(mixed["b"], 10 * expected[:, None])
    assert sorted(other.tolist()) == list(range(8)) and 0 < share < 1


def test_shares_follow_the_distribution_that_was_asked_for():
    with own_randomness(0):
        shares = {a: [mix({"a": torch.ones(2, 1)}, a)[1] for _ in range(2000)] for a in (0.2, 1)}
    for spread, drawn in shares.items():
        assert abs(np.mean(drawn) - 0.5) < 0.03
        assert abs(np.var(drawn) - 0.25 / (2 * spread + 1)) < 0.01


def trained(mixup, criterion=None, held=False):
    """The two sides of a line; what the head was given in one epoch of 4 batches."""
    X = {"a": torch.eye(8, dtype=torch.double).repeat(4, 1)}
    scaling = {"a": (torch.zeros(8).double(), torch.ones(8).double())}
    y = torch.arange(8).repeat(4) % 2
    head = Watched(8, 2)
    net = FusionNet({"a": nn.Identity()}, Concatenate({"a": 8}), head, mixup=mixup)
    train = Batches(X, scaling, y, size=8, shuffle=True)
    valid = Batches(X, scaling, y, size=8) if held else None
    with own_randomness(0):
        train_net(net.double(), criterion or nn.CrossEntropyLoss(), train, valid, epochs=1)
    return head.given


def test_only_training_is_mixed():
    given = trained(1.0, held=True)
    for training, vectors in given:
        pure = ((vectors == 0) | (vectors == 1)).all()
        assert pure != training
    assert {training for training, _ in given} == {True, False}
    assert all(((v == 0) | (v == 1)).all() for _, v in trained(0.0))


def test_the_loss_of_a_mixed_batch_is_mixed_likewise():
    seen = []

    class Count(nn.Module):
        """Loss 1 for a sample of class 1: so the loss is the share of class 1."""

        def forward(self, output, y):
            seen.append(y.double().mean().item())
            return output.sum() * 0 + y.double().mean()

    trained(1.0, Count())
    assert len(seen) == 8  # twice a batch: its own labels and those of the others


def test_squared_errors_of_mixed_targets_have_the_same_gradient():
    output = torch.randn(6, 1, dtype=torch.double, requires_grad=True)
    y, other, share = torch.randn(6, 1).double(), torch.randn(6, 1).double(), 0.3
    mse = nn.MSELoss()
    (parts,) = torch.autograd.grad(share * mse(output, y) + 0.7 * mse(output, other), output)
    (whole,) = torch.autograd.grad(mse(output, share * y + 0.7 * other), output)
    torch.testing.assert_close(parts, whole)


def test_a_spread_is_not_learned_from_mixed_samples():
    X = {"table": np.random.default_rng(0).normal(size=(40, 3))}
    model = SpreadRegressor(epochs=1, mixup=1.0, random_state=0).fit(X, X["table"][:, 0])
    assert model.net_.mixup == 0
    assert mmlib.FusionRegressor(epochs=1, mixup=1.0).fit(X, X["table"][:, 0]).net_.mixup == 1
