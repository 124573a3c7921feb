"""Contrastive fusion: against torch's cross-entropy, numpy by hand and closed forms."""

from functools import partial

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy import stats
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from torch import nn

import mmlib
from mmlib.base import DataError
from mmlib.data.mapping import Samples
from mmlib.evaluation.few_labels import few_labels, gain_sentence, score_few_labels
from mmlib.evaluation.retrieval import (
    closest,
    median_rank,
    partner_ranks,
    recall_at,
    recall_sentence,
)
from mmlib.features.blocks import feature_blocks
from mmlib.fusion.contrastive import Contrastive, InfoNCE, info_nce, shared_places
from mmlib.fusion.embedding import ContrastiveEmbedding, Places
from mmlib.fusion.intermediate import FusionClassifier

WIDTHS = {"image": 3, "spectrum": 5, "weight": 2}


def vectors(batch=12, names=WIDTHS, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return {name: torch.randn(batch, WIDTHS[name], generator=generator) for name in names}


def made(names=WIDTHS, make=Contrastive, **options):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return make({name: WIDTHS[name] for name in names}, **options)


def two(n=6, width=4, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(2, n, width))


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def by_hand(a, b, temperature, same):
    """The loss as a double loop over samples, numpy only."""
    similarity, n = unit(a) @ unit(b).T / temperature, len(a)
    total = 0.0
    for s, known in ((similarity, same), (similarity.T, same.T)):
        for i in range(n):
            log_share = s[i] - np.log(np.exp(s[i]).sum())
            total -= np.mean([log_share[j] for j in range(n) if known[i, j]])
    return total / (2 * n)


# ---- the loss ----


@pytest.mark.parametrize("temperature", [0.05, 0.3, 1.0])
def test_the_loss_is_that_of_a_double_loop(temperature):
    a, b = two()
    found = info_nce(torch.tensor(a), torch.tensor(b), temperature).item()
    np.testing.assert_allclose(found, by_hand(a, b, temperature, np.eye(6, dtype=bool)))


def test_the_loss_is_cross_entropy_with_the_partner_as_the_class():
    a, b = map(torch.tensor, two())
    cosines = F.cosine_similarity(a[:, None], b[None], dim=2) / 0.2
    right = torch.arange(6)
    expected = (F.cross_entropy(cosines, right) + F.cross_entropy(cosines.T, right)) / 2
    torch.testing.assert_close(info_nce(a, b, 0.2), expected)


def test_with_labels_the_loss_is_that_of_a_double_loop_too():
    a, b = two()
    y = np.array([0, 1, 0, 2, 1, 1])
    same = y[:, None] == y
    found = info_nce(torch.tensor(a), torch.tensor(b), 0.3, torch.tensor(same)).item()
    np.testing.assert_allclose(found, by_hand(a, b, 0.3, same))


def test_labels_that_all_differ_change_nothing():
    a, b = map(torch.tensor, two())
    same = torch.eye(6, dtype=torch.bool)
    torch.testing.assert_close(info_nce(a, b, 0.2, same), info_nce(a, b, 0.2))


def test_gradients_of_the_loss_are_those_of_finite_differences():
    a, b = (torch.tensor(x, requires_grad=True) for x in two(4, 3))
    temperature = torch.tensor(0.4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(info_nce, (a, b, temperature))
    same = torch.tensor([0, 1, 0, 1])[:, None] == torch.tensor([0, 1, 0, 1])
    assert torch.autograd.gradcheck(partial(info_nce, same=same), (a, b, temperature))


def test_gradient_by_hand_is_error_times_partner():
    """By the similarities it is (P - Y) of rows and of columns, averaged."""
    a, b = two(5, 3)
    a, b = unit(a), unit(b)
    s = a @ b.T / 0.5
    rows = np.exp(s) / np.exp(s).sum(1, keepdims=True)
    columns = np.exp(s) / np.exp(s).sum(0, keepdims=True)
    error = (rows + columns - 2 * np.eye(5)) / (2 * 5)
    by_a = error @ b / 0.5
    by_a -= (by_a * a).sum(1, keepdims=True) * a  # on the sphere, only sideways
    x = torch.tensor(a, requires_grad=True)
    info_nce(x, torch.tensor(b), 0.5).backward()
    np.testing.assert_allclose(x.grad.numpy(), by_a, atol=1e-12)


def test_vectors_that_say_nothing_cost_the_logarithm_of_the_batch():
    same = torch.ones(32, 4)
    np.testing.assert_allclose(info_nce(same, same, 0.1).item(), np.log(32), rtol=1e-6)


def test_length_and_direction_of_asking_do_not_matter_but_pairing_does():
    a, b = map(torch.tensor, two(20, 8))
    torch.testing.assert_close(info_nce(a, b), info_nce(b, a))
    torch.testing.assert_close(info_nce(a, b), info_nce(7 * a, 0.1 * b))
    assert info_nce(a, a) < 0.1 < 2 < info_nce(a, a.roll(1, 0))


def test_low_temperature_looks_at_the_closest_stranger_only():
    a, b = two(6)
    s = unit(a) @ unit(b).T
    strangers = s - 10 * np.eye(6)
    gaps = [np.maximum(0, strangers.max(axis) - np.diag(s)).mean() for axis in (0, 1)]
    found = info_nce(torch.tensor(a), torch.tensor(b), 0.001).item()
    np.testing.assert_allclose(0.001 * found, np.mean(gaps), atol=1e-3)


@pytest.mark.parametrize("shapes", [((4, 3), (5, 3)), ((4, 3), (4, 2)), ((4,), (4,))])
def test_what_does_not_pair_is_refused(shapes):
    with pytest.raises(DataError, match="the same for both"):
        info_nce(*(torch.ones(shape) for shape in shapes))


def test_a_sample_without_any_partner_is_refused():
    with pytest.raises(DataError, match="a partner in each row"):
        info_nce(torch.ones(3, 2), torch.ones(3, 2), same=torch.zeros(3, 3, dtype=torch.bool))
    with pytest.raises(DataError, match="shape"):
        info_nce(torch.ones(3, 2), torch.ones(3, 2), same=torch.ones(2, 2, dtype=torch.bool))


def test_several_modalities_are_averaged_over_their_pairs():
    a, b, c = (torch.randn(6, 4, generator=torch.Generator().manual_seed(k)) for k in range(3))
    pairs = [info_nce(*pair, 0.2) for pair in ((a, b), (a, c), (b, c))]
    torch.testing.assert_close(InfoNCE(0.2)(a, b, c), sum(pairs) / 3)


def test_the_temperature_is_learned_and_never_leaves_its_bounds():
    a = torch.eye(4)
    for b, end in ((a, 0.05), (a.roll(1, 0), 0.5)):  # all partners found, none found
        loss = InfoNCE(0.1, bounds=(0.05, 0.5))
        optimizer = torch.optim.Adam(loss.parameters(), lr=0.5)
        for _ in range(200):
            optimizer.zero_grad()
            loss(a, b).backward()
            optimizer.step()
        loss(a, b)
        assert abs(loss.temperature - end) < 1e-6


def test_a_temperature_at_its_bound_can_come_back():
    loss = InfoNCE(0.05, bounds=(0.05, 0.5))
    a = torch.eye(4)
    loss(a, a.roll(1, 0)).backward()
    assert loss.log_temperature.grad < 0  # downhill is up


def test_a_fixed_temperature_stays():
    loss = InfoNCE(0.2, learn=False)
    assert (
        not any(p.requires_grad for p in loss.parameters()) and abs(loss.temperature - 0.2) < 1e-7
    )


@pytest.mark.parametrize(
    "options", [{"temperature": 0.0}, {"temperature": 2.0}, {"bounds": (0, 1)}]
)
def test_impossible_temperatures_are_refused(options):
    with pytest.raises(DataError, match="between its bounds"):
        InfoNCE(**options)


# ---- as a fuse ----


@pytest.mark.parametrize("give", ["vectors", "projections"])
@pytest.mark.parametrize("names", [["image"], ["image", "spectrum"], list(WIDTHS)])
def test_every_weight_gets_a_gradient(give, names):
    fuse, encoded = made(names, give=give), vectors(names=names)
    fused = fuse(encoded)
    assert fused.shape == (12, fuse.width)
    (fused[:, ::2].sum() + fuse.loss(encoded, torch.arange(12) % 3)).backward()
    grads = [p.grad for name, p in fuse.named_parameters() if "temperature" not in name]
    assert all(g is not None and g.abs().sum() > 0 for g in grads)
    assert fuse.contrast.log_temperature.grad is not None


def test_the_vectors_themselves_are_handed_on_unchanged():
    encoded = vectors()
    expected = torch.cat([encoded[name] for name in sorted(encoded)], 1)
    torch.testing.assert_close(made()(encoded), expected)


def test_its_loss_is_that_of_the_projections_times_the_weight():
    names = ["image", "spectrum"]
    fuse, encoded = made(names, weight=0.5, temperature=0.2), vectors(names=names)
    parts = [fuse.projections[name](encoded[name]) for name in names]
    torch.testing.assert_close(fuse.loss(encoded, None), 0.5 * info_nce(*parts, 0.2))
    y = torch.arange(12) % 3
    fuse.supervised = True
    expected = 0.5 * info_nce(*parts, 0.2, same=y[:, None] == y)
    torch.testing.assert_close(fuse.loss(encoded, y), expected)
    # a quantity has no classes: pairs are all there is
    torch.testing.assert_close(fuse.loss(encoded, y.double()), 0.5 * info_nce(*parts, 0.2))


def test_without_weight_nothing_pulls_partners_together():
    fuse, encoded = made(weight=0.0), vectors()
    fuse.loss(encoded, None).backward()
    assert all(p.grad.abs().sum() == 0 for p in fuse.projections.parameters())


@pytest.mark.parametrize("give", ["vectors", "projections"])
def test_order_does_not_matter_and_samples_are_fused_one_by_one(give):
    fuse, encoded = made(give=give).eval(), vectors()
    backwards = dict(reversed(encoded.items()))
    torch.testing.assert_close(fuse(encoded), fuse(backwards))
    torch.testing.assert_close(fuse.loss(encoded, None), fuse.loss(backwards, None))
    one = {name: x[5:6] for name, x in encoded.items()}
    torch.testing.assert_close(fuse(encoded)[5:6], fuse(one))


def test_a_single_modality_has_nothing_to_compare():
    fuse = made(["image"])
    assert fuse.loss(vectors(names=["image"]), None) == 0 and fuse.width == 3


@pytest.mark.parametrize("options", [{"give": "all"}, {"dim": 0}])
def test_impossible_settings_are_refused(options):
    with pytest.raises(DataError):
        made(**options)


@pytest.mark.parametrize("classes", [2, 50])
@pytest.mark.parametrize("options", [{}, {"supervised": True}, {"give": "projections"}])
def test_it_works_inside_a_classifier(classes, options):
    rng = np.random.default_rng(0)
    y = np.arange(200) % classes
    X = Samples(spectrum=rng.normal(size=(200, 9)), size=rng.normal(size=(200, 2)))
    fuse = partial(Contrastive, **options)
    model = clone(FusionClassifier(fuse=fuse, width=8, epochs=2, random_state=0))
    assert cross_val_score(model, X, y, cv=2, error_score="raise").shape == (2,)


def test_shared_places_are_those_of_the_fuse():
    X, y = pairs(300), np.arange(300) % 2
    model = FusionClassifier(fuse=Contrastive, width=8, epochs=2, random_state=0).fit(X, y)
    placed = shared_places(model, X)
    for name, (center, scale) in model.scaling_.items():
        x = torch.tensor((X[name] - center) / scale).double()
        with torch.no_grad():
            expected = model.net_.fuse.projections[name](model.net_.encoders[name](x))
        np.testing.assert_allclose(placed[name], unit(expected.numpy()), atol=1e-5)
    with pytest.raises(DataError, match="no shared space"):
        shared_places(FusionClassifier(width=8, epochs=1).fit(X, y), X)


# ---- pretraining without labels ----


def pairs(n=600, seed=0, names=("spectrum", "image")):
    """Two hidden factors seen by all, one of its own in each modality, and noise."""
    rng = np.random.default_rng(seed)
    mix = np.random.default_rng(99).normal(size=(len(names), 3, 6))
    shared = rng.normal(size=(n, 2))
    X = {}
    for name, m in zip(names, mix, strict=True):
        hidden = np.hstack([shared, rng.normal(size=(n, 1))])
        X[name] = hidden @ m + 0.1 * rng.normal(size=(n, 6))
    return X


def quick(**options):
    return ContrastiveEmbedding(**({"dim": 4, "epochs": 15, "random_state": 0} | options))


@pytest.fixture(scope="module")
def fitted():
    return quick().fit(pairs())


def test_a_refit_that_fails_leaves_the_places_as_they_were():
    X = pairs(60)
    model = quick(epochs=1).fit(X)
    before = model.transform(X)["image"]
    with pytest.raises(DataError):
        model.fit({name: table * np.nan for name, table in pairs(60, seed=1).items()})
    np.testing.assert_array_equal(model.transform(X)["image"], before)


def test_it_finds_the_partners_of_new_samples(fitted):
    placed = fitted.transform(pairs(300, seed=1))
    a, b = placed["spectrum"], placed["image"]
    assert recall_at(a, b, 10) > 0.3 and recall_at(b, a, 10) > 0.3  # guessing: 0.03
    np.testing.assert_allclose(np.linalg.norm(a, axis=1), 1, rtol=1e-5)
    assert fitted.history_[-1]["train_loss"] < fitted.history_[0]["train_loss"]


def test_shuffled_pairs_teach_nothing():
    X, new = pairs(), pairs(300, seed=1)
    X["image"] = np.random.default_rng(0).permutation(X["image"])
    placed = quick().fit(X).transform(new)
    assert recall_at(placed["spectrum"], placed["image"], 10) < 0.12


def test_labels_are_not_looked_at(fitted):
    noise = np.random.default_rng(0).integers(3, size=600)
    new = pairs(50, seed=2)
    again = quick().fit(pairs(), noise).transform(new)
    np.testing.assert_array_equal(again["image"], fitted.transform(new)["image"])


def test_a_sample_is_placed_by_itself_and_one_modality_is_enough(fitted):
    new = pairs(50, seed=2)
    whole = fitted.transform(new)["image"]
    alone = fitted.transform({"image": new["image"][7:8]})
    assert list(alone) == ["image"]
    np.testing.assert_allclose(alone["image"], whole[7:8], atol=1e-6)


def test_order_of_the_modalities_does_not_matter(fitted):
    other = quick().fit(dict(reversed(pairs().items())))
    new = pairs(50, seed=2)
    np.testing.assert_array_equal(other.transform(new)["image"], fitted.transform(new)["image"])


def test_three_modalities():
    X = pairs(300, names=("a", "b", "c"))
    placed = quick(epochs=2).fit_transform(X)
    assert {name: table.shape for name, table in placed.items()} == {k: (300, 4) for k in "abc"}


def test_its_encoders_are_what_a_classifier_starts_from(fitted):
    X = pairs(40, seed=3)
    model = FusionClassifier(encoders=fitted.encoders_, epochs=1, lr=1e-9, weight_decay=0.0)
    model.fit(X, np.arange(40) % 2)
    for name, encoder in fitted.encoders_.items():
        for mine, theirs in zip(
            encoder.parameters(), model.net_.encoders[name].parameters(), strict=True
        ):
            torch.testing.assert_close(mine, theirs, atol=1e-5, rtol=0)
    changed = fitted.encoders_
    nn.init.zeros_(next(changed["image"].parameters()))
    assert next(fitted.encoders_["image"].parameters()).abs().sum() > 0  # only a copy was changed


def test_it_can_be_cloned_searched_and_kept(tmp_path):
    X, y = Samples(**pairs(60)), np.arange(60) % 2
    model = make_pipeline(quick(epochs=1), FusionClassifier(epochs=1, random_state=0))
    search = GridSearchCV(model, {"contrastiveembedding__dim": [2, 3]}, cv=2, error_score="raise")
    search.fit(X, y)
    best = search.best_estimator_
    again = mmlib.load(mmlib.save(best, tmp_path / "kept"))
    np.testing.assert_array_equal(again.predict_proba(X), best.predict_proba(X))


def test_it_follows_feature_blocks():
    leaves = mmlib.make_leaves(n_plants=10, leaves_per_plant=2)
    model = make_pipeline(feature_blocks(leaves), quick(epochs=1))
    assert model.fit(leaves.X).transform(leaves.X)["image"].shape == (20, 4)


@pytest.mark.parametrize(
    "X, options, said",
    [
        ({"image": np.ones((20, 3))}, {}, "needs two modalities"),
        (Samples(image=np.ones((20, 3))), {}, "needs two modalities"),
        (pairs(20), {"modalities": "image"}, "needs two modalities"),
        (pairs(20), {"modalities": ["image", "sound"]}, "no modality 'sound'"),
        ({"a": np.ones((20, 3)), "b": np.ones((19, 3))}, {}, "Numbers of samples differ"),
    ],
)
def test_what_has_no_pairs_is_refused(X, options, said):
    with pytest.raises(DataError, match=said):
        quick(**options).fit(X)


def test_a_modality_it_never_saw_is_refused(fitted):
    with pytest.raises(DataError, match="none of the modalities"):
        fitted.transform({"sound": np.ones((2, 2))})


def test_places_are_unit_vectors_side_by_side():
    fuse = made(make=Places, dim=4)
    out = fuse(vectors())
    assert out.shape == (12, fuse.width)
    torch.testing.assert_close(out.reshape(12, 3, 4).norm(dim=2), torch.ones(12, 3))


def test_few_labels_are_evenly_spread_and_no_group_twice():
    groups = np.arange(200) // 5
    y = groups % 4
    rows = few_labels(y, 6, groups, random_state=1)
    assert np.bincount(y[rows]).tolist() == [6] * 4 and len({*groups[rows]}) == 24
    np.testing.assert_array_equal(rows, few_labels(y, 6, groups, random_state=1))
    assert set(rows) != set(few_labels(y, 6, groups, random_state=2))
    assert len({*few_labels(y, 50)}) == 200
    with pytest.raises(DataError, match="10 groups only"):
        few_labels(y, 11, groups)


def test_models_are_given_the_same_few_and_judged_on_the_new():
    seen = []

    class Spy(BaseEstimator):
        def fit(self, X, y):
            seen.append((X["a"].ravel().tolist(), y.tolist()))
            return self

        def score(self, X, y):
            return len(y) + len(X["a"])

    y = np.arange(40) % 2
    data, new = ({"a": np.arange(40.0)[:, None]}, y), ({"a": np.ones((3, 1))}, np.ones(3))
    shares = score_few_labels(Spy(), data, new, [2, 5], draws=3)
    assert shares.tolist() == [[6.0] * 3] * 2
    score_few_labels(Spy(), data, new, [2, 5], draws=3)
    assert seen[:6] == seen[6:] and [len(labels) for _, labels in seen[:6]] == [4] * 3 + [10] * 3
    assert all((np.array(a) % 2 == labels).all() for a, labels in seen)


def test_the_interval_of_a_gain_is_the_plain_paired_one():
    a, b = np.random.default_rng(0).random((2, 6))
    found = stats.ttest_rel(100 * a, 100 * b).confidence_interval()
    said = gain_sentence({"a": a, "b": b}, "a", "b")
    assert said.endswith(f"(95 % interval {found.low:z.1f} to {found.high:z.1f})")


# ---- retrieval ----


def test_ranks_are_those_of_a_sorted_list():
    a, b = two(40, 3)
    expected = []
    for i in range(40):
        cosines = unit(a)[i] @ unit(b).T
        expected.append(np.argsort(-cosines).tolist().index(i) + 1)
    assert partner_ranks(a, b).tolist() == expected
    assert median_rank(a, b) == np.median(expected)
    assert (
        recall_sentence(a, b, [40]) == f"recall 100 % at 40; median rank {np.median(expected):.0f}"
    )
    for k in (1, 5, 40):
        assert recall_at(a, b, k) == np.mean(np.array(expected) <= k)
    np.testing.assert_array_equal(
        closest(a, b, 40)[:, 0] == np.arange(40), partner_ranks(a, b) == 1
    )


def test_points_that_coincide_get_the_rank_of_chance():
    ones = np.ones((41, 2))
    assert set(partner_ranks(ones, ones)) == {21.0} and recall_at(ones, ones, 10) == 0


def test_many_queries_are_ranked_in_parts_with_the_same_result():
    a, b = two(1100, 3)
    similarity = unit(a) @ unit(b).T
    expected = 1 + (similarity > np.diag(similarity)[:, None]).sum(1)
    np.testing.assert_array_equal(partner_ranks(a, b), expected)


def test_scale_does_not_matter_and_perfect_vectors_are_found_first():
    a, b = two(30, 3)
    np.testing.assert_array_equal(partner_ranks(a, b), partner_ranks(5 * a, b / 7))
    assert recall_at(a, 3 * a, 1) == 1


@pytest.mark.parametrize(
    "query, gallery, said",
    [
        (np.ones((3, 2)), np.ones((4, 2)), "row i of one"),
        (np.ones(3), np.ones(3), "a table of finite numbers"),
        (np.full((3, 2), np.nan), np.ones((3, 2)), "a table of finite numbers"),
    ],
)
def test_tables_that_cannot_be_searched_are_refused(query, gallery, said):
    with pytest.raises(DataError, match=said):
        partner_ranks(query, gallery)


def test_partners_may_be_more_on_one_side_than_on_the_other():
    a, b = torch.eye(2), torch.tensor([[1.0, 0.0], [0.6, 0.8]])
    same = torch.tensor([[True, True], [False, True]])
    cosine = np.array([[1.0, 0.6], [0.0, 0.8]])
    by_row = cosine - np.log(np.exp(cosine).sum(1, keepdims=True))
    by_column = cosine - np.log(np.exp(cosine).sum(0))
    rows = (by_row[0, 0] + by_row[0, 1]) / 2 + by_row[1, 1]
    columns = by_column[0, 0] + (by_column[0, 1] + by_column[1, 1]) / 2
    expected = -(rows / 2 + columns / 2) / 2
    assert info_nce(a, b, 1.0, same).item() == pytest.approx(expected, rel=1e-6)


def test_every_group_has_its_turn_to_be_labeled():
    y, groups = np.zeros(100, int), np.arange(100) // 10
    chosen = {int(groups[few_labels(y, 1, groups, random_state=seed)][0]) for seed in range(40)}
    assert len(chosen) > 7


def test_a_group_with_samples_of_several_classes_is_asked_once():
    y, groups = np.tile([0, 1], 6), np.repeat(np.arange(6), 2)
    for seed in range(20):
        rows = few_labels(y, 2, groups, seed)
        assert len(set(groups[rows])) == 4 and np.bincount(y[rows]).tolist() == [2, 2]


def test_the_temperature_is_within_its_bounds_after_the_last_step_as_well():
    loss = InfoNCE(temperature=1.0)
    pictures = torch.eye(4)
    loss(pictures, pictures.roll(1, 0)).backward()  # a higher one would be better
    torch.optim.SGD(loss.parameters(), lr=5.0).step()
    assert loss.log_temperature.exp() > 1.1
    assert abs(loss.temperature - 1) < 1e-6
