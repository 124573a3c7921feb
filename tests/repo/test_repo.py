"""The project's own files agree with one another."""

import ast
import importlib.metadata
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import mmlib

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
import course  # noqa: E402

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PYPROJECT["optional-dependencies"]
NEEDED = [Requirement(line) for line in sum(EXTRAS.values(), list(PYPROJECT["dependencies"]))]
# Imported under another name than they are installed by, and perhaps not installed.
MODULES = {"shapefile": "pyshp", "colour": "colour-science"}


def lines_of(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]


def constraints():
    return {
        canonicalize_name(name): version
        for name, version in (line.split("==") for line in lines_of("constraints.txt"))
    }


@pytest.mark.parametrize("need", NEEDED, ids=str)
def test_dependency_has_a_lower_bound_only_and_a_tested_version_above_it(need):
    assert [part.operator for part in need.specifier] == [">="]
    assert constraints()[canonicalize_name(need.name)] in need.specifier


def test_constraints_are_plain_versions_of_packages_for_any_computer():
    for line in lines_of("constraints.txt"):
        assert re.fullmatch(r"[a-z0-9-]+==[0-9.]+", line), line
        assert not re.search("nvidia|cuda|triton", line), line


def test_every_dependency_says_what_it_is_for():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for line in text.split("[tool.", 1)[0].splitlines():
        if re.match(r'\s+"[a-z0-9-]+>=', line):
            assert re.search(r",\s+# \w|sphinx-book-theme", line), line


def test_requirements_install_this_package_in_tested_versions():
    assert lines_of("requirements.txt") == ["-c constraints.txt", "-e .[test]"]


def test_conda_environment_installs_the_same():
    lines = lines_of("environment.yml")
    python = next(line for line in lines if line.startswith("- python"))
    assert python.removeprefix("- python").split(",")[0] == PYPROJECT["requires-python"]
    assert lines[-3:] == ["- pip", "- pip:", "- -r requirements.txt"]


def test_every_way_in_installs_the_same():
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    assert container["postCreateCommand"] == "python course.py install"
    binder = (ROOT / "binder" / "postBuild").read_text(encoding="utf-8")
    assert course.TORCH_CPU + " " in binder and "-r requirements.txt" in binder
    python = lines_of("binder/runtime.txt")[0].removeprefix("python-")
    workflow = (ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8")
    assert "run: python course.py test " in workflow
    tried = re.search(r"python: \[(.+)\]", workflow)[1].replace('"', "").split(", ")
    assert python in tried and f">={tried[0]}" == PYPROJECT["requires-python"]


def imported(path):
    """Top-level names of the modules that a file imports anywhere in it."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(re.sub(r"^(\s*)[%!].*$", r"\1pass", text, flags=re.M))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("installed", [True, False], ids=["with extras", "without extras"])
def test_everything_imported_is_a_declared_dependency(installed):
    declared = {canonicalize_name(need.name) for need in NEEDED}
    # Parts of ipykernel, scikit-learn, matplotlib and pooch that are used directly.
    declared |= {"ipython", "jupyter-client", "joblib", "threadpoolctl", "cycler", "requests"}
    owners = importlib.metadata.packages_distributions()
    if not installed:  # then the name of the module has to do
        extras = {Requirement(line).name for name in course.EXTRAS for line in EXTRAS[name]}
        extras = set(map(canonicalize_name, extras))
        owners = {k: v for k, v in owners.items() if not extras & set(map(canonicalize_name, v))}
    own = {"mmlib", *(path.stem for path in (ROOT / "tests").rglob("*.py")), "course", "build"}
    for folder in ("mmlib", "lessons", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            for module in set(imported(path)) - own - sys.stdlib_module_names:
                owner = {canonicalize_name(name) for name in owners.get(module, [])}
                owner |= {canonicalize_name(MODULES.get(module, module))}
                assert owner & declared, f"{path.relative_to(ROOT)} imports {module}"


def test_set_up_script_needs_nothing_but_an_old_python():
    path = ROOT / "course.py"
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 7))
    assert set(imported(path)) <= sys.stdlib_module_names


def test_citation_names_the_version():
    assert f"version: {mmlib.__version__}" in lines_of("CITATION.cff")


def test_readme_lists_the_notebooks_there_are():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"\(notebooks/(\d\d_\w+\.ipynb)\)", readme)
    assert listed == sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert f"{len(listed)} notebooks" in readme


def test_links_to_own_files_lead_somewhere():
    pages = {*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "data").glob("*.md")}
    for path in pages - {ROOT / "docs" / "api.md"}:  # which links to pages that sphinx makes
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
