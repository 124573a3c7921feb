"""Every test in this folder is marked `claims`; `python course.py test --quick` leaves them out."""

from pathlib import Path

import pytest
import torch


def pytest_collection_modifyitems(items):
    """Mark the tests of this folder; pytest hands over those of all folders."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.claims)


@pytest.fixture(scope="module", autouse=True)
def double_precision():
    """As notebooks 06 and 08 set it with their first tensor."""
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(usual)
