"""Your own folder of spectra, photographs, sounds and texts, read and checked.

It is laid out like this::

    my_project/
      samples.csv     id, label (or target), and as you like: group, split, text (what somebody
                      wrote of the sample), image, spectrum, sound (names of its files)
      spectra.csv     one row a sample: id, then one column for each wavelength
      images/         one picture a sample, named by its id
      sounds/         one recording a sample (WAV), named by its id
      prices.csv      if you like: modality, price (of a sample)

One of spectra, pictures, sounds and texts is needed, and two to fuse. Instead of spectra.csv there
may be a folder ``spectra/`` with a file for each sample (text, sheets, arrays, JCAMP-DX, SPC, ENVI
cubes), or the wavelengths may be columns of samples.csv. Tables may be text, workbooks or arrays.
A recording becomes a row of numbers (`mmlib.features.recordings`); a text stays a text, whose words
a model learns inside the training part (`mmlib.features.words`). `check_folder` reports every fault
in one pass; `load_folder` gives the data, or says what is wrong. Nothing in the folder is changed.
"""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...base import DataError
from ...data.mapping import Samples
from ..saying import plain, quoted
from .called import MANY, places
from .checks import check_target
from .contents import look_round, name_unused
from .findings import ERROR, Findings
from .guarding import cause, file_of, quiet
from .incomplete import WAYS, Checked, Found, as_data, name_incomplete
from .leaking import tell_leaks
from .modalities import MODALITIES
from .price_table import read_prices
from .sample_table import read_samples
from .texts import doubt_named


def load_folder(folder, missing="leave-out"):
    """Read a folder of spectra, photographs, sounds and texts.

    Parameters
    ----------
    folder : str or path
        Laid out as told above.
    missing : {"leave-out", "keep"}
        See `check_folder`.

    Returns
    -------
    MultimodalData
        With "spectrum", "image", "sound" and "text", as far as they are there. In ``data.meta``
        stand "notes" on what was done to the data, "warnings", and, for a model that is saved
        with them, the factor by which pictures were "shrunk", whether spectra were "resampled",
        and the "rate" of sounds, in samples per second.

    Raises
    ------
    DataError
        When something must be mended first: the first fault, and how many more there are.

    Examples
    --------
    >>> import tempfile
    >>> import mmlib
    >>> from mmlib.project.writing import copy_template
    >>> project = copy_template(tempfile.mkdtemp() + "/my_project")
    >>> mmlib.load_folder(project)
    <my_project: 60 samples, spectrum (211,), image (48, 48, 3), 5 classes, 30 groups>
    """
    data, findings = check_folder(folder, missing)
    raise_first(findings, folder)
    return data


def check_folder(folder, missing="leave-out"):
    """Look for every fault of a folder in one pass.

    Parameters
    ----------
    folder : str or path
    missing : {"leave-out", "keep"}
        What becomes of a sample that lacks a picture, say. In the data is none in either
        case; how it is kept is told at `read_project`.

    Returns
    -------
    data : MultimodalData or None
        Of the samples that have everything; None where there is an error.
    findings : Findings
        Errors, warnings and notes, each with file, row and remedy.
    """
    return read_project(folder, missing)[:2]


def read_project(folder, missing="leave-out"):
    """`check_folder`, and beside the data, where incomplete samples are kept, what they have.

    Parameters
    ----------
    folder : str or path
    missing : {"leave-out", "keep"}

    Returns
    -------
    Checked
        ``data, findings, alone``.

    Raises
    ------
    DataError
        For another `missing`.
    """
    if missing not in WAYS:
        raise DataError(f"missing is {missing!r}: it must be {' or '.join(WAYS)}.")
    findings = Findings()
    found = _read(folder, findings, missing=missing)
    if found is None:
        return Checked(None, findings)
    _guarded(found.root, findings, check_target, found.samples, findings)
    if "text" in found.modalities and found.samples["kind"] == "label":
        texts = found.modalities["text"]
        labels = dict(zip(found.samples["id"], found.samples["y"], strict=True))
        texts = dict(zip(texts.ids, texts.values, strict=True))
        _guarded(found.root, findings, doubt_named, texts, labels, findings)
    prices = _guarded(found.root, findings, read_prices, found.root, found.modalities, findings)
    if findings.of(ERROR):
        return Checked(None, findings)
    checked = as_data(found, findings, missing)
    if checked.data is not None:
        checked.data.meta |= {} if prices is None else {"prices": prices}
        _guarded(found.root, findings, tell_leaks, checked.data, findings)
    return checked


class Part(NamedTuple):
    """New samples that have the same modalities.

    Attributes
    ----------
    rows : ndarray of int
        Which of all new samples these are.
    X : Samples
    """

    rows: np.ndarray
    X: Samples


def load_new(folder, known, findings=None):
    """New samples for a saved model: no labels needed, the rest as the model knows it.

    Parameters
    ----------
    folder : str or path
        As for `load_folder`; a label, where there is one, is not looked at.
    known : TrainedOn
        What the model was trained on, ``read_about(folder).data``.
    findings : Findings, optional
        Warnings and notes are added to it.

    Returns
    -------
    ids : list of str
    parts : list of Part
        First the samples with all modalities of the model, then those that lack some. A sample
        without any is in no part.

    Raises
    ------
    DataError
        When the folder is faulty, or its wavelengths or channels are not those the model was
        trained on.
    """
    findings = Findings() if findings is None else findings
    found = _read(folder, findings, known)
    raise_first(findings, folder)
    for name, measured in found.modalities.items():
        shape, wanted = list(measured.values.shape[1:]), known.shapes[name]
        if shape != list(wanted):
            raise DataError(
                f"{found.root.name}: {name} has the shape {tuple(shape)}, but the model was "
                f"trained on {tuple(wanted)}: measure it as then."
            )
    names = [name for name in known.shapes if name in found.modalities]  # in the model's order
    has = np.array([found.rows([name]) for name in names])
    parts = []
    for pattern in sorted({tuple(column) for column in has.T.tolist()}, reverse=True):
        there = [name for name, yes in zip(names, pattern, strict=True) if yes]
        rows = np.flatnonzero((has.T == pattern).all(1))
        if there:
            parts.append(Part(rows, Samples({name: found.values(name, rows) for name in there})))
    return found.samples["id"], parts


def raise_first(findings, folder):
    """The first error as a DataError, with the command that shows the others."""
    errors = findings.of(ERROR)
    if errors:
        more = f" ({len(errors) - 1} more: python -m mmlib check {plain(quoted(folder))})"
        raise DataError(f"{errors[0]}{more if len(errors) > 1 else ''}")


def _read(folder, findings, known=None, missing=""):
    """All that is in the folder, faults among the findings; None where nothing could be read.

    With `known`, what a model was trained on, labels may be absent and shapes must fit.
    """
    root = Path(os.path.abspath(Path(folder).expanduser()))  # "." has no name to speak of
    if not root.is_dir():
        what = "this is a file, and no folder" if root.exists() else "there is no such folder"
        findings.error(folder, what, "check the name")
        return None
    closed = look_round(root, findings)
    if closed is None:
        return None
    how = {"labeled": known is None, "modalities": MODALITIES}
    samples = _guarded(root, findings, read_samples, root, findings, **how)
    if samples is None:
        return None
    ids = list(dict.fromkeys(filter(None, samples["id"])))
    found = {
        name: _guarded(root, findings, read, root, samples, ids, findings, known)
        for name, read in MODALITIES.items()
        if name not in closed and (known is None or name in known.shapes)
    }
    found = {name: measured for name, measured in found.items() if measured is not None}
    if not findings.of(ERROR):
        if not found:
            what = f"there are neither {' nor '.join(MANY.get(name, name) for name in MODALITIES)}"
            findings.error(root.name, what, f"add {places()}")
        elif known is None and len(found) == 1 and "spectrum" not in found:  # a table may be lost
            findings.note(root.name, "there are no spectra, so there is nothing to fuse")
    found = Found(root, samples, found)
    name_incomplete(found, findings, missing)
    _guarded(root, findings, name_unused, root, [], findings)
    return found


def _guarded(root, findings, read, *args, **options):
    """What a reader gives; None where it raises, which is no reason to stop before the end."""
    try:
        with quiet():
            return read(*args, **options)
    except Exception as error:  # readers, and the system below them, raise many kinds
        path = Path(file_of(error) or root)
        where = path.relative_to(root).as_posix() if path.is_relative_to(root) else path
        findings.error(root.name if path == root else where, *cause(error))
        return None
