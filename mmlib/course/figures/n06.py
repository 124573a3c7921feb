"""The picture of a training: loss after each epoch, on training leaves and on others."""

import numpy as np

from ...plots.style import COLORS, make_axes, style


@style()
def plot_losses(curves, top=None):
    """Loss of training and of validation after each epoch, one panel for each net.

    Parameters
    ----------
    curves : mapping of str to array-like of shape (epochs, 2)
        Name of the net -> (training loss, validation loss) after each epoch. A single net is
        named by the description only.

    top : float, optional
        Where the vertical axis ends, so that pictures of several nets can be compared.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Raises
    ------
    ValueError
        When there is no curve, or one has another shape.

    Examples
    --------
    >>> from mmlib.course.figures.n06 import plot_losses
    >>> fig, description = plot_losses({"tiny net": [(1.0, 1.2), (0.5, 0.9), (0.1, 1.1)]})
    >>> description.split("; ")[1]
    'validation loss lowest (0.9) after epoch 2, 1.1 in the end.'
    """
    curves = {name: np.asarray(curve, float) for name, curve in curves.items()}
    for name, curve in curves.items():
        if curve.ndim != 2 or curve.shape[1] != 2 or not len(curve):
            raise ValueError(f"The curve of {name!r} must hold two losses for each epoch.")
    if not curves:
        raise ValueError("There is no curve to draw.")
    n = len(curves)
    fig, axes = make_axes(1, n, 4.8 if n == 1 else 3.4 * n, 3.1, squeeze=False, sharey=True)
    parts = []
    for ax, (name, curve) in zip(axes[0], curves.items(), strict=True):
        epochs, best = np.arange(1, len(curve) + 1), int(curve[:, 1].argmin())
        ax.plot(epochs, curve[:, 0], color=COLORS[0], linestyle="-", label="training")
        ax.plot(epochs, curve[:, 1], color=COLORS[1], linestyle="--", label="validation")
        ax.plot(epochs[best], curve[best, 1], "o", color=COLORS[1], label="lowest validation")
        ax.set(xlabel="epoch", title=name if n > 1 else "", ylim=(0, top))
        parts.append(
            f"{name[0].upper() + name[1:]}: training loss {curve[0, 0]:.1f} to {curve[-1, 0]:.1f} "
            f"in {len(curve)} epochs; validation loss lowest ({curve[best, 1]:.1f}) after epoch "
            f"{epochs[best]}, {curve[-1, 1]:.1f} in the end."
        )
    axes[0, 0].set_ylabel("loss")
    axes[0, 0].legend()
    return fig, " ".join(parts)
