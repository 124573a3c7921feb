"""Pictures of a quantity: what an area was read from, intervals, and kept promises."""

import numpy as np

from ...evaluation.conformal import coverage_over_splits
from ...plots.style import COLORS, make_axes, style


@style()
def plot_areas(images, masks, areas, true):
    """Pictures with the outline of what was taken for the object, and the area read from it.

    Parameters
    ----------
    images : ndarray of uint8, shape (samples, height, width, 3)
    masks : ndarray of bool, shape (samples, height, width)
    areas, true : array-like of shape (samples,)
        As read and as it is, cm2.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import numpy as np
    >>> mask = np.zeros((1, 9, 9), bool)
    >>> mask[0, 3:6, 2:7] = True
    >>> plot_areas(np.zeros((1, 9, 9, 3), np.uint8), mask, [9.0], [12.0])[1]
    'Area read and true area (cm2): 9.0 for 12.0.'
    """
    fig, axes = make_axes(1, len(images), 1.75 * len(images), 2.2, squeeze=False)
    for ax, image, mask, area, truth in zip(axes[0], images, masks, areas, true, strict=True):
        ax.imshow(image)
        ax.contour(mask, [0.5], colors="black", linewidths=3, linestyles="solid")
        ax.contour(mask, [0.5], colors=COLORS[4], linewidths=1.5, linestyles="solid")
        ax.set_title(f"read {area:.1f} cm²\ntrue {truth:.1f} cm²", fontsize=9)
        ax.set_axis_off()
    pairs = ", ".join(
        f"{area:.1f} for {truth:.1f}" for area, truth in zip(areas, true, strict=True)
    )
    return fig, f"Area read and true area (cm2): {pairs}."


@style()
def plot_intervals(y, intervals, quantity="quantity", every=1):
    """Intervals in the order of the true values, which are points; misses are marked.

    Parameters
    ----------
    y : array-like of shape (samples,)
    intervals : mapping of str to array-like of shape (samples, 2)
        Name -> low and high end of each sample; one panel for each name.
    quantity : str
        With its unit.
    every : int
        Draw only one of so many samples; what is said is about all of them.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> plot_intervals([1.0, 2.0], {"tight": [[0, 2], [0, 1]]}, "sugar (%)")[1]
    'Intervals for sugar (%) of 2 samples. Tight: 50 % hold the truth, mean width 1.50.'
    """
    y = np.asarray(y, float)
    order = np.argsort(y, kind="stable")[::every]
    place = np.arange(len(order)) * every + 1
    fig, axes = make_axes(1, len(intervals), 3.6 * len(intervals), 3.3, squeeze=False, sharey=True)
    parts = []
    for ax, (name, ends) in zip(axes[0], intervals.items(), strict=True):
        low, high = np.asarray(ends, float).T
        hit = (low <= y) & (y <= high)
        held = hit[order]
        ax.vlines(place, low[order], high[order], color=COLORS[5], linewidth=2, label="interval")
        ax.plot(place[held], y[order][held], ".", color=COLORS[0], markersize=4, label="inside")
        ax.plot(place[~held], y[order][~held], "x", color=COLORS[1], markersize=6, label="missed")
        some = f"; one of {every} is drawn" if every > 1 else ""
        ax.set(title=name, xlabel=f"samples, by true value{some}")
        width = f"{(high - low).mean():.2f}"
        parts.append(
            f"{name[0].upper() + name[1:]}: {100 * hit.mean():.0f} % hold the truth, "
            f"mean width {width}."
        )
    axes[0, 0].set_ylabel(quantity)
    axes[0, 0].legend(loc="upper left")
    return fig, f"Intervals for {quantity} of {len(y)} samples. {' '.join(parts)}"


@style()
def plot_promise(scores, groups, level=0.9, n_groups=20, unit="%", factor=100, what="plants"):
    """What is kept of a promise when it is calibrated on few groups, again and again.

    Parameters
    ----------
    scores, groups, level, n_groups
        As for `mmlib.evaluation.conformal.coverage_over_splits`.
    unit, factor : str, float
        Radii are shown times `factor`, in this unit.
    what : str
        What a group is, in the plural.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import numpy as np
    >>> errors = np.random.default_rng(0).random(300)
    >>> plot_promise(errors, np.arange(300) // 5, level=0.95, n_groups=9)[1]
    '9 plants cannot promise 95 %: 19 are needed.'
    """

    coverages, radii = coverage_over_splits(scores, groups, level, n_groups)
    fig, ax = make_axes(width=5.4, height=2.9)
    ax.set(
        xlim=(50, 100.5), xlabel="truths inside, of all other samples (%)",
        ylabel="calibrations", yticks=[],
    )  # fmt: skip
    ax.axvline(100 * level, color=COLORS[1], linestyle="--", label="promised")
    if np.isinf(radii).any():
        ax.text(0.5, 0.4, "too few:\nno finite interval", transform=ax.transAxes, ha="center")
        ax.legend(loc="upper left")
        need = int(np.ceil(level / (1 - level) - 1e-9))
        return fig, f"{n_groups} {what} cannot promise {100 * level:.0f} %: {need} are needed."
    ax.hist(100 * coverages, bins=np.arange(50, 101, 1), color=COLORS[0], alpha=0.75)
    ax.axvline(100 * coverages.mean(), color="black", linestyle="-", label="kept on average")
    ax.legend(loc="upper left")
    low, high = np.quantile(100 * coverages, [0.05, 0.95])
    return fig, (
        f"{n_groups} {what} calibrate {100 * level:.0f} %: kept {100 * coverages.mean():.0f} % on "
        f"average, mostly {low:.0f} to {high:.0f} %; plus or minus "
        f"{factor * np.median(radii):.0f} {unit}. Less than promised: "
        f"{(coverages < level).sum()} of {len(coverages)}."
    )
