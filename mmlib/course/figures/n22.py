"""Leaves day by day: their pictures, their series, and products across a lag."""

import numpy as np

from ...plots.style import COLORS, LINES, MARKERS, make_axes, style


@style()
def plot_films(films):
    """The pictures of some leaves, a row for each leaf and a column for each day.

    Parameters
    ----------
    films : mapping of str to ndarray of shape (days, height, width, 3)

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import numpy as np
    >>> plot_films({"one": np.zeros((3, 8, 8, 3), np.uint8)})[1]
    'Pictures of 3 days in a row: one.'
    """
    days = len(next(iter(films.values())))
    fig, axes = make_axes(len(films), 1, width=8, height=1.1 * len(films) + 0.3, squeeze=False)
    for ax, (name, film) in zip(axes[:, 0], films.items(), strict=True):
        ax.imshow(np.concatenate(list(film), axis=1))
        ax.set_yticks([])
        ax.set_ylabel(name.replace(" ", "\n"), rotation=0, ha="right", va="center")
        ax.set_xticks([])
        ax.spines[:].set_visible(False)
    size = film.shape[2]
    axes[-1, 0].set_xticks((np.arange(days) + 0.5) * size, range(days))
    axes[-1, 0].set_xlabel("day")
    axes[-1, 0].tick_params(length=0)
    return fig, f"Pictures of {days} days in a row: {', '.join(films)}."


@style()
def plot_series(leaves):
    """Two series of each leaf, as differences to their means over the days.

    Parameters
    ----------
    leaves : mapping of str to (ndarray of shape (days,), ndarray of shape (days,))
        Name of the leaf -> its water and its width, in logarithms.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> plot_series({"leaf": ([0.0, -1, 0], [0.0, 0, -1])})[1]
    'leaf: least water on day 1, narrowest on day 2.'
    """
    fig, axes = make_axes(1, len(leaves), width=8, height=3.0, sharey=True, squeeze=False)
    said = []
    for ax, (name, pair) in zip(axes[0], leaves.items(), strict=True):
        water, width = (np.asarray(x, float) - np.mean(x) for x in pair)
        for k, (label, values) in enumerate({"water": water, "width": width}.items()):
            ax.plot(values, color=COLORS[k], linestyle=LINES[k], marker=MARKERS[k], label=label)
        ax.axhline(0, color="0.6", linewidth=0.8, zorder=0)
        ax.set(title=name, xlabel="day")
        ax.set_xticks(range(len(water)))
        said.append(
            f"{name}: least water on day {water.argmin()}, narrowest on day {width.argmin()}"
        )
    axes[0, 0].set_ylabel("difference to the mean (log)")
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return fig, f"{'; '.join(said)}."


@style()
def plot_lags(lags, means, label="days from water to width"):
    """Mean products of two series against the lag, a line for each kind of leaf.

    Parameters
    ----------
    lags : array-like of shape (lags,)
    means : mapping of str to array-like of shape (lags,)
    label : str
        Of the horizontal axis.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        Where each line is highest.

    Examples
    --------
    >>> plot_lags([-1, 0, 1], {"dries first": [0.0, 0.1, 0.3]})[1]
    'Mean product against days from water to width: dries first is highest at 1.'
    """
    fig, ax = make_axes(width=6.4, height=3.4)
    for k, (name, values) in enumerate(means.items()):
        ax.plot(lags, values, color=COLORS[k], linestyle=LINES[k], marker=MARKERS[k], label=name)
    ax.axhline(0, color="0.6", linewidth=0.8, zorder=0)
    ax.set(xlabel=label, ylabel="mean product")
    ax.set_xticks(list(lags))
    fig.legend(loc="outside upper center", ncols=len(means))
    said = ", ".join(f"{name} is highest at {lags[int(np.argmax(v))]}" for name, v in means.items())
    return fig, f"Mean product against {label}: {said}."
