"""Tones, pictures in two domains, a recording on its way to a table, and scores by speaker."""

import numpy as np
from matplotlib.ticker import MaxNLocator
from scipy.fft import fft2, fftshift, rfft

from ...plots.style import COLORS, LINES, MARKERS, make_axes, style


@style()
def plot_tones(signals, rate, around, reach=8):
    """How the energy of some signals is spread over the frequencies near a tone.

    At each frequency the bars stand in front of each other, each narrower than the one before.

    Parameters
    ----------
    signals : mapping of str to array of shape (samples,)
    rate : int
        Samples per second.
    around : float
        The frequency in the middle, in hertz.
    reach : int
        Frequencies shown on either side.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import numpy as np
    >>> tone = np.sin(2 * np.pi * 20 * np.arange(100) / 100)
    >>> plot_tones({"a tone": tone}, rate=100, around=20)[1]
    'Largest share of the energy at one frequency: a tone 100 % at 20 Hz.'
    """
    fig, ax = make_axes(width=6.8, height=3.2)
    said = []
    for k, (name, signal) in enumerate(signals.items()):
        energy = np.abs(rfft(signal)) ** 2
        share = 100 * energy / energy.sum()
        at = np.arange(len(share)) * rate / len(signal)
        shown = np.abs(at - around) <= reach
        ax.bar(at[shown], share[shown], 0.9 * 0.45**k, color=COLORS[k], edgecolor="white",
               hatch=["", "///", "..."][k % 3], label=name)  # fmt: skip
        said.append(f"{name} {share.max():.0f} % at {at[share.argmax()]:.0f} Hz")
    ax.set(xlabel="frequency (Hz)", ylabel="share of the energy (%)")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    fig.legend(loc="outside upper center", ncols=len(signals))
    return fig, f"Largest share of the energy at one frequency: {', '.join(said)}."


@style()
def plot_two_domains(pictures):
    """Pictures, how often each gray occurs in them, and how strong each frequency is.

    Parameters
    ----------
    pictures : mapping of str to array of shape (height, width)

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
        How far histograms and frequencies of the others differ from those of the first.

    Examples
    --------
    >>> import numpy as np
    >>> checks = np.indices((4, 4)).sum(0) % 2
    >>> plot_two_domains({"checks": checks, "sorted": np.sort(checks, axis=None).reshape(4, 4)})[1]
    'Between checks and sorted the histogram changes by 0 % and the frequencies change by 141 %.'
    """
    fig, axes = make_axes(len(pictures), 3, width=7, height=1.9 * len(pictures))
    axes = np.atleast_2d(axes)
    tables = []
    for row, (name, picture) in zip(axes, pictures.items(), strict=True):
        grays, counts = np.unique(picture, return_counts=True)
        size = np.abs(fft2(picture - np.mean(picture)))
        tables.append((dict(zip(grays.tolist(), counts.tolist(), strict=True)), size))
        row[0].imshow(picture, cmap="gray_r")
        row[1].bar(grays, counts, 0.8 * np.diff(grays).min(initial=1.0), color=COLORS[0])
        row[2].imshow(fftshift(size), cmap="gray_r")
        row[0].set_ylabel(name)
        for ax in row[[0, 2]]:
            ax.set_xticks([])
            ax.set_yticks([])
    for ax, title in zip(axes[0], ["pixels", "histogram of grays", "frequencies"], strict=True):
        ax.set_title(title, fontsize=10)
    axes[-1][1].set_xlabel("gray")
    axes[-1][2].set_xlabel("slow ones in the center")
    (one, first), *others = tables
    said = []
    for name, (two, second) in zip(list(pictures)[1:], others, strict=True):
        moved = sum(abs(one.get(g, 0) - two.get(g, 0)) for g in {*one, *two}) / sum(one.values())
        changed = np.linalg.norm(first - second) / np.linalg.norm(first)
        said.append(
            f"between {next(iter(pictures))} and {name} the histogram changes by {moved:.0%} and "
            f"the frequencies change by {changed:.0%}".replace("%", " %")
        )
    said = "; ".join(said)
    return fig, f"{said[0].upper()}{said[1:]}."


@style()
def plot_chain(sound, tables, rate=8000, step=80):
    """A recording, and the tables that are made of it, under one axis of time.

    Parameters
    ----------
    sound : array of shape (samples,)
    tables : mapping of str to (array of shape (frames, columns), str, pair of float)
        Title -> table, what its columns are, and the value of the first and of the last one.
    rate, step : int
        Samples per second, and from the start of a frame to the next.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import numpy as np
    >>> plot_chain(np.zeros(800), {"bands": (np.zeros((8, 26)), "band", (1, 26))})[1]
    'From 800 samples in 0.10 s: bands 8 x 26.'
    """
    fig, axes = make_axes(1 + len(tables), width=7, height=1.3 + 1.5 * len(tables), sharex=True)
    seconds = len(sound) / rate
    axes[0].plot(np.arange(len(sound)) / rate, sound, linewidth=0.6)
    axes[0].set(ylabel="pressure", xlim=(0, seconds))
    axes[0].set_title("recording", fontsize=10)
    for ax, (title, (table, columns, ends)) in zip(axes[1:], tables.items(), strict=True):
        half = (ends[1] - ends[0]) / (table.shape[1] - 1) / 2
        extent = (0, len(table) * step / rate, ends[0] - half, ends[1] + half)
        ax.imshow(table.T, aspect="auto", origin="lower", extent=extent, cmap="cividis")
        ax.set_title(title, fontsize=10)
        ax.set_ylabel(columns)
    axes[-1].set_xlabel("time (s)")
    said = ", ".join(f"{title} {t.shape[0]} x {t.shape[1]}" for title, (t, *_) in tables.items())
    return fig, f"From {len(sound)} samples in {seconds:.2f} s: {said}."


@style()
def plot_speakers(table, random, chance=0.1):
    """Accuracy for each new speaker, and what a random split says.

    Parameters
    ----------
    table : pandas.DataFrame of shape (models, speakers)
        Accuracy on a speaker whom the model has not heard.
    random : pandas.Series
        Model -> accuracy where recordings are dealt out at random.
    chance : float

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame([[0.5, 0.7]], ["MFCC"], ["ann", "ben"])
    >>> plot_speakers(table, pd.Series({"MFCC": 0.9}))[1]
    'Right answers, mean of 2 new speakers, and by a random split: MFCC 60 % and 90 %.'
    """
    fig, ax = make_axes(width=7, height=1.6 + 0.36 * len(table))
    at = np.arange(len(table))
    for k, speaker in enumerate(table):
        ax.plot(100 * table[speaker], at, MARKERS[0], color=COLORS[0], alpha=0.55,
                label="one new speaker" if not k else None)  # fmt: skip
    mean = 100 * table.mean(axis=1)
    ax.plot(mean, at, "|", color="black", markersize=16, markeredgewidth=2.5, label="their mean")
    other = 100 * random.loc[table.index]
    ax.plot(other, at, "x", color=COLORS[1], markersize=8, markeredgewidth=2, label="random split")
    ax.axvline(100 * chance, color="black", linestyle=LINES[3], label="chance")
    ax.set_yticks(at, table.index)
    ax.set(xlabel="right answers (%)", xlim=(0, 101))
    ax.invert_yaxis()
    fig.legend(loc="outside upper center", ncols=4)
    said = ", ".join(
        f"{name} {a:.0f} % and {b:.0f} %"
        for name, a, b in zip(table.index, mean, other, strict=True)
    )
    return fig, (
        f"Right answers, mean of {table.shape[1]} new speakers, and by a random split: {said}."
    )
