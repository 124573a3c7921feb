"""The package is laid out as its first page says: a folder imports only from those before it."""

import ast
import importlib.util
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "mmlib"
FILES = sorted(PACKAGE.rglob("*.py"))
ORDER = ["base", "data", "features", "nets", "fusion", "evaluation", "explain", "project", "course"]
MAY_IMPORT = {name: set(ORDER[: k + 1]) for k, name in enumerate(ORDER)} | {
    "plots": {"base", "plots"},
    "__init__": set(),  # its names are found when they are first used
    "__main__": {*ORDER, "plots"},
}
for _name in ("evaluation", "project", "course"):
    MAY_IMPORT[_name].add("plots")


def part_of(module):
    """The folder or file of mmlib that a module belongs to; None for mmlib itself."""
    return [*module.split("."), None][1]


def imported(path, root=PACKAGE):
    """The parts of mmlib that a file imports, inside functions too."""
    below = path.relative_to(root.parent).with_suffix("")
    package = ".".join(below.parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            module = importlib.util.resolve_name(module, package)
            names = [f"{module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (part_of(name) for name in names if name.split(".")[0] == "mmlib")


def test_files_import_only_leftward():
    wrong = {}
    for path in FILES:
        part = path.relative_to(PACKAGE).with_suffix("").parts[0]
        found = {name for name in imported(path) if name} - MAY_IMPORT[part]
        wrong |= {path.relative_to(PACKAGE).as_posix(): found} if found else {}
    assert FILES and wrong == {}


def test_no_file_is_longer_than_300_lines():
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {path.name: count for path, count in lines.items() if count > 300} == {}


def test_the_root_of_the_package_has_at_most_12_entries():
    names = {path.name for path in PACKAGE.iterdir()} - {"__pycache__"}
    assert len(names) <= 12, sorted(names)


def test_no_file_name_occurs_twice():
    counts = Counter(path.name for path in FILES if path.name != "__init__.py")
    assert [name for name, count in counts.items() if count > 1] == []


def test_imports_are_seen_in_every_form(tmp_path):
    path = tmp_path / "mmlib" / "data" / "file.py"
    path.parent.mkdir(parents=True)
    text = "import mmlib.course.start\nfrom .. import fusion\nfrom ..nets.loop import fit\n"
    text += "from mmlib import plots\nfrom . import splits\nimport numpy\nimport mmlib\n"
    path.write_text(text + "def late():\n    from ..project import run\n", encoding="utf-8")
    found = set(imported(path, tmp_path / "mmlib"))
    assert found == {"course", "fusion", "nets", "plots", "data", None, "project"}
