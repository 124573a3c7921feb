"""Lagged products are a cross-correlation; padding loses nothing and says where it is."""

import numpy as np
import pytest

from mmlib.base import DataError
from mmlib.features.lagged import LaggedProducts, lagged_products, pad


def test_they_are_scipys_cross_correlation_over_the_number_of_pairs():
    signal = pytest.importorskip("scipy.signal")
    a, b = np.random.default_rng(0).normal(size=(2, 5, 9))
    found = lagged_products(a, b, max_lag=8)[:, :, 0, 0]
    for row in range(5):
        one, other = a[row] - a[row].mean(), b[row] - b[row].mean()
        full = signal.correlate(other, one)  # lags -8 to 8, the second one later
        np.testing.assert_allclose(found[row], full / (9 - np.abs(np.arange(-8, 9))))


def test_each_pair_of_columns_has_its_products():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(4, 7, 3)), rng.normal(size=(4, 7, 2))
    both = lagged_products(a, b, max_lag=2)
    assert both.shape == (4, 5, 3, 2)
    for i in range(3):
        for j in range(2):
            alone = lagged_products(a[..., i], b[..., j], max_lag=2)[..., 0, 0]
            np.testing.assert_allclose(both[..., i, j], alone)


def test_the_level_of_a_sample_does_not_count_and_no_sample_sees_another():
    a, b = np.random.default_rng(2).normal(size=(2, 6, 8))
    level = np.arange(6.0)[:, None]
    found = lagged_products(a, b, 3)
    np.testing.assert_allclose(lagged_products(a + level, b - 2 * level, 3), found)
    np.testing.assert_allclose(lagged_products(a[2:3], b[2:3], 3), found[2:3])


def test_exchanging_the_series_turns_the_lags_around():
    a, b = np.random.default_rng(3).normal(size=(2, 6, 8))
    np.testing.assert_allclose(lagged_products(a, b, 3), lagged_products(b, a, 3)[:, ::-1])


def test_as_a_step_it_takes_two_modalities_out_of_many():
    a, b = np.random.default_rng(4).normal(size=(2, 6, 8, 1))
    X = {"water": a, "width": b, "other": np.zeros((6, 2))}
    found = LaggedProducts("water", "width", max_lag=2).fit_transform(X)
    np.testing.assert_array_equal(found, lagged_products(a, b, 2).reshape(6, 5))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: lagged_products(np.ones((3, 5)), np.ones((3, 6)), 1), "5 and 6 steps"),
        (lambda: lagged_products(np.ones((3, 5)), np.ones((2, 5)), 1), "3 and 2 samples"),
        (lambda: lagged_products(np.ones((3, 5)), np.ones((3, 5)), 5), "max_lag is 5"),
        (lambda: lagged_products(np.ones(5), np.ones(5), 1), r"shape \(5,\)"),
        (lambda: LaggedProducts("a", "b").fit({"a": np.ones((3, 5))}), "no modality 'b'"),
        (lambda: pad([]), "the list is empty"),
        (lambda: pad([np.ones((3, 2)), np.ones((3, 1))]), "Series 1"),
        (lambda: pad([np.ones((3, 2)), np.ones((0, 2))]), "Series 1"),
        (lambda: pad([np.ones((3, 2))], steps=2), "nothing is cut off"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(call, said):
    with pytest.raises(DataError, match=said):
        call()


def test_padding_keeps_every_number_and_marks_the_rest():
    rng = np.random.default_rng(5)
    series = [rng.normal(size=(n, 2)) for n in (4, 1, 6)]
    padded = pad(series, steps=7)
    assert padded.shape == (3, 7, 3)
    for one, row in zip(series, padded, strict=True):
        np.testing.assert_array_equal(row[row[:, -1] > 0, :-1], one)
        assert (row[len(one) :, :-1] == 0).all() and (row[len(one) :, -1] == -1).all()
