"""Settings of the book: notebooks are shown with their stored outputs, nothing is run."""

import shutil
from pathlib import Path

HERE = Path(__file__).parent
shutil.copytree(HERE.parent / "notebooks", HERE / "notebooks", dirs_exist_ok=True)
shutil.copytree(
    HERE.parent / "data", HERE / "data", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py")
)

project = "Fusing spectra and images"
author = "The mmlib maintainers"
extensions = ["myst_nb"]
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
exclude_patterns = ["_build", "**.ipynb_checkpoints"]
suppress_warnings = ["myst.header"]
