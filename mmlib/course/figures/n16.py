"""Planning a study: how wide will the interval of its accuracy be?"""

import numpy as np

from ...plots.style import COLORS, LINES, MARKERS, make_axes, style


def half_width(groups, per_group=5, alike=0.2, accuracy=0.8):
    """Half of the 95 % interval of an accuracy, when samples of a group are alike.

    Parameters
    ----------
    groups : int or array
        Plants, batches, days: what a split keeps together. All are tested once.
    per_group : int
        Samples of each.
    alike : float
        How much two samples of a group agree in being right or wrong (intraclass
        correlation): 0 not at all, 1 always.
    accuracy : float

    Returns
    -------
    float or array

    References
    ----------
    The design effect: Kish (1965), Survey Sampling, Wiley, section 5.4.

    Examples
    --------
    >>> from mmlib.course.figures.n16 import half_width
    >>> f"{half_width(100, per_group=1):.3f} {half_width(100, per_group=5, alike=1.0):.3f}"
    '0.078 0.078'
    """
    effect = 1 + (per_group - 1) * alike
    n = np.asarray(groups) * per_group
    width = 1.96 * np.sqrt(accuracy * (1 - accuracy) * effect / n)
    return width if np.ndim(groups) else float(width)


@style()
def draw_plan(plants=30, leaves_per_plant=5, alike=0.2):
    """The interval that a study of so many plants and leaves may expect.

    Parameters
    ----------
    plants, leaves_per_plant : int
    alike : float
        See `half_width`.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> from mmlib.course.figures.n16 import draw_plan
    >>> draw_plan(50, 1)[1]
    '50 plants, 1 leaf each: at 80 % right the interval is 11 points to either side.'
    """
    fig, ax = make_axes(width=6, height=3.2)
    x = np.arange(10, 201, 5)
    for k, per_plant in enumerate(dict.fromkeys([1, leaves_per_plant])):
        leaves = f"{per_plant} {'leaf' if per_plant == 1 else 'leaves'} a plant"
        width = 100 * half_width(x, per_plant, alike)
        ax.plot(x, width, color=COLORS[k], linestyle=LINES[k], label=leaves)
    here = 100 * half_width(plants, leaves_per_plant, alike)
    ax.plot(plants, here, MARKERS[0], color=COLORS[5], markersize=9, label="your study")
    ax.set(xlabel="plants", ylabel="interval, points to either side", ylim=(0, None))
    ax.legend()
    unit = "leaf" if leaves_per_plant == 1 else "leaves"
    return fig, (
        f"{plants} plants, {leaves_per_plant} {unit} each: at 80 % right the interval is "
        f"{here:.0f} points to either side."
    )
