"""The four knobs as a picture: turn a signal up or down, see what each observer can reach."""

from ...plots.house import COLORS, make_axes, style
from .ceilings import limits

BARS = {
    "spectrum": "spectrum\nalone",
    "image": "picture\nalone",
    "late": "late fusion\n(product)",
    "joint": "both\ntogether",
}
HATCHES = ("", "//", "..", "xx")


@style()
def draw_knobs(water=1.0, lesions=1.0, redness=1.0, synergy=1.0):
    """Best reachable accuracy of four observers of the simulated leaves.

    Parameters
    ----------
    water, lesions, redness, synergy : float
        Strength of each signal, as in `mmlib.make_leaves`.

    Returns
    -------
    fig : matplotlib.figure.Figure
    sentence : str

    Examples
    --------
    >>> from mmlib.data.leaves.knobs import draw_knobs
    >>> draw_knobs(lesions=0, redness=0, synergy=0)[1]
    'Spectrum 37 %, picture 20 %, late 37 %, both 37 %: the second instrument adds 0 points.'
    """
    reach = limits(water, lesions, redness, synergy, points=60)
    fig, ax = make_axes(width=5.6, height=2.9)
    bars = ax.bar(list(BARS.values()), [reach[key] for key in BARS], color=COLORS[:4], alpha=0.75)
    for bar, hatch, value in zip(bars, HATCHES, (reach[key] for key in BARS), strict=True):
        bar.set(hatch=hatch, edgecolor="white")
        ax.annotate(
            f"{value:.2f}", (bar.get_x() + bar.get_width() / 2, value), ha="center", va="bottom"
        )
    ax.axhline(0.2, color="0.35", linestyle=":", linewidth=1.2)
    ax.annotate("chance", (1.01, 0.2), xycoords=("axes fraction", "data"), va="center")
    ax.set(ylim=(0, 1.05), ylabel="best accuracy")
    points = {key: round(100 * value) for key, value in reach.items()}
    gain = round(100 * (reach["joint"] - max(reach["spectrum"], reach["image"])))
    sentence = (
        f"Spectrum {points['spectrum']} %, picture {points['image']} %, late {points['late']} %, "
        f"both {points['joint']} %: the second instrument adds {gain} points."
    )
    lost = round(100 * (reach["joint"] - reach["late"]))
    if lost > 0:
        sentence += f" Late fusion leaves {lost} of them on the table."
    return fig, sentence
