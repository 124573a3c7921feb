"""Which notebooks to try under which instruction sets.

A processor with wider instructions adds numbers in another order, so that a
last digit may differ, and a notebook that prints it fails on another computer.
Environment variables make the libraries below numpy and torch leave out the
wider instructions of the processor at hand.
"""

import platform
import random
import re
import subprocess

from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

AT_MOST = 4  # notebooks in a run that was not told which
# What the processor must have, and what tells MKL, torch, oneDNN and OpenBLAS to use no more.
SETTINGS = {
    "no AVX": ((), ("COMPATIBLE", "default", "SSE41", "Nehalem")),
    "AVX2": (("AVX2", "X86_V3"), ("AVX2", "avx2", "AVX2", "Haswell")),
    "AVX-512": (("AVX512_SKX", "X86_V4"), ("AVX512", "avx512", "AVX512_CORE", "SkylakeX")),
}
VARIABLES = ("MKL_CBWR", "ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "OPENBLAS_CORETYPE")
DISABLED = "NPY_DISABLE_CPU_FEATURES"  # numpy warns of names that it does not look for
IS_X86 = platform.machine().lower() in ("x86_64", "amd64")


def settings(dispatched=__cpu_dispatch__, features=__cpu_features__, is_x86=IS_X86):
    """The variables of each setting that this processor allows, and a sentence on the others.

    Parameters are what numpy says of itself and of the processor. Where none
    can be tried, the processor's own is.
    """
    possible, impossible = {}, []
    for name, (needs, values) in SETTINGS.items():
        if is_x86 and (not needs or any(features.get(need) for need in needs)):
            variables = dict(zip(VARIABLES, values, strict=True))
            off = [f for f in dispatched if features.get(f) and not allowed(f, name)]
            possible[name] = variables | ({DISABLED: " ".join(off)} if off else {})
        else:
            impossible.append(name)
    said = f"this processor cannot try {', '.join(impossible)}" if impossible else ""
    return possible or {"the processor's own": {}}, said


def allowed(feature, setting):
    """Whether numpy may use an instruction set that it looks for when it starts."""
    wide = feature.startswith(("AVX512", "X86_V4"))
    return setting == "AVX-512" or (setting == "AVX2" and not wide)


def changed_notebooks(root, since):
    """Numbers of the notebooks that a change since the commit `since` touches, all that it may.

    A change of the package may touch every notebook, one of the texts none.
    """
    paths = [*git(root, "diff", "--name-only", since), *untracked(root)]
    every = sorted(path.name[:2] for path in (root / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    own = r"(?:notebooks/.*|lessons/|mmlib/course/\w+/[en])(\d\d)(?:_\w+)?\.(?:py|ipynb)"
    matches = [re.fullmatch(own, path) for path in paths]
    direct = sorted({match[1] for match in matches if match} & set(every))
    common = [
        path
        for path, match in zip(paths, matches, strict=True)
        if not match and re.fullmatch(r"mmlib/.*\.py|constraints\.txt|pyproject\.toml", path)
    ]
    return direct, [number for number in every if number not in direct] if common else []


def choose(root, since):
    """At most `AT_MOST` of the notebooks that a change touches, and a sentence on the choice.

    First those with a change of their own. Of those that a change of the package
    may touch, others are drawn with every commit.
    """
    direct, others = changed_notebooks(root, since)
    (commit,) = git(root, "rev-parse", "HEAD")
    random.Random(commit).shuffle(others)
    chosen = [*direct, *others][:AT_MOST]
    count = len(direct) + len(others)
    if not chosen:
        return [], f"the change since {since} touches no notebook"
    return sorted(chosen), f"{len(chosen)} of {count} that the change since {since} may touch"


def untracked(root):
    return git(root, "ls-files", "--others", "--exclude-standard")


def git(root, *arguments):
    """Lines that a git command prints."""
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True)
    if done.returncode:
        raise ValueError(f"git {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout.splitlines()
