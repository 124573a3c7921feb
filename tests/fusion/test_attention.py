"""Attention against numpy and torch's own, value and gradient; what every fuse must keep."""

from functools import partial

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.model_selection import cross_val_score
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

import mmlib
from mmlib.base import DataError
from mmlib.explain.attention_maps import attention_maps, predict_with, rank_agreement
from mmlib.explain.occlusion import occlude_tokens
from mmlib.features.tokens import patches, token_blocks, windows
from mmlib.fusion import early_fusion, on_features
from mmlib.fusion.attention import CoAttention, CrossAttention, Gate
from mmlib.fusion.intermediate import FusionClassifier, FusionRegressor
from mmlib.fusion.presets import on_tokens
from mmlib.fusion.transformer import FusionTransformer, waves
from mmlib.nets.encoders import TableEncoder, TokenEncoder

WIDTHS = [{"a": 3}, {"b": 2, "a": 3}, {"a": 3, "c": 4, "b": 2}]
TOKENS = {"a": 5, "b": 1, "c": 7}  # how many of each; "b" is a single token
FUSES = {
    "gate": Gate,
    "co": CoAttention,
    "cross": partial(CrossAttention, heads=2),
    "transformer": partial(FusionTransformer, heads=2, layers=2, dropout=0.0),
}
every_fuse = pytest.mark.parametrize("name", FUSES)
every_number = pytest.mark.parametrize("widths", WIDTHS, ids=len)


@pytest.fixture(autouse=True)
def seeded():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def inputs(name, widths, n=6, **options):
    if name == "gate":
        return {key: torch.randn(n, width, **options) for key, width in widths.items()}
    return {key: torch.randn(n, TOKENS[key], width, **options) for key, width in widths.items()}


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def arrays(module):
    return {key: value.detach().numpy() for key, value in module.named_parameters()}


# Values and gradients


@every_number
def test_the_gate_is_the_weighted_average_that_numpy_finds(widths):
    fuse, encoded = Gate(widths).double(), inputs("gate", widths, dtype=torch.float64)
    p, names = arrays(fuse), sorted(widths)
    joined = np.hstack([encoded[name].numpy() for name in names])
    weights = softmax(joined @ p["score.weight"].T + p["score.bias"])
    expected = sum(
        weights[:, [k]]
        * (encoded[name].numpy() @ p[f"project.{name}.weight"].T + p[f"project.{name}.bias"])
        for k, name in enumerate(names)
    )
    np.testing.assert_allclose(fuse(encoded).detach().numpy(), expected, rtol=1e-10)
    if len(names) == 1:
        assert (weights == 1).all()


def test_a_gate_worked_out_by_hand():
    gate = Gate({"a": 1, "b": 1})
    gate.project["a"].weight.data, gate.project["b"].weight.data = torch.eye(1), torch.eye(1)
    for layer in (*gate.project.values(), gate.score):
        nn.init.zeros_(layer.bias)
    gate.score.weight.data = torch.tensor([[np.log(3.0), 0.0], [0.0, 0.0]], dtype=torch.float32)
    out = gate({"a": torch.tensor([[1.0]]), "b": torch.tensor([[5.0]])})
    assert out.item() == pytest.approx(0.75 * 1 + 0.25 * 5)
    out.backward()
    # d/d score = weight * (value - average): 0.75 * (1 - 2), 0.25 * (5 - 2); the input a is 1
    torch.testing.assert_close(gate.score.bias.grad, torch.tensor([-0.75, 0.75]))
    torch.testing.assert_close(gate.score.weight.grad, torch.tensor([[-0.75, -3.75], [0.75, 3.75]]))


@every_number
def test_co_attention_is_what_numpy_finds(widths):
    fuse, encoded = CoAttention(widths, width=4).double(), inputs("co", widths, dtype=torch.float64)
    p, names = arrays(fuse), sorted(widths)
    tokens = {
        name: encoded[name].numpy() @ p[f"project.{name}.weight"].T + p[f"project.{name}.bias"]
        for name in names
    }
    expected = []
    for name in names:
        others = [tokens[other].mean(1) for other in names if other != name]
        question = np.mean(others or [tokens[name].mean(1)], axis=0) @ p[f"ask.{name}.weight"].T
        seen = tokens[name] @ p[f"look.{name}.weight"].T + p[f"look.{name}.bias"]
        scores = np.tanh(seen + question[:, None]) @ p[f"score.{name}.weight"][0]
        expected.append(np.einsum("nt,ntw->nw", softmax(scores), tokens[name]))
    found = fuse(encoded)
    np.testing.assert_allclose(found.detach().numpy(), np.hstack(expected), rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(fuse.pool(encoded, fuse.maps(encoded)), found)


def by_sdpa(attend, asks, asked):
    """`nn.MultiheadAttention` by torch's bare attention: (n, tokens, width), and gradients flow."""
    heads, width = attend.num_heads, attend.embed_dim
    weight, bias = attend.in_proj_weight.chunk(3), attend.in_proj_bias.chunk(3)
    q, k, v = (
        (x @ w.T + b).unflatten(-1, (heads, width // heads)).transpose(1, 2)
        for x, w, b in zip((asks, asked, asked), weight, bias, strict=True)
    )
    return attend.out_proj(scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))


@every_number
def test_cross_attention_is_torchs_bare_attention_in_every_direction(widths):
    fuse = CrossAttention(widths, heads=2, width=4).double()
    encoded = inputs("cross", widths, dtype=torch.float64)
    x = {name: fuse.project[name](encoded[name]) for name in sorted(widths)}
    vectors = []
    for a in x:
        others = [b for b in x if b != a] or [a]
        vectors.append((x[a] + sum(by_sdpa(fuse.attend[a][b], x[a], x[b]) for b in others)).mean(1))
    expected, found = torch.cat(vectors, dim=1), fuse(encoded)
    torch.testing.assert_close(found, expected)
    weights = torch.randn_like(found)
    ours = torch.autograd.grad((found * weights).sum(), [*fuse.parameters()])
    theirs = torch.autograd.grad((expected * weights).sum(), [*fuse.parameters()])
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other)


def test_cross_attention_worked_out_by_hand():
    attend = CrossAttention({"a": 1, "b": 1}, heads=1).double()
    double = torch.float64
    for parameter in attend.parameters():
        nn.init.zeros_(parameter)
    for name in "ab":
        nn.init.ones_(attend.project[name].weight)
        other = attend.attend[name]["b" if name == "a" else "a"]
        nn.init.ones_(other.in_proj_weight)
        nn.init.ones_(other.out_proj.weight)
    a, b = [[np.log(3.0)]], [[0.0], [1.0]]
    encoded = {"a": torch.tensor([a], dtype=double), "b": torch.tensor([b], dtype=double)}
    # a asks b: scores log 3 * (0, 1), weights 1/4 and 3/4, value 3/4; b asks a: always log 3
    maps = attend.maps(encoded)
    torch.testing.assert_close(maps["a", "b"][0, 0], torch.tensor([[0.25, 0.75]], dtype=double))
    expected = torch.tensor([[np.log(3) + 0.75, 0.5 + np.log(3)]])
    torch.testing.assert_close(attend(encoded), expected)


def test_the_transformer_is_its_layers_by_hand_and_its_maps_are_their_weights():
    widths = {"a": 3, "b": 2}
    fuse = FUSES["transformer"](widths, width=4).double().eval()
    encoded = inputs("transformer", widths, dtype=torch.float64)
    x = [fuse.start.expand(6, -1, -1)]
    for name in sorted(widths):
        where = fuse.place[name](waves(TOKENS[name], 4).double())
        x.append(fuse.project[name](encoded[name]) + where)
    x = torch.cat(x, dim=1)
    for layer in fuse.layers:
        before = layer.norm1(x)
        last = layer.self_attn.in_proj_weight, layer.self_attn.in_proj_bias
        x = x + by_sdpa(layer.self_attn, before, before)
        x = x + layer.linear2(torch.relu(layer.linear1(layer.norm2(x))))
    torch.testing.assert_close(fuse(encoded), x[:, 0])
    (wq, wk, _), (bq, bk, _) = (part.chunk(3) for part in last)
    q, k = (
        (before @ w.T + b).unflatten(-1, (2, 2)).transpose(1, 2) for w, b in ((wq, bq), (wk, bk))
    )
    weights = (q @ k.mT / 2**0.5).softmax(-1)
    maps = fuse.maps(encoded)
    torch.testing.assert_close(maps["class", "a"], weights[:, :, :1, 1:6])
    torch.testing.assert_close(maps["b", "class"], weights[:, :, 6:, :1])


# What every fuse must keep


@every_fuse
@every_number
def test_every_parameter_gets_a_gradient(name, widths):
    if widths == {"a": 3} and name == "gate":
        pytest.skip("one modality leaves a gate nothing to choose")
    sizes = {key: width for key, width in widths.items() if name == "gate" or TOKENS[key] > 1}
    fuse = FUSES[name](sizes)
    (fuse(inputs(name, sizes)) * torch.randn(6, fuse.width)).sum().backward()
    for key, parameter in fuse.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 1e-7, key


@every_fuse
@every_number
def test_order_does_not_matter_and_rows_do_not_see_each_other(name, widths):
    fuse, encoded = FUSES[name](widths).eval(), inputs(name, widths)
    out = fuse(encoded)
    assert out.shape == (6, fuse.width)
    turned = FUSES[name](dict(reversed(widths.items()))).eval()
    turned.load_state_dict(fuse.state_dict())
    torch.testing.assert_close(turned(dict(reversed(encoded.items()))), out)
    alone = fuse({key: x[2:3] for key, x in encoded.items()})
    torch.testing.assert_close(alone, out[2:3])


@every_fuse
@every_number
def test_weights_are_shares(name, widths):
    maps = FUSES[name](widths).eval().maps(inputs(name, widths))
    if name == "gate":
        total = [sum(maps.values())]
    elif name == "transformer":
        askers = {asks for asks, _ in maps}
        total = [sum(m.sum(-1) for (a, _), m in maps.items() if a == asks) for asks in askers]
    else:
        total = [m.sum(-1) for m in maps.values()]
    assert all(bool((m >= 0).all()) for m in maps.values())
    for part in total:
        torch.testing.assert_close(part, torch.ones_like(part))


def test_a_single_token_gets_weight_one_and_the_questions_learn_nothing():
    widths = {"a": 3, "b": 2}
    encoded = {"a": torch.randn(6, 1, 3), "b": torch.randn(6, 1, 2)}
    fuse = CrossAttention(widths, heads=2, width=4)
    assert all(bool((m == 1).all()) for m in fuse.maps(encoded).values())
    fuse(encoded).square().sum().backward()
    for pair in (fuse.attend["a"]["b"], fuse.attend["b"]["a"]):
        question, key, value = pair.in_proj_weight.grad.chunk(3)
        assert question.abs().max() < 1e-6 and key.abs().max() < 1e-6 < value.abs().max()


def test_over_single_tokens_cross_attention_is_a_linear_layer():
    fuse = CrossAttention({"a": 3, "b": 2}, heads=2, width=4).double()

    def f(x):
        return fuse({"a": x[:, None, :3], "b": x[:, None, 3:]})

    zero = f(torch.zeros(1, 5).double())
    matrix = f(torch.eye(5).double()) - zero
    x = torch.randn(9, 5).double()
    torch.testing.assert_close(f(x), x @ matrix + zero)


def test_a_modality_order_of_tokens_is_no_matter_to_co_attention_but_is_to_the_transformer():
    widths = {"a": 3, "c": 4}
    encoded = inputs("co", widths)
    turned = encoded | {"a": encoded["a"].flip(1)}
    for name, same in (("co", True), ("cross", True), ("transformer", False)):
        fuse = FUSES[name](widths).eval()
        assert torch.allclose(fuse(encoded), fuse(turned), atol=1e-6) is same


@pytest.mark.parametrize("fuse", [CrossAttention, FusionTransformer])
@pytest.mark.parametrize(("options", "said"), [({"heads": 3, "width": 8}, "multiple of 3"),
                                               ({"heads": 0}, "at least one")])  # fmt: skip
def test_heads_that_do_not_fit_are_refused(fuse, options, said):
    with pytest.raises(DataError, match=said):
        fuse({"a": 3}, **options)


def test_width_is_rounded_up_to_the_heads():
    assert CrossAttention({"a": 3, "b": 5}, heads=4).width == 16


# Tokens


def test_windows_hold_every_band_in_order():
    spectra = np.arange(2 * 211).reshape(2, 211)
    cut = windows(spectra)
    assert cut.shape == (2, 15, 15) and set(cut.ravel()) == set(range(422))
    assert (np.diff(cut, axis=2) == 1).all()
    with pytest.raises(DataError, match="choose 1 to 211"):
        windows(spectra, 212)


def test_patches_are_described_in_reading_order():
    picture = np.zeros((1, 4, 6, 1), np.uint8)
    picture[0, 2:, 4:, 0] = [[0, 10], [20, 30]]
    found = patches(picture, size=2)
    assert found.shape == (1, 6, 4) and not found[0, :5].any()
    np.testing.assert_allclose(found[0, 5], [15, np.std([0, 10, 20, 30]), 0, 30])
    with pytest.raises(DataError, match="4 x 6 pixels cannot"):
        patches(picture, size=4)


def test_token_encoder_shares_weights_or_not():
    x = torch.randn(4, 3, 2).double()
    for own in (False, True):
        encoder = TokenEncoder((3, 2), width=5, own=own).double()
        w, place = encoder.weight.detach(), encoder.place.detach()
        expected = torch.stack([x[:, t] @ w[t if own else 0] + place[t] for t in range(3)], 1)
        torch.testing.assert_close(encoder.tokens(x).detach(), expected)
        torch.testing.assert_close(encoder(x), encoder.tokens(x).mean(1))


# As estimators


def toy(n=48, classes=2, modalities=("pic", "spec", "table")):
    rng = np.random.default_rng(0)
    y = np.arange(n) % classes
    X = {
        "pic": rng.integers(0, 255, (n, 8, 8, 1), dtype=np.uint8),
        "spec": rng.normal(size=(n, 60)) + y[:, None] / classes,
        "table": rng.normal(size=(n, 3)),
    }
    return mmlib.MultimodalData({name: X[name] for name in modalities}, y)


def toy_model(data, name, **options):
    options = {"fuse": FUSES[name], "epochs": 2, "width": 8} | options
    if name == "gate":
        return on_features(data, **options)
    return on_tokens(data, n_windows=4, size=4, **options)


@every_fuse
@pytest.mark.parametrize(
    "modalities", [("spec",), ("pic", "spec"), ("pic", "spec", "table")], ids=len
)
def test_saved_models_predict_the_same_and_explain_the_same(name, modalities, tmp_path):
    data = toy(modalities=modalities)
    model = toy_model(data, name).fit(data.X, data.y)
    loaded = mmlib.load(mmlib.save(model, tmp_path / "model", data))
    assert (loaded.predict_proba(data.X) == model.predict_proba(data.X)).all()
    ours, theirs = attention_maps(model, data.X), attention_maps(loaded, data.X)
    assert all((ours[key] == theirs[key]).all() for key in ours)


@every_fuse
def test_clones_and_cross_validation_work(name):
    data = toy(classes=3)
    model = toy_model(data, name)
    first, second = (clone(model).fit(data.X, data.y).predict_proba(data.X) for _ in range(2))
    assert (first == second).all() and first.shape == (48, 3)
    assert cross_val_score(model, data.X, data.y, cv=2).shape == (2,)


@every_fuse
def test_fifty_classes(name):
    data = toy(n=100, classes=50)
    assert toy_model(data, name).fit(data.X, data.y).predict_proba(data.X).shape == (100, 50)


def test_a_quantity_is_predicted_too():
    data = toy()
    data = mmlib.MultimodalData(data.X, data.X["table"][:, 0])
    model = on_tokens(data, 4, 4, width=8, fuse=CoAttention, epochs=2).fit(data.X, data.y)
    assert isinstance(model[-1], FusionRegressor) and model.predict(data.X).shape == (48,)


def test_token_blocks_treat_a_short_table_as_one_token():
    data = toy()
    tokens = token_blocks(data, n_windows=4, size=4).fit_transform(data.X)
    assert [tokens[name].shape for name in data.modalities] == [(48, 4, 4), (48, 4, 15), (48, 1, 3)]


# Maps, and what they are held against


def test_a_model_without_attention_is_refused():
    data = toy()
    early = early_fusion(data).fit(data.X, data.y)
    net = on_features(data, epochs=1).fit(data.X, data.y)
    for model in (early, net):
        with pytest.raises(DataError, match="has no attention to show"):
            attention_maps(model, data.X)
    cross = toy_model(data, "cross").fit(data.X, data.y)
    with pytest.raises(DataError, match="takes no weights from outside"):
        predict_with(cross, data.X, attention_maps(cross, data.X))


@pytest.mark.parametrize("name", ["gate", "co"])
def test_own_weights_give_own_answers_and_others_do_not(name):
    data = toy(n=300)  # more than a batch
    model = toy_model(data, name).fit(data.X, data.y)
    own = attention_maps(model, data.X)
    np.testing.assert_allclose(
        predict_with(model, data.X, own), model.predict_proba(data.X), atol=1e-6
    )
    other = {key: np.roll(weights, 1, axis=0) for key, weights in own.items()}
    assert np.abs(predict_with(model, data.X, other) - model.predict_proba(data.X)).max() > 1e-5
    with pytest.raises(DataError, match="rows cannot be paired"):  # maps of other samples
        predict_with(model, data.X[:50], own)


def test_hiding_a_token_is_predicting_with_the_usual_one_in_its_place():
    rng = np.random.default_rng(0)
    X = {"a": rng.normal(size=(40, 3, 2)).astype("f4"), "b": rng.normal(size=(40, 2))}
    model = FusionClassifier(
        encoders={"a": partial(TokenEncoder, own=False), "b": TableEncoder},
        fuse=CoAttention, width=8, epochs=2, random_state=0,
    ).fit(X, np.arange(40) % 2)  # fmt: skip
    hidden = X["a"].copy()
    hidden[:, 1] = X["a"].mean(0)[1]
    expected = model.predict_proba(X) - model.predict_proba({**X, "a": hidden})
    np.testing.assert_allclose(occlude_tokens(model, X, "a", X)[:, 1], expected, atol=1e-6)
    with pytest.raises(DataError, match="which are no tokens"):
        occlude_tokens(model, X, "b", X)


def test_rank_agreement_is_spearmans():
    from scipy.stats import spearmanr

    rng = np.random.default_rng(0)
    a, b = rng.random((5, 9)), rng.random((5, 9)).round(1)
    expected = np.mean([spearmanr(x, y).statistic for x, y in zip(a, b, strict=True)])
    assert rank_agreement(a, b) == pytest.approx(expected)
    assert rank_agreement(a, np.ones((5, 9))) == 0


def test_a_net_on_tokens_may_use_some_of_the_modalities():
    leaves = mmlib.make_leaves(n_plants=8)
    for used in ("spectrum", ["spectrum"]):
        model = on_tokens(leaves, modalities=used, fuse=CoAttention, epochs=1)
        model.fit(leaves.X, leaves.y)
        assert list(model["model"].shapes_) == ["spectrum"]


def test_a_name_that_cannot_name_a_module_is_refused_in_words():
    X = {"scent.1": np.zeros((4, 2)), "size": np.zeros((4, 2))}
    for fuse in (Gate, "concatenate"):
        with pytest.raises(DataError, match="rename"):
            mmlib.FusionClassifier(fuse=fuse, epochs=1).fit(X, [0, 1, 0, 1])


def test_a_quantity_has_no_probabilities_under_other_weights():
    X = {"scent": np.eye(6), "size": np.ones((6, 1))}
    model = mmlib.FusionRegressor(fuse=Gate, epochs=1).fit(X, np.arange(6.0))
    with pytest.raises(DataError, match="classifier"):
        predict_with(model, X, attention_maps(model, X))
