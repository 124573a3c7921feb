"""What is computed until "close enough" stops where the processor's last digit says."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = [path for folder in ("mmlib", "lessons") for path in (ROOT / folder).rglob("*.py")]
CALL = re.compile(r"LogisticRegression\((.*?)\)")


def stops_early(text):
    """Logistic regressions whose solver takes a hundred steps and stops somewhere near the end."""
    to_the_end = '"newton-cholesky"', "tol=1e-8"  # the second for more columns than samples
    return [call for call in CALL.findall(text) if not any(way in call for way in to_the_end)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_logistic_regression_runs_to_the_end(path):
    assert not stops_early(path.read_text("utf-8"))


def test_a_call_that_stops_early_is_seen():
    assert stops_early("LogisticRegression(C=30, max_iter=5000)") == ["C=30, max_iter=5000"]
