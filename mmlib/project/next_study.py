"""How many groups the next study needs, from what a folder holds and what was compared in it."""

from pathlib import Path

from ..base import DataError
from ..data.splits import most_folds
from ..evaluation.baseline import with_baseline
from ..evaluation.choice import BASELINE, FUSED
from ..evaluation.compare import compare
from ..evaluation.planning import POWER, plan, plan_from
from ..fusion.roles import presets_of
from ..plots.style import to_png
from .comparing import ladder_for


def plan_project(
    data, results, result=None, gain=None, power=POWER, per_group=None, random_state=0, **guesses
):
    """A plan from the comparison of a folder, or from simulated studies of its size.

    Parameters
    ----------
    data : MultimodalData
    results : pathlib.Path
        The folder of results: fits of an earlier comparison are read from it.
    result : Comparison, optional
        Where it is known already.
    gain, power, per_group
        See `mmlib.evaluation.planning.plan_from`.
    random_state : int
        Of the earlier comparison.
    **guesses
        What `mmlib.evaluation.planning.plan` takes besides; used where nothing was compared.

    Returns
    -------
    Plan

    Raises
    ------
    DataError
        For a quantity of which nothing was compared, and as `plan_from` does.

    Examples
    --------
    See ``tests/project/test_next_study.py``.
    """
    ways = {"comparison.csv": ("full", 5, 5), "quick.csv": ("quick", 3, 1)}
    done = next((how for name, how in ways.items() if (results / name).is_file()), None)
    if result is None and done:
        result = _read_again(data, results, random_state, *done)
    if result is not None and guesses:
        raise DataError(
            f"This folder was compared, so {' and '.join(guesses)} follow"
            f"{'s' * (len(guesses) == 1)} from its results: leave that out."
        )
    by = f" Groups are the values of column {data.meta['by']}." if "by" in data.meta else ""
    if result is not None:
        found = plan_from(result, gain, power, per_group)
        return found._replace(basis=found.basis + by)
    if data.labels is None:
        raise DataError(
            f"Nothing was compared in {results} yet, and simulated studies are of classes only: "
            "run compare --quick first."
        )
    groups = len(data) if data.groups is None else len(set(data.groups.tolist()))
    known = {
        "groups": groups,
        "per_group": per_group or len(data) / groups,
        "classes": len(data.labels),
        "power": power,
    }
    known |= {} if gain is None else {"gain": gain}
    found = plan(**known, **guesses)
    more = " After compare (or compare --quick) it will follow from your own results."
    return found._replace(basis=found.basis + by + more)


def _read_again(data, results, random_state, budget, n_folds, n_repeats):
    """The models that a verdict is about, from the store; what is missing there is fitted."""
    models = ladder_for(data, budget, random_state)
    rungs = with_baseline(models, random_state=random_state)
    presets = presets_of(rungs)
    for name in list(rungs):
        needed = presets[name].alone or presets[name].fusion == "early"
        if not needed and name not in (BASELINE, FUSED):
            del rungs[name]
    folds = {"n_folds": most_folds(data, n_folds), "n_repeats": n_repeats}
    return compare(rungs, data, **folds, random_state=random_state, store=results / "fits")


def write_figure(fig, path):
    """A figure as a PNG file of its own; nothing is replaced.

    Raises
    ------
    DataError
        When the file is there already, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from mmlib.plots import make_axes
    >>> from mmlib.project.next_study import write_figure
    >>> write_figure(make_axes()[0], tempfile.mkdtemp() + "/plan.png")
    """
    try:
        with Path(path).expanduser().open("xb") as file:
            file.write(to_png(fig))
    except FileExistsError:
        raise DataError(f"{path} is there already: move it, or name another file.") from None
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({error.strerror or error}): name another place."
        ) from None
