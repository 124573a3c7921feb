import itertools
import math
from functools import partial

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from torch import nn

import mmlib
from mmlib.base import DataError
from mmlib.fusion.intermediate import FusionClassifier
from mmlib.fusion.tensor import CompactBilinear, CountSketch, LowRankTensor, OuterProduct
from mmlib.nets.encoders import TableEncoder
from mmlib.nets.fusion_net import FusionNet

WIDTHS = [{"a": 3}, {"b": 2, "a": 3}, {"a": 3, "c": 4, "b": 2}, {"a": 3, "c": 4, "b": 2, "d": 1}]
FUSES = {
    "outer": OuterProduct,
    "compressed": partial(OuterProduct, compress=2),
    "low rank": partial(LowRankTensor, rank=3, width=5),
    "compact": partial(CompactBilinear, width=16),
}
every_fuse = pytest.mark.parametrize("fuse", FUSES.values(), ids=FUSES)
every_number = pytest.mark.parametrize("widths", WIDTHS, ids=len)


@pytest.fixture(autouse=True)
def seeded():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def vectors(widths, n=6, **kwargs):
    return {name: torch.randn(n, width, **kwargs) for name, width in widths.items()}


def with_ones(encoded):
    """In sorted order, as numpy arrays of double precision."""
    arrays = [encoded[name].detach().double().numpy() for name in sorted(encoded)]
    return [np.hstack([np.ones((len(x), 1)), x]) for x in arrays]


def products(encoded):
    """The whole table by numpy's einsum, (batch, 1 + width of each)."""
    parts = with_ones(encoded)
    letters = "ijkl"[: len(parts)]
    spec = ",".join(f"n{letter}" for letter in letters) + f"->n{letters}"
    return np.einsum(spec, *parts)


# OuterProduct


@every_number
def test_the_outer_product_is_that_of_einsum(widths):
    encoded = vectors(widths, dtype=torch.float64)
    fuse = OuterProduct(widths)
    expected = products(encoded).reshape(6, -1)
    np.testing.assert_allclose(fuse(encoded).numpy(), expected, rtol=1e-12)
    assert fuse.width == expected.shape[1] == math.prod(1 + w for w in widths.values())


def test_gradients_of_the_outer_product_are_the_other_factors():
    encoded = {
        "a": torch.tensor([[2.0]], requires_grad=True),
        "b": torch.tensor([[3.0, 5.0]], requires_grad=True),
    }
    weights = torch.tensor([1.0, 10.0, 100.0, 1000.0, 1e4, 1e5])  # of 1, b1, b2, a, a b1, a b2
    (OuterProduct({"a": 1, "b": 2})(encoded) * weights).sum().backward()
    assert encoded["a"].grad.tolist() == [[1000.0 + 3e4 + 5e5]]
    assert encoded["b"].grad.tolist() == [[10.0 + 2e4, 100.0 + 2e5]]


def test_compressing_multiplies_the_shorter_vectors():
    encoded = vectors({"a": 3, "b": 4})
    fuse = OuterProduct({"a": 3, "b": 4}, compress=2)
    shorter = {name: layer(encoded[name]) for name, layer in zip("ab", fuse.compress, strict=True)}
    torch.testing.assert_close(fuse(encoded), OuterProduct({"a": 2, "b": 2})(shorter))
    assert fuse.width == 9


def test_sizes_are_those_that_the_course_counts():
    assert OuterProduct({"image": 64, "spectrum": 64}).width == 4_225


def test_an_absurd_outer_product_is_refused_with_its_size_and_the_remedy():
    widths = dict.fromkeys(["image", "sound", "spectrum"], 64)
    with pytest.raises(DataError, match=r"65 x 65 x 65 has 274,625 numbers.*LowRankTensor"):
        OuterProduct(widths)
    assert OuterProduct(widths, compress=8).width == 729
    assert LowRankTensor(widths).width == 64


# LowRankTensor


@every_number
def test_the_low_rank_tensor_is_the_contraction_with_the_tensor_it_stands_for(widths):
    encoded = vectors(widths, dtype=torch.float64)
    fuse = FUSES["low rank"](widths).double()
    nn.init.normal_(fuse.bias)
    whole = fuse.tensor().detach().numpy()
    assert whole.shape == (*(1 + widths[name] for name in sorted(widths)), 5)
    expected = products(encoded).reshape(6, -1) @ whole.reshape(-1, 5)
    expected += fuse.bias.detach().numpy()
    np.testing.assert_allclose(fuse(encoded).detach().numpy(), expected, rtol=1e-9, atol=1e-12)


@every_number
def test_its_gradients_are_those_of_the_whole_tensor(widths):
    encoded = vectors(widths, dtype=torch.float64)
    fuse = FUSES["low rank"](widths).double()
    weights = torch.randn(6, 5, dtype=torch.float64)
    short = torch.autograd.grad((fuse(encoded) * weights).sum(), [*fuse.factors, fuse.mix])
    table = torch.from_numpy(products(encoded).reshape(6, -1))
    whole = table @ fuse.tensor().flatten(0, -2)
    long = torch.autograd.grad((whole * weights).sum(), [*fuse.factors, fuse.mix])
    for a, b in zip(short, long, strict=True):
        torch.testing.assert_close(a, b)


def test_the_tensor_is_a_sum_of_rank_one_terms_worked_out_by_hand():
    fuse = LowRankTensor({"a": 1, "b": 1}, rank=2, width=1)
    a, b = fuse.factors
    a.data = torch.tensor([[[1.0], [2.0]], [[0.0], [3.0]]])  # rank, (1, a), output
    b.data = torch.tensor([[[1.0], [5.0]], [[1.0], [0.0]]])
    fuse.mix.data = torch.tensor([1.0, 10.0])
    # 1 * (1, 2) x (1, 5) + 10 * (0, 3) x (1, 0)
    assert fuse.tensor().squeeze().tolist() == [[1.0, 5.0], [32.0, 10.0]]
    out = fuse({"a": torch.tensor([[2.0]]), "b": torch.tensor([[3.0]])})
    assert out.item() == 1 + 5 * 3 + 32 * 2 + 10 * 2 * 3


@every_number
def test_every_factor_is_registered_gets_a_gradient_and_is_moved_by_the_optimizer(widths):
    fuse = FUSES["low rank"](widths)
    names = [name for name, _ in fuse.named_parameters()]
    assert sum(name.startswith("factors") for name in names) == len(widths)
    before = {name: p.detach().clone() for name, p in fuse.named_parameters()}
    optimizer = torch.optim.SGD(fuse.parameters(), lr=0.1)
    (fuse(vectors(widths)) * torch.randn(6, 5)).sum().backward()
    optimizer.step()
    for name, parameter in fuse.named_parameters():
        moved = (parameter != before[name]).flatten(1 if parameter.ndim > 1 else 0)
        assert moved.any(-1).all(), name


def test_fitting_moves_the_factors():
    X, y = agreement(200)
    model = small(FUSES["low rank"], epochs=3, random_state=0).fit(X, y)
    fresh = small(FUSES["low rank"], epochs=1, lr=1e-12, random_state=0).fit(X, y)
    pairs = zip(model.net_.fuse.factors, fresh.net_.fuse.factors, strict=True)
    assert all((a - b).abs().max() > 1e-3 for a, b in pairs)


def spread(fuse, modalities, factor=1.0, change=lambda fuse: None):
    """Root of the summed variance of the fused vector, before any training."""
    widths = {f"m{k}": 64 for k in range(modalities)}
    fuse = fuse(widths)
    change(fuse)
    out = fuse({name: factor * x for name, x in vectors(widths, 500).items()})
    return out.var(0).sum().sqrt().item()


@pytest.mark.parametrize("factor", [0.1, 1.0, 3.0])  # encoders differ in how large they speak
@pytest.mark.parametrize("fuse", [LowRankTensor, CompactBilinear])
def test_the_fused_vector_neither_vanishes_nor_explodes_with_more_modalities(fuse, factor):
    for modalities in (2, 3, 4):
        assert 0.5 < spread(fuse, modalities, factor) / spread(fuse, 1, factor) < 6


def test_plainly_random_factors_do_vanish():
    def plain(fuse):
        for factor in fuse.factors:
            nn.init.xavier_normal_(factor)

    ratio = spread(LowRankTensor, 4, change=plain) / spread(LowRankTensor, 1, change=plain)
    assert ratio < 0.05


# CompactBilinear


def circular_convolution(a, b):
    n = len(a)
    return np.array([sum(a[k] * b[(i - k) % n] for k in range(n)) for i in range(n)])


@every_number
@pytest.mark.parametrize("width", [7, 8])
def test_it_is_the_circular_convolution_of_the_sketches(widths, width):
    encoded = vectors(widths, n=2, dtype=torch.float64)
    fuse = CompactBilinear(widths, width).double()
    scaled = {name: s * encoded[name] for name, s in zip(fuse.names, fuse.scales, strict=True)}
    for row, out in enumerate(fuse(encoded).detach().numpy()):
        expected = np.eye(width)[0]  # neutral under convolution
        for x, throw in zip(with_ones(scaled), fuse.throws, strict=True):
            sketch = np.zeros(width)
            for value, place, sign in zip(x[row], throw.bins, throw.signs, strict=True):
                sketch[place] += sign.item() * value
            expected = circular_convolution(expected, sketch)
        np.testing.assert_allclose(out, expected, atol=1e-12)


@every_number
def test_it_throws_the_whole_table_into_bins(widths):
    encoded = vectors(widths, dtype=torch.float64)
    fuse = CompactBilinear(widths, 16).double()
    scaled = {name: s * encoded[name] for name, s in zip(fuse.names, fuse.scales, strict=True)}
    table = products(scaled)
    expected = np.zeros((6, 16))
    for places in itertools.product(*(range(n) for n in table.shape[1:])):
        own = list(zip(fuse.throws, places, strict=True))
        place = sum(throw.bins[i].item() for throw, i in own) % 16
        sign = math.prod(throw.signs[i].item() for throw, i in own)
        expected[:, place] += sign * table[(slice(None), *places)]
    np.testing.assert_allclose(fuse(encoded).detach().numpy(), expected, atol=1e-12)


@every_number
def test_dot_products_are_kept_on_average_over_the_hashes(widths):
    """Products of dot products, each with the 1: unbiased, spread about 1 / root(width)."""
    encoded = vectors(widths, n=2, dtype=torch.float64)
    parts = with_ones(encoded)
    truth = math.prod(float(x[0] @ x[1]) for x in parts)
    sizes = math.prod(float(np.linalg.norm(row)) for x in parts for row in x)
    estimates = []
    for _ in range(1500):
        fuse = CompactBilinear(widths, 64).double()
        fuse.scales.data.fill_(1.0)
        x, y = fuse(encoded)
        estimates.append((x @ y).item())
    error = np.std(estimates) / math.sqrt(len(estimates))
    assert abs(np.mean(estimates) - truth) < 4 * error
    # Avron, Nguyen & Woodruff (2014): the variance is at most (2 + 3^k) / width, in these units.
    assert np.std(estimates) < sizes * math.sqrt((2 + 3 ** len(widths)) / 64)


def test_more_bins_keep_dot_products_better():
    encoded = vectors({"a": 20, "b": 20}, n=2)

    def error(width):
        kept = []
        for _ in range(200):
            fuse = CompactBilinear({"a": 20, "b": 20}, width)
            fuse.scales.data.fill_(1.0)
            x, y = fuse(encoded).detach()
            kept.append((x @ y).item())
        return np.std(kept)

    assert 2.5 < error(32) / error(32 * 16) < 6.5  # root of 16 is 4


def test_its_gradients_are_those_of_finite_differences():
    widths = {"a": 3, "b": 2, "c": 2}
    fuse = CompactBilinear(widths, 7).double()
    x = [torch.randn(2, widths[n], dtype=torch.float64, requires_grad=True) for n in "abc"]
    assert torch.autograd.gradcheck(lambda *x: fuse(dict(zip("abc", x, strict=True))), x)


def test_bins_and_signs_are_saved_with_the_weights():
    widths = {"a": 5, "b": 4}
    fuse, other = CompactBilinear(widths, 16), CompactBilinear(widths, 16)
    encoded = vectors(widths)
    assert not torch.allclose(fuse(encoded), other(encoded))
    other.load_state_dict(fuse.state_dict())
    torch.testing.assert_close(fuse(encoded), other(encoded))


def test_a_sketch_keeps_every_number_once():
    throw = CountSketch(50, 8)
    assert set(throw.signs.tolist()) == {-1.0, 1.0} and throw.bins.max() < 8
    np.testing.assert_allclose(throw(torch.eye(50)).abs().sum(1), 1)


# All of them


@every_fuse
@every_number
def test_every_parameter_gets_a_gradient_and_the_width_is_true(fuse, widths):
    encoders = {name: nn.Linear(2, width) for name, width in widths.items()}
    fuse = fuse(widths)
    net = FusionNet(encoders, fuse, nn.Linear(fuse.width, 3))
    out = net({name: torch.randn(8, 2) for name in widths})
    (out * torch.randn(8, 3)).sum().backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None and (parameter.grad != 0).any(), name


@every_fuse
@every_number
def test_order_and_batch_do_not_matter(fuse, widths):
    fuse, encoded = fuse(widths).eval(), vectors(widths)
    out = fuse(encoded)
    torch.testing.assert_close(fuse(dict(reversed(encoded.items()))), out)
    alone = torch.cat([fuse({k: v[[i]] for k, v in encoded.items()}) for i in range(6)])
    torch.testing.assert_close(alone, out, rtol=1e-5, atol=1e-6)


@every_fuse
def test_the_order_of_the_widths_does_not_matter(fuse):
    made = []
    for names in ("abc", "cba"):
        torch.manual_seed(3)
        made.append(fuse({name: {"a": 3, "b": 2, "c": 4}[name] for name in names}))
    encoded = vectors({"a": 3, "b": 2, "c": 4})
    torch.testing.assert_close(made[0](encoded), made[1](encoded))


@pytest.mark.parametrize(
    "wrong",
    [
        partial(LowRankTensor, rank=0),
        partial(LowRankTensor, width=2.5),
        partial(OuterProduct, compress=0),
        partial(CompactBilinear, width="many"),
    ],
)
def test_an_option_that_is_no_positive_whole_number_is_refused(wrong):
    with pytest.raises(DataError, match="whole number from 1 on"):
        wrong({"a": 3, "b": 2})


def small(fuse, **options):
    options = {"width": 8, "epochs": 40, "lr": 0.02, "dropout": 0.0, "device": "cpu"} | options
    encoders = dict.fromkeys(["color", "firmness"], TableEncoder)
    return FusionClassifier(fuse=fuse, encoders=encoders, **options)


def agreement(n, classes=2, seed=0):
    """Neither table says anything; whether their first columns have one sign is the class."""
    rng = np.random.default_rng(seed)
    X = {"color": rng.normal(size=(n, 2)), "firmness": rng.normal(size=(n, 3))}
    if classes == 2:
        return X, np.where(X["color"][:, 0] * X["firmness"][:, 0] > 0, "sound", "odd")
    return X, np.arange(n) % classes


@every_fuse
def test_what_only_the_pair_knows_is_learned(fuse):
    (X, y), (new, truth) = agreement(600), agreement(600, seed=1)
    model = small(fuse, random_state=0).fit(X, y)
    assert model.score(new, truth) > 0.85
    rng = np.random.default_rng(2)
    torn = {"color": new["color"], "firmness": rng.permutation(new["firmness"])}
    assert abs(model.score(torn, truth) - 0.5) < 0.07  # shuffled pairs: chance


@every_fuse
def test_noise_labels_score_chance(fuse):
    X, _ = agreement(400)
    y = np.random.default_rng(5).integers(2, size=400)
    scores = cross_val_score(small(fuse, epochs=10, random_state=0), clean(X), y, cv=4)
    assert abs(scores.mean() - 0.5) < 0.08


def clean(X):
    from mmlib.data.mapping import Samples

    return Samples(**{name: x.astype(np.float32) for name, x in X.items()})


@every_fuse
def test_it_can_be_cloned_tuned_and_saved(fuse, tmp_path):
    X, y = agreement(80)
    model = clone(small(fuse, epochs=2, random_state=0))
    search = GridSearchCV(model, {"width": [4, 6]}, cv=2, error_score="raise").fit(clean(X), y)
    fitted = search.best_estimator_
    again = FusionClassifier(**fitted.get_params())
    again.__setstate__(fitted.__getstate__())
    np.testing.assert_array_equal(again.predict_proba(X), fitted.predict_proba(X))


@every_fuse
def test_fifty_classes(fuse):
    X, y = agreement(200, classes=50)
    assert small(fuse, epochs=1, random_state=0).fit(X, y).predict_proba(X).shape == (200, 50)


def test_on_the_leaves_it_can_be_saved_and_loaded(tmp_path):
    leaves = mmlib.make_leaves(n_plants=20)
    model = mmlib.fusion.on_features(leaves, fuse=CompactBilinear, epochs=2)
    model.fit(leaves.X, leaves.y)
    again = mmlib.load(mmlib.save(model, tmp_path / "model", leaves))
    np.testing.assert_array_equal(again.predict_proba(leaves.X), model.predict_proba(leaves.X))
