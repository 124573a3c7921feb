"""Settings of the book: notebooks are shown with their stored outputs, nothing is run."""

import re
import shutil
import sys
from pathlib import Path

from docutils import nodes

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent))  # the reference is made from the docstrings of this checkout
shutil.copytree(HERE.parent / "notebooks", HERE / "notebooks", dirs_exist_ok=True)
shutil.copytree(
    HERE.parent / "data", HERE / "data", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py")
)

project = "Fusing spectra and images"
author = "The mmlib maintainers"
extensions = ["myst_nb", "sphinx.ext.autosummary", "sphinx.ext.napoleon", "hover"]
templates_path = ["_templates"]
default_role = "py:obj"  # of a name in single backticks
autodoc_default_options = {"ignore-module-all": True}  # a name stands once, where it is defined
autodoc_inherit_docstrings = False  # torch and scikit-learn describe their own methods
napoleon_use_param = napoleon_use_rtype = False  # a type is words, not a link
napoleon_custom_sections = [("Attributes", "params_style")]
myst_enable_extensions = ["dollarmath", "deflist"]
nb_execution_mode = "off"
html_theme = "sphinx_book_theme"
html_title = project
# Buttons that run a page on Binder, once CITATION.cff has the course's address (`repository-code`).
_lines = (HERE.parent / "CITATION.cff").read_text(encoding="utf-8").splitlines()
_addresses = [line.split(": ", 1)[1] for line in _lines if line.startswith("repository-code: ")]
html_theme_options = (
    {
        "repository_url": _addresses[0].strip("\"'"),
        "repository_branch": "main",
        "path_to_docs": "",  # the pages that can be run are copies of /notebooks
        "use_repository_button": True,
        "launch_buttons": {
            "binderhub_url": "https://mybinder.org",
            "notebook_interface": "jupyterlab",
        },
    }
    if _addresses
    else {}
)
html_static_path = ["_static"]
html_css_files = ["book.css"]
REQUEST = re.compile(r"set_\w+_request")
exclude_patterns = ["_build", "_templates", "**.ipynb_checkpoints"]
suppress_warnings = ["myst.header"]


def setup(app):
    """What is left out, and how pages are changed before they are read."""
    app.connect("autodoc-skip-member", _says_nothing)
    app.connect("source-read", _link_copies)
    app.connect("doctree-read", _number, priority=400)  # before titles are collected


def _link_copies(app, docname, source):
    """Pages of docs link to /notebooks, where they are read; the book holds copies of these."""
    source[0] = source[0].replace("](../notebooks/", "](notebooks/")


def _number(app, doctree):
    """Notebooks speak of each other by number, so the number stands in the title of each."""
    number = re.search(r"[/\\](\d\d)_[^/\\]*$", doctree["source"])
    if number:
        title = next(doctree.findall(nodes.title))
        title.insert(0, nodes.Text(f"{number[1]} "))


def _says_nothing(app, what, name, member, skip, options):
    """The fields of a named tuple, which stand under Attributes, and what scikit-learn adds."""
    field = (member.__doc__ or "").startswith("Alias for field number")
    return skip or field or REQUEST.fullmatch(name) is not None
