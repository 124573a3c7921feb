"""Pretraining without labels helps when labels are few; others' networks can be given, too."""

import numpy as np
import pytest
import torch

import mmlib
from mmlib.nets.pretraining import pretrain_image_encoder


@pytest.mark.claims
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
        options |= {"encoders": {"image": "cnn"}, "mixup": 0}
        scratch = mmlib.FusionClassifier(**options).fit(some.X, some.y)
        tuned = mmlib.FusionClassifier(**options | {"encoders": {"image": encoder}})
        tuned.fit(some.X, some.y)
        gains.append(tuned.score(new.X, new.y) - scratch.score(new.X, new.y))
    assert np.mean(gains) > 0.05


def test_fine_tuning_leaves_the_pretrained_encoder_alone():
    leaves = mmlib.make_leaves(n_plants=10)
    encoder = pretrain_image_encoder(leaves.X["image"], epochs=1)
    before = [p.clone() for p in encoder.parameters()]
    model = mmlib.FusionClassifier("image", encoders={"image": encoder}, epochs=2, random_state=0)
    model.fit(leaves.X, leaves.y)
    assert all(torch.equal(a, b) for a, b in zip(before, encoder.parameters(), strict=True))


def test_a_ready_made_module_is_an_encoder_once_it_says_its_width():
    """As the help of the file shows it, with a backbone that needs no download."""
    leaves = mmlib.make_leaves(n_plants=10, leaves_per_plant=2)
    backbone = torch.nn.Sequential(torch.nn.Conv2d(3, 5, 3), torch.nn.AdaptiveAvgPool2d(1))
    backbone.append(torch.nn.Flatten())
    model = mmlib.FusionClassifier("image", encoders={"image": backbone}, epochs=1)
    with pytest.raises(mmlib.DataError, match="encoder of 'image' has no width"):
        model.fit(leaves.X, leaves.y)
    backbone.width = 5
    assert model.fit(leaves.X, leaves.y).predict(leaves.X).shape == (20,)
    assert model.net_.encoders["image"][0].weight.shape == (5, 3, 3, 3)
