"""Pictures of explanations: shares of modalities, bands, and maps over a photograph."""

import numpy as np

from ...plots.style import COLORS, make_axes, style

HATCHES = ("", "//", "..", "xx")


@style()
def plot_parts(table, unit="points"):
    """Bars for each row of a table, one for each column.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows are what is explained (conditions), columns who gets how much.
    unit : str
        Of the numbers, for the axis and the description.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Raises
    ------
    ValueError
        For an empty table.

    Examples
    --------
    >>> import pandas as pd
    >>> from mmlib.course.figures.n14 import plot_parts
    >>> shares = pd.DataFrame({"spectrum": [45.2], "image": [-3.4]}, index=["drought"])
    >>> plot_parts(shares)[1]
    'Drought: spectrum 45, image -3 points.'
    """
    if table.empty:
        raise ValueError("There is nothing to draw: the table is empty.")
    fig, ax = make_axes(width=6.8, height=3.1)
    width = 0.8 / table.shape[1]
    rest = iter(range(2, len(COLORS)))
    for k, name in enumerate(table.columns):
        place = np.arange(len(table)) + (k - (table.shape[1] - 1) / 2) * width
        own = [i for i, modality in enumerate(("spectrum", "image")) if modality in str(name)]
        look = own[0] if len(own) == 1 else next(rest)  # a modality looks alike in all figures
        color, hatch = COLORS[look], HATCHES[look % 4]
        ax.bar(place, table[name], width, color=color, hatch=hatch, edgecolor="white", label=name)
    ax.axhline(0, color="0.3", linewidth=0.8)
    ax.set_xticks(np.arange(len(table)), [str(row).replace(" ", "\n") for row in table.index])
    ax.set(ylabel=unit)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    decimals = 0 if np.abs(table.to_numpy()).max() >= 5 else 1
    said = []
    for row, values in table.iterrows():
        numbers = [f"{name} {_rounded(value, decimals)}" for name, value in values.items()]
        said.append(f"{str(row)[0].upper()}{str(row)[1:]}: {', '.join(numbers)} {unit}.")
    return fig, " ".join(said)


@style()
def plot_bands(axis, importance, planted, unit="nm"):
    """An explanation along a spectrum, above what was planted there.

    Parameters
    ----------
    axis : array-like of shape (bands,)
    importance : mapping of str to array-like of shape (bands,) or (samples, bands)
        Name -> importance of each band, on any scale, the mean of all samples; drawn relative
        to the largest.
    planted : array-like of shape (bands,)
        Size of the planted change.
    unit : str

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> from mmlib.course.figures.n14 import plot_bands
    >>> plot_bands([400, 500, 600], {"covered": [0, 1, 4]}, [0, 0.2, 0.1])[1]
    'The planted change is largest at 500 nm; covered is largest at 600 nm.'
    """
    axis, planted = np.asarray(axis), np.abs(np.asarray(planted, float))
    fig, (above, below) = make_axes(2, 1, 6.8, 3.8, sharex=True)
    said = []
    for k, (name, values) in enumerate(importance.items()):
        values = np.atleast_2d(np.asarray(values, float)).mean(axis=0)
        largest = np.abs(values).max()
        look = {"color": COLORS[k], "drawstyle": "steps-mid"}  # each value is that of its band
        above.plot(axis, values / (largest or 1), label=name, **look)
        said.append(f"{name} is largest at {axis[np.abs(values).argmax()]:.0f} {unit}")
    above.axhline(0, color="0.3", linewidth=0.8)
    above.set(ylabel="explanation\n(largest = 1)")
    above.legend(loc="upper left")
    below.fill_between(axis, planted, color="0.6")
    below.set(xlabel=f"wavelength ({unit})", ylabel="planted change\nof reflectance")
    first = f"The planted change is largest at {axis[planted.argmax()]:.0f} {unit}"
    return fig, "; ".join([first, *said]) + "."


@style()
def plot_maps(picture, mask, maps):
    """A photograph with the true lesion outlined, and explanations of it side by side.

    A ring marks the peak of each explanation.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width, 3)
    mask : ndarray of bool, shape (height, width)
    maps : mapping of str to ndarray of shape (height, width)

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Raises
    ------
    ValueError
        When a map has another size than the picture.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.figures.n14 import plot_maps
    >>> mask = np.zeros((4, 4), bool)
    >>> mask[0, 0] = True
    >>> plot_maps(np.zeros((4, 4, 3), np.uint8), mask, {"Net": mask * 1.0})[1]
    'Lesions cover 6 % of the picture. Net: 100 % of the map lies on them, its peak too.'
    """
    fig, axes = make_axes(1, 1 + len(maps), 2.2 * (1 + len(maps)), 2.6, squeeze=False)
    axes = axes[0]
    axes[0].imshow(picture)
    axes[0].set_title("photograph")
    said = [f"Lesions cover {100 * mask.mean():.0f} % of the picture."]
    for ax, (name, values) in zip(axes[1:], maps.items(), strict=True):
        values = np.asarray(values, float)
        if values.shape != mask.shape:
            raise ValueError(f"The map {name!r} has another size than the picture.")
        size = np.abs(values)
        ax.imshow(size, cmap="gray_r", vmax=np.quantile(size, 0.995) or 1)
        ax.set_title(name)
        if size.any():
            row, column = np.unravel_index(size.argmax(), size.shape)
            ring = {"mfc": "none", "mec": COLORS[0], "markersize": 14, "markeredgewidth": 2.2}
            ax.plot(column, row, "o", **ring)
        share = (size * mask).sum() / (size.sum() or 1)
        peak = "too" if mask.ravel()[size.argmax()] else "not"
        said.append(f"{name}: {100 * share:.0f} % of the map lies on them, its peak {peak}.")
    for ax in axes:
        if mask.any():
            ax.contour(mask, levels=[0.5], colors=[COLORS[1]], linewidths=1)
        ax.set(xticks=[], yticks=[])
    return fig, " ".join(said)


def _rounded(value, decimals):
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text
