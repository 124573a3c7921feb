"""Settings and data for all tests."""

import os

import numpy as np
import pytest

os.environ.setdefault("MPLBACKEND", "Agg")  # figures are drawn, but no window opens
collect_ignore = ["offline"]  # imported by Python itself, in the runs that ask for it


@pytest.fixture(scope="session")
def original():
    from mmlib import make_leaves

    return make_leaves(n_plants=60, seed=5)


@pytest.fixture
def leaves(original):
    """Leaves of 60 plants; a copy, so that a test may change them."""
    return original.take(np.arange(len(original)))
