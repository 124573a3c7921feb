"""Keep a fitted model, and get it back: as data, without pickle and without any name of code.

A saved model is numbers, texts and arrays (`model_file`). Code of this package builds the model,
along a table of what it may be made of (`kinds`), and puts the numbers in. So a stranger's file
can make a model predict nonsense. It cannot bring code along, choose a function outside that
table, or read or write another file. To load it takes some seconds and, beyond three times its
size, some hundred megabytes at most. A prediction takes what a model of such numbers takes, which
may be long for a large file.
"""

import json
import platform
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ...base import DataError
from .about import About, TrainedOn, about_of
from .model_file import MODEL, OLDER, read_file, strict_json, write_file
from .packing import CannotSave, state_of
from .rebuilding import rebuilt

LEFT_BEHIND = (".DS_Store", "desktop.ini", "Thumbs.db")  # by systems where one has looked
VERSIONS = ("numpy", "scikit-learn", "torch", "chemotools")


def save(model, folder, data=None):
    """Write a fitted model to a folder, as one file.

    Parameters
    ----------
    model : estimator
        Any of `mmlib.fusion.ladder`; or a composition of those estimators of scikit-learn, mmlib
        and chemotools that `mmlib.project.saving.kinds` and `mmlib.project.saving.net_kinds` list.
    folder : str or path
        Made if need be. An older model in it is replaced; any other content is refused.
    data : MultimodalData, optional
        What it was trained on: wavelengths, units and names of classes are kept with it.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    DataError
        When the folder holds something else or cannot be written, or the model has a part that
        is not in the list, such as a class or a function of your own.

    Notes
    -----
    How a computer is used (``n_jobs``, ``memory``, ``verbose``) is not kept.

    Examples
    --------
    >>> import mmlib, tempfile
    >>> from mmlib.fusion.early import early_fusion
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = early_fusion(leaves).fit(leaves.X, leaves.y)
    >>> folder = mmlib.save(model, tempfile.mkdtemp(), leaves)
    >>> bool((mmlib.load(folder).predict(leaves.X) == model.predict(leaves.X)).all())
    True
    """
    folder = Path(folder)
    _only_a_model(folder)
    about = About(
        model=type(model).__name__,
        versions={"python": platform.python_version()} | {v: version(v) for v in VERSIONS},
        data=None if data is None else TrainedOn.of(data),
    )
    try:
        node, arrays = state_of(model)
        texts = {"about": about.to_json(), "model": json.dumps(node, ensure_ascii=False)}
        rebuilt(strict_json(texts["model"]), [x.copy() for x in arrays])  # or it could not be read
        about_of(texts["about"])
        _check_classes(model, about.data)
    except CannotSave as reason:
        raise DataError(
            f"This {about.model} cannot be saved, since {reason}: models are kept that consist of "
            "the estimators of mmlib.project.saving.kinds with numbers and texts as settings; of a "
            "search, save its best_estimator_."
        ) from None
    except Exception as error:  # whatever would stop `load`
        raise DataError(
            f"This {about.model} cannot be saved, since it could not be loaded ({_in_short(error)})"
            ": fit it first, to samples without NaN."
        ) from error
    write_file(folder, texts, arrays)
    for name in OLDER:
        with suppress(OSError):  # it is not read any more, and so in nobody's way
            (folder / name).unlink()
    return folder


def load(folder):
    """Read a model that `save` wrote.

    Parameters
    ----------
    folder : str or path

    Returns
    -------
    estimator
        It predicts what the saved one predicted, to the last bit on the same machine.

    Raises
    ------
    DataError
        When there is no model, it was altered, or it does not hold what a model does.
    """
    path = Path(folder) / MODEL
    texts, arrays = read_file(folder)
    about = about_of(texts["about"], path)
    try:
        model = rebuilt(strict_json(texts["model"]), arrays)
        _check_classes(model, about.data)
    except Exception as error:  # nothing has been run but constructors and checks
        saved = _in_short(", ".join(f"{key} {number}" for key, number in about.versions.items()))
        raise DataError(
            f"{path} does not hold what a model does ({_in_short(error)}): copy the whole folder "
            f"again, or save the model anew (it was saved with {saved})."
        ) from None
    return model


def digest_of(folder):
    """What tells a saved model from any other one: a sha256, or None where no whole one is."""
    try:
        return read_file(folder)[0]["sha256"]
    except DataError:
        return None


def _only_a_model(folder):
    """Nothing but a model is ever replaced."""
    try:
        found = folder.iterdir() if folder.is_dir() else [folder] if folder.exists() else []
        names = [path.name for path in found]
    except OSError as error:
        raise DataError(
            f"{folder} cannot be read ({error.strerror or error}): name another folder."
        ) from None
    ours = (MODEL, *OLDER, *LEFT_BEHIND)
    others = [name for name in names if name not in ours and not name.startswith(f".{MODEL}.")]
    if others:
        raise DataError(f"{folder} holds {others[0]!r}, which is no model: choose a new folder.")


def _check_classes(model, known):
    """Whatever class the model may name, it is one of the data."""
    named = np.asarray(getattr(model, "classes_", ())).tolist()
    if known is not None and not set(named) <= set(known.labels or named):
        raise ValueError("it names classes that its data do not have")


def _in_short(error):
    said = " ".join(f"{str(error) or type(error).__name__}".split())
    return "".join(letter for letter in said if letter.isprintable())[:200]
