"""Two quantities of each sample against each other, by class."""

import numpy as np

from .house import COLORS, MARKERS, make_axes, style


@style()
def plot_pair(data, x, y, classes=None):
    """Scatter of two columns of ``data.info``, the classes by color and marker.

    Parameters
    ----------
    data : MultimodalData
        A classification data set.
    x, y : str
        Keys of ``data.info``.
    classes : sequence of str, optional
        Names of the classes to show; all where nothing is said.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import mmlib
    >>> leaves = mmlib.make_leaves(n_plants=10, leaves_per_plant=2)
    >>> plot_pair(leaves, "maturity", "chlorophyll", ["healthy"])[1][:30]
    'Chlorophyll against maturity. '
    """
    classes = list(classes or data.target_names)
    fig, ax = make_axes(width=6.0, height=3.6)
    parts = []
    for k, name in enumerate(classes):
        rows = data.y == data.labels[data.target_names.index(name)]
        across, up = data.info[x][rows], data.info[y][rows]
        ax.plot(across, up, MARKERS[k], color=COLORS[k], markersize=4, alpha=0.6, label=name)
        parts.append(f"{name}: median {x} {np.median(across):.2f}, {y} {np.median(up):.0f}")
    ax.set(xlabel=_label(x), ylabel=_label(y))
    ax.legend()
    return fig, f"{y.capitalize()} against {x}. {'; '.join(parts)}."


UNITS = {
    "maturity": "0 = young, 1 = grown",
    "chlorophyll": "ug/cm2",
    "anthocyanins": "ug/cm2",
    "water": "cm",
    "lesions": "share of the leaf",
    "area": "cm2",
}


def _label(key):
    return f"{key} ({UNITS[key]})" if key in UNITS else key
