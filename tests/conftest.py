"""Settings for all tests, and what several of them use."""

import os

import numpy as np
import pytest

from mmlib import make_leaves
from mmlib.data.public import download, trees

os.environ.setdefault("MPLBACKEND", "Agg")  # figures are drawn, but no window opens
# Of use to Python and pytest themselves: see stages.py.
collect_ignore = ["offline", "notebooks", "conftest.py"]
collect_ignore_glob = ["*/conftest.py"]


@pytest.fixture(scope="session", autouse=True)
def nothing_downloaded(tmp_path_factory):
    """What the user has downloaded does not count; real data are those in MMLIB_DATA, if any."""
    empty = tmp_path_factory.mktemp("downloads")
    with pytest.MonkeyPatch.context() as patch:
        for module in (download, trees):
            patch.setattr(module, "cache_folder", lambda: empty)
        yield


@pytest.fixture(scope="session")
def original():
    return make_leaves(n_plants=60, seed=5)


@pytest.fixture
def leaves(original):
    """Leaves of 60 plants; a copy, so that a test may change them."""
    return original.take(np.arange(len(original)))
