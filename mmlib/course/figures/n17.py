"""Notebook 17: pictures of a cube, scores of wavelengths, and which are kept in each fold."""

import numpy as np

from ...data.leaves.hyperspectral import CAMERA
from ...data.leaves.picture import color
from ...plots.style import COLORS, LINES, MARKERS, make_axes, style


def as_seen(cubes, wavelengths=CAMERA):
    """Pictures for the eye, from the visible part of reflectance cubes.

    Parameters
    ----------
    cubes : ndarray of shape (..., bands)
    wavelengths : ndarray of shape (bands,), nm

    Returns
    -------
    ndarray of shape (..., 3)
        Red, green and blue, 0 to 1, brightened for the screen.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.figures.n17 import as_seen
    >>> as_seen(np.full((1, 71), 0.228)).round(1).tolist()  # a gray card
    [[0.7, 0.7, 0.7]]
    """
    seen = wavelengths <= 700
    linear = color(np.clip(cubes[..., seen], 0, 1).reshape(-1, seen.sum()), wavelengths[seen])
    return np.clip(2 * linear, 0, 1).reshape(*cubes.shape[:-1], 3) ** (1 / 2.2)


@style()
def plot_maps(maps, unit="", columns=None):
    """Pictures side by side: colors as they are, numbers on one common scale.

    Parameters
    ----------
    maps : mapping of str to ndarray
        Title to (height, width), where NaN is left white, or (height, width, 3). Of bool: white
        where true, and no part of the scale.
    unit : str
        Of the numbers; the label of their scale.
    columns : int, optional
        Pictures in a row; all of them where nothing is said.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        Mean and range of each map, or the share of pixels that are true.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.figures.n17 import plot_maps
    >>> plot_maps({"true": np.array([[1.0, 3.0], [np.nan, 2.0]])}, "ug/cm2")[1]
    'true: mean 2.0, from 1.0 to 3.0 ug/cm2.'
    """
    columns = columns or len(maps)
    rows = -(-len(maps) // columns)
    side = min(2.3, 8.4 / columns)
    fig, axes = make_axes(rows, columns, side * columns, (side + 0.3) * rows, squeeze=False)
    places = [name for name, m in maps.items() if np.asarray(m).dtype == bool]
    flat = [name for name, m in maps.items() if np.ndim(m) == 2 and name not in places]
    numbers = {name: np.asarray(maps[name], float) for name in flat}
    values = np.concatenate([m[np.isfinite(m)] for m in numbers.values()]) if numbers else [0, 1]
    low, high = np.quantile(values, [0.01, 0.99])
    scale = None
    for ax in axes.ravel():
        ax.set_axis_off()
    for ax, (name, picture) in zip(axes.ravel(), maps.items(), strict=False):
        limits = {"cmap": "gray", "vmin": 0, "vmax": 1} if name in places else {}
        image = ax.imshow(picture, **({"cmap": "viridis", "vmin": low, "vmax": high} | limits))
        scale = image if name in numbers else scale
        ax.set(title=name, xticks=[], yticks=[])
        ax.title.set_fontsize(10)
        ax.set_axis_on()
        ax.spines[:].set(visible=True, color="0.6", linewidth=0.8)  # a white tray has an end, too
    if scale is not None:
        fig.colorbar(scale, ax=axes.ravel().tolist(), label=unit, shrink=0.8)
    said = [
        f"{name}: mean {np.nanmean(m):.1f}, from {np.nanmin(m):.1f} to {np.nanmax(m):.1f}"
        + (f" {unit}" if unit else "")
        for name, m in numbers.items()
    ]
    said += [f"{name}: {100 * np.mean(maps[name]):.0f} % of the pixels" for name in places]
    colors = [name for name, m in maps.items() if np.ndim(m) == 3]
    said += [f"pictures: {', '.join(colors)}"] if colors else []
    return fig, "; ".join(said) + "."


@style()
def plot_band_scores(wavelengths, scores, marks=None):
    """Scores of each wavelength, one panel for each way to score.

    Parameters
    ----------
    wavelengths : ndarray of shape (bands,), nm
    scores : mapping of str to ndarray of shape (bands,)
    marks : mapping of str to float or sequence of float, optional
        What absorbs -> where (nm), in one place or in several: drawn as dotted lines.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        Where each score is largest.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.figures.n17 import plot_band_scores
    >>> plot_band_scores(np.array([500.0, 600, 700]), {"VIP": np.array([0.2, 1.4, 0.9])})[1]
    'Largest VIP at 600 nm, above 1 in 1 of 3 bands.'
    """
    fig, axes = make_axes(
        len(scores), 1, width=7.2, height=1.9 * len(scores) + 0.5, sharex=True, squeeze=False
    )
    said = []
    places = _rows_of_names(marks or {}, 0.17 * np.ptp(wavelengths))
    for k, (name, values) in enumerate(scores.items()):
        ax = axes[k, 0]
        ax.plot(wavelengths, values, color=COLORS[k], linestyle=LINES[k])
        for at, what, row in places:
            ax.axvline(at, color="gray", linestyle=":", linewidth=1)
            if not k:
                ax.annotate(
                    what, (at, 1.02), xycoords=("data", "axes fraction"), xytext=(0, 11 * row),
                    textcoords="offset points", ha="center", fontsize=9,
                )  # fmt: skip
        ax.set_ylabel(name)
        ax.set_ylim(0, None)
        said.append(
            f"Largest {name} at {wavelengths[np.argmax(values)]:.0f} nm, above 1 in "
            f"{int((values > 1).sum())} of {len(values)} bands"
        )
    axes[-1, 0].set_xlabel("wavelength (nm)")
    return fig, "; ".join(said) + "."


def _rows_of_names(marks, room):
    """Places in rising order with their names, and a row for each name that leaves it its room."""
    places, last = [], {}
    for at, what in sorted((float(x), name) for name, xs in marks.items() for x in np.ravel(xs)):
        row = next(k for k in range(len(last) + 1) if at - last.get(k, -np.inf) >= room)
        last[row] = at
        places.append((at, what, row))
    return places


@style()
def plot_kept(wavelengths, kept):
    """Which wavelengths each fold keeps, a row for each fold, a block of rows for each method.

    Parameters
    ----------
    wavelengths : ndarray of shape (bands,), nm
    kept : mapping of str to sequence of arrays of int
        Method -> places of the kept bands in each fold.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        How many bands were kept in every fold, and how many in any.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.figures.n17 import plot_kept
    >>> plot_kept(np.array([500.0, 600, 700]), {"VIP": [[0, 1], [1, 2]]})[1]
    'VIP: 1 band kept in all 2 folds, 3 in at least one.'
    """
    rows = sum(len(folds) for folds in kept.values()) + len(kept) - 1
    fig, ax = make_axes(width=7.2, height=0.9 + 0.19 * rows)
    y, ticks, said = 0, [], []
    for k, (name, folds) in enumerate(kept.items()):
        ticks.append((y + (len(folds) - 1) / 2, name))
        for bands in folds:
            ax.plot(wavelengths[np.asarray(bands)], [y] * len(bands), MARKERS[k], color=COLORS[k])
            y += 1
        y += 1
        sets = [set(map(int, bands)) for bands in folds]
        always, ever = len(set.intersection(*sets)), len(set.union(*sets))
        said.append(
            f"{name}: {always} band{'' if always == 1 else 's'} kept in all {len(folds)} folds, "
            f"{ever} in at least one"
        )
    ax.set_yticks(*zip(*ticks, strict=True))
    ax.set_ylim(rows - 0.4, -0.6)
    ax.set_xlim(wavelengths[0] - 40, wavelengths[-1] + 40)
    ax.set_xlabel("wavelength (nm), a row for each fold")
    return fig, "; ".join(said) + "."
