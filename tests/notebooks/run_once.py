"""Run what a learner's notebook shares with the solved one only once; a plugin of pytest.

The two notebooks of a lesson differ in their exercises alone. When both are
run, a cell of the learner's notebook is left out only if its result is already
proved by the cell of the same id in the solved notebook, which always runs:

- both have the same source and the same stored outputs, and
- no exercise can have changed a name that the cell reads or assigns.

An exercise may change every name that it reads or assigns, its solution or its
stub, and a cell that uses such a name may in turn change all the names it uses.
Only what is builtin, nothing but a function, or imported (a name in CAPITALS
aside) counts as unchangeable.
All other cells run, and the cells that these need. If a cell that no exercise
can reach has other outputs than its twin, the whole learner's notebook runs.

What this does not see is an exercise that changes something no name of the
notebook leads to, such as the seed of a library. A lesson is built by running
both notebooks whole, and what differed there differs in the stored outputs.
"""

import ast
import builtins
import functools
import symtable
from pathlib import Path

import nbformat

# A cell that reads one of these may see anything.
HIDDEN = {"_", "__", "In", "Out", "eval", "exec", "get_ipython", "globals", "locals", "vars"}


@functools.cache
def names(source):
    """Names of the notebook that a cell reads, and those that it assigns, also inside functions."""
    reads, assigns = set(), set()
    tables = [symtable.symtable(source, "cell", "exec")]
    while tables:
        table = tables.pop()
        for symbol in table.get_symbols():
            if table.get_type() == "module" or symbol.is_global():
                if symbol.is_referenced():
                    reads.add(symbol.get_name())
                if symbol.is_assigned() or symbol.is_imported():
                    assigns.add(symbol.get_name())
        tables += table.get_children()
    return reads, assigns


def definitions(sources):
    """What the functions and classes of a notebook use: name -> names that it reads or assigns."""
    found = {}
    for node in (node for source in sources for node in ast.parse(source).body):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            reads, assigns = names(ast.unparse(node))
            found[node.name] = found.get(node.name, set()) | reads | assigns
    return found


def unchangeable(sources):
    """Names that stand for a module, a class, a builtin or a function and for nothing else."""
    defined, stored = set(dir(builtins)), set()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imported = {(alias.asname or alias.name).split(".")[0] for alias in node.names}
            defined |= {name for name in imported if not name.isupper()}  # a table may be in CAPS
        elif isinstance(node, ast.FunctionDef):
            defined.add(node.name)
        elif not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            while isinstance(node, ast.Attribute | ast.Subscript):  # `np.x = 1` changes np
                node = node.value
            stored.add(getattr(node, "id", None))
    return defined - stored


def uses(sources):
    """For each cell the names that it can change: all it has, and all that its functions have."""
    inside, fixed, used = definitions(sources), unchangeable(sources), []
    for source in sources:
        found, new = set(), set.union(*names(source))
        while new:
            found |= new
            new = set().union(*(inside.get(name, set()) for name in new)) - found
        used.append(found - fixed)
    return used


@functools.cache
def reached(learner, solved):
    """Numbers of the cells whose result may depend on whether the exercises are solved."""
    count = len(learner)
    used = uses([*learner, *solved])
    used = [used[k] | used[k + count] for k in range(count)]
    reads = [names(source)[0] for source in learner]
    assigns = [names(a)[1] | names(b)[1] for a, b in zip(learner, solved, strict=True)]
    cells = {k for k in range(count) if learner[k] != solved[k] or reads[k] & HIDDEN}
    while True:
        changed = set().union(*(used[k] | assigns[k] for k in cells))
        more = {k for k in range(count) if (used[k] | reads[k]) & changed}
        if more <= cells:
            return frozenset(cells)
        cells |= more


def needed(cells, sources):
    """These cells, and all that assign or may change something which they read."""
    used, (reads, assigns) = uses(sources), zip(*map(names, sources), strict=True)
    while True:
        wanted = set().union(*(reads[k] for k in cells))
        more = {k for k in range(len(sources)) if (assigns[k] | used[k]) & wanted}
        if more <= cells:
            return cells
        cells = cells | more


def to_run(learner, solved):
    """Ids of the cells of a learner's notebook that must run beside the solved one."""
    pairs = [
        (a, b)
        for a, b in zip(learner.cells, solved.cells, strict=False)
        if a.cell_type == "code" or b.cell_type == "code"
    ]
    code = {cell.id for cell in learner.cells if cell.cell_type == "code"}
    same_shape = len(learner.cells) == len(solved.cells)
    if not same_shape or any((a.cell_type, a.id) != (b.cell_type, b.id) for a, b in pairs):
        return code
    sources = tuple(a.source for a, _ in pairs)
    cells = reached(sources, tuple(b.source for _, b in pairs))
    if any(a.outputs != b.outputs for k, (a, b) in enumerate(pairs) if k not in cells):
        return code
    return {pairs[k][0].id for k in needed(cells, sources)}


def pytest_collection_modifyitems(config, items):
    """Leave the other cells out, where the solved notebook runs in the same session."""
    files = {item.path for item in items}
    wanted = {}
    for path in files:
        twin = path.parent / "solutions" / path.name
        if twin in files:
            wanted[path] = to_run(*(nbformat.read(file, as_version=4) for file in (path, twin)))
    left_out = [item for item in items if item.cell.id not in wanted.get(item.path, {item.cell.id})]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def tally(folder):
    """How many code cells the learners' notebooks in `folder` have, and how many of them run."""
    cells = live = 0
    for path in Path(folder).glob("*.ipynb"):
        pair = [
            nbformat.read(file, as_version=4)
            for file in (path, path.parent / "solutions" / path.name)
        ]
        cells += sum(cell.cell_type == "code" for cell in pair[0].cells)
        live += len(to_run(*pair))
    return cells, live
