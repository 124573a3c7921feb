"""The book: it is built without a warning, and notebooks' terms show what they mean."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.claims  # among the longest tests
LINK = re.compile(
    r'<a class="term[^>]*href="\.\./glossary\.html#([^"]*)" title="([^"]*)">([^<]*)</a>'
)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Pages of the book, built from a copy, since building puts copies of notebooks into docs."""
    for package in ("sphinx", "myst_nb", "sphinx_book_theme"):
        pytest.importorskip(package, reason='pip install "mmlib[docs]" to build the book')
    folder = tmp_path_factory.mktemp("book")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=lambda *_: ["notebooks", "data", "api"])
    for name in ("notebooks", "data", "mmlib"):
        shutil.copytree(ROOT / name, folder / name)
    for path in [*ROOT.glob("*.md"), ROOT / "CITATION.cff"]:
        shutil.copy(path, folder)
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", "--keep-going"]
    done = subprocess.run(
        [*command, "docs", "pages"], cwd=folder, text=True, capture_output=True, timeout=900
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder / "pages"


def test_a_term_shows_its_meaning_where_a_notebook_explains_it(book):
    page = (book / "notebooks" / "06_intermediate.html").read_text(encoding="utf-8")
    shown = {words.lower(): meaning for _, meaning, words in LINK.findall(page)}
    assert shown["late fusion"].startswith("one model for each modality")
    assert shown["dropout"].startswith("early stopping, dropout, weight decay: ")


def test_every_mark_leads_to_a_place_of_the_glossary(book):
    places = set(re.findall(r'id="(term-[^"]*)"', (book / "glossary.html").read_text("utf-8")))
    pages = sorted((book / "notebooks").glob("*.html"))
    links = [link for page in pages for link in LINK.findall(page.read_text("utf-8"))]
    assert len(pages) == len(list((ROOT / "notebooks").glob("[0-9]*.ipynb")))
    assert len(links) > 10 * len(pages)
    assert {place for place, _, _ in links} <= places


def test_everyday_words_are_marked_in_bold_only(book):
    page = (book / "notebooks" / "06_intermediate.html").read_text(encoding="utf-8")
    assert "double precision" in page
    assert "precision" not in {words for _, _, words in LINK.findall(page)}


def test_notebooks_can_be_found_by_their_number(book):
    page = (book / "index.html").read_text(encoding="utf-8")
    assert re.search(r">\s*16 Your own data\s*<", page)
