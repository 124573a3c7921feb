"""A saved model on a folder of new samples."""

import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..base import DataError
from .reading.findings import NOTE, WARNING, Findings, in_short
from .reading.load import load_new
from .results import table_text, write_whole
from .saving import load
from .saving.about import read_about
from .saving.model_file import MODEL

FAULTS = (
    ArithmeticError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, ValueError,
)  # fmt: skip


class Predictions(NamedTuple):
    """What a model says of new samples; printed, the sentences that say where it is.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a sample: its id, the prediction, probabilities, and which modality is unlike
        the training data.
    path : pathlib.Path
        The file that holds it.
    said : str
    """

    table: pd.DataFrame
    path: Path
    said: str

    def __str__(self):
        return self.said


def predict(model, folder, output=None):
    """Apply a saved model to a folder of new samples, and write a table.

    Parameters and faults are those of `Project.predict`.

    Returns
    -------
    Predictions

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import mmlib
    >>> from mmlib.fusion.early import early_fusion
    >>> from mmlib.project.predicting import predict
    >>> from mmlib.project.writing import write_folder
    >>> leaves, desk = mmlib.make_leaves(n_plants=20), Path(tempfile.mkdtemp())
    >>> model = early_fusion(leaves).fit(leaves.X, leaves.y)
    >>> folder = mmlib.save(model, desk / "model", leaves)
    >>> len(predict(folder, write_folder(leaves.take(range(3)), desk / "new")).table)
    3
    """
    inner = Path(model).expanduser() / "model"
    if (inner / MODEL).is_file():
        raise DataError(f"The model is one folder deeper: give {inner}.")
    known = read_about(model).data
    if known is None:
        raise DataError(f"{model} does not tell what it was trained on: save it with data.")
    path = _free_path(folder, output)
    found = Findings()
    ids, X = load_new(folder, known, found)
    for line in in_short(found, levels=(WARNING, NOTE)):
        print(line, file=sys.stderr, flush=True)
    place, model = model, load(model)
    try:
        table = _table(model, ids, X, known)
        new = model.is_new(X) if hasattr(model, "is_new") else {}
    except DataError:
        raise
    except FAULTS as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise DataError(
            f"The model in {place} cannot be applied to these samples, since its numbers do not "
            f"fit ({said}): copy the whole folder again, or save the model anew."
        ) from error
    for name, flags in new.items():
        table[f"{name} unlike the training data"] = np.where(flags, "yes", "no")
    try:  # for a spreadsheet the bytes in front mark UTF-8
        write_whole(path, table_text(table), "utf-8-sig")
    except OSError as error:
        said = error.strerror or error
        path.unlink(missing_ok=True)  # half a table, which would be in the way of the next try
        raise DataError(
            f"{path} cannot be written ({said}): name another place with --output."
        ) from None
    strange = int(np.any(list(new.values()), axis=0).sum()) if new else 0
    said = f"{len(table)} predictions are in {path}."
    if strange:
        said += (
            f" {strange} of the samples are unlike all the model was trained on: do not trust "
            "what it says of them. (Of samples like those it was trained on, up to "
            f"{100 * model.domain_.alarm_:.0f} % are called so by mistake.)"
        )
    return Predictions(table, path, said)


def _free_path(folder, output):
    """Where the table goes: nothing is replaced."""
    folder = Path(folder).expanduser().resolve()
    beside = folder.with_name(f"{folder.name}-predictions.csv")
    path = Path(output).expanduser() if output else beside
    try:
        taken = path.exists() or path.is_symlink()
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({error.strerror}): name another place with --output."
        ) from None
    if taken:
        raise DataError(f"{path} is there already: move it, or name another with --output.")
    if not path.parent.is_dir():
        raise DataError(f"There is no folder {path.parent}: make it, or name another in --output.")
    return path


def _table(model, ids, X, known):
    predicted, table = model.predict(X), pd.DataFrame({"id": ids})
    if known.labels is None:
        if not np.isfinite(predicted).all():
            raise ValueError("it predicts NaN")
        table[f"predicted {known.target_names[0]}"] = predicted
        return table
    names = dict(zip(known.labels, known.target_names, strict=True))
    table["predicted"] = [names[label] for label in predicted.tolist()]
    if hasattr(model, "predict_proba"):
        shares = model.predict_proba(X)
        if not (np.isfinite(shares).all() and np.allclose(shares.sum(1), 1, atol=1e-3)):
            raise ValueError("its probabilities do not add up to 1")
        for label, proba in zip(model.classes_.tolist(), shares.T, strict=True):
            table[f"probability of {names[label]}"] = proba.round(4)
    return table
