"""Settings for all tests."""

import os

import pytest

from mmlib.data.public import download, trees

os.environ.setdefault("MPLBACKEND", "Agg")  # figures are drawn, but no window opens
collect_ignore = ["offline", "notebooks"]  # of use to Python and pytest themselves: see stages.py


@pytest.fixture(scope="session", autouse=True)
def nothing_downloaded(tmp_path_factory):
    """What the user has downloaded does not count; real data are those in MMLIB_DATA, if any."""
    empty = tmp_path_factory.mktemp("downloads")
    with pytest.MonkeyPatch.context() as patch:
        for module in (download, trees):
            patch.setattr(module, "cache_folder", lambda: empty)
        yield
