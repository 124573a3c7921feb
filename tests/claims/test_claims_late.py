"""What notebook 05 says in words, checked again over five simulated samples."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import StandardScaler

import mmlib
from mmlib.data.leaves.ceilings import ceilings_at
from mmlib.data.leaves.factors import (
    ANTHOCYANINS,
    CAMERA_BLUR,
    CHLOROPHYLL,
    LESIONS,
    healthy_log_chlorophyll,
)
from mmlib.evaluation import calibration_error, interval
from mmlib.features import with_features
from mmlib.features.blocks import default_block
from mmlib.fusion.early import early_fusion
from mmlib.fusion.late import late_fusion
from mmlib.fusion.rules import combine, learn_weights

SEEDS = range(201, 206)
SOFT = ("mean", "weighted", "product", "stacking")


def expert(name, classifier):
    columns = default_block({"spectrum": (211,), "image": (33,)}[name], 15)
    return make_pipeline(mmlib.Select(name), *columns, StandardScaler(), classifier)


def pair(image=None, spectrum=None):
    given = {"spectrum": spectrum, "image": image}
    usual = LogisticRegression(solver="newton-cholesky")
    return {name: expert(name, usual if own is None else own) for name, own in given.items()}


def fit(model, leaves):
    options = {"groups": leaves.groups} if hasattr(model, "rule") else {}
    return model.fit(leaves.X, leaves.y, **options)


@pytest.fixture(scope="module")
def new():
    return with_features(mmlib.make_leaves(400, seed=1005))


@pytest.fixture(scope="module")
def samples():
    return [with_features(mmlib.make_leaves(seed=seed)) for seed in SEEDS]


@pytest.fixture(scope="module")
def said(samples, new):
    """Model -> its probabilities, or its answers, for the new leaves, for each sample."""
    models = {f"{name} only": late_fusion(models={name: pair()[name]}) for name in pair()}
    models |= {rule: late_fusion(models=pair(), rule=rule) for rule in (*SOFT, "vote")}
    columns = make_union(*(model[:-1] for model in pair().values()))
    same = make_pipeline(columns, LogisticRegression(solver="newton-cholesky"))
    models |= {"early": early_fusion(samples[0]), "early, same model": same}
    found = {
        name: np.array([fit(model, leaves).predict_proba(new.X) for leaves in samples])
        for name, model in models.items()
    }
    hard = VotingClassifier(list(pair().items()), voting="hard")
    votes = np.array([fit(hard, leaves).predict(new.X) for leaves in samples])
    return found | {"hard vote": np.eye(5)[votes]}


@pytest.fixture(scope="module")
def right(said, new):
    return {name: (proba.argmax(2) == new.y).mean(1) for name, proba in said.items()}


def test_late_fusion_beats_both_experts_by_far(right):
    best = np.maximum(right["spectrum only"], right["image only"])
    assert (right["mean"] - best > 0.1).all()


def test_early_fusion_beats_late_fusion_and_even_its_ceiling(right):
    assert (right["early"] - right["product"] > 0.05).all()
    assert right["early"].mean() > ceilings_at()["late"] + 0.02


def test_with_the_model_of_the_experts_early_fusion_is_still_ahead(right):
    assert (right["early, same model"] - right["product"] > 0.04).all()


def test_no_rule_is_above_the_ceiling_of_late_fusion(right):
    for rule in SOFT:
        assert right[rule].mean() < ceilings_at()["late"] + 0.02  # two standard errors


def test_soft_rules_are_nearly_the_same(right):
    means = [right[rule].mean() for rule in SOFT]
    assert np.ptp(means) < 0.03


def test_weights_gain_nothing_and_stacking_a_point_or_two_over_the_mean(right):
    assert abs(right["weighted"].mean() - right["mean"].mean()) < 0.01
    gain, low, _ = interval(right["stacking"] - right["mean"], n_train=1, n_test=0)
    assert low > 0 and round(100 * gain) in (1, 2)


def test_a_hard_vote_of_two_is_no_better_than_one(right, said):
    assert (right["hard vote"] < right["spectrum only"] + 0.02).all()
    assert (right["mean"] - right["hard vote"] > 0.12).all()
    assert (right["vote"] - right["hard vote"] > 0.1).all()
    healthy = [(said[name].argmax(2) == 0).mean() for name in ("hard vote", "mean")]
    assert healthy[0] > healthy[1] + 0.08


def test_a_mean_of_honest_opinions_is_too_modest_and_a_product_is_not(said, new):
    def gap(name):  # stated minus true
        proba = said[name]
        return proba.max(2).mean(1) - (proba.argmax(2) == new.y).mean(1)

    for name in ("spectrum only", "image only", "product", "stacking"):
        assert abs(gap(name).mean()) < 0.06
    assert (gap("mean") < -0.12).all()
    errors = {n: np.mean([calibration_error(new.y, p) for p in said[n]]) for n in said}
    assert errors["mean"] > 0.15 > 0.08 > errors["product"]


def test_calibration_helps_the_team_and_not_the_loud_expert_alone(samples, new):
    for leaves in samples:
        stated, honest = (
            fit(late_fusion(models=pair(GaussianNB()), calibration=c), leaves)
            for c in (None, "temperature")
        )
        alone = [
            (model.opinions(new.X)["image"].argmax(1) == new.y).mean() for model in (stated, honest)
        ]
        assert alone[0] == alone[1]
        assert honest.score(new.X, new.y) - stated.score(new.X, new.y) > 0.03


def test_with_fifty_leaves_stacking_is_worse_than_the_mean(samples):
    scores = {"mean": [], "product": [], "stacking": []}
    for leaves in samples:
        plant = np.unique(leaves.groups, return_index=True)[1]
        few = np.concatenate([plant[leaves.y[plant] == c][:2] for c in range(5)])
        inside = np.isin(leaves.groups, leaves.groups[few])
        small, rest = leaves.take(inside), leaves.take(~inside)
        for rule, found in scores.items():
            found.append(fit(late_fusion(models=pair(), rule=rule), small).score(rest.X, rest.y))
    mean, product, stacking = (np.mean(found) for found in scores.values())
    assert stacking < min(mean, product) - 0.02


def test_without_synergy_late_fusion_loses_nothing_to_early():
    off = with_features(mmlib.make_leaves(300, synergy=0, seed=1006))
    late, early = [], []
    for seed in SEEDS:
        leaves = with_features(mmlib.make_leaves(synergy=0, seed=seed))
        late.append(fit(late_fusion(models=pair(), rule="product"), leaves).score(off.X, off.y))
        early.append(fit(early_fusion(leaves), leaves).score(off.X, off.y))
    assert np.mean(late) > np.mean(early) - 0.01
    assert abs(np.mean(late) - ceilings_at(synergy=0)["late"]) < 0.04


def test_early_fusion_finds_the_nitrogen_that_late_fusion_misses(said, new):
    short = new.y == 4
    found = {n: (said[n][:, short].argmax(2) == 4).mean(1) for n in ("product", "early")}
    assert (found["early"] - found["product"] > 0.1).all()


def test_the_loss_is_largest_between_three_quarters_and_one():
    at = {s: ceilings_at(synergy=s, points=60) for s in (0, 0.5, 0.75, 1, 1.25, 3)}
    lost = {synergy: found["joint"] - found["late"] for synergy, found in at.items()}
    assert max(lost[0], lost[3]) < 0.02 < 0.08 < min(lost[0.75], lost[1])
    assert max(lost[0.5], lost[1.25]) < min(lost[0.75], lost[1])


def test_without_synergy_the_loss_is_that_of_redness_counted_twice():
    with_red, without = (ceilings_at(synergy=0, redness=red) for red in (1, 0))
    assert 0.001 < with_red["joint"] - with_red["late"] < 0.005
    assert without["joint"] == pytest.approx(without["late"], abs=1e-9)


def test_forests_are_perfect_where_they_were_trained(samples, new):
    forest = RandomForestClassifier(60, random_state=0)
    for leaves in samples:
        model = fit(late_fusion(models=pair(forest, forest), calibration=None), leaves)
        assert model.score(leaves.X, leaves.y) > 0.995
        assert model.score(new.X, new.y) < 0.82


def test_weights_learned_where_models_were_trained_undo_the_fusion(samples, new):
    forest = RandomForestClassifier(60, random_state=0)
    for leaves in samples:
        team = late_fusion(models=pair(forest), rule="weighted", calibration=None)
        fit(team, leaves)
        own = np.arange(len(leaves)), leaves.y
        spoiled = learn_weights([p[own] for p in team.opinions(leaves.X).values()])
        fused = combine(list(team.opinions(new.X).values()), "weighted", spoiled)
        assert spoiled[1] > 0.95
        assert 0.3 < team.weights_["image"] < 0.7
        alone = (fused.argmax(1) == new.y).mean()  # what the camera's forest says by itself
        assert alone < ceilings_at()["image"]
        assert team.score(new.X, new.y) - alone > 0.05


def test_on_the_sixty_test_plants_a_perfect_camera_would_pass_its_ceiling():
    """Why these weights are judged on new leaves: the ceiling is an average over all leaves."""
    leaves = mmlib.load_leaves()
    test = leaves.split(seed=0)[1]
    assert len(np.unique(test.groups)) == 60
    ceiling = ceilings_at()["image"]
    assert perfect_camera(test) > ceiling + 0.03
    assert abs(perfect_camera(leaves) - ceiling) < 0.01


def perfect_camera(leaves):
    """Share right of whoever knows all that the picture shows of each leaf."""

    def moved(log, spread, shift):  # log of how much more probable under the condition
        return (shift * log - shift**2 / 2) / spread**2

    def content(name, typical, spread, shift):
        return moved(np.log(leaves.info[name]) - np.log(typical), spread, shift)

    seen = np.log(leaves.info["camera_chlorophyll"])
    seen = seen - healthy_log_chlorophyll(leaves.info["maturity"])
    nothing = np.zeros(len(leaves))
    proba = {
        "healthy": nothing,
        "drought": nothing - np.inf,  # looks healthy; a tie goes to healthy
        "blight": content("lesions", *LESIONS),
        "phosphorus deficiency": content("anthocyanins", *ANTHOCYANINS),
        "nitrogen deficiency": moved(seen, np.hypot(CHLOROPHYLL[0], CAMERA_BLUR), CHLOROPHYLL[1]),
    }
    best = np.argmax([proba[name] for name in leaves.target_names], axis=0)
    return (best == leaves.y).mean()
