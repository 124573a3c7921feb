"""Transfer by standards: what must be undone exactly is, and what cannot be is refused."""

import numpy as np
import pytest
from chemotools.projection import ExternalParameterOrthogonalization
from sklearn.base import clone

from mmlib.base import DataError
from mmlib.features.transfer import SpectrumTransfer

rng = np.random.default_rng(0)
FIRST = rng.normal(size=(60, 12)) + 5


def test_direct_standardization_undoes_a_linear_difference_exactly():
    mixing = np.eye(12) + 0.1 * rng.normal(size=(12, 12))
    second = FIRST @ mixing
    moved = SpectrumTransfer("DS").fit(second[:20], X_source=FIRST[:20]).transform(second[20:])
    np.testing.assert_allclose(moved, FIRST[20:], atol=1e-8)


def test_direct_standardization_is_the_pseudoinverse_and_perfect_on_its_own_standards():
    second = FIRST**2
    fitted = SpectrumTransfer("DS").fit(second[:8], X_source=FIRST[:8])
    np.testing.assert_allclose(fitted.transform(second[:8]), FIRST[:8], atol=1e-8)
    by_hand = second[8:] @ np.linalg.pinv(second[:8]) @ FIRST[:8]
    np.testing.assert_allclose(fitted.transform(second[8:]), by_hand, atol=1e-8)
    assert np.abs(by_hand - FIRST[8:]).max() > 1


def test_the_piecewise_one_undoes_what_neighbors_tell():
    table = rng.normal(size=(60, 2)) @ rng.normal(size=(2, 12))  # two components tell all
    second = 1.3 * table + 0.2 + 0.05 * np.roll(table, 1, axis=1)
    moved = SpectrumTransfer("PDS").fit(second[:20], X_source=table[:20]).transform(second[20:])
    np.testing.assert_allclose(moved, table[20:], atol=1e-8)


def test_an_offset_is_undone_by_a_single_standard_and_is_a_bias_to_a_linear_model():
    offset, weights = rng.normal(size=12), rng.normal(size=12)
    fitted = SpectrumTransfer().fit(FIRST[:1] + offset, X_source=FIRST[:1])
    np.testing.assert_allclose(fitted.transform(FIRST + offset), FIRST)
    assert fitted.choice_ == "offset" and fitted.errors_.empty
    second = FIRST @ np.diag(rng.uniform(0.8, 1.2, 12))
    moved = SpectrumTransfer("offset").fit(second[:9], X_source=FIRST[:9]).transform(second)
    change = (moved - second) @ weights
    np.testing.assert_allclose(change, ((FIRST[:9] - second[:9]) @ weights).mean())


def test_slope_and_bias_undo_what_is_a_line_exactly():
    values = rng.uniform(10, 80, 30)
    answers = 0.7 * values + 12
    slope, bias = np.polyfit(answers[:2], values[:2], 1)
    np.testing.assert_allclose(slope * answers + bias, values)


def test_epo_takes_out_the_planted_directions_and_nothing_else():
    planted = np.linalg.qr(rng.normal(size=(12, 2)))[0].T
    days = [FIRST[:6] + rng.normal(size=(1, 2)) @ planted for _ in range(5)]
    epo = ExternalParameterOrthogonalization(n_components=2)
    epo.fit(FIRST, X_external=np.concatenate(days), sample_ids=np.tile(range(6), 5))
    off = FIRST - FIRST.mean(0)
    np.testing.assert_allclose(epo.V_epo_.T @ planted.T @ planted @ epo.V_epo_, np.eye(2),
                               atol=1e-8)  # fmt: skip
    np.testing.assert_allclose(
        epo.transform(FIRST), FIRST.mean(0) + off - off @ planted.T @ planted, atol=1e-8
    )
    drifted = FIRST + rng.normal(size=(60, 2)) @ planted  # days that it has not seen
    np.testing.assert_allclose(epo.transform(drifted), epo.transform(FIRST), atol=1e-8)


def test_the_choice_is_made_on_standards_left_out():
    offset = np.full(12, 0.5)
    second = FIRST - offset + 0.01 * rng.normal(size=FIRST.shape)
    few = SpectrumTransfer().fit(second[:8], X_source=FIRST[:8])
    assert few.choice_ == "offset" == few.errors_.idxmin()
    assert few.errors_["DS"] > 10 * few.errors_["offset"]
    assert few.errors_["none"] == pytest.approx(0.5, abs=0.02)
    mixing = np.eye(12) + 0.1 * rng.normal(size=(12, 12))
    assert SpectrumTransfer().fit(FIRST @ mixing, X_source=FIRST).choice_ == "DS"
    same = SpectrumTransfer().fit(FIRST, X_source=FIRST + 0.1 * rng.normal(size=FIRST.shape))
    assert same.errors_["none"] <= same.errors_["offset"] and same.choice_ != "DS"


def test_the_choice_can_be_made_by_the_answers_of_a_model():
    # Band 0 differs in a way that only DS undoes, and the model looks at nothing else.
    second = FIRST + 3 * rng.normal(size=FIRST.shape)
    second[:, 0] = FIRST[:, 0] + FIRST[:, 11]
    second[:, 11] = FIRST[:, 11]
    fitted = SpectrumTransfer(seen_by=lambda x: x[:, 0]).fit(second, X_source=FIRST)
    assert fitted.choice_ == "DS" and fitted.errors_["DS"] < 1e-8
    wanted = (second[:, 0] - FIRST[:, 0]) ** 2
    assert fitted.errors_["none"] == pytest.approx(np.sqrt(wanted.mean()))


def test_it_is_a_transformer_that_changes_nothing_it_was_given():
    second, kept = FIRST + 1, FIRST.copy()
    fitted = clone(SpectrumTransfer("PDS")).fit(second, X_source=FIRST)
    fitted.transform(second)
    np.testing.assert_array_equal(FIRST, kept)
    np.testing.assert_array_equal(second, kept + 1)
    assert SpectrumTransfer("DS", random_state=3).get_params()["random_state"] == 3


@pytest.mark.parametrize(
    ("how", "X", "source", "said"),
    [
        ("SST", FIRST, FIRST, "how is 'SST'"),
        ("PDS", FIRST[:3], FIRST[:3], "There are 3 standards: PDS needs at least 4"),
        ("DS", FIRST[:1], FIRST[:1], "There is 1 standard: DS needs at least 2"),
        (None, FIRST[:5], FIRST[:6], r"shape \(5, 12\) on the new instrument and \(6, 12\)"),
        (None, FIRST[:0], FIRST[:0], "the same samples are needed"),
        (None, np.full((4, 12), np.nan), FIRST[:4], "not finite"),
    ],
)
def test_what_cannot_be_moved_is_said(how, X, source, said):
    with pytest.raises(DataError, match=said):
        SpectrumTransfer(how).fit(X, X_source=source)


def test_spectra_of_another_length_are_refused():
    fitted = SpectrumTransfer().fit(FIRST, X_source=FIRST)
    with pytest.raises(DataError, match="the standards had 12 bands"):
        fitted.transform(FIRST[:, :5])
