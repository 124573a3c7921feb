import numpy as np
import pytest
import torch

from mmlib.base import DataError
from mmlib.nets.encoders import (
    ImageCNN,
    SpectrumCNN,
    TableEncoder,
    TokenEncoder,
    cnn,
    default_encoder,
)

SHAPES = [(3,), (20,), (64,), (211,), (2000,), (2500,), (16, 16, 1), (48, 48, 3), (64, 40, 4)]


def batch(shape, n=4, seed=0):
    x = torch.randn(n, *shape, generator=torch.Generator().manual_seed(seed))
    return x.permute(0, 3, 1, 2) if len(shape) == 3 else x


@pytest.mark.parametrize("shape", SHAPES)
def test_vector_and_tokens_have_the_promised_shape(shape):
    encoder = default_encoder(shape, width=24)
    x = batch(shape)
    assert encoder(x).shape == (4, 24)
    tokens = encoder.tokens(x)
    assert tokens.shape[0] == 4 and tokens.shape[2] == 24
    assert 1 <= tokens.shape[1] <= 64


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("way", ["vector", "tokens"])
def test_every_parameter_receives_a_gradient(shape, way):
    encoder = default_encoder(shape, width=24)
    out = encoder(batch(shape)) if way == "vector" else encoder.tokens(batch(shape))
    (out * torch.randn(out.shape)).sum().backward()
    for name, parameter in encoder.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize("shape", SHAPES)
def test_prediction_is_independent_of_the_rest_of_the_batch(shape):
    encoder = default_encoder(shape, width=24)
    encoder.train()
    encoder(batch(shape, seed=1))
    encoder.eval()
    x = batch(shape, n=6)
    with torch.no_grad():
        alone = torch.cat([encoder(x[i : i + 1]) for i in range(6)])
        torch.testing.assert_close(encoder(x), alone, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_single_sample_can_be_trained_on(shape):
    out = default_encoder(shape).train()(batch(shape, n=1))
    assert torch.isfinite(out).all()


def test_outputs_are_of_usable_size_at_the_start():
    for shape in SHAPES:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            spread = default_encoder(shape)(batch(shape, n=32)).std().item()
        assert 0.02 < spread < 5, (shape, spread)


def test_the_kind_follows_the_shape():
    assert isinstance(default_encoder((49,)), TableEncoder)
    assert isinstance(default_encoder((50,)), SpectrumCNN)
    assert isinstance(default_encoder((32, 32, 3)), ImageCNN)


def test_spectrum_encoder_knows_where_a_peak_is():
    """Averaging over bands would give the same vector for two peaks far apart."""
    encoder = SpectrumCNN(200).eval()
    x = torch.zeros(2, 200)
    x[0, 48:53] = 1
    x[1, 144:149] = 1
    with torch.no_grad():
        a, b = encoder(x)
    assert (a - b).norm() > 0.1 * a.norm()


def test_image_encoder_counts_a_spot_wherever_it_is():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        encoder = ImageCNN((64, 160, 1)).eval()
    pictures = torch.zeros(4, 1, 64, 160)
    pictures[1, 0, 28:31, 28:31] = 3
    pictures[2, 0, 28:31, 76:79] = 3  # six steps of the grid further
    pictures[3] = torch.maximum(pictures[1], pictures[2])
    with torch.no_grad():
        none, one, other, both = encoder(pictures)
    torch.testing.assert_close(one - none, other - none, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(both - none, 2 * (one - none), rtol=1e-4, atol=1e-5)
    assert (one - none).norm() > 0.01


def test_start_from_gives_uncorrelated_filters_of_the_pictures():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        encoder = ImageCNN((32, 32, 3))
        smooth = torch.nn.functional.interpolate(torch.randn(80, 3, 8, 8), size=32, mode="bicubic")
        encoder.start_from(smooth)
        with torch.no_grad():
            conv = encoder.layers[0][0]
            out = conv(smooth)[:, :, 1:-1, 1:-1].transpose(0, 1).flatten(1).numpy()
    half = len(out) // 2
    np.testing.assert_allclose(out[:half], -out[half:], rtol=1e-4, atol=1e-3)
    correlation = np.corrcoef(out[:half])
    assert np.abs(correlation - np.eye(half)).max() < 0.3


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: default_encoder((5, 5)), "no default encoder"),
        (lambda: ImageCNN((6, 6, 3)), "8 x 8"),
        (lambda: SpectrumCNN(5), "at least 8 bands"),
        (
            lambda: TableEncoder((4, 4, 3)),
            r"columns and was given the shape \(4, 4, 3\)",
        ),
        (lambda: SpectrumCNN((36, 12)), "samples of bands"),
        (lambda: ImageCNN((211,)), "height x width x colors"),
        (lambda: TokenEncoder((211,)), "tokens x columns"),
        (lambda: cnn((36, 12)), "choose another encoder"),
    ],
)
def test_impossible_shapes_are_refused_in_a_sentence(make, what):
    with pytest.raises(DataError, match=what):
        make()
