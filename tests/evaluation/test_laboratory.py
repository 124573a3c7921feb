"""The laboratory's error is the floor of an RMSEP: in numbers, sentences, figures and options."""

import numpy as np
import pytest
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline

import mmlib
from mmlib.base import DataError
from mmlib.evaluation.laboratory import check_laboratory_error, laboratory_sentence, own_error


def test_squares_of_independent_errors_add_up():
    rng = np.random.default_rng(0)
    model, laboratory = 0.4 * rng.normal(size=100_000), 0.3 * rng.normal(size=100_000)
    seen = np.sqrt(np.square(model - laboratory).mean())
    assert own_error(seen, 0.3) == pytest.approx(0.4, abs=0.01)
    assert own_error(0.3, 0.3) == 0 == own_error(0.2, 0.3)


def test_each_case_has_its_sentence():
    assert "would be left." in laboratory_sentence("early", 0.5, 0.4, 0.6, 0.3)
    assert "would be left." in laboratory_sentence("early", 0.5, np.nan, np.nan, 0.3)
    near = laboratory_sentence("early", 0.5, 0.2, 0.8, 0.3)
    assert "or nothing: the interval reaches the laboratory error" in near
    below = laboratory_sentence("early", 0.2, 0.1, 0.25, 0.3)
    assert "is not above the laboratory error of 0.3" in below and "leaks" in below
    for high in (0.35, np.nan):
        luck = laboratory_sentence("early", 0.2, 0.1, high, 0.3)
        assert "not above" in luck and "leaks" not in luck


def test_large_units_are_written_out():
    said = laboratory_sentence("early", 1234.0, 1100.0, 1400.0, 260.0)
    assert said.startswith("Of the RMSEP of early, 1234, the laboratory error of 260 is a part;")
    assert said.endswith("without it 1206 would be left.")


@pytest.mark.parametrize("wrong", [0.0, -1.0, np.nan, np.inf])
def test_what_is_no_laboratory_error_is_refused(wrong):
    with pytest.raises(DataError, match="above zero, in the unit of y"):
        check_laboratory_error(wrong, "regression")
    with pytest.raises(DataError, match="are classes"):
        check_laboratory_error(0.1, "classification")


def test_a_comparison_draws_the_floor_and_speaks_of_it():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 1))
    y = x[:, 0] + 0.3 * rng.normal(size=60)
    data = mmlib.MultimodalData({"table": x}, y)
    line = make_pipeline(mmlib.Select("table"), LinearRegression())
    models = {"mean": DummyRegressor(), "line": line}
    result = mmlib.compare(models, data, n_repeats=2)
    assert "laboratory" not in result.plot()[1]
    result.laboratory_error = 0.3
    assert result.plot()[1].endswith("Floor: laboratory error 0.30.")
