"""Every test in this folder is marked `claims`; `python course.py test --quick` leaves them out."""

from pathlib import Path

import pytest


def pytest_collection_modifyitems(items):
    """Mark the tests of this folder; pytest hands over those of all folders."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.claims)
