import numpy as np
import pytest
import torch
from torch import nn

from mmlib.base import DataError
from mmlib.nets.fusion_net import Concatenate, FusionNet, drop_modalities


def linear(weight):
    weight = torch.tensor(weight)
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
    layer.weight.data = weight
    return layer


def tiny(order=("image", "spectrum"), **kwargs):
    encoders = {
        "image": linear([[1.0, 2.0]]),
        "spectrum": linear([[0.5, -1.0, 2.0], [1.0, 0.0, 1.0]]),
    }
    encoders = {name: encoders[name] for name in order}
    head = linear([[1.0, -1.0, 2.0], [0.0, 3.0, 1.0]])
    return FusionNet(encoders, Concatenate({"image": 1, "spectrum": 2}), head, **kwargs)


X = {"image": torch.tensor([[3.0, -1.0]]), "spectrum": torch.tensor([[2.0, 1.0, 1.0]])}


def test_value_and_gradients_match_those_worked_out_by_hand():
    net = tiny()
    out = net(X)
    # image: 3 - 2 = 1; spectrum: 1 - 1 + 2 = 2 and 2 + 1 = 3; z = (1, 2, 3)
    # head: 1 - 2 + 6 = 5 and 6 + 3 = 9
    torch.testing.assert_close(out, torch.tensor([[5.0, 9.0]]))
    (out * torch.tensor([[1.0, 10.0]])).sum().backward()
    # d/dz = (1, -1, 2) + 10 * (0, 3, 1) = (1, 29, 12)
    torch.testing.assert_close(net.head.weight.grad, torch.tensor([[1.0, 2, 3], [10, 20, 30]]))
    torch.testing.assert_close(net.encoders["image"].weight.grad, torch.tensor([[3.0, -1.0]]))
    torch.testing.assert_close(
        net.encoders["spectrum"].weight.grad,
        torch.tensor([[58.0, 29.0, 29.0], [24.0, 12.0, 12.0]]),
    )


def test_order_of_the_modalities_does_not_matter():
    a, b = tiny(("image", "spectrum")), tiny(("spectrum", "image"))
    backwards = dict(reversed(X.items()))
    torch.testing.assert_close(a(X), b(backwards))
    assert list(a.state_dict()) == list(b.state_dict())


def test_one_encoder_is_a_plain_network():
    encoder, head = linear([[1.0, 2.0]]), linear([[2.0]])
    net = FusionNet({"image": encoder}, Concatenate({"image": 1}), head)
    torch.testing.assert_close(net(X), head(encoder(X["image"])))


def test_a_missing_modality_is_refused():
    with pytest.raises(DataError, match="no modality 'spectrum'"):
        tiny()({"image": X["image"]})


def test_a_name_with_a_dot_is_refused():
    with pytest.raises(DataError, match="rename it"):
        FusionNet({"SA.112": linear([[1.0]])}, Concatenate({"SA.112": 1}), linear([[1.0]]))


def test_auxiliary_heads_see_one_modality_each():
    net = tiny(auxiliary={"image": linear([[1.0], [0.0]]), "spectrum": linear([[1.0, 1.0]] * 2)})
    alone = net.decide_alone(net.encode(X))
    torch.testing.assert_close(alone["image"], torch.tensor([[1.0, 0.0]]))
    torch.testing.assert_close(alone["spectrum"], torch.tensor([[5.0, 5.0]]))


class MeanOfTokens(nn.Module):
    uses_tokens = True
    width = 2

    def forward(self, encoded):
        return torch.stack([x.mean((1, 2)) for x in encoded.values()], dim=1)


def test_a_fuse_that_asks_for_tokens_gets_them():
    class Tokens(nn.Identity):
        def tokens(self, x):
            return x[:, :, None]

    net = FusionNet({"a": Tokens(), "b": Tokens()}, MeanOfTokens(), nn.Identity())
    out = net({"a": torch.tensor([[1.0, 3.0]]), "b": torch.tensor([[4.0, 6.0, 8.0]])})
    torch.testing.assert_close(out, torch.tensor([[2.0, 6.0]]))


def test_modality_dropout_never_drops_all_and_spares_prediction():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        encoded = {"a": torch.ones(2000, 3), "b": torch.ones(2000, 5, 3)}
        dropped = drop_modalities(encoded, 0.5)
    a = dropped["a"][:, 0].numpy()
    b = dropped["b"][:, 0, 0].numpy()
    assert set(np.unique(a)) == {0, 1} and set(np.unique(b)) == {0, 1}
    assert (a + b > 0).all()
    # both kept: 1/4, and the 1/4 where both would have been dropped
    assert abs(((a + b) == 2).mean() - 0.5) < 0.05
    net = tiny(modality_dropout=0.9).eval()
    torch.testing.assert_close(net(X), tiny()(X))


@pytest.mark.parametrize("bias", [False, True])
def test_the_gradient_of_the_head_is_error_times_input(bias):
    """With P the probabilities and Y the truth: (P - Y)^T z over the batch, by numpy."""
    rng = np.random.default_rng(1)
    z, weight, y = rng.normal(size=(6, 4)), rng.normal(size=(3, 4)), np.arange(6) % 3
    head = nn.Linear(4, 3, bias=bias).double()
    head.weight.data = torch.tensor(weight)
    if bias:
        nn.init.zeros_(head.bias)
    encoders = {"a": nn.Identity(), "b": nn.Identity()}
    net = FusionNet(encoders, Concatenate({"a": 3, "b": 1}), head)
    out = net({"b": torch.tensor(z[:, 3:]), "a": torch.tensor(z[:, :3])})
    nn.functional.cross_entropy(out, torch.tensor(y)).backward()
    powers = np.exp(z @ weight.T)
    error = powers / powers.sum(1, keepdims=True) - np.eye(3)[y]
    np.testing.assert_allclose(head.weight.grad.numpy(), error.T @ z / 6, atol=1e-12)
    if bias:
        np.testing.assert_allclose(head.bias.grad.numpy(), error.mean(0), atol=1e-12)


@pytest.mark.parametrize("widths", [{"a": 3}, {"a": 1, "b": 5}, {"c": 2, "a": 4, "b": 3}])
@pytest.mark.parametrize("classes", [2, 50])
def test_any_number_of_modalities_widths_and_classes(widths, classes):
    encoders = {name: nn.Linear(2, width) for name, width in widths.items()}
    fuse = Concatenate(widths)
    net = FusionNet(encoders, fuse, nn.Linear(fuse.width, classes))
    batch = {name: torch.rand(7, 2) for name in widths}
    assert fuse.width == sum(widths.values())
    out = net(batch)
    assert out.shape == (7, classes)
    out.square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


def test_a_sample_does_not_depend_on_the_rest_of_the_batch():
    net = tiny().eval()
    many = {"image": torch.randn(9, 2), "spectrum": torch.randn(9, 3)}
    one = {name: x[4:5] for name, x in many.items()}
    torch.testing.assert_close(net(many)[4:5], net(one))


def test_dropped_modalities_send_no_gradient_to_their_encoder():
    net = tiny()
    encoded = net.encode(X)
    net.head(net.fuse(encoded | {"image": torch.zeros_like(encoded["image"])})).sum().backward()
    assert net.encoders["image"].weight.grad is None
    assert net.encoders["spectrum"].weight.grad.abs().sum() > 0


@pytest.mark.parametrize("function", [torch.relu, torch.sigmoid, torch.tanh])
def test_a_function_of_single_numbers_may_be_applied_before_or_after_concatenating(function):
    encoded = {"a": torch.randn(5, 3), "b": torch.randn(5, 2)}
    fuse = Concatenate({"a": 3, "b": 2})
    after = function(fuse(encoded))
    before = fuse({name: function(x) for name, x in encoded.items()})
    torch.testing.assert_close(after, before, rtol=0, atol=0)


def test_softmax_before_concatenating_is_something_else():
    encoded = {"a": torch.randn(5, 3), "b": torch.randn(5, 2)}
    fuse = Concatenate({"a": 3, "b": 2})
    after = torch.softmax(fuse(encoded), 1)
    before = fuse({name: torch.softmax(x, 1) for name, x in encoded.items()})
    torch.testing.assert_close(before.sum(1), torch.full((5,), 2.0))
    torch.testing.assert_close(after.sum(1), torch.ones(5))


def test_adding_is_concatenating_with_tied_weights():
    a, b, weight = torch.randn(4, 6), torch.randn(4, 6), torch.randn(3, 6)
    fuse = Concatenate({"a": 6, "b": 6})
    joined = fuse({"a": a, "b": b})
    torch.testing.assert_close((a + b) @ weight.T, joined @ torch.cat([weight, weight], 1).T)
    with pytest.raises(RuntimeError, match="shapes"):
        nn.Linear(6, 3)(joined)


def test_a_sequence_cannot_be_concatenated_with_a_vector_unless_pooled():
    series, vector = torch.rand(4, 7, 6), torch.rand(4, 2)
    fuse = Concatenate({"series": 6, "vector": 2})
    with pytest.raises(RuntimeError, match="dimensions"):
        fuse({"series": series, "vector": vector})
    assert fuse({"series": series.mean(1), "vector": vector}).shape == (4, fuse.width)
