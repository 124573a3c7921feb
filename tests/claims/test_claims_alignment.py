"""What notebook 11 says in words, checked again over five samples."""

from functools import partial

import numpy as np
import pytest
import torch
from sklearn.covariance import OAS
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LinearRegression
from sklearn.metrics import recall_score
from sklearn.preprocessing import StandardScaler

import mmlib
from mmlib.course.alignment_demo import learn_scores, play_and_judge
from mmlib.evaluation.few_labels import score_few_labels
from mmlib.evaluation.retrieval import share_found
from mmlib.features import ColorTexture
from mmlib.features.blocks import default_block, feature_blocks
from mmlib.fusion import early_fusion, on_features
from mmlib.fusion.alignment_losses import Correlate, cca_loss
from mmlib.fusion.attributes import SemanticAlignment
from mmlib.fusion.cca import RegularizedCCA, correlations

SEEDS = range(201, 206)
LDA = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=OAS())


class Sample:
    """Leaves to learn from, new ones, and both as blocks of features."""

    def __init__(self, seed, n_new=500, **knobs):
        self.leaves = self.measured(mmlib.make_leaves(seed=seed, **knobs))
        self.others = self.measured(mmlib.make_leaves(n_new, 1, seed=seed + 500, **knobs))
        blocks = feature_blocks(self.leaves, n_components=15).fit(self.leaves.X)
        self.known, self.new = blocks.transform(self.leaves.X), blocks.transform(self.others.X)
        scale = {name: table.std(0) for name, table in self.known.items()}
        self.x, self.x_new = (
            {name: torch.tensor(X[name] / scale[name]) for name in X}
            for X in (self.known, self.new)
        )

    @staticmethod
    def measured(data):
        X = {"spectrum": data.X["spectrum"], "image": ColorTexture().fit_transform(data.X["image"])}
        return mmlib.MultimodalData(
            X, data.y, data.groups, target_names=data.target_names, info=data.info
        )

    def found(self, n_components):
        cca = RegularizedCCA(n_components, shrinkage=0).fit(self.known)
        return share_found(*cca.transform(self.new).values())


@pytest.fixture(scope="module")
def samples():
    return [Sample(seed) for seed in SEEDS]


def side_by_side(X):
    return np.hstack([X["image"], X["spectrum"]])


def test_two_directions_are_shared_redness_and_greenness(samples):
    for s in samples:
        scores = RegularizedCCA(3, shrinkage=0).fit(s.known).transform(s.new)
        agreement = correlations(scores)
        assert (agreement[:2] > 0.8).all() and agreement[2] < 0.6
        factors = [np.log(s.others.info[name]) for name in ("anthocyanins", "chlorophyll")]
        r = np.corrcoef(np.c_[scores["spectrum"][:, :2], *factors].T)[:2, 2:]
        assert (np.abs(r).max(0) > 0.75).all() and (np.abs(r).max(1) > 0.75).all()


def test_partners_are_found_best_with_the_two_shared_scores(samples):
    found = np.array([[s.found(k) for k in (1, 2, 4, 8)] for s in samples])
    assert (found[:, 1] > 0.25).all()  # a guess: 0.05
    assert (found[:, 1] > found[:, 0]).all() and (found[:, 1] > found[:, 2]).all()
    assert found[:, 3].mean() < found[:, 2].mean()


def test_a_calibration_can_be_moved_to_the_camera_by_pairs_alone(samples):
    for s in samples:
        cca = RegularizedCCA(2, shrinkage=0).fit(s.known)
        content, truth = s.leaves.info["chlorophyll"], s.others.info["chlorophyll"]
        moved = LinearRegression().fit(cca.transform(s.known)["spectrum"], content)
        anew = LinearRegression().fit(s.known["image"], content)
        wrong = [
            np.sqrt(np.mean((reading - truth) ** 2))
            for reading in (
                moved.predict(cca.transform(s.new)["image"]),
                anew.predict(s.new["image"]),
                content.mean(),
            )
        ]
        assert wrong[0] < 1.25 * wrong[1] and wrong[0] < 0.65 * wrong[2]


@pytest.mark.parametrize("seed", SEEDS)
def test_on_raw_bands_and_pixels_perfect_agreement_means_nothing(seed):
    def raw(data):
        pixels = data.X["image"][:, ::4, ::4].reshape(len(data), -1)
        return {"spectrum": data.X["spectrum"], "image": pixels}

    some = raw(mmlib.make_leaves(100, 1, seed=seed))
    new = raw(mmlib.make_leaves(300, 1, seed=seed + 500))
    plain, shrunk = (RegularizedCCA(1, shrinkage).fit(some) for shrinkage in (0, 0.1))
    assert plain.correlations_[0] > 0.995 and abs(plain.score(new)) < 0.35
    assert shrunk.score(new) > 0.55


def test_alignment_keeps_redness_and_loses_what_one_instrument_sees(samples):
    rows = []
    for s in samples:
        cca = RegularizedCCA(2, shrinkage=0.01).fit(s.known)
        a, b = (cca.transform(X) for X in (s.known, s.new))
        steps = {"spectrum": default_block((211,), n_components=15)}
        model = early_fusion(s.leaves, steps, LDA)
        aligned = model[-1].fit(side_by_side(a), s.leaves.y).predict(side_by_side(b))
        mean_a, mean_b = (sum(X.values()) for X in (a, b))
        averaged = model[-1].fit(mean_a, s.leaves.y).predict(mean_b)
        early = model.fit(s.leaves.X, s.leaves.y).predict(s.others.X)
        rows.append([recall_score(s.others.y, p, average=None) for p in (early, aligned, averaged)])
    early, aligned, averaged = np.moveaxis(rows, 1, 0)  # (samples, conditions) each
    assert (early.mean(1) - aligned.mean(1) > 0.2).all()
    assert aligned[:, 1:3].mean() < 0.4 and early[:, 1:3].mean() > 0.75
    assert aligned[:, 3].mean() > 0.8
    assert (aligned[:, 4] - averaged[:, 4]).mean() > 0.15 and aligned[:, 4].mean() > 0.6
    assert averaged[:, :3].mean() < 0.3  # a guess: 0.2


def test_where_aligned_instruments_disagree_there_is_news(samples):
    for s in samples:
        scores = RegularizedCCA(2, shrinkage=0).fit(s.known).transform(s.new)
        truth = s.others.info["chlorophyll"]
        r = [np.corrcoef(truth, scores["spectrum"][:, k])[0, 1] for k in range(2)]
        k = int(np.abs(r).argmax())
        gap = np.sign(r[k]) * (scores["spectrum"] - scores["image"])[:, k]
        assert gap[s.others.y == 0].mean() - gap[s.others.y == 4].mean() > 0.4


def test_a_reward_for_alignment_does_not_help_the_net(samples):
    gains = []
    for s in samples:
        scores = [
            on_features(s.leaves, n_components=15, fuse=fuse)
            .fit(s.leaves.X, s.leaves.y)
            .score(s.others.X, s.others.y)
            for fuse in ("concatenate", Correlate)
        ]
        gains.append(scores[1] - scores[0])
    assert np.mean(gains) < 0.005


@pytest.mark.parametrize("seed", SEEDS)
def test_alignment_wins_when_the_shared_part_is_asked_for_and_labels_are_few(seed):
    s = Sample(seed, n_new=300, water=0, lesions=0, synergy=0)
    old, new = (np.isin(data.y, [0, 3]) for data in (s.leaves, s.others))
    known, asked = s.known[old], s.new[new]
    pair = RegularizedCCA(2, shrinkage=0.01).fit(known)
    model = early_fusion(blocks={name: StandardScaler() for name in known}, classifier=LDA)
    everything, aligned = (
        score_few_labels(
            model, (a, s.leaves.y[old]), (b, s.others.y[new]), [5], s.leaves.groups[old], draws=24
        )
        for a, b in ((known, asked), (pair.transform(known), pair.transform(asked)))
    )
    assert aligned.mean() - everything.mean() > 0.04


def test_a_bend_helps_a_little_with_many_pairs_and_harms_with_few(samples):
    loss, gains = partial(cca_loss, shrinkage=0.01), {200: [], 1200: []}
    for seed, s in enumerate(samples):
        for pairs, gain in gains.items():
            part = {name: table[:pairs] for name, table in s.known.items()}
            bent = learn_scores(part, loss, hidden=16, steps=200, random_state=seed)
            kinds = (part, s.new), (bent(part), bent(s.new))
            turned = [RegularizedCCA(2, shrinkage=0).fit(a).transform(b) for a, b in kinds]
            linear, deep = (share_found(*scores.values()) for scores in turned)
            gain.append(deep - linear)
    assert np.mean(gains[1200]) > 0.01 and np.mean(gains[200]) < 0


def test_a_beaten_opponent_proves_little_and_clouds_are_not_pairs(samples):
    games = {
        shared: [
            play_and_judge(s.known, s.leaves.y, s.new, shared, seed)
            for seed, s in enumerate(samples)
        ]
        for shared in (8, 2)
    }
    trained, fresh, found = np.mean(games[8], 0)
    assert trained < 0.65 and fresh > 0.85 and found < 0.12
    _, fresh_two, found_two = np.mean(games[2], 0)
    assert fresh_two < 0.75 and found_two < 0.12


def test_only_combinations_of_known_words_are_recognized_unseen(samples):
    words = {k: (np.arange(1, 5) == k).astype(int).tolist() for k in range(5)}
    for s in samples:
        for k in range(5):
            seen, asked = s.leaves.y != k, s.others.y == k
            known, new = ({name: t[rows] for name, t in X.items()}
                          for X, rows in ((s.known, seen), (s.new, asked)))  # fmt: skip
            said = SemanticAlignment(words).fit(known, s.leaves.y[seen]).predict(new)
            assert (said == k).mean() > 0.4 if k == 0 else (said == k).mean() < 0.02
        model = SemanticAlignment(words | {5: [1, 1, 0, 0]}).fit(s.known, s.leaves.y)
        age = s.others.info["maturity"]
        dry, spotted = (
            rows[np.argsort(age[rows])]
            for rows in (np.flatnonzero(s.others.y == k) for k in (1, 2))
        )
        strange = {"spectrum": s.new["spectrum"][dry], "image": s.new["image"][spotted]}
        assert (model.predict(strange) == 5).mean() > 0.27  # a guess: 0.17
        assert (model.predict(s.new) == 5).mean() < 0.03
