"""A tiny project, the pages in front of it, and a real browser.

Skipped where there is no Chromium or no playwright.
"""

import shutil

import numpy as np
import pytest
from app_pages import CHROMIUM, FLAGS, serving

import mmlib
from mmlib.project.writing import write_folder


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """24 leaves of two conditions, with twelve bands and 16 x 16 pixels: compared in seconds."""
    leaves = mmlib.make_leaves(n_plants=60, leaves_per_plant=1, seed=3)
    leaves = leaves.take(np.flatnonzero(leaves.y < 2)[:24])
    X = {"spectrum": leaves.X["spectrum"][:, ::18], "image": leaves.X["image"][:, ::3, ::3]}
    small = mmlib.MultimodalData(
        X, leaves.y, ids=leaves.ids, target_names=leaves.target_names[:2],
        axes={"spectrum": leaves.axes["spectrum"][::18]},
    )  # fmt: skip
    return write_folder(small, tmp_path_factory.mktemp("tiny") / "leaves")


@pytest.fixture
def leaves(tiny, tmp_path):
    """A copy in a folder of its own, which the list of folders begins with."""
    (tmp_path / "desk").mkdir()
    return shutil.copytree(tiny, tmp_path / "desk" / "leaves")


@pytest.fixture
def served(leaves):
    """The address of the pages, with the token."""
    with serving(leaves.parent) as (_, address):
        yield address


@pytest.fixture
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("there is no Chromium here (CHROMIUM may name one)")
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def tab(browser):
    """A page that keeps what went wrong in it; at the end nothing must have."""
    context = browser.new_context(viewport={"width": 1100, "height": 900}, accept_downloads=True)
    page, wrong = context.new_page(), []
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if _is_wrong(said) else None)
    page.on("request", lambda asked: wrong.append(asked.url) if _is_outside(asked.url) else None)
    yield page
    assert wrong == []


def _is_wrong(said):
    """Not that what was filled in was refused, as a test asks for."""
    return said.type == "error" and "status of 400" not in said.text


def _is_outside(url):
    return not url.startswith(("http://127.0.0.1:", "data:", "blob:"))
