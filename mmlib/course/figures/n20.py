"""Words as points, and how many labels their vectors save."""

import numpy as np
from sklearn.decomposition import PCA

from ...plots.style import COLORS, LINES, MARKERS, make_axes, style


@style()
def plot_words(vectors, kinds):
    """Words on the first two principal components of their vectors, each brought to length 1.

    Parameters
    ----------
    vectors : pandas.DataFrame of shape (words, size)
    kinds : mapping of str to sequence of str
        Name of a kind -> the words of this kind that are to be shown.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        For how many of these words the most similar one is of the same kind, and which are others.

    Examples
    --------
    >>> import pandas as pd
    >>> words = ["ashy", "burnt", "lime", "pear"]
    >>> table = pd.DataFrame([[3, 0], [1, 0.1], [0, 1], [0.1, 2]], words)
    >>> plot_words(table, {"roast": ["ashy", "burnt"], "fruit": ["lime", "pear"]})[1]
    'Of 4 words in 2 kinds, 4 are most similar to a word of their own kind.'
    """
    words = [word for some in kinds.values() for word in some]
    kind = np.repeat(np.arange(len(kinds)), [len(some) for some in kinds.values()])
    rows = vectors.loc[words].to_numpy(float)
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    alike = rows @ rows.T - 3 * np.eye(len(words))
    near = alike.argmax(1)
    other = np.flatnonzero(kind[near] != kind)
    place = PCA(2).fit_transform(rows)
    fig, ax = make_axes(width=6.4, height=4.2)
    for k, name in enumerate(kinds):
        x, y = place[kind == k].T
        ax.plot(x, y, MARKERS[k], color=COLORS[k], label=name)
    _label_points(ax, place, words)
    ax.set(xlabel="component 1", ylabel="component 2")
    ax.margins(x=0.16, y=0.08)
    ax.legend(loc="best")
    strays = ", ".join(f"{words[k]} (to {words[near[k]]})" for k in other)
    return fig, (
        f"Of {len(words)} words in {len(kinds)} kinds, {len(words) - len(other)} are most similar "
        f"to a word of their own kind{f'; not so {strays}' if strays else ''}."
    )


def _label_points(ax, place, words):
    """A word beside each point; of two that would collide the lower one moves down."""
    order = np.argsort(-place[:, 1], kind="stable")
    height, width = 0.048 * np.ptp(place[:, 1]), 0.2 * np.ptp(place[:, 0])
    taken = []
    for k in order:
        x, y = place[k]
        for other_x, other_y in taken:
            if abs(other_x - x) < width and other_y - y < height:
                y = other_y - height
        taken.append((x, y))
        ax.annotate(
            words[k], place[k], (x + 0.015 * np.ptp(place[:, 0]), y), va="center", fontsize=9
        )


@style()
def plot_label_savings(means, counting="TF-IDF"):
    """Accuracy of each model against the number of labeled tasters.

    Parameters
    ----------
    means : pandas.DataFrame
        As `mmlib.course.word_study.means` gives it.
    counting : str
        The model that the sentence holds the others against.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> from mmlib.course.word_study import means, stored
    >>> plot_label_savings(means(stored()))[1].startswith("Ahead of TF-IDF on average")
    True
    """
    names = list(dict.fromkeys(means.index.get_level_values("model")))
    tasters = sorted(set(means.index.get_level_values("tasters")))
    fig, ax = make_axes(width=7.2, height=3.8)
    for k, name in enumerate(names):
        rows = means.loc[name]
        ends = 100 * np.abs(rows[["low", "high"]].to_numpy().T - rows["mean"].to_numpy())
        ax.errorbar(
            rows.index * 1.07 ** (k - 2), 100 * rows["mean"], ends, color=COLORS[k], capsize=2,
            linestyle=LINES[k], marker=MARKERS[k], linewidth=2.5 if name == counting else 1.2,
            elinewidth=1, label=name,
        )  # fmt: skip
    ax.axhline(25, color="black", linestyle=":", label="chance")
    ax.set(xscale="log", xlabel="labeled tasters", ylabel="right answers, new tasters (%)")
    ax.set_xticks(tasters, [str(n) for n in tasters])
    ax.minorticks_off()
    ax.legend(loc="upper left", ncols=2)
    ax.set_ylim(22, 62)
    table = means["mean"].unstack("tasters").loc[names]
    ahead = (table.drop(counting) > table.loc[counting]).sum()
    said = ", ".join(f"{ahead[n]} with {n}" for n in tasters)
    return fig, f"Ahead of {counting} on average, of {len(names) - 1} kinds of vectors: {said}."
