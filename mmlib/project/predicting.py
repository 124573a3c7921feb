"""A saved model on a folder of new samples."""

import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..base import DataError
from ..evaluation.applicability import WithApplicabilityDomain
from ..fusion.balanced import BalancedDecision
from .reading.called import ONE
from .reading.findings import NOTE, WARNING, Findings, in_short
from .reading.load import load_new
from .results import predictions_beside, table_text, write_whole
from .saving import load
from .saving.about import read_about
from .saving.model_file import MODEL
from .spreadsheet import workbook_bytes
from .standards import by_standards

FAULTS = (
    ArithmeticError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, ValueError,
)  # fmt: skip


class Predictions(NamedTuple):
    """What a model says of new samples; printed, the sentences that say where it is.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a sample: its id, the prediction, probabilities, and which modality is unlike
        the training data. Where samples lack something there is a column "remark": what a
        prediction was made from, or why there is none.
    path : pathlib.Path
        The file that holds it.
    said : str
    """

    table: pd.DataFrame
    path: Path
    said: str

    def __str__(self):
        return self.said


def predict(model, folder, output=None, standards=None):
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
    paths = _free_paths(folder, output)
    found = Findings()
    ids, parts = load_new(folder, known, found)
    moved = ""
    if standards is not None:
        parts, moved = by_standards(parts, known, *standards, found)
    for line in in_short(found, levels=(WARNING, NOTE)):
        print(line, file=sys.stderr, flush=True)
    place, model = model, load(model)
    try:
        who = [_who_decides(model, part.X, known) for part in parts]
        if not any(said is not None for said in who):
            raise DataError(_nothing_fits(folder, parts, known))
        table = pd.DataFrame({"id": ids})
        for part, decides in zip(parts, who, strict=True):
            if decides is not None:
                for name, column in _columns(model, part.X, known).items():
                    _fill(table, name, part.rows, column)
        rare = _not_most_probable(table, known) if _decides_evenly(model) else 0
        strange = _mark_strange(table, model, parts)
    except DataError:
        raise
    except FAULTS as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise DataError(
            f"The model in {place} cannot be applied to these samples, since its numbers do not "
            f"fit ({said}): copy the whole folder again, or save the model anew."
        ) from error
    _remark(table, parts, who, known)
    for path in paths:
        try:  # for a spreadsheet the bytes in front of a text mark UTF-8
            is_book = path.suffix.lower() == ".xlsx"
            content = workbook_bytes(table) if is_book else table_text(table)
            write_whole(path, content, "utf-8-sig")
        except OSError as error:
            said = error.strerror or error
            for made in paths:  # or they would be in the way of the next try
                made.unlink(missing_ok=True)
            raise DataError(
                f"{path} cannot be written ({said}): name another place with --output."
            ) from None
    n = sum(len(part.rows) for part, decides in zip(parts, who, strict=True) if decides is not None)
    said = f"{n} prediction{' is' if n == 1 else 's are'} in {' and '.join(map(str, paths))}."
    said += f" {moved}" * bool(moved)
    if len(ids) > n:
        one = len(ids) - n == 1
        said += (
            f" {len(ids) - n} sample{' has' if one else 's have'} no prediction: the column remark "
            "says why."
        )
    if rare:
        said += (
            f" {rare} of the predicted classes {'is' if rare == 1 else 'are'} not the most "
            "probable one: classes were uneven in training, so the model names the class whose "
            "probability is largest in proportion to its share there."
        )
    if strange:
        one = strange == 1
        said += (
            f" {strange} of the samples {'is' if one else 'are'} unlike all the model was trained "
            f"on: do not trust what it says of {'it' if one else 'them'}. (Of samples like those "
            "it was trained on, up to "
            f"{100 * model.domain_.alarm_:.0f} % are called so by mistake.)"
        )
    return Predictions(table, paths[0], said)


def _who_decides(model, names, known):
    """The model itself, "", a modality whose fallback does, or None for nobody."""
    inner = _unguarded(model)
    if hasattr(inner, "decides"):
        return inner.decides(names)
    return "" if set(known.shapes) <= set(names) else None


def _unguarded(model):
    return model.model_ if isinstance(model, WithApplicabilityDomain) else model


def _decides_evenly(model):
    """Whether the model itself weighs its probabilities; an SVM may differ from its own as well."""
    inner = _unguarded(model)
    return isinstance(getattr(inner, "fused_", inner), BalancedDecision)


def _nothing_fits(folder, parts, known):
    """Why no sample at all can be predicted."""
    name = Path(folder).expanduser().resolve().name
    there = set().union(*(part.X for part in parts))
    for modality in known.shapes:
        if modality not in there:
            return f"{name} has no {modality}, which the model was trained on: add it."
    both = " and ".join(ONE.get(modality, modality) for modality in known.shapes)
    return f"No sample of {name} has {both} at once, as the model needs: add what is missing."


def _fill(table, name, rows, values):
    """Some rows of a column, which is made if need be; the others stay as they are."""
    values = np.asarray(values)
    if len(rows) == len(table):
        table[name] = values
        return
    if name not in table:
        table[name] = np.nan if values.dtype.kind == "f" else None
    table.loc[rows, name] = values


def _not_most_probable(table, known):
    """How many predicted classes have not the largest of the probabilities beside them."""
    names = [f"probability of {name}" for name in known.target_names]
    if known.labels is None or not set(names) <= set(table):
        return 0
    said = table[table["predicted"].notna()]
    own = [row[f"probability of {row['predicted']}"] for _, row in said.iterrows()]
    return int((np.array(own) < said[names].max(axis=1)).sum())


def _mark_strange(table, model, parts):
    """Columns that tell what is unlike the training data; how many samples are."""
    strange = np.zeros(len(table), bool)
    for part in parts if hasattr(model, "is_new") else ():
        for name, flags in model.is_new(part.X, list(part.X)).items():
            _fill(table, f"{name} unlike the training data", part.rows,
                  np.where(flags, "yes", "no").astype(object))  # fmt: skip
            strange[part.rows] |= flags
    return int(strange.sum())


def _remark(table, parts, who, known):
    """Where samples lack something, a column that says what that means for each."""
    remarks = np.full(len(table), _remark_on(known.shapes, None), object)
    for part, decides in zip(parts, who, strict=True):
        remarks[part.rows] = _remark_on([x for x in known.shapes if x not in part.X], decides)
    if any(remarks):
        table["remark"] = remarks


def _remark_on(lack, decides):
    """Of a sample that lacks some modalities, empty where it lacks none."""
    no = " and ".join(f"no {ONE.get(name, name)}" for name in lack)
    if lack and decides is None:
        return f"no prediction: there is {no}, which the model needs"
    return f"there is {no}: predicted from the {ONE.get(decides, decides)} alone" if lack else ""


def _free_paths(folder, output):
    """Where the table goes: nothing is replaced. Without a word, as text and as a workbook."""
    paths = [Path(output).expanduser()] if output else predictions_beside(folder)
    for path in paths:
        try:
            taken = path.exists() or path.is_symlink()
        except OSError as error:
            raise DataError(
                f"{path} cannot be written ({error.strerror}): name another place with --output."
            ) from None
        if taken:
            raise DataError(f"{path} is there already: move it, or name another with --output.")
        if not path.parent.is_dir():
            raise DataError(
                f"There is no folder {path.parent}: make it, or name another in --output."
            )
    return paths


def _columns(model, X, known):
    """What the model says of some samples, column by column."""
    predicted = model.predict(X)
    if known.labels is None:
        if not np.isfinite(predicted).all():
            raise ValueError("it predicts NaN")
        return {f"predicted {known.target_names[0]}": predicted}
    names = dict(zip(known.labels, known.target_names, strict=True))
    columns = {"predicted": np.array([names[label] for label in predicted.tolist()], object)}
    if hasattr(model, "predict_proba"):
        shares = model.predict_proba(X)
        if not (np.isfinite(shares).all() and np.allclose(shares.sum(1), 1, atol=1e-3)):
            raise ValueError("its probabilities do not add up to 1")
        for label, proba in zip(model.classes_.tolist(), shares.T, strict=True):
            columns[f"probability of {names[label]}"] = proba.round(4)
    return columns
