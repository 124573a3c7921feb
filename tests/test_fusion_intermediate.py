import numpy as np
import pytest
import torch
from torch import nn

from mmlib.data import DataError
from mmlib.fusion.intermediate import Concatenate, FusionNet, drop_modalities


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
