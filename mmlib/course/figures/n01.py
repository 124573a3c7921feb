"""Notebook 01: single spectra, what preprocessing does to them, samples by two components."""

from itertools import combinations

import numpy as np
from chemotools.derivative import SavitzkyGolay
from chemotools.scatter import StandardNormalVariate

from ...plots.style import COLORS, LINES, MARKERS, make_axes, style


@style()
def plot_curves(wavelengths, curves, quantity="reflectance", mark=None, distance=True):
    """A few spectra as lines, told apart by color, dashes and name.

    Parameters
    ----------
    wavelengths : array-like of shape (bands,), nm
    curves : mapping of str to array-like of shape (bands,)
        Name -> spectrum.
    quantity : str
        Label of the vertical axis.
    mark : float, optional
        A wavelength (nm) to point at; the description gives the values there.
    distance : bool
        Of two curves, say how far apart they are. It means nothing for loadings.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        The distance of two curves is the mean of their absolute differences, over the
        standard deviation of the first one along its bands.

    Examples
    --------
    >>> from mmlib.course.figures.n01 import plot_curves
    >>> curves = {"A": [0.1, 0.5, 0.3], "B": [0.2, 0.5, 0.3], "C": [0.4, 0.5, 0.3]}
    >>> plot_curves([500, 600, 700], curves, mark=500)[1]
    'Reflectance of A, B and C from 500 to 700 nm; at 500 nm A has 0.10, B has 0.20, C has 0.40.'
    """
    wavelengths = np.asarray(wavelengths, float)
    fig, ax = make_axes(height=3.2)
    for k, (name, values) in enumerate(curves.items()):
        color, dashes = COLORS[k % len(COLORS)], LINES[k % len(LINES)]
        ax.plot(wavelengths, values, color=color, linestyle=dashes, label=name)
    ax.set(xlabel="wavelength (nm)", ylabel=quantity)
    if len(curves) > 1:
        ax.legend()
    span = f"from {wavelengths.min():g} to {wavelengths.max():g} nm"
    *others, last = curves
    names = f"{', '.join(others)} and {last}" if others else last
    text = f"{quantity[:1].upper()}{quantity[1:]} of {names} {span}"
    if mark is not None:
        ax.axvline(mark, color="0.35", linestyle=":", linewidth=1.2)
        ax.text(mark, 1, f" {mark:g} nm", transform=ax.get_xaxis_transform(), va="top")
        band = int(np.argmin(abs(wavelengths - mark)))
        values = ", ".join(f"{name} has {v[band]:.2f}" for name, v in curves.items())
        text += f"; at {wavelengths[band]:g} nm {values}"
    if distance and len(curves) == 2:
        one, other = (np.asarray(values, float) for values in curves.values())
        gap = abs(one - other).mean() / max(one.std(), 1e-12)
        text += f". On average they differ by {gap:.2f} of a curve's own standard deviation"
    return fig, f"{text}."


@style()
def plot_preprocessed(data, a, b, derivative=0, window_length=11, snv=False, n=6):
    """Spectra of two classes after a derivative and a scatter correction.

    Parameters
    ----------
    data : MultimodalData
        Has a "spectrum" with its wavelengths in ``data.axes``.
    a, b : str
        Names of two classes.
    derivative : int
        Order of the Savitzky-Golay derivative; 0 smooths only.
    window_length : int
        Width of its window in bands, odd, at least 3.
    snv : bool
        Standard normal variate afterwards.
    n : int
        Spectra of each class to draw, of different groups where there are groups.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        Says how far apart the class means are at the best single band, in standard
        deviations within a class. The band was chosen on these very samples, so the
        number is a little flattering.

    Raises
    ------
    ValueError
        For an unknown class.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.course.figures.n01 import plot_preprocessed
    >>> leaves = mmlib.make_leaves(n_plants=40)
    >>> plot_preprocessed(leaves, "healthy", "drought", snv=True)[1].split(":")[0]
    'Smoothed over 11 bands, then SNV'
    """

    for name in (a, b):
        if name not in data.target_names:
            raise ValueError(f"There is no class {name!r}: {', '.join(data.target_names)}.")
    order = min(2, window_length - 1)
    step = SavitzkyGolay(window_length=window_length, polyorder=order, deriv=derivative)
    values = step.fit_transform(np.asarray(data.X["spectrum"], float))
    if snv:
        values = StandardNormalVariate().fit_transform(values)
    groups = np.arange(len(data)) if data.groups is None else data.groups
    wavelengths = np.asarray(data.axes["spectrum"])
    fig, ax = make_axes(width=4.6, height=3.2)
    parts = []
    for k, name in enumerate((a, b)):
        rows = np.flatnonzero(data.y == data.labels[data.target_names.index(name)])
        parts.append(values[rows])
        drawn = rows[np.unique(groups[rows], return_index=True)[1][:n]]
        lines = ax.plot(wavelengths, values[drawn].T, color=COLORS[k], linestyle=LINES[k], lw=1)
        lines[0].set_label(name)
    gap = abs(parts[0].mean(0) - parts[1].mean(0))
    apart = gap / np.sqrt((parts[0].var(0) + parts[1].var(0)) / 2 + 1e-12)
    best = int(apart.argmax())
    ax.axvline(wavelengths[best], color="0.35", linestyle=":", linewidth=1.2)
    what = "smoothed" if not derivative else {1: "first", 2: "second"}[derivative] + " derivative"
    label = ("smoothed reflectance" if not derivative else what) + (", SNV" if snv else "")
    ax.set(xlabel="wavelength (nm)", ylabel=label)
    ax.legend()
    return fig, (
        f"{what.capitalize()} over {window_length} bands{', then SNV' if snv else ''}: "
        f"{a} and {b} lie {apart[best]:.1f} standard deviations apart at the best single band, "
        f"{wavelengths[best]:g} nm."
    )


@style()
def plot_components(scores, data, classes=None, pairs=((1, 2), (3, 4))):
    """Scores of each class, one panel for each pair of components.

    Parameters
    ----------
    scores : array-like of shape (samples, components)
        As PCA or PLS gives them for all samples of `data`.
    data : MultimodalData
        With classes.
    classes : sequence of str, optional
        Names of the classes to draw; all when not given.
    pairs : sequence of (int, int)
        Components to draw against each other, counted from 1.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        How far apart the two most distant class means are in each panel, in standard
        deviations within the classes (Mahalanobis distance).

    Raises
    ------
    ValueError
        For an unknown class.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib import MultimodalData
    >>> from mmlib.course.figures.n01 import plot_components
    >>> data = MultimodalData({"size": [[0.0]] * 4}, y=["a", "a", "b", "b"])
    >>> scores = np.array([[0, 1], [2, -1], [4, 1], [6, -1]])
    >>> plot_components(scores, data, pairs=[(1, 2)])[1].split(": ")[0]
    'Scores of 4 samples in 2 classes. Components 1 and 2'
    """
    scores = np.asarray(scores, float)
    classes = list(classes or data.target_names)
    for name in classes:
        if name not in data.target_names:
            raise ValueError(f"There is no class {name!r}: {', '.join(data.target_names)}.")
    parts = [scores[data.y == data.labels[data.target_names.index(name)]] for name in classes]
    fig, axes = make_axes(1, len(pairs), 4.5 * len(pairs), 3.8, squeeze=False)
    said = []
    for ax, pair in zip(axes[0], pairs, strict=True):
        columns = [component - 1 for component in pair]
        for k, part in enumerate(parts):
            color, marker = COLORS[k % len(COLORS)], MARKERS[k % len(MARKERS)]
            x, y = part[:, columns].T
            ax.plot(x, y, marker, color=color, alpha=0.45, markersize=4, label=classes[k])
        ax.set(xlabel=f"component {pair[0]}", ylabel=f"component {pair[1]}")
        apart, a, b = _furthest([part[:, columns] for part in parts])
        said.append(
            f"Components {pair[0]} and {pair[1]}: furthest apart are {classes[a]} and "
            f"{classes[b]}, by {apart:.1f} standard deviations."
        )
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=5)
    n = sum(map(len, parts))
    return fig, f"Scores of {n} samples in {len(classes)} classes. {' '.join(said)}"


def _furthest(parts):
    """The largest distance of two class means, and which two."""
    within = np.mean([np.cov(part.T) for part in parts], axis=0)
    inverse = np.linalg.pinv(within)
    means = [part.mean(axis=0) for part in parts]

    def distance(a, b):
        gap = means[a] - means[b]
        return float(np.sqrt(gap @ inverse @ gap))

    return max((distance(a, b), a, b) for a, b in combinations(range(len(parts)), 2))
