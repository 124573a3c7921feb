"""Encoders of series: padding reaches no output, and each knows what it is said to know."""

import numpy as np
import pytest
import torch

import mmlib
from mmlib.base import DataError
from mmlib.features.lagged import pad
from mmlib.nets.sequence_encoders import RecurrentEncoder, TemporalCNN, TemporalMean

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
