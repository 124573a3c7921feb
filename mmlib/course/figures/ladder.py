"""The one picture of the course: encoders -> fuse -> head, and where the modalities meet."""

import numpy as np

from ...plots.style import COLORS, make_axes, style

LADDER = {  # rung -> (what the meeting is called, the column where the modalities meet)
    "single": ("", None),
    "early": ("concatenate", 1),
    "late": ("average", 3),
    "intermediate": ("concatenate", 2),
    "attention": ("attend", 2),
    "contrastive": ("align", 2),
    "graph": ("link neighbors", 2),
    "tensor": ("multiply", 2),
}


@style()
def plot_ladder(where, modalities=("spectrum", "image")):
    """Where the modalities meet on one rung of the ladder: encoders -> fuse -> head.

    Parameters
    ----------
    where : {"single", "early", "late", "intermediate", "attention", "contrastive", "graph", \
"tensor"}
    modalities : pair of str

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> plot_ladder("late")[1]
    'Rung 3 of 8, late: spectrum -> encoder -> head and image -> encoder -> head -> fuse (average).'
    """
    if where not in LADDER:
        raise ValueError(f"There is no rung {where!r} on the ladder: {', '.join(LADDER)}.")
    verb, meet = LADDER[where]
    fuse = f"fuse ({verb})"
    apart = ["encoder", "head"] if meet in (None, 3) else ["encoder"] if meet == 2 else []
    shared = {None: [], 1: [fuse, "encoder", "head"], 2: [fuse, "head"], 3: [fuse]}[meet]
    low = 0.8 if meet is None else -0.6  # one modality needs one lane
    fig, ax = make_axes(width=7.4, height=2.2 * (2.6 - low) / 3.2)
    ax.set(xlim=(0, 8), ylim=(low, 2.6))
    ax.set_axis_off()
    for k, rung in enumerate(LADDER):
        here = rung == where
        _box(ax, (k + 0.5, 2.3), rung, bold=here, fill=COLORS[4] if here else "white", size=8.5)
    lanes = [(y, [name, *apart]) for y, name in zip((1.3, 0.0), modalities, strict=True)]
    for y, boxes in lanes if meet is not None else lanes[:1]:
        for k, label in enumerate(boxes):
            _box(ax, (0.8 + 2.0 * k, y), label)
            if k:
                _arrow(ax, (2.0 * k - 0.6, y), (0.15 + 2.0 * k, y))
        if shared:
            end = 2.0 * len(boxes)
            _arrow(ax, (end - 0.6, y), (end + 0.35, 0.65 + 0.2 * np.sign(y - 0.65)))
    for k, label in enumerate(shared):
        x = 2.0 * (1 + len(apart)) + 1.0 + 1.8 * k
        name = label.replace(" (", "\n(")
        _box(ax, (x, 0.65), name, bold=label == fuse, fill=COLORS[4] if label == fuse else "white")
        if k:
            _arrow(ax, (x - 1.1, 0.65), (x - 0.55, 0.65))
    if where == "contrastive":  # what it learns from: the two vectors of a sample
        look = {"arrowstyle": "<->", "color": COLORS[1], "linestyle": "--"}
        ax.annotate("", (2.8, 0.2), (2.8, 1.1), arrowprops=look)
        ax.text(2.65, 0.65, "vectors are\ncompared", ha="right", va="center", fontsize=9)
    paths = [" -> ".join(boxes) for _, boxes in (lanes if meet is not None else lanes[:1])]
    way = " and ".join(paths) + "".join(f" -> {label}" for label in shared)
    return fig, f"Rung {list(LADDER).index(where) + 1} of {len(LADDER)}, {where}: {way}."


def _box(ax, at, label, bold=False, fill="white", size=9.5):
    ax.text(
        *at, label, ha="center", va="center", fontsize=size, weight="bold" if bold else "normal",
        bbox={"boxstyle": "round,pad=0.4", "facecolor": fill, "edgecolor": "0.3"},
    )  # fmt: skip


def _arrow(ax, start, end):
    ax.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": "0.3"})
