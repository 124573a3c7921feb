"""Spectra on one axis: their own where they agree, a common one where not, or a model's."""

import numpy as np


def common_grid(spectra, unit, findings, known=None):
    """Spectra as one matrix: resampled where their axes differ, and the user is told.

    Parameters
    ----------
    spectra : mapping of str to (axis, values)
    unit : str
        Micrometers become nanometers.
    findings : Findings
    known : TrainedOn, optional
        What a model was trained on. Where its spectra were resampled, those that cover its
        axis as finely are brought to it.

    Returns
    -------
    axis : ndarray of shape (bands,)
    values : ndarray of shape (samples, bands), in the order of the mapping
    unit : str
        Instead of all three, None where the axes do not overlap.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.project.reading.findings import Findings
    >>> from mmlib.project.reading.grid import common_grid
    >>> a = (np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0]))
    >>> b = (np.array([1.0, 3.0]), np.array([1.0, 3.0]))
    >>> common_grid({"a": a, "b": b}, "nm", Findings())[:2]
    (array([1., 3.]), array([[10., 30.],
           [ 1.,  3.]]))
    """
    if unit == "um":
        spectra, unit = {s: (axis * 1000, x) for s, (axis, x) in spectra.items()}, "nm"
        findings.note("spectra", "micrometers were turned into nanometers")
    axes = [axis for axis, _ in spectra.values()]
    wanted = _axis_of(known, unit)
    if wanted is not None and all(_covers(axis, wanted) for axis in axes):
        if not all(np.array_equal(axis, wanted) for axis in axes):
            findings.note("spectra", "resampled to the bands that the model was trained on")
        return wanted, np.array([np.interp(wanted, a, v) for a, v in spectra.values()]), unit
    if one_axis(spectra):
        return axes[0], np.array([values for _, values in spectra.values()]), unit
    low, high = max(a.min() for a in axes), min(a.max() for a in axes)
    coarse = max(axes, key=lambda a: np.median(np.diff(a)))
    axis = coarse[(coarse >= low) & (coarse <= high)]
    if len(axis) < 2:
        findings.error(
            "spectra", f"their axes do not overlap ({low:g} to {high:g})", "check the units"
        )
        return None
    findings.note(
        "spectra",
        f"measured on different axes; resampled to {len(axis)} bands, "
        f"{axis[0]:g} to {axis[-1]:g} {unit}",
    )
    return axis, np.array([np.interp(axis, a, v) for a, v in spectra.values()]), unit


def rising(spectra, where, findings):
    """Axes from low to high; a falling one is turned round, and that is noted.

    Parameters
    ----------
    spectra : dict of str to (ndarray, ndarray) or None
    where : str
    findings : Findings

    Returns
    -------
    dict
        None in the place of each where an axis goes to and fro.
    """
    turned = []
    for sample, (axis, values) in [item for item in spectra.items() if item[1]]:
        steps = np.diff(axis)
        if len(axis) > 1 and (steps < 0).all():
            turned.append(sample)
            spectra[sample] = (axis[::-1], values[::-1])
        elif (steps <= 0).any():
            at = int(np.flatnonzero(steps <= 0)[0])
            repeated = "repeated" if steps[at] == 0 else f"followed by {axis[at + 1]:g}"
            remedy = "sort the bands and keep each once"
            if axis[at] >= 900 and axis[at + 1] < 10:  # 1,000 or 1.000 was read as 1
                remedy = "write wavelengths from 1000 without a thousands separator"
            findings.error(
                f"{where} (id {sample})", f"wavelength {axis[at]:g} is {repeated}", remedy,
                samples=[sample],
            )  # fmt: skip
            return dict.fromkeys(spectra)
    if turned:
        findings.note(where, f"the axis falls in {len(turned)} spectra; they were turned round")
    return spectra


def one_axis(spectra):
    """Whether all were measured at the same bands."""
    axes = [axis for axis, _ in spectra.values()]
    return all(np.array_equal(axis, axes[0]) for axis in axes)


def _axis_of(known, unit):
    """The axis of a model that was trained on resampled spectra, or None."""
    if known is None or not known.resampled:
        return None
    axis = np.array(known.axes.get("spectrum", ()), float)
    return axis if len(axis) > 1 and known.units.get("spectrum", unit) == unit else None


def _covers(axis, wanted):
    """Whether an axis reaches as far as another, and is as fine there, but for rounding."""
    slack = 0.05 * np.median(np.diff(wanted))
    if axis.min() > wanted[0] + slack or axis.max() < wanted[-1] - slack:
        return False
    within = axis[(axis >= wanted[0] - slack) & (axis <= wanted[-1] + slack)]
    return len(within) > 1 and np.median(np.diff(within)) <= 1.01 * np.median(np.diff(wanted))
