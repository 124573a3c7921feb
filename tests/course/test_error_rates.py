"""The table of notebook 03 is that of the documentation."""

from pathlib import Path

import pytest

from mmlib.course.error_rates import load_error_rates

PAGE = Path(__file__).resolve().parents[2] / "docs" / "judging.md"


def test_the_stored_table_is_the_one_in_the_book():
    rates = load_error_rates()
    text = PAGE.read_text("utf-8")
    for cell, row in rates.iterrows():
        assert f"| {cell} | {' | '.join(f'{value:.1f}' for value in row)} |" in text
    assert len(rates) == 44


def test_counting_folds_errs_with_few_plants_and_mmlib_does_not():
    rates = load_error_rates()
    assert rates.loc["300x1", "folds"] < 5 < 10 < rates.loc["10x30", "folds"]
    assert rates["mmlib"].max() < 7 and rates.loc["6x7", "mmlib"] == pytest.approx(2.6)


def test_with_six_plants_no_way_is_both_right_and_able():
    """Either wrong in more than 5 of 100, or as careful as groups widened, which see less yet."""
    few = load_error_rates().loc["6x7"]
    assert set(few.index[few <= 5]) == {"groups, widened", "mmlib"}
    # Points gained; then shown by folds, by groups (not widened), by mmlib.
    assert "| 6x7 | 2.6 | 2.1 | 10.6 | 1.2 | 0.0 | 4.9 | 8 | 6 | 1 |" in PAGE.read_text("utf-8")
