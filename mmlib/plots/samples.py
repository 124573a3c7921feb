"""Pictures of the samples themselves: spectra and photographs, by class."""

from functools import partial

import numpy as np

from .style import COLORS, LINES, LONGEST, MARKERS, as_written, make_axes, style


@style()
def plot_spectra(data, classes=None, modality="spectrum", quantity="reflectance"):
    """Mean spectrum of each class, with the range of the middle 80 % of its samples.

    Parameters
    ----------
    data : MultimodalData
    classes : sequence of str, optional
        Names of the classes to draw; all when not given.
    modality : str
    quantity : str
        What was measured: the label of the vertical axis.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib import MultimodalData
    >>> data = MultimodalData({"spectrum": [[0.1, 0.5], [0.3, 0.5]]}, y=["a", "b"],
    ...                       axes={"spectrum": [550, 700]})
    >>> plot_spectra(data)[1].split(";")[0]
    'Mean reflectance of 2 samples in 2 classes from 550 to 700 nm'
    """
    values = np.asarray(data.X[modality], float)
    bands = np.arange(values.shape[1])
    axis = np.asarray(data.axes.get(modality, bands))
    unit = data.units[modality] if modality in data.axes else ""
    rows = _rows_of_classes(data, classes)
    means = np.array([values[of_class].mean(axis=0) for of_class in rows.values()])
    fig, ax = make_axes(height=3.8)
    step = max(1, len(axis) // 12)
    for k, (name, of_class) in enumerate(rows.items()):
        color = COLORS[k % len(COLORS)]
        low, high = np.percentile(values[of_class], (10, 90), axis=0)
        ax.fill_between(axis, low, high, color=color, alpha=0.12, linewidth=0)
        ax.plot(
            axis, means[k], label=as_written(name, LONGEST), color=color,
            linestyle=LINES[k % len(LINES)], marker=MARKERS[k % len(MARKERS)],
            markevery=(k * step // len(rows), step),
        )  # fmt: skip
    ax.set(xlabel=as_written(_axis_label(unit)), ylabel=as_written(quantity))
    if len(rows) > 1:
        ax.legend(ncols=1 + (len(rows) > 8), fontsize=9)
    n = sum(map(len, rows.values()))
    what = f"of {n} samples in {len(rows)} classes" if len(rows) > 1 else f"of {n} samples"
    text = f"Mean {quantity} {what} from {axis.min():g} to {axis.max():g} {unit}".rstrip()
    if len(rows) > 1:
        band = int(np.argmax(np.ptp(means, axis=0)))
        names, at = list(rows), means[:, band]
        text += (
            f"; the classes lie furthest apart at {axis[band]:g} {unit}, from {at.min():.2f} "
            f"({names[at.argmin()]}) to {at.max():.2f} ({names[at.argmax()]})"
        )
    return fig, text + ". Shaded: the middle 80 % of the samples."


@style()
def plot_images(data, n=5, classes=None, modality="image"):
    """The first `n` pictures of each class, one row per class.

    One channel is drawn in gray; of more than three, the first three are drawn.

    Parameters
    ----------
    data : MultimodalData
    n : int
        Pictures per class.
    classes : sequence of str, optional
        Names of the classes to draw; all when not given.
    modality : str

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
    """
    images = np.asarray(data.X[modality])
    rows = {
        name: _spread(data.groups, of_class)[:n]
        for name, of_class in _rows_of_classes(data, classes).items()
    }
    span = (0, 255) if images.dtype == np.uint8 else (images.min(), images.max())
    fig, axes = make_axes(len(rows), n, n + 1.6, len(rows) + 0.2, squeeze=False)
    for ax in axes.ravel():
        ax.set_axis_off()
    for line, (name, of_class) in zip(axes, rows.items(), strict=True):
        shown = as_written(name, LONGEST).replace(" ", "\n")
        line[0].text(-0.1, 0.5, shown, transform=line[0].transAxes, ha="right", va="center")
        for ax, row in zip(line, of_class, strict=False):
            picture = images[row, ..., :3] if images.shape[-1] >= 3 else images[row, ..., 0]
            scaled = (picture - float(span[0])) / max(float(span[1] - span[0]), 1e-12)
            ax.imshow(np.clip(scaled, 0, 1), cmap="gray", vmin=0, vmax=1)
    bright = [f"{name} {images[of_class].mean():.0f}" for name, of_class in rows.items()]
    counts = sum(map(len, rows.values()))
    text = f"{counts} pictures of {images.shape[1]} x {images.shape[2]} pixels, one row per class"
    scale = "mean brightness on a scale of 255" if images.dtype == np.uint8 else "mean value"
    return fig, f"{text}; {scale}: {', '.join(bright)}."


def _rows_of_classes(data, classes):
    """Row numbers of each class by name; all rows under one name for a regression."""
    if data.task == "regression":
        return {"all": np.arange(len(data.y))}
    labels = dict(zip(data.target_names, np.unique(data.y), strict=True))
    unknown = [name for name in classes or [] if name not in labels]
    if unknown:
        raise ValueError(f"There is no class {unknown[0]!r} here: {', '.join(labels)}.")
    return {name: np.flatnonzero(data.y == labels[name]) for name in classes or labels}


def _spread(groups, rows):
    """The same rows, the first of each group ahead: siblings look too much alike."""
    if groups is None:
        return rows
    first = np.unique(groups[rows], return_index=True)[1]
    return np.concatenate([rows[np.sort(first)], np.delete(rows, first)])


def _axis_label(unit):
    if unit.startswith("cm"):
        return f"wavenumber ({unit})"
    return f"wavelength ({unit})" if unit not in ("", "band") else "band"


# What to draw of a folder of somebody's own, of whose spectra nobody said what was measured.
OF_A_FOLDER = {
    "spectrum": partial(plot_spectra, quantity="measured value"),
    "image": plot_images,
}
