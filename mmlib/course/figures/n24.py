"""Cameras for land: which wavelengths they see, and how they rank under two splits."""

import numpy as np

from ...plots.style import COLORS, LINES, MARKERS, make_axes, style


@style()
def plot_bands(wavelengths, spectra, bands):
    """Mean spectra of some kinds of land, and the bands of a camera as gray stripes.

    Parameters
    ----------
    wavelengths : array-like of shape (wavelengths,), nm
    spectra : mapping of str to array-like of shape (wavelengths,)
    bands : mapping of str to (float, float), nm

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> plot_bands([400, 500], {"soil": [0.1, 0.2]}, {"blue": (450, 500)})[1]
    'Spectra of soil from 400 to 500 nm; bands: blue 450 to 500 nm.'
    """
    fig, ax = make_axes(width=7.4, height=3.8)
    for k, (name, values) in enumerate(spectra.items()):
        ax.plot(wavelengths, values, color=COLORS[k], linestyle=LINES[k], label=name)
    for k, (name, (low, high)) in enumerate(bands.items()):
        ax.axvspan(low, high, color="0.85", zorder=0)
        ax.text((low + high) / 2, 1.02 + 0.07 * (k % 2), name, ha="center", va="bottom",
                fontsize=9, transform=ax.get_xaxis_transform())  # fmt: skip
    ax.set(xlabel="wavelength (nm)", ylabel="light that comes back (scaled)")
    fig.legend(loc="outside lower center", ncols=min(4, len(spectra)))
    seen = ", ".join(f"{name} {low:g} to {high:g} nm" for name, (low, high) in bands.items())
    span = f"{np.min(wavelengths):g} to {np.max(wavelengths):g} nm"
    return fig, f"Spectra of {', '.join(spectra)} from {span}; bands: {seen}."


@style()
def plot_rankings(tables):
    """Mean accuracy of each camera with its interval, a panel for each way to split.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Way to split -> one row for each camera: "mean", "low", "high".

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        The ranking of each panel.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"mean": [0.7, 0.8], "low": [0.6, 0.7], "high": [0.8, 0.9]}, ["a", "b"])
    >>> plot_rankings({"by region": rows})[1]
    'By region, from the best: b 80 %, a 70 %.'
    """
    n = len(next(iter(tables.values())))
    fig, axes = make_axes(
        1, len(tables), width=8, height=1.2 + 0.34 * n, sharex=True, sharey=True, squeeze=False
    )
    said = []
    for k, (ax, (name, table)) in enumerate(zip(axes[0], tables.items(), strict=True)):
        mean = 100 * table["mean"].to_numpy()
        ends = np.abs(100 * table[["low", "high"]].to_numpy().T - mean)
        ax.errorbar(mean, np.arange(n), xerr=ends, fmt=MARKERS[k], color=COLORS[k], capsize=3)
        ax.set(title=name, xlabel="right answers (%)", ylim=(n - 0.5, -0.5))
        ax.set_yticks(range(n), table.index)
        order = table["mean"].sort_values(ascending=False, kind="stable")
        ranks = ", ".join(f"{camera} {100 * value:.0f} %" for camera, value in order.items())
        said.append(f"{name[:1].upper()}{name[1:]}, from the best: {ranks}.")
    return fig, " ".join(said)
