"""Score against the price of a sample."""

import numpy as np

from .style import COLORS, as_written, make_axes, style

LOWER = ("RMSE", "log loss", "MAE")


@style()
def plot_costs(table, curve=None, metric="accuracy", unit=""):
    """The best model at each price, and a cascade between them where one was tried.

    Parameters
    ----------
    table : pandas.DataFrame
        By model: "price", "score", "low", "high" and "measured" (percent), see
        `mmlib.evaluation.cost.Costs`.
    curve : pandas.DataFrame, optional
        "price" and "score" of cascades with any share.
    metric : str
    unit : str
        Of the price.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import pandas as pd
    >>> from mmlib.plots.prices import plot_costs
    >>> rows = {"price": [1.0, 10.0], "score": [0.6, 0.9], "low": [0.5, 0.8], "high": [0.7, 1.0]}
    >>> table = pd.DataFrame(rows | {"measured": [0, 100]}, index=["image only", "early"])
    >>> plot_costs(table, unit="EUR")[1]
    'Accuracy against the price of a sample (EUR): image only 0.60 at 1, early 0.90 at 10.'
    """
    lower = metric in LOWER
    cascades = table[(table["measured"] > 0) & (table["measured"] < 100)]
    others = table.drop(cascades.index)
    ranked = others.sort_values("score", ascending=lower, kind="stable")
    best = ranked.groupby("price", sort=True).head(1).sort_values("price", kind="stable")
    fig, ax = make_axes(width=6.4, height=3.8)
    if curve is not None:
        label = "cascades that measure any other share"
        ax.plot(curve["price"], curve["score"], color=COLORS[6], linestyle=":", label=label)
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1))  # where no label is
    top = others["score"].min() if lower else others["score"].max()
    for rows, color, marker in ((best, COLORS[0], "o"), (cascades, COLORS[1], "D")):
        for name, row in rows.iterrows():
            ends = np.abs([[row["score"] - row["low"]], [row["high"] - row["score"]]])
            ends = ends if np.isfinite(ends).all() else None
            ax.errorbar(row["price"], row["score"], ends, color=color, marker=marker, linestyle="")
            left = row["price"] < table["price"].mean()
            up = 6 if row["score"] == top else -16  # the curve runs above the others
            ax.annotate(
                as_written(name, 30), (row["price"], row["score"]),
                xytext=(7 if left else -7, up), textcoords="offset points",
                ha="left" if left else "right",
            )  # fmt: skip
    ax.set(xlabel=f"price of a sample{f' ({as_written(unit)})' if unit else ''}", ylabel=metric)
    ax.margins(x=0.08, y=0.12)
    shown = [*best.iterrows(), *cascades.iterrows()]
    said = ", ".join(f"{name} {row['score']:.2f} at {row['price']:.3g}" for name, row in shown)
    first = f"{metric[:1].upper()}{metric[1:]} against the price of a sample"
    return fig, f"{first}{f' ({unit})' if unit else ''}: {said}."
