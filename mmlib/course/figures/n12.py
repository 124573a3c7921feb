"""Which fusion, when: the gains of every model over one of them, and what each costs."""

import numpy as np

from ...plots.style import COLORS, MARKERS, make_axes, style


@style()
def plot_gains(gains, over="early", unit="leaves per class"):
    """Gain of each model over one of them, a panel for each situation.

    Parameters
    ----------
    gains : pandas.DataFrame
        As `mmlib.course.study_findings.gains` gives it.
    over : str
        The model that was compared with; its line is zero.
    unit : str
        What "per_class" counts.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
    """
    situations = list(gains["situation"].unique())
    sizes = sorted(gains["per_class"].unique())
    models = [name for name in gains["model"].unique() if name != over]
    rows = -(-len(situations) // 2)
    fig, axes = make_axes(
        rows, 2, width=9, height=rows * (0.9 + 0.32 * len(models)), sharex=True, sharey=True,
        squeeze=False,
    )  # fmt: skip
    at = np.arange(len(models))
    for ax, situation in zip(axes.flat, situations, strict=False):
        ax.axvline(0, color="0.35", linewidth=1.2)
        for k, size in enumerate(sizes):
            part = gains[(gains["situation"] == situation) & (gains["per_class"] == size)]
            part = part.set_index("model").reindex(models)
            y = at + 0.22 * (k - (len(sizes) - 1) / 2)
            ax.hlines(y, 100 * part["low"], 100 * part["high"], color=COLORS[k], linewidth=1.6)
            ax.plot(
                100 * part["mean"], y, MARKERS[k], color=COLORS[k], linestyle="none",
                markersize=4.5, label=f"{size} {unit}",
            )  # fmt: skip
        ax.set_title(situation, fontsize=10)
        ax.set_yticks(at, models)
        ax.tick_params(labelleft=True)
        ax.set_ylim(len(models) - 0.5, -0.5)
    lowest = [*axes[-1]]
    for k in range(len(situations), axes.size):  # the panel above an empty place is the lowest
        axes.flat[k].set_visible(False)
        lowest[k % 2] = axes.flat[k - 2]
    for ax in lowest:
        ax.tick_params(labelbottom=True)
        ax.set_xlabel(f"accuracy minus that of {over} (points)")
    handles, labels = axes.flat[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside upper center", ncols=len(sizes))
    return fig, _describe_gains(gains, over, unit)


def _describe_gains(gains, over, unit):
    others = gains[gains["model"] != over]
    ahead, behind = int((others["low"] > 0).sum()), int((others["high"] < 0).sum())
    top = others.loc[others["mean"].idxmax()]
    return (
        f"Of {len(others)} comparisons with {over}, the model is ahead in {ahead}, behind in "
        f"{behind}, and not told apart in the rest; furthest ahead is {top['model']} "
        f"({100 * top['mean']:.0f} points, {top['situation']}, {top['per_class']} {unit})."
    )


@style()
def plot_cost(table):
    """Accuracy, and the time a fit takes, side by side: a line for each model.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns "model", "accuracy", "fit_seconds"; averaged over all rows of a model.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        It tells ranks, not seconds, which differ between computers.
    """
    mean = table.groupby("model", sort=False)[["accuracy", "fit_seconds"]].mean()
    at = np.arange(len(mean))
    fig, (left, right) = make_axes(1, 2, width=7.5, height=1 + 0.3 * len(mean), sharey=True)
    for ax, column, label in (
        (left, "accuracy", "accuracy"),
        (right, "fit_seconds", "seconds to fit (one thread)"),
    ):
        ax.hlines(at, 0, mean[column], color="0.8", linewidth=1.2)
        ax.plot(mean[column], at, "o", color=COLORS[0], markersize=7)
        ax.set(xlabel=label, xlim=(0, 1.08 * mean[column].max()))
    left.set_yticks(at, mean.index)
    left.set_ylim(len(mean) - 0.5, -0.5)
    best, cheapest = mean["accuracy"].idxmax(), mean["fit_seconds"].idxmin()
    text = f"{best} is most accurate ({mean.loc[best, 'accuracy']:.2f})"
    if best == cheapest:
        return fig, f"{text} and the quickest to fit, of {len(mean)} models."
    times = mean.loc[best, "fit_seconds"] / mean.loc[cheapest, "fit_seconds"]
    return fig, (
        f"{text} and takes {times:.0f} times as long to fit as {cheapest}, the quickest "
        f"({mean.loc[cheapest, 'accuracy']:.2f}), of {len(mean)} models."
    )


@style()
def plot_real(table):
    """How much each model gains over the best single modality, a panel for each data set.

    Parameters
    ----------
    table : pandas.DataFrame
        As `mmlib.course.study.stored` gives it for "real".

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
    """
    names = list(table["data"].unique())
    fig, axes = make_axes(1, len(names), width=11, height=4.2, squeeze=False)
    fig.get_layout_engine().set(wspace=0.06)
    said = []
    for ax, name in zip(axes.flat, names, strict=True):
        part = table[table["data"] == name]
        single = part["best_single"].iloc[0]
        part = part[part["model"] != single]
        in_points = part["score"].iloc[0].endswith("accuracy")
        scale, unit = (100, "points") if in_points else (1, f"{name.split(', ')[-1]} units")
        at = np.arange(len(part))
        ax.axvline(0, color="0.35", linewidth=1.2)
        ax.hlines(at, scale * part["low"], scale * part["high"], color=COLORS[0], linewidth=1.8)
        ax.plot(scale * part["gain"], at, MARKERS[0], color=COLORS[0], linestyle="none")
        ax.set_yticks(at, part["model"])
        ax.set_ylim(len(part) - 0.5, -0.5)
        ax.set_xlabel(f"better than {single}\n({unit})")
        ax.set_title(name, fontsize=10)
        ahead = part[part["low"] > 0]
        said.append(f"{name}: {len(ahead)} of {len(part)} are better than {single}")
    return fig, f"Gain over the best single modality. {'; '.join(said)}."
