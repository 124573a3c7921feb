"""Encoders of sequences: padding reaches no output, and each knows what it is said to know."""

import numpy as np
import pytest
import torch

import mmlib
from mmlib.base import DataError
from mmlib.data.mapping import Samples
from mmlib.features.lagged import pad
from mmlib.nets.sequences import (
    FramesCNN,
    RecurrentEncoder,
    TemporalCNN,
    TemporalMean,
    WordLSTM,
)

KINDS = {
    "lstm": RecurrentEncoder,
    "gru": lambda *a, **k: RecurrentEncoder(*a, cell="gru", **k),
    "cnn": TemporalCNN,
    "mean": TemporalMean,
}


@pytest.fixture(autouse=True)
def double_precision():
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield
    torch.set_default_dtype(usual)


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


def series(n=4, steps=6, columns=3, seed=0):
    return np.random.default_rng(seed).normal(size=(n, steps, columns))


def marked(x, steps=None):
    return torch.from_numpy(pad(list(x), steps))


def twins(kind, shape, more):
    """An encoder for series of `shape`, and one with the same weights and `more` steps."""
    short = kind(shape, width=8, padded=True)
    long = kind((shape[0] + more, shape[1]), width=8, padded=True)
    long.load_state_dict(short.state_dict())
    return short, long


@pytest.mark.parametrize("more", [1, 30])
def test_a_padded_series_has_the_vector_and_the_tokens_of_the_plain_one(kind, more):
    short, long = twins(kind, (6, 4), more)
    x = series()
    with torch.no_grad():
        plain, padded = marked(x), marked(x, steps=6 + more)
        torch.testing.assert_close(long(padded), short(plain))
        tokens = long.tokens(padded)
        torch.testing.assert_close(tokens[:, :6], short.tokens(plain))
        assert (tokens[:, 6:] == 0).all()


@pytest.mark.parametrize("rubbish", [1e9, float("inf"), float("nan")])
def test_what_stands_in_the_padding_does_not_matter(kind, rubbish):
    encoder = kind((9, 4), width=8, padded=True)
    x = marked(series(), steps=9)
    spoiled = x.clone()
    spoiled[:, 6:, :-1] = rubbish
    with torch.no_grad():
        torch.testing.assert_close(encoder(spoiled), encoder(x))


def test_series_of_different_lengths_in_a_batch_are_each_as_if_alone(kind):
    lengths = [6, 1, 3, 5]
    x = [one[:n] for one, n in zip(series(), lengths, strict=True)]
    encoder = kind((6, 4), width=8, padded=True)
    with torch.no_grad():
        together = encoder(marked(x))
        for row, one in zip(together, x, strict=True):
            torch.testing.assert_close(row, encoder(marked([one]))[0])


def test_without_padding_all_columns_are_measured(kind):
    encoder = kind((6, 3), width=8)
    assert encoder(torch.from_numpy(series())).shape == (4, 8)
    assert encoder.tokens(torch.from_numpy(series())).shape == (4, 6, 8)


def test_every_weight_receives_a_gradient(kind):
    encoder = kind((6, 4), width=8, padded=True)
    out = encoder(marked(series(n=32), steps=8))
    (out * torch.randn(out.shape)).sum().backward()
    for name, parameter in encoder.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0, name


def test_the_last_measured_step_counts_for_who_reads_in_order():
    encoder = RecurrentEncoder((6, 4), width=8, padded=True)
    x = marked(series(), steps=6)
    changed = x.clone()
    changed[:, 5, 0] += 1
    with torch.no_grad():
        assert (encoder(changed) - encoder(x)).abs().min() > 0
        torch.testing.assert_close(encoder.tokens(changed)[:, :5], encoder.tokens(x)[:, :5])


def test_lstm_is_torchs_own_read_at_the_last_step():
    encoder, x = RecurrentEncoder((6, 3), width=8), torch.from_numpy(series())
    with torch.no_grad():
        _, (last, _) = encoder.layer(x)
        torch.testing.assert_close(encoder(x), last[0])


def test_only_the_mean_forgets_the_order(kind):
    encoder, x = kind((6, 3), width=8), torch.from_numpy(series())
    with torch.no_grad():
        apart = (encoder(x) - encoder(x[:, [3, 0, 5, 1, 4, 2]])).abs().max()
    assert (apart < 1e-12) == isinstance(encoder, TemporalMean)


def test_convolutions_find_a_pattern_wherever_it_is():
    encoder = TemporalCNN((12, 1), width=8)
    x = torch.zeros(2, 12, 1)
    x[0, 3:5, 0] = x[1, 7:9, 0] = 1.0
    with torch.no_grad():
        one, other = encoder(x)
    torch.testing.assert_close(one, other)


def test_the_mark_is_read_after_standardizing_too(kind):
    """Scores of a fitted model do not depend on what stands in the padding."""
    x = [one[:n] for one, n in zip(series(60), np.arange(60) % 4 + 3, strict=True)]
    X = {"days": pad(x)}
    y = np.arange(60) % 2
    model = mmlib.FusionClassifier(encoders={"days": kind}, width=8, epochs=1, random_state=0)
    model.encoders = {"days": lambda shape, width: kind(shape, width, padded=True)}
    model.fit(X, y)
    spoiled = X["days"].copy()
    spoiled[spoiled[:, :, -1] < 0] = [100.0, -100, 100, -1]
    np.testing.assert_allclose(model.predict_proba({"days": spoiled}), model.predict_proba(X))


@pytest.mark.parametrize("name", ["recurrent", "temporal cnn", "temporal mean"])
def test_a_net_of_series_is_named_and_saved(name, tmp_path):
    X = {"days": pad(list(series(60)), steps=8)}
    y = np.arange(60) % 2
    options = {"encoders__days__padded": True}
    model = mmlib.FusionClassifier(
        encoders={"days": name}, width=8, epochs=1, random_state=0, **options
    )
    model.fit(X, y)
    mmlib.save(model, tmp_path / "model")
    again = mmlib.load(tmp_path / "model")
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: RecurrentEncoder((6, 3), cell="rnn"), "'lstm' or 'gru'"),
        (lambda: TemporalCNN((6, 3), kernel=4), "an odd number"),
        (lambda: TemporalCNN((6, 3), strides=[2]), "1 strides for 2 layers"),
        (lambda: TemporalMean((6, 1), padded=True), "one column"),
        (lambda: TemporalMean((6,)), "steps x columns"),
    ],
)
def test_impossible_settings_are_refused(make, said):
    with pytest.raises(DataError, match=said):
        make()


def test_padding_before_or_between_measured_steps_is_refused(kind):
    encoder, x = kind((6, 4), width=8, padded=True), marked(series())
    for step in (0, 3):
        gap = x.clone()
        gap[1, step, -1] = -1
        with pytest.raises(DataError, match="padding comes after"):
            encoder(gap)


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
        with pytest.raises(DataError, match="this encoder knows 0 to 9"):
            reader()(bad)
    with pytest.raises(DataError, match="WordLSTM takes samples of words"):
        WordLSTM((3, 4))
    with pytest.raises(DataError, match="FramesCNN takes samples of frames x columns"):
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
