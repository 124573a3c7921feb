"""One split is a lottery: how often does it name the wrong model?"""

import numpy as np

from ...plots.style import COLORS, make_axes, style


def simulate_splits(
    accuracy=0.80, gain=0.02, n_test=100, splits=1000, agreement=0.7, random_state=0
):
    """Measured gain of a better model over a worse one, for many single splits.

    Parameters
    ----------
    accuracy : float
        True accuracy of the worse model.
    gain : float
        How much better the other one truly is.
    n_test : int
        Test samples of a split.
    splits : int
    agreement : float
        Share of samples on which both models are right or wrong for the same reason.
    random_state : int

    Returns
    -------
    ndarray of shape (splits,)
        Accuracy of the better minus that of the worse model.

    Examples
    --------
    >>> from mmlib.course.figures.n03 import simulate_splits
    >>> bool((simulate_splits(gain=0.0) > 0).mean() > 0.3)  # equal models: a coin
    True
    """
    rng = np.random.default_rng(random_state)
    shared = rng.random((splits, n_test)) < agreement
    common, own = rng.random((2, splits, n_test))
    worse = common < accuracy
    better = np.where(shared, common, own) < accuracy + gain
    return better.mean(1) - worse.mean(1)


@style()
def draw_lottery(gain=0.02, test_samples=100, splits=1):
    """Histogram of the measured gain when each study averages some splits.

    The worse model is right for 80 % of all samples. The splits are drawn as if each had its
    own test samples, which flatters them.

    Returns
    -------
    fig : matplotlib.figure.Figure
    sentence : str
    """
    measured = simulate_splits(gain=gain, n_test=test_samples, splits=1000 * splits)
    # Whole samples, so that a tie is exactly zero and not 1e-17.
    won = np.rint(test_samples * measured).astype(int).reshape(1000, splits).sum(1)
    measured = 100 * won / (test_samples * splits)
    fig, ax = make_axes(width=5.6, height=2.8)
    shown = np.clip(measured, -20, 20)
    _, _, (misled, _) = ax.hist(
        [shown[won <= 0], shown[won > 0]], np.arange(-20.5, 21), stacked=True,
        color=[COLORS[1], COLORS[0]], alpha=0.75,
    )  # fmt: skip
    for bar in misled:
        bar.set(hatch="//", edgecolor="white")
    ax.axvline(100 * gain, color="black", linestyle="--", linewidth=1.2)
    ax.set(xlabel="measured gain (points)", ylabel="studies of 1000", xlim=(-20.5, 20.5))
    truth = f"Truly right are 80 % and {80 + 100 * gain:.0f} % (dashed: the gain)."
    seen = f"{100 * (won <= 0).mean():.0f} % of studies see no gain or a loss (hatched)."
    if gain == 0:
        truth = "Both models are equally good, truly right for 80 % (dashed: no gain)."
        seen = f"{100 * (won > 0).mean():.0f} % of studies see a gain all the same (not hatched)."
    tried = f"{test_samples} test samples and {splits} split{'' if splits == 1 else 's'}"
    return fig, f"{truth} With {tried}, {seen}"
