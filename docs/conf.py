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
html_static_path = ["_static"]
html_css_files = ["book.css"]
exclude_patterns = ["_build", "**.ipynb_checkpoints"]
suppress_warnings = ["myst.header"]
