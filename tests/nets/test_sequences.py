"""Sequences of different length: what fills them up changes nothing, what is in them does."""

import numpy as np
import pytest
import torch

import mmlib
from mmlib.data.mapping import Samples
from mmlib.nets.sequences import FramesCNN, WordLSTM


def reader(**options):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return WordLSTM(6, width=5, words=9, **options).double().eval()


def listener(**options):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return FramesCNN((30, 4), width=5, **options).double().eval()


def sound(n=3, length=23, seed=1):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, length, 4, generator=generator, dtype=torch.float64)


CODES = torch.tensor([[4, 2, 7, 1], [9, 3, 3, 5]])


@pytest.mark.parametrize("zeros", [1, 2, 7])
def test_padded_equals_unpadded_words(zeros):
    filled = torch.cat([CODES, torch.zeros(2, zeros, dtype=torch.int64)], dim=1)
    torch.testing.assert_close(reader()(filled), reader()(CODES), rtol=0, atol=1e-12)
    tokens = reader().tokens(filled)
    torch.testing.assert_close(tokens[:, :4], reader().tokens(CODES), rtol=0, atol=1e-12)
    assert (tokens[:, 4:] == 0).all()


@pytest.mark.parametrize("stride", [1, 2, 4])
@pytest.mark.parametrize("zeros", [1, 6, 31])
def test_padded_equals_unpadded_frames(zeros, stride):
    encoder, x = listener(stride=stride), sound()
    filled = torch.cat([x, torch.zeros(3, zeros, 4, dtype=torch.float64)], dim=1)
    torch.testing.assert_close(encoder(filled), encoder(x), rtol=0, atol=1e-12)
    n = encoder.tokens(x).shape[1]
    torch.testing.assert_close(encoder.tokens(filled)[:, :n], encoder.tokens(x), rtol=0, atol=1e-12)
    assert (encoder.tokens(filled)[:, n:] == 0).all()


def test_sequences_of_one_batch_do_not_disturb_each_other():
    mixed = torch.zeros(2, 6, dtype=torch.int64)
    mixed[0, :2], mixed[1] = torch.tensor([4, 2]), torch.tensor([9, 3, 3, 5, 1, 1])
    alone = torch.cat([reader()(mixed[:1, :2]), reader()(mixed[1:])])
    torch.testing.assert_close(reader()(mixed), alone, rtol=0, atol=1e-12)
    x = sound(2, 30)
    x[0, 11:] = 0
    alone = torch.cat([listener()(x[:1, :11]), listener()(x[1:])])
    torch.testing.assert_close(listener()(x), alone, rtol=0, atol=1e-12)


def test_the_order_of_words_counts():
    assert (reader()(CODES) - reader()(CODES.flip(1))).abs().max() > 1e-3


def test_a_word_of_code_zero_is_no_word_also_in_training():
    encoder = reader().train()
    encoder(torch.cat([CODES, CODES * 0], dim=1)).sum().backward()
    assert (encoder.vectors.weight[0] == 0).all() and (encoder.vectors.weight.grad[0] == 0).all()
    assert torch.isfinite(encoder(CODES * 0)).all()  # a text without a word
    assert torch.isfinite(listener()(sound() * 0)).all()


def test_silence_within_a_sound_belongs_to_it():
    x, gap = sound(), sound()
    gap[:, 10:13] = 0
    out = listener().tokens(gap)
    assert (out[:, 5] != 0).any() and out.shape == listener().tokens(x).shape


def test_vector_and_tokens_have_the_promised_shape_and_every_weight_a_gradient():
    for encoder, x in ((reader(), CODES), (listener(), sound())):
        assert encoder(x).shape == (len(x), 5) and encoder.tokens(x).shape[2] == 5
        (encoder(x) ** 2).sum().backward()
        assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in encoder.parameters())


def test_what_cannot_be_read_is_said():
    for bad in (CODES * 5, CODES - 3):
        with pytest.raises(mmlib.DataError, match="this encoder knows 0 to 9"):
            reader()(bad)
    with pytest.raises(mmlib.DataError, match="WordLSTM takes samples of words"):
        WordLSTM((3, 4))
    with pytest.raises(mmlib.DataError, match="FramesCNN takes samples of frames x columns"):
        FramesCNN((9,))


def test_a_net_learns_order_and_gives_them_what_they_are_given():
    """Two words, and y is which came first: no bag of words knows it. Nothing is standardized."""
    rng = np.random.default_rng(0)
    y = np.arange(200) % 2
    words = np.where(y[:, None] == 0, [2, 3], [3, 2])
    codes = np.zeros((200, 5), int)
    for row, pair, n in zip(codes, words, rng.integers(0, 3, 200), strict=True):
        row[: n + 2] = [*[4] * n, *pair]
    table = rng.normal(size=(200, 3))
    model = mmlib.FusionClassifier(
        encoders={"text": "words"}, encoders__text__words=4, epochs=25, lr=1e-2, width=16,
        dropout=0, random_state=0, device="cpu",
    )  # fmt: skip
    X = Samples(text=codes.astype(float), table=table)
    model.fit(X[:150], y[:150])
    assert model.score(X[150:], y[150:]) > 0.95
    center, scale = model.scaling_["text"]
    assert (center == 0).all() and (scale == 1).all() and model.scaling_["table"][1].max() != 1


def test_a_net_of_sequences_can_be_saved(tmp_path):
    rng = np.random.default_rng(0)
    X = Samples(text=rng.integers(0, 5, (40, 6)).astype(float), sound=rng.normal(size=(40, 20, 3)))
    model = mmlib.FusionClassifier(
        encoders={"text": "words", "sound": FramesCNN}, encoders__text__words=4,
        encoders__sound__stride=3, epochs=1, width=8, random_state=0, device="cpu",
    ).fit(X, np.arange(40) % 2)  # fmt: skip
    other = mmlib.load(mmlib.save(model, tmp_path / "model"))
    np.testing.assert_array_equal(other.predict_proba(X), model.predict_proba(X))
