"""Pictures of opinions: can they be believed, and what is lost before they meet?"""

from functools import cache

import numpy as np

from ...data.leaves.ceilings import ceilings_at
from ...plots.style import COLORS, LINES, MARKERS, make_axes, style

SYNERGY = np.arange(0, 3.01, 0.25)


@style()
def plot_reliability(tables):
    """How often one is right against how sure one is, for one or more opinions.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Name -> what `mmlib.evaluation.reliability` returns.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        Below the diagonal an opinion is right less often than it says.

    Examples
    --------
    >>> from mmlib.evaluation import reliability
    >>> from mmlib.course.figures.n05 import plot_reliability
    >>> table = reliability([0, 1, 0, 0], [[0.9, 0.1]] * 4)
    >>> plot_reliability({"camera": table})[1]
    'Share right against stated confidence: camera says 0.90 on average and is right in 0.75.'
    """
    fig, ax = make_axes(width=5.2, height=3.9)
    ax.plot([0, 1], [0, 1], color="0.35", linestyle=":", linewidth=1.2, label="as sure as right")
    said = []
    for k, (name, table) in enumerate(tables.items()):
        ax.plot(
            table["confidence"], table["accuracy"], color=COLORS[k], linestyle=LINES[k],
            marker=MARKERS[k], label=name,
        )  # fmt: skip
        sure, right = np.average(
            table[["confidence", "accuracy"]], axis=0, weights=table["samples"]
        )
        said.append(f"{name} says {sure:.2f} on average and is right in {right:.2f}")
    ax.set(xlabel="stated probability of the answer", ylabel="share right", xlim=(0.2, 1.02))
    ax.set_ylim(0.15, 1.02)
    ax.legend(loc="upper left")
    return fig, f"Share right against stated confidence: {'; '.join(said)}."


@style()
def draw_synergy(synergy=1.0, redness=1.0):
    """Best reachable accuracies of the leaves while one knob turns from 0 to 3.

    Parameters
    ----------
    synergy : float
        The setting that the sentence is about.
    redness : float
        Strength of what both instruments see.

    Returns
    -------
    fig : matplotlib.figure.Figure
    sentence : str

    Examples
    --------
    >>> from mmlib.course.figures.n05 import draw_synergy
    >>> draw_synergy(synergy=1.0)[1].split(": ")[1]
    '9.5 points are lost.'
    """
    curves = _ceilings(float(redness))
    fig, ax = make_axes(width=5.2, height=3.4)
    names = {"spectrum": "spectrum alone", "late": "late, product", "joint": "both together"}
    for k, (key, name) in enumerate(names.items()):
        ax.plot(SYNERGY, curves[key], color=COLORS[k], linestyle=LINES[k], label=name)
    late, joint = (np.interp(synergy, SYNERGY, curves[key]) for key in ("late", "joint"))
    ax.vlines(synergy, late, joint, color="black", linewidth=3)
    ax.plot([synergy] * 2, [late, joint], "o", color="black")
    ax.set(xlabel="knob synergy", ylabel="best accuracy", ylim=(0.3, 1))
    ax.legend(loc="lower right")
    return fig, (
        f"At synergy {synergy:g} two perfect opinions, multiplied, reach {100 * late:.1f} %, "
        f"a joint look {100 * joint:.1f} %: {100 * (joint - late):.1f} points are lost."
    )


@cache
def _ceilings(redness):
    at = [ceilings_at(redness=redness, synergy=float(s), points=60) for s in SYNERGY]
    return {key: np.array([point[key] for point in at]) for key in at[0]}
