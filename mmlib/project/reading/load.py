"""Your own folder of photographs and spectra, read and checked.

    my_project/
      samples.csv     id, label (or target), and as you like: group, split, image, spectrum
      spectra.csv     one row a sample: id, then one column for each wavelength
      images/         one picture a sample, named by its id

Instead of spectra.csv there may be a folder ``spectra/`` with a file for each sample (text,
Excel, JCAMP-DX, SPC, ENVI cubes), or the wavelengths may be columns of samples.csv.
Tables may be CSV, TSV or Excel. `check_folder` reports every fault in one pass;
`load_folder` gives the data, or says what is wrong. Nothing in the folder is changed.
"""

import os
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...base import DataError
from ...data.dataset import MultimodalData
from ...data.mapping import Samples
from ..writing import write_folder
from .checks import check_axis, check_pictures, check_spectra, check_target
from .findings import ERROR, WARNING, Finding, Findings
from .grid import common_grid, one_axis
from .picture_paths import find_pictures, inside
from .pictures import read_pictures
from .sample_table import alike, all_there, read_samples
from .spectrum_tables import read_spectra

__all__ = ["Finding", "Findings", "check_folder", "load_folder", "load_new", "write_folder"]


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
    check_target(found.samples, findings)
    if findings.of(ERROR):
        return None, findings
    return _as_data(found, findings), findings


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
    for name in known.shapes:
        if name not in found.X:
            raise DataError(
                f"{found.root.name} has no {name}, which the model was trained on: add it."
            )
    return found.samples["id"], Samples({name: found.X[name] for name in known.shapes})


def raise_first(findings, folder):
    """The first error as a DataError, with the command that shows the others."""
    errors = findings.of(ERROR)
    if errors:
        folder = f'"{folder}"' if re.search(r"\s", str(folder)) else folder
        more = f" ({len(errors) - 1} more: python -m mmlib check {folder})"
        raise DataError(f"{errors[0]}{more if len(errors) > 1 else ''}")


class _Found(NamedTuple):
    root: Path
    samples: dict
    X: dict
    axes: dict
    units: dict
    shrunk: float
    resampled: bool


def _read(folder, findings, known=None):
    """All that is in the folder, faults among the findings; None where nothing could be read.

    With `known`, what a model was trained on, labels may be absent and shapes must fit.
    """
    root = Path(os.path.abspath(Path(folder).expanduser()))  # "." has no name to speak of
    if not root.is_dir():
        findings.error(folder, "there is no such folder", "check the name")
        return None
    samples = read_samples(root, findings, labeled=known is None)
    if samples is None:
        return None
    ids = list(dict.fromkeys(filter(None, samples["id"])))
    used = ("spectrum", "image") if known is None else known.shapes
    X, axes, units, shrunk, resampled = {}, {}, {}, 1.0, False
    if "spectrum" in used:
        spectra, unit = _find_spectra(root, samples, findings)
        spectra = alike("spectrum", spectra, ids, findings)
        if all_there("spectrum", spectra, ids, findings):
            spectra = {i: spectra[i] for i in ids}
            grid, resampled = common_grid(spectra, unit, findings, known), not one_axis(spectra)
            if grid:
                axes["spectrum"], X["spectrum"], units["spectrum"] = grid
                check_spectra(X["spectrum"], ids, findings, axes["spectrum"])
                if known is not None:
                    check_axis(axes["spectrum"], units["spectrum"], known, findings)
    if "image" in used:
        paths = find_pictures(root, samples.get("image", dict.fromkeys(ids)), findings)
        paths = alike("picture", paths, ids, findings)
        if all_there("picture", paths, ids, findings):
            pictures = read_pictures({i: paths[i] for i in ids}, findings, known=known)
            if pictures is not None:
                X["image"], shrunk = pictures
                check_pictures(X["image"], ids, findings)
    if not X and not findings.of(ERROR):
        findings.error(
            root.name, "there are neither spectra nor pictures", "add spectra.csv or images/"
        )
    return _Found(root, samples, X, axes, units, shrunk, resampled)


def _find_spectra(root, samples, findings):
    """Spectra of the samples, and the unit of their axis."""
    named = samples.get("spectrum", dict.fromkeys(samples["id"]))
    for sample, name in named.items():
        if name and inside(root, name) is None:
            findings.error(
                f"samples (id {sample})",
                f"spectrum {name!r} leaves the folder",
                "copy it into spectra/ and write its name only",
            )
    return read_spectra(root, named, findings, samples["table"])


def _as_data(found, findings):
    samples, X = found.samples, found.X
    notes = [str(finding) for finding in findings]
    info = {k: np.array(v) for k, v in samples["info"].items()}
    info |= {"split": np.array(samples["split"])} if "split" in samples else {}
    try:
        return MultimodalData(
            {name: X[name] for name in ("spectrum", "image") if name in X},
            np.asarray(samples["y"]),
            np.array(samples["group"]) if "group" in samples else None,
            ids=samples["id"],
            axes=found.axes,
            units=found.units,
            target_names=["target"] if samples["kind"] == "target" else None,
            task="regression" if samples["kind"] == "target" else "classification",
            name=found.root.resolve().name,
            info=info,
            meta={
                "notes": notes,
                "warnings": [str(finding) for finding in findings.of(WARNING)],
                "shrunk": found.shrunk,
                "resampled": found.resampled,
            },
        )
    except DataError as error:
        findings.error(found.root.name, str(error).rstrip("."), "mend it and check again")
        return None
