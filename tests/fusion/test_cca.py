"""Alignment: against closed forms, other libraries, and finite differences."""

from functools import partial

import numpy as np
import pytest
import scipy.linalg
import torch
import torch.nn.functional as F
from sklearn.base import clone
from sklearn.cross_decomposition import CCA, PLSSVD
from sklearn.exceptions import DataConversionWarning
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline

import mmlib
from mmlib.base import DataError
from mmlib.data.mapping import Samples
from mmlib.evaluation.retrieval import share_found
from mmlib.features.blocks import feature_blocks
from mmlib.fusion.alignment_losses import Adversary, Correlate, cca_loss, reverse_gradient
from mmlib.fusion.attributes import SemanticAlignment
from mmlib.fusion.cca import RegularizedCCA, correlations
from mmlib.fusion.intermediate import FusionClassifier

WIDTHS = {"image": 3, "spectrum": 5, "weight": 2}


def tables(n=200, seed=0, names=("spectrum", "image"), columns=(5, 4, 3)):
    """Two hidden factors, mixed into each table with noise of its own."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(n, 2))
    X = {}
    for name, width in zip(names, columns, strict=False):
        X[name] = hidden @ rng.normal(size=(2, width)) + rng.normal(size=(n, width)) + 7
    return X


def by_eigenvalues(a, b, shrinkage):
    """Canonical correlations as generalized eigenvalues of covariance matrices."""
    a, b = a - a.mean(0), b - b.mean(0)
    own = []
    for x in (a, b):
        c = x.T @ x / len(x)
        own.append((1 - shrinkage) * c + shrinkage * np.trace(c) / len(c) * np.eye(len(c)))
    across = a.T @ b / len(a)
    zero = np.zeros_like
    left = np.block([[zero(own[0]), across], [across.T, zero(own[1])]])
    right = scipy.linalg.block_diag(*own)
    values = scipy.linalg.eigh(left, right, eigvals_only=True)[::-1]
    return values[: min(a.shape[1], b.shape[1])]


# ---- canonical correlation ----


@pytest.mark.parametrize("shrinkage", [0.0, 0.1, 0.7, 1.0])
def test_shrunk_correlations_are_the_generalized_eigenvalues(shrinkage):
    X = tables()
    model = RegularizedCCA(4, shrinkage).fit(X)
    a, b = (X[name] - X[name].mean(0) for name in ("spectrum", "image"))
    products = (a @ model.weights_["spectrum"]).T @ (b @ model.weights_["image"]) / len(a)
    expected = by_eigenvalues(a, b, shrinkage)
    np.testing.assert_allclose(products, np.diag(expected), atol=1e-10)


def test_without_shrinkage_it_is_scikit_learns_cca():
    X = tables(columns=(3, 3))
    other = CCA(2, scale=False, max_iter=10_000, tol=1e-14).fit(X["spectrum"], X["image"])
    a, b = other.transform(X["spectrum"], X["image"])
    ours = RegularizedCCA(2, shrinkage=0).fit(X)
    np.testing.assert_allclose(
        ours.correlations_, correlations({"a": a, "b": b}), rtol=0, atol=1e-6
    )
    together = correlations({"ours": ours.transform(X)["spectrum"], "theirs": a})
    np.testing.assert_allclose(np.abs(together), 1, atol=1e-5)


def test_at_full_shrinkage_it_is_partial_least_squares():
    X = tables()
    other = PLSSVD(2, scale=False).fit(X["spectrum"], X["image"])
    a, b = other.transform(X["spectrum"], X["image"])
    ours = RegularizedCCA(2, shrinkage=1).fit(X).transform(X)
    for mine, theirs in ((ours["spectrum"], a), (ours["image"], b)):
        np.testing.assert_allclose(np.abs(correlations({"m": mine, "t": theirs})), 1, atol=1e-9)


def test_three_tables_agree_with_a_generalized_eigenproblem():
    X = tables(names=("a", "b", "c"))
    model = RegularizedCCA(2, shrinkage=0).fit(X)
    centered = [X[name] - X[name].mean(0) for name in "abc"]
    everything = np.cov(np.hstack(centered).T, bias=True)
    own = scipy.linalg.block_diag(*(np.cov(x.T, bias=True) for x in centered))
    vectors = scipy.linalg.eigh(everything, own)[1][:, ::-1][:, :2]
    parts = np.split(vectors, np.cumsum([x.shape[1] for x in centered])[:-1])
    scores = model.transform(X)
    for name, x, part in zip("abc", centered, parts, strict=True):
        agreement = correlations({"ours": scores[name], "theirs": x @ part})
        np.testing.assert_allclose(np.abs(agreement), 1, atol=1e-8)
        np.testing.assert_allclose(scores[name].var(0), 1)


def test_three_tables_agree_with_cca_zoo():
    linear = pytest.importorskip("cca_zoo.linear", reason="pip install cca-zoo")
    X = tables(names=("a", "b", "c"))
    ours = RegularizedCCA(1, shrinkage=0).fit_transform(X)
    theirs = linear.MCCA(n_components=1).fit_transform([X[name] for name in "abc"])
    for name, scores in zip("abc", theirs, strict=True):
        assert abs(correlations({"ours": ours[name], "theirs": scores})[0]) > 0.9999


def test_scores_have_variance_one_and_do_not_correlate():
    for scores in RegularizedCCA(3, shrinkage=0).fit_transform(tables()).values():
        np.testing.assert_allclose(np.cov(scores.T, bias=True), np.eye(3), atol=1e-10)


def test_units_and_mixtures_of_columns_do_not_matter_without_shrinkage():
    X = tables()
    mixed = X | {"image": X["image"] @ np.random.default_rng(1).normal(size=(4, 4)) * 1000 - 3}
    np.testing.assert_allclose(
        RegularizedCCA(4, 0).fit(X).correlations_, RegularizedCCA(4, 0).fit(mixed).correlations_
    )


def test_order_of_the_modalities_does_not_matter():
    X = tables()
    a = RegularizedCCA().fit(X).transform(X)
    b = RegularizedCCA().fit(dict(reversed(X.items()))).transform(X)
    for name in X:
        np.testing.assert_array_equal(a[name], b[name])


def test_a_sample_is_scored_by_itself_and_a_single_modality_is_enough():
    X = tables()
    model = RegularizedCCA().fit(X)
    whole = model.transform(X)["image"]
    np.testing.assert_allclose(model.transform({"image": X["image"][3:4]})["image"], whole[3:4])


def test_with_more_columns_than_samples_noise_correlates_perfectly_until_it_is_new():
    rng = np.random.default_rng(0)
    train, new = ({name: rng.normal(size=(100, 200)) for name in "ab"} for _ in range(2))
    model = RegularizedCCA(3, shrinkage=0).fit(train)
    np.testing.assert_allclose(model.correlations_, 1)
    assert np.abs(correlations(model.transform(new))).max() < 0.35


def test_shuffled_pairs_have_nothing_in_common():
    X, new = tables(2000, seed=1), tables(2000, seed=1)
    X["image"] = np.random.default_rng(0).permutation(X["image"])
    assert RegularizedCCA(1).fit(X).score(new) < 0.3 < RegularizedCCA(1).fit(new).score(new)


def test_a_picture_is_taken_as_a_row_of_pixels():
    X = tables(n=30)
    X["image"] = np.random.default_rng(0).integers(0, 255, (30, 4, 4, 3)).astype(np.uint8)
    flat = X | {"image": X["image"].reshape(30, -1)}
    np.testing.assert_array_equal(
        RegularizedCCA().fit_transform(X)["image"], RegularizedCCA().fit_transform(flat)["image"]
    )


def test_no_more_components_than_the_smaller_table_has():
    assert RegularizedCCA(50).fit_transform(tables())["spectrum"].shape == (200, 4)


def test_shrinkage_can_be_chosen_by_cross_validation():
    leaves = mmlib.make_leaves(n_plants=40, leaves_per_plant=2)
    search = GridSearchCV(
        RegularizedCCA(2), {"shrinkage": [0.0, 0.1]}, cv=GroupKFold(4), error_score="raise"
    )
    search.fit(leaves.X, leaves.y, groups=leaves.groups)
    assert search.best_params_ == {"shrinkage": 0.1}
    plain, shrunk = search.cv_results_["mean_test_score"]
    assert shrunk > plain + 0.1


def test_what_was_fitted_can_be_kept(tmp_path):
    leaves = mmlib.make_leaves(n_plants=10, leaves_per_plant=2)
    words = {k: np.eye(5)[k].tolist() for k in range(5)}
    for last in (RegularizedCCA(2), SemanticAlignment(words)):
        model = make_pipeline(feature_blocks(leaves), last).fit(leaves.X, leaves.y)
        again = mmlib.load(mmlib.save(model, tmp_path / type(last).__name__))
        for name, scores in model.transform(leaves.X).items():
            np.testing.assert_array_equal(again.transform(leaves.X)[name], scores)


@pytest.mark.parametrize(
    "spoil, said",
    [
        (lambda X: X["spectrum"], "must be a mapping"),
        (lambda X: {"spectrum": X["spectrum"]}, "at least 2 are needed"),
        (lambda X: X | {"image": X["image"][1:]}, "rows cannot be paired"),
        (lambda X: X | {"image": np.ones((200, 3))}, "Nothing varies in 'image'"),
        (lambda X: X | {"image": X["image"] * np.where(np.arange(200) == 7, np.nan, 1)[:, None]},
         "first in row 7"),
        (lambda X: X | {"image": X["image"][:, 0]}, "a table with rows"),
    ],
)  # fmt: skip
def test_what_cannot_be_aligned_is_refused_in_one_sentence(spoil, said):
    with pytest.raises(DataError, match=said):
        RegularizedCCA().fit(spoil(tables()))


def test_impossible_settings_and_strange_modalities_are_refused():
    with pytest.raises(DataError, match="between 0 and 1"):
        RegularizedCCA(shrinkage=1.5).fit(tables())
    with pytest.raises(DataError, match="1 or more"):
        RegularizedCCA(n_components=0).fit(tables())
    model = RegularizedCCA().fit(tables())
    with pytest.raises(DataError, match="'sound' was not there"):
        model.transform({"sound": np.ones((2, 2))})
    with pytest.raises(DataError, match="has 9 columns, but there were 4"):
        model.transform({"image": np.ones((2, 9))})


def test_partners_are_found_within_their_box():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 47, 3))
    found = [
        sorted(range(20), key=lambda j: ((a[i] - b[20 * (i // 20) + j]) ** 2).sum()).index(i % 20)
        for i in range(40)
    ]
    for k in (1, 5, 20):
        assert share_found(a, b, k) == np.mean([place < k for place in found])


def test_points_that_coincide_find_nothing():
    zeros = np.zeros((40, 2))
    assert share_found(zeros, zeros, k=19) == 0
    with pytest.raises(DataError, match="no pairs in boxes of 20"):
        share_found(zeros[:10], zeros[:10])


# ---- losses ----


@pytest.mark.parametrize("shrinkage", [0.01, 0.3, 1.0])
def test_cca_loss_is_minus_the_sum_of_the_correlations(shrinkage):
    X = tables()
    a, b = (torch.tensor(X[name]) for name in ("spectrum", "image"))
    expected = -by_eigenvalues(X["spectrum"], X["image"], shrinkage).sum()
    np.testing.assert_allclose(cca_loss(a, b, shrinkage).item(), expected, rtol=1e-8)


def test_gradients_of_cca_loss_are_those_of_finite_differences():
    X = tables(n=12, columns=(3, 2))
    a, b = (torch.tensor(X[name], requires_grad=True) for name in ("spectrum", "image"))
    assert torch.autograd.gradcheck(partial(cca_loss, shrinkage=0.2), (a, b))


def test_linear_nets_that_learn_by_cca_loss_end_at_the_closed_form():
    X = tables(columns=(5, 4))
    x = {name: torch.tensor(table - table.mean(0)) for name, table in X.items()}
    generator = torch.Generator().manual_seed(0)
    weights = {
        name: torch.randn(t.shape[1], 2, dtype=t.dtype, generator=generator).requires_grad_()
        for name, t in x.items()
    }
    optimizer = torch.optim.LBFGS(weights.values(), max_iter=200, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        value = cca_loss(*(x[name] @ weights[name] for name in x), shrinkage=1e-8)
        value.backward()
        return value

    reached = -optimizer.step(loss).item()
    reached = -loss().item()
    assert abs(reached - RegularizedCCA(2, 0).fit(X).correlations_.sum()) < 1e-4


def test_equal_vectors_do_not_stop_the_training():
    a = torch.zeros(10, 3, requires_grad=True)
    loss = cca_loss(a, torch.rand(10, 2))
    loss.backward()
    assert loss.item() == 0 and torch.isfinite(a.grad).all()


def test_batches_that_do_not_pair_are_refused():
    with pytest.raises(DataError, match="as many rows"):
        cca_loss(torch.rand(4, 2), torch.rand(5, 2))
    with pytest.raises(DataError, match="shrinkage is 0"):
        cca_loss(torch.rand(4, 2), torch.rand(4, 2), shrinkage=0)


def vectors(batch=12, names=WIDTHS, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return {name: torch.randn(batch, WIDTHS[name], generator=generator) for name in names}


def made(make, names=WIDTHS, seed=0, **options):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make({name: WIDTHS[name] for name in names}, **options)


BOTH = pytest.mark.parametrize("make", [Correlate, Adversary])


@BOTH
@pytest.mark.parametrize("names", [["image"], ["image", "spectrum"], list(WIDTHS)])
def test_every_weight_gets_a_gradient(make, names):
    fuse, encoded = made(make, names), vectors(names=names)
    fused = fuse(encoded)
    assert fused.shape == (12, fuse.width)
    (fused.square().mean() + fuse.loss(encoded, None)).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in fuse.parameters())


@BOTH
def test_order_does_not_matter_and_samples_are_fused_one_by_one(make):
    fuse, encoded = made(make).eval(), vectors()
    backwards = dict(reversed(encoded.items()))
    torch.testing.assert_close(fuse(encoded), fuse(backwards))
    torch.testing.assert_close(fuse.loss(encoded, None), fuse.loss(backwards, None))
    one = {name: x[5:6] for name, x in encoded.items()}
    torch.testing.assert_close(fuse(encoded)[5:6], fuse(one))


def test_the_reward_of_correlate_is_the_mean_over_pairs():
    fuse, encoded = made(Correlate, n_components=2, weight=0.5, shrinkage=0.2), vectors()
    parts = [layer(encoded[name]) for layer, name in zip(fuse.project, sorted(WIDTHS), strict=True)]
    a, b, c = parts
    by_hand = sum(cca_loss(*pair, 0.2).item() for pair in ((a, b), (a, c), (b, c))) / 3
    np.testing.assert_allclose(fuse.loss(encoded, None).item(), 0.5 * by_hand, rtol=1e-6)


def test_the_opponent_learns_to_tell_and_the_projections_learn_to_deny_it():
    names = ["image", "spectrum"]
    fuse, encoded = made(Adversary, names, weight=2.0), vectors(names=names)
    fuse.loss(encoded, None).backward()
    found = {name: p.grad.clone() for name, p in fuse.named_parameters()}
    fuse.zero_grad()
    image, spectrum = (fuse.project[k](encoded[n]) for k, n in enumerate(names))
    logits = fuse.discriminator(torch.cat([image, spectrum]))
    plain = 2.0 * F.cross_entropy(logits, torch.tensor([0] * 12 + [1] * 12))
    torch.testing.assert_close(fuse.loss(encoded, None), plain)
    plain.backward()
    for name, parameter in fuse.named_parameters():
        sign = 1 if name.startswith("discriminator") else -1
        torch.testing.assert_close(found[name], sign * parameter.grad)


def test_reversal_changes_nothing_but_the_way_back():
    x = torch.randn(4, 3, requires_grad=True)
    assert torch.equal(reverse_gradient(x), x)
    (reverse_gradient(x) ** 2).sum().backward()
    torch.testing.assert_close(x.grad, -2 * x.detach())


@pytest.mark.parametrize("make", [partial(Correlate, n_components=0), partial(Adversary, shared=0)])
def test_a_shared_space_without_width_is_refused(make):
    with pytest.raises(DataError, match="whole number"):
        made(make)


@BOTH
@pytest.mark.parametrize("classes", [2, 50])
def test_they_work_inside_a_classifier(make, classes):
    rng = np.random.default_rng(0)
    y = np.arange(300) % classes
    X = Samples(spectrum=rng.normal(size=(300, 9)), size=rng.normal(size=(300, 2)))
    model = clone(FusionClassifier(fuse=make, width=8, epochs=2, random_state=0))
    assert cross_val_score(model, X, y, cv=2, error_score="raise").shape == (2,)


@pytest.mark.parametrize("seed", [0, 2])
def test_an_opponent_makes_clouds_meet_but_not_pairs(seed):
    """Each modality carries the factor and noise; the clouds are matched, the pairs are not."""
    rng = np.random.default_rng(0)
    factor = rng.normal(size=(400, 1))
    a = np.hstack([factor, rng.normal(size=(400, 2))]) + 3
    b = np.hstack([rng.normal(size=(400, 4)), factor]) - 2
    encoded = {"image": torch.tensor(a).float(), "spectrum": torch.tensor(b).float()}
    fuse = made(Adversary, ["image", "spectrum"], seed=seed, shared=2, weight=1.0)

    def gap():
        image, spectrum = fuse.aligned(encoded).values()
        return (image.mean(0) - spectrum.mean(0)).norm().item()

    before = gap()
    optimizer = torch.optim.AdamW(fuse.parameters(), lr=0.001, betas=(0.5, 0.9))
    for _ in range(400):
        optimizer.zero_grad()
        # Something has to keep the vectors from becoming zero.
        kept = sum((x.std(0) - 1).square().sum() for x in fuse.aligned(encoded).values())
        (fuse.loss(encoded, None) + kept).backward()
        optimizer.step()
    assert gap() < 0.3 * before
    with torch.no_grad():
        pairs = correlations({name: x.numpy() for name, x in fuse.aligned(encoded).items()})
    assert RegularizedCCA(1, 0).fit({"a": a, "b": b}).correlations_[0] > 0.99 > pairs.max() + 0.2


# ---- words ----

WORDS = {"healthy": [0, 0], "dry": [1, 0], "spotted": [0, 1], "both": [1, 1]}


def described(n=150, seed=0, labels=("healthy", "dry", "spotted")):
    """Dryness shows in the spectrum, spots in the picture."""
    rng = np.random.default_rng(seed)
    y = rng.choice(labels, n)
    words = np.array([WORDS[label] for label in y])
    X = {
        "spectrum": np.c_[3 * words[:, 0], words[:, 0]] + 0.3 * rng.normal(size=(n, 2)),
        "image": np.c_[rng.normal(size=n), 2 * words[:, 1] + 0.3 * rng.normal(size=n)],
    }
    return X, y


def test_reading_is_ridge_regression_on_the_words():
    X, y = described()
    model = SemanticAlignment(WORDS, alpha=2.0).fit(X, y)
    target = np.array([WORDS[label] for label in y], float)
    x = X["image"]
    z = (x - x.mean(0)) / x.std(0)
    slopes = np.linalg.solve(z.T @ z + 2.0 * np.eye(2), z.T @ (target - target.mean(0)))
    np.testing.assert_allclose(model.transform(X)["image"], z @ slopes + target.mean(0))


def test_a_new_combination_of_known_words_is_recognized():
    model = SemanticAlignment(WORDS).fit(*described())
    new, y = described(seed=1, labels=["both"])
    assert (model.predict(new) == y).mean() > 0.95
    assert (model.predict(new, among=["healthy", "dry"]) == "dry").mean() > 0.95


def test_a_word_that_never_varied_cannot_be_read():
    X, y = described(labels=("healthy", "spotted"))
    model = SemanticAlignment(WORDS).fit(X, y)
    dry, truth = described(seed=1, labels=["dry"])
    np.testing.assert_allclose(model.describe(dry)[:, 0], 0, atol=1e-12)
    assert not (model.predict(dry) == truth).any()


def test_one_modality_can_be_read_and_two_readings_share_a_space():
    X, y = described()
    model = SemanticAlignment(WORDS).fit(X, y)
    assert {table.shape for table in model.transform(X).values()} == {(150, 2)}
    only = model.describe({"image": X["image"]})
    np.testing.assert_array_equal(only, model.transform({"image": X["image"]})["image"])
    assert clone(model).fit(X, y).score(X, y) > 0.95


def test_order_of_modalities_and_of_descriptions_does_not_matter():
    X, y = described()
    a = SemanticAlignment(WORDS).fit(X, y)
    backwards = SemanticAlignment(dict(reversed(WORDS.items())))
    b = backwards.fit(dict(reversed(X.items())), y)
    np.testing.assert_array_equal(a.predict(X), b.predict(X))


def test_wrong_words_are_refused():
    X, y = described()
    with pytest.raises(DataError, match="Class spotted has no description"):
        SemanticAlignment({"healthy": [0], "dry": [1]}).fit(X, y)
    with pytest.raises(DataError, match=r"Descriptions have \[1, 2\] words"):
        SemanticAlignment(WORDS | {"both": [1]}).fit(X, y)
    with pytest.raises(DataError, match="Descriptions have"):
        SemanticAlignment({}).fit(X, y)
    model = SemanticAlignment(WORDS).fit(X | {"size": X["image"]}, y)
    with pytest.raises(DataError, match="no modality 'size'"):
        model.predict(X)
    with pytest.raises(DataError, match="Class ripe has no description"):
        SemanticAlignment(WORDS).fit(X, y).predict(X, among=["ripe"])
    with pytest.raises(DataError, match="image has 150 rows, spectrum has 150 rows, y has 149"):
        SemanticAlignment(WORDS).fit(X, y[1:])


def test_smaller_weights_are_closer_and_find_no_more_partners():
    """A distance rewards small weights, and zero is the smallest: it says nothing by itself."""

    def judged(size):
        model = RegularizedCCA(2, 0).fit(tables())
        model.weights_ = {name: size * weights for name, weights in model.weights_.items()}
        a, b = model.transform(tables()).values()
        return ((a - b) ** 2).mean(), share_found(a, b)

    (distance, found), (less, as_many), (nothing, none) = map(judged, (1, 0.1, 0))
    assert less == pytest.approx(distance / 100) and nothing == 0
    assert as_many == found > 0.2 and none == 0


def test_scores_have_variance_one_in_the_shrunk_covariance_of_a_wide_table():
    rng = np.random.default_rng(0)
    X = {name: rng.normal(size=(15, 40)) for name in "ab"}
    model = RegularizedCCA(3, shrinkage=0.3).fit(X)
    for name, x in X.items():
        own = np.cov(x.T, bias=True)
        shrunk = 0.7 * own + 0.3 * np.trace(own) / 40 * np.eye(40)
        weights = model.weights_[name]
        np.testing.assert_allclose(weights.T @ shrunk @ weights, np.eye(3), atol=1e-9)


def test_labels_in_one_column_are_read_as_labels():
    X = {"size": np.array([[0.0], [9.0], [1.0]]), "weight": np.array([[0.0], [8.0], [1.0]])}
    y = np.array(["small", "large", "small"])
    model = SemanticAlignment({"small": [0, 1], "large": [1, 0]})
    with pytest.warns(DataConversionWarning):
        model.fit(X, y[:, None])
    assert model.predict(X).tolist() == y.tolist()


def test_a_single_word_is_a_column_as_well():
    X = {"size": np.array([[0.0], [9.0], [1.0]]), "weight": np.array([[0.0], [8.0], [1.0]])}
    y = ["small", "large", "small"]
    model = SemanticAlignment({"small": [0], "large": [1]}).fit(X, y)
    assert model.transform(X)["size"].shape == model.describe(X).shape == (3, 1)
    assert model.predict(X).tolist() == y
    two = {name: x[1:] for name, x in X.items()}  # as many as classes
    assert model.predict(two).tolist() == y[1:]
