"""What a block tells alone and after another, and the plots by which chemists read such models."""

import numpy as np

from ...plots.style import COLORS, LINES, MARKERS, make_axes, style


@style()
def plot_added(table, first="spectrum"):
    """What each block explains alone, and what it adds to another one.

    Parameters
    ----------
    table : pandas.DataFrame
        One row for each block; columns "alone", "added", and the ends "low" and "high" of the
        latter, as shares of the variance.
    first : str
        The block that is there already.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"alone": 0.5, "added": 0.01, "low": -0.01, "high": 0.03}
    >>> plot_added(pd.DataFrame([row], ["scent"]))[1]
    'Variance explained in new groups: scent 50 % alone, 1 % more after the spectrum.'
    """
    fig, ax = make_axes(width=6.4, height=1.6 + 0.6 * len(table))
    at = np.arange(len(table))
    alone, added = 100 * table["alone"], 100 * table["added"]
    ends = np.abs(100 * table[["low", "high"]].to_numpy().T - added.to_numpy())
    ax.barh(at - 0.18, alone, 0.34, color=COLORS[5], label="alone")
    ax.barh(at + 0.18, added, 0.34, xerr=ends, color=COLORS[1], hatch="//", edgecolor="white",
            capsize=3, label=f"added to the {first}, with its interval")  # fmt: skip
    ax.axvline(0, color="black", linewidth=0.8)
    ax.set_yticks(at, table.index)
    ax.invert_yaxis()
    ax.set(xlabel="variance of the target explained in new groups (%)")
    fig.legend(loc="outside upper center", ncols=2)
    said = ", ".join(
        f"{name} {a:.0f} % alone, {b:z.0f} % more after the {first}"
        for name, a, b in zip(table.index, alone, added, strict=True)
    )
    return fig, f"Variance explained in new groups: {said}."


@style()
def plot_mage(errors):
    """The Mage plot: error against the number of scores in all, a point for each combination.

    Parameters
    ----------
    errors : pandas.Series
        As `mmlib.fusion.held_out_error` gives it for SO-PLS on two blocks.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import pandas as pd
    >>> index = pd.MultiIndex.from_tuples([(1, 0), (0, 1), (1, 1)], names=["near", "far"])
    >>> plot_mage(pd.Series([0.5, 0.6, 0.2], index))[1]
    'Of 3 combinations 1 of near and 1 of far have the smallest error held out, 20 % of the variance.'
    """  # noqa: E501
    names = errors.index.names
    numbers = np.array([list(n) for n in errors.index])
    total, error = numbers.sum(1), 100 * errors.to_numpy()
    best = int(error.argmin())
    fig, ax = make_axes(width=6.8, height=4.2)
    mixed = (numbers > 0).all(1)
    kinds = {f"both blocks: {names[0]}, {names[1]}": mixed}
    kinds |= {f"{names[k]} alone": ~mixed & (numbers[:, k] > 0) for k in (0, 1)}
    for k, (label, some) in enumerate(kinds.items()):
        ax.plot(total[some], error[some], MARKERS[k], color=COLORS[k], markersize=4, label=label)
    counts = np.unique(total)
    lowest = [np.flatnonzero(total == n)[error[total == n].argmin()] for n in counts]
    ax.plot(counts, error[lowest], color="0.35", linewidth=1, zorder=0, label="lowest")
    ax.plot(total[best], error[best], "o", color="black", markersize=12, fillstyle="none")
    for k in lowest:
        if k == best or (mixed[k] and total[k] % 3 == 0 and abs(total[k] - total[best]) > 2):
            ax.annotate(f"{numbers[k][0]}, {numbers[k][1]}", (total[k], error[k]), (0, -9),
                        textcoords="offset points", ha="center", va="top", fontsize=9)  # fmt: skip
    ax.set(xlabel="latent variables in all", yscale="log")
    ax.set_xticks([n for n in counts if n == 1 or n % (1 if counts.max() < 5 else 5) == 0])
    ax.set_ylabel("error on plants held out (% of the variance)")
    low, high = error.min() * 0.72, min(error.max() * 1.1, 130)
    ticks = [n for n in (2, 3, 5, 10, 20, 30, 50, 100) if low <= n <= high]
    ax.set_yticks(ticks, [f"{n}" for n in ticks])
    ax.minorticks_off()
    ax.set_ylim(low, high)
    ax.legend(loc="upper right", fontsize=9)
    parts = " and ".join(f"{n} of {name}" for n, name in zip(numbers[best], names, strict=True))
    return fig, (
        f"Of {len(errors)} combinations {parts} have the smallest error held out, "
        f"{error[best]:.2g} % of the variance."
    )


@style()
def plot_orders(orders):
    """Variance explained when blocks come in different orders: a bar for each order.

    Parameters
    ----------
    orders : mapping of str to mapping of str to float
        Name of the order -> block -> what it adds in its turn, as a share of the variance.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> plot_orders({"a first": {"a": 0.8, "b": 0.1}})[1]
    'a first: a 80 %, then b 10 %, left over 10 %.'
    """
    fig, ax = make_axes(width=6.8, height=1.5 + 0.55 * len(orders))
    names = list(dict.fromkeys(name for parts in orders.values() for name in parts))
    said, seen = [], set()
    for row, (order, parts) in enumerate(orders.items()):
        start, texts = 0.0, []
        for name, share in parts.items():
            k = names.index(name)
            ax.barh(row, 100 * share, left=100 * start, color=COLORS[(0, 4)[k % 2]],
                    hatch=["", "//"][k % 2], edgecolor="white",
                    label=None if name in seen else name)  # fmt: skip
            ax.text(100 * (start + share / 2), row, f"{100 * share:.0f}", ha="center", va="center",
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})  # fmt: skip
            start += share
            seen.add(name)
            texts.append(f"{name} {100 * share:.0f} %")
        said.append(f"{order}: {', then '.join(texts)}, left over {100 * (1 - start):.0f} %")
    ax.set_yticks(range(len(orders)), list(orders))
    ax.invert_yaxis()
    ax.set(xlabel="variance explained in new plants (%)", xlim=(0, 100))
    fig.legend(loc="outside upper center", ncols=len(names))
    return fig, f"{'; '.join(said)}."


@style()
def plot_loadings(wavelengths, loadings, names):
    """Loadings of a spectrum along its wavelengths.

    Parameters
    ----------
    wavelengths : ndarray of shape (bands,), nm
    loadings : ndarray of shape (bands, scores)
    names : sequence of str
        Of the scores.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        Where each is largest in size.

    Examples
    --------
    >>> import numpy as np
    >>> plot_loadings(np.array([500, 510]), np.array([[0.1], [-0.7]]), ["score 1"])[1]
    'Loadings from 500 to 510 nm: score 1 is largest in size at 510 nm (-0.70).'
    """
    fig, ax = make_axes(width=7, height=3.4)
    said = []
    for k, (name, row) in enumerate(zip(names, loadings.T, strict=True)):
        ax.plot(wavelengths, row, color=COLORS[k], linestyle=LINES[k], label=name)
        top = int(np.abs(row).argmax())
        said.append(f"{name} is largest in size at {wavelengths[top]:g} nm ({row[top]:.2f})")
    ax.axhline(0, color="0.35", linewidth=0.8)
    ax.set(xlabel="wavelength (nm)", ylabel="loading")
    fig.legend(loc="outside upper center", ncols=len(names))
    ends = f"{wavelengths[0]:g} to {wavelengths[-1]:g} nm"
    return fig, f"Loadings from {ends}: {'; '.join(said)}."


@style()
def plot_saliences(table, target):
    """How much each block varies along each dimension of ComDim, and what it tells of the target.

    Parameters
    ----------
    table : pandas.DataFrame
        As `mmlib.fusion.saliences` gives it.
    target : sequence of float
        Share of the target's variance that each dimension explains.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import pandas as pd
    >>> plot_saliences(pd.DataFrame({"a": [0.5], "b": [0.4]}, index=[1]), [0.05])[1]
    'Dimension 1 holds 50 % of a, 40 % of b and explains 5 % of the target, the most of all.'
    """
    fig, ax = make_axes(width=7, height=3.4)
    at, width = np.arange(len(table)), 0.8 / table.shape[1]
    for k, name in enumerate(table.columns):
        ax.bar(at + (k - (table.shape[1] - 1) / 2) * width, 100 * table[name], width,
               color=COLORS[(0, 4, 2)[k % 3]], hatch=["", "//", ".."][k % 3], edgecolor="white",
               label=f"salience of the {name}")  # fmt: skip
    ax.plot(at, 100 * np.asarray(target), "D", color="black", label="of the target explained")
    ax.set_xticks(at, table.index)
    ax.set(xlabel="dimension of ComDim", ylabel="share of the variance (%)")
    fig.legend(loc="outside upper center", ncols=table.shape[1] + 1)
    best = int(np.argmax(target))

    def held(row):
        return ", ".join(f"{100 * table[n].iloc[row]:.0f} % of {n}" for n in table.columns)

    text = f"Dimension {table.index[0]} holds {held(0)} and explains {100 * target[0]:.0f} % of the"
    if best == 0:
        return fig, f"{text} target, the most of all."
    return fig, (
        f"{text} target. Dimension {table.index[best]} explains most of it, "
        f"{100 * target[best]:.0f} %, and holds {held(best)}."
    )
