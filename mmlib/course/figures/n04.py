"""Pictures for early fusion: what a block weighs, and what useless columns cost."""

import numpy as np

from ...plots.style import COLORS, LINES, MARKERS, make_axes, style


@style()
def plot_shares(table):
    """Share of each block in each latent variable, as stacked bars.

    Parameters
    ----------
    table : pandas.DataFrame
        As `mmlib.fusion.multiblock.block_importance` gives it.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import pandas as pd
    >>> plot_shares(pd.DataFrame({"spectrum": [0.25], "image": [0.75]}, index=[1]))[1]
    'Latent variable 1: 25 % from spectrum, 75 % from image.'
    """
    fig, ax = make_axes(width=7, height=1.2 + 0.3 * len(table))
    start, at = np.zeros(len(table)), np.arange(len(table))
    for k, name in enumerate(table.columns):
        share = table[name].to_numpy()
        ax.barh(at, share, left=start, color=COLORS[k], hatch=["", "//"][k % 2], edgecolor="white",
                label=name)  # fmt: skip
        start = start + share
    ax.set_yticks(at, table.index)
    ax.set(xlabel="share of the weights", ylabel="latent variable", xlim=(0, 1))
    ax.invert_yaxis()
    fig.legend(loc="outside upper center", ncols=len(table.columns))
    first = ", ".join(f"{100 * table[n].iloc[0]:.0f} % from {n}" for n in table.columns)
    text = f"Latent variable {table.index[0]}: {first}"
    if len(table) == 1:
        return fig, f"{text}."
    swing = table.iloc[:, 0]
    return fig, (
        f"{text}; the share of {table.columns[0]} lies between {100 * swing.min():.0f} and "
        f"{100 * swing.max():.0f} % over {len(table)} latent variables."
    )


@style()
def plot_against(x, curves, label, baseline=None, score="accuracy", limits=None, log=False):
    """Accuracy of one or more models along something that is changed.

    Parameters
    ----------
    x : sequence of float
    curves : mapping of str to sequence of float
    label : str
        Of the horizontal axis.
    baseline : (str, float), optional
        A model that does not change, as a horizontal line.
    score : str
        What the curves are, if it is not accuracy.
    limits : (float, float), optional
        Ends of the vertical axis, where several of these figures are to be compared.
    log : bool
        A logarithmic horizontal axis with a mark at each `x`.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> plot_against([0, 1], {"kNN": [0.5, 0.6]}, "weight")[1]
    'Accuracy along weight from 0 to 1: kNN lowest 0.50 at 0, highest 0.60 at 1.'
    """
    fig, ax = make_axes(width=6.5, height=3.4)
    for k, (name, values) in enumerate(curves.items()):
        ax.plot(x, values, marker=MARKERS[k], color=COLORS[k], linestyle=LINES[k], label=name)
    said = [_course(name, x, values) for name, values in curves.items()]
    if baseline is not None:
        ax.axhline(baseline[1], color="0.35", linestyle=(0, (1, 1)), label=baseline[0])
        said.append(f"{baseline[0]} {baseline[1]:.2f}")
    ax.set(xlabel=label, ylabel=score, ylim=limits)
    if log:
        ax.set(xscale="log", xlabel=f"{label} (logarithmic scale)")
        ax.set_xticks(x, [f"{value:g}" for value in x])
        ax.minorticks_off()
    fig.legend(loc="outside upper center", ncols=2)
    return fig, f"{score.capitalize()} along {label} from {x[0]:g} to {x[-1]:g}: {'; '.join(said)}."


def _course(name, x, values):
    low, high = int(np.argmin(values)), int(np.argmax(values))
    return (
        f"{name} lowest {values[low]:.2f} at {x[low]:g}, highest {values[high]:.2f} at {x[high]:g}"
    )
