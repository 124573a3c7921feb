"""Scores to probabilities: turned only where that is shown to be better."""

import numpy as np

import mmlib
from mmlib.features.score_link import ScoreLink


def scores_of(codes, seed, noise=0.3):
    return np.eye(3)[codes] + noise * np.random.default_rng(seed).normal(size=(len(codes), 3))


def test_few_scores_are_sharpened_and_keep_their_order():
    codes = np.arange(15) % 3
    for seed in range(5):
        link = ScoreLink().fit(scores_of(codes, seed), codes, np.arange(15) // 3)
        new = scores_of(codes, seed + 100)
        assert link.turned_ is None
        assert (link.decision_function(new).argmax(1) == new.argmax(1)).all()


def test_a_class_that_lies_between_two_others_is_seen_with_many():
    """Its column is never the largest, so that sharpening alone would never name it."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 3, 600)
    place = codes - 1 + 0.2 * rng.normal(size=600)
    said = np.column_stack([(1 - place) / 2, np.full(600, 0.33), (1 + place) / 2])
    link = ScoreLink().fit(said[:400], codes[:400])
    right = link.decision_function(said[400:]).argmax(1) == codes[400:]
    assert link.turned_ is not None
    assert right.mean() > 0.95 > 0.8 > (said[400:].argmax(1) == codes[400:]).mean()


def test_two_groups_of_a_class_are_enough_and_one_is_no_reason_to_stop():
    codes = np.array([0, 0, 1, 1, 2, 2])
    assert ScoreLink().fit(np.eye(3)[codes], codes).turned_ is None  # nothing varies in a class
    for groups in (np.arange(6), np.array([0, 0, 1, 2, 3, 4]), None):
        link = ScoreLink().fit(scores_of(codes, 0, 0.01), codes, groups)
        assert link.decision_function(np.eye(3)).argmax(1).tolist() == [0, 1, 2]


def test_ten_plants_teach_early_fusion_more_than_guessing_by_a_mile():
    """Held-out scores of fifty leaves turned by a discriminant analysis lost ten points."""
    new = mmlib.make_leaves(100, seed=777)
    scores = []
    for seed in range(4):
        few = mmlib.features.with_features(mmlib.make_leaves(10, seed=seed))
        model = mmlib.fusion.early_fusion(few)
        model.fit(few.X, few.y, blocks__groups=few.groups, model__groups=few.groups)
        scores.append(model.score(mmlib.features.with_features(new).X, new.y))
    assert np.mean(scores) > 0.55
