"""Pretraining without labels: it helps when labels are few; the ImageNet door is polite."""

import sys
import types

import numpy as np
import pytest
import torch

import mmlib
from mmlib.nets.pretraining import imagenet_encoder, pretrain_image_encoder


def test_pretrained_encoder_beats_scratch_with_thirty_labels():
    """Three draws of 30 labels, scored on other plants; the mean gain must be clear."""
    many = mmlib.make_leaves(n_plants=300, seed=7).X["image"]
    encoder = pretrain_image_encoder(many, epochs=8)
    few, new = mmlib.make_leaves(n_plants=200, seed=8), mmlib.make_leaves(n_plants=100, seed=9)
    gains = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        rows = [rng.choice(np.flatnonzero(few.y == k), 6, replace=False) for k in range(5)]
        some = few.take(np.concatenate(rows))
        options = {"modalities": "image", "epochs": 30, "validation": 0, "random_state": seed}
        scratch = mmlib.FusionClassifier(**options).fit(some.X, some.y)
        tuned = mmlib.FusionClassifier(**options, encoders={"image": encoder}).fit(some.X, some.y)
        gains.append(tuned.score(new.X, new.y) - scratch.score(new.X, new.y))
    assert np.mean(gains) > 0.05


def test_fine_tuning_leaves_the_pretrained_encoder_alone():
    leaves = mmlib.make_leaves(n_plants=10)
    encoder = pretrain_image_encoder(leaves.X["image"], epochs=1)
    before = [p.clone() for p in encoder.parameters()]
    model = mmlib.FusionClassifier("image", encoders={"image": encoder}, epochs=2, random_state=0)
    model.fit(leaves.X, leaves.y)
    assert all(torch.equal(a, b) for a, b in zip(before, encoder.parameters(), strict=True))


def test_without_torchvision_the_message_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision", None)
    with pytest.raises(mmlib.DataError, match="needs torchvision"):
        imagenet_encoder((48, 48, 3), 64)


def _fake_torchvision(monkeypatch, make):
    models = types.ModuleType("torchvision.models")
    models.resnet18, models.ResNet18_Weights = make, types.SimpleNamespace(DEFAULT="best")
    monkeypatch.setitem(sys.modules, "torchvision", types.ModuleType("torchvision"))
    monkeypatch.setitem(sys.modules, "torchvision.models", models)


def test_without_network_the_message_says_what_to_do(monkeypatch):
    def fail(weights):
        raise OSError("no route to host")

    _fake_torchvision(monkeypatch, fail)
    with pytest.raises(mmlib.DataError, match="could not be downloaded"):
        imagenet_encoder((48, 48, 3), 64)


def test_backbone_gets_enlarged_pictures_and_gives_vectors(monkeypatch):
    class Backbone(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = torch.nn.Linear(3, 1000)

        def forward(self, x):
            assert x.shape[1] == 3 and min(x.shape[2:]) >= 112
            return self.fc(x.mean((2, 3)))

    _fake_torchvision(monkeypatch, lambda weights: Backbone())
    leaves = mmlib.make_leaves(n_plants=10, leaves_per_plant=2)
    model = mmlib.FusionClassifier("image", encoders={"image": imagenet_encoder}, epochs=1)
    assert model.fit(leaves.X, leaves.y).predict(leaves.X).shape == (20,)


def test_other_than_three_channels_is_refused():
    with pytest.raises(mmlib.DataError, match="3 channels"):
        imagenet_encoder((48, 48, 4), 64)
