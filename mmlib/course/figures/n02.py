"""Notebook 02: what a convolution and a pooling do to a picture; accuracy by number of labels; an
eye chart for models."""

import numpy as np

from ...plots.style import LINES, MARKERS, make_axes, style
from ..pixels import convolve, max_pool

FILTERS = {
    "nothing": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "blur": [[1 / 9] * 3] * 3,
    "left-right edges": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "top-bottom edges": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "small dark spots": [[1, 1, 1], [1, -8, 1], [1, 1, 1]],
}


@style()
def draw_filter(image, name="left-right edges", pooling=1):
    """A gray picture, what a 3 x 3 filter makes of it, and the largest value of each tile.

    Parameters
    ----------
    image : ndarray of shape (height, width)
    name : str
        One of `FILTERS`.
    pooling : int
        Side of a tile in pixels; 1 leaves the picture as it is.

    Returns
    -------
    fig : matplotlib.figure.Figure
    sentence : str

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.figures.n02 import draw_filter
    >>> draw_filter(np.eye(8), "blur", pooling=2)[1]
    'Filter blur: 8 x 8 pixels become 6 x 6, after pooling by 2: 3 x 3, 9 numbers instead of 64.'
    """

    image = np.asarray(image, float)
    filtered = np.abs(convolve(image, FILTERS[name]))
    pooled = max_pool(filtered, pooling)
    fig, axes = make_axes(1, 3, width=7.2, height=2.7)
    titles = ("gray picture", name, f"largest of {pooling} x {pooling}")
    for ax, picture, title in zip(axes, (image, filtered, pooled), titles, strict=True):
        ax.imshow(picture, cmap="gray")
        ax.set_title(f"{title}\n{picture.shape[0]} x {picture.shape[1]}", fontsize=9)
        ax.set_axis_off()

    def size(picture):
        return f"{picture.shape[0]} x {picture.shape[1]}"

    return fig, (
        f"Filter {name}: {size(image)} pixels become {size(filtered)}, after pooling by {pooling}: "
        f"{size(pooled)}, {pooled.size} numbers instead of {image.size}."
    )


@style()
def draw_pictures(pictures):
    """Pictures side by side, with their sizes.

    Parameters
    ----------
    pictures : mapping of str to ndarray
        Title to (height, width) or (height, width, 3) with values 0 to 255 or bool.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.figures.n02 import draw_pictures
    >>> draw_pictures({"leaf": np.zeros((4, 6)), "small": np.ones((2, 3))})[1]
    'leaf: 4 x 6 pixels, mean 0; small: 2 x 3 pixels, mean 1.'
    """
    fig, axes = make_axes(1, len(pictures), width=2.1 * len(pictures), height=2.7, squeeze=False)
    parts = []
    for ax, (title, picture) in zip(axes.ravel(), pictures.items(), strict=True):
        picture = np.asarray(picture, float)
        ax.imshow(picture / 255 if picture.ndim == 3 else picture, cmap="gray")
        ax.set_title(f"{title}\n{picture.shape[0]} x {picture.shape[1]}", fontsize=9)
        ax.set_axis_off()
        size = f"{picture.shape[0]} x {picture.shape[1]} pixels"
        parts.append(f"{title}: {size}, mean {picture.mean():.3g}")
    return fig, f"{'; '.join(parts)}."


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
    >>> from mmlib.course.figures.n02 import plot_budgets
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
    ax.set(xscale="log", xlabel="labeled samples (logarithmic scale)", ylabel="accuracy")
    ax.set_xticks(labels, [str(n) for n in labels])
    ax.minorticks_off()
    ax.legend()
    return fig, f"Mean accuracy (lowest to highest draw): {'; '.join(parts)}."


@style()
def draw_eye_chart(charts):
    """A pair of pictures of each kind: one of the first class beside one of the second.

    Parameters
    ----------
    charts : mapping of str to MultimodalData
        Kind -> pictures of two classes, see `mmlib.data.eye_test`.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> from mmlib.course.figures.n02 import draw_eye_chart
    >>> from mmlib.data.eye_test import make_eye_test
    >>> draw_eye_chart({"size": make_eye_test("size", 12), "hue": make_eye_test("hue", 12)})[1]
    'One picture of each of two kinds, which are told apart by: size, hue.'
    """
    columns = min(5, len(charts))
    rows = -(-len(charts) // columns)
    fig, axes = make_axes(rows, columns, width=7.2, height=1.15 * rows, squeeze=False)
    for ax in axes.ravel():
        ax.set_axis_off()
    for ax, (kind, chart) in zip(axes.ravel(), charts.items(), strict=False):
        first, second = (chart.X["image"][np.flatnonzero(chart.y == k)[0]] for k in (0, 1))
        gap = np.full((len(first), 3, 3), 255, np.uint8)
        ax.imshow(np.hstack([first, gap, second]))
        ax.set_title(kind, fontsize=9)
    return fig, f"One picture of each of two kinds, which are told apart by: {', '.join(charts)}."


@style()
def plot_eye_chart(sight):
    """Which way to see sees what: accuracies as a table of shaded cells.

    Parameters
    ----------
    sight : DataFrame
        A row for each way to see, a column for each kind of difference; 0.5 is guessing.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import pandas as pd
    >>> from mmlib.course.figures.n02 import plot_eye_chart
    >>> plot_eye_chart(pd.DataFrame({"size": [0.9, 0.8]}, index=["pixels", "patches"]))[1]
    'Share right, guessing is 0.5. pixels: size 0.90; patches: size 0.80.'
    """
    fig, ax = make_axes(width=7.2, height=0.9 + 0.38 * len(sight))
    ax.imshow(sight, cmap="gray", vmin=0.2, vmax=1, aspect="auto")
    for (row, column), value in np.ndenumerate(sight.to_numpy()):
        ax.text(
            column, row, f"{value:.2f}", ha="center", va="center", fontsize=9,
            color="white" if value < 0.7 else "black",
        )  # fmt: skip
    ax.set_xticks(range(sight.shape[1]), sight.columns, rotation=30, ha="right")
    ax.set_yticks(range(len(sight)), sight.index)
    ax.set_xlabel("share right: the darker, the nearer to guessing or below")
    ax.tick_params(length=0)
    ax.grid(False)
    parts = (
        f"{name}: " + ", ".join(f"{kind} {value:.2f}" for kind, value in row.items())
        for name, row in sight.iterrows()
    )
    return fig, f"Share right, guessing is 0.5. {'; '.join(parts)}."
