"""What two processors compute differently stays out: early stops, and the order of equals."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = [path for folder in ("mmlib", "lessons") for path in (ROOT / folder).rglob("*.py")]
CALL = re.compile(r"LogisticRegression\((.*?)\)")
SORTS = {"argsort", "argpartition", "sort_values"}


def stops_early(text):
    """Logistic regressions whose solver takes a hundred steps and stops somewhere near the end."""
    to_the_end = '"newton-cholesky"', "tol=1e-8"  # the second for more columns than samples
    return [call for call in CALL.findall(text) if not any(way in call for way in to_the_end)]


def orders_equals_anyhow(text):
    """Calls that sort one thing by another without saying that equals keep their order."""
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    sorts = (call for call in calls if getattr(call.func, "attr", None) in SORTS)
    return [
        ast.unparse(call)
        for call in sorts
        if not {"kind='stable'", "stable=True"} & {ast.unparse(key) for key in call.keywords}
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_computed_does_not_depend_on_the_processor(path):
    text = path.read_text("utf-8")
    assert not stops_early(text)
    assert not orders_equals_anyhow(text)


def test_a_call_that_stops_early_is_seen():
    assert stops_early("LogisticRegression(C=30, max_iter=5000)") == ["C=30, max_iter=5000"]


def test_a_call_that_orders_equals_anyhow_is_seen():
    assert orders_equals_anyhow("np.argsort(y)[:3]") == ["np.argsort(y)"]
    assert orders_equals_anyhow('table.sort_values("mean")') == ["table.sort_values('mean')"]
    assert not orders_equals_anyhow('np.argsort(y, kind="stable")')
    assert not orders_equals_anyhow("torch.argsort(y, stable=True)")
