"""No blind spot: all blocks together see what a picture holds, on samples of no other test."""

import numpy as np
import pytest

import mmlib
from mmlib.data.eye_test import KINDS, make_eye_test, make_shifted_disks
from mmlib.fusion.early import early_fusion


@pytest.fixture(scope="module")
def scores():
    found = {}
    for kind in KINDS:
        for seed in (71, 72):
            data = make_eye_test(kind, 880, seed=seed)
            train, new = data.take(np.arange(480)), data.take(np.arange(480, 880))
            model = early_fusion(train).fit(train.X, train.y)
            found.setdefault(kind, []).append(model.score(new.X, new.y))
    return {kind: np.mean(each) for kind, each in found.items()}


def test_every_kind_of_information_is_seen(scores):
    assert min(scores.values()) > 0.83
    assert np.mean(list(scores.values())) > 0.94


def test_place_in_the_picture_and_shift_of_a_band_are_fused_by_every_rung():
    train, new = make_shifted_disks(480, seed=71), make_shifted_disks(1000, seed=72)
    scores = {}
    for name, model in mmlib.fusion.ladder(train).items():
        if "only" not in name:
            scores[name] = model.fit(train.X, train.y).score(new.X, new.y)
    assert max(scores.values()) > train.meta["ceiling"] - 0.03
    assert min(scores.values()) > train.meta["ceiling"] - 0.09
