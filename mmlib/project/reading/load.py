"""Your own folder of photographs and spectra, read and checked.

    my_project/
      samples.csv     id, label (or target), and as you like: group, split, image, spectrum
      spectra.csv     one row a sample: id, then one column for each wavelength
      images/         one picture a sample, named by its id

Instead of spectra.csv there may be a folder ``spectra/`` with a file for each sample (text,
sheets, arrays, JCAMP-DX, SPC, ENVI cubes), or the wavelengths may be columns of samples.csv.
Tables may be text, workbooks or arrays. `check_folder` reports every fault in one pass;
`load_folder` gives the data, or says what is wrong. Nothing in the folder is changed.
"""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...base import DataError
from ...data.dataset import MultimodalData
from ...data.mapping import Samples
from ..saying import plain, quoted
from .checks import check_axis, check_pictures, check_spectra, check_target
from .contents import look_round, name_unused
from .findings import ERROR, WARNING, Findings
from .grid import common_grid, one_axis
from .guarding import cause, file_of, quiet
from .joining import Measured, join_to_samples
from .leaking import tell_leaks
from .picture_paths import find_pictures, inside
from .pictures import read_pictures
from .sample_table import read_samples
from .spectrum_tables import read_spectra


def load_folder(folder):
    """Read a folder of photographs and spectra.

    Parameters
    ----------
    folder : str or path
        Laid out as told above.

    Returns
    -------
    MultimodalData
        With "spectrum", "image" or both. In ``data.meta`` stand "notes" on what was done to
        the data, "warnings", and, for a model that is saved with them, the factor by which
        pictures were "shrunk" and whether spectra were "resampled".

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
    data, findings = check_folder(folder)
    raise_first(findings, folder)
    return data


def check_folder(folder):
    """Look for every fault of a folder in one pass.

    Parameters
    ----------
    folder : str or path

    Returns
    -------
    data : MultimodalData or None
        None where there is an error.
    findings : Findings
        Errors, warnings and notes, each with file, row and remedy.
    """
    findings = Findings()
    found = _read(folder, findings)
    if found is None:
        return None, findings
    _guarded(found.root, findings, check_target, found.samples, findings)
    if findings.of(ERROR):
        return None, findings
    data = _as_data(found, findings)
    if data is not None:
        _guarded(found.root, findings, tell_leaks, data, findings)
    return data, findings


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
    X : Samples
        The modalities of the model.

    Raises
    ------
    DataError
        When the folder is faulty, lacks a modality, or its wavelengths or channels are not
        those the model was trained on.
    """
    findings = Findings() if findings is None else findings
    found = _read(folder, findings, known)
    raise_first(findings, folder)
    X = {}
    for name, shape in known.shapes.items():
        if name not in found.modalities:
            raise DataError(
                f"{found.root.name} has no {name}, which the model was trained on: add it."
            )
        X[name] = found.modalities[name].values
        if list(X[name].shape[1:]) != list(shape):
            raise DataError(
                f"{found.root.name}: {name} has the shape {X[name].shape[1:]}, but the model was "
                f"trained on {tuple(shape)}: measure it as then."
            )
    return found.samples["id"], Samples(X)


def raise_first(findings, folder):
    """The first error as a DataError, with the command that shows the others."""
    errors = findings.of(ERROR)
    if errors:
        more = f" ({len(errors) - 1} more: python -m mmlib check {plain(quoted(folder))})"
        raise DataError(f"{errors[0]}{more if len(errors) > 1 else ''}")


class _Found(NamedTuple):
    root: Path
    samples: dict
    modalities: dict


def _read(folder, findings, known=None):
    """All that is in the folder, faults among the findings; None where nothing could be read.

    With `known`, what a model was trained on, labels may be absent and shapes must fit.
    """
    root = Path(os.path.abspath(Path(folder).expanduser()))  # "." has no name to speak of
    if not root.is_dir():
        findings.error(folder, "there is no such folder", "check the name")
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
            others = [name for name in MODALITIES if name not in ("spectrum", "image")]
            more = "".join(f" nor {name}" for name in others)
            what = f"there are neither spectra nor pictures{more}"
            findings.error(root.name, what, "add spectra.csv or images/")
        elif known is None and "spectrum" not in found:  # a table may have been lost on the way
            findings.note(root.name, "there are no spectra, so there is nothing to fuse")
    _guarded(root, findings, name_unused, root, [], findings)
    return _Found(root, samples, found)


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


def _read_spectra(root, samples, ids, findings, known):
    """The spectra on one axis."""
    named = samples.get("spectrum", dict.fromkeys(samples["id"]))
    for sample, name in named.items():
        if name and inside(root, name) is None:
            findings.error(
                f"samples (id {sample})",
                f"spectrum {name!r} leaves the folder",
                "copy it into spectra/ and write its name only",
            )
    spectra, unit = read_spectra(root, named, findings, samples["table"])
    spectra = join_to_samples("spectrum", spectra, ids, findings)
    grid = spectra and common_grid(spectra, unit, findings, known)
    if not grid:
        return None
    axis, values, unit = grid
    check_spectra(values, ids, findings, axis)
    if known is not None:
        check_axis(axis, unit, known, findings)
    return Measured(values, axis, unit, {"resampled": not one_axis(spectra)})


def _read_images(root, samples, ids, findings, known):
    """The pictures in one shape."""
    paths = find_pictures(root, samples.get("image", dict.fromkeys(ids)), findings)
    paths = join_to_samples("picture", paths, ids, findings)
    pictures = paths and read_pictures(paths, findings, known=known)
    if not pictures:
        return None
    check_pictures(pictures[0], ids, findings)
    return Measured(pictures[0], meta={"shrunk": pictures[1]})


# Name of the modality, and of the column of the table of samples that may name its files -> what
# reads it: from the folder, that table, the ids in order, the findings, and what a model knows.
MODALITIES = {"spectrum": _read_spectra, "image": _read_images}


def _as_data(found, findings):
    samples, modalities = found.samples, found.modalities
    meta = {
        "notes": [str(finding) for finding in findings],
        "warnings": [str(finding) for finding in findings.of(WARNING)],
    }
    for measured in modalities.values():
        meta |= measured.meta
    info = {k: np.array(v) for k, v in samples["info"].items()}
    info |= {"split": np.array(samples["split"])} if "split" in samples else {}
    try:
        return MultimodalData(
            {name: measured.values for name, measured in modalities.items()},
            np.asarray(samples["y"]),
            np.array(samples["group"]) if "group" in samples else None,
            ids=samples["id"],
            axes={name: m.axis for name, m in modalities.items() if m.axis is not None},
            units={name: m.unit for name, m in modalities.items() if m.unit is not None},
            target_names=["target"] if samples["kind"] == "target" else None,
            task="regression" if samples["kind"] == "target" else "classification",
            name=found.root.resolve().name,
            info=info,
            meta=meta,
        )
    except DataError as error:
        findings.error(found.root.name, str(error).rstrip("."), "mend it and check again")
        return None
