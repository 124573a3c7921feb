"""Accuracy against damage, and what a model sees at one degree of it."""

import numpy as np

from ...fusion.roles import presets_of
from ...plots.style import COLORS, LINES, MARKERS, make_axes, style


@style()
def plot_severity(table, found):
    """Accuracy of every model against severity, one panel for each corruption.

    Models named "<modality> only" are gray; the one whose modality is not damaged is the
    line that a fusion should not fall below.

    Parameters
    ----------
    table : pandas.DataFrame
        What `mmlib.evaluation.robustness.with_intervals` makes of `right_answers`: rows
        (corruption, severity, model), columns "mean", "low", "high".
    found : mapping of str to mmlib.data.corruptions.Corruption

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Raises
    ------
    ValueError
        When the table is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> from mmlib.data.corruptions import Corruption, picture_blur
    >>> found = {"blur": Corruption(picture_blur, "image", "pixels", (0, 4))}
    >>> rows = [("blur", 0, "early"), ("blur", 4, "early")]
    >>> rows += [("blur", 0, "spectrum only"), ("blur", 4, "spectrum only")]
    >>> index = pd.MultiIndex.from_tuples(rows, names=["corruption", "severity", "model"])
    >>> table = pd.DataFrame({"mean": [0.8, 0.5, 0.6, 0.6]}, index=index)
    >>> plot_severity(table.assign(low=0.1, high=0.9), found)[1]
    'Blur up to 4 pixels: fusions from 0.80 down to 0.50, spectrum only stays at 0.60.'
    """
    if not len(table):
        raise ValueError("There is no curve to draw.")
    kinds = list(dict.fromkeys(table.index.get_level_values("corruption")))
    columns = min(3, len(kinds))
    rows = -(-len(kinds) // columns)
    fig, axes = make_axes(
        rows, columns, 3.6 * columns, 2.7 * rows + 0.6, squeeze=False, sharey=True
    )
    for ax in axes.flat[len(kinds) :]:
        ax.set_axis_off()
    parts = []
    for ax, kind in zip(axes.flat, kinds, strict=False):
        means = table.loc[kind]["mean"].unstack("model", sort=False)
        healthy, fusions = _kinds(means, found[kind].modality)
        singles = [name for name in means if name not in fusions]
        places = np.arange(len(means))
        for k, name in enumerate(singles):
            ax.plot(
                places, means[name], color="0.45", lw=2.6, ls=LINES[1 + 2 * (k % 2)], label=name
            )
        for k, name in enumerate(fusions):
            look = {"color": COLORS[k % len(COLORS)], "marker": MARKERS[k % len(MARKERS)]}
            ax.plot(places, means[name], lw=1.2, ls="-", label=name, **look)
        unit, worst = found[kind].unit, means.index[-1]
        ax.set(title=kind, xlabel=unit, ylim=(0, 1))
        ax.set_xticks(places, [f"{s:g}" for s in means.index])
        sentence = f"{kind[0].upper()}{kind[1:]} up to {worst:g} {unit}: "
        if fusions:
            ends = [_span(means[fusions].iloc[k]) for k in (0, -1)]
            sentence += f"fusions from {ends[0]} down to {ends[1]}"
        parts.append(sentence + "".join(f", {n} stays at {means[n].iloc[-1]:.2f}" for n in healthy))
    for ax in axes[:, 0]:
        ax.set_ylabel("accuracy")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=5)
    return fig, "; ".join(parts) + "."


@style()
def plot_damage(table, data, found, corruption, step, rows=None):
    """What a model sees at one severity, above what it then gets right.

    A small window enlarges the first spectrum where it is steepest.

    Parameters
    ----------
    table, found
        See `plot_severity`.
    data : MultimodalData
        Of which some samples are damaged and shown.
    corruption : str
        A key of `found`.
    step : int
        Which of its severities: 0 for the first, which is usually no damage.
    rows : sequence of int, optional
        Samples to show; three from all over the data where nothing is said.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Raises
    ------
    ValueError
        For an unknown corruption or a step that it does not have.

    Examples
    --------
    See ``tests/course/test_n13.py``.
    """
    if corruption not in found:
        raise ValueError(f"There is no corruption {corruption!r}: {', '.join(found)}.")
    kind = found[corruption]
    if not 0 <= step < len(kind.severities):
        raise ValueError(f"step is {step}: it must lie between 0 and {len(kind.severities) - 1}.")
    rows = np.linspace(0, len(data) - 1, 3).astype(int) if rows is None else list(rows)
    severity, some = kind.severities[step], data.take(rows)
    seen = kind.damage(some.X, severity)[kind.modality]
    scores = table.loc[corruption].loc[severity]
    fig, (above, below) = make_axes(2, 1, 4.6, 4.9, height_ratios=[1, 1.5])
    if seen.ndim == 4:
        above.imshow(np.hstack(list(seen)))
        above.set_axis_off()
    else:
        axis = np.arange(seen.shape[1]) if kind.axis is None else kind.axis
        for k, (clean, spectrum) in enumerate(zip(some.X[kind.modality], seen, strict=True)):
            above.plot(axis, clean, color="0.6", lw=1, ls="-")
            above.plot(axis, spectrum, color=COLORS[k % 3], lw=1.2, ls=LINES[k % 3])
        above.set(xlabel="band" if kind.axis is None else "wavelength (nm)", ylabel="reflectance")
        if severity:
            _enlarge(above, axis, some.X[kind.modality][0])
    before = "" if seen.ndim == 4 or not severity else "\n(gray: before)"
    above.set_title(f"{corruption}, {severity:g} {kind.unit}{before}")
    places = np.arange(len(scores))[::-1]
    ends = [scores["mean"] - scores["low"], scores["high"] - scores["mean"]]
    below.errorbar(scores["mean"], places, xerr=ends, fmt="o", color=COLORS[0], lw=1.4)
    below.set(xlim=(0, 1), xlabel="accuracy, 95 % interval over plants")
    below.set_yticks(places, scores.index)
    healthy, fusions = _kinds(scores.index, kind.modality)
    text = f"{corruption[0].upper()}{corruption[1:]}, {severity:g} {kind.unit}: "
    text += f"fusions are right for {_span(100 * scores['mean'][fusions], 0)} %"
    for name in healthy:
        below.axvline(scores["mean"][name], color="0.45", ls="--", lw=1.2, zorder=0)
        text += f", {name} for {100 * scores['mean'][name]:.0f} %"
    return fig, text + "."


def _enlarge(ax, axis, spectrum):
    """A window where the spectrum is steepest, its first curve before and after, enlarged."""
    middle = np.abs(np.gradient(spectrum, axis)).argmax()
    part = slice(max(0, middle - 7), middle + 8)
    window = ax.inset_axes((0.7, 0.54, 0.28, 0.42))
    for line in ax.lines[:2]:
        look = {"color": line.get_color(), "lw": 1.4, "ls": line.get_linestyle()}
        window.plot(axis[part], line.get_ydata()[part], **look)
    window.set(yticks=[], xticks=[axis[part][0], axis[part][-1]])
    window.tick_params(labelsize=8)


def _kinds(models, damaged):
    """Names of the models of one undamaged modality, and of the fusions."""
    presets = presets_of(models)
    healthy = [n for n, p in presets.items() if p.alone and p.modalities != (damaged,)]
    return healthy, [name for name, preset in presets.items() if not preset.alone]


def _span(values, decimals=2):
    """Lowest to highest, or one number where these are the same."""
    low, high = f"{values.min():.{decimals}f}", f"{values.max():.{decimals}f}"
    return low if low == high else f"{low} to {high}"
