"""What notebook 13 says in words, checked again over five simulated samples."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

import mmlib
from mmlib.data.corruptions import damaged_copies, default_corruptions
from mmlib.evaluation.applicability import ApplicabilityDomain
from mmlib.evaluation.robustness import right_answers
from mmlib.features import ColorTexture
from mmlib.fusion import early_fusion, on_features
from mmlib.fusion.fallbacks import WithFallbacks
from mmlib.fusion.missing import Fill, set_aside, take_away

SEEDS = range(301, 306)
LEVELS = {"spectrum noise": (0, 0.003, 0.01), "picture noise": (10, 20)}
features = ColorTexture().fit_transform


def see(X):
    return {**X, "image": features(X["image"])}


class Sample:
    """Leaves of one seed, seen; the ladder fitted; new leaves and their damaged copies."""

    def __init__(self, seed):
        self.leaves = mmlib.make_leaves(seed=seed)
        self.new = mmlib.make_leaves(50, seed=seed + 1000)
        self.train = mmlib.MultimodalData(see(self.leaves.X), self.leaves.y, self.leaves.groups)
        self.known = see(self.new.X)
        kinds = default_corruptions(self.new)
        self.found = {k: kinds[k]._replace(severities=levels) for k, levels in LEVELS.items()}
        self.models = mmlib.fusion.ladder(self.train)
        for model in self.models.values():
            model.fit(self.train.X, self.train.y)
        self.right = self.study(self.models)

    def study(self, models):
        return right_answers(models, self.new, self.found, {"image": features}).mean()

    def damaged(self, kind, severity):
        return see(self.found[kind].damage(self.new.X, severity))

    def score(self, model, X):
        return model.score(X, self.new.y)


@pytest.fixture(scope="module")
def samples():
    return [Sample(seed) for seed in SEEDS]


def of(samples, kind, severity, model):
    return np.array([s.right[kind, severity, model] for s in samples])


def is_straight(sample):
    """Whether the expert of the picture is linear: a block that bends falls silent far away."""
    bends = sample.models["late"].models_["image"].bends_
    return not any(bends.values())


def test_grain_brings_every_fusion_far_below_the_spectrum(samples):
    spectrum = of(samples, "picture noise", 20, "spectrum only")
    straight = [is_straight(sample) for sample in samples]
    for name in samples[0].models:
        if not name.endswith(" only"):
            below = spectrum - of(samples, "picture noise", 20, name) > 0.15
            assert below.all() if name != "late" else below[straight].all(), name


def test_fusion_stands_noise_in_spectra_better_than_grain(samples):
    clean = of(samples, "spectrum noise", 0, "early")
    assert (clean - of(samples, "spectrum noise", 0.01, "early")).mean() < 0.05
    assert (clean - of(samples, "picture noise", 10, "early")).mean() > 0.2


def test_the_damaged_expert_is_the_surest(samples):
    straight = [s for s in samples if is_straight(s)]
    assert len(straight) >= 3
    for s in straight:
        said = s.models["late"].opinions(s.damaged("picture noise", 20))
        sure = {name: opinion.max(1).mean() for name, opinion in said.items()}
        assert sure["image"] > 0.95 and sure["spectrum"] < 0.75
        assert (said["image"].argmax(1) == s.new.y).mean() < 0.35


@pytest.fixture(scope="module")
def filled(samples):
    """(way, model) -> scores without a picture, an array over the samples."""
    scores = {}
    for s in samples:
        drill = on_features(s.train, modality_dropout=0.3, epochs=20)
        fused = {k: s.models[k] for k in ("early", "late", "intermediate")}
        fused["drill"] = drill.fit(s.train.X, s.train.y)
        lost = take_away(s.known, "image")
        copies = {"both": s.known}
        copies |= {how: Fill(how).fit(s.train.X).transform(lost) for how in ("zero", "mean")}
        copies["predict"] = Fill("predict").fit(s.train.X).transform(lost)
        for how, X in copies.items():
            for name, model in fused.items():
                scores.setdefault((how, name), []).append(s.score(model, X))
        spectrum = s.score(s.models["spectrum only"], s.known)
        scores.setdefault("spectrum", []).append(spectrum)
    return {key: np.array(value) for key, value in scores.items()}


def test_zeros_are_near_chance_and_means_below_the_spectrum(filled):
    for name in ("early", "intermediate"):
        assert filled["zero", name].mean() < 0.3, name
        assert (filled["spectrum"] - filled["zero", name] > 0.1).all(), name
    assert (filled["spectrum"] - filled["mean", "early"] > 0.05).all()
    assert (filled["spectrum"] - filled["mean", "intermediate"]).mean() > 0.03


def test_a_predicted_picture_brings_the_spectrums_level_and_no_more(filled):
    for name in ("early", "late", "intermediate"):
        gain = filled["predict", name] - filled["spectrum"]
        assert abs(gain.mean()) < 0.04 and (gain < 0.08).all(), name


def test_late_hardly_minds_the_mean_and_the_drill_softens_the_fall(filled):
    assert abs((filled["mean", "late"] - filled["spectrum"]).mean()) < 0.04
    assert (filled["mean", "drill"] - filled["mean", "intermediate"]).mean() > 0.01
    assert -0.01 < (filled["both", "intermediate"] - filled["both", "drill"]).mean() < 0.07


def test_a_spare_where_half_is_lost_gives_the_mean_of_both_scores(samples, filled):
    found = []
    for s in samples:
        fallbacks = {"spectrum": s.models["spectrum only"]}
        safe = WithFallbacks(s.models["early"], fallbacks).fit(s.train.X, s.train.y)
        found.append(s.score(safe, take_away(s.known, "image", np.arange(len(s.new)) % 2 == 0)))
    halfway = (filled["both", "early"] + filled["spectrum"]) / 2
    assert np.allclose(found, halfway, atol=0.06)


def test_the_mean_in_training_is_worse_than_fewer_plants(samples):
    loss = {"mean": [], "predict": []}
    for s in samples:
        gone = np.isin(s.train.groups, np.random.default_rng(0).permutation(240)[:120])
        X, early = take_away(s.train.X, "image", gone), early_fusion(s.train)
        dropped = s.score(early.fit(X[~gone], s.train.y[~gone]), s.known)
        for how, found in loss.items():
            early.fit(Fill(how).fit_transform(X), s.train.y)
            found.append(dropped - s.score(early, s.known))
    assert np.mean(loss["mean"]) > 0.01
    assert abs(np.mean(loss["predict"])) < 0.03


def test_copies_protect_against_the_damage_they_show(samples):
    gains = []
    for s in samples:
        hardened = {}
        for kind in ("picture noise", "blur"):
            whole = {kind: default_corruptions(s.leaves)[kind]}
            more = damaged_copies(s.leaves.take(np.arange(0, len(s.leaves), 2)), whole)
            X = {k: np.concatenate([s.train.X[k], x]) for k, x in see(more.X).items()}
            y = np.concatenate([s.train.y, more.y])
            hardened[kind] = early_fusion(s.train).fit(X, y)
        grainy = s.damaged("picture noise", 10)
        before = s.score(s.models["early"], grainy)
        gains.append([s.score(model, grainy) - before for model in hardened.values()])
    own, other = np.array(gains).T
    assert (own > 0.15).all()
    assert other.mean() < own.mean() / 2


def test_the_guard_saves_from_grain_and_wastes_a_good_spectrum(samples):
    for s in samples:
        fallbacks = {name: s.models[f"{name} only"] for name in ("spectrum", "image")}
        safe = WithFallbacks(s.models["early"], fallbacks).fit(s.train.X, s.train.y)
        watch = ApplicabilityDomain().fit(s.train.X, groups=s.train.groups)

        def guarded(kind, severity, s=s, safe=safe, watch=watch):
            X = s.damaged(kind, severity)
            odd = watch.is_new(X)
            return s.score(safe, set_aside(X, odd)), (odd["spectrum"] | odd["image"]).mean()

        assert guarded("picture noise", 20)[0] - s.right["picture noise", 20, "early"] > 0.15
        clean, noisy = (s.right["spectrum noise", level, "early"] for level in (0, 0.003))
        score, alarms = guarded("spectrum noise", 0.003)
        assert alarms > 0.9 and clean - noisy < 0.04 and noisy - score > 0.1


def test_a_forest_stands_noise_on_the_leaves_it_knows_by_heart(samples):
    for s in samples:
        trees = RandomForestClassifier(50, random_state=0)
        forest = early_fusion(s.train, classifier=trees).fit(s.train.X, s.train.y)
        damage = s.found["spectrum noise"].damage
        assert forest.score(damage(s.train.X, 0.01), s.train.y) > 0.95
        assert forest.score(damage(s.known, 0.01), s.new.y) < 0.88


def test_blur_takes_more_from_a_forest_on_the_leaves_it_knows_by_heart(samples):
    further = []
    for s in samples:
        trees = RandomForestClassifier(50, random_state=0)
        forest = early_fusion(s.train, classifier=trees).fit(s.train.X, s.train.y)
        blur = default_corruptions(s.leaves)["blur"].damage
        falls = []
        for data, sharp in ((s.leaves, s.train.X), (s.new, s.known)):
            blurred = see(blur(data.X, 1))
            falls.append(forest.score(sharp, data.y) - forest.score(blurred, data.y))
        further.append(falls[0] - falls[1])
    assert np.mean(further) > 0.04


def test_where_half_lack_the_picture_the_mean_is_behind_whichever_plants_are_drawn(samples):
    s, behind = samples[0], []
    for seed in range(5):
        gone = np.isin(s.train.groups, np.random.default_rng(seed).permutation(240)[:120])
        X, early = take_away(s.train.X, "image", gone), early_fusion(s.train)
        dropped = s.score(early.fit(X[~gone], s.train.y[~gone]), s.known)
        behind.append(
            dropped - s.score(early.fit(Fill("mean").fit_transform(X), s.train.y), s.known)
        )
    assert np.mean(behind) > 0.01 and min(behind) > -0.01
