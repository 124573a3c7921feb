"""Pictures of scores: samples in the plane of two components."""

from itertools import combinations

import numpy as np

from .house import COLORS, MARKERS, make_axes, style


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
    >>> from mmlib.plots.components import plot_components
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
