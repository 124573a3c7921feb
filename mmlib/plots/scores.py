"""Pictures of how well models do: scores under their ceilings, and where they go wrong."""

import numpy as np

from .style import COLORS, LINES, LONGEST, MARKERS, as_written, make_axes, style


@style()
def plot_scores(scores, ceilings=None, chance=None, metric="accuracy", floors=None):
    """Score of each model as a dot with its interval, under the ceilings where they are known.

    Parameters
    ----------
    scores : pandas.DataFrame
        Columns "model" (or the index), "mean", "low" and "high".
    ceilings : mapping of str to float or (float, error), optional
        Best reachable scores, drawn as vertical lines that a legend names.
    chance : float, optional
        Score of guessing.
    metric : str
        Label of the horizontal axis.
    floors : mapping of str to float, optional
        Errors below which no model can come, drawn likewise.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"model": ["early"], "mean": [0.8], "low": [0.7], "high": [0.9]})
    >>> plot_scores(table, ceilings={"joint": 0.95})[1]
    'Accuracy of 1 model with its interval: early 0.80 (0.70 to 0.90). Ceilings: joint 0.95.'
    """
    names = list(scores["model"]) if "model" in scores else list(scores.index)
    mean, low, high = (scores[column].to_numpy(float) for column in ("mean", "low", "high"))
    lines = {f"{name} ceiling": float(np.ravel(v)[0]) for name, v in (ceilings or {}).items()}
    lines |= floors or {}
    if chance is not None:
        lines = {"chance": float(chance)} | lines
    fig, ax = make_axes(height=1.0 + 0.34 * len(names) + 0.22 * -(-len(lines) // 2))
    at = np.arange(len(names))
    ax.hlines(at, low, high, color=COLORS[0], linewidth=2)
    ax.plot(mean, at, "o", color=COLORS[0], markersize=7)
    ax.set_yticks(at, [as_written(name) for name in names])
    ax.set(xlabel=as_written(metric), ylim=(len(names) - 0.5, -0.5))
    everything = np.concatenate([mean, low, high, list(lines.values())])
    everything = everything[np.isfinite(everything)]
    pad = 0.06 * max(np.ptp(everything), 0.01)
    ax.set_xlim(everything.min() - pad, everything.max() + pad)
    _label_lines(ax, lines)
    cells = [
        f"{name} {_digits(m)}" + (f" ({_digits(a)} to {_digits(b)})" if np.isfinite(a + b) else "")
        for name, m, a, b in zip(names, mean, low, high, strict=True)
    ]
    models = "1 model with its interval" if len(names) == 1 else f"{len(names)} models, intervals"
    text = f"{metric[:1].upper()}{metric[1:]} of {models}: {', '.join(cells)}."
    if ceilings:
        tops = ((key, v) for key, v in lines.items() if key.endswith(" ceiling"))
        said = (f"{key.removesuffix(' ceiling')} {_digits(v)}" for key, v in tops)
        text += f" Ceilings: {', '.join(said)}."
    if floors:
        text += f" Floor: {', '.join(f'{name} {_digits(v)}' for name, v in floors.items())}."
    return fig, text + (f" Chance: {chance:.2f}." if chance is not None else "")


@style()
def plot_confusion(matrix, names):
    """Counts of true against predicted class, shaded by the share of the true class.

    Parameters
    ----------
    matrix : array-like of shape (classes, classes)
        Rows are true classes, as `sklearn.metrics.confusion_matrix` gives them.
    names : sequence of str

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> plot_confusion([[8, 2], [1, 9]], ["ripe", "raw"])[1]
    'Of 20 samples 17 (85 %) are on the diagonal; most often ripe is taken for raw (2 times).'
    """
    matrix = np.asarray(matrix)
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    side = 2.4 + 0.6 * len(names)
    fig, ax = make_axes(width=side + 0.8, height=side)
    ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(matrix):
        color = "white" if share[row, column] > 0.55 else "black"
        ax.text(column, row, f"{count:g}", ha="center", va="center", color=color)
    short = [as_written(name, LONGEST) for name in names]
    ax.set_xticks(range(len(names)), short, rotation=35, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(names)), short)
    ax.set(xlabel="predicted class", ylabel="true class")
    ax.spines[:].set_visible(False)
    hits, total = np.trace(matrix), matrix.sum()
    text = f"Of {total:g} samples {hits:g} ({100 * hits / max(total, 1):.0f} %) are on the diagonal"
    misses = matrix - np.diag(np.diag(matrix))
    if not misses.any():
        return fig, f"{text}; no class is taken for another."
    true, said = np.unravel_index(misses.argmax(), misses.shape)
    times = f"{misses.max():g} times" if misses.max() != 1 else "once"
    return fig, f"{text}; most often {names[true]} is taken for {names[said]} ({times})."


def _digits(value):
    """A score with two decimals; an error of ten units and more needs none."""
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}"


def _label_lines(ax, lines):
    """Vertical lines with a legend above the axis: one line, and one label, for equal values."""
    together = {}
    for label, value in sorted(lines.items(), key=lambda item: round(item[1], 2)):
        together.setdefault(_digits(value), []).append((label, value))
    dashed = ("--", "-", "-.", (0, (12, 3)))  # neighbors that nobody takes for each other
    for k, (shown, same) in enumerate(together.items()):
        names, value = [as_written(label) for label, _ in same], same[0][1]
        dashes = (0, (1, 1)) if names == ["chance"] else dashed[k % 4]
        if len(names) > 1 and all(name.endswith(" ceiling") for name in names):
            names = [", ".join(name.removesuffix(" ceiling") for name in names) + " ceiling"]
        ax.axvline(
            value, color="0.35", linewidth=1.2, linestyle=dashes,
            label=f"{', '.join(names)} {shown}",
        )  # fmt: skip
    if together:
        ax.figure.legend(loc="outside upper center", ncols=2, fontsize=9)


@style()
def plot_reliability(tables):
    """How often one is right against how sure one is, for one or more models.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Model -> what `mmlib.evaluation.reliability` gives.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        Below the diagonal a model is right less often than it says.

    Examples
    --------
    >>> from mmlib.evaluation import reliability
    >>> from mmlib.plots import plot_reliability
    >>> table = reliability([0, 1, 0, 0], [[0.9, 0.1]] * 4)
    >>> plot_reliability({"camera": table})[1]
    'Share right against stated confidence: camera says 0.90 on average and is right in 0.75.'
    """
    fig, ax = make_axes(width=5, height=4.5)
    ax.plot([0, 1], [0, 1], color="0.35", linestyle=":", linewidth=1.2, label="as sure as right")
    said = []
    for k, (name, table) in enumerate(tables.items()):
        ax.plot(
            table["confidence"], table["accuracy"], color=COLORS[k], linestyle=LINES[k % 5],
            marker=MARKERS[k], label=as_written(name),
        )  # fmt: skip
        sure, right = np.average(
            table[["confidence", "accuracy"]], axis=0, weights=table["samples"]
        )
        said.append(f"{name} says {sure:.2f} on average and is right in {right:.2f}")
    ax.set(xlabel="stated probability of the answer", ylabel="share right", xlim=(0, 1.02))
    ax.set_ylim(0, 1.02)
    ax.legend(loc="upper left")
    return fig, f"Share right against stated confidence: {'; '.join(said)}."


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
    shown = as_written(quantity)
    ax.set(xlabel=f"measured {shown}", ylabel=f"predicted {shown}")
    rmse = float(np.sqrt(np.mean((predicted - measured) ** 2)))
    share = 1 - np.sum((predicted - measured) ** 2) / np.sum((measured - measured.mean()) ** 2)
    return fig, (
        f"Predicted against measured {quantity} of {len(measured)} samples: typically "
        f"{rmse:.2g} off, R2 {share:.2f}."
    )
