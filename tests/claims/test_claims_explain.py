"""What notebook 14 says in words, checked again over several simulated samples."""

import numpy as np
import pytest
from sklearn.covariance import OAS
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.svm import SVC

import mmlib
from mmlib.explain import (
    interaction,
    permutation_drops,
    permutation_partners,
    shapley,
    worth_of_modalities,
)
from mmlib.explain.information import count, decompose, levels, read_out
from mmlib.explain.occlusion import occlude, on_target, paint, squares
from mmlib.explain.planted import lesion_masks, planted_change
from mmlib.features import ColorTexture
from mmlib.features.blocks import default_block
from mmlib.fusion import early_fusion

SEEDS = range(101, 106)
CONDITIONS = ("drought", "blight", "phosphorus deficiency", "nitrogen deficiency")
PARTS = {"spectrum": "spectrum", "picture": "image"}


def early(classifier):
    """The table that the lesson looks into: 15 components, and the features of the picture."""
    blocks = {"spectrum": default_block((211,), 15), "image": default_block((33,))}
    return early_fusion(blocks=blocks, classifier=classifier)


def discriminant():
    return early(LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=OAS()))


@pytest.fixture(scope="module")
def samples():
    made = {}
    for seed in SEEDS:
        leaves = mmlib.make_leaves(seed=seed)
        leaves.X["image"] = ColorTexture().fit_transform(leaves.X["image"])
        made[seed] = leaves
    return made


def pairs(leaves):
    return {c: leaves.take(np.isin(leaves.y, [0, k])) for k, c in enumerate(CONDITIONS, start=1)}


@pytest.fixture(scope="module")
def drops(samples):
    """Condition -> (loss without the spectrum, loss without the picture) for each sample."""
    found = {c: [] for c in CONDITIONS}
    for leaves in samples.values():
        for condition, pair in pairs(leaves).items():
            train, test = pair.split(test_size=0.5, seed=0)
            model = discriminant().fit(train.X, train.y)
            found[condition].append(permutation_drops(model, test, PARTS, n_repeats=5)["all"])
    return {c: np.array(rows) for c, rows in found.items()}


@pytest.fixture(scope="module")
def worth(samples):
    return {
        c: [worth_of_modalities(pairs(leaves)[c]) for leaves in samples.values()]
        for c in CONDITIONS
    }


def test_permutation_finds_drought_in_the_spectrum_and_blight_in_the_picture(drops):
    # One sample has 240 test leaves of 48 plants: its drops are known to about 3 points.
    assert (drops["drought"][:, 0] > 25).all() and abs(drops["drought"][:, 1].mean()) < 3
    assert (drops["blight"][:, 1] > 25).all() and abs(drops["blight"][:, 0].mean()) < 3
    assert (drops["nitrogen deficiency"] > 15).all()


def test_for_phosphorus_permutation_forgets_a_spectrum_that_could_do_the_work(drops, worth):
    assert drops["phosphorus deficiency"][:, 0].mean() < 6
    assert drops["phosphorus deficiency"][:, 1].mean() > 30
    alone = [table[frozenset({"spectrum"})] for table in worth["phosphorus deficiency"]]
    assert min(alone) > 80


def test_shapley_values_share_as_planted(worth):
    def mean(condition):
        return np.mean(
            [[s["spectrum"], s["image"]] for s in map(shapley, worth[condition])], axis=0
        )

    assert mean("drought")[0] > 38 and abs(mean("drought")[1]) < 5
    assert mean("blight")[1] > 35 and abs(mean("blight")[0]) < 5
    assert mean("phosphorus deficiency").min() > 15
    assert mean("nitrogen deficiency").min() > 15


def test_interaction_is_far_below_zero_for_redundancy_and_above_for_synergy(worth):
    found = {
        c: np.mean([interaction(table, "spectrum", "image") for table in tables])
        for c, tables in worth.items()
    }
    assert found["phosphorus deficiency"] < -30
    assert found["nitrogen deficiency"] > 3
    assert abs(found["blight"]) < 6 and abs(found["drought"]) < 8


@pytest.fixture(scope="module")
def bits(samples):
    """Condition -> parts in bits for each sample, and nitrogen's from decisions."""
    found = {c: [] for c in (*CONDITIONS, "decisions")}
    for leaves in samples.values():
        spectrum = {
            k: read_out(leaves, "spectrum", leaves.info[k]) for k in ("water", "anthocyanins")
        }
        spectrum["chlorophyll"] = read_out(leaves, "spectrum", np.log(leaves.info["chlorophyll"]))
        picture = {
            k: read_out(leaves, "image", leaves.info[k])
            for k in ("lesions", "anthocyanins", "maturity")
        }
        used = ("water", "maturity"), ("water", "lesions"), ("anthocyanins", "anthocyanins")
        for k, (a, b) in enumerate((*used, ("chlorophyll", "maturity")), start=1):
            pair = np.isin(leaves.y, [0, k])
            codes = levels(spectrum[a][pair]), levels(picture[b][pair])
            found[CONDITIONS[k - 1]].append(decompose(count(*codes, leaves.y[pair])))
        said = [read_out(leaves, name, leaves.y)[pair] for name in leaves.modalities]
        found["decisions"].append(decompose(count(*said, leaves.y[pair])))
    return found


def test_the_largest_part_is_the_planted_one_in_every_sample(bits):
    planted = dict(zip(CONDITIONS, ("only a", "only b", "redundant", "synergy"), strict=True))
    for condition, part in planted.items():
        for parts in bits[condition]:
            assert max(parts, key=parts.get) == part
            assert parts[part] > 0.5 * sum(parts.values())


def test_decisions_have_lost_the_synergy(bits):
    read = np.array([parts["synergy"] for parts in bits["nitrogen deficiency"]])
    said = np.array([parts["synergy"] for parts in bits["decisions"]])
    assert (said < 0.4 * read).all()


def test_no_single_band_matters_and_blocks_do_where_planted(samples):
    for leaves in samples.values():
        train, test = leaves.split(test_size=0.5, seed=0)
        model = discriminant().fit(train.X, train.y)
        nm = leaves.axes["spectrum"]
        single = {k: ("spectrum", [k]) for k in range(0, 211, 10)}
        assert permutation_drops(model, test, single, n_repeats=2)["all"].max() < 3
        ranges = {
            low: ("spectrum", (nm >= low) & (nm < low + 300)) for low in range(400, 2500, 300)
        }
        table = permutation_drops(model, test, ranges, n_repeats=5)
        assert table["drought"].idxmax() == 1300
        assert table["nitrogen deficiency"].idxmax() == 400


def test_a_model_of_noise_has_importances_on_its_training_leaves_only(samples):
    new = []
    for seed, leaves in samples.items():
        train, test = leaves.split(test_size=0.5, seed=0)
        train.y = train.y[permutation_partners(len(train), train.groups, seed)]
        model = early(SVC(C=100, gamma=1.0)).fit(train.X, train.y)
        assert permutation_drops(model, train, PARTS, n_repeats=2)["all"].min() > 40
        new.append(permutation_drops(model, test, PARTS, n_repeats=2)["all"])
    assert np.abs(np.mean(new, axis=0)).max() < 3


@pytest.fixture(scope="module")
def nets():
    """On target on lesions (gradients, occlusion) and wet bands, for each net and sample."""
    pytest.importorskip("captum")
    from mmlib.explain.gradients import integrated_gradients, scramble

    wet = np.abs(planted_change("drought"))
    wet = wet > wet.max() / 2
    places = squares(48, 48, 6)
    found = {"blight": [], "noise": [], "random weights": [], "bands": []}
    for seed in SEEDS:
        train, test = mmlib.make_leaves(seed=seed).split(seed=0)
        cnn = {"encoders": {"spectrum": "cnn", "image": "cnn"}, "mixup": 0, "random_state": seed}
        net = mmlib.FusionClassifier(**cnn, epochs=8)
        net.fit(train.X, train.y, groups=train.groups)
        noise = train.y[permutation_partners(len(train), train.groups, seed)]
        guesser = mmlib.FusionClassifier(**cnn, epochs=2).fit(train.X, noise)
        ill, dry = test.take(test.y == 2), test.take(test.y == 1)
        masks = lesion_masks(ill, seed=seed)
        gray = {"image": np.full((48, 48, 3), train.X["image"].mean((0, 1, 2)).round())}
        models = {"blight": net, "noise": guesser, "random weights": scramble(net)}
        for name, model in models.items():
            parts, _ = integrated_gradients(model, ill.X, 2, n_steps=16)
            drop = occlude(model, ill.X, [("image", square) for square in places], gray, 2)
            cover = on_target(paint(np.maximum(drop, 0), places, (48, 48)), masks)["share"]
            peak = on_target(parts["image"], masks)
            signed = on_target(np.maximum(parts["image"], 0), masks)
            known = peak["hits"], peak["share"], cover, peak["area"]
            found[name].append((*known, signed["hits"], signed["share"]))
        windows = [slice(k, k + 10) for k in range(0, 211, 10)]
        usual = {"spectrum": train.X["spectrum"].mean(0)}
        covers = occlude(net, dry.X, [("spectrum", w) for w in windows], usual, 1)
        added = integrated_gradients(net, dry.X, 1, n_steps=16)[0]["spectrum"]
        summed = np.stack([added[:, w].sum(1) for w in windows], axis=1)
        both = (paint(values, windows, (211,)) for values in (covers, summed))
        shares = [on_target(values, wet)["share"] for values in both]
        found["bands"].append((*shares, wet.mean()))
    return {name: np.array(rows) for name, rows in found.items()}


def test_gradients_of_a_net_that_learned_blight_peak_in_lesions(nets):
    assert nets["blight"][:, 0].mean() > 0.8


@pytest.mark.parametrize("name", ["noise", "random weights"])
def test_gradients_of_a_net_that_knows_nothing_peak_in_lesions_far_above_chance(name, nets):
    hits, area = nets[name][:, 0], nets[name][:, 3]
    assert (hits > 5 * area).all() and hits.mean() > 0.3


@pytest.mark.parametrize("name", ["noise", "random weights"])
def test_the_net_that_learned_is_ahead_of_those_that_did_not(name, nets):
    learned, unlearned = nets["blight"], nets[name]
    assert (learned[:, 1:3] > 1.3 * unlearned[:, 1:3]).all()
    assert learned[:, 2].mean() > 2 * unlearned[:, 2].mean()


@pytest.mark.parametrize("name", ["noise", "random weights"])
def test_without_what_speaks_against_it_ignorance_still_finds_lesions_but_fewer(name, nets):
    hits, area, signed, share = nets[name][:, [0, 3, 4, 5]].T
    assert signed.mean() > 3 * area.mean() and signed.mean() < hits.mean()
    assert nets["blight"][:, 4].mean() > signed.mean() + 0.2
    assert nets["blight"][:, 5].mean() > 1.5 * share.mean()


def test_wet_bands_get_more_than_their_area_but_far_from_all(nets):
    covered, integrated, area = nets["bands"].T
    assert (covered - area).mean() > 0.03
    assert 0.02 < (integrated - area).mean() < 0.3
