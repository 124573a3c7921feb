"""Pictures of a comparison: how far probabilities can be trusted, predicted against measured."""

import numpy as np

from .house import COLORS, LINES, MARKERS, make_axes, style


@style()
def plot_reliability(tables):
    """Stated confidence against the share that was right; on the diagonal both agree.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Model -> what `mmlib.evaluation.reliability` gives.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
    """
    fig, ax = make_axes(width=5, height=4.5)
    ax.plot([0, 1], [0, 1], color="0.35", linewidth=1)
    gaps = []
    for k, (name, table) in enumerate(tables.items()):
        ax.plot(
            table["confidence"], table["accuracy"], marker=MARKERS[k], color=COLORS[k],
            linestyle=LINES[k % 5], label=name,
        )  # fmt: skip
        weights = table["samples"] / table["samples"].sum()
        gap = float((weights * (table["accuracy"] - table["confidence"])).sum())
        gaps.append(f"{name} is {'too sure' if gap < 0 else 'too modest'} by {100 * abs(gap):.0f}")
    ax.set(xlabel="stated confidence", ylabel="share that was right", xlim=(0, 1), ylim=(0, 1))
    ax.legend(loc="upper left")
    return fig, f"Confidence against share right: {', '.join(gaps)} points on average."


@style()
def plot_predicted(measured, predicted, quantity="quantity"):
    """Predicted against measured values; on the diagonal both agree.

    Parameters
    ----------
    measured, predicted : array-like of shape (samples,)
    quantity : str
        With its unit.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> plot_predicted([1.0, 2.0, 3.0], [1.1, 2.0, 2.9], "sugar (%)")[1]
    'Predicted against measured sugar (%) of 3 samples: typically 0.082 off, R2 0.99.'
    """
    measured, predicted = np.asarray(measured, float), np.asarray(predicted, float)
    fig, ax = make_axes(width=5, height=4.5)
    ends = [min(measured.min(), predicted.min()), max(measured.max(), predicted.max())]
    ax.plot(ends, ends, color="0.35", linewidth=1)
    ax.plot(measured, predicted, "o", color=COLORS[0], markersize=4, alpha=0.6)
    ax.set(xlabel=f"measured {quantity}", ylabel=f"predicted {quantity}")
    rmse = float(np.sqrt(np.mean((predicted - measured) ** 2)))
    share = 1 - np.sum((predicted - measured) ** 2) / np.sum((measured - measured.mean()) ** 2)
    return fig, (
        f"Predicted against measured {quantity} of {len(measured)} samples: typically "
        f"{rmse:.2g} off, R2 {share:.2f}."
    )
