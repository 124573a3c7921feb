"""What is lost when two instruments meet as opinions only."""

from functools import cache

import numpy as np

from ...data.leaves.ceilings import ceilings_at
from ...plots.style import COLORS, LINES, make_axes, style

SYNERGY = np.arange(0, 3.01, 0.25)


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
    names = {
        "spectrum": "spectrum alone", "image": "picture alone", "late": "late, product",
        "joint": "both together",
    }  # fmt: skip
    for k, (key, name) in enumerate(names.items()):
        ax.plot(SYNERGY, curves[key], color=COLORS[k], linestyle=LINES[k], label=name)
    late, joint = (np.interp(synergy, SYNERGY, curves[key]) for key in ("late", "joint"))
    ax.vlines(synergy, late, joint, color="black", linewidth=3, label="loss")
    ax.plot([synergy] * 2, [late, joint], "o", color="black")
    ax.set(xlabel="knob synergy", ylabel="ceiling of accuracy", ylim=(0.3, 1))
    ax.legend(loc="lower right")
    return fig, (
        f"At synergy {synergy:g} two perfect opinions, multiplied, reach {100 * late:.1f} %, "
        f"a joint look {100 * joint:.1f} %: {100 * (joint - late):.1f} points are lost."
    )


@cache
def _ceilings(redness):
    at = [ceilings_at(redness=redness, synergy=float(s), points=60) for s in SYNERGY]
    return {key: np.array([point[key] for point in at]) for key in at[0]}
