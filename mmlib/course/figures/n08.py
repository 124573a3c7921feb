"""Pictures of retrieval (hits and misses) and of learning from few labels."""

import numpy as np

from ...evaluation.retrieval import closest, partner_ranks
from ...plots.style import COLORS, LINES, MARKERS, make_axes, style


@style()
def plot_retrieval(data, places, sample=0, ask="image", n=4):
    """What one sample finds: its own partner, and the closest of all, from left to right.

    Parameters
    ----------
    data : MultimodalData
        Two modalities, a picture and a spectrum, as measured.
    places : mapping of str to array-like of shape (samples, dim)
        Modality -> vectors that are compared by their cosine.
    sample : int
        Row of the one who asks.
    ask : str
        The modality that asks; the other one is searched.
    n : int
        How many of the closest are drawn.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Raises
    ------
    ValueError
        For an unknown modality, a row that does not exist, or other than two modalities.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.course.figures.n08 import plot_retrieval
    >>> leaves = mmlib.make_leaves(n_plants=5, leaves_per_plant=1)
    >>> perfect = dict.fromkeys(leaves.X, [[1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, 0, 0], [0, -1, 0]])
    >>> plot_retrieval(leaves, perfect, sample=2, n=1)[1].split(".")[0]
    'The image of leaf 2 (phosphorus deficiency) finds its own spectrum in place 1 of 5'
    """

    if len(list(places)) != 2 or ask not in places:  # len() of Samples counts samples
        raise ValueError(f"Two modalities are wanted, one of them {ask!r}: {', '.join(places)}.")
    if not 0 <= sample < len(data):
        raise ValueError(f"There is no sample {sample}: the last one is {len(data) - 1}.")
    (other,) = set(places) - {ask}
    rank = partner_ranks(places[ask], places[other])[sample]
    best = closest(np.asarray(places[ask])[[sample]], places[other], n)[0]
    names = [data.target_names[k] for k in np.searchsorted(data.labels, data.y)]

    fig, axes = make_axes(1, n + 2, 1.75 * (n + 2), 2.5)
    _draw(axes[0], data, ask, sample)
    axes[0].set_title(f"asks:\nleaf {sample}")
    _draw(axes[1], data, other, sample)
    axes[1].set_title(f"its own:\nplace {rank:g}")
    for place, (ax, row) in enumerate(zip(axes[2:], best, strict=True), 1):
        _draw(ax, data, other, row, None if row == sample else sample)
        ax.set_title(f"place {place}:\n" + ("its own" if row == sample else f"leaf {row}"))
        ax.set_xlabel(_short(names[row]))
    for ax in axes[:2]:
        ax.set_xlabel(_short(names[sample]))
    axes[0 if data.X[ask].ndim == 2 else 1].set_ylabel("reflectance")  # of the first spectrum
    alike = sum(names[row] == names[sample] for row in best)
    return fig, (
        f"The {ask} of leaf {sample} ({names[sample]}) finds its own {other} in place {rank:g} "
        f"of {len(data)}. {alike} of the {n} closest {'is' if alike == 1 else 'are'} of the same "
        "condition."
    )


@style()
def plot_few_labels(shares, labels, ceiling=None, what="ceiling"):
    """Share of right answers against the number of labels, one line for each model.

    Parameters
    ----------
    shares : mapping of str to array-like of shape (numbers of labels, draws)
        Model -> shares of right answers.
    labels : sequence of int
        Labels of each class.
    ceiling : float, optional
        The best reachable share.
    what : str
        What is written beside it.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        With the means at each number of labels.

    Raises
    ------
    ValueError
        When a model has another number of rows than there are labels.

    Examples
    --------
    >>> from mmlib.course.figures.n08 import plot_few_labels
    >>> plot_few_labels({"net": [[0.5, 0.7], [0.8, 0.9]]}, labels=[5, 50])[1]
    'Share right with 5 / 50 labels of each class: net 60 / 85 %.'
    """
    fig, ax = make_axes(width=7.4, height=3.8)
    parts = []
    for k, (name, values) in enumerate(shares.items()):
        values = np.asarray(values, float)
        if values.ndim != 2 or len(values) != len(labels):
            raise ValueError(f"{name!r} must have one row for each of the {len(labels)} numbers.")
        mean = values.mean(1)
        error = values.std(1, ddof=1) / np.sqrt(values.shape[1])
        look = {"color": COLORS[k % 7], "marker": MARKERS[k % 8], "linestyle": LINES[k % 5]}
        place = np.asarray(labels) * 1.012 ** (k - (len(shares) - 1) / 2)  # bars side by side
        ax.errorbar(place, mean, error, label=name, capsize=2, **look)
        parts.append(f"{name} {' / '.join(f'{100 * m:.0f}' for m in mean)} %")
    if ceiling is not None:
        ax.axhline(ceiling, color="0.35", linestyle=":", linewidth=1.2)
        ax.text(labels[0], ceiling, what, va="bottom", ha="left")
    ax.set(xscale="log", xlabel="labels of each class", ylabel="share right, new samples")
    ax.set_xticks(labels, [str(n) for n in labels])
    ax.minorticks_off()
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    many = " / ".join(str(n) for n in labels)
    return fig, f"Share right with {many} labels of each class: {', '.join(parts)}."


def _draw(ax, data, name, row, beside=None):
    """One sample of a modality; of a spectrum also another one, in gray, to compare."""
    x = data.X[name]
    if x.ndim == 4:
        ax.imshow(x[row])
        ax.set(xticks=[], yticks=[])
        for side in ("top", "right"):
            ax.spines[side].set_visible(True)
        return
    axis = data.axes.get(name, np.arange(x.shape[1]))
    if beside is not None:
        ax.plot(axis, x[beside], color="0.6", linestyle="--", linewidth=1)
    ax.plot(axis, x[row], color=COLORS[0], linestyle="-", linewidth=1.2)
    ax.set(yticks=[], xticks=[axis[0], axis[-1]], ylim=(0, 1.05 * float(x.max())))
    ax.set_xticklabels([f"{axis[0]:g}", f"{axis[-1]:g} {data.units.get(name, '')}"], fontsize=8)


def _short(name):
    return name.replace(" ", "\n", 1)
