"""Spectra of another instrument, brought to that of the training by samples measured on both."""

import numpy as np

from ..base import DataError
from ..data.mapping import Samples
from ..features.transfer import SpectrumTransfer
from .reading.load import Part, load_new

FEWEST = 3


def by_standards(parts, known, now, before, findings=None):
    """New samples with spectra as the first instrument would have measured them.

    Parameters
    ----------
    parts : list of Part
        Of the new samples, as `load_new` gives them.
    known : TrainedOn
        What the model was trained on.
    now : str or path
        A folder of standards, measured like the new samples.
    before : str or path
        A folder that holds the same ids, measured like the training samples: the folder that the
        model was trained on will do.
    findings : Findings, optional
        Warnings and notes on both folders are added to it.

    Returns
    -------
    parts : list of Part
    said : str
        How they were moved, by how many standards, and what that gains.

    Raises
    ------
    DataError
        When a folder is faulty, the model uses no spectrum, a standard is missing in `before`, or
        there are fewer than three.

    Examples
    --------
    See ``tests/project/test_standards.py``.
    """
    if "spectrum" not in known.shapes:
        raise DataError("The model uses no spectrum, so there is nothing to move by standards.")
    if not any("spectrum" in part.X for part in parts):
        raise DataError("The new samples have no spectra, so there is nothing to move.")
    first, second = (_spectra(folder, known, findings) for folder in (before, now))
    lost = [name for name in second if name not in first]
    if lost:
        raise DataError(
            f"Standard {lost[0]} of {now} has no spectrum in {before} ({len(lost)} in all): a "
            "standard is one sample under one id, measured on both instruments."
        )
    if len(second) < FEWEST:
        raise DataError(
            f"{now} holds {len(second)} standard{'s' * (len(second) != 1)}: fewer than {FEWEST} "
            "cannot show how to move the others; eight are a good beginning."
        )
    here, there = (np.array([table[name] for name in second]) for table in (second, first))
    transfer = SpectrumTransfer().fit(here, X_source=there)
    moved = []
    for part in parts:
        X = dict(part.X)
        if "spectrum" in X:
            X["spectrum"] = transfer.transform(X["spectrum"]).astype(X["spectrum"].dtype)
        moved.append(Part(part.rows, Samples(X)))
    errors = transfer.errors_
    if transfer.choice_ == "none":
        return moved, (
            f"The spectra were left as they are: of {len(second)} standards, those left out agreed "
            "best so."
        )
    return moved, (
        f"The spectra were moved by {len(second)} standards ({transfer.choice_}): standards left "
        f"out differ by {errors[transfer.choice_]:.2g} from their first measurement, and by "
        f"{errors['none']:.2g} if nothing is done."
    )


def _spectra(folder, known, findings):
    """Id -> spectrum, of the samples of a folder that have one."""
    ids, parts = load_new(folder, known, findings)
    return {
        ids[row]: spectrum
        for part in parts
        if "spectrum" in part.X
        for row, spectrum in zip(part.rows, part.X["spectrum"], strict=True)
    }
