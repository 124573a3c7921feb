"""What to do with spectra, chosen by errors on groups held out inside the training part."""

from typing import NamedTuple

import numpy as np
from sklearn.preprocessing import StandardScaler

from .held_out import best_setting, held_out_errors
from .pretreatments import pretreatments
from .remembered import remembered

FEW = 12  # samples below which pretreatments are not told apart
# What tells nothing alone may tell something beside a picture, so a block keeps ten at least.
PRINCIPAL = (10, 15, 20, 30, 40, 60)


class Setting(NamedTuple):
    """A pretreatment, whether each band is divided by its spread, and how many components.

    Examples
    --------
    >>> from mmlib.features.spectrum_choice import Setting
    >>> print(Setting("SNV", False, 15))
    SNV, centered, 15 components
    """

    pretreatment: str
    autoscaled: bool
    n_components: int

    def __str__(self):
        scaling = "autoscaled" if self.autoscaled else "centered"
        plural = "" if self.n_components == 1 else "s"
        return f"{self.pretreatment}, {scaling}, {self.n_components} component{plural}"

    def steps(self, found):
        """Unfitted transformers, the pretreatment out of `found`, see `pretreatments`."""
        return [*found[self.pretreatment], StandardScaler(with_std=self.autoscaled)]


def choose_setting(X, y, groups, scores, counts, random_state=0):
    """The pretreatment, the scaling and the number of components that held-out groups favor.

    Parameters
    ----------
    X : ndarray of shape (samples, bands)
    y : ndarray of shape (samples,), or None
    groups, scores, counts, random_state
        See `mmlib.features.held_out.held_out_errors`.

    Returns
    -------
    (Setting or None, str)
        None where nothing can be chosen; the text says what was done, or why not.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.component_errors import principal
    >>> from mmlib.features.spectrum_choice import choose_setting
    >>> X = np.random.default_rng(0).normal(size=(8, 60))
    >>> choose_setting(X, X[:, 0], None, principal, [5])[1]
    'not chosen: fewer than 12 samples'
    """
    why_not = _why_not(X, y, groups)
    if why_not:
        return None, f"not chosen: {why_not}"
    # Who takes fewer of them asks the same question, and takes the first part of the answer.
    asked = PRINCIPAL if PRINCIPAL[: len(counts)] == tuple(counts) else tuple(counts)
    settings, rows, numbers = [], [], []
    for name, autoscaled, errors in _tried(X, y, groups, scores, asked, random_state):
        best = best_setting(errors[: len(counts)], groups, slack=0)
        settings.append(Setting(name, autoscaled, counts[best]))
        rows.append(errors[best])
        numbers.append(len(counts))
    if not rows:
        return None, "not chosen: nothing varies"
    rows = np.array(rows)
    setting = settings[best_setting(rows, groups)]
    unit = "groups" if groups is not None else "samples"
    return (
        setting,
        f"the simplest of {sum(numbers)} settings as good as the best on {unit} held out",
    )


@remembered(most=12)  # training parts: the models of a comparison ask about the same few
def _tried(X, y, groups, scores, counts, random_state):
    """Each pretreatment and scaling, with the errors of each number of components."""
    tried = []
    for name, steps in pretreatments(X).items():
        treated = X
        for step in steps:
            treated = step.fit_transform(treated)
        for autoscaled in (False, True):
            scaled = StandardScaler(with_std=autoscaled).fit_transform(treated)
            errors = held_out_errors(scaled, y, groups, scores, counts, random_state)
            if errors is not None:
                tried.append((name, autoscaled, errors))
    return tried


def _why_not(X, y, groups):
    if y is None:
        return "no labels were given"
    if len(X) < FEW:
        return f"fewer than {FEW} samples"
    if groups is not None and len(np.unique(groups)) < 5:
        return "fewer than 5 groups"
    if len(np.unique(y)) < 2:
        return "only one class" if np.asarray(y).dtype.kind != "f" else "the quantity is constant"
    return ""
