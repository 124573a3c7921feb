"""Accuracy against the number of labels."""

import numpy as np

from .house import LINES, MARKERS, make_axes, style


@style()
def plot_budgets(scores, chance=None):
    """Mean accuracy of several methods against the number of labeled samples.

    Parameters
    ----------
    scores : mapping of str to mapping of int to sequence of float
        Method -> number of labels -> the accuracies of repeated draws.
    chance : float, optional

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> from mmlib.plots.budgets import plot_budgets
    >>> plot_budgets({"forest": {10: [0.3, 0.5]}})[1]
    'Mean accuracy (lowest to highest draw): forest 0.40 (0.30-0.50) with 10 labels.'
    """
    fig, ax = make_axes(width=6.4, height=3.4)
    parts = []
    for k, (name, by_labels) in enumerate(scores.items()):
        labels = np.array(list(by_labels))
        draws = np.array(list(by_labels.values()))
        mean, low, high = draws.mean(1), draws.min(1), draws.max(1)
        at = labels * 1.04 ** (k - (len(scores) - 1) / 2)  # side by side, not on each other
        ax.errorbar(
            at, mean, [mean - low, high - mean], label=name, capsize=3,
            marker=MARKERS[k], linestyle=LINES[k],
        )  # fmt: skip
        cells = (
            f"{m:.2f} ({a:.2f}-{b:.2f}) with {n}"
            for m, a, b, n in zip(mean, low, high, labels, strict=True)
        )
        parts.append(f"{name} {', '.join(cells)} labels")
    if chance is not None:
        ax.axhline(chance, color="0.35", linestyle=":", linewidth=1.2)
        ax.annotate("chance", (1.01, chance), xycoords=("axes fraction", "data"), va="center")
    ax.set(xscale="log", xlabel="labeled samples", ylabel="accuracy")
    ax.set_xticks(labels, [str(n) for n in labels])
    ax.minorticks_off()
    ax.legend()
    return fig, f"Mean accuracy (lowest to highest draw): {'; '.join(parts)}."
