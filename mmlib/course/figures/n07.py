"""Attention drawn where it belongs: on the tray, on the leaf, on the spectrum."""

import numpy as np
from matplotlib.colors import hsv_to_rgb
from matplotlib.patches import Rectangle

from ...plots.style import COLORS, LINES, MARKERS, make_axes, style


@style()
def plot_on_pictures(pictures, maps, truth=None, names=None):
    """Pictures, and below each the weights of its squares, darker for more.

    Parameters
    ----------
    pictures : ndarray of uint8, shape (n, height, width, 3)
    maps : array-like of shape (n, squares)
        Weights, row by row from the upper left, as many rows as columns.
    truth : array-like of bool, shape (n, squares), optional
        Squares to be framed: where something was planted.
    names : sequence of str, optional
        Titles.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Raises
    ------
    ValueError
        When the squares do not form a square grid.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.figures.n07 import plot_on_pictures
    >>> pictures = np.zeros((1, 4, 4, 3), np.uint8)
    >>> fig, said = plot_on_pictures(pictures, [[0.7, 0.1, 0.1, 0.1]], [[True] + 3 * [False]])
    >>> said.split(". ")[1]
    'On the framed 25 % of squares lies 70 % of the weight.'
    """
    maps = np.asarray(maps, float)
    n, side = len(maps), round(maps.shape[1] ** 0.5)
    if side**2 != maps.shape[1]:
        raise ValueError(f"{maps.shape[1]} squares do not form a square grid.")
    fig, axes = make_axes(2, n, 1.6 * n + 0.6, 3.5, squeeze=False)
    height, width = pictures.shape[1:3]
    darkest = max(maps.max(), 1e-9)
    for k in range(n):
        above, below = axes[:, k]
        above.imshow(pictures[k])
        grid = maps[k].reshape(side, side)
        below.imshow(grid, cmap="Greys", vmin=0, vmax=darkest,
                     extent=(-0.5, width - 0.5, height - 0.5, -0.5))  # fmt: skip
        if names is not None:
            above.set_title(names[k], fontsize=10)
        for square, weight in enumerate(maps[k]) if side <= 2 else ():  # few enough to read
            below.text((square % side + 0.5) * width / side - 0.5,
                       (square // side + 0.5) * height / side - 0.5, f"{weight:.2f}",
                       ha="center", va="center", fontsize=9,
                       color="white" if weight > 0.5 * darkest else "black")  # fmt: skip
        for square in np.flatnonzero(truth[k]) if truth is not None else ():
            down, across = divmod(int(square), side)
            for ax in (above, below):
                ax.add_patch(_frame(across * width / side, down * height / side,
                                    width / side, height / side))  # fmt: skip
        for ax in (above, below):
            ax.set_xticks([])
            ax.set_yticks([])
    axes[0, 0].set_ylabel("picture")
    axes[1, 0].set_ylabel(f"weight\nblack: {darkest:.2f}")
    text = (
        f"Weights of {n} {'picture' if n == 1 else 'pictures'}, white for 0, black for "
        f"{darkest:.2f}."
    )
    if truth is not None:
        truth = np.asarray(truth, bool)
        text += (
            f" On the framed {100 * truth.mean():.0f} % of squares lies "
            f"{100 * (maps * truth).sum(1).mean():.0f} % of the weight."
        )
    return fig, text


def _frame(x, y, width, height):

    box = (x - 0.5, y - 0.5), width, height
    return Rectangle(*box, fill=False, edgecolor=COLORS[1], linewidth=2.2)


@style()
def plot_on_spectrum(wavelengths, maps, planted, label="planted", what="weight", even=False):
    """A curve for each group over the windows of a spectrum, above what was planted there.

    Parameters
    ----------
    wavelengths : array-like of shape (windows,)
        Middle of each window, nm.
    maps : mapping of str to array-like of shape (windows,)
        Name -> mean weight, or whatever `what` says.
    planted : array-like of shape (windows,)
        Where the truth lies, such as how far water moves the reflectance there.
    label : str
        What was planted.
    what : str
        Label of the curves' axis.
    even : bool
        Draw what each window would get if all got the same.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Examples
    --------
    >>> from mmlib.course.figures.n07 import plot_on_spectrum
    >>> plot_on_spectrum([500, 1500], {"drought": [0.1, 0.9]}, [0.0, 0.2], "effect of water")[1]
    'Largest weight: drought at 1500 nm (0.90). Largest effect of water: at 1500 nm.'
    """
    wavelengths, planted = np.asarray(wavelengths), np.asarray(planted, float)
    fig, (ax, below) = make_axes(2, 1, 7.0, 4.2, sharex=True, height_ratios=(2.2, 1))
    parts = []
    for k, (name, values) in enumerate(maps.items()):
        values = np.asarray(values, float)
        ax.plot(wavelengths, values, label=name, color=COLORS[k], linestyle=LINES[k % len(LINES)],
                marker=MARKERS[k])  # fmt: skip
        best = int(values.argmax())
        parts.append(f"{name} at {wavelengths[best]:.0f} nm ({values[best]:.2f})")
    if even:
        ax.axhline(1 / len(wavelengths), color="0.35", linestyle=":", linewidth=1.2, label="equal")
    ax.set_ylabel(what)
    if min(map(np.min, maps.values()), default=0) >= 0:
        ax.set_ylim(bottom=0)  # shares are compared from zero
    ax.legend()
    step = np.diff(wavelengths).mean() if len(wavelengths) > 1 else 100
    below.bar(wavelengths, planted, 0.8 * step, color="0.6", edgecolor="0.3", hatch="//")
    below.set(xlabel="wavelength (nm), middle of the window", ylabel=label.replace(" of ", "\nof "))
    return fig, (
        f"Largest {what}: {', '.join(parts)}. Largest {label}: at "
        f"{wavelengths[int(planted.argmax())]:.0f} nm."
    )


HUES = (20, 80, 160, 220, 300, 340)  # degrees, of the kernels in `draw_weights`


def weights_by_hue(question, hues, sharpness):
    """Softmax of how alike the hues are: cosine of the difference, times `sharpness`.

    Examples
    --------
    >>> from mmlib.course.figures.n07 import weights_by_hue
    >>> weights_by_hue(0, [0, 180], sharpness=1).round(2).tolist()
    [0.88, 0.12]
    """
    scores = sharpness * np.cos(np.radians(np.asarray(hues, float) - question))
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


@style()
def draw_weights(question=100, sharpness=3.0, kernels=4):
    """How attention shares itself among kernels of several hues.

    Parameters
    ----------
    question : int
        Hue that is asked for, degrees.
    sharpness : float
        By which all scores are multiplied.
    kernels : int
        How many lie on the tray, 1 to 6.

    Returns
    -------
    fig : matplotlib.figure.Figure
    sentence : str

    Examples
    --------
    >>> from mmlib.course.figures.n07 import draw_weights
    >>> draw_weights(kernels=1)[1]
    'Asked for hue 100 among 1 kernel: the one of hue 20 gets weight 1.00.'
    """

    hues = np.array(HUES[:kernels])
    weights = weights_by_hue(question, hues, sharpness)
    fig, ax = make_axes(width=5.4, height=2.8)
    colors = hsv_to_rgb(np.stack([hues / 360, np.full(kernels, 0.45), np.full(kernels, 0.9)], 1))
    ax.bar(range(kernels), weights, color=colors, edgecolor="0.2")
    for k, weight in enumerate(weights):
        ax.text(k, weight + 0.02, f"{weight:.2f}", ha="center", fontsize=9)
    ax.set_xticks(range(kernels), [f"{hue}°" for hue in hues])
    ax.set(ylim=(0, 1.12), xlim=(-0.7, max(kernels, 4) - 0.3), ylabel="weight",
           xlabel=f"hue of the kernel (asked for: {question}°)")  # fmt: skip
    best = int(weights.argmax())
    among = f"{kernels} {'kernel' if kernels == 1 else 'kernels'}"
    who = f"the one of hue {hues[best]} gets weight"
    if kernels > 1 and np.ptp(weights) < 1e-9:
        who = "each gets weight"
    return fig, f"Asked for hue {question} among {among}: {who} {weights[best]:.2f}."
